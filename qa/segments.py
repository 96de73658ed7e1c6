"""The dense index on disk: segments that never change, so that a document more costs what one document costs.

``index.json``     what made it, and the segments with the documents that no longer count in them
``NAME.npy``       a segment's vectors: rows × dimensions, 16-bit floats, each row of length 1
``NAME.rows``      whose rows these are: for each document its end row and its rows' clauses
``NAME.faiss``     for a large segment, a coarse index over its rows

A file is written once and never again, since older generations share it. When several segments of about
the same size have come together, they are made into one; so are those of which half no longer counts.
"""

import functools
import io
import weakref
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.float16]
TOGETHER = 8  # segments of one size that become one
_SMALLEST = 256  # rows; all below are of one size
COARSE_ROWS = 100_000  # from here on a segment gets a coarse index: an exact scan would take too long
_KEPT = 2048  # documents whose rows' clauses are kept unpacked
_PROBES = 48  # lists looked into, of the many hundred that a coarse index has
_INDEX = "index.json"


@dataclass(frozen=True, slots=True)
class Owned:
    """A document's vectors, and the clause of each by its locator."""

    source: str
    vectors: Rows
    owners: tuple[str, ...]


class _Listed(msgspec.Struct, frozen=True):
    """A segment as the list of segments has it; `gone` are documents that no longer count."""

    name: str
    rows: int
    gone: frozenset[str] = frozenset()


class _Contents(msgspec.Struct, frozen=True):
    """``index.json``."""

    made_by: str
    dimensions: int
    segments: tuple[_Listed, ...]


class _RowTable(msgspec.Struct, frozen=True):
    """``NAME.rows``: the documents, the row after each one's last, and each one's owners, packed."""

    sources: tuple[str, ...]
    ends: tuple[int, ...]
    owners: tuple[msgspec.Raw, ...]


class Segment:
    """An opened segment; safe to share between threads and between generations."""

    def __init__(self, folder: Path, name: str) -> None:
        self._coarse = _read_coarse(folder / f"{name}.faiss")
        self.vectors: Rows = np.load(folder / f"{name}.npy", mmap_mode="r").view(np.ndarray)
        table = msgspec.msgpack.decode((folder / f"{name}.rows").read_bytes(), type=_RowTable)
        self._table = table
        self._ends = np.array(table.ends, dtype=np.int64)
        self._at = {source: at for at, source in enumerate(table.sources)}
        self.owners = functools.lru_cache(maxsize=_KEPT)(_decoder(table.owners, self._at))

    @property
    def sources(self) -> tuple[str, ...]:
        """The documents, in the order of their rows."""
        return self._table.sources

    def span(self, source: str) -> tuple[int, int]:
        """Return the first row of a document and the one after its last."""
        at = self._at[source]
        return self._table.ends[at - 1] if at else 0, self._table.ends[at]

    def document(self, row: int) -> str:
        """Return whose row this is."""
        return self._table.sources[int(np.searchsorted(self._ends, row, side="right"))]

    def nearest(self, vector: NDArray[np.float32], count: int) -> list[tuple[int, float]]:
        """Return the rows nearest to `vector` with their cosines, nearest first (nearly, if coarse)."""
        count = min(count, len(self.vectors))
        if not count:
            return []
        if self._coarse is None:
            scores, rows = self._exact.search(vector[None, :], count)
            return [
                (int(row), float(score)) for row, score in zip(rows[0], scores[0], strict=True) if row >= 0
            ]
        _, rows = self._coarse.search(vector[None, :], 4 * count)
        candidates = np.sort(rows[0][rows[0] >= 0])
        scores = cosines(self.vectors[candidates], vector)
        best = np.argsort(-scores, kind="stable")[:count]
        return [(int(candidates[at]), float(scores[at])) for at in best]

    @functools.cached_property
    def _exact(self) -> Any:
        import faiss  # only questions without a jurisdiction need it

        # Exact, in the 16 bits that the rows are kept in.
        index = faiss.IndexScalarQuantizer(
            int(self.vectors.shape[1]), faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
        )
        index.add(np.asarray(self.vectors, dtype=np.float32))
        return index


def cosines(rows: Rows, vector: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the cosine of each row and a vector of length 1.

    In this thread alone: a product by BLAS hands some hundred rows out to others, and waits for these for
    12 ms on two busy cores instead of 0.1.
    """
    found: NDArray[np.float32] = np.vecdot(np.asarray(rows, dtype=np.float32), vector)
    return found


def _decoder(owners: tuple[msgspec.Raw, ...], at: dict[str, int]) -> Callable[[str], tuple[str, ...]]:
    """Return what gives the clause of each row of a document; it does not hold the segment, which would
    stay open after its generation until the garbage collector finds the circle."""
    return lambda source: msgspec.msgpack.decode(owners[at[source]], type=tuple[str, ...])


def _read_coarse(path: Path) -> Any:
    if not path.exists():
        return None
    import faiss

    index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP)
    faiss.extract_index_ivf(index).nprobe = _PROBES
    return index


_open: "weakref.WeakValueDictionary[tuple[int, int], Segment]" = weakref.WeakValueDictionary()


def _opened(folder: Path, name: str) -> Segment:
    """Open a segment, or give the one that an earlier generation has open: its file is the same one."""
    state = (folder / f"{name}.npy").stat()
    key = state.st_dev, state.st_ino  # no other file can have it while the segment holds this one
    segment = _open.get(key)
    if segment is None:
        _open[key] = segment = Segment(folder, name)
    return segment


def segments(folder: Path) -> list[tuple[Segment, frozenset[str]]]:
    """Open the segments below `folder`, each with the documents that no longer count in it.

    A segment that an earlier generation has open is shared with it.
    """
    return [(_opened(folder, listed.name), listed.gone) for listed in _contents(folder).segments]


def made_by(folder: Path) -> str:
    """Return what made the index in `folder`: the signature given to `update`; empty when there is none."""
    return _contents(folder).made_by if (folder / _INDEX).exists() else ""


def dimensions(folder: Path) -> int:
    """Return how many numbers a row has."""
    return _contents(folder).dimensions


def update(
    folder: Path, signature: str, dimensions: int, *, removed: Iterable[str], added: Iterable[Owned]
) -> None:
    """Take the rows of `removed` documents out of the index in `folder` and put those of `added` in.

    An index made by something else than `signature` is begun anew. `added` is read once, a document at
    a time.
    """
    folder.mkdir(parents=True, exist_ok=True)
    held = _contents(folder).segments if made_by(folder) == signature else ()
    gone = frozenset(removed)
    kept = []
    for listed in held:
        own = frozenset(
            msgspec.msgpack.decode((folder / f"{listed.name}.rows").read_bytes(), type=_RowTable).sources
        )
        kept.append(msgspec.structs.replace(listed, gone=listed.gone | (gone & own)))
    numbers = _numbers(folder)
    fresh = _write(folder, next(numbers), dimensions, added)
    rows = _tidied(folder, [*kept, *([fresh] if fresh.rows else [])], dimensions, numbers)
    contents = _Contents(signature, dimensions, tuple(rows))
    _replace(folder / _INDEX, lambda handle: handle.write(msgspec.json.encode(contents)))
    names = {listed.name for listed in rows}
    for path in folder.iterdir():
        if path.stem not in names and path.name != _INDEX:
            path.unlink()


def _numbers(folder: Path) -> Iterator[str]:
    """Yield names that no segment has had: a name is never used for other rows."""
    taken = [int(path.stem[1:]) for path in folder.glob("s*.npy")]
    at = max(taken, default=0)
    while True:
        at += 1
        yield f"s{at:06}"


def _tidied(folder: Path, rows: Sequence[_Listed], dimensions: int, numbers: Iterator[str]) -> list[_Listed]:
    """Make one segment of those that came together, and of those of which half no longer counts."""
    while True:
        due = _due(folder, rows)
        if not due:
            return list(rows)
        merged = _write(folder, next(numbers), dimensions, _living(folder, due))
        rows = [row for row in rows if row not in due]
        if merged.rows:
            rows = [*rows, merged]


def _due(folder: Path, rows: Sequence[_Listed]) -> list[_Listed]:
    sizes: dict[int, list[_Listed]] = {}
    for row in rows:
        if row.gone and 2 * _dead(folder, row) >= row.rows:
            return [row]
        sizes.setdefault(_size(row.rows), []).append(row)
    return next((group for group in sizes.values() if len(group) >= TOGETHER), [])


def _size(rows: int) -> int:
    """Return 0 for the smallest segments, 1 for those up to TOGETHER times as large, and so on."""
    size, most = 0, _SMALLEST
    while rows > most:
        size, most = size + 1, most * TOGETHER
    return size


def _dead(folder: Path, listed: _Listed) -> int:
    segment = Segment(folder, listed.name)
    spans = [segment.span(source) for source in listed.gone]
    return sum(end - start for start, end in spans)


def _living(folder: Path, rows: Iterable[_Listed]) -> Iterator[Owned]:
    for listed in rows:
        segment = Segment(folder, listed.name)
        for source in segment.sources:
            if source not in listed.gone:
                start, end = segment.span(source)
                yield Owned(source, segment.vectors[start:end], segment.owners(source))


def _write(folder: Path, name: str, dimensions: int, documents: Iterable[Owned]) -> _Listed:
    """Write one segment; the vectors go to disk as they come."""
    sources, ends, owners, at = [], [], [], 0
    partial = folder / f"{name}.part"
    with partial.open("wb") as handle:
        for document in documents:
            handle.write(np.ascontiguousarray(document.vectors, dtype=np.float16).tobytes())
            at += len(document.vectors)
            sources.append(document.source)
            ends.append(at)
            owners.append(msgspec.Raw(msgspec.msgpack.encode(document.owners)))
    header = io.BytesIO()
    shape = {"descr": "<f2", "fortran_order": False, "shape": (at, dimensions)}
    np.lib.format.write_array_header_1_0(header, shape)
    with partial.open("rb") as body, (folder / f"{name}.npy").open("wb") as handle:
        handle.write(header.getvalue())
        while piece := body.read(1 << 22):
            handle.write(piece)
    partial.unlink()
    table = _RowTable(tuple(sources), tuple(ends), tuple(owners))
    (folder / f"{name}.rows").write_bytes(msgspec.msgpack.encode(table))
    if at >= COARSE_ROWS:
        _write_coarse(folder, name)
    return _Listed(name, at)


def _write_coarse(folder: Path, name: str) -> None:
    """Write the coarse index of a large segment: lists found by a graph, a byte for eight numbers."""
    import faiss

    vectors = np.load(folder / f"{name}.npy", mmap_mode="r")
    count, dimensions = vectors.shape
    lists = 1 << int(np.sqrt(count)).bit_length()  # between one and two times the root
    index = faiss.index_factory(
        dimensions, f"IVF{lists}_HNSW32,PQ{dimensions // 8}x8", faiss.METRIC_INNER_PRODUCT
    )
    drawn = np.random.default_rng(1).choice(count, min(count, 40 * lists), replace=False)
    index.train(np.asarray(vectors[np.sort(drawn)], dtype=np.float32))
    for start in range(0, count, 50_000):
        index.add(np.asarray(vectors[start : start + 50_000], dtype=np.float32))
    faiss.write_index(index, str(folder / f"{name}.faiss"))


def _contents(folder: Path) -> _Contents:
    path = folder / _INDEX
    if not path.exists():
        return _Contents("", 0, ())
    return msgspec.json.decode(path.read_bytes(), type=_Contents)


def _replace(target: Path, write: Callable[[Any], object]) -> None:
    """Write a new file in the place of `target`: older generations keep the old one."""
    fresh = target.with_suffix(".new")
    with fresh.open("wb") as handle:
        write(handle)
    fresh.replace(target)
