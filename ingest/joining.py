"""Broken lines → running text, with the place of every character kept."""

from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise

from ingest.lines import TERMINAL, Row, width
from ingest.model import Finding, LineKind, Span
from ingest.units import Break, continues, half_open


@dataclass(frozen=True, slots=True)
class Joined:
    """Running text made of pieces of the source: `text` is folded, `pieces` are in order."""

    text: str
    pieces: tuple[tuple[int, int], ...]
    offsets: tuple[int, ...]  # of each piece in the text

    def source(self, offset: int) -> int:
        """Return the source offset of a character of the text."""
        at = bisect_right(self.offsets, offset) - 1
        return self.pieces[at][0] + offset - self.offsets[at]

    def span(self, start: int, end: int) -> Span:
        """Return the source span that covers ``text[start:end]`` (not empty)."""
        return Span(self.source(start), self.source(end - 1) + 1)

    def cut(self, ranges: list[tuple[int, int]]) -> tuple[Span, ...]:
        """Return the source spans of what is left when `ranges` of the text are taken away."""
        left: list[tuple[int, int]] = []
        at = 0
        for start, end in sorted(ranges):
            if start > at:
                left.append((at, start))
            at = max(at, end)
        left.append((at, len(self.text)))
        return tuple(Span(a, b) for start, end in left for a, b in self._pieces(start, end))

    def places(self, start: int, end: int) -> list[tuple[int, int]]:
        """Return the source ranges of ``text[start:end]``, blanks at its ends left out."""
        return self._pieces(start, end)

    def _pieces(self, start: int, end: int) -> list[tuple[int, int]]:
        start, end = self._strip(start, end)
        found: list[tuple[int, int]] = []
        for at in range(max(0, bisect_right(self.offsets, start) - 1), len(self.pieces)):
            (a, b), offset = self.pieces[at], self.offsets[at]
            if offset >= end:
                break
            lo, hi = max(start, offset), min(end, offset + b - a)
            if lo < hi:
                found.append((a + lo - offset, a + hi - offset))
        return found

    def _strip(self, start: int, end: int) -> tuple[int, int]:
        while start < end and self.text[start] in " \n\t":
            start += 1
        while end > start and self.text[end - 1] in " \n\t":
            end -= 1
        return start, end


def join(segments: list[tuple[int, int, Row]], folded: str, columns: int) -> Joined:
    """Join lines, given as (start, end, row), into running text.

    A line end stays (as ``\\n``) where a paragraph ends; where print broke a sentence it goes.
    """
    pieces: list[tuple[int, int]] = []
    for n, (start, end, row) in enumerate(segments):
        if start < end:
            pieces.append((start, end))
        if (
            n + 1 < len(segments)
            and pieces
            and row.end < len(folded)
            and _ends(row, start, end, segments[n + 1], folded, columns)
        ):
            pieces.append((row.end, row.end + 1))
    text = "".join(folded[a:b] for a, b in pieces)
    offsets, at = [], 0
    for a, b in pieces:
        offsets.append(at)
        at += b - a
    return Joined(text, tuple(pieces), tuple(offsets))


def _ends(row: Row, start: int, end: int, following: tuple[int, int, Row], folded: str, columns: int) -> bool:
    """Say whether a paragraph ends with this line (the line end is kept between Latin words, too)."""
    if start == end:
        return False
    if row.kind is LineKind.TABLE or following[2].kind is LineKind.TABLE:
        return True
    unclosed = half_open(folded, start, end)
    if unclosed and folded[end - 1] not in TERMINAL:
        return not continues(unclosed, folded[following[0] : following[1]], Break(0, True, bool(columns)))
    last, first = folded[end - 1], folded[following[0]] if following[0] < following[1] else " "
    if last.isascii() and last.isalpha() and first.isascii() and first.isalpha():
        return True
    if columns:
        printed = width(folded, row)
        if last in "。；！：" and printed < columns - 1:
            return first not in "”）》，、。；"
        return printed < 0.7 * columns and last not in "，、（《“"
    if last in TERMINAL:
        return first not in "，、。；）”》"
    return end - start < 15 and last not in "，、（《“"


def repeats(segments: list[tuple[int, int, Row]], folded: str, columns: int) -> list[Finding]:
    """Return findings where the characters before a break in mid-sentence stand again after it.

    Where every line is broken at the print width, only page breaks count: words recur by chance.
    """
    found = []
    for (start, end, row), (after, stop, following) in pairwise(segments):
        if columns and row.end + 1 == following.start:
            continue
        if end - start < 6 or stop - after < 4 or folded[end - 1] in TERMINAL:
            continue
        before, behind = folded[max(start, end - 4) : end], folded[after : after + 4]
        size = next((n for n in (4, 3, 2, 1) if before[-n:] == behind[:n]), 0)
        if not size and before[-3:-1] == behind[:2]:
            size = 2
        if size and all("\u4e00" <= c <= "\u9fff" for c in behind[:size]):
            printed = folded[end - 2 : end] + "/" + behind[:2]
            message = f"换行或换页处文字可能重复：“{printed}”，原文照录"
            found.append(
                Finding("warning", "page-break-repeat", message, Span(max(start, end - 3), after + size))
            )
    return found
