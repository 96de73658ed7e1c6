"""Ragged arrays of token ids, and the batches drawn from them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Ragged:
    """Token ids of many texts, one after another: text i is ``ids[starts[i] : starts[i] + lengths[i]]``."""

    ids: NDArray[np.int32]
    starts: Ints
    lengths: Ints

    @classmethod
    def of(cls, lists: Sequence[Sequence[int]]) -> "Ragged":
        """Return the ragged array of a list of lists."""
        lengths = np.fromiter((len(row) for row in lists), dtype=np.int64, count=len(lists))
        ids = np.fromiter((token for row in lists for token in row), dtype=np.int32, count=int(lengths.sum()))
        return cls(ids, np.concatenate([[0], np.cumsum(lengths)[:-1]]), lengths)


@dataclass(frozen=True, slots=True)
class Bags:
    """Token ids of a batch in one flat array, with the row each belongs to."""

    ids: Ints
    rows: Ints
    count: int

    def offsets(self) -> Ints:
        """Return where each row begins, as an embedding bag wants it."""
        return np.searchsorted(self.rows, np.arange(self.count))

    def drop(self, rate: float, rng: np.random.Generator) -> "Bags":
        """Return the bags with each token left out with probability `rate`."""
        kept = rng.random(len(self.ids)) >= rate
        return Bags(self.ids[kept], self.rows[kept], self.count)


@dataclass(frozen=True, slots=True)
class Windows:
    """One stretch of one text a row: `begin` and `size` count tokens from the beginning of the text."""

    texts: Ints
    begin: Ints
    size: Ints

    def bags(self, ragged: Ragged, without: "Windows | None" = None) -> Bags:
        """Return the tokens of the windows; those that also lie in `without` (same texts) are left out."""
        rows = np.repeat(np.arange(len(self.texts)), self.size)
        within = np.arange(len(rows)) - np.repeat(np.cumsum(self.size) - self.size, self.size)
        position = within + self.begin[rows]
        ids = ragged.ids[ragged.starts[self.texts[rows]] + position].astype(np.int64)
        if without is not None:
            kept = (position < without.begin[rows]) | (position >= (without.begin + without.size)[rows])
            ids, rows = ids[kept], rows[kept]
        return Bags(ids, rows, len(self.texts))


def window(ragged: Ragged, texts: Ints, limit: int, rng: np.random.Generator) -> Windows:
    """Return a random stretch of at most `limit` tokens of each text."""
    size = np.minimum(ragged.lengths[texts], limit)
    begin = (rng.random(len(texts)) * (ragged.lengths[texts] - size + 1)).astype(np.int64)
    return Windows(texts, begin, size)


def phrase(around: Windows, rng: np.random.Generator) -> Windows:
    """Return a random phrase of three to sixteen tokens, at most half of its window."""
    most = np.maximum(1, np.minimum(16, around.size // 2))
    size = np.minimum(most, rng.integers(3, 17, len(around.texts)))
    begin = around.begin + (rng.random(len(size)) * (around.size - size + 1)).astype(np.int64)
    return Windows(around.texts, begin, size)


@dataclass(frozen=True, slots=True)
class Recipe:
    """How batches are drawn.

    `shares` gives each kind of pair or paragraph (``"<kind> phrase"``) its part of a batch; `limit` is the
    longest stretch of a passage in tokens; `dropout` the part of tokens left out; `keep` the part of
    phrases that stay in their paragraph, so that repeated words keep counting.
    """

    shares: Mapping[str, float]
    batch: int = 2048
    limit: int = 160
    dropout: float = 0.15
    keep: float = 0.2
    hard: int = 4
    hard_depth: int = 50


@dataclass(frozen=True, slots=True)
class Batch:
    """Questions and passages, and their text numbers; passages beyond the questions are negatives of all."""

    left: Bags
    right: Bags
    questions: Ints
    texts: Ints


class Sampler:
    """Draws batches: each kind in its share, without repetition until a kind is used up."""

    def __init__(
        self,
        ragged: Ragged,
        kinds: Mapping[str, Sequence[tuple[int, int]]],
        paragraphs: Mapping[str, Sequence[int]],
        recipe: Recipe,
        seed: int,
    ) -> None:
        self._ragged, self._recipe = ragged, recipe
        self._rng = np.random.default_rng(seed)
        lengths = ragged.lengths
        pools: dict[str, Ints] = {}
        for kind, pairs in kinds.items():
            pool = np.array(pairs, dtype=np.int64)
            pools[kind] = pool[(lengths[pool] > 0).all(axis=1)]
        for kind, numbers in paragraphs.items():
            pool = np.array(numbers, dtype=np.int64)
            pool = pool[lengths[pool] >= 8]
            pools[f"{kind} phrase"] = np.stack([np.full(len(pool), -1), pool], axis=1)
        unknown = set(recipe.shares) - set(pools)
        if unknown:
            raise ValueError(
                f"no pairs of kind {', '.join(sorted(unknown))}; there are {', '.join(sorted(pools))}"
            )
        total = sum(recipe.shares.values())
        self._counts = {
            kind: max(1, round(recipe.batch * part / total)) for kind, part in recipe.shares.items()
        }
        self._pools = pools
        self._hard: dict[int, Ints] = {}
        self._order = {kind: np.empty(0, dtype=np.int64) for kind in recipe.shares}

    def _take(self, kind: str, count: int) -> Ints:
        order = self._order[kind]
        while len(order) < count:
            order = np.concatenate([order, self._rng.permutation(len(self._pools[kind]))])
        self._order[kind] = order[count:]
        return self._pools[kind][order[:count]]

    def draw(self) -> Batch:
        """Return the next batch."""
        rng, recipe, ragged = self._rng, self._recipe, self._ragged
        rows = np.concatenate([self._take(kind, count) for kind, count in self._counts.items()])
        fixed, free = rows[rows[:, 0] >= 0], rows[rows[:, 0] < 0]
        left = window(ragged, fixed[:, 0], recipe.limit, rng).bags(ragged)
        right = window(ragged, fixed[:, 1], recipe.limit, rng).bags(ragged)
        around = window(ragged, free[:, 1], recipe.limit, rng)
        phrases = phrase(around, rng)
        # An empty hole leaves the phrase where it was.
        hole = np.where(rng.random(len(free)) < recipe.keep, 0, phrases.size)
        rest = around.bags(ragged, without=Windows(phrases.texts, phrases.begin, hole))
        extra = self._hard_negatives(fixed[:, 0])
        answers = _join(_join(right, rest), window(ragged, extra, recipe.limit, rng).bags(ragged))
        # Phrases get numbers of their own, below all texts.
        questions = np.concatenate([fixed[:, 0], -1 - np.arange(len(free))])
        return Batch(
            _join(left, phrases.bags(ragged)).drop(recipe.dropout, rng),
            answers.drop(recipe.dropout, rng),
            questions,
            np.concatenate([fixed[:, 1], free[:, 1], extra]),
        )

    def mine(self, table: NDArray[np.float32]) -> None:
        """Find, with the vectors learnt so far, the wrong articles nearest to each statute question."""
        articles = np.unique(self._pools["article phrase"][:, 1])
        pairs = self._pools["statute question"]
        questions = np.unique(pairs[:, 0])
        scores = self._unit(table, questions) @ self._unit(table, articles).T
        best = np.argsort(-scores, axis=1, kind="stable")[:, : self._recipe.hard_depth]
        for question, row in zip(questions.tolist(), articles[best], strict=True):
            self._hard[question] = np.setdiff1d(row, pairs[pairs[:, 0] == question, 1])

    def _unit(self, table: NDArray[np.float32], texts: Ints) -> NDArray[np.float32]:
        bags = Windows(texts, np.zeros(len(texts), dtype=np.int64), self._ragged.lengths[texts]).bags(
            self._ragged
        )
        sums = np.add.reduceat(table[bags.ids], bags.offsets(), axis=0)
        unit: NDArray[np.float32] = sums / np.linalg.norm(sums, axis=1, keepdims=True)
        return unit

    def _hard_negatives(self, questions: Ints) -> Ints:
        drawn = [
            self._rng.choice(self._hard[question], self._recipe.hard)
            for question in questions.tolist()
            if question in self._hard
        ]
        return np.concatenate(drawn) if drawn else np.empty(0, dtype=np.int64)


def _join(first: Bags, second: Bags) -> Bags:
    return Bags(
        np.concatenate([first.ids, second.ids]),
        np.concatenate([first.rows, second.rows + first.count]),
        first.count + second.count,
    )
