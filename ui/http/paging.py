"""Long lists in pages: limit and offset, the total, and links to the other pages (RFC 8288)."""

from collections.abc import Sequence
from typing import Annotated, TypeVar
from urllib.parse import urlencode

from fastapi import Query, Request, Response

MOST = 1_000  # rows in a page
_FARTHEST = 1_000_000
Row = TypeVar("Row")

Limit = Annotated[int | None, Query(ge=1, le=MOST, description="Rows in a page; without it all are given")]
Offset = Annotated[int, Query(ge=0, le=_FARTHEST, description="Rows that are left out before the page")]


class Page:
    """What a request wants of a list; a dependency of the endpoints that give one."""

    def __init__(self, request: Request, response: Response, limit: Limit = None, offset: Offset = 0) -> None:
        self._request, self._response = request, response
        self.limit, self.offset = limit, offset

    def of(self, rows: Sequence[Row]) -> list[Row]:
        """Return the rows of the page; the headers tell how many there are and where the others stand."""
        linked(self._request, self._response, total=len(rows), limit=self.limit, offset=self.offset)
        end = len(rows) if self.limit is None else self.offset + self.limit
        return list(rows[self.offset : end])


def linked(request: Request, response: Response, *, total: int, limit: int | None, offset: int) -> None:
    """Set ``X-Total-Count``, and ``Link`` where there is more than one page."""
    response.headers["x-total-count"] = str(total)
    if limit is None:
        return
    last = max(0, (total - 1) // limit * limit)
    wanted = {"first": 0, "last": last}
    if offset > 0:
        wanted["prev"] = min(max(0, offset - limit), last)
    if offset + limit < total:
        wanted["next"] = offset + limit
    if total > limit or offset:
        told = (f'<{_address(request, limit, start)}>; rel="{name}"' for name, start in wanted.items())
        response.headers["link"] = ", ".join(told)


def _address(request: Request, limit: int, offset: int) -> str:
    """Return the address of a page, relative to this host: the service trusts no Host header."""
    kept = [pair for pair in request.query_params.multi_items() if pair[0] not in ("limit", "offset")]
    path = request.scope["raw_path"].decode("ascii", "replace")
    return f"{path}?{urlencode([*kept, ('limit', limit), ('offset', offset)])}"
