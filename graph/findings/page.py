"""A document as the rules of this folder look at it: blocks of running text with the way back to print."""

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

from graph.facts import Record
from graph.figures.text import Folded
from graph.figures.text import fold as squeeze
from ingest.fold import fold
from ingest.model import Clause, Paragraph, Policy, Severity, Span


@dataclass(frozen=True)
class Block:
    """The running text of one clause or paragraph; `text` is folded and bears no blanks."""

    locator: str  # of the clause, or the label of the part
    part: str
    holder: Clause | Paragraph
    folded: Folded

    @property
    def text(self) -> str:
        """Return the folded text that `span` counts in."""
        return self.folded.text

    def span(self, start: int, end: int) -> Span | None:
        """Return where ``text[start:end]`` stands in the document."""
        if start >= end:
            return None
        first, last = self.folded.place(start, end)
        at = self._source(first), self._source(last - 1)
        return Span(at[0], at[1] + 1) if None not in at else None  # type: ignore[operator,arg-type]

    def _source(self, offset: int) -> int | None:
        for piece in self.holder.pieces:
            size = piece.end - piece.start
            if offset < size:
                return piece.start + offset
            offset -= size
        return None


class Page:
    """A record ready for the rules. Everything is worked out once, when first asked for."""

    def __init__(self, record: Record) -> None:
        self.record = record

    @property
    def policy(self) -> Policy:
        """Return the document."""
        return self.record.policy

    @cached_property
    def folded(self) -> str:
        """Return the document's text folded one to one, so that offsets are those of the text."""
        return fold(self.policy.text)

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """Return clauses and paragraphs with their running text, in document order."""
        holders: list[Clause | Paragraph] = [*self.policy.clauses, *self.policy.paragraphs]
        holders.sort(key=lambda holder: holder.pieces[0].start if holder.pieces else 0)
        found = []
        for holder in holders:
            locator = holder.locator if isinstance(holder, Clause) else holder.part
            if holder.text:
                found.append(Block(locator, locator.split("/")[0], holder, squeeze(holder.text)))
        return tuple(found)

    @cached_property
    def _starts(self) -> list[tuple[int, str]]:
        parts = [(part.span.start, part.label) for part in self.policy.parts]
        clauses = [(clause.span.start, clause.locator) for clause in self.policy.clauses]
        return sorted([*parts, *clauses])

    def locator(self, span: Span | None) -> str:
        """Return the clause (or part) that a place lies in; empty for the whole document."""
        if span is None:
            return ""
        at = bisect_right(self._starts, (span.start, "\uffff")) - 1
        return self._starts[at][1] if at >= 0 else ""


def quoted(text: str, longest: int = 24) -> str:
    """Return `text` as it is quoted in a message: one line, a long one cut in the middle."""
    line = "".join(text.split())
    return line if len(line) <= longest else f"{line[: longest - 9]}…{line[-8:]}"


GRAVITY: dict[Severity, int] = {"error": 0, "warning": 1, "note": 2}
