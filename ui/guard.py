"""A small ASGI guard in front of everything: what may be reached, how large, and with which headers.

Gradio as served leaves doors open that this service does not use (anonymous upload, monitoring,
named endpoints, file and proxy reading) and pages without security headers. The guard lets through
what is listed here and answers 404 to the rest.
"""

import re
import secrets
from collections.abc import Mapping
from types import MappingProxyType

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.problems import problem
from ui.shell import rewrite

_API = frozenset({"/sparql", "/healthz", "/readyz", "/metrics", "/docs", "/openapi.json"})
_UPLOAD = "/api/v1/documents"
_API_BELOW = ("/api/v1/", "/zw/")
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
_DATA_POLICY = (
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


class Guard:
    """Sends requests to the API or to Gradio's pages, whichever the path belongs to.

    `paths` are the paths of the pages, `head` what goes into their head, `body_limit` the largest
    body in bytes, `upload_limit` that of a document sent in.
    """

    def __init__(
        self,
        api: ASGIApp,
        pages: ASGIApp,
        *,
        paths: frozenset[str],
        head: str,
        body_limit: int,
        upload_limit: int,
    ) -> None:
        self._api = api
        self._gradio = pages
        self._pages = paths
        self._head = head
        self._body_limit = body_limit
        self._upload_limit = upload_limit

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
        page = path in self._pages
        nonce = secrets.token_urlsafe(16)
        target = f"{path}?{scope['query_string'].decode('latin-1')}"
        answer = _Sender(send, target=target, nonce=nonce, head=self._head if page else None)
        if path in _API or path.startswith(_API_BELOW):
            app = self._api
        elif page or path in _GRADIO or path.startswith(_GRADIO_BELOW):
            app = self._gradio
        else:
            refusal = problem(404, "没有这个地址", "可用的接口列在 /docs")
            await refusal(scope, receive, answer)
            return
        limit = self._upload_limit if path == _UPLOAD else self._body_limit
        too_large = problem(413, f"内容超过 {limit} 字节", "把内容缩短后再发")
        declared = Headers(scope=scope).get("content-length", "0")
        if not declared.isdigit() or int(declared) > limit:
            await _drain(receive, limit)
            await too_large(scope, receive, answer)
            return
        taken = 0

        async def limited() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > limit:
                raise _BodyTooLargeError
            return message

        try:
            await app(scope, limited, answer)
        except _BodyTooLargeError:
            if answer.started:
                raise
            await too_large(scope, receive, answer)


async def _drain(receive: Receive, budget: int) -> None:
    """Read on for a while: a client that is cut off while it sends does not see why."""
    more = True
    while more and budget > 0:
        message = await receive()
        more = message.get("more_body", False)
        budget -= len(message.get("body", b""))


class _BodyTooLargeError(Exception):
    """A body that grew over the limit while it was read."""


class _Sender:
    """Sends a response on, with the guard's headers; a page's HTML is held back and rewritten."""

    def __init__(self, send: Send, *, target: str, nonce: str, head: str | None) -> None:
        self._send = send
        self._target = target
        self._nonce = nonce
        self._head = head  # None when this is no page
        self._held: Message | None = None
        self._body: list[bytes] = []
        self.started = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            headers = MutableHeaders(raw=list(message.get("headers", ())))
            is_html = headers.get("content-type", "").startswith("text/html")
            self._dress(headers, html=is_html)
            message = {**message, "headers": headers.raw}
            if self._head is not None and is_html:
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
        body = rewrite(html, head=self._head or "", nonce=self._nonce).encode()
        headers = MutableHeaders(raw=start["headers"])
        headers["content-length"] = str(len(body))
        await self._send({**start, "headers": headers.raw})
        await self._send({"type": "http.response.body", "body": body})

    def _dress(self, headers: MutableHeaders, *, html: bool) -> None:
        for name, value in _HEADERS.items():
            headers[name] = value
        policy = _PAGE_POLICY if html and self._head is not None else _DATA_POLICY
        headers["content-security-policy"] = policy.format(nonce=self._nonce)
        if html and self._head is not None:
            headers["cache-control"] = "no-store"
        elif _LASTING.match(self._target):
            headers["cache-control"] = "public, max-age=31536000, immutable"
