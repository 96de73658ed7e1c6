"""What the web face and the command line ask of the rooms behind them.

`Library` is `qa.library.Library` seen from here: the pages and the API are written against it, so
that a test can put a small one in its place. The views are read by attribute name alone.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from graph.facts import Duty, Quantity
from ingest.model import Clause
from qa.model import Answer, Validity


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
class PolicyRow:
    """A document of the store in one row; `verbatim` is False for knowledge without its text."""

    source: str
    title: str
    number: str | None
    issuer: str | None
    jurisdiction: str | None
    date: str | None
    status: str
    clauses: int
    verbatim: bool


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


class Library(Protocol):
    """The opened knowledge: one generation of the store with its indexes."""

    @property
    def generation(self) -> str:
        """Name of the store's generation that is being read."""

    def ask(
        self,
        question: str,
        *,
        context: Sequence[str] = (),
        as_of: date | None = None,
        jurisdiction: str | None = None,
    ) -> Answer:
        """Answer a question; `context` holds the earlier questions, oldest first."""

    def search(self, query: str, *, jurisdiction: str | None = None, limit: int = 10) -> Sequence[Hit]:
        """Find the clauses nearest to `query`, best first."""

    def policies(self) -> Sequence[PolicyRow]:
        """List the documents of the store."""

    def jurisdictions(self) -> Sequence[str]:
        """List the jurisdictions that the documents speak for."""

    def clause(self, source: str, locator: str) -> ClauseView | None:
        """Return a clause with its surroundings, or None."""

    def units(self) -> Sequence[str]:
        """List the canonical names of all units."""

    def unit(self, name: str) -> UnitView | None:
        """Return a unit by any of its names, or None."""

    def examples(self) -> Sequence[str]:
        """Return questions that the store can answer."""

    def refresh(self) -> object:
        """Take up a newer generation of the store, if there is one."""


Provider = Callable[[], Library]
