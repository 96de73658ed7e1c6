"""Doubts about figures: by their role, their print, their value and the words around them."""

import re
from collections.abc import Iterator
from functools import lru_cache

from graph.facts import Quantity
from graph.figures.site import GIVEN
from graph.figures.words import any_of
from graph.review.places import of_sentence
from graph.review.signs import Sign, doubts
from ingest.model import Span

_ASKED = ("threshold", "target", "limit", "deadline", "tax_threshold")
_SPLIT = re.compile(r"(?<=\d)\s+(?=\d)|(?<=\d)\s*\n\s*(?=[\d万亿])")
_YEAR = re.compile(r"(?<!\d)(\d{4})(?:-\d\d)?(?:-\d\d)?")
_ITEMS = re.compile("(?:[^，；。：、]+、)+[^，；。：、]+?(?=，?(?:分别|依次))")
_JOIN = re.compile("、|和(?!规|平|谐)|以及|及|或者|或")
_DAYS = {"day": 1, "working_day": 1, "week": 7, "month": 30, "quarter": 91, "year": 365}


def of_figure(quantity: Quantity, text: str) -> Iterator[Sign]:
    """Yield the signs of doubt about a figure; `text` is the whole document's, empty when not held."""
    yield from _of_reading(quantity)
    yield from _of_value(quantity)
    if text and quantity.evidence.span:
        yield from _of_print(quantity.evidence.span, text)
    if quantity.sentence:
        yield from _sentence(quantity.sentence)
        yield from _of_words(quantity)


@lru_cache(maxsize=32)
def _sentence(sentence: str) -> tuple[Sign, ...]:
    return tuple(of_sentence(sentence))


def _of_reading(quantity: Quantity) -> Iterator[Sign]:
    if quantity.role == "other":
        yield ("role-other",)
    elif quantity.role in GIVEN and not quantity.recipient:
        yield ("no-recipient",)
    elif not quantity.condition and quantity.role in _ASKED:
        yield ("no-condition",)
    if quantity.confidence < 1 and quantity.role != "other":
        yield ("carried",)


def _of_value(quantity: Quantity) -> Iterator[Sign]:
    limits, value = doubts().limits, quantity.value
    if isinstance(value, str):
        years = [int(year) for year in _YEAR.findall(value)] if quantity.unit == "date" else []
        if any(not limits["first_year"] <= year <= limits["last_year"] for year in years):
            yield ("time-range",)
        return
    if quantity.unit == "percent" and value > 100 and quantity.role != "target":
        yield ("rate-range",)
    if quantity.unit == "CNY" and value < limits["money_small"]:
        yield ("money-small",)
    if quantity.unit == "CNY" and value > limits["money_large"] and quantity.role in GIVEN:
        yield ("money-large",)
    if quantity.unit in _DAYS and value * _DAYS[quantity.unit] > limits["years"] * 365:
        yield ("time-range",)


def _of_print(span: Span, text: str) -> Iterator[Sign]:
    known = doubts()
    beside = [text[at] for at in (span.start - 1, span.end) if 0 <= at < len(text)]
    inner = text[span.start : span.end]
    beside += re.findall(r"(?<=[\d.])\D(?=[\d.万])", inner) if known.misread.search(inner) else []
    if found := next((char for char in beside if known.misread.match(char)), ""):
        yield ("misread-number", found)
    if _SPLIT.search(inner) or (re.search(r"\d[ \n]$", text[max(0, span.start - 2) : span.start])):
        yield ("split-number",)


def _of_words(quantity: Quantity) -> Iterator[Sign]:
    known, sentence = doubts(), quantity.sentence
    at = sentence.find(quantity.surface)
    if at < 0:
        return
    before, after = sentence[max(0, at - 8) : at], sentence[at + len(quantity.surface) :][:3]
    said = (known.approximate.search(words) for words in (before, quantity.surface, after[:2]))
    if found := next(filter(None, said), None):
        yield ("approximate", found.group())
    least, most = known.at_least.search(before), known.at_most.search(before)
    if not after and quantity.role != "target" and len(sentence) > len(quantity.surface) + 8:
        yield ("cut-off",)
    if (least and re.search("以[下内]$", quantity.surface)) or (most and quantity.surface.endswith("以上")):
        yield ("two-bounds",)
    if quantity.role in ("reward", "subsidy") and _distance(sentence, at) > known.limits["far"]:
        yield ("far",)


def _distance(sentence: str, at: int) -> int:
    """Return how many characters lie between a figure and the nearest word of giving."""
    places = [match.start() for match in _giving().finditer(sentence)]
    return min((abs(place - at) for place in places), default=0)


@lru_cache(maxsize=1)
def _giving() -> re.Pattern[str]:
    return re.compile(f"{any_of('give', 'verbs')}|{any_of('give', 'nouns')}")


def rows(quantities: tuple[Quantity, ...]) -> dict[tuple[str, str], Sign]:
    """Return where 分别 is followed by another count of figures than items stand before it.

    Keys are sentence and surface of the figures concerned.
    """
    found: dict[tuple[str, str], Sign] = {}
    for sentence in {q.sentence for q in quantities if "分别" in q.sentence}:
        listed = _ITEMS.search(sentence)
        if listed is None:
            continue
        row = re.split("[，；。]", sentence[listed.end() :].lstrip("，"))[0]
        given = [q.surface for q in quantities if q.sentence == sentence and q.kind in ("money", "rate")]
        figures = [surface for surface in given if surface in row]
        # 国家级、省级甲基地和乙基地: two levels, or three things.
        items = {len(_JOIN.findall(listed.group())) + 1, listed.group().count("、") + 1}
        if len(figures) > 1 and len(figures) not in items:
            sign = ("row-mismatch", str(max(items)), str(len(figures)))
            found |= {(sentence, surface): sign for surface in figures}
    return found
