"""Clauses as HTML: word for word, with their place in the document, their units, their neighbours."""

import re
from collections.abc import Sequence
from html import escape
from itertools import groupby

from graph.facts import Duty
from qa.model import Answer, Citation, Pointer
from qa.text import display
from qa.views import ClauseView
from ui import words
from ui.doors import Library
from ui.pages import guides, ways

_MANY = 10  # more citations than this are folded away as a whole
_FEW = 4  # up to so many citations each clause names its document, and the first stands open


def basis(answer: Answer, library: Library) -> str:
    """Return the cited clauses, completely; many are listed below the name of their document."""
    count = len(answer.citations)
    surfaces = [amount.surface for amount in answer.amounts]
    several = count > 1
    html = ""
    for _, group in groupby(answer.citations, key=lambda c: c.source):
        cited = list(group)
        if count > _FEW:
            html += f"<h4 class='zw-doc'>{_document(cited[0].policy, cited[0].number)}</h4>"
        for citation in cited:
            view = library.clause(citation.source, citation.locator)
            body = _body(citation, view, surfaces)
            body += (_units(view.duties) if view and several else "") + _neighbours(view)
            if several and count <= _FEW:
                body += guides.opening(library, citation)
            opened = count <= _FEW and citation is answer.citations[0]
            name = "" if count > _FEW else _document(citation.policy, citation.number)
            html += _card(name, breadcrumb(citation.locator, citation.title, view), body, opened=opened)
    title = f"依据（共 {count} 条）" if several else "依据"
    if count > _MANY:
        html = f"<details class='zw-near'><summary>展开全部 {count} 条</summary>{html}</details>"
    return f"<section class='zw-basis' aria-label='依据'><h3>{title}</h3>{html}</section>"


def related(pointers: Sequence[Pointer], library: Library, *, nearest: bool) -> str:
    """Return clauses that are pointed at, not stood on; `nearest` when nothing is cited."""
    html = ""
    for pointer in pointers:
        view = library.clause(pointer.source, pointer.locator)
        title = pointer.title or (view.clause.title if view else "")
        body = "<p class='zw-none'>本库未收原文。</p>"
        if view and view.clause.text:
            body = f"<p class='zw-quote'>{escape(display(view.clause.text))}</p>"
        elif view and view.gist:
            body = _gist(view.gist)
        place = breadcrumb(pointer.locator, title, view)
        where = escape(ways.document(pointer.source, pointer.locator))
        body += f"<p class='zw-tools'><a class='zw-copy' href='{where}'>在文件中查看</a></p>"
        html += _card(_document(view.policy, None) if view else "", place, body, opened=False)
    label = "最接近的条款（不是依据，仅供参考）" if nearest else "相关条款"
    return f"<section class='zw-related' aria-label='{label}'><h3>{label}</h3>{html}</section>"


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
    # A figure inside a longer number is another figure: 5万元 is not marked in 15万元.
    choices = "|".join(r"\s*".join(map(re.escape, surface)) for surface in wanted)
    pattern = re.compile(rf"(?<![\d.])(?:{choices})")
    out, at = [], 0
    for found in pattern.finditer(text):
        out += [escape(text[at : found.start()]), f"<mark>{escape(found.group())}</mark>"]
        at = found.end()
    return "".join([*out, escape(text[at:])])


def _card(document: str, place: str, body: str, *, opened: bool) -> str:
    name = f"<span class='zw-doc'>{document}</span>" if document else ""
    state = " open" if opened else ""
    return f"<details class='zw-clause'{state}><summary>{name}{place}</summary>{body}</details>"


def _document(policy: str, number: str | None) -> str:
    mark = f" <span class='zw-number'>{escape(number)}</span>" if number else ""
    return f"《{escape(policy)}》{mark}"


def _body(citation: Citation, view: ClauseView | None, surfaces: Sequence[str]) -> str:
    whole = display(view.clause.text) if view else ""
    gist = citation.gist or (view.gist if view else "")
    quote = display(citation.quote) or whole  # the breaks of print lines are no part of the sentence
    if quote:
        html = f"<blockquote class='zw-quote'>{marked(quote, surfaces)}</blockquote>"
        if whole and quote != whole:
            html += (
                "<details class='zw-near'><summary>看整条原文</summary>"
                f"<blockquote class='zw-quote'>{marked(whole, surfaces)}</blockquote></details>"
            )
    else:
        html = "<p class='zw-none'>本库未收这份文件的原文，下面是编者要点。</p>"
    return (
        html
        + (_gist(gist) if gist else "")
        + _ticket(citation, f"“{quote}”" if quote else f"{words.GIST}{gist}")
    )


def _ticket(citation: Citation, said: str) -> str:
    """The way to the document, and a button that copies what a ticket needs: document, place, words."""
    number = f"（{citation.number}）" if citation.number else ""
    text = f"《{citation.policy}》{number}{citation.locator} {citation.title}".rstrip() + f"：{said}"
    where = escape(ways.document(citation.source, citation.locator))
    seen = f"<a class='zw-copy' href='{where}'>在文件中查看</a>"
    copied = f"<button type='button' class='zw-copy' data-copy='{escape(text)}'>复制条款</button>"
    return f"<p class='zw-tools'>{seen}{copied}</p>"


def _gist(text: str) -> str:
    return f"<p class='zw-gist'><span class='zw-tag'>{words.GIST}</span>{escape(text)}</p>"


def _units(duties: Sequence[Duty]) -> str:
    lead = [duty.unit for duty in duties if duty.role == "lead"]
    others = [duty.unit for duty in duties if duty.role == "responsible"]
    told = f"牵头单位：{words.listed(lead) or words.NO_LEAD}"
    told += f"；责任单位：{words.listed(others)}" if others else ""
    return f"<p class='zw-duties'>{escape(told)}</p>"


def _neighbours(view: ClauseView | None) -> str:
    if view is None or len(view.siblings) < 2:
        return ""
    rows = ""
    for clause in view.siblings:
        here = " aria-current='true'" if clause.locator == view.clause.locator else ""
        where = escape(ways.document(view.source, clause.locator))
        rows += f"<li{here}><a href='{where}'>{escape(clause.number)} {escape(clause.title)}</a></li>"
    head = f"同一节的条款（{len(view.siblings)} 条）"
    return f"<details class='zw-near'><summary>{head}</summary><ol>{rows}</ol></details>"
