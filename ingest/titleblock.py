"""Titles as print sets them: over several lines, with blanks between the characters."""

import re

from ingest.lexicon import patterns
from ingest.lines import Row, is_bracketed, width
from ingest.model import LineKind


def title_text(folded_or_text: str) -> str:
    """Return a title without line breaks and without the blanks that print put between characters."""
    joined = re.sub(r"\s*\n\s*", "\n", folded_or_text.strip())
    joined = re.sub(r"(?<=[A-Za-z])\n(?=[A-Za-z])", " ", joined).replace("\n", "")
    return re.sub(r"(?<![A-Za-z0-9])[\s\u3000]+|[\s\u3000]+(?![A-Za-z0-9])", "", joined)


def title_block(rows: list[Row], folded: str, first: int, last: int, columns: int) -> list[int]:
    """Return the rows of a title that may stand at row `first`: up to four lines."""
    found: list[int] = []
    joined = ""
    for i in range(first, min(last, first + 14)):
        row = rows[i]
        line = folded[row.s : row.e]
        if row.kind in (LineKind.BLANK, LineKind.PAGE, LineKind.OTHER):
            continue
        if is_bracketed(line) and len(line) <= 40 and row.marker is None:
            row.kind = LineKind.NOTE
            if found:
                break
            continue
        complete = bool(found) and patterns().title_end.search(joined) is not None
        if (
            row.kind not in (LineKind.TEXT, LineKind.NUMBER)
            or row.marker is not None
            or complete
            or len(found) == 4
        ):
            break
        if any(c in line for c in "。；") or line[-1] in "，、：；" or len(line) > 60:
            break
        if columns and found and width(folded, row) >= columns - 1:
            break
        found.append(i)
        joined += line.replace(" ", "")
    if found and not patterns().title_end.search(joined):
        # No title of a known type: keep it when it is short, else only its first line.
        found = found[:1] if len(found) > 2 else found
    return found
