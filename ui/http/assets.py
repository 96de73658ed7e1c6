"""Files that never change, kept in memory as they were first sent: no compressing for each visitor."""

import threading

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_LASTING = ("/batch/assets/", "/batch/static/", "/batch/theme.css", "/zw/")
_MOST = 32_000_000  # bytes that are kept


class Assets:
    """Answers for `app` where a lasting file was sent before, and remembers what it sends."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._kept: dict[tuple[str, bytes, str], tuple[Message, bytes]] = {}
        self._size = 0
        self._lock = threading.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request for a file."""
        headers = Headers(scope=scope) if scope["type"] == "http" else Headers()
        lasting = scope["type"] == "http" and scope["path"].startswith(_LASTING)
        plain = (
            lasting
            and scope["method"] == "GET"
            and not {"range", "if-none-match", "if-modified-since"} & {*headers}
        )
        if not plain:
            await self._app(scope, receive, send)
            return
        key = (scope["path"], scope["query_string"], headers.get("accept-encoding", ""))
        if (found := self._kept.get(key)) is not None:
            await send(found[0])
            await send({"type": "http.response.body", "body": found[1]})
            return
        await self._app(scope, receive, _Recorder(self, key, send))

    def keep(self, key: tuple[str, bytes, str], start: Message, body: bytes) -> None:
        """Remember a whole response, while there is room."""
        with self._lock:
            if key not in self._kept and self._size + len(body) <= _MOST and len(self._kept) < 2000:
                headers = MutableHeaders(raw=list(start["headers"]))
                headers["content-length"] = str(len(body))
                self._kept[key] = {**start, "headers": headers.raw}, body
                self._size += len(body)


class _Recorder:
    """Sends a response on and hands it to the shelf once it is whole."""

    def __init__(self, shelf: Assets, key: tuple[str, bytes, str], send: Send) -> None:
        self._shelf, self._key, self._send = shelf, key, send
        self._start: Message | None = None
        self._body: list[bytes] = []

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message if message["status"] == 200 else None
        elif message["type"] == "http.response.body" and self._start is not None:
            self._body.append(message.get("body", b""))
            if not message.get("more_body", False):
                self._shelf.keep(self._key, self._start, b"".join(self._body))
        await self._send(message)
