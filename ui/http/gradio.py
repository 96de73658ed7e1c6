"""Gradio's HTML made ours: Chinese, its foreign links taken out, our style and script put in."""

import re

from ui.frame import CHAT, asset, bar

_FOREIGN_META = re.compile(r"\s*<meta\s+(?:property|name)=\"(?:og|twitter):[^>]*?/?>", re.DOTALL)
_MANIFEST = re.compile(r"\s*<link rel=\"manifest\"[^>]*>")  # it would install Gradio's name and logo
_RESIZER = re.compile(r"<script data-gradio-mode>.*?</script>\s*<script>.*?</script>", re.DOTALL)
_MODE = '<script>window.__gradio_mode__ = "app"</script>'  # all that is left of it: no frame holds this page
_SCRIPT = re.compile(r"<script(?=[\s>])")
_NOSCRIPT = (
    '<noscript><p style="padding:1rem">本页需要浏览器的 JavaScript。'
    '也可以看<a href="/documents">文件</a>，用<a href="/docs">接口</a>，'
    "或拨打 12345 政务服务便民热线。</p></noscript>"
)


def rewrite(html: str, *, nonce: str) -> str:
    """Return Gradio's page with Chinese as its language, our style and bar, and `nonce` on its scripts."""
    html = html.replace('lang="en"', 'lang="zh-CN"', 1)
    html = html.replace("shrink-to-fit=no", "interactive-widget=resizes-content", 1)
    html = _RESIZER.sub(_MODE, html, count=1)
    html = _MANIFEST.sub("", _FOREIGN_META.sub("", html))
    html = html.replace("</head>", _head() + "</head>", 1)
    html = re.sub(r"(<body\b[^>]*>)", lambda body: body.group(1) + bar(CHAT.path) + _NOSCRIPT, html, count=1)
    return _SCRIPT.sub(f'<script nonce="{nonce}"', html)


def _head() -> str:
    return (
        '<meta name="description" content="就政策文件提问，得到有条款依据的回答">'
        '<meta name="color-scheme" content="light dark">'
        f'<link rel="stylesheet" href="{asset("base.css")}">'
        f'<link rel="stylesheet" href="{asset("ask.css")}">'
        f'<script src="{asset("display.js")}"></script>'
        f'<script src="{asset("ask.js")}" defer></script>'
        f'<script src="{asset("ask.feedback.js")}" defer></script>'
    )
