"""Follow-up questions: what an incomplete question takes over from the ones before it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from qa.entitlement.given import read
from qa.kinds import FIGURE_KINDS, kind_of
from qa.lexicon import asked_for, turns
from qa.question import Question, Reader, Term
from qa.text import asked

# The kinds of thing that a follow-up takes over.
_KINDS = frozenset(
    {*FIGURE_KINDS, "lead", "responsible", "validity", "condition", "count", "list", "content"}
)
_MONEY = frozenset({"money_words", "sum"})  # what goes with the kind of an earlier question
# A step of a numbered or lettered scale: 七层, C类, 三星, 二胎, 95分.
_STEP = re.compile(
    r"(?<![\u4e00-\u9fff]第)[A-Za-z\d一二两三四五六七八九十]+(?P<scale>层|类|档|星|等奖|胎|孩|级能效)"
)
_UNITS = ("lead", "responsible")
_OWN = 0.9  # weight of own words from which on a question without a follow-up word stands alone
_SLIGHT = 1.2  # weight of own words up to which a question hardly has a topic of its own
_LEANING = 2.2  # weight of own words up to which the earlier topic is carried nearly in full
_NEAR, _FAR = 0.8, 0.3  # what a carried word counts beside few, beside many own words


@dataclass(frozen=True, slots=True)
class Turn:
    """A question in its conversation: completed; `aside` when it asks for something else than before."""

    question: Question
    resolved: str
    aside: bool
    leaning: bool = False  # it has no topic of its own: what the last answer stood on is meant


def resolve(
    reader: Reader, text: str, context: Sequence[str], *, as_of: date | None, jurisdiction: str | None
) -> Turn:
    """Read `text` in the light of the earlier questions in `context`, oldest first."""
    question = reader.read(text, as_of=as_of, jurisdiction=jurisdiction)
    if not context or question.asks("greeting", "thanks", "chitchat", "injection"):
        return Turn(question, "", False)
    earlier = _earlier(reader, context, as_of, jurisdiction)
    places = question.jurisdictions or (() if question.foreign else earlier.jurisdictions)
    aside = any(word in question.plain for word in turns()["aside"])
    leaning = False
    own = tuple(term for term in question.terms if not _on_scale(term.surface))
    weight = sum(term.weight for term in own)
    if weight >= _OWN and not question.asks("followup"):
        completed = question  # a question of its own: only the place is taken over
    elif leaning := weight <= _SLIGHT and not aside:
        completed = _exchange(reader, earlier, question, as_of, jurisdiction)
        kinds = question.intents & _KINDS or earlier.intents & (_KINDS | _MONEY)
        # Whom to turn to is asked anew: the few own words (配合的) are about the units, not the topic.
        terms = completed.terms if question.asks(*_UNITS) else _joined(completed.terms, own, 1.0)
        completed = replace(
            completed,
            text=text,
            plain=question.plain,
            terms=terms,
            intents=frozenset(kinds),
            units=question.units,
            told=_told(context, question.plain),
        )
    else:
        carried = () if aside else earlier.terms
        factor = _NEAR if weight <= _LEANING else _FAR
        completed = replace(question, terms=_joined(question.terms, carried, factor))
    completed = replace(completed, jurisdictions=places, foreign=question.foreign)
    return Turn(completed, _spoken(completed, places) if completed != question else "", aside, leaning)


def _earlier(
    reader: Reader, context: Sequence[str], as_of: date | None, jurisdiction: str | None
) -> Question:
    """Fold the earlier questions into one: the last topic, the last place named."""
    merged = reader.read(context[0], as_of=as_of, jurisdiction=jurisdiction)
    for text in context[1:]:
        following = reader.read(text, as_of=as_of, jurisdiction=jurisdiction)
        slight = sum(term.weight for term in following.terms) <= _LEANING
        merged = replace(
            following,
            terms=_joined(following.terms, merged.terms, 1.0 if slight else _FAR),
            jurisdictions=following.jurisdictions or merged.jurisdictions,
            intents=following.intents & _KINDS or merged.intents,
        )
    return merged


def _told(context: Sequence[str], own: str) -> str:
    """Join the earlier questions with a new figure (要是六千万呢), in the place of one of its kind."""
    new = {figure.kind for figure in read(own).figures}
    if not new:
        return ""
    earlier = asked("，".join(context))
    for figure in read(earlier).figures:
        if figure.kind in new:
            earlier = f"{earlier[: figure.start]}{' ' * (figure.end - figure.start)}{earlier[figure.end :]}"
    return f"{earlier}，{own}"


def _joined(first: Sequence[Term], then: Sequence[Term], factor: float) -> tuple[Term, ...]:
    known = {form for term in first for form in term.forms}
    added = (replace(term, weight=term.weight * factor) for term in then if term.surface not in known)
    return (*first, *added)


def _on_scale(word: str) -> bool:
    return any(word in scale for scale in turns()["scales"])


def _exchange(
    reader: Reader, earlier: Question, question: Question, as_of: date | None, jurisdiction: str | None
) -> Question:
    """Put a new word in the place of the earlier one of the same scale (省级 for 国家级)."""
    text = earlier.text
    for scale in turns()["scales"]:
        new = next((word for word in scale if word in question.plain), None)
        old = next((word for word in scale if word in text), None)
        if new and old and new != old:
            text = text.replace(old, new)
    for new_step in _STEP.finditer(question.plain):  # 四层 for 七层, B类 for A类
        old_steps = {m.group() for m in _STEP.finditer(text) if m["scale"] == new_step["scale"]}
        if len(old_steps) == 1 and new_step.group() not in old_steps:
            text = text.replace(old_steps.pop(), new_step.group())
    if text == earlier.text:
        return earlier
    exchanged = reader.read(text, as_of=as_of, jurisdiction=jurisdiction)
    return replace(exchanged, terms=_joined(exchanged.terms, earlier.terms, _FAR))


def _spoken(question: Question, places: Sequence[str]) -> str:
    """Show the person what was understood."""
    topic = f"{'、'.join(places)} {' '.join(term.surface for term in question.terms)}".strip()
    asks = asked_for()[kind_of(question)]
    return f"{topic}，{asks}" if topic and asks else topic
