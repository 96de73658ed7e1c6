"""Doubts that a fact shares with all that stands in its clause or its sentence."""

from collections.abc import Iterator

from graph.review.signs import Sign, doubts
from ingest.model import Clause, Policy, Span

_PAIRS = ("（(", "）)"), ("“", "”"), ("《", "》")


def of_document(policy: Policy) -> tuple[Sign, ...]:
    """Return the signs that hold for all facts of a document: it was recognised from a picture."""
    return (("scanned",),) if any(f.rule in doubts().scanned for f in policy.findings) else ()


def unsure(policy: Policy) -> tuple[Span, ...]:
    """Return the places that recognition was not sure of."""
    return tuple(f.span for f in policy.findings if f.span and f.rule in doubts().scanned)


def of_clauses(policy: Policy) -> dict[str, tuple[Sign, ...]]:
    """Return, by locator, the signs of those clauses that have any: lost or repeated numbers, tables."""
    found = ((clause.locator, tuple(_of_clause(clause))) for clause in policy.clauses)
    return {locator: signs for locator, signs in found if signs}


def _of_clause(clause: Clause) -> Iterator[Sign]:
    if clause.inferred:
        yield ("number-inferred",)
    if "#" in clause.locator:
        yield ("number-repeated",)
    if "/表" in clause.locator:
        yield ("in-table",)


def of_sentence(sentence: str) -> Iterator[Sign]:
    """Yield what is wrong with the words of a sentence: broken pairs, characters that print does not use."""
    for opening, closing in _PAIRS:
        if sum(map(sentence.count, opening)) != sum(map(sentence.count, closing)):
            yield ("brackets",)
    if odd := doubts().odd.search(sentence):
        yield ("odd-words", odd.group())
