"""Where the facts of a document stand in its text: marks, and the runs of text between their ends."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from graph.facts import Duty, FundingRule, Quantity, Record, Reference
from ingest.model import Span

MarkKind = Literal["figure", "date", "unit", "reference"]
Marked = Duty | Quantity | Reference | FundingRule
_TIMES = frozenset({"date", "period", "duration", "frequency"})


@dataclass(frozen=True, slots=True)
class Mark:
    """A fact with the characters that it was read from: ``[start, end)`` of the document's text."""

    start: int
    end: int
    kind: MarkKind
    fact: Marked


@dataclass(frozen=True, slots=True)
class Run:
    """Characters ``[start, end)`` that bear the same marks, the outermost first; most runs bear none."""

    start: int
    end: int
    marks: tuple[Mark, ...] = ()


def marks(record: Record) -> tuple[Mark, ...]:
    """Return the marks of a document in its order, a longer one before those inside it.

    Facts without a place (knowledge without text) and places outside the text are left out.
    """
    length = len(record.policy.text)
    facts: list[Marked] = [*record.duties, *record.quantities, *record.references, *record.funding]
    found = [
        Mark(span.start, span.end, kind_of(fact), fact)
        for fact in facts
        if (span := fact.evidence.span) is not None and 0 <= span.start < span.end <= length
    ]
    return tuple(sorted(found, key=lambda mark: (mark.start, -mark.end, mark.kind)))


def runs(found: Sequence[Mark], length: int) -> tuple[Run, ...]:
    """Cut ``[0, length)`` at every end of a mark; the runs follow one another and leave nothing out.

    `found` is in the order of `marks`. Marks may stand in one another, cross, or share their place.
    """
    done: list[Run] = []
    at = 0
    for cut, open_marks in _sweep(found, length):
        if cut > at:
            done.append(Run(at, cut, open_marks))
            at = cut
    return tuple(done)


def _sweep(found: Sequence[Mark], length: int) -> Iterator[tuple[int, tuple[Mark, ...]]]:
    """Yield each cut with the marks that stand open before it."""
    ends = {mark.end for mark in found}
    cuts = sorted({length, *ends, *(mark.start for mark in found)})
    opened: list[Mark] = []
    waiting = 0
    for cut in cuts:
        yield cut, tuple(opened)
        if cut in ends:
            opened = [mark for mark in opened if mark.end > cut]
        while waiting < len(found) and found[waiting].start == cut:
            opened.append(found[waiting])
            waiting += 1


def words_of(mark: Mark, found: Iterable[Run], text: str) -> str:
    """Return the characters that the runs give a mark, put together."""
    return "".join(Span(run.start, run.end).of(text) for run in found if mark in run.marks)


def kind_of(fact: Marked) -> MarkKind:
    """Return what kind of mark a fact has; dates, periods and terms are told apart from other figures."""
    match fact:
        case Duty():
            return "unit"
        case Reference():
            return "reference"
        case Quantity():
            return "date" if fact.kind in _TIMES else "figure"
        case FundingRule():
            return "figure"
