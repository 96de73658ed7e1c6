"""Does the best clause really take up what was asked? The line between an answer and "no basis".

A logistic model over the evidence for the clause, fitted by ``python -m benchmarks.ranking`` on
questions of our own (docs/benchmarks.md has its calibration curve).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from qa.lexicon import Lexicon
from qa.presence import presence
from qa.question import Question, Term
from qa.retrieve import Candidate
from qa.weights import weights

_HELD = 0.8  # presence from which on a clause counts as holding a term


@dataclass(frozen=True, slots=True)
class Gaps:
    """What the clauses found say together; each 0 to 1.

    `absent`: the share that official terms make up which none of these clauses holds: these
    documents do not take that up. `unknown`: the share of words that no clause of the store holds.
    `lead`: how far the best clause is ahead of the second, 0 to 1: a topic that is really taken up
    stands out.
    """

    absent: float
    unknown: float
    lead: float


def probability(candidate: Candidate, gaps: Gaps) -> float:
    """Return how likely it is that the clause takes the question's topic up, 0 to 1."""
    fitted = weights()
    z = fitted.intercept
    for name, weight in fitted.support.items():
        source = gaps if name in Gaps.__slots__ else candidate.features
        z += weight * getattr(source, name)
    return 1.0 / (1.0 + math.exp(-z))


def gaps(question: Question, found: Sequence[Candidate], rarity: dict[Term, float], lexicon: Lexicon) -> Gaps:
    """Measure what of the topic stands in none of the clauses `found`."""
    terms = question.terms
    total = sum(term.weight for term in terms) or 1.0
    absent = unknown = 0.0
    for term in terms:
        if not lexicon.official.isdisjoint(term.forms):
            if not any(presence(term, _whole(candidate)) >= _HELD for candidate in found):
                absent += term.weight
        elif not rarity[term]:
            unknown += term.weight
    first, *others = sorted(found, key=lambda candidate: -candidate.score)
    second = next((other.score for other in others if not other.repeats(first)), None)
    lead = 1.0 if second is None else first.score - second
    return Gaps(absent / total, unknown / total, min(1.0, lead))


def _whole(candidate: Candidate) -> str:
    entry = candidate.text.entry
    return f"{entry.context} {entry.heading} {entry.body} {entry.gist}"
