"""Oxigraph in the folder of the generation, which is all that a store on one machine needs."""

import shutil
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import cast

import pyoxigraph
from pyoxigraph import Quad, RdfFormat

from graph.quadstores.door import GRAPH, Base, Limits, Row, StaleGraph, Table
from graph.quadstores.spool import Spool
from graph.quadstores.worked import worked
from graph.rdf.iris import policy_iri
from graph.rdf.shared import forget
from graph.rdf.vocabulary import PREFIXES
from graph.storage.durable import told

# Bytes of N-Quads that wait before they go to Oxigraph, some 200 a quad; from _BULK on they go as sorted
# files. Each time some come, all that is there is merged anew: so a store is poured in one go, or in few.
_PENDING = 4_000_000_000
_BULK = 4_000_000


class EmbeddedReader:
    """The graph of one generation, opened read-only on first use."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / GRAPH
        self._lock = threading.Lock()
        self._opened: pyoxigraph.Store | None = None

    @property
    def store(self) -> pyoxigraph.Store:
        """The Oxigraph store, read-only."""
        with self._lock:
            if self._opened is None:
                self._here()
                with told(self._path):
                    self._opened = pyoxigraph.Store.read_only(str(self._path))
            return self._opened

    def query(self, sparql: str) -> list[Row]:
        """Run one of our own SELECT queries over all graphs; return its rows as plain values."""
        found = self.store.query(sparql, prefixes=dict(PREFIXES), use_default_graph_as_union=True)
        solutions = cast(pyoxigraph.QuerySolutions, found)
        width = range(len(solutions.variables))
        return [tuple(_plain(row[i]) for i in width) for row in solutions]

    def select(self, sparql: str, limits: Limits) -> Table:
        """Run another's query in a process of its own."""
        self._here()
        return worked(self._path, sparql, limits)

    def check(self) -> None:
        """Raise StoreError where the graph lies elsewhere; its files are checked with the generation's."""
        self._here()

    def __iter__(self) -> Iterator[Quad]:
        """Go through all quads, in no order."""
        return iter(self.store)

    @property
    def present(self) -> bool:
        """Whether the graph lies in the folder."""
        return (self._path / "CURRENT").exists()

    def _here(self) -> None:
        if self._path.exists() and not self.present:
            raise StaleGraph(
                "这一版的图谱在图数据库里",
                self._path,
                "设置 ZHENGWEN_GRAPH，或运行 zhengwen graph 写回文件夹",
            )


class EmbeddedWriter:
    """Collects a draft's quads and pours them into a copy of the base's graph."""

    def __init__(self, folder: Path, base: Base | None, iri: str) -> None:
        self._work, self._target = folder / f"{GRAPH}.work", folder / GRAPH
        self._base = base
        self._copied = EmbeddedReader(base.path) if base else None
        self._iri = iri
        self._held = set(base.sources if base else ())  # sources that have a graph in the copy
        self._spool = Spool(folder)
        self._folder = folder
        self._poured: list[int] = []  # how many documents went as sorted files, each time
        self._graph: pyoxigraph.Store | None = None
        self._thread = ThreadPoolExecutor(1, "graph")
        self._running: list[Future[None]] = []

    def put(self, source: str, quads: bytes) -> None:
        """Give a document these N-Quads; they wait for many more."""
        self._spool.put(source, quads)
        if self._spool.size > _PENDING:
            self._pour()

    def forget(self, source: str) -> None:
        """Take a document out, with what nothing else rests on."""
        self._spool.drop(source)
        if source in self._held:
            self._held.remove(source)
            self._clear(source)

    def renew(self) -> None:
        """Begin with nothing."""
        self._wait()
        self._graph = None
        self._spool.close()
        self._spool = Spool(self._folder)
        self._held.clear()
        shutil.rmtree(self._work, ignore_errors=True)
        self._graph = pyoxigraph.Store(str(self._work))

    def gathered(self) -> None:
        """Pour out what waits, and merge it, beside other work."""
        self._pour()
        if self._graph and self._to_merge:
            self._running.append(self._thread.submit(self._graph.optimize))

    def settle(self) -> None:
        """Write the graph as it will be read: a backup has neither log nor lock files to replay."""
        self._pour()
        if self._graph is None and self._copied and self._copied.present:
            self._copied.store.backup(str(self._target))
            return
        graph = self._open()
        if self._to_merge:
            graph.optimize()
        graph.flush()
        graph.backup(str(self._target))
        del graph
        self.close()
        shutil.rmtree(self._work)

    def publish(self) -> None:
        """Nothing is left to do: the generation's folder holds the graph."""

    def close(self) -> None:
        """Let go of the files: Oxigraph closes them when the last reference goes."""
        self._thread.shutdown(cancel_futures=True)
        self._spool.close()
        self._graph = self._base = self._copied = None
        self._running.clear()

    @property
    def _to_merge(self) -> bool:
        """Whether most of the graph came at once: merging takes time by all that is there, not by what came.

        What is too large to come at once is left to RocksDB, which merges as it goes: to merge a million
        clauses (23 GB) all over again took ten minutes.
        """
        return len(self._poured) == 1 and 2 * self._poured[0] > len(self._held)

    def _open(self) -> pyoxigraph.Store:
        self._wait()
        if self._graph is None:
            new = not self._work.exists()
            if new and self._copied and self._copied.present:
                self._copied.store.backup(str(self._work))
            self._graph = pyoxigraph.Store(str(self._work))
            if new and self._base and self._copied and not self._copied.present:  # it was on a server
                for source in self._base.sources:
                    self._graph.bulk_extend(self._base.quads(source))
        return self._graph

    def _clear(self, source: str) -> None:
        forget(self._open(), policy_iri(source, self._iri), self._iri)

    def _pour(self) -> None:
        if not self._spool.size:
            return
        graph, full = self._open(), self._spool
        for source in full.sources:
            if source in self._held:
                self._clear(source)
        self._held |= set(full.sources)
        self._spool = Spool(self._folder)
        if full.size >= _BULK:  # beside the reading of the next documents
            self._poured.append(len(full.sources))
            self._running.append(self._thread.submit(_load, graph.bulk_load, full))
        else:
            _load(graph.load, full)

    def _wait(self) -> None:
        running, self._running = self._running, []
        for work in running:
            work.result()


class Embedded:
    """The door to graphs in the folders of the generations."""

    def reader(self, folder: Path, iri: str) -> EmbeddedReader:  # noqa: ARG002 – the door's
        """Return the graph of the generation in `folder`; it is opened on first use."""
        return EmbeddedReader(folder)

    def writer(self, folder: Path, base: Base | None, iri: str) -> EmbeddedWriter:
        """Begin the graph of a draft in `folder` with a copy of that of `base`, made when it is needed."""
        return EmbeddedWriter(folder, base, iri)


def _load(load: Callable[..., None], spool: Spool) -> None:
    """Pour out a spool; it is of our own writing, so that Oxigraph need not look at every name."""
    load(spool.whole(), RdfFormat.N_QUADS, lenient=True)
    spool.close()


def _plain(term: object) -> str | None:
    return None if term is None else str(getattr(term, "value", term))
