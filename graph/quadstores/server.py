"""The graph on a SPARQL 1.1 server that others keep: one named graph a policy, one a place.

The store's folder stays the truth: everything on the server can be written anew from the records.
"""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Lock
from typing import TypeVar

from pyoxigraph import Quad

from graph.quadstores.client import Client, GraphTooSlow, Place, Rows, incomplete
from graph.quadstores.door import GRAPH, Base, GraphAway, Limits, QueryError, Row, StaleGraph, Table
from graph.quadstores.guarded import asked
from graph.quadstores.holding import Holding, held
from graph.quadstores.loading import ServerWriter, Settled, graphs, settled
from graph.rdf.vocabulary import PREFIXES
from graph.storage.durable import StoreError

T = TypeVar("T")
_PATIENCE = 5.0  # seconds that a reader waits for a writer
_PAUSE = 0.05
# Servers that cut results in silence do so at a thousand rows or more: such results are counted.
_COUNTED = 1_000
_REMEDY = "稍后再试；一直这样时运行 zhengwen graph 重写图谱"
_HEAD = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES)


class ServerReader:
    """The graph of one generation on the server; says so when the server holds another."""

    def __init__(self, client: Client, folder: Path, iri: str) -> None:
        self._client, self._iri = client, iri
        self._path = folder / GRAPH
        self._lock = Lock()
        self._mark = ""  # of the last writing that was found to be ours
        self._settled: Settled | None = None

    def query(self, sparql: str) -> list[Row]:
        """Run one of our own SELECT queries over all graphs; return its rows as plain values."""

        def run() -> Rows:
            rows = self._client.rows(_HEAD + sparql)
            if rows.cut or len(rows.terms) >= _COUNTED:
                self._complete(sparql, len(rows.terms))
            return rows

        return [tuple(term.value if term else None for term in row) for row in self._held(run).terms]

    def select(self, sparql: str, limits: Limits) -> Table:
        """Run another's query; the server is asked for no more than what standard SPARQL has words for."""
        try:
            return self._held(lambda: asked(self._client, sparql, limits))
        except GraphTooSlow as error:
            raise QueryError(f"查询超过 {limits.seconds:g} 秒，已停止", "SPARQL", error.remedy) from None
        except GraphAway:
            raise
        except StoreError as error:
            raise QueryError(error.what, "SPARQL", error.remedy) from None

    def check(self) -> None:
        """Raise StoreError unless the server answers and holds this generation."""
        self._held(lambda: None)

    def __iter__(self) -> Iterator[Quad]:
        """Go through all quads of this store, in no order."""
        names = self._held(lambda: graphs(self._client, self._iri))
        for name in names:
            for triple in self._client.read(name):
                yield Quad(triple.subject, triple.predicate, triple.object, name)
        self.check()

    def _complete(self, sparql: str, count: int) -> None:
        rows = self._client.rows(f"{_HEAD}SELECT (COUNT(*) AS ?n) WHERE {{ {{ {sparql} }} }}").terms
        if not rows or rows[0][0] is None or int(rows[0][0].value) != count:
            raise incomplete(self._client.place, count)

    def _held(self, run: Callable[[], T]) -> T:
        """Return what `run` finds while the server holds this generation, and nothing found otherwise."""
        end = time.monotonic() + _PATIENCE
        mine = self._own()
        mark = self._mark or self._now(mine, end)
        while True:
            found = run()
            now = held(self._client, self._iri)
            if now and now.mark == mark and now.revision == mine.revision:
                self._mark = mark
                return found
            mark = self._now(mine, end)

    def _now(self, mine: Settled, end: float) -> str:
        """Wait until the server holds this generation and return the mark of that writing."""
        while True:
            now = held(self._client, self._iri)
            if now and now.revision == mine.revision and now.store == mine.store:
                return now.mark
            if not _coming(now, mine) or time.monotonic() > end:
                raise StaleGraph("图数据库里不是这一版的图谱", self._client.place.query, _REMEDY)
            time.sleep(_PAUSE)

    def _own(self) -> Settled:
        with self._lock:
            if self._settled is None:
                self._settled = settled(self._path)
                if self._settled is None:
                    raise StaleGraph(
                        "这一版的图谱不在图数据库里", self._path, "运行 zhengwen graph 写入图数据库"
                    )
            return self._settled


def _coming(now: Holding | None, mine: Settled) -> bool:
    """Tell whether waiting helps: someone is writing, and may have died, or may go back to what we read."""
    return now is not None and now.store == mine.store and not now.revision


class Server:
    """The door to one server."""

    def __init__(self, place: Place) -> None:
        self._client = Client(place)

    def reader(self, folder: Path, iri: str) -> ServerReader:
        """Return the graph of the generation in `folder`; the server is asked at the first query."""
        return ServerReader(self._client, folder, iri)

    def writer(self, folder: Path, base: Base | None, iri: str) -> ServerWriter:
        """Begin the graph of a draft in `folder`; the server is written to when all else is on disk."""
        return ServerWriter(self._client, folder, base, iri)
