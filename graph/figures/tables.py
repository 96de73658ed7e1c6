"""Figures in the rows of a table: the head of the column tells the role, the head of the row the case."""

import re
from dataclasses import dataclass, replace

from graph.facts import QuantityRole
from graph.figures.site import Found, Setting
from graph.figures.topics import is_party
from graph.figures.words import has, pattern
from ingest.model import Clause, Policy

_BORDER = re.compile(r"[\t|]")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a row: its range in the row's text, the heads of its column and its row, the caption."""

    start: int
    end: int
    column: str
    row: str
    caption: str


def cells(clause: Clause, policy: Policy) -> list[Cell]:
    """Return the cells of a row; none when `clause` is no row or its table's head does not fit it."""
    if not clause.parent or not _BORDER.search(clause.text):
        return []
    head = next((other for other in policy.clauses if other.locator == clause.parent), None)
    names = _BORDER.split(head.text) if head else []
    printed = _BORDER.split(clause.text)
    if head is None or len(names) != len(printed):
        return []
    titles = [text for name, text in zip(names, printed, strict=True) if not _numbering(name, text)]
    found, left = [], 0
    for name, text in zip(names, printed, strict=True):
        found.append(Cell(left, left + len(text), "".join(name.split()), "".join(titles[:1]), head.title))
        left += len(text) + 1
    return found


def _numbering(name: str, text: str) -> bool:
    return has(name, "tables", "numbering") or re.fullmatch(r"\s*\d*\s*", text) is not None


def in_cell(item: Found, cell: Cell) -> Found:
    """Return a figure as its column and its row read it; one in the row's own head stays as it is."""
    what = _role(item, cell)
    row = "".join(cell.row.split())
    if what is None or item.site.figure.start == item.site.figure.end or item.site.text == row:
        return item
    own = re.sub("[，、：；（]+$", "", item.site.text[item.site.sentence[0] : item.site.figure.lead])
    return replace(
        item,
        role=what,
        setting=Setting(
            row if is_party(row) else "", "，".join(filter(None, (row, own))), item.setting.payer, 0.9
        ),
    )


def _role(item: Found, cell: Cell) -> QuantityRole | None:
    """Return the role that the head of the column gives, None where it gives none."""
    figure, head = item.site.figure, cell.column
    if figure.family in ("date", "period", "frequency", "ratio", "doubling"):
        return None
    if (
        item.role == "threshold"
        and figure.family == "money"
        and re.match("的[按补奖]", item.site.place.after)
    ):
        return None  # 5000万元至1亿元的补6%, within a column of what is given
    if figure.family == "duration":
        return "threshold" if has(head, "tables", "threshold") else None
    if figure.family == "count":
        aimed = has(head + cell.caption, "tables", "aim")
        return "target" if aimed else "threshold" if has(head, "tables", "threshold") else None
    if has(head, "tables", "aim", "fund"):
        return None
    if has(head, "tables", "cap"):
        return "loan_limit" if has(head, "roles", "loan") else "cap"
    if figure.bound == "at_most" and figure.lead < figure.start and has(head, "give", "nouns"):
        return "cap"
    for title in (head, cell.caption) if has(head, "tables", "sum") else (head,):
        nouns = list(pattern("give", "reward", "subsidy").finditer(title))
        if nouns and figure.family == "rate":
            return "per_unit_rate"
        if nouns:
            return "reward" if has(nouns[-1].group(), "give", "reward") else "subsidy"
    return "threshold" if has(head, "tables", "threshold") else None
