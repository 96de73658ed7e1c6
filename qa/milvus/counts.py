"""In how many clauses each term stands, per generation: small files that never change, added up.

A file holds the numbers of terms, ascending, and by how much each count went up or down. Two of about one
size are made into one, so that a document more costs what one document costs.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Terms = NDArray[np.uint32]
_MERGED_AT = 2  # a file less than so many times as large as the next one is merged with it


class Counts:
    """The counts of one generation; safe for several threads."""

    def __init__(self, folder: Path, names: Sequence[str]) -> None:
        self._files = [np.load(folder / f"{name}.npy", mmap_mode="r") for name in names]

    def of(self, terms: Sequence[int]) -> list[int]:
        """Return the count of each term; 0 for one that stands nowhere."""
        wanted = np.array(terms, dtype=np.uint32)
        total = np.zeros(len(wanted), dtype=np.int64)
        for file in self._files:
            numbers, changes = file[0], file[1].view(np.int32)
            at = np.minimum(np.searchsorted(numbers, wanted), len(numbers) - 1)
            total += np.where(numbers[at] == wanted, changes[at], 0)
        return [int(count) for count in total]


def add(folder: Path, names: Sequence[str], changes: Counter[int], name: str) -> tuple[str, ...]:
    """Add `changes` under a name never used before; return the files that count from now on.

    Files that no longer count are taken out of `folder`.
    """
    kept = list(names)
    changed = {term: change for term, change in changes.items() if change}
    if changed:
        numbers = np.array(sorted(changed), dtype=np.uint32)
        values = np.array([changed[int(term)] for term in numbers], dtype=np.int32)
        kept.append(_save(folder, name, numbers, values))
    step = 0
    while len(kept) > 1 and _size(folder, kept[-2]) < _MERGED_AT * _size(folder, kept[-1]):
        step += 1
        merged = _merged(folder, kept[-2:], f"{name}-{step}")
        kept[-2:] = [merged] if merged else []
    for path in folder.glob("*.npy"):
        if path.stem not in kept:
            path.unlink()
    return tuple(kept)


def _save(folder: Path, name: str, numbers: Terms, values: NDArray[np.int32]) -> str:
    np.save(folder / f"{name}.npy", np.stack([numbers, values.view(np.uint32)]))
    return name


def _size(folder: Path, name: str) -> int:
    return (folder / f"{name}.npy").stat().st_size


def _merged(folder: Path, names: Iterable[str], name: str) -> str:
    """Add files up into one; return its name, or none where nothing is left."""
    files = [np.load(folder / f"{old}.npy", mmap_mode="r") for old in names]
    numbers, at = np.unique(np.concatenate([file[0] for file in files]), return_inverse=True)
    values = np.zeros(len(numbers), dtype=np.int32)
    np.add.at(values, at, np.concatenate([file[1].view(np.int32) for file in files]))
    left = values != 0
    return _save(folder, name, numbers[left], values[left]) if left.any() else ""
