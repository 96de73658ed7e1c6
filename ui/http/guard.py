"""A small ASGI guard in front of everything: who may reach what, how often, and how large.

It lets through what is listed here, and of Gradio what ui/http/gradio.py lists, and answers 404 to the rest.
"""

import re
import secrets
import time
from functools import partial

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.frame import CHAT, PLACES
from ui.http import gradio
from ui.http.bodies import refuse, streamed, whole
from ui.http.callers import Callers
from ui.http.headers import Dress, Sender
from ui.http.limits import Buckets, BusyError, Gate
from ui.http.metrics import Metrics
from ui.http.problems import problem
from ui.settings import Settings

_HEALTH = frozenset({"/healthz", "/readyz", "/metrics"})  # never counted, never queued
_API = _HEALTH | {
    CHAT.path,
    "/sparql",
    "/docs",
    "/openapi.json",
    "/sign-in",
    "/sign-out",
    "/ask",
    "/ask/card",
    "/favicon.ico",
    "/robots.txt",
}
_UPLOADS = frozenset({"/api/v1/documents", "/admin/upload"})
_API_BELOW = ("/api/v1/", "/v1/", "/guide/", "/zw/")
_PAGES = frozenset(place.path for place in PLACES if place != CHAT)  # and what is below them
_FILES = ("/zw/", "/favicon.ico", "/batch/assets/", "/batch/static/", "/batch/gradio_api/heartbeat/")
_WORK = frozenset(  # what keeps a processor busy: worked on a few at a time
    {
        "/api/v1/ask", "/api/v1/search", "/api/v1/compare", "/api/v1/findings",
        "/v1/chat/completions", "/ask", "/ask/card", gradio.WORK,
    }
)  # fmt: skip
_QUERIES = frozenset(
    {"/sparql", "/duties/query"}
)  # which may take seconds and a process each: apart from those
_QUERIES_AT_ONCE, _QUERIES_WAITING = 2, 20
_ODD = re.compile(r"[\x00-\x1f\x7f\\]|(?:^|/)\.{1,2}(?:/|$)")  # no path of ours has one of these
_ADDRESS = 16_000  # bytes of path and query, or what a question of the longest kind needs
_PATIENCE = 10  # times longer than other bodies may a document take


class Guard:
    """Sends requests to the API and our pages, or to Gradio below its own path."""

    def __init__(self, api: ASGIApp, batch: ASGIApp, *, settings: Settings, metrics: Metrics) -> None:
        self._api = api
        self._batch = batch
        self._settings = settings
        self._metrics = metrics
        self._callers = Callers(settings)
        self._dress = Dress(settings)
        self._buckets = Buckets(settings.rate)
        questions = Gate(settings.concurrency, settings.queue)
        queries = Gate(_QUERIES_AT_ONCE, _QUERIES_WAITING)
        self._gates = {**dict.fromkeys(_WORK, questions), **dict.fromkeys(_QUERIES, queries)}
        for name, gate in (("questions", questions), ("queries", queries)):
            about = f"{name.capitalize()} that wait to be worked on."
            metrics.gauge(f"zhengwen_{name}_waiting", about, partial(getattr, gate, "waiting"))
        self._longest = max(_ADDRESS, 9 * settings.question_limit + 2_000)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] == "lifespan":
            await self._api(scope, receive, send)
        elif scope["type"] == "http":
            placed = self._callers.placed(scope)
            await self._http(placed, receive, send)
            scope["route"] = placed.get("route")  # for the journal
        else:  # no page uses web sockets
            await send({"type": "websocket.close", "code": 1008})

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope["path"]
        nonce = secrets.token_urlsafe(16)
        answer = Sender(send, self._dress, {**scope}, nonce=nonce, gradio=gradio.page(path))
        began = time.perf_counter()
        if scope["method"] == "HEAD":  # a GET of which only the head is sent
            scope["method"] = "GET"
        try:
            app = self._room(path)
            refusal = self._refusal(scope) or self._dress.preflight(scope)
            if app is None or refusal is not None:
                refusal = refusal or problem(404, "没有这个地址", "可用的接口列在 /docs")
                await refuse(refusal, scope, receive, answer, self._settings.body_limit)
            else:
                await self._admit(app, scope, receive, answer)
        finally:
            self._metrics.count(path, answer.status, time.perf_counter() - began)

    def _room(self, path: str) -> ASGIApp | None:
        if _ODD.search(path):
            return None
        if path in _API or path.startswith(_API_BELOW) or "/" + path.split("/")[1] in _PAGES:
            return self._api
        if gradio.opened(path):
            return self._batch
        return None

    def _refusal(self, scope: Scope) -> Response | None:
        """Return the answer to a request that is not looked at any further, or None."""
        if not self._callers.known(Headers(scope=scope).get("host")):
            return problem(400, "这个主机名不是本服务的", "请管理员把它写进 ZHENGWEN_HOSTS")
        if len(scope["raw_path"]) + len(scope["query_string"]) > self._longest:
            return problem(414, f"地址超过 {self._longest} 字节", "缩短问题，或用 POST 把它放在正文里")
        path = scope["path"]
        if path in _HEALTH or path.startswith(_FILES) or self._callers.exempt(scope):
            return None
        peer = scope.get("client")
        wait = self._buckets.take(peer[0] if peer else "")
        if not wait:
            return None
        told = problem(429, "请求太多", f"{wait} 秒后再试")
        told.headers["retry-after"] = str(wait)
        return told

    async def _admit(self, app: ASGIApp, scope: Scope, receive: Receive, answer: Sender) -> None:
        seconds, path = self._settings.read_seconds, scope["path"]
        if path in _UPLOADS:
            limit, seconds = self._settings.upload_limit, seconds * _PATIENCE
            await streamed(app, scope, receive, answer, limit=limit, seconds=seconds)
        else:
            gate = self._gates.get(path)
            worker = _queued(app, gate) if gate else app
            limit = self._settings.body_limit
            await whole(worker, scope, receive, answer, limit=limit, seconds=seconds)


def _queued(app: ASGIApp, gate: Gate) -> ASGIApp:
    """Return `app` behind a gate; a place is given back as soon as the answer begins."""

    async def queued(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            async with gate.passed() as leave:

                async def sent(message: Message) -> None:
                    leave()
                    await send(message)

                await app(scope, receive, sent)
        except BusyError:
            told = problem(503, "正在答的问题太多", "过几秒再试")
            told.headers["retry-after"] = "2"
            await told(scope, receive, send)

    return queued
