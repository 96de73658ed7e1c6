"""What every response bears: security headers, how long it may be kept, who else may read it."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import Message, Scope, Send

from ui.http.gradio import rewrite
from ui.http.problems import ASSISTANT, MEDIA_TYPE, as_error
from ui.settings import Settings

_LASTING = re.compile(r"/batch/assets/|/zw/[^?]+\?v=")  # named by their content: a browser may keep them
_SHARED = re.compile(r"/api/v1/|/v1/|/sparql\Z|/openapi\.json\Z")  # what pages of other sites may be let read

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
_HTTPS_ONLY = "max-age=31536000"  # a year; HTTP Strict Transport Security, RFC 6797
# Gradio compiles HTML templates and event scripts in the browser, hence 'unsafe-eval'; inline scripts
# run only with the nonce of the response, so markup that slipped through escaping stays dead.
_GRADIO_POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'self'; frame-ancestors 'none'"
)
_SITE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_DATA_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_EXPOSED = "ETag, Link, Retry-After, X-Total-Count, X-Truncated"
_ASKED = "Accept, Authorization, Content-Type, If-None-Match"


class Dress:
    """The headers of the service's responses, as its settings have them."""

    def __init__(self, settings: Settings) -> None:
        self._origins = frozenset(settings.cors_origins or ())
        self._https = settings.https

    def preflight(self, scope: Scope) -> Response | None:
        """Return the answer to a browser that asks whether a page of another site may call; else None."""
        headers = Headers(scope=scope)
        if scope["method"] != "OPTIONS" or "access-control-request-method" not in headers:
            return None
        if not self.shared(scope):
            return None
        methods = "DELETE, GET, HEAD, POST"
        told = {"access-control-allow-methods": methods, "access-control-allow-headers": _ASKED}
        return Response(status_code=204, headers={**told, "access-control-max-age": "600"})

    def shared(self, scope: Scope) -> dict[str, str]:
        """Return the CORS headers of a response; none unless ZHENGWEN_CORS_ORIGINS names the caller's page.

        Credentials are never allowed: what a cookie opens stays with our own pages.
        """
        if not self._origins or not _SHARED.match(scope["path"]):
            return {}
        origin = Headers(scope=scope).get("origin", "").lower()
        if "*" in self._origins:
            return {"access-control-allow-origin": "*", "access-control-expose-headers": _EXPOSED}
        if origin not in self._origins:
            return {}
        return {"access-control-allow-origin": origin, "access-control-expose-headers": _EXPOSED}

    def put_on(self, headers: MutableHeaders, scope: Scope, *, gradio: bool, nonce: str) -> None:
        """Add what a response to `scope` has to bear."""
        html = headers.get("content-type", "").startswith("text/html")
        headers.update({**_HEADERS, **self.shared(scope)})
        if self._https:
            headers["strict-transport-security"] = _HTTPS_ONLY
        if self._origins and _SHARED.match(scope["path"]):
            headers.add_vary_header("Origin")
        policy = _DATA_POLICY if not html else _GRADIO_POLICY if gradio else _SITE_POLICY
        headers["content-security-policy"] = policy.format(nonce=nonce)
        if html or _SHARED.match(scope["path"]):
            headers.setdefault("cache-control", "no-store")
        elif _LASTING.match(f"{scope['path']}?{scope['query_string'].decode('latin-1')}"):
            headers["cache-control"] = "public, max-age=31536000, immutable"


class Sender:
    """Sends a response on in its dress; what has to be rewritten is held back until it is whole.

    Rewritten are the HTML of Gradio's page, and errors below /v1 into the form that is expected there.
    """

    def __init__(self, send: Send, dress: Dress, scope: Scope, *, nonce: str, gradio: bool) -> None:
        self._send, self._dress, self._scope = send, dress, scope
        self._nonce, self._gradio = nonce, gradio
        self._headless = scope["method"] == "HEAD"
        self._held: Message | None = None
        self._body: list[bytes] = []
        self.status = 500  # until the application says otherwise

    async def __call__(self, message: Message) -> None:
        """Send one message of the application on."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(raw=list(message.get("headers", ())))
            self._dress.put_on(headers, self._scope, gradio=self._gradio, nonce=self._nonce)
            message = {**message, "headers": headers.raw}
            if self._rewritten(headers.get("content-type", "")):
                self._held = message
                return
        elif message["type"] == "http.response.body":
            if self._held is not None:
                self._body.append(message.get("body", b""))
                if not message.get("more_body", False):
                    await self._release(self._held, b"".join(self._body))
                return
            message = self._seen(message)
        await self._send(message)

    def _rewritten(self, kind: str) -> bool:
        assistant = self._scope["path"].startswith(ASSISTANT) and kind == MEDIA_TYPE
        return assistant or (self._gradio and kind.startswith("text/html"))

    def _seen(self, message: Message) -> Message:
        return {**message, "body": b""} if self._headless else message

    async def _release(self, start: Message, body: bytes) -> None:
        headers = MutableHeaders(raw=start["headers"])
        if self._gradio:
            body = rewrite(body.decode(), nonce=self._nonce).encode()
        else:
            self.status, body = as_error(body)
            headers["content-type"] = "application/json"
        headers["content-length"] = str(len(body))
        await self._send({**start, "status": self.status, "headers": headers.raw})
        await self._send(self._seen({"type": "http.response.body", "body": body}))
