"""Finding the clauses that a question is about: lexical, dense and term evidence → one ranked list.

Two searches propose clauses; a document whose title the question names is searched once more from
inside, with the words that its title leaves over. Then every proposed clause is read: how many of
the topic's words it holds, how rare they are, whether its title or a single sentence takes them up.
The weights are fitted by ``python -m benchmarks.ranking`` on questions of our own, not on the gold set.
"""

import functools
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import mul

import numpy as np
from numpy.typing import NDArray

from qa.corpus import ClauseText, Corpus
from qa.encoder import Encoder
from qa.index import Dense, Lexical
from qa.kinds import FIGURE_KINDS, beside, fitting, kind_of
from qa.lexicon import turns
from qa.measure import matches, wanted
from qa.presence import pieces, presence
from qa.question import Question, Term
from qa.said import Figure, figures_of, telling
from qa.text import grams, plain
from qa.weights import weights

Vector = NDArray[np.float32]

PROPOSED = 40  # clauses that each search proposes
_INSIDE = 12  # clauses proposed from inside a document that the question names
_NAMED_AT = 0.3  # share of the topic that a title must hold to count as named
_NAMED = 3  # documents that may count as named
_TITLE = 4  # character pairs that a title needs to be recognised by
_TITLED = 0.5  # share of the topic that a title must hold for the question to name its clause
_NEARLY = 0.8  # share of them that a question must have to name it
_HELD = 0.6  # presence from which on a term counts as held
_SAME = 0.6  # share of the shorter sentence's character pairs in the other from which on they say the same
_ABOVE = 0.9  # what a term counts that the titles above the clause hold
_EDITION = 0.3  # what the year of a document's title counts where the question names a year
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?=年(?!\d))")  # not the year of a day
_OTHER_UNIT = 0.6  # what a figure of the asked kind counts that is in another unit than asked, or says less


@dataclass(frozen=True, slots=True)
class Features:
    """The evidence for a clause; each about 0 to 1."""

    lexical: float
    dense: float  # cosine of the question and the best passage
    inner: float  # the same for what the titles above leave over of the question
    coverage: float  # share of the topic's weight that clause or titles above hold
    sentence: float  # the same for the best single sentence
    heading: float  # share that the clause's own title holds
    context: float  # share that the titles above hold
    titled: float  # 1 where the question names the clause by its title
    value: float  # 1 where a figure of the question stands in the clause
    figure: float  # the best sentence with a figure of the asked kind: share of the topic that it holds


@dataclass(frozen=True, slots=True)
class Candidate:
    """A clause with its evidence; `score` ranks, `missing` are topic words that it lacks."""

    text: ClauseText
    score: float
    features: Features
    missing: tuple[Term, ...]
    best: int = 0  # which of its sentences holds most of the topic

    @property
    def key(self) -> tuple[str, str]:
        """Source and locator."""
        return self.text.key

    def repeats(self, other: "Candidate") -> bool:
        """Tell whether both stand in one document and say the same of the topic (正文 and an annex)."""
        if self.text.policy.source != other.text.policy.source or self.key == other.key:
            return False
        if not (self.text.sentences and other.text.sentences):
            return False
        one = _pairs(self.text.sentences[self.best].plain)
        two = _pairs(other.text.sentences[other.best].plain)
        return len(one & two) >= _SAME * max(1, min(len(one), len(two)))


@dataclass(slots=True)
class _Proposal:
    """What the searches said of a clause."""

    lexical: float = 0.0
    dense: float = 0.0
    inner: float | None = None


_Proposals = dict[tuple[str, str], _Proposal]


class Retriever:
    """Searches one generation."""

    def __init__(self, corpus: Corpus, lexical: Lexical, dense: Dense, encoder: Encoder) -> None:
        self._corpus, self._lexical, self._dense, self._encoder = corpus, lexical, dense, encoder
        # One question asks for the same vector at each clause that it looks into.
        self._embedded = functools.lru_cache(maxsize=64)(self._embed)
        self.rarity = functools.lru_cache(maxsize=1024)(self._rarity)

    def find(
        self, question: Question, *, jurisdictions: Sequence[str] | None, limit: int = 20
    ) -> list[Candidate]:
        """Return the clauses that fit `question` best, within `jurisdictions` when given."""
        rarity = {term: self.rarity(term) for term in question.terms}
        proposals = self._propose(question, jurisdictions)
        self._look_inside(question, rarity, proposals)
        wish = _wish(question, rarity, max((found.lexical for found in proposals.values()), default=0.0))
        found = []
        for (source, locator), proposal in proposals.items():
            text = self._corpus.clause(source, locator)
            if text is not None:
                found.append(judge(text, wish, proposal))
        named = [c for c in found if in_named_document(question, c.text)]
        return sorted(named or found, key=lambda c: (-c.features.titled, -c.score, c.key))[:limit]

    def closeness(self, question: Question, text: ClauseText) -> tuple[float, ...]:
        """Return the cosine of the question and each sentence of a clause."""
        vector = self._vector(question, question.terms, whole=True)
        rows = self._dense.passages(vector, *text.key)
        first = int(text.entry.whole)
        return tuple(rows[first : first + len(text.sentences)])

    def _rarity(self, term: Term) -> float:
        """Return how much finding `term` says: its inverse frequency among the clauses, times its weight.

        A word that no clause of the store holds says nothing of any of them: 0.
        """
        own, *others = (self._lexical.frequency(form) for form in term.forms)
        frequency = own or max(others, default=0)
        if not frequency:  # 买收割机: nobody prints that, but 收割机
            frequency = max((self._lexical.frequency(piece) for piece in pieces(term.surface)), default=0)
        if not frequency:  # a word of a document's title only: it names the document
            frequency = self._lexical.frequency(term.surface, ("context",))
        if not frequency:
            return 0.0
        return term.weight * math.log(1 + self._lexical.size / (1 + frequency))

    def _vector(self, question: Question, terms: Sequence[Term], *, whole: bool) -> Vector:
        """Embed a topic in the asker's words and again in official ones; `whole` adds the full question."""
        own = " ".join(term.surface for term in terms) or question.plain
        official = " ".join(form for term in terms for form in term.forms[1:] or term.forms)
        return self._embedded((own, official or own, *([question.plain] if whole else [])))

    def _embed(self, texts: tuple[str, ...]) -> Vector:
        vector = self._encoder.encode(list(texts)).sum(axis=0)
        norm = float(np.linalg.norm(vector))
        return np.asarray(vector / norm if norm else vector, dtype=np.float32)

    def _propose(self, question: Question, jurisdictions: Sequence[str] | None) -> _Proposals:
        vector = self._vector(question, question.terms, whole=True)
        weighted = _weighted(question.terms)
        hits = self._lexical.search(
            weighted or [(question.plain, 1.0)], jurisdictions=jurisdictions, limit=PROPOSED
        )
        proposals = {(hit.source, hit.locator): _Proposal(lexical=hit.score) for hit in hits}
        sources = None
        if jurisdictions is not None:
            sources = [s for name in jurisdictions for s in self._corpus.jurisdictions.get(name, ())]
        for near in self._dense.search(vector, sources=sources, limit=PROPOSED):
            proposals.setdefault((near.source, near.locator), _Proposal()).dense = near.score
        lacking = [key for key, proposal in proposals.items() if not proposal.dense]
        for key, score in self._dense.scores(vector, lacking).items():
            proposals[key].dense = score
        return proposals

    def _look_inside(self, question: Question, rarity: dict[Term, float], proposals: _Proposals) -> None:
        """Search the documents that the question names for what their titles leave over of it."""
        total = sum(rarity[term] for term in question.terms) or 1.0
        shares: dict[str, float] = {}
        for source in {source for source, _ in proposals}:
            title = self._corpus.topic(source)
            shares[source] = sum(rarity[t] * presence(t, title) for t in question.terms) / total
        ranked = sorted(shares, key=lambda source: (-shares[source], source))
        for source in [s for s in ranked if shares[s] >= _NAMED_AT][:_NAMED]:
            title = self._corpus.topic(source)
            left = tuple(term for term in question.terms if presence(term, title) < _HELD)
            if not left:
                continue
            vector = self._vector(question, left, whole=False)
            for near in self._dense.search(vector, sources=[source], limit=_INSIDE):
                proposals.setdefault((source, near.locator), _Proposal())
            for hit in self._lexical.search(_weighted(left), sources=[source], limit=_INSIDE):
                proposals.setdefault((source, hit.locator), _Proposal())
            own = [key for key in proposals if key[0] == source]
            for key, score in self._dense.scores(vector, own).items():
                proposals[key].inner = score


@dataclass(frozen=True, slots=True)
class _Wish:
    """What is the same for every clause that a question is weighed against."""

    question: Question
    weight: tuple[float, ...]  # the importance of each term, by the terms' places: a term is slow as a key
    total: float
    top: float  # the best BM25
    kind: str
    units: frozenset[str]
    figures: tuple[Figure, ...]  # telling ones (再奖3万)
    years: frozenset[str]

    def share(self, values: Iterable[float]) -> float:
        """Return which share of the topic's weight `values`, one a term, come to."""
        return float(sum(map(mul, self.weight, values))) / self.total


def _wish(question: Question, rarity: dict[Term, float], top: float) -> _Wish:
    weight = tuple(rarity[term] for term in question.terms)
    kind = kind_of(question)
    return _Wish(
        question,
        weight,
        sum(weight) or 1.0,
        top or 1.0,
        kind,
        wanted(question.plain) if kind in FIGURE_KINDS else frozenset(),
        tuple(figure for figure in figures_of(question.plain) if telling(figure)),
        frozenset(_YEAR.findall(question.plain)),
    )


def judge(text: ClauseText, wish: _Wish, proposal: _Proposal) -> Candidate:
    """Weigh the evidence for one clause."""
    entry, terms, share = text.entry, wish.question.terms, wish.share
    whole = f"{entry.heading} {entry.body} {entry.gist}"
    above = [_ABOVE * presence(term, entry.context) for term in terms]
    own = [presence(term, whole) for term in terms]
    held = [max(both) for both in zip(above, own, strict=True)]
    # What the whole clause does not hold, neither its title nor a sentence of it does.
    title = [presence(term, entry.heading) if there else 0.0 for term, there in zip(terms, own, strict=True)]
    parts, figures = [], []
    for part in text.sentences:
        inside = [
            max(high, presence(term, part.plain)) if there else high
            for term, high, there in zip(terms, above, own, strict=True)
        ]
        parts.append(share(inside))
        if wish.kind in FIGURE_KINDS and (told := fitting(part.quantities, wish.kind, wish.units)):
            # A clause's title says what its figures are about.
            found = share(max(_ABOVE * named, here) for named, here in zip(title, inside, strict=True))
            aside = wish.units and not matches(part.quantities, wish.units)
            figures.append(
                found * (_OTHER_UNIT if aside or beside(told, wish.kind, wish.question, part.plain) else 1.0)
            )
    if wish.kind in FIGURE_KINDS and not figures and text.lead_in:
        # What an item of a list comes to stands in the sentence that it continues.
        figures += [share(held)] if fitting(text.lead_in.quantities, wish.kind, wish.units) else []
    heading = share(title)
    features = Features(
        lexical=proposal.lexical / wish.top,
        dense=proposal.dense,
        inner=proposal.dense if proposal.inner is None else proposal.inner,
        coverage=share(held),
        sentence=max(parts, default=0.0),
        heading=heading,
        context=share(above),
        titled=_named(entry.heading, wish.question.plain) if heading >= _TITLED else 0.0,
        value=float(_same_figure(wish, text)),
        figure=max(figures, default=0.0),
    )
    score = sum(counts * getattr(features, name) for name, counts in weights().ranking.items())
    score += _EDITION * _edition(wish.years, text)
    missing = tuple(term for term, there in zip(terms, held, strict=True) if there < _HELD)
    return Candidate(text, score, features, missing, max(range(len(parts)), key=parts.__getitem__, default=0))


def _edition(asked: frozenset[str], text: ClauseText) -> int:
    """Return 1 for a clause of the year's edition that the question names, -1 for one of another year's.

    A year tells nothing where the title bears none, or where the clause itself speaks of it (到2025年).
    """
    own = set(_YEAR.findall(plain(text.policy.title))) if asked else set()
    if not own or any(year in text.entry.body for year in asked - own):
        return 0
    return 1 if asked & own else -1


def _same_figure(wish: _Wish, text: ClauseText) -> bool:
    """Tell whether a telling figure of the question is one of the clause's."""
    if not wish.figures:
        return False
    held = {figure.value for figure in figures_of(text.entry.body or text.entry.gist)}
    return any(figure.value in held for figure in wish.figures)


@functools.lru_cache(maxsize=4096)
def _pairs(text: str) -> frozenset[str]:
    return frozenset(grams(text))


def _named(heading: str, question: str) -> float:
    """Return 1 when the question names a clause by its title, that is by nearly all its character pairs."""
    while opening := next((word for word in turns()["openings"] if heading.startswith(word)), ""):
        heading = heading.removeprefix(opening)  # 加强信贷融资服务 is said as 信贷融资服务
    pairs = _pairs(heading)
    return float(len(pairs) >= _TITLE and sum(pair in question for pair in pairs) >= _NEARLY * len(pairs))


def _weighted(terms: Iterable[Term]) -> list[tuple[str, float]]:
    """Return the forms of `terms` with their search weights: other forms count less than the asker's own."""
    return [
        (form, term.weight * (1.0 if index == 0 else 0.8))
        for term in terms
        for index, form in enumerate(term.forms)
    ]


def in_named_document(question: Question, text: ClauseText) -> bool:
    """Tell whether the clause stands in the document that the question names 《…》, if it names one."""
    return not question.documents or any(plain(title) in text.entry.context for title in question.documents)
