"""The providers' HTTP interface, described by the document it serves at ``openapi.json``."""
