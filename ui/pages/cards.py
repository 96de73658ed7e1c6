"""Answers as HTML cards: pure functions from answer to markup. Everything from outside is escaped."""

import re
from collections.abc import Iterable, Sequence
from html import escape

from qa.model import Amount, Answer, Citation, Pointer
from qa.views import ClauseView
from ui import words
from ui.doors import Library
from ui.pages.prose import prose

_OPEN_CITATIONS = 1  # citations shown opened; the others are one tap away
_HOTLINE = "12345 政务服务便民热线"


def turn(question: str, answer: Answer, library: Library, *, number: int) -> str:
    """Return one question with its answer, as an article with a heading."""
    parts = [_plain(answer), _facts(answer), _figures(answer.amounts)]
    if answer.citations:
        parts.append(_citations(answer, library))
    if answer.related:
        parts.append(_related(answer.related, library, nearest=not answer.citations))
    if answer.status in ("no_basis", "no_figure"):
        parts.append(_whom_to_ask(answer, library))
    parts.append(chips(_follow_ups(answer), label="接着问"))
    return (
        f'<article class="zw-turn" id="zw-turn-{number}" aria-labelledby="zw-q-{number}">'
        f'<h2 class="zw-q" id="zw-q-{number}"><span class="zw-unseen">您问：</span>{escape(question)}</h2>'
        f'<div class="zw-a" data-status="{escape(answer.status)}">{"".join(parts)}</div></article>'
    )


def failure(question: str, message: str, *, number: int) -> str:
    """Return a question that could not be answered, with what to do."""
    return (
        f'<article class="zw-turn" id="zw-turn-{number}"><h2 class="zw-q">{escape(question)}</h2>'
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
    return (
        f'<nav class="zw-chips" aria-label="{escape(label)}"><p>{escape(label)}</p><ul>{buttons}</ul></nav>'
    )


def _plain(answer: Answer) -> str:
    state = "" if answer.status == "answered" else f'<p class="zw-state">{words.STATUS[answer.status]}</p>'
    understood = ""
    if answer.resolved and answer.resolved != answer.question:
        understood = f'<p class="zw-understood">按这个意思回答：{escape(answer.resolved)}</p>'
    steps = ""
    if answer.steps:
        steps = "<ol class='zw-steps'>" + "".join(f"<li>{escape(s)}</li>" for s in answer.steps) + "</ol>"
    return f'{state}{understood}<div class="zw-plain">{prose(answer.answer)}</div>{steps}'


def _facts(answer: Answer) -> str:
    if not words.shows_units(answer):
        return ""
    lead = "、".join(map(escape, answer.lead_units)) or f'<span class="zw-none">{words.NO_LEAD}</span>'
    rows = [("牵头单位", lead)]
    if answer.responsible_units:
        rows.append(("责任单位", "、".join(map(escape, answer.responsible_units))))
    state = answer.validity.state
    rows.append(
        ("有效性", f'<span class="zw-valid zw-{state}">{escape(words.validity_line(answer.validity))}</span>')
    )
    return (
        "<dl class='zw-facts'>" + "".join(f"<div><dt>{t}</dt><dd>{d}</dd></div>" for t, d in rows) + "</dl>"
    )


def _figures(amounts: Sequence[Amount]) -> str:
    if len(amounts) < 2:
        return ""
    several_places = len({(a.source, a.locator) for a in amounts}) > 1
    head = "<th scope='col'>数额</th><th scope='col'>给谁</th><th scope='col'>条件</th>"
    head += "<th scope='col'>条款</th>" if several_places else ""
    rows = ""
    for amount in amounts:
        cells = [amount.recipient or "—", amount.condition or "—"] + (
            [amount.locator] if several_places else []
        )
        rows += f"<tr><th scope='row'>{escape(amount.surface)}</th>"
        rows += "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"
    return (
        "<div class='zw-scroll' tabindex='0' role='region' aria-label='数额表'><table class='zw-figures'>"
        f"<caption>条款里的数额</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _citations(answer: Answer, library: Library) -> str:
    count = len(answer.citations)
    title = "依据" if count == 1 else f"依据（共 {count} 条）"
    surfaces = [amount.surface for amount in answer.amounts]
    opened = _OPEN_CITATIONS if count <= 4 else 0
    cards = "".join(
        _citation(c, library.clause(c.source, c.locator), surfaces, opened=i < opened)
        for i, c in enumerate(answer.citations)
    )
    return f"<section class='zw-basis' aria-label='依据'><h3>{title}</h3>{cards}</section>"


def _citation(citation: Citation, view: ClauseView | None, surfaces: Sequence[str], *, opened: bool) -> str:
    number = f"<span class='zw-number'>{escape(citation.number)}</span>" if citation.number else ""
    gist = citation.gist or (view.gist if view else "")
    body = ""
    if citation.quote:
        body += f"<blockquote class='zw-quote'>{marked(citation.quote, surfaces)}</blockquote>"
    elif view and view.clause.text:
        body += f"<blockquote class='zw-quote'>{marked(view.clause.text, surfaces)}</blockquote>"
    else:
        body += "<p class='zw-none'>本库未收这份文件的原文，只有编者要点和数据。</p>"
    if gist:
        body += f"<p class='zw-gist'><span class='zw-tag'>{words.GIST}</span>{escape(gist)}</p>"
    body += _neighbours(view)
    return (
        f"<details class='zw-clause'{' open' if opened else ''}><summary>"
        f"<span class='zw-doc'>《{escape(citation.policy)}》{number}</span>"
        f"{breadcrumb(citation.locator, citation.title, view)}</summary>{body}</details>"
    )


def breadcrumb(locator: str, title: str, view: ClauseView | None) -> str:
    """Return a clause's place in its document, from the part down to its own title."""
    names = {c.locator: c.title for c in view.ancestors} if view else {}
    steps, path = [], ""
    for label in locator.split("/"):
        path = f"{path}/{label}" if path else label
        name = title if path == locator else names.get(path, "")
        steps.append(f"<li>{escape(label)}{' ' + escape(name) if name else ''}</li>")
    return f"<ol class='zw-path' aria-label='在文件中的位置'>{''.join(steps)}</ol>"


def marked(text: str, surfaces: Sequence[str]) -> str:
    """Return `text` escaped, word for word, with the figures `surfaces` marked (print may hold spaces)."""
    wanted = sorted({re.sub(r"\s+", "", s) for s in surfaces} - {""}, key=len, reverse=True)
    if not wanted:
        return escape(text)
    pattern = re.compile("|".join(r"\s*".join(map(re.escape, surface)) for surface in wanted))
    out, at = [], 0
    for found in pattern.finditer(text):
        out += [escape(text[at : found.start()]), f"<mark>{escape(found.group())}</mark>"]
        at = found.end()
    return "".join([*out, escape(text[at:])])


def _neighbours(view: ClauseView | None) -> str:
    if view is None or len(view.siblings) < 2:
        return ""
    rows = ""
    for clause in view.siblings:
        here = " aria-current='true'" if clause.locator == view.clause.locator else ""
        rows += f"<li{here}>{escape(clause.number)} {escape(clause.title)}</li>"
    head = f"同一节的条款（{len(view.siblings)} 条）"
    return f"<details class='zw-near'><summary>{head}</summary><ol>{rows}</ol></details>"


def _related(related: Sequence[Pointer], library: Library, *, nearest: bool) -> str:
    rows = ""
    for pointer in related:
        view = library.clause(pointer.source, pointer.locator)
        title = pointer.title or (view.clause.title if view else "")
        document = f"<span class='zw-doc'>《{escape(view.policy)}》</span>" if view else ""
        text = (view.clause.text or view.gist) if view else ""
        tag = f"<span class='zw-tag'>{words.GIST}</span>" if view and not view.clause.text and text else ""
        place = breadcrumb(pointer.locator, title, view)
        rows += (
            f"<details class='zw-clause'><summary>{document}{place}</summary>"
            f"<p class='zw-quote'>{tag}{escape(text) or '本库未收原文'}</p></details>"
        )
    label = "最接近的条款（不是依据，仅供参考）" if nearest else "相关条款"
    return f"<section class='zw-related' aria-label='{label}'><h3>{label}</h3>{rows}</section>"


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
    asks = [] if "牵头" in answer.question else ["哪个单位牵头？"]
    if not any(word in answer.question for word in ("有效", "过期", "还能")):
        asks.append("现在还有效吗？")
    return (*asks, "其他地方是怎么规定的？")
