"""A small ASGI guard in front of everything: what may be reached, how large, and with which headers.

Gradio as served leaves doors open that this service does not use (anonymous upload, monitoring,
named endpoints, file and proxy reading) and pages without security headers. The guard lets through
what is listed here and answers 404 to the rest.
"""

import re
import secrets
import time
from collections.abc import Mapping
from types import MappingProxyType

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.http.metrics import Metrics
from ui.http.problems import problem
from ui.pages.chat.gradio import rewrite
from ui.pages.frame import CHAT, PLACES

_API = frozenset(
    {"/sparql", "/healthz", "/readyz", "/metrics", "/docs", "/openapi.json", "/sign-in", "/sign-out"}
)
_UPLOAD = "/api/v1/documents"
_API_BELOW = ("/api/v1/", "/guide/", "/zw/")
_PAGES = frozenset(place.path for place in PLACES if place != CHAT)  # and what is below them
_GRADIO = frozenset(  # what Gradio's page itself fetches, and nothing more
    {
        "/theme.css", "/favicon.ico", "/robots.txt", "/gradio_api/startup-events",
        "/gradio_api/queue/join", "/gradio_api/queue/data", "/gradio_api/run/predict",
    }
)  # fmt: skip
_GRADIO_BELOW = ("/assets/", "/static/", "/gradio_api/heartbeat/")
_LASTING = re.compile(r"/assets/|/zw/[^?]+\?v=")  # named by their content: a browser may keep them

_HEADERS: Mapping[str, str] = MappingProxyType(
    {
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "same-origin",
        "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
    }
)
# Gradio compiles HTML templates and event scripts in the browser, hence 'unsafe-eval'; inline scripts
# run only with the nonce of the response, so markup that slipped through escaping stays dead.
_PAGE_POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'self'; frame-ancestors 'none'"
)
_SITE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_DATA_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


class Guard:
    """Sends requests to the API and our pages or to Gradio's, whichever the path belongs to.

    `body_limit` is the largest body in bytes, `upload_limit` that of a document sent in.
    """

    def __init__(
        self,
        api: ASGIApp,
        pages: ASGIApp,
        *,
        body_limit: int,
        upload_limit: int,
        metrics: Metrics,
    ) -> None:
        self._api = api
        self._gradio = pages
        self._body_limit = body_limit
        self._upload_limit = upload_limit
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] == "lifespan":
            await self._gradio(scope, receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)
        else:  # no page uses web sockets
            await send({"type": "websocket.close", "code": 1008})

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope["path"]
        target = f"{path}?{scope['query_string'].decode('latin-1')}"
        answer = _Sender(send, target=target, nonce=secrets.token_urlsafe(16), chat=path == CHAT.path)
        began = time.perf_counter()
        try:
            app = self._room(path)
            if app is None:
                await problem(404, "没有这个地址", "可用的接口列在 /docs")(scope, receive, answer)
            else:
                limit = self._upload_limit if path == _UPLOAD else self._body_limit
                await _within(limit, app, scope, receive, answer)
        finally:
            self._metrics.count(path, answer.status, time.perf_counter() - began)

    def _room(self, path: str) -> ASGIApp | None:
        if path in _API or path.startswith(_API_BELOW) or "/" + path.split("/")[1] in _PAGES:
            return self._api
        if path == CHAT.path or path in _GRADIO or path.startswith(_GRADIO_BELOW):
            return self._gradio
        return None


async def _within(limit: int, app: ASGIApp, scope: Scope, receive: Receive, answer: "_Sender") -> None:
    """Run `app` for a request whose body may hold `limit` bytes; answer 413 to a larger one."""
    too_large = problem(413, f"内容超过 {limit} 字节", "把内容缩短后再发")
    declared = Headers(scope=scope).get("content-length", "0")
    if not declared.isdigit() or int(declared) > limit:
        await _drain(receive, limit)
        await too_large(scope, receive, answer)
        return
    taken = 0

    async def counted() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        return {"type": "http.disconnect"} if taken > limit else message

    async def unless_over(message: Message) -> None:
        if taken <= limit:
            await answer(message)

    try:
        await app(scope, counted, unless_over)
    except Exception:
        if taken <= limit:
            raise
    if taken > limit:
        await too_large(scope, receive, answer)


async def _drain(receive: Receive, budget: int) -> None:
    """Read on for a while: a client that is cut off while it sends does not see why."""
    more = True
    while more and budget > 0:
        message = await receive()
        more = message.get("more_body", False)
        budget -= len(message.get("body", b""))


class _Sender:
    """Sends a response on, with the guard's headers; a page's HTML is held back and rewritten."""

    def __init__(self, send: Send, *, target: str, nonce: str, chat: bool) -> None:
        self._send = send
        self._target = target
        self._nonce = nonce
        self._chat = chat
        self._held: Message | None = None
        self._body: list[bytes] = []
        self.status = 500  # until the application says otherwise

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(raw=list(message.get("headers", ())))
            is_html = headers.get("content-type", "").startswith("text/html")
            self._dress(headers, html=is_html)
            message = {**message, "headers": headers.raw}
            if self._chat and is_html:
                self._held = message
                return
        elif self._held is not None and message["type"] == "http.response.body":
            self._body.append(message.get("body", b""))
            if not message.get("more_body", False):
                await self._release(self._held)
            return
        await self._send(message)

    async def _release(self, start: Message) -> None:
        html = b"".join(self._body).decode()
        body = rewrite(html, nonce=self._nonce).encode()
        headers = MutableHeaders(raw=start["headers"])
        headers["content-length"] = str(len(body))
        await self._send({**start, "headers": headers.raw})
        await self._send({"type": "http.response.body", "body": body})

    def _dress(self, headers: MutableHeaders, *, html: bool) -> None:
        for name, value in _HEADERS.items():
            headers[name] = value
        policy = _DATA_POLICY if not html else _PAGE_POLICY if self._chat else _SITE_POLICY
        headers["content-security-policy"] = policy.format(nonce=self._nonce)
        if html:
            headers.setdefault("cache-control", "no-store")
        elif _LASTING.match(self._target):
            headers["cache-control"] = "public, max-age=31536000, immutable"
