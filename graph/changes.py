"""What differs between two states of the store: documents, and inside a document clauses and facts."""

from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from graph.facts import Record
from graph.review.keys import Fact, Kind, keyed
from graph.storage.generations import Generation
from graph.storage.journal import Turnover, turnover
from ingest.model import Clause

T = TypeVar("T")
# Not the fact itself: where it stands, how sure the program is of it, what follows from the others.
_BESIDE = ("evidence", "validity_evidence", "confidence", "reason", "review", "order", "sentence", "target")


@dataclass(frozen=True, slots=True)
class Change(Generic[T]):
    """A clause or a fact before and after; None where there is none: it was added or removed."""

    before: T | None
    after: T | None


@dataclass(frozen=True, slots=True)
class DocumentChange:
    """What differs inside a document: clauses by their place, then facts, kind by kind."""

    source: str
    clauses: tuple[Change[Clause], ...]
    facts: tuple[tuple[Kind, Change[Fact]], ...]

    @property
    def empty(self) -> bool:
        """Whether the two are alike in all that is compared."""
        return not self.clauses and not self.facts


def between(before: Generation, after: Generation) -> Turnover:
    """Tell which documents came, went, or are others now."""
    return turnover(before.documents, after.documents)


def inside(before: Record, after: Record) -> DocumentChange:
    """Compare two states of one document.

    Clauses belong together when their words are the same (the k-th with the k-th), else when they stand
    in the same place; so a clause put in before others does not make all that follow other clauses.
    Facts belong together when they are read from the same printed words of the same sentence, else from
    the same printed words of clauses that belong together.
    """
    clauses = _clauses(before.policy.clauses, after.policy.clauses)
    places = {row.before.locator: row.after.locator for row in clauses if row.before and row.after}
    changed = tuple(row for row in clauses if row.before is None or row.after is None or _other(row))
    return DocumentChange(after.policy.source, changed, tuple(_facts(before, after, places)))


def _other(row: Change[Clause]) -> bool:
    return row.before is None or row.after is None or _said(row.before) != _said(row.after)


def _said(clause: Clause) -> tuple[str, str, str]:
    return clause.locator, clause.title, clause.text


def _clauses(before: Sequence[Clause], after: Sequence[Clause]) -> list[Change[Clause]]:
    steps: tuple[Callable[[Clause], Hashable], ...] = (
        _said,
        lambda clause: (clause.title, clause.text),
        lambda clause: clause.locator,
    )
    return _paired(before, after, steps)


def _facts(before: Record, after: Record, places: dict[str, str]) -> Iterable[tuple[Kind, Change[Fact]]]:
    # A place of the older document is named by the one that its clause has in the newer.
    taken = set(places.values())
    old = [
        (key, fact, places.get(key.locator, f"-{key.locator}" if key.locator in taken else key.locator))
        for key, fact in keyed(before)
    ]
    new = [(key, fact, key.locator) for key, fact in keyed(after)]
    steps: tuple[Callable[..., Hashable], ...] = (
        lambda row: (row[0].kind, row[0].printed, row[0].quotation, row[2], values(row[1])),
        lambda row: (row[0].kind, row[0].printed, row[0].quotation, row[2]),
        lambda row: (row[0].kind, row[0].printed, row[2]),
    )
    for pair in _paired(old, new, steps):
        earlier, later = pair.before and pair.before[1], pair.after and pair.after[1]
        if earlier is None or later is None or values(earlier) != values(later):
            row = pair.after or pair.before
            assert row is not None  # noqa: S101 – for the type checker; a pair has a side
            yield row[0].kind, Change(earlier, later)


def values(fact: Fact) -> tuple[tuple[str, object], ...]:
    """Return what a fact says, by field, and what an official made of it; not where it stands."""
    fields = ((name, getattr(fact, name)) for name in fact.__dataclass_fields__ if name not in _BESIDE)
    return (*fields, ("review", fact.review and fact.review.state))


def _paired(
    before: Sequence[T], after: Sequence[T], steps: Sequence[Callable[[T], Hashable]]
) -> list[Change[T]]:
    """Pair what is alike by the first step, of the rest what is alike by the next; the k-th with the k-th.

    Pairs and what came stand in the order of `after`; what went stands behind.
    """
    partner: dict[int, T] = {}
    left = list(enumerate(before))
    for alike in steps:
        waiting: defaultdict[Hashable, deque[tuple[int, T]]] = defaultdict(deque)
        for number, row in left:
            waiting[alike(row)].append((number, row))
        for index, row in enumerate(after):
            if index not in partner and waiting[alike(row)]:
                partner[index] = waiting[alike(row)].popleft()[1]
        left = sorted((pair for rows in waiting.values() for pair in rows), key=lambda pair: pair[0])
    return [
        *(Change(partner.get(index), row) for index, row in enumerate(after)),
        *(Change(row, None) for _, row in left),
    ]
