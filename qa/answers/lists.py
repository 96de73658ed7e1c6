"""What a unit leads and answers for: complete lists and counts out of the graph."""

import re
from collections.abc import Sequence
from dataclasses import replace

from graph import shown
from graph.facts import Role
from graph.queries import ROLES, DutyRow, duties_of_unit
from qa.answers.base import DRAFT, Inquiry, cite, full_name
from qa.corpus import ClauseText
from qa.lexicon import turns
from qa.model import Answer, Citation, Validity
from qa.presence import presence
from qa.question import Question
from qa.text import display

_SHOWN = 60  # items written out in the answer; the count and the citations are always complete
# Units are asked for, not what they do: 还归哪些单位管.
_WHO = re.compile(r"哪(?:些|几个?|几家|家|个)?(?:单位|部门|局|委办局)|归谁|找谁")
_GENERIC = 0.2  # weight up to which a word tells who asks, not what about
_BESIDE = 0.9  # weight of other words up to which a question with a unit asks for its work
_OPENING = 100  # characters of an untitled article shown in a list
_ROLE = {"lead": "牵头", "responsible": "负责", "support": "配合", "oversight": "督办"}


def answer(inquiry: Inquiry) -> Answer | None:
    """List or count the clauses of the unit that the question names; None when it asks for neither."""
    question = inquiry.question
    counting = question.asks("count")
    if not question.units:
        topic = sum(
            t.weight for t in question.terms if t.weight > _GENERIC and t.surface not in turns()["work"]
        )
        return _leads(inquiry) if counting and question.asks("lead") and topic <= _BESIDE else None
    if not _about_the_unit(inquiry):
        return None
    names = [pair for mention in question.units for pair in mention.candidates]
    names = [
        (place, unit)
        for place, unit in names
        if not question.jurisdictions or place in question.jurisdictions
    ]
    roles = _roles(question)
    rows = [
        row
        for place, unit in dict.fromkeys(names)
        for row in duties_of_unit(inquiry.generation, unit, roles, place)
    ]
    every = _once(rows)
    rows = _within_document(inquiry, every)
    if not rows:
        return None
    return replace(_listed(inquiry, rows, roles), sparql=_query(inquiry, every, rows, roles))


def _roles(question: Question) -> tuple[Role, ...]:
    """Return the parts that are asked for: only leading, only as 责任单位, or any."""
    if question.asks("lead"):
        return ROLES if any(word in question.plain for word in turns()["all_parts"]) else ("lead",)
    return ("responsible",) if "责任单位" in question.plain else ROLES


def _about_the_unit(inquiry: Inquiry) -> bool:
    """Tell whether a unit's work is asked for, not who does something or what something gives."""
    question = inquiry.question
    if _WHO.search(question.plain):
        return False
    if question.asks("list", "count"):
        return True
    if question.asks("amount", "deadline", "condition", "validity"):
        return False
    titles = inquiry.corpus.titles
    topic = [t for t in question.terms if t.surface not in turns()["work"] and presence(t, titles) < 1.0]
    return sum(term.weight for term in topic) <= _BESIDE


def _once(rows: Sequence[DutyRow]) -> list[DutyRow]:
    return list({(row.unit, row.source, row.locator): row for row in reversed(rows)}.values())[::-1]


def _within_document(inquiry: Inquiry, rows: list[DutyRow]) -> list[DutyRow]:
    """Keep to the document that is named 《…》, if any of the rows stands in it."""
    wanted = inquiry.question.documents
    if not wanted:
        return rows
    kept = [
        row for row in rows if (text := _text(inquiry, row)) and any(w in text.entry.context for w in wanted)
    ]
    return kept or rows


def _text(inquiry: Inquiry, row: DutyRow) -> ClauseText | None:
    return inquiry.corpus.clause(row.source, row.locator)


def _listed(inquiry: Inquiry, rows: list[DutyRow], roles: Sequence[Role]) -> Answer:
    units = tuple(dict.fromkeys((row.jurisdiction, row.unit) for row in rows))
    lines, total = [], len({(row.source, row.locator) for row in rows})
    only = roles[0] if len(roles) == 1 else None
    doing = {"lead": "牵头", "responsible": "列为责任单位"}.get(only or "", "负责（含牵头、责任和配合）")
    for jurisdiction, unit in units:
        own = [row for row in rows if (row.jurisdiction, row.unit) == (jurisdiction, unit)]
        lines.append(f"{full_name(jurisdiction, unit)}{doing}的共 {len(own)} 项：")
        lines += [f"{i}. {_item(inquiry, row, roles)}" for i, row in enumerate(own[:_SHOWN], 1)]
        if len(own) > _SHOWN:
            lines.append(f"其余 {len(own) - _SHOWN} 项见引用条款。")
    renamed = dict(pair for mention in inquiry.question.units for pair in mention.renamed)
    for ground in dict.fromkeys(renamed[unit] for _, unit in units if unit in renamed):
        lines[0] = f"说明：{ground}。\n{lines[0]}"
    draft = _draft(inquiry, rows)
    if draft:
        lines.append(f"注意：{DRAFT}")
    texts = [text for row in rows if (text := _text(inquiry, row))]
    counting = inquiry.question.asks("count") and not inquiry.question.asks("list")
    return Answer(
        question=inquiry.question.text,
        status="answered",
        answer="\n".join(lines[:1] if counting else lines)
        + (f"\n注意：{DRAFT}" if counting and draft else ""),
        citations=tuple(_short_citation(text) for text in {t.key: t for t in texts}.values()),
        lead_units=tuple(unit for _, unit in units) if tuple(roles) == ("lead",) else (),
        responsible_units=tuple(unit for _, unit in units) if tuple(roles) != ("lead",) else (),
        number=total,
        steps=(f"在关系图中按单位和职责逐条数出 {total} 条。",),
        validity=Validity("draft", note=DRAFT) if draft else Validity(),
    )


def _query(inquiry: Inquiry, every: Sequence[DutyRow], rows: Sequence[DutyRow], roles: Sequence[Role]) -> str:
    """Return the SPARQL that gives these rows; none where they are no whole part of a document."""
    units = dict.fromkeys((row.jurisdiction, row.unit) for row in rows)
    counting = inquiry.question.asks("count") and not inquiry.question.asks("list")
    if len(every) == len(rows):
        return shown.duties(units, roles, count=counting)
    parts = dict.fromkeys((row.source, row.locator.split("/")[0]) for row in rows)
    inside = [row for row in every if (row.source, row.locator.split("/")[0]) in parts]
    return shown.duties(units, roles, within=tuple(parts), count=counting) if len(inside) == len(rows) else ""


def _item(inquiry: Inquiry, row: DutyRow, roles: Sequence[Role]) -> str:
    text = _text(inquiry, row)
    head = display(row.title) if row.title else _opening(text)
    role = "" if len(roles) == 1 else f"（{_ROLE[row.role]}）"
    return f"{head}（{row.locator}）{role}"


def _opening(text: ClauseText | None) -> str:
    """Stand in for a title where an article has none: how it begins."""
    if text is None or not text.sentences:
        return ""
    words = display(text.text).rstrip("。；")
    return words if len(words) <= _OPENING else words[: _OPENING - 1] + "…"


def _short_citation(text: ClauseText) -> Citation:
    """Cite a titled clause by its first sentence, an untitled one as far as the list says it."""
    if not text.policy.verbatim or not text.sentences or not text.clause.title:
        return cite(text)
    return cite(text, text.sentences[0].start, text.sentences[0].end)


def _draft(inquiry: Inquiry, rows: Sequence[DutyRow]) -> bool:
    return any(inquiry.corpus.heads[row.source].status == "draft" for row in rows)


def _leads(inquiry: Inquiry) -> Answer | None:
    """Count the units that lead anything in the documents of the named places.

    The clauses are cited all, so their documents are read anyway; they say what the graph says.
    """
    places = inquiry.question.jurisdictions
    corpus = inquiry.corpus
    sources = [s for place in places for s in corpus.jurisdictions.get(place, ())]
    led = {source: corpus.leads(source) for source in sources}
    units = list(dict.fromkeys(duty.unit for duties in led.values() for duty in duties))
    if not units:
        return None
    clauses = dict.fromkeys((source, d.evidence.locator) for source, duties in led.items() for d in duties)
    citations = [_short_citation(text) for key in clauses if (text := corpus.clause(*key))]
    return Answer(
        question=inquiry.question.text,
        status="answered",
        answer=f"{'、'.join(places)}的文件中，担任过牵头单位的共 {len(units)} 家：{'、'.join(units)}。",
        citations=tuple(citations),
        lead_units=tuple(units),
        number=len(units),
        steps=(f"在关系图中数出不同的牵头单位 {len(units)} 家。",),
        sparql=shown.leads(places),
    )
