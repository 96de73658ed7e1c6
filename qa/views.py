"""Rows and views that pages and programs show besides answers."""

from dataclasses import dataclass

from graph.facts import Duty, Quantity
from ingest.model import Clause
from qa.model import Validity


@dataclass(frozen=True, slots=True)
class Hit:
    """A clause found by a search; `score` is higher for better, `snippet` plain text."""

    source: str
    locator: str
    title: str
    jurisdiction: str | None
    score: float
    snippet: str


@dataclass(frozen=True, slots=True)
class ClauseView:
    """A clause with its place and facts; `ancestors` from the top, `siblings` in order with itself."""

    source: str
    policy: str
    clause: Clause
    ancestors: tuple[Clause, ...]
    siblings: tuple[Clause, ...]
    duties: tuple[Duty, ...]
    quantities: tuple[Quantity, ...]
    gist: str
    validity: Validity


@dataclass(frozen=True, slots=True)
class UnitDuty:
    """A clause that a unit has a part in."""

    source: str
    locator: str
    title: str
    role: str


@dataclass(frozen=True, slots=True)
class UnitView:
    """A unit with its other names and all that it leads, answers for or supports."""

    name: str
    names: tuple[str, ...]
    duties: tuple[UnitDuty, ...]
