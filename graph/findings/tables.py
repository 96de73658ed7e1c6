"""A table's row of totals against the rows that it sums up."""

import re
from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction

from graph.findings.page import Block, Page
from ingest.model import Finding

_CELL = re.compile(r"\s*(?:\t|\|)\s*")
_SUM = re.compile(r"合\s*计|总\s*计|共\s*计|小\s*计")


def check(page: Page) -> Iterator[Finding]:
    """Yield totals that are not the sum of their column."""
    rows: dict[str, list[tuple[Block, list[str]]]] = defaultdict(list)
    for block in page.blocks:
        if re.search(r"/行\d+$", block.locator):
            rows[block.locator.rpartition("/")[0]].append((block, _CELL.split(block.holder.text.strip())))
    for table in rows.values():
        totals = [n for n, (_, cells) in enumerate(table) if any(_SUM.fullmatch(c) for c in cells[:2])]
        if len(totals) == 1 and totals[0] in (0, len(table) - 1) and len(table) >= 4:
            yield from _columns(table, totals[0])


def _columns(table: list[tuple[Block, list[str]]], at: int) -> Iterator[Finding]:
    block, total = table[at]
    others = [cells for n, (_, cells) in enumerate(table) if n != at]
    if any(len(cells) != len(total) for cells in others):
        return
    for column in range(1, len(total)):
        values = [_plain(cells[column]) for cells in others]
        stated = _plain(total[column])
        if stated is None or any(v is None for v in values) or len({*values}) == 1:
            continue
        summed = sum(v for v in values if v is not None)
        if abs(summed - stated) > max(Fraction(1, 20) * len(values), Fraction(0)) and not _running(values):
            said = f"表中第 {column + 1} 列合计写 {total[column].strip()}，各行相加是 {float(summed):g}"
            yield Finding("error", "table-total", said, block.span(0, len(block.text)))


def _running(values: list[Fraction | None]) -> bool:
    """Say whether a column counts its rows: 1, 2, 3."""
    return values == [Fraction(n) for n in range(1, len(values) + 1)]


def _plain(cell: str) -> Fraction | None:
    found = re.fullmatch(r"(\d+(?:\.\d+)?)(?:%|家|户|人|个|万元|元|亩)?", cell.replace(",", "").strip())
    return Fraction(found[1]) if found and "%" not in cell else None
