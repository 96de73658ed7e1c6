"""Printed pages → text: columns and rows put in order, page furniture removed, print lines joined.

What PDF, OFD and character recognition have in common: pieces of print with their boxes.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ingest.fold import fold
from ingest.lexicon import patterns
from ingest.model import Span
from ingest.numbering import marker

# Recognition takes the dashes around a page number for the numeral one: 一3一.
_PAGE = re.compile(r"[-—–~·一\s]*(?:第?\s*\d{1,4}\s*页?(?:\s*[/共，,]\s*\d{1,4}\s*页?)?)[-—–~·一\s]*")
_TERMINAL = "。；！？：…"
_ANNEX = re.compile(r"附[ ]*件[ ]*[\d一二三四五六七八九十]{0,3}[：]?")
_LONG = 12  # a line of more characters than this tells where the margins are
_ROWS = 6  # fewer lines tell nothing of margins or columns


@dataclass(frozen=True, slots=True)
class PrintLine:
    """A line, or a piece of one, as printed: its text, and its box in points from the lower left.

    `page` counts from 1; `confidence` is 1.0 for text that was not recognised from an image; `whole` is a
    line that stands for itself, such as a table's row.
    """

    text: str
    left: float
    right: float
    top: float
    bottom: float
    page: int = 1
    confidence: float = 1.0
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Printed:
    """The text of all pages, a paragraph a line, and where in it each print line went."""

    text: str
    places: tuple[tuple[PrintLine, Span], ...]


def rows(pieces: Sequence[PrintLine]) -> list[list[PrintLine]]:
    """Group pieces into rows, top to bottom: those whose middles lie close to each other."""
    found: list[list[PrintLine]] = []
    middle = 0.0
    for piece in sorted(pieces, key=lambda p: -(p.top + p.bottom)):
        here = (piece.top + piece.bottom) / 2
        if found and abs(middle - here) <= 0.35 * max(1.0, piece.top - piece.bottom):
            found[-1].append(piece)
        else:
            found.append([piece])
            middle = here
    return [sorted(row, key=lambda p: p.left) for row in found]


def ordered(page: Sequence[Sequence[PrintLine]]) -> list[PrintLine]:
    """Return the lines of a page in reading order: two columns one after the other, rows else.

    Pieces of one row are joined, with a tabulator where the gap is wide.
    """
    gutter = _gutter(page)
    if gutter is None:
        return [merged(row) for row in page if row]
    out: list[PrintLine] = []
    band: tuple[list[PrintLine], list[PrintLine]] = ([], [])
    for row in page:
        left = [p for p in row if p.right <= gutter]
        right = [p for p in row if p.left >= gutter]
        if len(left) + len(right) < len(row):  # a heading over both columns
            out += [*band[0], *band[1], merged(row)]
            band = ([], [])
            continue
        for side, pieces in zip(band, (left, right), strict=True):
            if pieces:
                side.append(merged(pieces))
    return [*out, *band[0], *band[1]]


def merged(row: Sequence[PrintLine]) -> PrintLine:
    """Join the pieces of one row; a gap becomes a blank, a very wide one a tabulator."""
    if len(row) == 1:
        return row[0]
    height = sorted(p.top - p.bottom for p in row)[len(row) // 2] or 10.0
    text = row[0].text
    for before, piece in pairwise(row):
        gap = piece.left - before.right
        if gap < -0.3 * height and piece.text[0] == text[-1]:
            text += piece.text[1:]  # recognition found the line in two boxes with a character in both
            continue
        text += ("\t" if gap > 1.5 * height else " " if gap > 0.45 * height else "") + piece.text
    return PrintLine(
        text,
        row[0].left,
        max(p.right for p in row),
        max(p.top for p in row),
        min(p.bottom for p in row),
        row[0].page,
        min(p.confidence for p in row),
    )


def _gutter(page: Sequence[Sequence[PrintLine]]) -> float | None:
    """Return where the gap between two columns of running text is, or None.

    Two columns are told from a table by their full lines: most of them end at the column's edge.
    """
    pieces = [p for row in page for p in row]
    if len(pieces) < 2 * _ROWS:
        return None
    first, last = min(p.left for p in pieces), max(p.right for p in pieces)
    size = sorted(p.top - p.bottom for p in pieces)[len(pieces) // 2] or 10.0
    for step in range(40, 61):
        x = first + (last - first) * step / 100
        left = [p for p in pieces if p.right <= x]
        right = [p for p in pieces if p.left >= x]
        across = len(pieces) - len(left) - len(right)
        if across <= 0.15 * len(pieces) and _running(left, size) and _running(right, size):
            return x
    return None


def _running(column: Sequence[PrintLine], size: float) -> bool:
    if len(column) < _ROWS or len({round(p.bottom / size) for p in column}) < 0.8 * len(column):
        return False
    edge = sorted(p.right for p in column)[int(0.9 * (len(column) - 1))]
    full = [p for p in column if len(p.text) > 9 and p.right >= edge - 2.2 * size]
    return len(full) >= 0.6 * len(column)


def without_furniture(pages: Sequence[Sequence[PrintLine]]) -> list[list[PrintLine]]:
    """Return the pages without page numbers and without the lines that come again at page edges."""

    edges: Counter[str] = Counter()
    for page in pages:
        edges.update({_shape(line) for line in (*page[:2], *page[-2:])})
    often = max(3, len(pages) // 2)
    twice = _twice(pages)
    kept = []
    for page in pages:
        rest = list(page)
        for at in (0, -1):
            for _ in range(2):
                if (
                    rest
                    and not rest[at].whole
                    and (
                        _PAGE.fullmatch(rest[at].text.strip())
                        or (len(rest[at].text) < 60 and edges[_shape(rest[at])] >= often)
                        or rest[at] in twice
                    )
                ):
                    del rest[at]
        kept.append(rest)
    return kept


def _shape(line: PrintLine) -> str:
    return re.sub(r"\d+|\s+", "", fold(line.text))


def _twice(pages: Sequence[Sequence[PrintLine]]) -> list[PrintLine]:
    """Return the running head and foot of two pages: the same words at the same height on both."""
    if len(pages) != 2 or not all(pages):
        return []
    found: list[PrintLine] = []
    for at in (0, -1):
        one, two = pages[0][at], pages[1][at]
        near = abs(one.top - two.top) < 0.5 * (one.top - one.bottom)
        if near and _shape(one) == _shape(two) and "\t" not in one.text:
            found += one, two
    return found


def printed(pages: Sequence[Sequence[PrintLine]]) -> Printed:
    """Join printed lines to paragraphs by their edges: full lines go on, indented lines begin anew."""
    lines = [line for page in pages for line in page]
    if not lines:
        return Printed("", ())
    size = sorted(line.top - line.bottom for line in lines)[len(lines) // 2] or 10.0
    text: list[str] = []
    places: list[tuple[PrintLine, Span]] = []
    length = 0
    before: tuple[PrintLine, float] | None = None
    for line, left, right in _with_margins(pages):
        shown = line.text.strip()
        joint = "\n" if before else ""
        if before is not None and _goes_on(before[0], line, left, before[1], size):
            joint = " " if _latin(text[-1][-1:]) and _latin(shown[:1]) else ""
        text.append(joint + shown)
        length += len(joint) + len(shown)
        places.append((line, Span(length - len(shown), length)))
        before = (line, right)
    return Printed("".join(text), tuple(places))


def _latin(char: str) -> bool:
    return char.isascii() and char.isalpha()


def _with_margins(pages: Sequence[Sequence[PrintLine]]) -> Iterator[tuple[PrintLine, float, float]]:
    """Yield each line with the margins that it is measured by: those of its column, else of all pages.

    Scanned pages lie a little off each other, and the columns of a page have margins of their own.
    """
    blocks = [block for page in pages for block in _blocks(page)]
    left, right = _margins([line for block in blocks for line in block])
    for block in blocks:
        own = left, right
        if sum(len(line.text) > _LONG for line in block) >= _ROWS:
            own = _margins(block)
        for line in block:
            yield line, *own


def _blocks(page: Sequence[PrintLine]) -> list[list[PrintLine]]:
    """Cut a page where its lines jump up again: at the head of a second column."""
    found: list[list[PrintLine]] = []
    for line in page:
        if found and line.bottom <= found[-1][-1].top:
            found[-1].append(line)
        else:
            found.append([line])
    return found


def _margins(lines: Sequence[PrintLine]) -> tuple[float, float]:
    long = [line for line in lines if len(line.text) > _LONG] or list(lines)
    return _usual([line.left for line in long], low=True), _usual([line.right for line in long], low=False)


def _usual(values: list[float], *, low: bool) -> float:
    """Return the margin that most lines share: the commonest rounded edge, towards the outside."""
    counted = Counter(round(v / 4) * 4 for v in values)
    most = counted.most_common(1)[0][1]
    common = [edge for edge, n in counted.items() if n >= 0.35 * most]
    return float(min(common) if low else max(common))


def _opens(text: str, before: str) -> bool:
    """Say whether a line begins anew whatever its place: 附件N, or a number or label after a full stop."""
    folded = fold(text.strip())
    if _ANNEX.fullmatch(folded):
        return True
    if before.strip()[-1:] not in _TERMINAL:
        return False
    return marker(folded, 0, len(folded)) is not None or patterns().unit_line.match(folded) is not None


def _goes_on(before: PrintLine, line: PrintLine, left: float, right: float, size: float) -> bool:
    """Say whether a printed line goes on with the paragraph of the line before.

    `left` is the margin of the line, `right` that of the line before.
    """
    if "\t" in before.text or "\t" in line.text or before.whole or line.whole:
        return False
    if _opens(line.text, before.text):
        return False
    full = before.right >= right - 2.2 * size
    indented = line.left > left + 1.2 * size
    centred = before.left > left + 3.2 * size
    return full and not indented and not centred


def on_page(line: PrintLine, page: int) -> PrintLine:
    """Return the line with its page number."""
    return replace(line, page=page)
