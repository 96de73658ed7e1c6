"""How alike the clauses of two documents are: signs of each pair, and one probability out of them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from data import table
from qa.aligning.pieces import Piece, Side
from qa.text import grams

Matrix = NDArray[np.float64]
SIGNS = ("title", "untitled", "same", "held", "meaning", "taken_up", "figures", "place", "beside")


@dataclass(frozen=True, slots=True)
class Weights:
    """What each sign counts, the constant, and from which probability on a pair is told."""

    signs: tuple[float, ...]
    constant: float
    threshold: float


@cache
def weights() -> Weights:
    """Return the fitted weights (`python -m benchmarks.aligning --fit`)."""
    said = table("aligning.toml")
    return Weights(tuple(said["signs"][name] for name in SIGNS), said["constant"], said["threshold"])


def likeness(one: Side, other: Side, given: Weights | None = None) -> Matrix:
    """Return for each pair of clauses the probability that they rule on the same measure."""
    fitted = given or weights()
    return probability(signs(one, other, fitted), fitted)


def probability(found: NDArray[np.float64], given: Weights) -> Matrix:
    """Return the probability of pairs from their signs (the last axis)."""
    told: Matrix = 1 / (1 + np.exp(-(found @ np.array(given.signs) + given.constant)))
    return told


def signs(one: Side, other: Side, given: Weights | None = None) -> NDArray[np.float64]:
    """Return the signs of each pair, clauses × clauses × `SIGNS`, each from 0 to 1.

    With weights, `beside` is how likely the clauses next to the two are a pair; without them it is 0.
    """
    left, right = one.pieces, other.pieces
    bodies = _shared([p.plain for p in left], [p.plain for p in right])
    titles = _shared([p.heading for p in left], [p.heading for p in right])
    nearest, back = _meaning(one, other)
    untitled = np.array([[float(not (a.heading and b.heading)) for b in right] for a in left])
    found = np.stack(
        [
            titles.dice(),
            untitled,
            bodies.dice(),
            bodies.held(),
            (nearest + back) / 2,
            np.maximum(nearest, back),
            _figures(left, right),
            1 - np.abs(_places(left)[:, None] - _places(right)[None, :]),
            np.zeros((len(left), len(right))),
        ],
        axis=-1,
    )
    if given is not None:
        found[..., -1] = _beside(probability(found, given))
    return found


@dataclass(frozen=True, slots=True)
class _Shared:
    """How much two lists of texts share, in rarity of their pairs of characters."""

    shared: Matrix
    left: Matrix
    right: Matrix

    def dice(self) -> Matrix:
        """Return what both share of both."""
        whole = self.left[:, None] + self.right[None, :]
        return np.divide(2 * self.shared, whole, out=np.zeros_like(self.shared), where=whole > 0)

    def held(self) -> Matrix:
        """Return what the larger holds of the smaller."""
        least = np.minimum(self.left[:, None], self.right[None, :])
        return np.divide(self.shared, least, out=np.zeros_like(self.shared), where=least > 0)


def _shared(left: Sequence[str], right: Sequence[str]) -> _Shared:
    """Weigh shared pairs of characters by how few of the texts hold them."""
    held = [frozenset(grams(text)) for text in (*left, *right)]
    counts = Counter(gram for each in held for gram in each)
    column = {gram: at for at, gram in enumerate(counts)}
    rarity = np.log((len(held) + 1) / np.array([*counts.values(), len(held)], dtype=np.float64))
    rows = np.zeros((len(held), len(column) + 1), dtype=np.float32)
    for row, each in enumerate(held):
        rows[row, [column[gram] for gram in each]] = 1
    weighed = rows * np.sqrt(rarity).astype(np.float32)
    one, other = weighed[: len(left)], weighed[len(left) :]
    mass = (weighed**2).sum(axis=1, dtype=np.float64)
    return _Shared((one @ other.T).astype(np.float64), mass[: len(left)], mass[len(left) :])


def _meaning(one: Side, other: Side) -> tuple[Matrix, Matrix]:
    """Return how near the passages of each clause are to the nearest of the other, one way and back."""
    if not one.pieces or not other.pieces:
        empty = np.zeros((len(one.pieces), len(other.pieces)))
        return empty, empty
    near = one.vectors @ other.vectors.T
    there = _mean(np.maximum.reduceat(near, other.first, axis=1), one.first, 0)
    back = _mean(np.maximum.reduceat(near, one.first, axis=0), other.first, 1)
    return np.clip(there, 0, 1), np.clip(back, 0, 1)


def _mean(values: NDArray[np.float32], first: tuple[int, ...], axis: int) -> Matrix:
    sums = np.add.reduceat(values.astype(np.float64), first, axis=axis)
    counts = np.diff([*first, values.shape[axis]]).astype(np.float64)
    mean: Matrix = sums / (counts[:, None] if axis == 0 else counts[None, :])
    return mean


def _figures(left: Sequence[Piece], right: Sequence[Piece]) -> Matrix:
    """Return how far two clauses give figures for the same ends: role and unit, whatever the number."""
    one, other = ([Counter((q.role, q.unit) for q in p.figures) for p in side] for side in (left, right))
    found = np.zeros((len(left), len(right)))
    for row, mine in enumerate(one):
        for column, theirs in enumerate(other):
            if mine and theirs:
                found[row, column] = 2 * (mine & theirs).total() / (mine.total() + theirs.total())
    return found


def _places(pieces: Sequence[Piece]) -> Matrix:
    return np.arange(len(pieces), dtype=np.float64) / max(1, len(pieces) - 1)


def _beside(pairs: Matrix) -> Matrix:
    """Return the better chance of the pair before and the pair after."""
    before, after = np.zeros_like(pairs), np.zeros_like(pairs)
    before[1:, 1:] = pairs[:-1, :-1]
    after[:-1, :-1] = pairs[1:, 1:]
    return np.maximum(before, after)
