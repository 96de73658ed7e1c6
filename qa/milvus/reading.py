"""Searching one generation of the index on a server: what the embedded indexes give, asked over the wire."""

import functools
import json
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from qa.dense import PASSAGES, DenseHit, Vectors
from qa.lexical import LexicalHit
from qa.milvus import state as states
from qa.milvus.counts import Counts
from qa.milvus.rows import clause_number, term
from qa.milvus.server import MEANING, MOST, TERMS, Address, IndexUnreachable, Row, Server, connect
from qa.milvus.state import Listed, State
from qa.terms import FIELDS, rarest, weighed

_KEPT = 4096  # clauses whose vectors are kept here
_AT_ONCE = 100  # clauses whose vectors are asked for in one call
# Told "Bounded", a server may be five seconds behind: one just opened may be younger than that.
_YOUNG_SECONDS = 15.0
_CHECKED_SECONDS = 30.0  # how long a count of the rows holds


@dataclass(slots=True)
class Reader:
    """One generation on its server; safe for several threads."""

    server: Server
    state: State
    folder: Path
    seen: str = field(init=False)
    names: dict[int, str] = field(init=False)  # documents by version
    _opened: float = field(default_factory=time.monotonic, init=False)
    _checked: float = field(default=float("-inf"), init=False)
    _failed: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        self.seen = states.seen(self.state)
        self.names = {listed.version: source for source, listed in self.state.sources.items()}

    @property
    def consistency(self) -> str:
        """How far the server may be behind what was written."""
        return "Strong" if time.monotonic() - self._opened < _YOUNG_SECONDS else "Bounded"

    def versions(self, sources: Iterable[str]) -> list[Listed]:
        """Return the versions of those documents that this generation has."""
        return [self.state.sources[name] for name in dict.fromkeys(sources) if name in self.state.sources]

    def check(self) -> None:
        """Raise IndexUnreachable when the server does not have all rows of this generation now."""
        with self._asking():
            self.server.collections()
            if time.monotonic() - self._checked > _CHECKED_SECONDS:
                self._verify()

    def _verify(self) -> None:
        missing = self.state.rows
        if self.server.load(self.state.collection):
            missing -= self.server.count(self.state.collection, self.seen)
        if missing:
            raise self.incomplete(missing)
        self._checked = time.monotonic()

    def incomplete(self, missing: int) -> IndexUnreachable:
        """Return the error that tells of `missing` rows."""
        return IndexUnreachable(
            f"索引服务器上的数据不完整（相差 {abs(missing)} 行）",
            self.server.address.shown,
            "请重新启动服务，索引会重新建立",
        )

    def search(
        self, column: str, vector: dict[int, float] | list[float], condition: str, limit: int
    ) -> list[tuple[Row, float]]:
        """Return the best rows of which `condition` is true; see Server.search."""
        with self._asking():
            return self.server.search(
                self.state.collection, column, vector, condition, limit, self.consistency
            )

    def query(self, condition: str, fields: Sequence[str]) -> list[Row]:
        """Return the rows of which `condition` is true."""
        with self._asking():
            return self.server.query(self.state.collection, condition, fields, self.consistency)

    @contextmanager
    def _asking(self) -> Iterator[None]:
        """After an error the server may have begun anew: nothing is asked of it before all rows are there."""
        try:
            if self._failed:
                self._verify()
            yield
            self._failed = False
        except IndexUnreachable:
            self._failed, self._checked = True, float("-inf")
            raise


def opened(folder: Path, address: Address) -> Reader:
    """Open the generation whose part is `folder`; raises IndexUnreachable."""
    found = states.read(folder)
    if found is None or found.owner != states.owner(folder):
        raise IndexUnreachable("这一代数据没有 Milvus 索引", address.shown, "请运行 zhengwen ingest 重新建立")
    return Reader(connect(address), found, folder)


class MilvusLexical:
    """What `qa.lexical.LexicalIndex` is for an index in the store's folder."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._counts = Counts(reader.folder, reader.state.counts)
        self._counted = functools.lru_cache(maxsize=65536)(self._count)
        self.size = reader.state.clauses

    def frequency(self, term: str, fields: Sequence[str] = ("heading", "body", "gist")) -> int:
        """Return in how many clauses `term` may stand: the count of its rarest word, in title or text."""
        return self._counted(term, tuple(fields))

    def _count(self, text: str, fields: tuple[str, ...]) -> int:
        return rarest(text, lambda token: max(self._counts.of([term(name, token) for name in fields])))

    def search(
        self,
        terms: Iterable[tuple[str, float]],
        *,
        jurisdictions: Sequence[str] | None = None,
        sources: Sequence[str] | None = None,
        limit: int,
    ) -> list[LexicalHit]:
        """Return the best clauses for weighted `terms`, within jurisdictions or sources when given."""
        asked = self._asked(weighed(terms))
        scope = [self._reader.seen]
        if sources is not None:
            versions = [listed.version for listed in self._reader.versions(sources)]
            scope = [states.of_versions(versions)] if versions else []
        if jurisdictions is not None and scope:
            scope = [*scope, f"place in {_quoted(jurisdictions)}"] if jurisdictions else []
        if not asked or not scope:
            return []
        found = self._reader.search(TERMS, asked, " and ".join(scope), limit)
        hits = [LexicalHit(self._reader.names[row["version"]], row["locator"], score) for row, score in found]
        return sorted(hits, key=lambda hit: (-hit.score, hit.source, hit.locator))

    def _asked(self, weights: dict[str, float]) -> dict[int, float]:
        """Return a question's words, each with its side of BM25: rarity, weights of word and field."""
        pairs = [(token, name) for token in weights for name in FIELDS]
        numbers = [term(name, token) for token, name in pairs]
        asked = {}
        for (token, name), number, count in zip(pairs, numbers, self._counts.of(numbers), strict=True):
            if count > 0:
                rarity = math.log(1 + (self.size - count + 0.5) / (count + 0.5))
                asked[number] = weights[token] * FIELDS[name] * rarity
        return asked


class MilvusDense:
    """What `qa.dense.DenseIndex` is for an index in the store's folder."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._held: OrderedDict[tuple[str, str], Vectors] = OrderedDict()
        self._lock = threading.Lock()
        self.rows = functools.lru_cache(maxsize=64)(self._rows)

    @property
    def size(self) -> int:
        """Number of passages indexed."""
        return sum(listed.passages for listed in self._reader.state.sources.values())

    def search(self, vector: Vectors, *, sources: Sequence[str] | None, limit: int) -> list[DenseHit]:
        """Return the clauses whose passages lie nearest to `vector`, within `sources` when given."""
        condition = self._reader.seen
        if sources is not None:
            versions = self._reader.versions(sources)
            if not versions:
                return []
            condition = states.of_versions(listed.version for listed in versions)
        if not self.size:
            return []
        best: dict[tuple[str, str], float] = {}
        for row, score in self._reader.search(MEANING, _plain(vector), condition, PASSAGES * limit):
            key = self._reader.names[row["version"]], row["locator"]
            if row["at"] >= 0 and score > best.get(key, -1.0):
                best[key] = score
        ranked = sorted(best.items(), key=lambda item: (-item[1], item[0]))[:limit]
        return [DenseHit(source, locator, score) for (source, locator), score in ranked]

    def scores(self, vector: Vectors, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], float]:
        """Return the cosine of the best passage of each clause in `keys`."""
        held = self._vectors(keys)
        return {key: float((rows @ vector).max()) for key, rows in held.items() if len(rows)}

    def passages(self, vector: Vectors, source: str, locator: str) -> list[float]:
        """Return the cosine of each passage of a clause, in the order in which they were indexed."""
        rows = self._vectors([(source, locator)]).get((source, locator))
        return [] if rows is None else [float(score) for score in rows @ vector]

    def _rows(self, source: str) -> tuple[Vectors, tuple[str, ...]]:
        """Return the vectors of a document's passages and the clause that each belongs to."""
        found: list[Row] = []
        versions = self._reader.versions([source])
        for listed in versions:
            for start in range(0, listed.passages, MOST - 1):
                piece = f"version == {listed.version} and at >= {start} and at < {start + MOST - 1}"
                found += self._reader.query(piece, ["at", "locator", "meaning"])
        missing = sum(listed.passages for listed in versions) - len(found)
        if missing:
            raise self._reader.incomplete(missing)
        found.sort(key=lambda row: int(row["at"]))
        return _matrix(found), tuple(str(row["locator"]) for row in found)

    def _vectors(self, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Vectors]:
        """Return the vectors of clauses: those kept here, and the others in one call."""
        known = self._reader.state.sources
        wanted = [key for key in dict.fromkeys(keys) if key[0] in known]
        with self._lock:
            found = {key: self._held[key] for key in wanted if key in self._held}
        lacking = {clause_number(known[key[0]].version, key[1]): key for key in wanted if key not in found}
        numbers = list(lacking)
        for start in range(0, len(numbers), _AT_ONCE):
            rows = self._reader.query(
                f"clause in {numbers[start : start + _AT_ONCE]} and at >= 0", ["clause", "at", "meaning"]
            )
            of: dict[int, list[Row]] = {}
            for row in sorted(rows, key=lambda row: int(row["at"])):
                of.setdefault(int(row["clause"]), []).append(row)
            fresh = {lacking[number]: _matrix(held) for number, held in of.items()}
            found |= fresh
            self._keep(fresh)
        return found

    def _keep(self, fresh: dict[tuple[str, str], Vectors]) -> None:
        with self._lock:
            self._held.update(fresh)
            while len(self._held) > _KEPT:
                self._held.popitem(last=False)


def _matrix(rows: Sequence[Row]) -> Vectors:
    return np.array([row["meaning"] for row in rows], dtype=np.float32).reshape(len(rows), -1)


def _plain(vector: Vectors) -> list[float]:
    return [float(value) for value in vector]


def _quoted(names: Sequence[str]) -> str:
    return json.dumps(list(names), ensure_ascii=False)
