"""The addresses of documents and of the clauses in them."""

from urllib.parse import quote


def document(source: str, locator: str = "") -> str:
    """Return where a document is, at one of its clauses where a locator is given."""
    return f"/documents/{quote(source, safe='')}{anchor(locator) if locator else ''}"


def anchor(locator: str) -> str:
    """Return the part of the address that names a clause: its locator, as a fragment."""
    return f"#{quote(locator, safe='/')}"
