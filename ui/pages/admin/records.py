"""操作记录: the audit log with filters, page by page, and as a table to export; for admins."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import astuple, fields
from datetime import date, datetime, timedelta
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import StreamingResponse

from ui.http.journal import request_id
from ui.http.signing import signed_in
from ui.ledger.accounts import Account
from ui.ledger.audit import ACTIONS, OUTCOMES, AuditRow, Filter
from ui.ledger.database import stamp
from ui.pages.admin.room import view
from ui.service import Service
from ui.times import CHINA

_TAB = "/admin/audit"
_PAGE = 50


def router(service: Service) -> APIRouter:
    """Return ``/admin/audit`` and ``/admin/audit.csv``."""
    routes = APIRouter(include_in_schema=False)
    log = service.ledger.audit
    Admin = Annotated[Account, Depends(signed_in(service, "admin"))]  # noqa: N806  a type

    @routes.get(_TAB)
    def records(
        account: Admin,
        request: Request,
        chosen: Annotated[Filter, Depends(_chosen)],
        before: Annotated[int | None, Query(ge=1)] = None,
    ) -> Response:
        rows = log.rows(chosen, before=before, limit=_PAGE + 1)
        given = {name: value for name, value in request.query_params.items() if name != "before" and value}
        older = urlencode(given | {"before": rows[_PAGE - 1].id}) if len(rows) > _PAGE else ""
        return view(
            "admin/audit.html", account, _TAB, rows=rows[:_PAGE], total=log.count(chosen), given=given,
            older=older, newest=urlencode(given), before=before, actions=ACTIONS, outcomes=OUTCOMES,
        )  # fmt: skip

    @routes.get(_TAB + ".csv")
    def table(account: Admin, chosen: Annotated[Filter, Depends(_chosen)]) -> Response:
        log.write(account.name, "export", subject="操作记录", request=request_id())
        rows = (astuple(row) for row in log.each(chosen))
        return table_file("audit.csv", [field.name for field in fields(AuditRow)], rows)

    return routes


def table_file(name: str, head: list[str], rows: Iterator[tuple[object, ...]]) -> Response:
    """Return a CSV file as Excel opens it."""

    def lines() -> Iterator[str]:
        yield "\ufeff" + _line(head)
        for row in rows:
            yield _line([_cell(cell) for cell in row])

    return StreamingResponse(
        lines(),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"},
    )


def _cell(cell: object) -> object:
    """Make a text of what Excel would take for a formula."""
    return "'" + str(cell) if str(cell)[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def _line(row: Sequence[object]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(row)
    return out.getvalue()


def _chosen(
    who: str = "", action: str = "", subject: str = "", outcome: str = "", since: str = "", until: str = ""
) -> Filter:
    """Return the filter of a request; days are China's, what is no day lets all through."""
    return Filter(
        who=who.strip(), actions=(action,) if action else (), subject=subject.strip(), outcome=outcome,
        since=_day(since, 0), until=_day(until, 1),
    )  # fmt: skip


def _day(written: str, later: int) -> str:
    try:
        day = date.fromisoformat(written) + timedelta(days=later)
    except (ValueError, OverflowError):
        return ""
    return stamp(datetime(day.year, day.month, day.day, tzinfo=CHINA))
