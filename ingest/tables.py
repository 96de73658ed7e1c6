"""Tables → clauses: …/表1 for the table with its head, …/表1/行3 for a row."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.lines import Row
from ingest.model import Clause, LineKind, Span
from ingest.numerals import to_int
from ingest.titleblock import title_text

_CELL = re.compile(r"[ ]*\t[ ]*|[ ]*\|[ ]*")
_CAPTION = re.compile(
    r"(?:附)?表[ ]*(?P<n>(?:\d|[一二三四五六七八九十]){0,3})[ ：.、]*(?P<title>[^。；]{2,40})"
)
_FIGURE = re.compile(r"[\d.,%％\-—/ ]*")


@dataclass(frozen=True, slots=True)
class Table:
    """A run of table lines: their row numbers, whether the first is the head, caption, printed number."""

    rows: tuple[int, ...]
    head: bool
    title: str
    number: int | None = None


def find_tables(rows: list[Row], text: str, folded: str, first: int, last: int) -> list[Table]:
    """Return the tables among rows ``[first, last)``: two lines or more, most of two cells or more."""
    found = []
    for run in _runs(rows, first, last):
        cells = [_cells(folded, rows[i]) for i in run]
        full = sum(sum(bool(c) for c in line) >= 2 for line in cells)
        if len(run) < 2 or full < 0.6 * len(run):
            continue
        named = all(not _FIGURE.fullmatch(c) or not c for c in cells[0])
        head = named and (len(run) >= 3 or any(_FIGURE.fullmatch(c) for c in cells[1] if c))
        found.append(Table(tuple(run), head, *_caption(rows, text, folded, run[0], first)))
    return found


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


def _cells(folded: str, row: Row) -> list[str]:
    return [c.strip() for c in _CELL.split(folded[row.s : row.e])]


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

    `owner` is the locator of the clause it stands in (`below`), or the label of its part.
    """
    name = f"{owner}/表{number}"
    above = rows[table.rows[0]]
    pieces = (Span(above.s, above.e),) if table.head else ()
    whole = Span(above.s, rows[table.rows[-1]].e)
    parent = owner if below else None
    found = [_clause(name, f"表{number}", table.title, whole, pieces, text, parent)]
    body = table.rows[1:] if table.head else table.rows
    for n, i in enumerate(body, 1):
        row = rows[i]
        first = next((c for c in _cells(folded, row) if c and not _FIGURE.fullmatch(c)), "")
        span = Span(row.s, row.e)
        title = first if len(first) <= 40 else ""
        found.append(_clause(f"{name}/行{n}", f"行{n}", title, span, (span,), text, name))
    return found


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
