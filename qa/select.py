"""Which sentences of a clause say what was asked, and which figures of theirs."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from graph.facts import Quantity
from qa.corpus import ClauseText, Sentence
from qa.kinds import FIGURE_KINDS, fitting
from qa.measure import matches, wanted
from qa.presence import presence
from qa.question import Question, Term
from qa.text import plain

_FIGURE_BONUS = 0.5  # a sentence with a figure of the asked kind says more than one without
_ABOUT = 0.25  # share of the best fit that a sentence's figure needs to be about the topic at all
_HELD = 0.9  # presence in the titles from which on they count as holding a word
_ABOVE = 0.7  # what a sentence is credited with for a word that the titles above it hold
# A further sentence must reach this share of the best one's score: figures stand in one sentence,
# content in several.
_ALSO = {"condition": 0.4, "content": 0.25}
_ALSO_FIGURE = 0.6
_ALSO_WORDS = 0.9  # the same for a sentence without a figure where a figure is asked for
_ROOM = 110  # further characters for what is asked beside the main thing
_STRONG = 0.8  # weight from which on a word of the topic must be taken up in what is said
_PARTLY = 0.5  # presence up to which a word is not taken up
_PART = 2.0  # what a figure of the asked kind adds to the worth of a part of a long sentence
_COMMA = re.compile("[，,；;]")
_SHORT = 220  # characters up to which a clause is content as a whole
_TOPICAL = 0.6  # share of the topic in the clause's own title from which on the whole clause answers


@dataclass(frozen=True, slots=True)
class Selection:
    """The chosen part of a clause: sentences in document order, and their fitting figures."""

    text: ClauseText
    sentences: tuple[Sentence, ...]
    figures: tuple[Quantity, ...]
    fit: float  # share of the topic's weight that the best sentence holds, 0 to 1
    runs: tuple[tuple[int, int], ...] = ()  # what to say of a sentence too long to be said whole

    @property
    def start(self) -> int:
        """Where the selection begins in the clause's text."""
        return self.sentences[0].start

    @property
    def end(self) -> int:
        """Where the selection ends in the clause's text."""
        return self.sentences[-1].end

    @property
    def said(self) -> str:
        """The chosen sentences, joined; runs of a long one stand for it, with … where it is cut."""
        if not self.runs:
            return "".join(self.text.text[s.start : s.end] for s in self.sentences)
        said = "……".join(self.text.text[start:end] for start, end in self.runs)
        before = "" if self.runs[0][0] == self.start else "……"
        return f"{before}{said}{'' if self.runs[-1][1] == self.end else '……'}"


def select(
    text: ClauseText,
    question: Question,
    rarity: dict[Term, float],
    closeness: Sequence[float],
    *,
    kind: str,
    budget: int,
) -> Selection | None:
    """Choose the sentences that answer `question`, up to about `budget` characters; None if there are none.

    `closeness` is the cosine of the question and each sentence.
    """
    if not text.sentences:
        return None
    above = f"{text.entry.context} {text.entry.heading}"
    terms = [(term, rarity[term], _ABOVE * (presence(term, above) >= _HELD)) for term in question.terms]
    total = sum(weight for _, weight, _ in terms) or 1.0
    units = wanted(question.plain)
    # What the titles hold is true of every sentence below them.
    fits = [
        sum(weight * max(credit, presence(term, s.plain)) for term, weight, credit in terms) / total
        for s in text.sentences
    ]
    scores = [
        fit
        + near
        + _FIGURE_BONUS * (kind != "amount" or fit >= _ABOUT * max(fits)) * _figured(s, kind, units)
        for fit, near, s in zip(fits, closeness or [0.0] * len(fits), text.sentences, strict=True)
    ]
    also = _ALSO.get(kind, _ALSO_FIGURE)
    if not text.policy.verbatim:  # a gist is short, and its sentences stand together
        also, budget = -1.0, len(text.text)
    if kind in _ALSO and len(text.text) <= _SHORT:
        also = -1.0
    if kind in _ALSO and sum(w * presence(t, text.entry.heading) for t, w, _ in terms) >= _TOPICAL * total:
        also = 0.0
    also_room = budget + _ROOM
    order = sorted(range(len(scores)), key=lambda i: (-scores[i], i))
    best = order[0]
    chosen, length = [best], text.sentences[best].end - text.sentences[best].start
    for index in order[1:]:
        size = text.sentences[index].end - text.sentences[index].start
        share = (
            also
            if kind not in FIGURE_KINDS or _figured(text.sentences[index], kind, units) == 1.0
            else _ALSO_WORDS
        )
        if scores[index] >= share * scores[best] and length + size <= budget:
            chosen.append(index)
            length += size
    chosen += _lacking(text, terms, chosen, also_room)
    kept = tuple(text.sentences[i] for i in sorted(chosen))
    figures = tuple(q for s in kept for q in fitting(s.quantities, kind, units))
    runs: tuple[tuple[int, int], ...] = ()
    if kind in FIGURE_KINDS and len(kept) == 1 and kept[0].end - kept[0].start > budget:
        runs = _runs(text, kept[0], terms, figures, budget)
    return Selection(text, kept, figures, max(fits), runs)


def _lacking(
    text: ClauseText, terms: Sequence[tuple[Term, float, float]], chosen: Sequence[int], room: int
) -> list[int]:
    """Return further sentences for words of the topic that none of the chosen ones holds, within `room`.

    What is asked beside the main thing (能缓几个月，有滞纳金吗) stands in a sentence of its own.
    """
    added: list[int] = []
    length = sum(text.sentences[i].end - text.sentences[i].start for i in chosen)
    for term, weight, credit in terms:
        said = [*chosen, *added]
        if (
            not weight
            or credit
            or term.weight < _STRONG
            or any(presence(term, text.sentences[i].plain) >= _PARTLY for i in said)
        ):
            continue
        for index, sentence in enumerate(text.sentences):
            size = sentence.end - sentence.start
            if presence(term, sentence.plain) >= _HELD and length + size <= room:
                added.append(index)
                length += size
                break
    return added


def _figured(sentence: Sentence, kind: str, units: frozenset[str]) -> float:
    """Tell how far a sentence has a figure of the kind asked for: half where it stands in another unit."""
    if kind not in FIGURE_KINDS or not fitting(sentence.quantities, kind, units):
        return 0.0
    return 0.5 if units and not matches(sentence.quantities, units) else 1.0


def _runs(
    text: ClauseText,
    sentence: Sentence,
    terms: Sequence[tuple[Term, float, float]],
    figures: Sequence[Quantity],
    budget: int,
) -> tuple[tuple[int, int], ...]:
    """Return the run of parts between commas that holds most of the topic and of the figures asked for.

    A second one follows where words of the topic are left that it does not hold.
    """
    marks = (m.end() for m in _COMMA.finditer(text.text, sentence.start, sentence.end))
    cuts = [sentence.start, *(mark for mark in marks if mark < sentence.end), sentence.end]
    surfaces = [plain(q.surface) for q in figures]

    def best(
        wanted: Sequence[tuple[Term, float, float]], room: int, taken: tuple[int, int]
    ) -> tuple[int, int]:
        def worth(start: int, end: int) -> float:
            part = plain(text.text[start:end])
            held = sum(weight * presence(term, part) for term, weight, _ in wanted)
            return held + _PART * sum(surface in part for surface in surfaces)

        runs = [
            (start, end)
            for i, start in enumerate(cuts)
            for end in cuts[i + 1 :]
            if end - start <= max(room, cuts[i + 1] - start) and (end <= taken[0] or start >= taken[1])
        ]
        return max(runs, key=lambda run: (worth(*run), run[0] - run[1]), default=taken)

    first = best(terms, budget, (0, 0))
    shown = plain(text.text[slice(*first)])
    left = [t for t in terms if t[1] and t[0].weight >= _STRONG and presence(t[0], shown) < _PARTLY]
    left = [t for t in left if presence(t[0], sentence.plain) >= _HELD]
    if not left:
        return (first,)
    second = best(left, _ROOM, first)
    gained = any(presence(t[0], plain(text.text[slice(*second)])) >= _HELD for t in left)
    return tuple(sorted({first, second})) if gained and second[1] - second[0] <= _ROOM else (first,)
