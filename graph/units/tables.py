"""Units in tables: the cells below 牵头单位, 责任单位 … of each row, those of joined cells carried down."""

import re
from collections.abc import Iterator

from graph.facts import Role
from graph.units.phrases import phrases
from ingest.lexicon import words
from ingest.model import Clause, Policy, Span
from ingest.tables import cell_places, cells, heads

_TABLE = re.compile(r"(.*/表\d+(?:#\d+)?)(?P<row>/行\d+(?:#\d+)?)?")


def unit_cells(policy: Policy) -> Iterator[tuple[str, Span, Role]]:
    """Yield (locator of the row, place of the cell, role that its column gives), in document order.

    A cell that is joined over several rows is printed in the first of them alone: where a row begins
    with an empty cell, its empty cells have what stands above; where it has a serial number of its own, only
    those before the number. A table without a head goes on with the columns of the table before it.
    """
    columns: tuple[str, ...] = ()
    above: list[Span | None] = []
    for clause in policy.clauses:
        found = _TABLE.fullmatch(clause.locator)
        if found is None or (not clause.pieces and found["row"]):
            continue
        if not found["row"]:
            if clause.text:
                columns = heads([cells(line) for line in clause.text.split("\n")])
            above = []
            continue
        line = _cells(policy.text, clause)
        for n, up in enumerate(above[: len(line)]):
            cell = line[n]
            if cell and cell.of(policy.text) in words().table_dittos:
                line[n] = up
        if not line[0] and above:
            line = _carried(line, above, columns)
        above = line
        for column, cell in zip(columns, line, strict=False):
            role = column_role(column)
            if cell and role:
                yield clause.locator, cell, role


def _carried(
    line: list[Span | None], above: list[Span | None], columns: tuple[str, ...]
) -> list[Span | None]:
    line += [None] * (len(above) - len(line))
    first = next((n for n, cell in enumerate(line) if cell), 0)
    own = first < len(columns) and columns[first].replace(" ", "") in words().table_serials
    upto = first if own else len(above)
    return [cell or (above[n] if n < min(upto, len(above)) else None) for n, cell in enumerate(line)]


def column_role(column: str) -> Role | None:
    """Return the role that the word over a column gives (牵头单位), or None."""
    found = phrases().label.fullmatch(re.sub(r"\s", "", column) + "：")
    return phrases().roles[found["role"]] if found and found["role"] else None


def _cells(text: str, clause: Clause) -> list[Span | None]:
    """Return the places of a row's cells; None for an empty one. Blank cells may open the line."""
    end = clause.pieces[-1].end
    start = text.rfind("\n", 0, clause.pieces[0].start) + 1
    return [Span(a, b) if a < b else None for a, b in cell_places(text, start, end)]
