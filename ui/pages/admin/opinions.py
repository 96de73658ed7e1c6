"""反馈: what people thought of the answers, with the question and the clauses that were cited."""

from dataclasses import astuple, fields
from datetime import timedelta
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Response

from ui.http.journal import request_id
from ui.http.signing import signed_in
from ui.ledger.accounts import Account
from ui.ledger.database import stamp
from ui.ledger.feedback import FeedbackRow
from ui.pages.admin.records import table_file
from ui.pages.admin.room import view
from ui.pages.ways import document
from ui.service import Service

_TAB = "/admin/feedback"
_PAGE = 50
_USEFUL = {"yes": True, "no": False}


def router(service: Service) -> APIRouter:
    """Return ``/admin/feedback`` and ``/admin/feedback.csv``."""
    routes = APIRouter(include_in_schema=False)
    kept = service.ledger.feedback
    Person = Annotated[Account, Depends(signed_in(service))]  # noqa: N806  a type

    @routes.get(_TAB)
    def opinions(
        account: Person,
        useful: Literal["", "yes", "no"] = "",
        before: Annotated[int | None, Query(ge=1)] = None,
    ) -> Response:
        rows = kept.rows(useful=_USEFUL.get(useful), before=before, limit=_PAGE + 1)
        now = service.ledger.clock()
        periods = [(days, *kept.counts(stamp(now - timedelta(days=days)))) for days in (7, 30, 365)]
        older = urlencode({"useful": useful, "before": rows[_PAGE - 1].id}) if len(rows) > _PAGE else ""
        return view(
            "admin/feedback.html", account, _TAB, rows=[(row, _places(row)) for row in rows[:_PAGE]],
            periods=periods, useful=useful, older=older, before=before,
        )  # fmt: skip

    @routes.get(_TAB + ".csv")
    def table(account: Person) -> Response:
        service.ledger.audit.write(account.name, "export", subject="反馈", request=request_id())
        rows = (
            tuple("；".join(cell) if isinstance(cell, tuple) else cell for cell in astuple(row))
            for row in kept.each()
        )
        return table_file("feedback.csv", [field.name for field in fields(FeedbackRow)], rows)

    return routes


def _places(row: FeedbackRow) -> list[tuple[str, str]]:
    """Return each cited clause ("source locator") with its address."""
    return [(place, document(*place.split(" ", 1))) for place in row.cited]
