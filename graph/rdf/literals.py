"""Values as RDF literals, and the property that a bounded figure goes by."""

import re
from decimal import Decimal
from functools import lru_cache

from pyoxigraph import Literal, NamedNode

from graph.facts import Bound
from graph.rdf.vocabulary import SCHEMA, XSD
from ingest.fold import fold
from ingest.numbering import marker

_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def figure(value: float | int | str) -> Literal:
    """Return a figure: whole numbers as integers, others as decimals, dates and ratios as they are."""
    if isinstance(value, str):
        return day(value)
    if isinstance(value, int):
        return Literal(str(value), datatype=XSD.integer)
    return Literal(format(Decimal(repr(value)), "f"), datatype=XSD.decimal)


@lru_cache(maxsize=8192)  # the same locators, units and words stand on fact after fact
def text(words: str) -> str:
    """Return plain text as N-Quads writes it."""
    return str(Literal(words))


def day(text: str) -> Literal:
    """Return an ISO date as a date, anything else as plain text."""
    return Literal(text, datatype=XSD.date) if _DAY.fullmatch(text) else Literal(text)


def moment(date: str) -> Literal:
    """Return the beginning of a day (ISO) as a point in time, anything else as plain text."""
    return Literal(f"{date}T00:00:00", datatype=XSD.dateTime) if _DAY.fullmatch(date) else Literal(date)


@lru_cache(maxsize=4096)
def whole(number: int) -> Literal:
    """Return an integer."""
    return Literal(str(number), datatype=XSD.integer)


def truth(value: bool) -> Literal:
    """Return a boolean."""
    return Literal("true" if value else "false", datatype=XSD.boolean)


def limit(bound: Bound) -> NamedNode:
    """Return the property that carries a figure of this bound."""
    if bound in ("at_least", "above"):
        return SCHEMA.minValue
    return SCHEMA.value if bound == "exact" else SCHEMA.maxValue


@lru_cache(maxsize=4096)
def ordinal(number: str) -> int | None:
    """Return the value of a clause's printed number (（十二） is 12); None for several levels, or none."""
    folded = fold(number)
    found = marker(folded, 0, len(folded))
    return found.path[0] if found and len(found.path) == 1 else None
