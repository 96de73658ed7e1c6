"""坐席台: the hotline operator's page. Keywords in; out the clause that answers, ready to read and copy."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from qa.desk import Found, Row, Sheet
from qa.guide import Guide
from ui import words
from ui.doors import Library
from ui.frame import page
from ui.http.problems import ProblemError
from ui.pages import ways
from ui.pages.chat.clauses import marked
from ui.pages.ways import document
from ui.service import Service

_HERE = "/desk"
_ROWS = 10
_MOST = 12  # places looked at beside the clause's own
MARKS = {
    "answer": "直接回答",
    "mentioned": "提到，没写数额",
    "related": "",
    "nearest": "最接近",
    "elsewhere": "他处规定",
}
_WARNINGS = {
    "mentioned": "这一条提到了，但没有写明数额或标准。",
    "nearest": "这一条不是答案，只是最接近的条款。没有找到能回答来电内容的规定。",
    "elsewhere": "这是别处的规定，不能当作来电人所在地的规定答复。",
}
KEYS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("/", "Esc"), "回到输入框；在输入框里按 Esc 选中文字，直接打下一个"),
    (("↑", "↓"), "换一条"),
    (("Alt+1", "Alt+9"), "直接到第 1 至第 9 条"),
    (("Enter",), "读这一条（焦点移到条款），并记入本班记录"),
    (("Alt+C",), "复制工单文本"),
    (("Alt+L",), "朗读稿"),
    (("Alt+J",), "其他地方怎么规定"),
    (("Alt+Q",), "本班查过的"),
    (("?", "F1"), "本页（? 在输入框里只是问号）"),
)

Text = Annotated[str, Form()]


def router(service: Service) -> APIRouter:
    """Return the page and the parts of it that its script fetches.

    What is typed is sent in the body, not in the address: it may name a caller, and addresses are logged.
    """
    routes = APIRouter(prefix=_HERE, include_in_schema=False)
    library, longest = service.library, service.settings.question_limit

    @routes.get("")
    def desk(q: str = "", place: str = "", source: str = "", locator: str = "") -> HTMLResponse:
        opened, text = library(), q.strip()[:longest]
        places = list(opened.jurisdictions())
        place = place if place in places else ""
        found = _look_up(opened, text, place) if text else None
        at = (source, locator) if source else (found.rows[0].key if found and found.rows else None)
        sheet = _sheet(opened, at, text, place) if at else None
        values = _sheet_values(opened, sheet, text) if sheet else {"sheet": None}
        return page(
            "desk.html", here=_HERE, areas=places, place=place, text=text, longest=longest, shortcuts=KEYS,
            plain=True, row_link=_link(text, place),
            **_list_values(found, text), **values,
        )  # fmt: skip

    @routes.post("/list")
    def listed(q: Text, place: Text = "") -> HTMLResponse:
        text = _checked(q, longest)
        return page("desk_list.html", plain=False, **_list_values(_look_up(library(), text, place), text))

    @routes.post("/sheet")
    def sheet(source: Text, locator: Text, q: Text = "", place: Text = "") -> HTMLResponse:
        opened, text = library(), q.strip()[:longest]
        found = _sheet(opened, (source, locator), text, place)
        if found is None:
            raise ProblemError(404, f"{source} 里没有条款 {locator}", "文件可能刚更新，请重新查找")
        return page("desk_sheet.html", **_sheet_values(opened, found, text))

    @routes.post("/places")
    def places(topic: Text, own: Text = "") -> HTMLResponse:
        return page("desk_places.html", **_beside(library(), _checked(topic, longest), own))

    return routes


def _checked(text: str, longest: int) -> str:
    text = text.strip()
    if not text or len(text) > longest:
        raise ProblemError(422, f"内容是空的，或超过 {longest} 字", "留下地方和关键词")
    return text


def _look_up(library: Library, text: str, place: str) -> Found:
    known = place if place in library.jurisdictions() else None
    return library.look_up(text, jurisdiction=known, as_of=date.today(), limit=_ROWS)


def _sheet(library: Library, at: tuple[str, str], text: str, place: str) -> Sheet | None:
    known = place if place in library.jurisdictions() else None
    return library.sheet(*at, text=text, jurisdiction=known, as_of=date.today())


def _list_values(found: Found | None, text: str) -> dict[str, Any]:
    heard = f"按“{found.text}”查。" if found and found.text != text else ""  # pinyin was typed
    return {"found": found, "count": heard + counted(found) if found else "", "marks": MARKS}


def counted(found: Found) -> str:
    """Say what a list holds, or that nothing answers and whom to ask."""
    shown = len(found.rows)
    answering = [row for row in found.rows if row.mark in ("answer", "mentioned")]
    answers = len(answering)
    if found.foreign:
        return f"没有收录{found.foreign}的文件，不能套用别处的规定。请转当地主管部门。"
    if found.status == "no_basis":
        where = f"{found.place}的" if found.place else ""
        ask = f"可转{'、'.join(found.whom)}。" if found.whom else "可转主管部门。"
        theirs = sum(row.mark == "elsewhere" for row in found.rows)
        near = f"下面 {shown} 条只是最接近的，不是答案。" if shown else ""
        near = f"别处有规定的 {theirs} 条已标明，不能套用。" if theirs else near
        return f"已收录的{where}文件没有能直接回答的条款。{near}{ask}"
    if found.status == "clarify":
        return f"几个地方规定不同，先问来电人在哪里。共 {shown} 条。"
    if found.status == "no_figure":
        return f"有 {answers} 条提到，但没有写明数额或标准；相关 {shown - answers} 条。"
    more = f"，这里列出 {answers} 条" if found.total > answers else ""
    others = f"，相关 {shown - answers} 条" if shown > answers else ""
    several = not found.place and len({row.jurisdiction for row in answering}) > 1
    ask = "几个地方都有规定，先问来电人在哪里。" if several else ""
    return f"直接回答 {found.total} 条{more}{others}。{ask}"


def _sheet_values(library: Library, sheet: Sheet, text: str) -> dict[str, Any]:
    guide = library.guide(sheet.source, sheet.locator)
    one = sheet.answer.number is None  # a count or a list is about a unit, not about what other places rule
    return {
        "sheet": sheet,
        "warning": _WARNINGS.get(sheet.mark, ""),
        "words_marked": _figures_marked(sheet.words or sheet.gist, sheet.surfaces),
        "gist_label": words.GIST,
        "no_lead": words.NO_LEAD,
        "validity": words.validity_line(sheet.validity),
        "amounts": sheet.amounts,
        "guide": ways.guide(sheet.source, sheet.locator) if isinstance(guide, Guide) else "",
        "whole": document(sheet.source, sheet.locator),
        "topic": text if sheet.mark == "answer" and one else sheet.title or text or sheet.locator,
        "ticket": ticket(sheet, text),
        "now": f"{datetime.now():%Y-%m-%d %H:%M}",
    }


def ticket(sheet: Sheet, text: str) -> str:
    """Return the text for the ticket, without its last line, the time: 问题, 答复, 依据, units, validity."""
    number = f"（{sheet.number}）" if sheet.number else ""
    basis = f"《{sheet.policy}》{number}{sheet.locator} {sheet.title}".rstrip()
    label = "依据" if sheet.mark not in ("nearest", "elsewhere") else "最接近的条款（不是依据）"
    said = sheet.answer.answer.replace("**", "").strip()
    rows = (
        ("问题", sheet.answer.question if text else ""),
        ("答复", said),
        (label, basis),
        ("原文", sheet.words),
        ("牵头单位", words.listed(sheet.lead_units) or words.NO_LEAD),
        ("责任单位", words.listed(sheet.responsible_units)),
        ("配合单位", words.listed(sheet.support_units)),
        ("有效性", words.validity_line(sheet.validity)),
    )
    return "".join(f"{name}：{told}\n" for name, told in rows if told)


def _beside(library: Library, topic: str, own: str) -> dict[str, Any]:
    """Compare the places whose clauses come nearest to the topic, the clause's own place first."""
    places = list(library.jurisdictions())
    if len(places) > _MOST:
        near = [hit.jurisdiction for hit in library.search(topic, limit=100) if hit.jurisdiction in places]
        places = [place for place in dict.fromkeys((own, *near)) if place][:_MOST]
    compared = library.compare(topic, sorted(places, key=lambda place: place != own), as_of=date.today())
    rows = [
        (row, _figures_marked(row.words, [a.surface for a in row.amounts]), words.validity_line(row.validity))
        for row in compared.rows
        if row.citation is not None
    ]
    silent = [row.jurisdiction for row in compared.rows if row.citation is None]
    return {"rows": rows, "silent": silent, "own": own, "no_lead": words.NO_LEAD}


def _figures_marked(text: str, surfaces: Sequence[str]) -> Markup:
    return Markup(marked(text, surfaces))  # noqa: S704  every character of the text is escaped there


def _link(text: str, place: str) -> Callable[[Row], str]:
    def link(row: Row) -> str:
        asked = {"q": text, "place": place, "source": row.source, "locator": row.locator}
        return f"{_HERE}?{urlencode(asked)}"

    return link
