"""Bringing the index on a server up to a new generation, so that every older one goes on as it was.

Rows of a document that was changed or taken out stay as long as a generation of the store has them. What a
killed writer left is above every number that a generation knows, and is removed by the next writer.
"""

import secrets
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from operator import attrgetter
from pathlib import Path

import msgspec

from qa.indexed import Indexed
from qa.milvus import counts
from qa.milvus import state as states
from qa.milvus.rows import FORMAT, NOTHING, rows
from qa.milvus.server import MOST, WRITE_SECONDS, Address, IndexUnreachable, Row, Server, connect
from qa.milvus.state import Listed, State

_TOGETHER = 500  # rows sent in one call


def current(folder: Path, address: Address, signature: str) -> bool:
    """Tell whether the generation's rows are on the server, all of them, made by this model and program.

    Raises IndexUnreachable.
    """
    return _held(folder, connect(address), signature) is not None


def _held(folder: Path, server: Server, signature: str) -> State | None:
    state = states.read(folder)
    if state is None or state.made_by != _maker(signature) or state.owner != states.owner(folder):
        return None
    if not server.load(state.collection):
        return None
    there = server.count(state.collection, states.seen(state), WRITE_SECONDS)
    return state if there == state.rows else None


def _maker(signature: str) -> str:
    return f"{signature}/{FORMAT}"


def update(
    folder: Path,
    address: Address,
    dimensions: int,
    signature: str,
    *,
    removed: Iterable[str],
    added: Iterable[Indexed],
) -> None:
    """Take the rows of `removed` sources out of what the draft in `folder` sees and put those of `added` in.

    `added` is read once, a document at a time; its vectors have `dimensions` numbers. An index made by
    something else than `signature`, or of which the server has lost rows, is begun anew. Raises
    IndexUnreachable, also when rows were lost that would not come again with `added`.
    """
    server, gone = connect(address), frozenset(removed)
    base = _held(folder, server, signature)
    if base is None:
        before = states.read(folder)
        if before is not None and before.sources.keys() - gone:
            raise IndexUnreachable("索引服务器上的数据不完整", address.shown, "请重试，索引会重新建立")
        base = _begun(folder, server, dimensions, signature)
    kept = [other for other in states.beside(folder) if other.collection == base.collection]
    newest = max([base.last, *(other.last for other in kept)])
    server.delete(base.collection, f"version > {newest}")
    changes: Counter[int] = Counter()
    taken = {name: base.sources[name] for name in gone if name in base.sources}
    changes.subtract(_words(server, base.collection, taken.values()))
    # The clock alone would do, but clocks are set back.
    first = max(newest, time.time_ns() // 1000) + 1
    fresh: dict[str, Listed] = {}

    def sent() -> Iterator[Row]:
        for version, document in enumerate(added, first):
            own = list(rows(version, document))
            fresh[document.source] = Listed(version, len(document.clauses), len(document.vectors), len(own))
            for row in own:
                changes.update(t for t in row["terms"] if t != NOTHING)
                yield row

    _insert(server, base.collection, sent())
    living = {name: listed for name, listed in base.sources.items() if name not in taken} | fresh
    # A draft that begins with an older generation leaves out what came after that one.
    later = {version for other in kept for version in _numbers(other) if version > base.last}
    needed = {listed.version for other in kept for listed in other.sources.values()}
    hidden = {*base.gone, *later, *(listed.version for listed in taken.values())}
    spare = hidden - needed
    if spare:
        server.delete(base.collection, states.of_versions(spare))
    last = max([first, *(listed.version for listed in fresh.values())])
    state = msgspec.structs.replace(
        base,
        last=last,
        gone=tuple(sorted(hidden - spare)),
        sources=living,
        counts=counts.add(folder, base.counts, changes, f"c{last}"),
    )
    server.settle(base.collection)
    there = server.count(state.collection, states.seen(state), WRITE_SECONDS)
    if there != state.rows:
        raise IndexUnreachable(
            f"索引服务器上应有 {state.rows} 行，实有 {there} 行", address.shown, "请重试；原有数据没有变化"
        )
    states.write(folder, state)
    _drop_unused(server, folder, state)


def _numbers(state: State) -> Iterator[int]:
    yield from state.gone
    yield from (listed.version for listed in state.sources.values())


def _begun(folder: Path, server: Server, dimensions: int, signature: str) -> State:
    own = states.owner(folder)
    name = f"zhengwen_{own}_{secrets.token_hex(6)}"
    server.create(name, dimensions)
    for path in folder.glob("*.npy"):
        path.unlink()
    return State(_maker(signature), own, name)


def _insert(server: Server, collection: str, fresh: Iterable[Row]) -> None:
    batch: list[Row] = []
    for row in fresh:
        batch.append(row)
        if len(batch) == _TOGETHER:
            server.insert(collection, batch)
            batch = []
    if batch:
        server.insert(collection, batch)


def _words(server: Server, collection: str, out: Iterable[Listed]) -> Iterator[int]:
    """Yield the terms of each clause of these versions."""
    for piece in _pieces(sorted(out, key=attrgetter("version"))):
        for row in server.query(collection, f"{piece} and lead == 1", ["terms"], "Strong"):
            yield from (int(term) for term in row["terms"] if int(term) != NOTHING)


def _pieces(out: Iterable[Listed]) -> Iterator[str]:
    """Yield conditions that are true of so few rows that one answer brings them."""
    batch: list[int] = []
    size = 0
    for listed in out:
        if listed.clauses >= MOST:
            for start in range(-listed.rows, listed.rows, MOST - 1):
                yield f"version == {listed.version} and at >= {start} and at < {start + MOST - 1}"
            continue
        if size + listed.clauses >= MOST:
            yield states.of_versions(batch)
            batch, size = [], 0
        batch.append(listed.version)
        size += listed.clauses
    if batch:
        yield states.of_versions(batch)


def _drop_unused(server: Server, folder: Path, state: State) -> None:
    """Remove the collections of this store that no generation needs."""
    used = {state.collection, *(other.collection for other in states.beside(folder))}
    for name in server.collections():
        if name.startswith(f"zhengwen_{state.owner}_") and name not in used:
            server.drop(name)
