"""The register of all documents of a store: found by words, put in order, told a page at a time."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from threading import Lock
from typing import Literal

from graph.citing import Citations
from graph.findings.report import rows as finding_rows
from graph.queries import PolicyRow
from graph.storage.generations import Generation
from qa.answers.base import period
from qa.model import Validity
from qa.text import plain

Order = Literal["newest", "oldest", "title", "place", "number"]
ORDERS: tuple[Order, ...] = ("newest", "oldest", "title", "place", "number")
_LAST = "\uffff"  # documents without a date, place or number stand last


@dataclass(frozen=True, slots=True)
class Entry:
    """A document in the register: its heading, its counts, and whether it is in force on a day."""

    head: PolicyRow
    validity: Validity
    clauses: int
    figures: int
    findings: int | None


class Register:
    """The documents of one generation. Headings are read at once, a document itself only when told of."""

    def __init__(self, generation: Generation) -> None:
        self.generation = generation
        self.citations = Citations(generation)
        self._lock = Lock()
        self._found: dict[str, int] = {}

    @cached_property
    def heads(self) -> dict[str, PolicyRow]:
        """The headings, by source."""
        return self.generation.catalog.heads

    @cached_property
    def jurisdictions(self) -> tuple[str, ...]:
        """The places that documents speak for, sorted."""
        return tuple(sorted({row.jurisdiction for row in self.heads.values() if row.jurisdiction}))

    @cached_property
    def _said(self) -> dict[str, str]:
        return {
            row.source: plain(" ".join((row.title, row.number or "", row.issuer or "", row.source)))
            for row in self.heads.values()
        }

    @cached_property
    def _sorted(self) -> dict[Order, tuple[PolicyRow, ...]]:
        rows = sorted(self.heads.values(), key=lambda row: row.title)
        keys: dict[Order, Callable[[PolicyRow], str]] = {
            "title": lambda row: row.title,
            "oldest": lambda row: row.date or _LAST,
            "place": lambda row: row.jurisdiction or _LAST,
            "number": lambda row: row.number or _LAST,
        }
        made = {order: tuple(sorted(rows, key=key)) for order, key in keys.items()}
        dated = sorted((row for row in rows if row.date), key=lambda row: row.date or "", reverse=True)
        return {**made, "newest": (*dated, *(row for row in rows if not row.date))}

    def find(
        self, words: str = "", *, jurisdiction: str = "", status: str = "", order: Order = "newest"
    ) -> tuple[PolicyRow, ...]:
        """Return the documents whose title, number, issuer or short name bear all of `words`."""
        wanted = [plain(word) for word in words.split()]
        return tuple(
            row
            for row in self._sorted[order]
            if (not jurisdiction or row.jurisdiction == jurisdiction)
            and (not status or row.status == status)
            and all(word in self._said[row.source] for word in wanted)
        )

    def tell(self, rows: Iterable[PolicyRow], as_of: date, *, findings: bool = True) -> list[Entry]:
        """Return the entries of some documents; these are read, so ask for what is shown only.

        Without `findings`, which take longest to work out, their number is None.
        """
        return [self._entry(row, as_of, findings) for row in rows]

    def _entry(self, row: PolicyRow, as_of: date, findings: bool) -> Entry:
        record = self.generation.record(row.source)
        return Entry(
            head=row,
            validity=self.validity(row.source, as_of),
            clauses=row.clauses,
            figures=len(record.quantities),
            findings=self._findings(row.source) if findings else None,
        )

    def validity(self, source: str, as_of: date) -> Validity:
        """Tell whether a document as a whole is in force on a day."""
        policy = self.generation.record(source).policy
        return period(policy, as_of, self.citations.repeal(source))

    def _findings(self, source: str) -> int:
        with self._lock:
            if source in self._found:
                return self._found[source]
        record = self.generation.record(source)
        count = len(finding_rows(replace(record, references=self.citations.cites(source))))
        with self._lock:
            self._found[source] = count
        return count
