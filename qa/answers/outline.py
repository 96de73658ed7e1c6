"""How many items a heading or a document has, and what they are called: out of its own numbering."""

from dataclasses import dataclass

from ingest.model import Clause, Policy
from qa.answers.base import Inquiry, caution, cite, period, place
from qa.corpus import ClauseText
from qa.model import Answer, Citation
from qa.presence import presence
from qa.question import Question
from qa.text import display, plain

_TITLE = 4  # characters that a heading needs to be recognised by
_SHOWN = 40  # items that are written out
_OPENING = 40  # characters of an untitled item that stand for a title
_HELD = 0.6  # presence from which on a title counts as holding a word
_BESIDE = 0.1  # how much less of it another heading's titles may hold
_NAMED = 0.5  # share of the topic that the titles above a heading, or a document's title, must hold


@dataclass(frozen=True, slots=True)
class _Heading:
    """A heading of a document with the clauses right below it."""

    policy: Policy
    title: str
    items: tuple[Clause, ...]
    share: float  # of the rest of the topic, held by the titles above


def answer(inquiry: Inquiry) -> Answer | None:
    """Count and list the items of the heading that the question names; None when it names none."""
    question = inquiry.question
    if not question.asks("count") or question.units:
        return None
    headings = [h for source in _sources(inquiry) for h in _headings(inquiry, source)]
    best = max((h.share for h in headings), default=0.0)
    found = [h for h in headings if h.share > best - _BESIDE]
    if len(found) != 1 or best < _NAMED:
        return None
    return _told(inquiry, found[0])


def _sources(inquiry: Inquiry) -> list[str]:
    by_place = inquiry.corpus.jurisdictions
    places = inquiry.question.jurisdictions or tuple(by_place)
    sources = [source for name in places for source in by_place.get(name, ())]
    if inquiry.question.jurisdictions:
        return sources
    return [source for source in sources if _share(inquiry, inquiry.corpus.topic(source)) >= _NAMED]


def _headings(inquiry: Inquiry, source: str) -> list[_Heading]:
    policy = inquiry.corpus.policy(source)
    if policy is None:
        return []
    below: dict[str, list[Clause]] = {}
    for clause in policy.clauses:
        below.setdefault(clause.parent or "", []).append(clause)
    parts = {part.label: part.title for part in policy.parts}
    found = []
    for clause in policy.clauses:
        title = plain(clause.title)
        if (
            len(title) < _TITLE
            or title not in inquiry.question.plain
            or len(below.get(clause.locator, ())) < 2
        ):
            continue
        above = f"{inquiry.corpus.topic(source)}{plain(parts.get(clause.locator.split('/')[0], ''))}{title}"
        found.append(_Heading(policy, clause.title, tuple(below[clause.locator]), _share(inquiry, above)))
    return found


def _share(inquiry: Inquiry, titles: str) -> float:
    """Return the share of the topic that titles hold."""
    terms = inquiry.question.terms
    total = sum(term.weight for term in terms)
    return sum(t.weight * (presence(t, titles) >= _HELD) for t in terms) / total if total else 1.0


def _told(inquiry: Inquiry, heading: _Heading) -> Answer:
    question: Question = inquiry.question
    source = heading.policy.source
    texts = [t for item in heading.items if (t := inquiry.corpus.clause(source, item.locator))]
    names = [_name(item) for item in heading.items[:_SHOWN]]
    head = f"“{display(heading.title)}”共 {len(heading.items)} 项："
    lines = [f"{place(texts[0])}{head}" if texts else head, *(f"{i}. {n}" for i, n in enumerate(names, 1))]
    valid = period(heading.policy, question.as_of, None)
    return Answer(
        question=question.text,
        status="answered",
        answer="\n".join(filter(None, (*lines, caution(valid)))),
        citations=tuple(_cited(text) for text in texts),
        number=len(heading.items),
        steps=(f"在文件的编号中数出 {len(heading.items)} 项。",),
        validity=valid,
    )


def _name(item: Clause) -> str:
    said = display(item.title or item.text)
    return f"{said if len(said) <= _OPENING else said[: _OPENING - 1] + '…'}（{item.locator}）"


def _cited(text: ClauseText) -> Citation:
    first = text.sentences[0] if text.sentences else None
    return cite(text, first.start, first.end) if first and text.policy.verbatim else cite(text)
