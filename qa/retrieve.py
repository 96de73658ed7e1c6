"""Finding the clauses that a question is about: lexical, dense and term evidence → one ranked list.

Two searches propose; then every proposed clause is read: how many of the topic's words it holds,
how rare they are, whether its title or a single sentence takes them up. The weights are fitted by
``python -m benchmarks.ranking`` on questions of our own, not on the gold set.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa.corpus import ClauseText, Corpus
from qa.dense import DenseIndex
from qa.encoder import Encoder
from qa.lexical import LexicalIndex
from qa.question import Question, Term
from qa.text import words

PROPOSED = 40  # clauses that each search proposes
_PARTIAL = 0.6  # what a term counts whose words stand in the clause, but not together
_OFFICIAL = 0.95  # what an official form counts where the asker's own word is missing
_CARRIED = 0.35  # what the topic of the earlier question counts


@dataclass(frozen=True, slots=True)
class Features:
    """The evidence for a clause; each about 0 to 1."""

    lexical: float
    dense: float
    coverage: float  # share of the topic's weight that heading, body or gist hold
    sentence: float  # the same for the best single sentence
    heading: float  # the same for the heading
    context: float  # share that the titles above hold, of what the clause itself lacks


WEIGHTS = Features(lexical=0.25, dense=0.9, coverage=0.6, sentence=0.35, heading=0.25, context=0.2)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A clause with its evidence; `score` ranks, `missing` are topic words that it lacks."""

    text: ClauseText
    score: float
    features: Features
    missing: tuple[Term, ...]

    @property
    def key(self) -> tuple[str, str]:
        """Source and locator."""
        return self.text.key


class Retriever:
    """Searches one generation."""

    def __init__(
        self, corpus: Corpus, lexical: LexicalIndex, dense: DenseIndex | None, encoder: Encoder | None
    ) -> None:
        self._corpus, self._lexical, self._dense, self._encoder = corpus, lexical, dense, encoder

    def find(
        self, question: Question, *, jurisdictions: Sequence[str] | None, limit: int = 20
    ) -> list[Candidate]:
        """Return the clauses that fit `question` best, within `jurisdictions` when given."""
        vector = self.vector(question)
        proposed = self._propose(question, vector, jurisdictions)
        if not proposed:
            return []
        top = max(lexical for lexical, _ in proposed.values()) or 1.0
        rarity = {term: self.rarity(term) for term in (*question.terms, *question.carried)}
        found = []
        for (source, locator), (lexical, dense) in proposed.items():
            text = self._corpus.clause(source, locator)
            if text is None or not _in_named_document(question, text):
                continue
            found.append(judge(text, question, rarity, lexical / top, dense))
        return sorted(found, key=lambda c: (-c.score, c.key))[:limit]

    def vector(self, question: Question) -> NDArray[np.float32] | None:
        """Embed a question: its topic in the asker's words, and again in official ones."""
        if self._encoder is None:
            return None
        own = " ".join(term.surface for term in question.terms) or question.plain
        official = " ".join(form for term in question.terms for form in term.forms[1:] or term.forms)
        carried = " ".join(term.surface for term in question.carried)
        rows = self._encoder.encode([question.plain, own, official or own, carried])
        vector = rows[0] + rows[1] + rows[2] + _CARRIED * rows[3]
        norm = float(np.linalg.norm(vector))
        return (vector / norm if norm else vector).astype(np.float32)

    def rarity(self, term: Term) -> float:
        """Return how much finding `term` says: its inverse frequency among the clauses, times its weight."""
        frequency = max(self._lexical.frequency(form) for form in term.forms)
        return term.weight * math.log(1 + self._lexical.size / (1 + frequency))

    def _propose(
        self, question: Question, vector: NDArray[np.float32] | None, jurisdictions: Sequence[str] | None
    ) -> dict[tuple[str, str], tuple[float, float]]:
        weighted = [
            (form, term.weight * (1.0 if i == 0 else 0.8))
            for term in question.terms
            for i, form in enumerate(term.forms)
        ]
        weighted += [(form, _CARRIED * term.weight) for term in question.carried for form in term.forms]
        lexical = self._lexical.search(
            weighted or [(question.plain, 1.0)], jurisdictions=jurisdictions, limit=PROPOSED
        )
        proposed = {(hit.source, hit.locator): (hit.score, 0.0) for hit in lexical}
        if self._dense is not None and vector is not None:
            sources = None
            if jurisdictions is not None:
                sources = [s for name in jurisdictions for s in self._corpus.jurisdictions.get(name, ())]
            for near in self._dense.search(vector, sources=sources, limit=PROPOSED):
                key = (near.source, near.locator)
                proposed[key] = (proposed.get(key, (0.0, 0.0))[0], near.score)
            lacking = [key for key, (_, dense) in proposed.items() if not dense]
            for key, score in self._dense.scores(vector, lacking).items():
                proposed[key] = (proposed[key][0], score)
        return proposed


def judge(
    text: ClauseText, question: Question, rarity: dict[Term, float], lexical: float, dense: float
) -> Candidate:
    """Weigh the evidence for one clause; `rarity` gives each term's importance."""
    entry = text.entry
    whole = f"{entry.heading} {entry.body} {entry.gist}"
    terms = [(term, rarity[term]) for term in question.terms] + [
        (t, _CARRIED * rarity[t]) for t in question.carried
    ]
    total = sum(weight for _, weight in terms) or 1.0
    held = {term: presence(term, whole) for term, _ in terms}
    coverage = sum(weight * held[term] for term, weight in terms) / total
    heading = sum(weight * presence(term, entry.heading) for term, weight in terms) / total
    context = (
        sum(weight * max(0.0, presence(term, entry.context) - held[term]) for term, weight in terms) / total
    )
    sentence = max(
        (
            sum(weight * presence(term, part.plain) for term, weight in terms) / total
            for part in text.sentences
        ),
        default=0.0,
    )
    features = Features(lexical, dense, coverage, sentence, heading, context)
    score = sum(getattr(WEIGHTS, name) * getattr(features, name) for name in Features.__slots__)
    missing = tuple(term for term in question.terms if held[term] < _PARTIAL)
    return Candidate(text, score, features, missing)


def presence(term: Term, text: str) -> float:
    """Return how far `text` holds `term`: 1 as typed, a little less by an official form, less in parts."""
    best = 0.0
    for index, form in enumerate(term.forms):
        if form in text:
            return 1.0 if index == 0 else max(best, _OFFICIAL)
        pieces = [word for word in words(form) if len(word) > 1]
        if len(pieces) > 1:
            best = max(best, _PARTIAL * sum(piece in text for piece in pieces) / len(pieces))
    return best


def _in_named_document(question: Question, text: ClauseText) -> bool:
    """A question that names a document 《…》 asks about that one, if the store has it at all."""
    from qa.text import plain

    return not question.documents or any(plain(title) in text.entry.context for title in question.documents)
