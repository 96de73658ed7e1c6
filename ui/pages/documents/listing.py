"""The page of all documents: searched, filtered, put in order, shown a page at a time, exported whole."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response

from graph.queries import PolicyRow
from qa.register import ORDERS, Entry, Order, Register
from ui.frame import page
from ui.http.exports import address, exported
from ui.pages.documents.kept import KeptDocuments
from ui.pages.ways import document
from ui.tables import Cell, Link, Table
from ui.words import POLICY_STATUS

PER_PAGE = 25
_WITH_FINDINGS = 500  # findings are worked out document by document: a longer export goes without
_ORDERS = {
    "newest": "成文日期从近到远",
    "oldest": "成文日期从远到近",
    "title": "标题",
    "place": "适用地区",
    "number": "文号",
}
TODAY = {"in_force": "有效", "expired": "已失效", "draft": "尚未生效", "unknown": "未写明期限"}
_COLUMNS = (
    *("标题", "文号", "发文机关", "适用地区", "成文日期", "状态", "今天", "条款", "数据", "可疑之处"),
)


def router(kept: KeptDocuments) -> APIRouter:
    """Return the page ``/documents``."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/documents")
    def documents(
        request: Request,
        q: Annotated[str, Query(max_length=200)] = "",
        place: Annotated[str, Query(max_length=100)] = "",
        status: Annotated[str, Query(max_length=20)] = "",
        order: Annotated[str, Query(max_length=20)] = "newest",
        at: Annotated[int, Query(alias="page", ge=1, le=1_000_000)] = 1,
    ) -> Response:
        register = kept.register()
        chosen: Order = next((known for known in ORDERS if known == order), "newest")
        found = register.find(q, jurisdiction=place, status=status, order=chosen)
        if request.query_params.get("format"):
            file = exported(request, "文件目录", _table(register, found, len(found) <= _WITH_FINDINGS))
            assert file is not None  # noqa: S101  a format is asked for
            return file
        pages = max(1, -(-len(found) // PER_PAGE))
        at = min(at, pages)
        asked = {"q": q, "place": place, "status": status, "order": chosen if chosen != "newest" else ""}
        return page(
            "documents/list.html",
            here="/documents",
            table=_table(register, found[(at - 1) * PER_PAGE : at * PER_PAGE], findings=True),
            total=len(register.heads),
            found=len(found),
            asked={**asked, "order": chosen},
            areas=register.jurisdictions,
            states=POLICY_STATUS,
            orders=_ORDERS,
            files=address(request),
            at=at,
            pages=pages,
            before=_address(asked, at - 1) if at > 1 else "",
            after=_address(asked, at + 1) if at < pages else "",
        )

    return routes


def _address(asked: dict[str, str], at: int) -> str:
    given = {name: value for name, value in asked.items() if value}
    return "/documents?" + urlencode(given | {"page": str(at)})


def _table(register: Register, rows: Sequence[PolicyRow], findings: bool) -> Table:
    entries = register.tell(rows, date.today(), findings=findings)
    columns = _COLUMNS if findings else _COLUMNS[:-1]
    return Table("documents", "全部文件", columns, tuple(_row(entry, len(columns)) for entry in entries))


def _row(entry: Entry, width: int) -> tuple[Cell, ...]:
    head = entry.head
    cells: tuple[Cell, ...] = (
        Link(head.title, document(head.source)),
        head.number,
        head.issuer,
        head.jurisdiction,
        head.date,
        POLICY_STATUS[head.status],
        TODAY[entry.validity.state],
        entry.clauses,
        entry.figures,
        entry.findings,
    )
    return cells[:width]
