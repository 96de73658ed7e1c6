"""Two or three documents side by side in words, for page and command."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from qa.aligning.changes import Change
from qa.aligning.sheet import Row, Sheet
from ui import words

KINDS = {"figure": "数字", "date": "日期", "unit": "单位", "words": "措辞"}


@dataclass(frozen=True, slots=True)
class Told:
    """A changed fact in words: what it is, and what each document says."""

    what: str
    values: tuple[str, ...]


def naming(sheet: Sheet) -> tuple[str, ...]:
    """Return a short name for each document: its place; where places repeat, its title."""
    places = Counter(side.jurisdiction for side in sheet.sides)
    return tuple(
        side.jurisdiction if side.jurisdiction and places[side.jurisdiction] == 1 else side.title
        for side in sheet.sides
    )


def badge(row: Row, names: Sequence[str]) -> str:
    """Say in a few words how the documents stand to one another here."""
    if row.state == "only":
        return "只在" + next(name for name, cells in zip(names, row.cells, strict=True) if cells)
    if row.state == "same":
        return "相同"
    return "、".join(KINDS[kind] for kind in row.kinds) + "不同"


def heading(row: Row) -> str:
    """Return what a measure is called: the first title that a document gives it, else the first words."""
    cells = [cell for held in row.cells for cell in held]
    title = next((cell.piece.title for cell in cells if cell.piece.title), "")
    return title or cells[0].piece.plain[:20] + "…"


def told(row: Row, names: Sequence[str]) -> list[Told]:
    """Return what changed, in words; what only one document says is gathered by kind."""
    found: list[tuple[str, Told]] = []
    lone: dict[tuple[str, int], list[str]] = {}
    for change in row.changes:
        given = [(at, value) for at, value in enumerate(change.values) if value]
        if change.kind == "unit" or len(given) > 1:
            values = tuple(said(row, at, value) for at, value in enumerate(change.values))
            found.append((change.kind, Told(label(change), values)))
        else:
            lone.setdefault((change.kind, given[0][0]), []).append(given[0][1])
    for (kind, at), held in lone.items():
        counted = "、".join(f"{value}（{n} 处）" if n > 1 else value for value, n in Counter(held).items())
        values = tuple(said(row, n, counted if n == at else None) for n in range(len(names)))
        found.append((kind, Told(KINDS[kind], values)))
    return [change for _, change in sorted(found, key=lambda pair: list(KINDS).index(pair[0]))]


def said(row: Row, at: int, value: str | None) -> str:
    """Say what a document gives for a fact, or why it gives nothing."""
    return value or ("没有写" if row.cells[at] else "没有这一条")


def label(change: Change) -> str:
    """Return what a changed fact is called."""
    if change.kind == "unit":
        return {"units": "不同的单位"}.get(change.label) or f"不同的{words.ROLES[change.label]}单位"
    return words.FIGURES.get(change.label, KINDS[change.kind])
