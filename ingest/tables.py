"""Tables → clauses: …/表1 for the table with its head, …/表1/行3 for a row."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from ingest.lexicon import words
from ingest.lines import Row
from ingest.model import Clause, LineKind, Span
from ingest.numerals import to_int
from ingest.titleblock import title_text

_CELL = re.compile(r"[ ]*\t[ ]*|[ ]*\|[ ]*")
_CAPTION = re.compile(
    r"(?:附)?表[ ]*(?P<n>(?:\d|[一二三四五六七八九十]){0,3})[ ：.、]*(?P<title>[^。；]{2,40})"
)
_FIGURE = re.compile(r"[\d.,%％\-—/ ]*")
_SERIAL = re.compile(r"\d{1,3}")
_LONGEST_TITLE = 40


@dataclass(frozen=True, slots=True)
class Table:
    """A run of table lines: their row numbers, how many of them are the head, caption, printed number.

    `columns` are the words over each column; a table without a head has those of the table before it.
    """

    rows: tuple[int, ...]
    head: int
    columns: tuple[str, ...]
    title: str
    number: int | None = None


def find_tables(rows: list[Row], text: str, folded: str, first: int, last: int) -> list[Table]:
    """Return the tables among rows ``[first, last)``: two lines or more, most of two cells or more."""
    found: list[Table] = []
    for run in _runs(rows, first, last):
        lines = [cells(folded, rows[i].start, rows[i].e) for i in run]
        full = sum(sum(bool(c) for c in line) >= 2 for line in lines)
        if len(run) < 2 or full < 0.6 * len(run):
            continue
        head = _head(lines)
        columns = heads(lines[:head])
        if not head and found and len(found[-1].columns) >= max(map(len, lines)):
            columns = found[-1].columns
        again = {i for i, line in zip(run[head:], lines[head:], strict=True) if line in lines[:head]}
        body = tuple(i for i in run if i not in again)  # a head printed again on the next page
        found.append(Table(body, head, columns, *_caption(rows, text, folded, run[0], first)))
    return found


def cells(line: str, start: int = 0, end: int | None = None) -> list[str]:
    """Return what stands in the cells of a table line, blanks at the edges left out."""
    return [line[a:b] for a, b in cell_places(line, start, end)]


def cell_places(line: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """Return where the cells of a table line stand; bars at its edges (| a | b |) bound no cell."""
    end = len(line) if end is None else end
    found, at = [], start
    for bar in [*_CELL.finditer(line, start, end), None]:
        stop = bar.start() if bar else end
        cell = line[at:stop]
        left = at + len(cell) - len(cell.lstrip())
        found.append((left, max(left, at + len(cell.rstrip()))))
        at = bar.end() if bar else end
    barred = line[start:end].strip(" ")[:1] == "|" and line[start:end].rstrip().endswith("|")
    return found[1:-1] if barred and len(found) > 3 else found


def heads(lines: list[list[str]]) -> tuple[str, ...]:
    """Return the words over each column; those of a lower head line go before a wide one above it."""
    widest = max(map(len, lines), default=0)
    return tuple(
        next((line[n] for line in reversed(lines) if n < len(line) and line[n]), "") for n in range(widest)
    )


def _head(lines: list[list[str]]) -> int:
    """Return how many of the first lines are the head: none, one or two."""
    first = lines[0]
    if not all(not _FIGURE.fullmatch(c) or not c for c in first):
        return 0
    if len(lines) < 3 and not any(_FIGURE.fullmatch(c) for c in lines[1] if c):
        return 0
    # A cell over both lines of a head is printed in each, or is empty in the lower one; so are wide ones.
    named = not any(_FIGURE.fullmatch(c) for c in lines[1] if c)
    twice = len(first) > 2 and any(a and a == b for a, b in zip(first, lines[1], strict=False))
    wide = "" in first[1:] or len(set(first)) < len(first) or not lines[1][0]
    return 2 if len(lines) > 3 and named and twice + wide and _labels(lines[1]) else 1


def _labels(line: list[str]) -> bool:
    """Say whether a line may be the lower one of a head: short words, among them one of the known."""
    known = {*words().table_titles, *words().unit_labels, *words().other_labels, *words().table_serials}
    return all(len(c) <= 12 for c in line) and any(c.replace(" ", "") in known for c in line)


def _runs(rows: list[Row], first: int, last: int) -> Iterator[list[int]]:
    """Yield runs of table lines; blank lines and page numbers may stand between."""
    run: list[int] = []
    for i in range(first, last):
        if rows[i].kind is LineKind.TABLE:
            run.append(i)
        elif rows[i].kind not in (LineKind.BLANK, LineKind.PAGE):
            if run:
                yield run
            run = []
    if run:
        yield run


def _caption(rows: list[Row], text: str, folded: str, at: int, first: int) -> tuple[str, int | None]:
    """Return caption and number on the line above a table (表1 奖励标准), or an empty string and None."""
    for i in range(at - 1, max(first, at - 4) - 1, -1):
        if rows[i].kind in (LineKind.BLANK, LineKind.PAGE):
            continue
        match = _CAPTION.fullmatch(folded, rows[i].s, rows[i].e)
        if match is None:
            break
        return title_text(text[match.start("title") : match.end("title")]), _number(match["n"])
    return "", None


def _number(printed: str) -> int | None:
    try:
        return to_int(printed) or None
    except ValueError:
        return None


def table_clauses(
    table: Table, rows: list[Row], text: str, folded: str, owner: str, below: bool, number: int
) -> list[Clause]:
    """Return the clauses of one table: the table itself with its head as text, then its rows.

    `owner` is the locator of the clause it stands in (`below`), or the label of its part. A row has the
    serial number that is printed in it, where all rows have one of their own; else its place.
    """
    name = f"{owner}/表{number}"
    above = rows[table.rows[0]]
    pieces = (Span(above.s, rows[table.rows[table.head - 1]].e),) if table.head else ()
    whole = Span(above.s, rows[table.rows[-1]].e)
    parent = owner if below else None
    found = [_clause(name, f"表{number}", table.title, whole, pieces, text, parent)]
    body = [rows[i] for i in table.rows[table.head :]]
    lines = [cells(folded, row.start, row.e) for row in body]
    serials = [int(line[0]) for line in lines if _SERIAL.fullmatch(line[0])]
    if len(set(serials)) < len(lines) or (
        table.columns[:1] and table.columns[0] not in words().table_serials
    ):
        serials = list(range(1, len(lines) + 1))
    title = ""
    for n, row, line in zip(serials, body, lines, strict=True):
        title = _row_title(line, table.columns) or (title if _open(line, table.columns) else "")
        span = Span(row.s, row.e)
        found.append(_clause(f"{name}/行{n}", f"行{n}", title, span, (span,), text, name))
    return found


def _open(line: list[str], columns: tuple[str, ...]) -> bool:
    """Say whether the cell that would name a row is empty: joined to the one above."""
    known = [n for n, column in enumerate(columns) if column.replace(" ", "") in words().table_titles]
    return any(n >= len(line) or not line[n] for n in known[:1]) or not line[0]


def _row_title(line: list[str], columns: tuple[str, ...]) -> str:
    """Return what a row is about: the cell below a word for it (政策名称), else the first in words."""
    for word in words().table_titles:
        for column, cell in zip_longest(columns, line, fillvalue=""):
            if column.replace(" ", "") == word:
                return cell if len(cell) <= _LONGEST_TITLE else ""
    first = next((c for c in line if c and not _FIGURE.fullmatch(c)), "")
    return first if len(first) <= _LONGEST_TITLE else ""


def _clause(
    locator: str, number: str, title: str, span: Span, pieces: tuple[Span, ...], text: str, parent: str | None
) -> Clause:
    return Clause(
        locator=locator,
        number=number,
        title=title,
        span=span,
        title_span=None,
        text="".join(p.of(text) for p in pieces),
        pieces=pieces,
        parent=parent,
    )
