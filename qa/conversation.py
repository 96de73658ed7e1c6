"""Follow-up questions: what an incomplete question takes over from the ones before it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from qa.lexicon import Intents
from qa.question import Question, Reader

# Words of one scale: naming one of them after a question about another exchanges it (省级的呢).
_SCALES = (
    ("国家级", "省级", "市级", "县级", "区级"),
    ("一等奖", "二等奖", "三等奖"),
    ("初级工", "中级工", "高级工"),
    ("第一季度", "第二季度", "第三季度", "第四季度"),
)
_ELLIPSIS = re.compile(r"^(?:那|那么)?(.{1,24}?)(?:的)?呢[？?。]?$")
_ASIDE = re.compile(r"除了(?:这个|这些|这项|它|上面)|(?:还有)?(?:别的|其他|其它)(?:政策|措施|办法)")


@dataclass(frozen=True, slots=True)
class Turn:
    """A question in its conversation: completed, and whether it asks for something besides the last answer."""

    question: Question
    resolved: str
    aside: bool


def resolve(
    reader: Reader,
    intents: Intents,
    text: str,
    context: Sequence[str],
    *,
    as_of: date | None,
    jurisdiction: str | None,
) -> Turn:
    """Read `text` in the light of the earlier questions in `context`, oldest first."""
    question = reader.read(text, as_of=as_of, jurisdiction=jurisdiction)
    if not context:
        return Turn(question, "", False)
    earlier = _earlier(reader, context, as_of, jurisdiction)
    places = question.jurisdictions or (() if question.foreign else earlier.jurisdictions)
    aside = bool(_ASIDE.search(question.plain))
    if _elliptic(question, intents):
        merged = _exchange(reader, earlier, question, as_of, jurisdiction)
        kinds = (
            question.intents
            if question.asks("lead", "responsible", "deadline", "validity", "condition", "count", "list")
            else merged.intents | question.intents
        )
        merged = replace(
            merged,
            text=text,
            jurisdictions=places,
            foreign=question.foreign,
            intents=frozenset(kinds) - {"greeting", "chitchat"},
            units=question.units or merged.units,
        )
        return Turn(merged, _spoken(merged, earlier, places), aside)
    carried = (
        ()
        if aside
        else tuple(t for t in earlier.terms if t.surface not in {o.surface for o in question.terms})
    )
    completed = replace(question, jurisdictions=places, carried=carried)
    return Turn(completed, _spoken(completed, earlier, places) if completed != question else "", aside)


def _earlier(
    reader: Reader, context: Sequence[str], as_of: date | None, jurisdiction: str | None
) -> Question:
    """Fold the earlier questions into one: the last topic, the last place named."""
    merged = reader.read(context[0], as_of=as_of, jurisdiction=jurisdiction)
    for text in context[1:]:
        following = reader.read(text, as_of=as_of, jurisdiction=jurisdiction)
        terms = following.terms if len(following.terms) >= 2 else (*merged.terms, *following.terms)
        merged = replace(
            following,
            terms=terms,
            jurisdictions=following.jurisdictions or merged.jurisdictions,
            units=following.units or merged.units,
        )
    return merged


def _elliptic(question: Question, intents: Intents) -> bool:
    """A question without a topic of its own: only a place, a scale word, or a kind of thing asked."""
    own = [term for term in question.terms if not any(term.surface in scale for scale in _SCALES)]
    return (
        not own
        or bool(_ELLIPSIS.match(question.plain) and len(own) <= 1)
        or (len(own) <= 1 and intents.has("followup", question.plain))
    )


def _exchange(
    reader: Reader, earlier: Question, question: Question, as_of: date | None, jurisdiction: str | None
) -> Question:
    """Put the new scale word in the place of the old one of the same scale; add what else is new."""
    text = earlier.text
    for scale in _SCALES:
        new = next((word for word in scale if word in question.plain), None)
        old = next((word for word in scale if word in text), None)
        if new and old and new != old:
            text = text.replace(old, new)
    if text == earlier.text:
        known = {term.surface for term in earlier.terms}
        fresh = tuple(t for t in question.terms if t.surface not in known)
        return replace(earlier, terms=(*earlier.terms, *fresh))
    return reader.read(text, as_of=as_of, jurisdiction=jurisdiction)


def _spoken(question: Question, earlier: Question, places: Sequence[str]) -> str:
    """Show the person what was understood."""
    topic = " ".join(term.surface for term in (*question.terms, *question.carried)) or earlier.text
    return f"{'、'.join(places)} {topic}".strip()
