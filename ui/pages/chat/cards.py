"""Answers as HTML cards: pure functions from answer to markup. Everything from outside is escaped."""

from collections.abc import Iterable
from html import escape

from qa.model import Answer
from ui import words
from ui.doors import Library
from ui.pages import guides
from ui.pages.chat import clauses, opinion
from ui.pages.chat.prose import prose
from ui.pages.ways import unit_way

_THRESHOLDS = ("threshold", "tax_threshold")  # they stand in the conditions of what is given
_FEW = 4  # rows up to which the table of figures stands open
_HOTLINE = "12345 政务服务便民热线"


def turn(question: str, answer: Answer, library: Library, *, key: str, place: str | None = None) -> str:
    """Return one question with its answer, as an article with a heading; `place` is the chosen one."""
    parts = [_plain(answer), _facts(answer), _figures(answer), _tools(answer, library)]
    if answer.citations:
        parts.append(clauses.basis(answer, library))
    if answer.related:
        parts.append(clauses.related(answer.related, library, nearest=not answer.citations))
    if answer.status in ("no_basis", "no_figure") and "12345" not in answer.answer:
        parts.append(_whom_to_ask(answer, library))
    parts.append(chips(_follow_ups(answer), label="接着问"))
    if answer.status == "no_basis":
        parts.append(_held(question, library, place))
    parts.append(_place(answer, place) + opinion.form(answer, key=key))
    return (
        f'<article class="zw-turn" id="zw-turn-{key}" aria-labelledby="zw-q-{key}">'
        f'<h2 class="zw-q" id="zw-q-{key}"><span class="zw-unseen">您问：</span>{escape(question)}</h2>'
        f'<div class="zw-a" data-status="{escape(answer.status)}">{"".join(parts)}</div></article>'
    )


def failure(question: str, message: str, *, key: str) -> str:
    """Return a question that could not be answered, with what to do."""
    return (
        f'<article class="zw-turn" id="zw-turn-{key}"><h2 class="zw-q">{escape(question)}</h2>'
        f'<div class="zw-a" data-status="failed"><p class="zw-state">没有答成</p>'
        f"<p>{escape(message)}</p></div></article>"
    )


def chips(questions: Iterable[str], *, label: str) -> str:
    """Return questions as buttons that fill the box and send (see ask.js)."""
    buttons = "".join(
        f'<li><button type="button" class="zw-chip" data-ask="{escape(q)}">{escape(q)}</button></li>'
        for q in questions
    )
    if not buttons:
        return ""
    name = escape(label)
    return f"<div role='group' class='zw-chips' aria-label='{name}'><p>{name}</p><ul>{buttons}</ul></div>"


def _plain(answer: Answer) -> str:
    state = "" if answer.status == "answered" else f'<p class="zw-state">{words.STATUS[answer.status]}</p>'
    understood = ""
    if answer.resolved and answer.resolved != answer.question:
        understood = f'<p class="zw-understood">按“{escape(answer.resolved)}”理解</p>'
    steps = ""
    if answer.steps:
        steps = "<ol class='zw-steps'>" + "".join(f"<li>{escape(s)}</li>" for s in answer.steps) + "</ol>"
    return f'{state}{understood}<div class="zw-plain">{prose(answer.answer)}</div>{steps}'


def _facts(answer: Answer) -> str:
    """Units and validity; where several clauses are cited without a common lead, each tells its own."""
    place = next((c.jurisdiction for c in answer.citations if c.jurisdiction), "")
    rows = []
    if answer.lead_units or len(answer.citations) == 1:
        told = _linked(place, answer.lead_units) or f"<span class='zw-none'>{words.NO_LEAD}</span>"
        rows.append(("牵头单位", told))
    if answer.responsible_units:
        rows.append(("责任单位", _linked(place, answer.responsible_units)))
    if answer.support_units:
        rows.append(("配合单位", _linked(place, answer.support_units)))
    if answer.citations:
        line = escape(words.validity_line(answer.validity))
        rows.append(("有效性", f"<span class='zw-valid zw-{answer.validity.state}'>{line}</span>"))
    items = "".join(f"<div><dt>{term}</dt><dd>{told}</dd></div>" for term, told in rows)
    return f"<dl class='zw-facts'>{items}</dl>" if rows else ""


def _linked(place: str, units: Iterable[str]) -> str:
    """Return units in their order, each with the way to all that it answers for."""
    return "、".join(f"<a href='{escape(unit_way(place, unit))}'>{escape(unit)}</a>" for unit in units)


def _figures(answer: Answer) -> str:
    given = [amount for amount in answer.amounts if amount.role not in _THRESHOLDS]
    if len(given) < 2:
        return ""
    places = {c.source: c.jurisdiction or c.policy for c in answer.citations}
    several = len({(a.source, a.locator) for a in given}) > 1
    head = "<th scope='col'>数额</th><th scope='col'>给谁</th><th scope='col'>条件</th>"
    head += "<th scope='col'>哪里的条款</th>" if several else ""
    rows = ""
    for amount in given:
        cells = [("给谁", amount.recipient), ("条件", amount.condition)]
        if several:
            cells.append(("哪里", f"{places.get(amount.source, '')} {amount.locator}".strip()))
        told = "".join(_cell(name, cell) for name, cell in cells)
        rows += f"<tr><th scope='row'>{escape(amount.surface)}</th>{told}</tr>"
    caption = "条款里的数额"
    table = (
        "<div class='zw-scroll' tabindex='0' role='region' aria-label='数额表'><table class='zw-figures'>"
        f"<caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )
    if len(given) <= _FEW:
        return table
    return f"<details class='zw-fold'><summary>{caption}（{len(given)} 项）</summary>{table}</details>"


def _cell(name: str, cell: str) -> str:
    return f"<td data-label='{name}'>{escape(cell)}</td>" if cell else "<td class='zw-empty'>—</td>"


def _held(question: str, library: Library, place: str | None) -> str:
    """What the store does answer: of the place that was named or chosen, else of all."""
    named = next((name for name in library.jurisdictions() if name in question), place)
    return chips(library.examples(named), label=f"{named or '本库'}可以问这些")


def _place(answer: Answer, chosen: str | None) -> str:
    """Say for which place it was answered, with a way to change it (see ask.js)."""
    places = list(dict.fromkeys(c.jurisdiction for c in answer.citations if c.jurisdiction))
    said = places[0] if len(places) == 1 else chosen if not places else None
    if said is None:
        return ""
    change = "<button type='button' class='zw-plainbutton' data-where>换地区</button>"
    return f"<p class='zw-said'>按{escape(said)}{'的文件' if places else ''}回答 {change}</p>"


def _tools(answer: Answer, library: Library) -> str:
    """What can be taken along: guide to apply, paper, text to read aloud, query behind a count."""
    html = ""
    if len(answer.citations) == 1:
        html += guides.opening(library, answer.citations[0])
    if answer.reading:
        html += _fold("朗读稿", f"<p>{escape(answer.reading)}</p>", answer.reading)
    if answer.sparql:
        told = "<p class='zw-none'>在关系图里运行这条查询，结果与回答相同。</p>"
        html += _fold("查询语句", f"{told}<pre>{escape(answer.sparql)}</pre>", answer.sparql)
    if answer.citations:
        html += "<button type='button' class='zw-copy' data-print>打印</button>"
    return f"<div class='zw-tools'>{html}</div>" if html else ""


def _fold(label: str, html: str, text: str) -> str:
    """Return a fold-out with a button that copies its text (see ask.js)."""
    button = f"<button type='button' class='zw-copy' data-copy='{escape(text)}'>复制{label}</button>"
    return f"<details class='zw-fold'><summary>{label}</summary><div>{html}{button}</div></details>"


def _whom_to_ask(answer: Answer, library: Library) -> str:
    units = list(answer.lead_units or answer.responsible_units)
    if not units and answer.related:
        view = library.clause(answer.related[0].source, answer.related[0].locator)
        units = [duty.unit for duty in view.duties[:3]] if view else []
    named = "、".join(escape(unit) for unit in units[:3])
    where = f"文件里管这类事的单位是{named}；也可以拨打 {_HOTLINE}。" if named else f"可以拨打 {_HOTLINE}。"
    return f"<p class='zw-whom'><strong>可以问谁</strong>{where}</p>"


def _follow_ups(answer: Answer) -> tuple[str, ...]:
    if answer.choices or not answer.citations:
        return answer.choices
    asks = [] if "牵头" in answer.question or answer.sparql else ["哪个单位牵头？"]
    if not any(word in answer.question for word in ("有效", "过期", "还能")):
        asks.append("现在还有效吗？")
    return (*asks, "其他地方是怎么规定的？")
