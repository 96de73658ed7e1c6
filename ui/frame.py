"""The frame of every page: the bar with the way to the others, the style, and our templates."""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

_ROOM = Path(__file__).resolve().parent
STATIC = _ROOM / "static"


@dataclass(frozen=True, slots=True)
class Place:
    """A page in the bar; everything below its path belongs to it."""

    path: str
    title: str


CHAT = Place("/", "问政策")
PLACES = (
    CHAT,
    Place("/desk", "坐席台"),
    Place("/duties", "职责追溯"),
    Place("/documents", "文件"),
    Place("/admin", "管理"),
)


def page(template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """Return a page made of a template of ui/templates; texts are escaped unless they are Markup.

    Every page needs `here`, the path of the place in the bar that it belongs to.
    """
    return HTMLResponse(templates().get_template(template).render(values), status_code=status)


def bar(here: str) -> str:
    """Return the bar on top of every page; `here` is the path of the page it stands on."""
    return templates().get_template("bar.html").render(here=here)


@cache
def templates() -> Environment:
    """Return our templates; a name that a template does not get is an error."""
    made = Environment(
        loader=FileSystemLoader(_ROOM / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(asset=asset, places=PLACES)
    return made


@cache
def asset(name: str) -> str:
    """Return the address of one of our files; it changes with the content, so it may be kept for good."""
    mark = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/zw/{name}?v={mark}"
