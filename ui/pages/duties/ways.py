"""Addresses within 职责追溯 and to the documents: what one page links, another opens."""

from urllib.parse import urlencode

from ui.tables import Link

UNCLEAR = "地区未写明"


def unit_way(place: str, unit: str, **more: str) -> str:
    """Return the address of a unit's page."""
    return "/duties/unit?" + urlencode({"place": place, "name": unit, **more})


def unit_link(place: str, unit: str) -> Link:
    """Return a unit's name with the way to its page."""
    return Link(unit, unit_way(place, unit))


def document_link(source: str, title: str) -> Link:
    """Return a document's title with the way to its page."""
    from ui.pages.documents.address import document  # those pages link to units: each needs the other

    return Link(title, document(source))


def clause_link(source: str, locator: str) -> Link:
    """Return a clause's place with the way to it in its document."""
    from ui.pages.documents.address import document

    return Link(locator, document(source, locator))
