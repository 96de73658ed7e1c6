"""A figure that the asker takes for granted, held against the clause: never affirmed by silence."""

import re
from collections.abc import Sequence
from dataclasses import replace

from graph.facts import Quantity
from qa.corpus import ClauseText
from qa.entitlement.given import Given, read
from qa.model import Answer
from qa.presence import presence
from qa.question import Question
from qa.text import plain

_OWN = re.compile("[我俺咱您你吗呢几？?]|多少|自己|本公司|本厂")
CORRECTION = "您说的数字与文件不一致，请以条款为准。"
_MONTHS = {"month": 1, "year": 12, "quarter": 3}
_CLOSE = 0.3  # how much less of the question a figure's words may hold to be meant as well


def corrected(question: Question, text: ClauseText, answer: Answer) -> Answer:
    """Put a correction before the answer when the question asserts a figure that the clause does not have."""
    if answer.status != "answered":
        return answer
    facts = read(question.plain, [(place.start, place.end) for place in question.places])
    taken = question.asks("premise") or _in_keywords(question)
    claims = [*facts.claimed, *(facts.figures if taken else ())]
    if not claims:
        return answer
    meant = _meant(question, text.quantities)
    if any(_same(claim, quantity) for claim in claims for quantity in meant):
        return answer
    return replace(answer, answer=f"{CORRECTION}{answer.answer}")


def _in_keywords(question: Question) -> bool:
    """Keywords that tell nothing of the asker: a figure among them is what the asker takes the rule to be."""
    return " " in question.plain and not _OWN.search(question.plain)


def _meant(question: Question, quantities: Sequence[Quantity]) -> list[Quantity]:
    """Return the figures that the question is about: those whose recipient and condition hold most of it.

    鲁山新三板奖励300万元 is false although the clause has 300万元, for another market.
    """
    held = [
        sum(term.weight * presence(term, plain(q.recipient + q.condition)) for term in question.terms)
        for q in quantities
    ]
    best = max(held, default=0.0)
    return [q for q, share in zip(quantities, held, strict=True) if share >= best - _CLOSE]


def _same(given: Given, quantity: Quantity) -> bool:
    if not isinstance(quantity.value, int | float):
        return False
    value, said = float(quantity.value), float(given.value)
    if given.kind == "money":
        return quantity.unit == "CNY" and value == said
    if given.kind == "percent":
        return quantity.unit == "percent" and value == said
    if given.kind == "duration":
        months = given.unit == "month"
        return (quantity.unit in _MONTHS) == months and value * _MONTHS.get(quantity.unit, 1) == said
    return quantity.unit not in ("CNY", "percent", "permille") and value == said
