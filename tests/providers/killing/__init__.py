"""The exchange with its real processes, any of which can be killed at any moment that the product passes."""
