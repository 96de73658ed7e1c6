"""The clauses of two documents in groups: one door to pieces, likeness and matching."""

from dataclasses import dataclass

from graph.storage.generations import Generation
from qa.aligning.likeness import likeness, weights
from qa.aligning.matching import groups
from qa.aligning.pieces import Piece, Side, side
from qa.index import open_dense


@dataclass(frozen=True, slots=True)
class Pair:
    """One measure in two documents; a side without clauses says nothing on it. `sure` is from 0 to 1."""

    one: tuple[Piece, ...]
    other: tuple[Piece, ...]
    sure: float


def sides(generation: Generation, sources: tuple[str, ...]) -> tuple[Side, ...]:
    """Return documents of a store ready for aligning."""
    dense = open_dense(generation)
    return tuple(side(generation.record(source), dense) for source in sources)


def align(one: Side, other: Side, threshold: float | None = None) -> list[Pair]:
    """Return every clause of both documents, each once, in the first one's order."""
    least = weights().threshold if threshold is None else threshold
    return [
        Pair(tuple(one.pieces[i] for i in group.one), tuple(other.pieces[j] for j in group.other), group.sure)
        for group in groups(likeness(one, other), least)
    ]
