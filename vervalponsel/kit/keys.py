"""Keys of rows and numbers of pages, as browsers send them."""

_LONGEST = 18
"""Digits of the longest key that a bigint surely holds."""


def key_of(text: str | None) -> int:
    """The key that a text names; 0, which no row has, for anything else, such as ``²``, ``-1`` or a thousand digits."""
    text = text or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST else 0
