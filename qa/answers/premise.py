"""A figure that the asker takes for granted, held against the clause: never affirmed by silence."""

from dataclasses import replace

from graph.facts import Quantity
from qa.corpus import ClauseText
from qa.entitlement.given import Given, read
from qa.model import Answer
from qa.question import Question

CORRECTION = "您说的数字与文件不一致，请以条款为准。"
_MONTHS = {"month": 1, "year": 12, "quarter": 3}


def corrected(question: Question, text: ClauseText, answer: Answer) -> Answer:
    """Put a correction before the answer when the question asserts a figure that the clause does not have."""
    if answer.status != "answered":
        return answer
    facts = read(question.plain, [(place.start, place.end) for place in question.places])
    claims = [*facts.claimed, *(facts.figures if question.asks("premise") else ())]
    if not claims or any(_stands(given, text) for given in claims):
        return answer
    return replace(answer, answer=f"{CORRECTION}{answer.answer}")


def _stands(given: Given, text: ClauseText) -> bool:
    return any(_same(given, quantity) for quantity in text.quantities)


def _same(given: Given, quantity: Quantity) -> bool:
    if not isinstance(quantity.value, int | float):
        return False
    value = float(quantity.value)
    if given.kind == "money":
        return quantity.unit == "CNY" and value == float(given.value)
    if given.kind == "percent":
        return quantity.unit == "percent" and value == float(given.value)
    if given.kind == "duration":
        return value * _MONTHS.get(quantity.unit, 1) == float(given.value) or value == float(given.value)
    return quantity.unit not in ("CNY", "percent", "permille") and value == float(given.value)
