"""Addresses of our pages: what one links to, another opens."""

from urllib.parse import quote, urlencode

from ui.tables import Link

UNCLEAR = "地区未写明"


def document(source: str, locator: str = "") -> str:
    """Return where a document is, at one of its clauses where a locator is given."""
    return f"/documents/{quote(source, safe='')}{anchor(locator) if locator else ''}"


def anchor(locator: str) -> str:
    """Return the part of the address that names a clause: its locator, as a fragment."""
    return f"#{quote(locator, safe='/')}"


def guide(source: str, locator: str) -> str:
    """Return where the application guide to a clause is."""
    return f"/guide/{quote(source, safe='')}/{quote(locator, safe='/')}"


def unit_way(place: str, unit: str, **more: str) -> str:
    """Return the address of a unit's page."""
    return "/duties/unit?" + urlencode({"place": place, "name": unit, **more})


def unit_link(place: str, unit: str) -> Link:
    """Return a unit's name with the way to its page."""
    return Link(unit, unit_way(place, unit))


def document_link(source: str, title: str) -> Link:
    """Return a document's title with the way to its page."""
    return Link(title, document(source))


def clause_link(source: str, locator: str) -> Link:
    """Return a clause's place with the way to it in its document."""
    return Link(locator, document(source, locator))
