"""Puts the service together: API, pages, static files, guard; and runs it."""

import os
import socket
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from fastapi import FastAPI, Response
from fastapi.staticfiles import StaticFiles
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp

from graph.storage.store import Store, StoreError
from ui import frame
from ui.doors import Provider
from ui.http.api import create_api
from ui.http.assets import Assets
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

_CONNECTIONS = 1_000  # at once; each open page holds one


def create_app(settings: Settings, library: Provider | None = None) -> ASGIApp:
    """Return the whole service over the store of `settings` (answers from `library`, where one is given)."""
    if library is None:
        library = Shelf(lambda: open_library(settings), lambda opened: opened.refresh())
        threading.Thread(target=_open, args=(library,), daemon=True).start()  # while Gradio loads
    store = Shelf(lambda: Store.open(settings.store), lambda opened: opened.refresh())
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")  # read by Gradio when it is imported
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    import gradio as gr

    from ui.pages.chat import ask
    from ui.pages.registry import ROUTERS

    metrics = Metrics()
    service = Service(settings, library, lambda: current(store()), Ledger(settings.ledger_file))
    api = create_api(service)
    for router in ROUTERS:
        api.include_router(router(service))
    api.add_api_route(
        "/metrics", lambda: Response(metrics.text(), media_type=METRICS), include_in_schema=False
    )
    api.mount("/zw", Assets(GZipMiddleware(StaticFiles(directory=frame.STATIC))))
    with gr.Blocks(title=settings.title, analytics_enabled=False, fill_width=True) as blocks:
        ask.build(library, settings)
    pages = gr.mount_gradio_app(
        FastAPI(openapi_url=None), blocks, path="/",
        footer_links=[], run_history=False, show_error=False, ssr_mode=False,
        enable_monitoring=False, pwa=False, mcp_server=False, theme=_theme(),
        favicon_path=str(frame.STATIC / "favicon.svg"),
    )  # fmt: skip
    threading.Thread(target=_warm, args=(library,), daemon=True).start()
    guard = Guard(api, Assets(pages), settings=settings, metrics=metrics)
    return Journal(guard, sys.stderr if settings.log else None)


def _open(library: Provider) -> None:
    with suppress(StoreError):  # told to whoever asks for the library next
        library()


def _warm(library: Provider) -> None:
    """Ask what the pages will ask, so that the first visitor does not wait for files and imports."""
    opened = library()
    for question in opened.examples():
        opened.ask(question)
    for unit in opened.units()[:1]:
        opened.unit(unit)


def _theme() -> Any:
    """Return Gradio's plainest theme with system fonts; colours and sizes are in ui/static."""
    import gradio as gr

    fonts = ("system-ui", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "sans-serif")
    return gr.themes.Base(font=fonts, font_mono=("ui-monospace", "monospace"))


def serve(app: Callable[[], ASGIApp], settings: Settings) -> None:
    """Serve until interrupted; prints one line with the address once it answers.

    `app` is called once the port is ours, so that a taken port is told at once. Raises Refusal.
    """
    import uvicorn

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
