"""What a fact goes by under re-reading: its place, kind, printed words and the sentence around them."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from graph.facts import Duty, FundingRule, Measure, Quantity, Record, Reference
from graph.figures.text import fold
from ingest.model import Span

Kind = Literal["duty", "quantity", "measure", "reference", "funding"]
Fact = Duty | Quantity | Measure | Reference | FundingRule
KINDS: tuple[Kind, ...] = ("duty", "quantity", "measure", "reference", "funding")
_STOPS = "。！？"


@dataclass(frozen=True, slots=True)
class Key:
    """The name of a fact, made of what the document prints and never of what the program made of it.

    `printed` and `quotation` (the sentence around) are folded, without white space; both are empty where
    the text is not held. `order` counts from 0 among facts that are alike in all the rest.
    """

    source: str
    locator: str
    kind: Kind
    printed: str
    quotation: str
    order: int = 0

    @property
    def id(self) -> str:
        """The short form that people type: the document's short name and ten signs."""
        parts = (self.locator, self.kind, self.printed, self.quotation, str(self.order))
        return f"{self.source}:{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()[:10]}"


def facts(record: Record, kind: Kind) -> tuple[Fact, ...]:
    """Return the facts of one kind."""
    by_kind: dict[Kind, tuple[Fact, ...]] = {
        "duty": record.duties,
        "quantity": record.quantities,
        "measure": record.measures,
        "reference": record.references,
        "funding": record.funding,
    }
    return by_kind[kind]


def keyed(record: Record) -> Iterator[tuple[Key, Fact]]:
    """Yield every fact of a record with its key, kind by kind, in document order."""
    seen: Counter[Key] = Counter()
    for kind in KINDS:
        for fact in facts(record, kind):
            words = "" if isinstance(fact, Measure) else printed(fact)
            key = Key(
                record.policy.source, fact.evidence.locator, kind, bare(words), bare(around(record, fact))
            )
            yield Key(key.source, key.locator, kind, key.printed, key.quotation, seen[key]), fact
            seen[key] += 1


def printed(fact: Fact) -> str:
    """Return the words of the document that a fact is read from, in short."""
    match fact:
        case Duty():
            return fact.written
        case Reference():
            return fact.title
        case Measure():
            return fact.audience or fact.kind
        case _:
            return fact.surface


def around(record: Record, fact: Fact) -> str:
    """Return the sentence or list that a fact stands in, as printed; empty where the text is not held.

    Numbers and titles of clauses are left out: they change when another clause is put in before.
    """
    span = fact.evidence.span
    if span is None or not record.policy.text:
        return ""
    for text, pieces in _rooms(record, fact.evidence.locator):
        first, last = _inside(pieces, span.start), _inside(pieces, span.end - 1)
        if first is not None and last is not None:
            start = max(text.rfind(stop, 0, first) for stop in _STOPS) + 1
            ends = (text.find(stop, last) for stop in _STOPS)
            return text[start : min((end + 1 for end in ends if end >= 0), default=len(text))].strip()
    return span.of(record.policy.text).strip()


def _rooms(record: Record, locator: str) -> Iterator[tuple[str, tuple[Span, ...]]]:
    """Yield what a clause or part is made of, with the places in the document: running text, then lists."""
    policy = record.policy
    for clause in (clause for clause in policy.clauses if clause.locator == locator):
        yield clause.text, clause.pieces
        yield from ((unit.of(policy.text), (unit,)) for unit in clause.units)
    yield from ((p.text, p.pieces) for p in policy.paragraphs if p.part == locator)


def _inside(pieces: tuple[Span, ...], place: int) -> int | None:
    """Return where a place of the document is in the text that pieces make up."""
    before = 0
    for piece in pieces:
        if piece.start <= place < piece.end:
            return before + place - piece.start
        before += len(piece)
    return None


def bare(text: str) -> str:
    """Return words with widths folded and all white space out, so that print lines do not matter."""
    return "".join(fold(text).text.split())
