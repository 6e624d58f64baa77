"""`manage.py demo`: the whole application on one machine with invented data, under production settings."""
