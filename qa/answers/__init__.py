"""Answer kinds, one module each; `respond` decides which one a question gets."""

import re
from dataclasses import replace

from qa.answers import clause, comparison, entitlement, lists, outline, premise, refusal, validity
from qa.answers.base import Inquiry
from qa.kinds import FIGURE_KINDS, kind_of
from qa.lexicon import lexicon
from qa.model import Answer, Validity
from qa.retrieve import Candidate
from qa.support import gaps, probability
from qa.text import HAN
from qa.weights import weights

_YEAR = re.compile(r"20\d\d(?=年)")
_HAN = re.compile(f"[{HAN}]")
UNKNOWN = Validity()
_TOPIC = 0.3  # weight of words below which a question has no topic
_SIDE_BY_SIDE = 6  # more places than this are asked back instead of shown together
_BESIDE = 0.5  # share of the threshold that a place needs beside another that has an answer
_SAME_CLAUSE, _SAME_TOPIC = 0.3, 0.6  # share of the threshold that a follow-up needs after an answer
_NAMED = 0.15  # how much less of the question a rival's titles may hold
_RIVAL = 0.72  # a place's best clause must reach this share of the best one to be shown beside it


def respond(inquiry: Inquiry) -> Answer:
    """Answer a question that has been read."""
    question = inquiry.question
    if (reply := refusal.small_talk(question)) is not None:
        return reply
    if not _HAN.search(question.plain):  # a path, a key, a program: no question to documents in Chinese
        return refusal.nothing(inquiry, ())
    if question.foreign and not question.jurisdictions:
        return _elsewhere(inquiry)
    if (listed := lists.answer(inquiry)) is not None:
        return listed
    if (counted := outline.answer(inquiry)) is not None:
        return counted
    if (told := validity.titled(inquiry)) is not None:
        return told
    if sum(term.weight for term in question.terms) < _TOPIC and not question.documents:
        told = validity.documents(inquiry, question.jurisdictions) if question.asks("validity") else None
        return told or refusal.without_topic(inquiry)
    places = question.jurisdictions
    if len(places) > 1:
        return _compare(inquiry, places)
    if not places and sum(bool(name) for name in inquiry.corpus.jurisdictions) > 1:
        return _everywhere(inquiry)
    return _one(inquiry, inquiry.find(places or None))


def _one(inquiry: Inquiry, candidates: list[Candidate]) -> Answer:
    question = inquiry.question
    kind = kind_of(question)
    chosen = clause.choose(inquiry, candidates, kind) if supported(inquiry, candidates) else None
    if chosen is None:
        return refusal.nothing(inquiry, candidates)
    candidate, selection = chosen
    if question.asks("validity"):
        return validity.answer(inquiry, candidate, selection, candidates)
    if (worked_out := entitlement.answer(inquiry, candidate, candidates)) is not None:
        return worked_out
    found = clause.answer(inquiry, candidate, selection, kind, candidates)
    found = clause.with_repeats(found, candidate, candidates)
    return premise.corrected(question, candidate.text, found)


def _compare(inquiry: Inquiry, places: tuple[str, ...]) -> Answer:
    found, nearest = sides(inquiry, places)
    if not found:
        return refusal.nothing(inquiry, nearest)
    missing = [place for place in places if place not in {side.place for side in found}]
    return comparison.answer(inquiry, found, missing, kind_of(inquiry.question))


def sides(inquiry: Inquiry, places: tuple[str, ...]) -> tuple[list[comparison.Side], list[Candidate]]:
    """Return a clause for each place that takes the topic up, and the nearest clauses of all places."""
    asked = {
        place: replace(inquiry, question=comparison.of_place(inquiry.question, place)) for place in places
    }
    found = {place: own.find([place]) for place, own in asked.items()}
    held = [place for place in places if supported(asked[place], found[place])]
    if not held:
        return [], [group[0] for group in found.values() if group]
    # Where one place takes the topic up, weaker evidence will do for the same thing elsewhere.
    held = [place for place in places if supported(asked[place], found[place], _BESIDE)]
    kind = kind_of(inquiry.question)
    return comparison.align({place: (asked[place], found[place]) for place in held}, kind), []


def _everywhere(inquiry: Inquiry) -> Answer:
    """No place was named: show each place that has an answer, or the only one."""
    candidates = inquiry.find(None, limit=60)
    places = list(dict.fromkeys(c.text.jurisdiction for c in candidates))
    if len(places) == 1:
        return _one(inquiry, candidates)
    found = {place: [c for c in candidates if c.text.jurisdiction == place] for place in places}
    close = [place for place in places if _rivals(found[place][0], candidates[0])]
    held = [place for place in close if supported(inquiry, found[place])]
    if not held:
        return refusal.nothing(inquiry, candidates)
    if len(held) == 1:
        return _one(inquiry, found[held[0]])
    if len(held) > _SIDE_BY_SIDE:
        return refusal.which_place(inquiry.question, [place for place in held if place])
    kind = kind_of(inquiry.question)
    sides = comparison.align({place: (inquiry, found[place]) for place in held}, kind)
    telling = [side for side in sides if side.selection.figures] if kind in FIGURE_KINDS else []
    return comparison.answer(inquiry, telling or sides, (), kind)


def _rivals(candidate: Candidate, best: Candidate) -> bool:
    """Tell whether a place's best clause is worth showing beside the best of all.

    A question that names a document by its title asks about that one, not about others on the topic.
    """
    named = best.features.context - candidate.features.context
    return candidate.score >= _RIVAL * best.score and named <= _NAMED


def supported(inquiry: Inquiry, candidates: list[Candidate], share: float = 1.0) -> bool:
    """Tell whether the best of `candidates` takes the topic up, to `share` of the usual threshold."""
    if not candidates:
        return False
    candidates = [c for c in candidates if not _of_another_year(inquiry, c)]
    if not candidates:
        return False
    if inquiry.ground:  # the earlier question was answered, and this one is about the same thing
        share *= _SAME_CLAUSE if candidates[0].key in inquiry.ground else _SAME_TOPIC
    lacking = gaps(inquiry.question, candidates, inquiry.rarity(), lexicon())
    return max(probability(c, lacking) for c in candidates[:3]) >= share * weights().threshold


def _of_another_year(inquiry: Inquiry, candidate: Candidate) -> bool:
    """The question names a year, the document's title another, and the clause does not name it either."""
    asked = set(_YEAR.findall(inquiry.question.plain))
    entry = candidate.text.entry
    titled = set(_YEAR.findall(entry.context))
    return bool(asked and titled) and asked.isdisjoint(titled | set(_YEAR.findall(entry.body)))


def _elsewhere(inquiry: Inquiry) -> Answer:
    """A place without documents of its own: only a document whose title names it can answer."""
    named = {
        source
        for source, head in inquiry.corpus.heads.items()
        if any(place in head.title for place in inquiry.question.foreign)
    }
    candidates = [c for c in inquiry.find(None, limit=60) if c.text.policy.source in named] if named else []
    if not candidates or not supported(inquiry, candidates):
        return refusal.nothing(inquiry, ())
    return _one(inquiry, candidates)


__all__ = ["UNKNOWN", "Inquiry", "respond", "sides", "supported"]
