"""Digests of secrets."""

import hashlib


def hash_of(secret: str) -> str:
    """Secrets are 256 random bits: a plain digest of them cannot be guessed back."""
    return hashlib.sha256(secret.encode()).hexdigest()
