"""Which sentences of a clause say what was asked, and which figures of theirs."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from graph.facts import Quantity
from qa.corpus import ClauseText, Sentence
from qa.kinds import FIGURE_KINDS, fitting
from qa.question import Question, Term
from qa.retrieve import presence
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
    stretch: tuple[int, int] | None = None  # what to say of a sentence too long to be said whole

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
        """The chosen sentences, joined; a stretch of a long one stands for it, with … where it is cut."""
        if self.stretch is None:
            return "".join(self.text.text[s.start : s.end] for s in self.sentences)
        start, end = self.stretch
        before = "" if start == self.start else "……"
        return f"{before}{self.text.text[start:end]}{'' if end == self.end else '……'}"


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
    # What the titles hold is true of every sentence below them.
    fits = [
        sum(weight * max(credit, presence(term, s.plain)) for term, weight, credit in terms) / total
        for s in text.sentences
    ]
    scores = [
        fit
        + near
        + _FIGURE_BONUS * bool((kind != "amount" or fit >= _ABOUT * max(fits)) and _figured(s, kind))
        for fit, near, s in zip(fits, closeness or [0.0] * len(fits), text.sentences, strict=True)
    ]
    also = _ALSO.get(kind, _ALSO_FIGURE)
    if not text.policy.verbatim:  # a gist is short, and its sentences stand together
        also, budget = -1.0, len(text.text)
    if kind in _ALSO and len(text.text) <= _SHORT:
        also = -1.0
    if kind in _ALSO and sum(w * presence(t, text.entry.heading) for t, w, _ in terms) >= _TOPICAL * total:
        also = 0.0
    order = sorted(range(len(scores)), key=lambda i: (-scores[i], i))
    best = order[0]
    chosen, length = [best], text.sentences[best].end - text.sentences[best].start
    for index in order[1:]:
        size = text.sentences[index].end - text.sentences[index].start
        share = (
            also
            if kind not in FIGURE_KINDS or fitting(text.sentences[index].quantities, kind)
            else _ALSO_WORDS
        )
        if scores[index] >= share * scores[best] and length + size <= budget:
            chosen.append(index)
            length += size
    kept = tuple(text.sentences[i] for i in sorted(chosen))
    figures = tuple(q for s in kept for q in fitting(s.quantities, kind))
    stretch = None
    if kind in FIGURE_KINDS and len(kept) == 1 and kept[0].end - kept[0].start > budget:
        stretch = _stretch(text, kept[0], terms, kind, budget)
    return Selection(text, kept, figures, max(fits), stretch)


def _figured(sentence: Sentence, kind: str) -> bool:
    """Tell whether a sentence has a figure of the kind that is asked for."""
    return kind in FIGURE_KINDS and bool(fitting(sentence.quantities, kind))


def _stretch(
    text: ClauseText, sentence: Sentence, terms: list[tuple[Term, float, float]], kind: str, budget: int
) -> tuple[int, int]:
    """Return the run of parts between commas that holds most of the topic and of the figures asked for."""
    cuts = [sentence.start]
    cuts += [
        m.end() for m in _COMMA.finditer(text.text, sentence.start, sentence.end) if m.end() < sentence.end
    ]
    cuts.append(sentence.end)
    surfaces = [plain(q.surface) for q in fitting(sentence.quantities, kind)]

    def worth(start: int, end: int) -> float:
        part = plain(text.text[start:end])
        held = sum(weight * presence(term, part) for term, weight, _ in terms)
        return held + _PART * sum(surface in part for surface in surfaces)

    runs = [
        (start, end)
        for i, start in enumerate(cuts)
        for end in cuts[i + 1 :]
        if end - start <= max(budget, cuts[i + 1] - start)
    ]
    return max(runs, key=lambda run: (worth(*run), run[0] - run[1]))
