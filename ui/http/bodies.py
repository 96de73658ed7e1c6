"""Request bodies within limits: how large, and how long a client may take to send one."""

import asyncio

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.http.problems import problem


def _too_large(limit: int) -> Response:
    return problem(413, f"内容超过 {limit} 字节", "把内容缩短后再发")


def _too_slow() -> Response:
    return problem(408, "请求没有在限定的时间内发完", "检查网络后再发")


class _OverError(Exception):
    def __init__(self, response: Response) -> None:
        self.response = response


def declared_within(scope: Scope, limit: int) -> bool:
    """Say whether the body that a request announces may come."""
    declared = Headers(scope=scope).get("content-length", "0")
    return declared.isdecimal() and int(declared) <= limit


def bounded(receive: Receive, limit: int, seconds: float) -> Receive:
    """Return `receive` with an end: raises _OverError past `limit` bytes or `seconds` of waiting in all."""
    taken, left, ended = 0, seconds, False

    async def counted() -> Message:
        nonlocal taken, left, ended
        if ended:  # the body is here: who asks now waits for the client to go
            return await receive()
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            async with asyncio.timeout(left):
                message = await receive()
        except TimeoutError:
            raise _OverError(_too_slow()) from None
        left -= loop.time() - began
        taken += len(message.get("body", b""))
        if taken > limit:
            raise _OverError(_too_large(limit))
        ended = not message.get("more_body", False)
        return message

    return counted


async def whole(
    app: ASGIApp, scope: Scope, receive: Receive, send: Send, *, limit: int, seconds: float
) -> None:
    """Take in the whole body, then run `app`: no place is held while a client sends slowly."""
    counted, pieces = bounded(receive, limit, seconds), list[bytes]()
    more = scope["method"] not in ("GET", "OPTIONS")
    try:
        if not declared_within(scope, limit):
            raise _OverError(_too_large(limit))
        while more:
            message = await counted()
            if message["type"] == "http.disconnect":
                return
            pieces.append(message.get("body", b""))
            more = message.get("more_body", False)
    except _OverError as over:
        await refuse(over.response, scope, receive, send, limit)
        return
    await app(scope, _replayed(b"".join(pieces), receive), send)


async def streamed(
    app: ASGIApp, scope: Scope, receive: Receive, send: Send, *, limit: int, seconds: float
) -> None:
    """Run `app`, which reads the body itself once it knows that the caller may send one."""
    if not declared_within(scope, limit):
        await refuse(_too_large(limit), scope, receive, send, limit)
        return
    over: list[Response] = []
    counted = bounded(receive, limit, seconds)

    async def told() -> Message:
        try:
            return await counted()
        except _OverError as error:
            over.append(error.response)
            return {"type": "http.disconnect"}

    async def unless_over(message: Message) -> None:
        if not over:
            await send(message)

    try:
        await app(scope, told, unless_over)
    except Exception:
        if not over:
            raise
    if over:
        await over[0](scope, receive, send)


async def refuse(response: Response, scope: Scope, receive: Receive, send: Send, budget: int) -> None:
    """Answer without the application; reads on for a moment, since who is cut off does not see why."""
    more = scope["method"] not in ("GET", "OPTIONS") and response.status_code != 408
    try:
        async with asyncio.timeout(2):
            while more and budget > 0:
                message = await receive()
                more = message.get("more_body", False)
                budget -= len(message.get("body", b""))
    except TimeoutError:
        response.headers["connection"] = "close"
    await response(scope, receive, send)


def _replayed(body: bytes, receive: Receive) -> Receive:
    given = False

    async def replay() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay
