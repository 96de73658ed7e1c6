"""职责追溯/文件对照: two or three documents measure by measure, with what differs marked."""

from collections.abc import Sequence
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response

from qa.aligning.changes import Change
from qa.aligning.sheet import Cell, Row, compared
from ui.compared import KINDS, badge, heading, label, naming, said, told
from ui.frame import page
from ui.http.exports import address, exported
from ui.kept import Kept
from ui.pages.ways import document
from ui.service import Service
from ui.tables import Cell as TableCell
from ui.tables import Link, Table

MOST = 3
_KEPT = 8  # comparisons
_PAGE = 100  # measures
SHOWN = {
    "": "全部",
    "differ": "只看不同",
    "figure": "数字不同",
    "date": "日期不同",
    "unit": "单位不同",
    "words": "只是措辞不同",
    "only": "只在一份里",
    "same": "相同",
}


def router(service: Service) -> APIRouter:
    """Return the page ``/duties/compare``."""
    routes, kept = APIRouter(include_in_schema=False), Kept(compared, most=_KEPT)

    @routes.get("/duties/compare")
    def compare(
        request: Request,
        d: list[str] = Query(default=[]),  # noqa: B008
        show: str = "",
        at: int = Query(default=1, ge=1),
    ) -> Response:
        policies = sorted(service.library().policies(), key=lambda row: (row.jurisdiction or "~", row.title))
        held = {row.source for row in policies}
        named = [source for source in d if source]
        chosen = tuple(dict.fromkeys(source for source in named if source in held))[:MOST]
        show = show if show in SHOWN else ""
        trouble = _trouble(named, chosen, held)
        sheet = kept.of(service.generation(), chosen) if len(chosen) > 1 else None
        if sheet is None:
            return page(
                "duties/compare.html", here="/duties", tab="/duties/compare", policies=policies,
                chosen=chosen, trouble=trouble, sheet=None, most=MOST,
            )  # fmt: skip
        names = naming(sheet)
        rows = [row for row in sheet.rows if fits(row, show)]
        if made := exported(request, f"文件对照-{'-'.join(names)}", as_table(rows, names)):
            return made
        last = max(1, -(-len(rows) // _PAGE))
        at = min(at, last)
        return page(
            "duties/compare.html", here="/duties", tab="/duties/compare", policies=policies,
            chosen=chosen, trouble=trouble, sheet=sheet, most=MOST, names=names,
            counts=sheet.counts, show=show, shown=SHOWN, kinds=KINDS,
            document=document, told=lambda row: told(row, names), badge=lambda row: badge(row, names),
            heading=heading, rows=rows[(at - 1) * _PAGE : at * _PAGE], total=len(rows), at=at, last=last,
            files=address(request), way=lambda **to: _way(chosen, **to),
        )  # fmt: skip

    return routes


def _way(chosen: Sequence[str], show: str = "", at: int = 1) -> str:
    """Return the address of this page with another filter or further on."""
    pairs = [*(("d", source) for source in chosen), *((("show", show),) if show else ())]
    return "/duties/compare?" + urlencode([*pairs, *((("at", str(at)),) if at > 1 else ())])


def _trouble(named: Sequence[str], chosen: Sequence[str], held: set[str]) -> str:
    gone = [source for source in named if source not in held]
    if gone:
        return f"没有文件 {'、'.join(gone)}，请重新选择。"
    return "请选两份不同的文件。" if named and len(chosen) < 2 else ""


def fits(row: Row, show: str) -> bool:
    """Say whether a row is shown under a filter of `SHOWN`."""
    if show == "differ":
        return row.state != "same"
    return show in ("", row.state, *row.kinds)


def as_table(rows: Sequence[Row], names: Sequence[str]) -> Table:
    """Return the rows as a table for files: what is shown is what is exported."""
    columns = ["异同", "数字", "日期", "单位"]
    for name in names:
        columns += [f"{name}条款", f"{name}原文"]
    lines = []
    for row in rows:
        facts = [
            "；".join(_line(change, row, names) for change in row.changes if change.kind == kind)
            for kind in ("figure", "date", "unit")
        ]
        line: list[TableCell] = [badge(row, names), *(fact or None for fact in facts)]
        for cells in row.cells:
            links = tuple(
                Link(_place(cell), document(cell.piece.source, cell.piece.locator)) for cell in cells
            )
            line += [
                (links[0] if len(links) == 1 else links) if links else None,
                "\n".join(_text(cell) for cell in cells) or None,
            ]
        lines.append(tuple(line))
    return Table("measures", "文件对照", tuple(columns), tuple(lines))


def _line(change: Change, row: Row, names: Sequence[str]) -> str:
    values = [f"{name} {said(row, at, change.values[at])}" for at, name in enumerate(names)]
    return f"{label(change)}：{'，'.join(values)}"


def _place(cell: Cell) -> str:
    return f"{cell.piece.locator} {cell.piece.title}".strip()


def _text(cell: Cell) -> str:
    return "".join(run.text for run in cell.runs)
