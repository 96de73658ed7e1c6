"""Gradio below a path of its own: loaded at the first visit, its HTML made ours, its open doors shut.

Gradio as served leaves doors open that this service does not use (anonymous upload, monitoring, named
endpoints, file and proxy reading). What is listed here is let through, the rest gets 404.
"""

import asyncio
import os
import re
from collections.abc import Callable
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

from ui.frame import asset, bar

BATCH = "/batch"
WORK = f"{BATCH}/gradio_api/run/predict"  # what keeps a processor busy
_OPEN = frozenset(
    f"{BATCH}{path}"
    for path in ("", "/", "/theme.css", "/gradio_api/startup-events", "/gradio_api/run/predict")
)  # what Gradio's page itself fetches, and nothing more
_OPEN_BELOW = tuple(f"{BATCH}{path}" for path in ("/assets/", "/static/", "/gradio_api/heartbeat/"))

_FOREIGN_META = re.compile(r"\s*<meta\s+(?:property|name)=\"(?:og|twitter):[^>]*?/?>", re.DOTALL)
_MANIFEST = re.compile(r"\s*<link rel=\"manifest\"[^>]*>")  # it would install Gradio's name and logo
_RESIZER = re.compile(r"<script data-gradio-mode>.*?</script>\s*<script>.*?</script>", re.DOTALL)
_MODE = '<script>window.__gradio_mode__ = "app"</script>'  # all that is left of it: no frame holds this page
_SCRIPT = re.compile(r"<script(?=[\s>])")
_NOSCRIPT = '<noscript><p>本页需要浏览器的 JavaScript。不用它也可以<a href="/">提问</a>。</p></noscript>'


def opened(path: str) -> bool:
    """Say whether anyone may reach a path of Gradio's."""
    return path in _OPEN or path.startswith(_OPEN_BELOW)


def page(path: str) -> bool:
    """Say whether a path is Gradio's own page, which is rewritten and has a policy of its own."""
    return path in (BATCH, f"{BATCH}/")


# What Gradio colours, and by which colour of ours (base.css has them for light, dark and high contrast).
_COLOURS = {
    "body_background_fill": "page", "body_text_color": "ink", "body_text_color_subdued": "quiet",
    "background_fill_primary": "paper", "background_fill_secondary": "page",
    "block_background_fill": "paper", "block_border_color": "line", "block_label_background_fill": "paper",
    "block_label_text_color": "quiet", "block_title_text_color": "ink", "block_info_text_color": "quiet",
    "border_color_primary": "line", "border_color_accent": "accent",
    "color_accent_soft": "accent-soft", "link_text_color": "accent", "input_background_fill": "paper",
    "input_border_color": "line", "input_border_color_focus": "accent", "input_placeholder_color": "quiet",
    "button_primary_background_fill": "accent", "button_primary_background_fill_hover": "accent",
    "button_primary_text_color": "on-accent", "button_primary_text_color_hover": "on-accent",
    "table_even_background_fill": "paper", "table_odd_background_fill": "page", "table_text_color": "ink",
    "table_border_color": "line",
}  # fmt: skip


class Late:
    """An application that is made when it is first asked for; in a thread, since imports take seconds."""

    def __init__(self, make: Callable[[], ASGIApp]) -> None:
        self._make = make
        self._made: ASGIApp | None = None
        self._lock = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        async with self._lock:
            if self._made is None:
                self._made = await asyncio.to_thread(self._make)
        await self._made(scope, receive, send)


def mounted(build: Callable[[], Any]) -> ASGIApp:
    """Return Gradio over the Blocks that `build` gives, with what it offers beside them shut off."""
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")  # read by Gradio when it is imported
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    import gradio as gr
    from fastapi import FastAPI

    return gr.mount_gradio_app(  # type: ignore[no-any-return]
        FastAPI(openapi_url=None), build(), path=BATCH,
        footer_links=[], run_history=False, show_error=False, ssr_mode=False,
        enable_monitoring=False, pwa=False, mcp_server=False,
        theme=_theme(gr.themes),
    )  # fmt: skip


def _theme(themes: Any) -> Any:
    """Return a theme with our fonts and colours, so that the page is one of ours."""
    fonts = ("PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "system-ui", "sans-serif")
    colours = {name: f"var(--zw-{ours})" for name, ours in _COLOURS.items()}
    dark = {f"{name}_dark": colour for name, colour in colours.items()}
    theme = themes.Base(font=fonts, font_mono=fonts)  # its tables are set in the second
    return theme.set(color_accent="var(--zw-accent)", input_border_width="1px", **colours, **dark)


def rewrite(html: str, *, nonce: str) -> str:
    """Return Gradio's page with Chinese as its language, our style and bar, and `nonce` on its scripts."""
    html = html.replace('lang="en"', 'lang="zh-CN"', 1)
    html = html.replace("shrink-to-fit=no", "interactive-widget=resizes-content", 1)
    html = _RESIZER.sub(_MODE, html, count=1)
    html = _MANIFEST.sub("", _FOREIGN_META.sub("", html))
    html = html.replace("</head>", _head() + "</head>", 1)
    html = re.sub(r"(<body\b[^>]*>)", lambda body: body.group(1) + bar(BATCH) + _NOSCRIPT, html, count=1)
    return _SCRIPT.sub(f'<script nonce="{nonce}"', html)


def _head() -> str:
    return (
        '<meta name="color-scheme" content="light dark">'
        f'<link rel="icon" href="{asset("favicon.svg")}">'
        f'<link rel="stylesheet" href="{asset("base.css")}">'
        f'<script src="{asset("display.js")}"></script>'
    )
