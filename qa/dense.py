"""The dense index: a vector a sentence; exact search within documents, FAISS across all of them.

On disk: ``vectors.npy`` (rows × dimensions, 16-bit floats, each row of length 1) and ``rows.json``
(which rows belong to which document and clause, and which model made them). Both are replaced,
never written in place, since older generations share the files.
"""

import functools
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa.encoder import Encoder
from qa.entries import Entry

Vectors = NDArray[np.float32]
FLAT_ROWS = 200_000  # above this, an exact scan of all rows costs more than a graph search


@dataclass(frozen=True, slots=True)
class DenseHit:
    """A clause found by meaning; `score` is the cosine of its best passage."""

    source: str
    locator: str
    score: float


@dataclass(frozen=True, slots=True)
class _Block:
    """The rows ``[start, end)`` of one document; `owners` gives each row's clause by its locator."""

    source: str
    start: int
    end: int
    owners: tuple[str, ...]


class DenseIndex:
    """An opened index; searching is safe from several threads."""

    def __init__(self, folder: Path) -> None:
        about = json.loads((folder / "rows.json").read_text("utf-8"))
        self.model: str = about["model"]
        self._vectors = np.load(folder / "vectors.npy", mmap_mode="r")
        self._blocks = {
            row["source"]: _Block(row["source"], row["start"], row["end"], tuple(row["owners"]))
            for row in about["blocks"]
        }

    @property
    def size(self) -> int:
        """Number of passages indexed."""
        return int(self._vectors.shape[0])

    def search(self, vector: Vectors, *, sources: Sequence[str] | None, limit: int) -> list[DenseHit]:
        """Return the clauses whose passages lie nearest to `vector`, within `sources` when given."""
        if not self.size:
            return []
        if sources is None:
            return self._search_all(vector, limit)
        best: dict[tuple[str, str], float] = {}
        for source in sources:
            block = self._blocks.get(source)
            if block is None:
                continue
            scores = np.asarray(self._vectors[block.start : block.end], dtype=np.float32) @ vector
            for owner, score in zip(block.owners, scores.tolist(), strict=True):
                key = (source, owner)
                if score > best.get(key, -1.0):
                    best[key] = score
        return _top(best, limit)

    def scores(self, vector: Vectors, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], float]:
        """Return the cosine of the best passage of each clause in `keys`."""
        wanted: dict[str, set[str]] = {}
        for source, locator in keys:
            wanted.setdefault(source, set()).add(locator)
        found: dict[tuple[str, str], float] = {}
        for source, locators in wanted.items():
            block = self._blocks.get(source)
            if block is None:
                continue
            rows = [block.start + i for i, owner in enumerate(block.owners) if owner in locators]
            values = np.asarray(self._vectors[rows], dtype=np.float32) @ vector
            for row, value in zip(rows, values.tolist(), strict=True):
                key = (source, block.owners[row - block.start])
                found[key] = max(found.get(key, -1.0), value)
        return found

    def passages(self, vector: Vectors, source: str, locator: str) -> list[float]:
        """Return the cosine of each passage of a clause, in the order in which they were indexed."""
        block = self._blocks.get(source)
        if block is None:
            return []
        rows = [block.start + i for i, owner in enumerate(block.owners) if owner == locator]
        scores: list[float] = (np.asarray(self._vectors[rows], dtype=np.float32) @ vector).tolist()
        return scores

    def rows(self, source: str) -> tuple[Vectors, tuple[str, ...]]:
        """Return the vectors of a document's passages and the clause that each belongs to."""
        block = self._blocks.get(source)
        if block is None:
            return np.zeros((0, self._vectors.shape[1]), dtype=np.float32), ()
        return np.asarray(self._vectors[block.start : block.end], dtype=np.float32), block.owners

    def _search_all(self, vector: Vectors, limit: int) -> list[DenseHit]:
        scores, rows = self._faiss.search(vector[None, :], min(limit * 4, self.size))
        starts, blocks = self._order
        best: dict[tuple[str, str], float] = {}
        for score, row in zip(scores[0].tolist(), rows[0].tolist(), strict=True):
            if row < 0:
                continue
            block = blocks[int(np.searchsorted(starts, row, side="right")) - 1]
            key = (block.source, block.owners[row - block.start])
            best.setdefault(key, score)
        return _top(best, limit)

    @functools.cached_property
    def _order(self) -> tuple[NDArray[np.int64], list[_Block]]:
        blocks = sorted(self._blocks.values(), key=lambda block: block.start)
        return np.array([block.start for block in blocks], dtype=np.int64), blocks

    @functools.cached_property
    def _faiss(self) -> Any:
        import faiss  # only questions without a jurisdiction need it

        dimensions = int(self._vectors.shape[1])
        index: Any
        if self.size <= FLAT_ROWS:
            # Exact, in the 16 bits that the rows are kept in.
            index = faiss.IndexScalarQuantizer(
                dimensions, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
            )
        else:
            index = faiss.IndexHNSWFlat(dimensions, 32, faiss.METRIC_INNER_PRODUCT)
        index.add(np.asarray(self._vectors, dtype=np.float32))
        return index


def _top(best: dict[tuple[str, str], float], limit: int) -> list[DenseHit]:
    ranked = sorted(best.items(), key=lambda item: (-item[1], item[0]))[:limit]
    return [DenseHit(source, locator, score) for (source, locator), score in ranked]


def maker(folder: Path) -> str:
    """Return what made the index in `folder`: the signature given to `update`; empty when there is none."""
    rows = folder / "rows.json"
    return str(json.loads(rows.read_text("utf-8"))["model"]) if rows.exists() else ""


def update(
    folder: Path, encoder: Encoder, signature: str, *, removed: Iterable[str], added: Iterable[Entry]
) -> None:
    """Take the rows of `removed` sources out of the index in `folder` and put those of `added` in."""
    folder.mkdir(parents=True, exist_ok=True)
    gone = set(removed)
    matrices: list[NDArray[np.float16]] = []
    blocks: list[dict[str, Any]] = []
    if (folder / "rows.json").exists():
        about = json.loads((folder / "rows.json").read_text("utf-8"))
        kept = np.load(folder / "vectors.npy", mmap_mode="r")
        for row in about["blocks"]:
            if row["source"] not in gone:
                matrices.append(np.asarray(kept[row["start"] : row["end"]]))
                blocks.append(row)
    by_source: dict[str, list[Entry]] = {}
    for entry in added:
        by_source.setdefault(entry.source, []).append(entry)
    for source, group in by_source.items():
        passages = [passage for entry in group for passage in entry.passages]
        owners = [entry.locator for entry in group for _ in entry.passages]
        matrices.append(encoder.encode(passages).astype(np.float16))
        blocks.append({"source": source, "owners": owners})
    start = 0
    for block, matrix in zip(blocks, matrices, strict=True):
        block["start"], block["end"] = start, start + len(matrix)
        start += len(matrix)
    vectors = np.concatenate(matrices) if matrices else np.zeros((0, encoder.dimensions), dtype=np.float16)
    packed = io.BytesIO()  # numpy writing to the file itself would hide why a full disk refuses
    np.save(packed, vectors)
    _replace(folder / "vectors.npy", lambda handle: handle.write(packed.getbuffer()))
    about = json.dumps({"model": signature, "blocks": blocks}, ensure_ascii=False)
    _replace(folder / "rows.json", lambda handle: handle.write(about.encode()))


def _replace(target: Path, write: Any) -> None:
    """Write a new file in the place of `target`: older generations keep the old one."""
    fresh = target.with_suffix(".new")
    with fresh.open("wb") as handle:
        write(handle)
    fresh.replace(target)
