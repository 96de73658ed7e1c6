"""A table as pages show it and files hold it: title, columns, rows of typed cells; as XLSX and as CSV."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from unicodedata import east_asian_width

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet


@dataclass(frozen=True, slots=True)
class Link:
    """A text or number that leads somewhere; `href` is an address of this service."""

    shown: str | int | float
    href: str


Cell = str | int | float | Link | tuple[Link, ...] | None
_LONGEST = 32_767  # characters in a cell of XLSX
_MOST_LINKS, _LONGEST_LINK = 65_530, 2_000  # on a sheet of XLSX
_CUT = "……（太长，余下的见网页）"
_NO_SHEET_NAME = str.maketrans("[]:*?/\\", "（）：＊？／＼")


@dataclass(frozen=True, slots=True)
class Table:
    """What is shown is what is exported. `key` names the table among those of its page, in Latin letters.

    Rows are as long as `columns`. An empty cell is None.
    """

    key: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def numeric(self, column: int) -> bool:
        """Say whether a column (from 0) holds numbers and nothing else."""
        held = [plain(row[column]) for row in self.rows if row[column] is not None]
        return bool(held) and not any(isinstance(value, str) for value in held)

    def part(self, start: int, stop: int) -> "Table":
        """Return the table with these rows only, for a page that shows some at a time."""
        return replace(self, rows=self.rows[start:stop])


def plain(cell: Cell) -> str | int | float:
    """Return what a cell shows; several links are joined as in a list, an empty cell is an empty text."""
    if cell is None:
        return ""
    if isinstance(cell, Link):
        return cell.shown
    if isinstance(cell, tuple):
        return "、".join(str(link.shown) for link in cell)
    return cell


def as_csv(table: Table) -> Iterator[str]:
    """Yield the lines of the table as CSV (RFC 4180), with the mark by which spreadsheets know UTF-8."""
    yield "\ufeff" + _line(table.columns)
    for row in table.rows:
        yield _line([plain(cell) for cell in row])


def _line(values: Sequence[str | int | float]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(harmless(value) if isinstance(value, str) else value for value in values)
    return line.getvalue()


def harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula (OWASP, CSV injection)."""
    return "'" + text if text.startswith(("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")) else text


def as_xlsx(tables: Sequence[Table], host: str = "") -> bytes:
    """Return a workbook with a sheet a table: header row frozen, numbers as numbers, texts never formulas.

    `host` (``https://name``) is put before the addresses of links; without it links are plain texts.
    """
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True}) as book:
        head = book.add_format({"bold": True, "bg_color": "#E8EFF8", "border": 1, "text_wrap": True})
        body = book.add_format({"valign": "top", "text_wrap": True})
        for name, table in zip(sheet_names(tables), tables, strict=True):
            sheet = book.add_worksheet(name)
            for column, width in enumerate(widths(table)):
                sheet.set_column(column, column, width)
            sheet.freeze_panes(1, 0)
            for column, title in enumerate(table.columns):
                sheet.write_string(0, column, title, head)
            _write_rows(sheet, table, host, body)
            sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)
    return out.getvalue()


def _write_rows(sheet: "Worksheet", table: Table, host: str, look: "Format") -> None:
    links = 0
    for at, row in enumerate(table.rows, start=1):
        for column, cell in enumerate(row):
            value = plain(cell)
            if not isinstance(value, str):
                sheet.write_number(at, column, value, look)
                continue
            value = value if len(value) <= _LONGEST else value[: _LONGEST - len(_CUT)] + _CUT
            link = host + cell.href if host and isinstance(cell, Link) else ""
            if value and 0 < len(link) <= _LONGEST_LINK and links < _MOST_LINKS:
                links += 1
                sheet.write_url(at, column, link, look, value)
            else:
                sheet.write_string(at, column, value, look)


def sheet_names(tables: Sequence[Table]) -> list[str]:
    """Return a name for each sheet that spreadsheet programs accept: short, without marks, no two alike."""
    found: list[str] = []
    for table in tables:
        short = table.title.translate(_NO_SHEET_NAME).encode("utf-16-le", "replace")[:52]  # 26 units
        name = short.decode("utf-16-le", "ignore").strip("'") or table.key
        number, told, taken = 1, name, {other.casefold() for other in found}
        while told.casefold() in taken:  # at most as many times as there are tables
            number += 1
            told = f"{name}~{number}"
        found.append(told)
    return found


def widths(table: Table) -> list[float]:
    """Return a width for each column in characters of a spreadsheet; a Chinese one takes two."""
    found = []
    for column, title in enumerate(table.columns):
        cells = [str(plain(row[column])) for row in table.rows[:200]]
        longest = max((_width(line) for text in (title, *cells) for line in text.split("\n")), default=0)
        found.append(float(min(max(longest + 3, 6), 60)))
    return found


def _width(text: str) -> int:
    return sum(2 if east_asian_width(char) in "WFA" else 1 for char in text)
