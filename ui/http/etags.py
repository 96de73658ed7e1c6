"""What depends on the store's generation alone is sent once: ETag, If-None-Match, 304 (RFC 9110)."""

import hashlib
import secrets
from collections.abc import Callable
from datetime import date

from fastapi import HTTPException, Request, Response

from ui.doors import Provider

_STARTED = secrets.token_hex(8)  # another program may write the same facts otherwise
_KEEPING = "private, no-cache"  # keep it, and ask whether it still holds


def fresh(library: Provider) -> Callable[[Request, Response], None]:
    """Return what an endpoint depends on whose answer follows from generation, request and day."""

    def unless_known(request: Request, response: Response) -> None:
        tag = _tag(library().generation, request)
        headers = {"etag": tag, "cache-control": _KEEPING}
        if tag in _given(request):
            raise HTTPException(304, headers=headers)
        response.headers.update(headers)

    return unless_known


def _tag(generation: str, request: Request) -> str:
    asked = (_STARTED, generation, date.today().isoformat(), request.scope["raw_path"], request.url.query)
    return f'"{hashlib.sha256(repr(asked).encode()).hexdigest()[:32]}"'


def _given(request: Request) -> frozenset[str]:
    """Return the tags of If-None-Match; its comparison is the weak one (RFC 9110, 13.1.2)."""
    listed = ",".join(request.headers.getlist("if-none-match")).split(",")
    return frozenset(tag.strip().removeprefix("W/") for tag in listed)
