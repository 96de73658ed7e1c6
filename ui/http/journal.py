"""A number for every request, and a line of JSON about it where ZHENGWEN_LOG asks for one.

A line has no question and no address of a person: only the path's pattern is told, never what was put in.
"""

import json
import re
import secrets
import sys
import time
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TextIO

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_GIVEN = re.compile(r"[A-Za-z0-9._-]{1,64}")


@dataclass(slots=True)
class _Request:
    id: str
    account: str = ""


_current: ContextVar[_Request | None] = ContextVar("request", default=None)


def request_id() -> str:
    """Return the number of the request that is being answered, or nothing outside of one."""
    current = _current.get()
    return current.id if current else ""


def name_account(name: str) -> None:
    """Tell whose request this is."""
    current = _current.get()
    if current:
        current.account = name


class Journal:
    """Stands before the whole service; writes to `out`, or nothing where it is None."""

    def __init__(self, app: ASGIApp, out: TextIO | None) -> None:
        self._app = app
        self._out = out

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        current = _Request(given if _GIVEN.fullmatch(given) else secrets.token_hex(8))
        token, began, status = _current.set(current), time.perf_counter(), 500

        async def marked(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(raw=list(message.get("headers", ())))
                headers["x-request-id"] = current.id
                message = {**message, "headers": headers.raw}
            await send(message)

        try:
            await self._app(scope, receive, marked)
        finally:
            _current.reset(token)
            if self._out is not None:
                self._write(current, scope, status, time.perf_counter() - began)

    def _write(self, current: _Request, scope: Scope, status: int, seconds: float) -> None:
        row = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "request_id": current.id,
            "method": scope["method"],
            "path": _pattern(scope),
            "status": status,
            "ms": round(seconds * 1000, 1),
            "account": current.account,
        }
        print(json.dumps(row, ensure_ascii=False), file=self._out or sys.stderr, flush=True)


def _pattern(scope: Scope) -> str:
    """Return the path as the routes write it; of a path without a route the first part alone."""
    path = getattr(scope.get("route"), "path", None)
    return str(path) if path else "/" + scope["path"].split("/")[1][:40]
