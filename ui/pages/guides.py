"""An application guide as a page of its own: no script, made for reading, printing and copying."""

from collections.abc import Iterable, Sequence
from datetime import date
from html import escape

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from qa.guide import Guide, Item, Said
from qa.guide.telling import (
    ABOVE,
    DOUBT,
    LABELS,
    STAR,
    advice,
    audience_of,
    doubtful,
    not_given,
    sum_of,
    units_of,
    validity_of,
)
from qa.model import Citation
from ui import words
from ui.doors import Library
from ui.frame import asset
from ui.http.problems import Day, day
from ui.pages import ways
from ui.service import Service

_GENERAL = "摘自同一文件的其他条款，适用对象以该条为准"


def link(guide: Guide) -> str:
    """Return a link that opens the guide beside the conversation."""
    where = escape(ways.guide(guide.source, guide.locator))
    return f'<a class="zw-guide" href="{where}" target="_blank" rel="noopener">申报指南</a>'


def opening(library: Library, citation: Citation) -> str:
    """Return the link for a cited clause, or nothing where it gives nothing to claim."""
    guide = library.guide(citation.source, citation.locator)
    return link(guide) if isinstance(guide, Guide) else ""


def router(service: Service) -> APIRouter:
    """Return the page ``/guide/…``."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/guide/{source}/{locator:path}", response_class=HTMLResponse)
    def one(source: str, locator: str, as_of: Day = None) -> HTMLResponse:
        found = service.library().guide(source, locator, as_of=day(as_of) or date.today())
        if isinstance(found, Guide):
            return HTMLResponse(page(found))
        if found is None:
            told = refused(f"{escape(source)} 里没有条款 {escape(locator)}", "请从回答里的链接打开。")
        else:
            told = refused(escape(found.reason), escape(advice(found)))
        return HTMLResponse(told, status_code=404)

    return routes


def page(guide: Guide) -> str:
    """Return the whole page; every text from a document is escaped."""
    place = f"{escape(guide.jurisdiction)}　" if guide.jurisdiction else ""
    state = guide.validity.state
    banner = (
        f"<p class='zw-banner'>{escape(' '.join(validity_of(guide)))}</p>"
        if state in ("expired", "draft")
        else ""
    )
    number = f"（{escape(guide.number)}）" if guide.number else ""
    body = (
        f"<p class='zw-kind'>申报指南</p><h1>{escape(guide.title or guide.locator)}</h1>"
        f"<p class='zw-from'>{place}《{escape(guide.policy)}》{number}　{escape(guide.locator)}</p>{banner}"
        f"{''.join(_sections(guide))}{_basis(guide.items, guide)}{_copy(guide)}"
    )
    return _document(f"申报指南：{guide.title or guide.locator}", body)


def refused(reason: str, remedy: str) -> str:
    """Return a page that says why there is no guide; both texts are escaped already."""
    return _document(
        "没有申报指南",
        f"<p class='zw-kind'>申报指南</p><h1>没有申报指南</h1><p>{reason}。</p><p>{remedy}</p>",
    )


def _document(title: str, body: str) -> str:
    return (
        f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f'<link rel="icon" href="{asset("favicon.svg")}">'
        f'<link rel="stylesheet" href="{asset("base.css")}">'
        f'<link rel="stylesheet" href="{asset("guide.css")}">'
        f'</head><body class="zw-plainpage zw-guidepage"><main>{body}'
        '<p class="zw-back"><a href="/">回到提问</a></p></main></body></html>'
    )


def _sections(guide: Guide) -> Iterable[str]:
    yield _section(guide, "audience", _lines([audience_of(guide)]) + _said(guide.who))
    yield _section(guide, "amount", _gifts(guide))
    yield _section(guide, "condition", _said(guide.conditions) or _lines([ABOVE]))
    yield _section(guide, "validity", _lines(list(validity_of(guide))), always=True)
    for key, said in (
        ("window", guide.window),
        ("where", guide.where),
        ("materials", guide.materials),
        ("process", guide.process),
    ):
        yield _section(guide, key, _said(said))
    yield _section(guide, "units", _lines(list(units_of(guide))), always=True)
    yield _section(guide, "payer", _said(guide.payers))
    if told := not_given(guide):
        names = f"<p class='zw-none'>{told[1]}</p>"
        yield f"<section class='zw-part'><h2>{told[0]}</h2><div>{names}</div></section>"


def _section(guide: Guide, key: str, html: str, *, always: bool = False) -> str:
    if key in guide.missing and not always:
        return ""
    return f"<section class='zw-part'><h2>{LABELS[key]}</h2><div>{html}</div></section>"


def _lines(lines: Sequence[str]) -> str:
    return "".join(f"<p>{escape(line)}</p>" for line in lines if line)


def _said(said: Sequence[Said]) -> str:
    """Return the document's sentences, each with its place; what was said elsewhere is marked."""
    rows = "".join(f"<li>{escape(one.words)}<cite>{_place(one)}</cite></li>" for one in said)
    return f"<ul class='zw-said'>{rows}</ul>" if rows else ""


def _place(said: Said) -> str:
    return escape(said.locator) + (f"　{_GENERAL}" if said.general else "")


def _gifts(guide: Guide) -> str:
    given = [gift for item in guide.items for gift in item.gifts]
    columns = {
        "给谁": [gift.recipient for gift in given],
        "条件": [gift.condition for gift in given],
        "限额": ["；".join(gift.caps) for gift in given],
    }
    columns = {name: cells for name, cells in columns.items() if any(cells)}
    rows = ""
    for at, gift in enumerate(given):
        cells = "".join(_cell(name, told[at]) for name, told in columns.items())
        doubt = STAR if gift.doubt else ""
        rows += f"<tr><th scope='row'>{escape(sum_of(gift))}{doubt}</th>{cells}</tr>"
    head = "".join(f"<th scope='col'>{name}</th>" for name in ("给什么", *columns))
    note = f"<p class='zw-none'>{DOUBT}</p>" if doubtful(guide) else ""
    return f"<table class='zw-gifts'><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>{note}"


def _cell(name: str, cell: str) -> str:
    return f"<td data-label='{name}'>{escape(cell)}</td>" if cell else "<td class='zw-empty'>—</td>"


def _basis(items: Sequence[Item], guide: Guide) -> str:
    label = "原文" if guide.verbatim else words.GIST
    rows = "".join(
        f"<blockquote>{escape(item.said.words)}<cite>{escape(item.said.locator)}</cite></blockquote>"
        for item in items
    )
    return f"<section class='zw-part'><h2>依据</h2><div><p class='zw-none'>{label}</p>{rows}</div></section>"


def _copy(guide: Guide) -> str:
    text = escape(guide.text)
    caveat = text.rsplit("\n", 1)[-1]
    return (
        f"<p class='zw-caveat'>{caveat}</p>"
        f"<details class='zw-copy'><summary>纯文字，便于复制</summary><pre>{text}</pre></details>"
    )
