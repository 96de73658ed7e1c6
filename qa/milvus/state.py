"""What a generation knows of its index on the server: ``milvus/index.json`` in the store's folder.

A version is a document as it was read once: its rows are added, never altered, and removed when no generation
needs them. A generation sees the versions up to `last` without those that are `gone`.
"""

import hashlib
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

import msgspec

_FILE = "index.json"


class Listed(msgspec.Struct, frozen=True, array_like=True):
    """A document: the number of its version, of its clauses, of its passages, and of its rows."""

    version: int
    clauses: int
    passages: int
    rows: int


class State(msgspec.Struct, frozen=True):
    """``index.json``; `counts` are the files of `qa.milvus.counts`, oldest first."""

    made_by: str
    owner: str
    collection: str
    last: int = 0
    gone: tuple[int, ...] = ()
    sources: dict[str, Listed] = {}
    counts: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        """How many rows this generation has on the server."""
        return sum(listed.rows for listed in self.sources.values())

    @property
    def clauses(self) -> int:
        """How many clauses are indexed."""
        return sum(listed.clauses for listed in self.sources.values())


def read(folder: Path) -> State | None:
    """Return the state in `folder`, or None."""
    path = folder / _FILE
    return msgspec.json.decode(path.read_bytes(), type=State) if path.exists() else None


def write(folder: Path, state: State) -> None:
    """Put a new file in the place of the old one: older generations keep theirs."""
    fresh = folder / f"{_FILE}.new"
    fresh.write_bytes(msgspec.json.encode(state))
    fresh.replace(folder / _FILE)


def owner(folder: Path) -> str:
    """Return a mark of the store that the part `folder` is in; a copy of the store elsewhere has another."""
    generations = folder.parent.parent.resolve()
    told = f"{generations}:{generations.stat().st_ino}"
    return hashlib.sha256(told.encode()).hexdigest()[:12]


def beside(folder: Path) -> list[State]:
    """Return the states of all generations that the store still has, drafts and trash included."""
    found = (read(path.parent) for path in folder.parent.parent.glob(f"*/{folder.name}/{_FILE}"))
    return [state for state in found if state is not None]


def seen(state: State) -> str:
    """Return the condition that is true of exactly the rows of a generation."""
    return " and ".join([f"version <= {state.last}", *_without(state)])


def _without(state: State) -> Iterator[str]:
    """Yield the conditions that leave out what is gone: runs without a living version in between as one."""
    living = {listed.version for listed in state.sources.values()}
    gone = set(state.gone)
    single: list[int] = []
    for dead, run in groupby(sorted(living | gone), key=gone.__contains__):
        numbers = list(run) if dead else []
        if len(numbers) > 2:
            yield f"(version < {numbers[0]} or version > {numbers[-1]})"
        else:
            single += numbers
    if single:
        yield f"version not in {single}"


def of_versions(versions: Iterable[int]) -> str:
    """Return the condition that is true of exactly the rows of these versions."""
    return f"version in {sorted(versions)}"
