"""The frame of every page: Gradio's HTML made Chinese, its foreign links taken out, ours put in."""

import hashlib
import re
from pathlib import Path

STATIC = Path(__file__).resolve().parent.parent / "static"
_FOREIGN_META = re.compile(r"\s*<meta\s+(?:property|name)=\"(?:og|twitter):[^>]*?/?>", re.DOTALL)
_MANIFEST = re.compile(r"\s*<link rel=\"manifest\"[^>]*>")  # it would install Gradio's name and logo
_SCRIPT = re.compile(r"<script(?=[\s>])")
_NOSCRIPT = (
    '<noscript><p style="padding:1rem">本页需要浏览器的 JavaScript。'
    '也可以使用<a href="/docs">接口</a>，或拨打 12345 政务服务便民热线。</p></noscript>'
)


def head() -> str:
    """Return what every page's head gets from us: description, style, script."""
    return (
        '<meta name="description" content="就政策文件提问，得到有条款依据的回答">'
        '<meta name="color-scheme" content="light dark">'
        f'<link rel="stylesheet" href="{asset("base.css")}">'
        f'<link rel="stylesheet" href="{asset("ask.css")}">'
        f'<script src="{asset("ask.js")}" defer></script>'
    )


def asset(name: str) -> str:
    """Return the address of one of our files; it changes with the content, so it may be kept for good."""
    mark = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/zw/{name}?v={mark}"


def rewrite(html: str, *, head: str, nonce: str) -> str:
    """Return Gradio's page with Chinese as its language, our `head`, and `nonce` on its scripts."""
    html = html.replace('lang="en"', 'lang="zh-CN"', 1)
    html = _MANIFEST.sub("", _FOREIGN_META.sub("", html))
    html = html.replace("</head>", head + "</head>", 1)
    html = re.sub(r"(<body\b[^>]*>)", lambda body: body.group(1) + _NOSCRIPT, html, count=1)
    return _SCRIPT.sub(f'<script nonce="{nonce}"', html)
