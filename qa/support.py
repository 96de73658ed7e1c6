"""Does the best clause really take up what was asked? The line between an answer and "no basis".

A logistic model over the evidence for the clause, fitted by ``python -m benchmarks.ranking`` on
questions of our own (docs/benchmarks.md has its calibration curve).
"""

import math
from collections.abc import Sequence

from qa.lexicon import Lexicon
from qa.question import Question, Term
from qa.retrieve import Candidate, presence
from qa.weights import weights


def probability(candidate: Candidate, absence: float) -> float:
    """Return how likely it is that the clause takes the question's topic up, 0 to 1."""
    fitted = weights()
    z = fitted.intercept
    for name, weight in fitted.support.items():
        z += weight * (absence if name == "absent" else getattr(candidate.features, name))
    return 1.0 / (1.0 + math.exp(-z))


def absence(
    question: Question, found: Sequence[Candidate], rarity: dict[Term, float], lexicon: Lexicon
) -> float:
    """Return the share of the topic that is known to policy, but to none of the clauses `found`.

    A word that other documents or the lexicon of official terms know, and these do not, says that
    these documents do not take the topic up; a word that nobody knows says little.
    """
    total = sum(rarity[term] for term in question.terms) or 1.0
    lacking = 0.0
    for term in question.terms:
        official = any(form in lexicon.official for form in term.forms)
        if official and all(presence(term, _whole(c)) < 1.0 and not _held(term, c) for c in found):
            lacking += rarity[term]
    return lacking / total


def _held(term: Term, candidate: Candidate) -> bool:
    return any(form in _whole(candidate) for form in term.forms)


def _whole(candidate: Candidate) -> str:
    entry = candidate.text.entry
    return f"{entry.context} {entry.heading} {entry.body} {entry.gist}"
