"""The interface by which machines of the register hand in deltas, described by its ``openapi.json``."""
