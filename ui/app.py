"""Puts the service together: API, pages, static files, guard; and runs it."""

import socket
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from fastapi import Response
from fastapi.responses import FileResponse, PlainTextResponse
from fastapi.staticfiles import StaticFiles
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp

from graph.storage.store import Store, StoreError
from ui import frame, tidying
from ui.doors import Library, Provider
from ui.http.api import create_api
from ui.http.assets import Assets
from ui.http.gradio import Late, mounted
from ui.http.guard import Guard
from ui.http.journal import Journal
from ui.http.metrics import MEDIA_TYPE as METRICS
from ui.http.metrics import Metrics
from ui.http.patience import patient
from ui.ledger import Ledger
from ui.opening import current, open_library
from ui.refusal import Refusal
from ui.service import Service
from ui.settings import Settings
from ui.shelf import Shelf

_CONNECTIONS = 1_000  # at once
_SLIP = "补帖多少"  # a mistyped word: the table of sounds is large, and read when first needed
_ROBOTS = "User-agent: *\nDisallow: /ask\nDisallow: /api/\n"


def create_app(settings: Settings, library: Provider | None = None) -> ASGIApp:
    """Return the whole service over the store of `settings` (answers from `library`, where one is given)."""
    if library is None:
        library = Shelf(lambda: open_library(settings), _follow)
        threading.Thread(target=_open, args=(library,), daemon=True).start()  # while the pages load
    store = Shelf(lambda: _stored(settings, library), lambda opened: opened.refresh())
    from ui.pages.registry import ROUTERS

    metrics = Metrics()
    service = Service(settings, library, lambda: current(store()), Ledger(settings.ledger_file))
    api = create_api(service)
    for router in ROUTERS:
        api.include_router(router(service))
    api.add_api_route(
        "/metrics", lambda: Response(metrics.text(), media_type=METRICS), include_in_schema=False
    )
    icon = frame.STATIC / "favicon.svg"
    api.add_api_route("/favicon.ico", lambda: FileResponse(icon), include_in_schema=False)
    api.add_api_route("/robots.txt", lambda: PlainTextResponse(_ROBOTS), include_in_schema=False)
    api.mount("/zw", Assets(GZipMiddleware(StaticFiles(directory=frame.STATIC))))
    threading.Thread(target=_warm, args=(library,), daemon=True).start()
    batch = Assets(Late(lambda: mounted(lambda: _batch(library, settings))))
    guard = Guard(api, batch, settings=settings, metrics=metrics)
    return Journal(guard, sys.stderr if settings.log else None)


def _follow(opened: Library) -> None:
    """Take up a newer generation; what the old one held is given back."""
    before = opened.generation
    opened.refresh()
    if opened.generation != before:
        tidying.later()


def _stored(settings: Settings, library: Provider) -> Store:
    """Open the store; a new one once the bundled knowledge is in it."""
    opened = Store.open(settings.store)
    if opened.generation is None:
        library()
        opened.refresh()
    return opened


def _open(library: Provider) -> None:
    try:
        library()
    except StoreError as error:  # told to whoever asks for the library, too
        print(f"还没有准备好：{error}", file=sys.stderr, flush=True)


def _warm(library: Provider) -> None:
    """Ask what the pages will ask, so that the first visitor does not wait for files and imports."""
    with suppress(StoreError):
        opened = library()
        for question in (*opened.examples(), _SLIP):
            opened.ask(question)


def _batch(library: Provider, settings: Settings) -> Any:
    from ui.pages import batch

    return batch.build(library, settings)


def serve(app: Callable[[], ASGIApp], settings: Settings) -> None:
    """Serve until interrupted; prints one line with the address once it answers.

    `app` is called once the port is ours, so that a taken port is told at once. Raises Refusal.
    """
    import uvicorn

    tidying.few_arenas()
    tidying.seldom()
    listener = _listen(settings)
    shown = f"[{settings.host}]" if ":" in settings.host else settings.host
    address = f"http://{shown}:{listener.getsockname()[1]}"

    class _Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets=sockets)
            if self.started:
                print(f"政问已启动：{address} （按 Ctrl+C 停止）", flush=True)

    config = uvicorn.Config(
        app(), log_level="warning", server_header=False, access_log=False, ws="none",
        proxy_headers=False,  # the guard believes whom the settings name, nobody else
        http=patient(settings.read_seconds), limit_concurrency=_CONNECTIONS, timeout_graceful_shutdown=3,
    )  # fmt: skip
    _Server(config).run(sockets=[listener])


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # With the protocol named, asyncio switches Nagle off; else head and body wait 40 ms for each other.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
    except OSError as error:
        listener.close()
        raise Refusal(
            f"不能在 {settings.host} 的端口 {settings.port} 上启动（{error.strerror}）",
            "端口可能已被占用：换一个，如 zhengwen serve --port 7861",
        ) from error
    return listener
