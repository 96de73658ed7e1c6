"""The dense index: a vector a sentence; exact search within documents, FAISS across all of them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa import segments
from qa.segments import Segment

Vectors = NDArray[np.float32]
PASSAGES = 4  # rows looked at for a clause that is wanted: several may be the same clause's


@dataclass(frozen=True, slots=True)
class DenseHit:
    """A clause found by meaning; `score` is the cosine of its best passage."""

    source: str
    locator: str
    score: float


class DenseIndex:
    """An opened index; searching is safe from several threads."""

    def __init__(self, folder: Path) -> None:
        self._segments = segments.segments(folder)
        self._dimensions = segments.dimensions(folder)
        self._dead = [
            sum(end - at for at, end in map(segment.span, gone)) for segment, gone in self._segments
        ]
        self._where = {
            source: segment
            for segment, gone in self._segments
            for source in segment.sources
            if source not in gone
        }

    @property
    def size(self) -> int:
        """Number of passages indexed."""
        return sum(end - start for start, end in (s.span(source) for source, s in self._where.items()))

    def search(self, vector: Vectors, *, sources: Sequence[str] | None, limit: int) -> list[DenseHit]:
        """Return the clauses whose passages lie nearest to `vector`, within `sources` when given."""
        best: dict[tuple[str, str], float] = {}
        near = self._everywhere(vector, limit) if sources is None else self._within(vector, sources)
        for source, owner, score in near:
            if score > best.get((source, owner), -1.0):
                best[source, owner] = score
        ranked = sorted(best.items(), key=lambda item: (-item[1], item[0]))[:limit]
        return [DenseHit(source, locator, score) for (source, locator), score in ranked]

    def scores(self, vector: Vectors, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], float]:
        """Return the cosine of the best passage of each clause in `keys`."""
        wanted: dict[str, set[str]] = {}
        for source, locator in keys:
            wanted.setdefault(source, set()).add(locator)
        found: dict[tuple[str, str], float] = {}
        for source, locators in wanted.items():
            for owner, score in self._of(vector, source, locators):
                found[source, owner] = max(found.get((source, owner), -1.0), score)
        return found

    def passages(self, vector: Vectors, source: str, locator: str) -> list[float]:
        """Return the cosine of each passage of a clause, in the order in which they were indexed."""
        return [score for _, score in self._of(vector, source, {locator})]

    def rows(self, source: str) -> tuple[Vectors, tuple[str, ...]]:
        """Return the vectors of a document's passages and the clause that each belongs to."""
        segment = self._where.get(source)
        if segment is None:
            return np.zeros((0, self._dimensions), dtype=np.float32), ()
        start, end = segment.span(source)
        return np.asarray(segment.vectors[start:end], dtype=np.float32), segment.owners(source)

    def _of(self, vector: Vectors, source: str, locators: set[str]) -> list[tuple[str, float]]:
        segment = self._where.get(source)
        if segment is None:
            return []
        start, _ = segment.span(source)
        owners = segment.owners(source)
        at = [place for place, owner in enumerate(owners) if owner in locators]
        values = segments.cosines(segment.vectors[[start + place for place in at]], vector)
        return [(owners[place], value) for place, value in zip(at, values.tolist(), strict=True)]

    def _within(self, vector: Vectors, sources: Sequence[str]) -> Iterator[tuple[str, str, float]]:
        for source in sources:
            if (segment := self._where.get(source)) is not None:
                values = segments.cosines(segment.vectors[slice(*segment.span(source))], vector)
                for owner, score in zip(segment.owners(source), values.tolist(), strict=True):
                    yield source, owner, score

    def _everywhere(self, vector: Vectors, limit: int) -> Iterator[tuple[str, str, float]]:
        wanted = PASSAGES * limit
        for (segment, gone), dead in zip(self._segments, self._dead, strict=True):
            for row, score in segment.nearest(vector, wanted + min(dead, wanted)):
                source = segment.document(row)
                if source not in gone:
                    yield source, _owner(segment, source, row), score


def _owner(segment: Segment, source: str, row: int) -> str:
    return segment.owners(source)[row - segment.span(source)[0]]


def maker(folder: Path) -> str:
    """Return what made the index in `folder`: the signature given to `update`; empty when there is none."""
    return segments.made_by(folder)
