"""Names folded for comparing and searching."""


def fold_name(name: str) -> str:
    """Letters and digits only, in lower case: the twin of ``name_key`` in the cut-off's SQL."""
    return "".join(letter for letter in name.lower() if letter.isalnum())[:160]
