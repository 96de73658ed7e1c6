"""What the web face and the command line ask of the rooms behind them.

`Library` is `qa.library.Library` seen from here: the pages and the API are written against it, so
that a test can put a small one in its place.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Protocol

from graph.catalog import PolicyRow
from qa.comparing import Comparison
from qa.desk import Found, Sheet
from qa.guide import Guide, NoGuide
from qa.model import Answer
from qa.views import ClauseView, Hit, UnitView


class Library(Protocol):
    """The opened knowledge: one generation of the store with its indexes."""

    @property
    def generation(self) -> str:
        """Name of the store's generation that is being read."""

    def ready(self) -> None:
        """Raise StoreError where a question cannot be answered now."""

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

    def look_up(
        self, text: str, *, jurisdiction: str | None = None, as_of: date | None = None, limit: int = 10
    ) -> Found:
        """Return the clauses for what an operator has typed so far, what answers first."""

    def sheet(
        self,
        source: str,
        locator: str,
        *,
        text: str = "",
        jurisdiction: str | None = None,
        as_of: date | None = None,
    ) -> Sheet | None:
        """Return a clause with what it says to what was typed, or None."""

    def policies(self) -> Sequence[PolicyRow]:
        """List the documents of the store."""

    def jurisdictions(self) -> Sequence[str]:
        """List the jurisdictions that the documents speak for."""

    def clause(self, source: str, locator: str) -> ClauseView | None:
        """Return a clause with its surroundings, or None."""

    def guide(self, source: str, locator: str, *, as_of: date | None = None) -> Guide | NoGuide | None:
        """Return the application guide to a clause, or why there is none; None for an unknown clause."""

    def compare(self, topic: str, jurisdictions: Sequence[str], *, as_of: date | None = None) -> Comparison:
        """Put what places rule on a topic side by side."""

    def units(self) -> Sequence[str]:
        """List the canonical names of all units."""

    def unit(self, name: str) -> UnitView | None:
        """Return a unit by any of its names, or None."""

    def examples(self, place: str | None = None) -> Sequence[str]:
        """Return questions that the store answers, of one place or of all."""

    def refresh(self) -> object:
        """Take up a newer generation of the store, if there is one."""


Provider = Callable[[], Library]
