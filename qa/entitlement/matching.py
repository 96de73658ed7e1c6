"""Which of a clause's offers a question means: by shared words, by the thing counted, by contradiction."""

import functools
import math
import re
from collections.abc import Sequence
from dataclasses import replace

from qa.entitlement.given import Facts, Given, words
from qa.entitlement.offers import PER, Offer
from qa.lexicon import lexicon
from qa.text import HAN, grams, plain
from qa.text import words as cut

_FIGURES = re.compile(r"\d[\d.,]*[%‰万亿元]*")
_STRETCH = re.compile(rf"[{HAN}A-Za-z0-9.%‰+]+")
_PIECES = re.compile(r"[，。；、（）()“”的]|(?:和|或|及|与|并|且)(?=.)|\d+")
_WEIGHT = {1: 0.3, 2: 1.0, 3: 1.5}  # what a shared run of so many characters counts
_WIDER = 0.4  # what one counts that only an official word for the asker's shares


def fits(said: str, candidates: Sequence[Offer]) -> list[float]:
    """Tell how well `said` fits each offer."""
    return closeness(said, [offer.words for offer in candidates])


def closeness(said: str, texts: Sequence[str]) -> list[float]:
    """Tell how well `said` fits each text: shared runs of characters, rare ones counting more.

    Official words for what was said count less than the asker's own, which may be narrower.
    """
    wider = " ".join(
        plain(form) for phrase in lexicon().phrases(said) if not phrase.official for form in phrase.forms
    )
    wider += " 首次" if any(word in said for word in words().list("question.first")) else ""
    pieces = [_runs(text) for text in texts]
    asked, others = _runs(said), _runs(wider)
    scores = []
    for own in pieces:
        score = 0.0
        for run in own & (asked | others):
            rarity = math.log((len(pieces) + 1) / sum(run in piece for piece in pieces))
            score += _WEIGHT[len(run)] * rarity * (1.0 if run in asked else _WIDER)
        scores.append(score)
    return scores


@functools.lru_cache(maxsize=4096)
def _runs(text: str) -> frozenset[str]:
    """Return the runs of one to three characters that stand in `text` without a mark between them."""
    found: set[str] = set()
    for stretch in _STRETCH.findall(text):
        for size in _WEIGHT:
            found.update(stretch[i : i + size] for i in range(len(stretch) - size + 1))
    return frozenset(found)


def similar(one: str, other: str) -> float:
    """Return the share of the shorter text's character pairs that the other one holds."""
    a, b = set(grams(_FIGURES.sub("", one))), set(grams(_FIGURES.sub("", other)))
    return len(a & b) / min(len(a), len(b)) if a and b else 1.0


def core_words(offer: Offer) -> frozenset[str]:
    """Return the names of the things that a per-head reward counts."""
    said = plain(offer.quantity.condition) if offer.row is not None else offer.words
    recipient = plain(offer.quantity.recipient)
    if recipient and (recipient in offer.words or not said):
        said = f"{said}，{recipient}"
    cores = set()
    for piece in _PIECES.split(PER.sub("", said)):
        core = _bared(piece)
        if len(core) > 1:
            cores.add(core)
    return frozenset(cores)


def _bared(piece: str) -> str:
    """Take off what stands around the name of a thing: 企业新引进…按"""
    around = words().list("clause.around")
    while head := next((word for word in around if piece.startswith(word)), ""):
        piece = piece[len(head) :]
    return re.sub("(?:按照?|分别|给予)+$", "", piece)


def core_fits(noun: str, offers: Sequence[Offer]) -> list[tuple[float, str]]:
    """Tell how well a counted thing fits each per-head reward, and by which name; the longest wins.

    Names that all of the rewards share (the employer, the trade) tell nothing apart.
    """
    cores = [core_words(offer) for offer in offers]
    shared = frozenset.intersection(*cores) if len(cores) > 1 else frozenset()
    return [max((_core_fit(noun, core) for core in own - shared), default=(0.0, "")) for own in cores]


def _core_fit(noun: str, core: str) -> tuple[float, str]:
    pieces = [word for word in cut(core) if len(word) > 1] or [core]
    if all(piece in noun for piece in pieces):
        return 10.0 * len(core), core
    return _common(core, noun) - min(0.4, 0.05 * len(core)), core


def _common(one: str, other: str) -> float:
    """Length of the longest run of characters in both; 0 for less than two."""
    for size in range(min(len(one), len(other)), 1, -1):
        if any(one[i : i + size] in other for i in range(len(one) - size + 1)):
            return float(size)
    return 0.0


def relevant(facts: Facts, clause: str) -> Facts:
    """Leave out figures that tell of the asker what the clause does not speak of: 注册资本, 成立8年."""
    lists = words()
    aside = frozenset(lists.list("question.of_oneself"))
    held = lists.measures(clause) | lists.spans(clause)

    def counts(figure: Given) -> bool:
        if figure.kind == "count":
            workforce = figure.before.endswith(lists.list("question.workforce"))
            return not workforce or "staff" in held
        kinds = lists.spans(figure.before) if figure.kind == "duration" else figure.measures
        return not kinds or not kinds <= aside or bool(kinds & held)

    said = facts.text
    for figure in facts.figures:
        if not counts(figure):
            start = figure.start - len(figure.before)
            said = f"{said[:start]}{' ' * (figure.end - start)}{said[figure.end :]}"
    return replace(facts, text=said, figures=tuple(filter(counts, facts.figures)))


def contradicted(facts: Facts, offer: Offer) -> bool:
    """Tell whether the asker says the opposite of a condition: 承租国有… and 房东是私人."""
    said = f"{offer.words}{plain(offer.quantity.condition)}{plain(offer.quantity.recipient)}"
    return any(
        any(word in said for word in condition) and any(word in facts.text for word in opposite)
        for condition, opposite in words().contrary
    )
