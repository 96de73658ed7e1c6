"""Single printed characters with their boxes → pieces of print lines (PDF and OFD)."""

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.readers.layout import PrintLine


@dataclass(frozen=True, slots=True)
class Char:
    """One printed character and its box, in points from the lower left of the page."""

    text: str
    left: float
    bottom: float
    right: float
    top: float


def rows_of(chars: Sequence[Char]) -> list[list[PrintLine]]:
    """Return the rows of a page, top to bottom, each cut into pieces where a gap is very wide."""
    return [row for line in _by_height(chars) if (row := _pieces(line))]


def _by_height(chars: Sequence[Char]) -> list[list[Char]]:
    """Group characters into lines: those whose middles lie within half a character of each other."""
    lines: list[list[Char]] = []
    middle = 0.0
    for char in sorted(chars, key=lambda c: -(c.top + c.bottom)):
        here = (char.top + char.bottom) / 2
        height = max(1.0, char.top - char.bottom)
        if lines and abs(middle - here) <= 0.35 * height:
            lines[-1].append(char)
        else:
            lines.append([char])
            middle = here
    return lines


def _pieces(chars: list[Char]) -> list[PrintLine]:
    """Join the characters of one printed line; a gap becomes a blank, a very wide one a new piece."""
    chars.sort(key=lambda c: c.left)
    height = sorted(c.top - c.bottom for c in chars)[len(chars) // 2] or 10.0
    pieces: list[list[Char]] = [[]]
    texts = [""]
    before = None
    for char in chars:
        if before is not None:
            if char.text == before.text and abs(char.left - before.left) < 0.2 * height:
                continue  # bold printed twice
            gap = char.left - before.right
            if gap > 2.5 * height:
                pieces.append([])
                texts.append("")
            elif gap > 0.45 * height:
                texts[-1] += " "
        texts[-1] += char.text
        pieces[-1].append(char)
        before = char
    return [_line(text, piece) for text, piece in zip(texts, pieces, strict=True) if text.strip()]


def _line(text: str, chars: list[Char]) -> PrintLine:
    shown = [c for c in chars if not c.text.isspace()]
    return PrintLine(
        text.strip(" "),
        shown[0].left,
        max(c.right for c in shown),
        max(c.top for c in shown),
        min(c.bottom for c in shown),
    )
