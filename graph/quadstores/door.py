"""The door that the graph lies behind: a reader for each generation, a writer for each draft."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from pyoxigraph import Quad

from graph.storage.durable import StoreError

Row = tuple[str | None, ...]
# The folder of a generation that its door has for itself.
GRAPH = "graph"


class QueryError(StoreError):
    """A query that was refused or stopped: what, where, what to do (Chinese)."""


class GraphAway(StoreError):  # noqa: N818 – a state, told as one
    """The graph cannot be asked now; whatever needs none of it goes on."""


class StaleGraph(GraphAway):
    """The graph that there is is not that of this generation."""


@dataclass(frozen=True, slots=True)
class Term:
    """An RDF term: `kind` as in SPARQL 1.1 Query Results JSON."""

    kind: Literal["uri", "literal", "bnode"]
    value: str
    datatype: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A query's result: SELECT rows, one row for ASK, three columns for CONSTRUCT and DESCRIBE.

    `truncated` tells that the row limit was reached and that there are more.
    """

    form: Literal["select", "ask", "graph"]
    columns: tuple[str, ...]
    terms: tuple[tuple[Term | None, ...], ...]
    truncated: bool

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """The rows as plain text; an unbound variable is the empty string."""
        return tuple(tuple(term.value if term else "" for term in row) for row in self.terms)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a query of other people may take: `seconds` of wall time, `rows`, `memory` in bytes."""

    seconds: float = 10.0
    rows: int = 10_000
    memory: int = 2 << 30


class Reader(Protocol):
    """The graph of one generation. It may be shared between threads."""

    def query(self, sparql: str) -> list[Row]:
        """Run one of our own SELECT queries over all graphs; return its rows as plain values."""

    def select(self, sparql: str, limits: Limits) -> Table:
        """Run another's query, found to be no update; raises QueryError."""

    def check(self) -> None:
        """Raise StoreError where no query could be answered."""

    def __iter__(self) -> Iterator[Quad]:
        """Go through all quads, in no order."""


class Base(Protocol):
    """What a writer asks of the generation that its draft begins with."""

    @property
    def path(self) -> Path:
        """Its folder."""

    @property
    def sources(self) -> tuple[str, ...]:
        """The short names of its documents."""

    def quads(self, source: str) -> Iterator[Quad]:
        """Yield the quads of a document, with those that it shares, made from its record."""

    def place(self, source: str) -> str:
        """Return what the jurisdiction of a document is called; its short name where it has none."""


class Writer(Protocol):
    """The graph of a draft. Nothing of it is seen before `settle`."""

    def put(self, source: str, quads: bytes) -> None:
        """Give a document these N-Quads (with those it shares), whatever it had before."""

    def forget(self, source: str) -> None:
        """Take a document out, with what nothing else rests on."""

    def renew(self) -> None:
        """Begin with nothing; the caller puts every document again."""

    def gathered(self) -> None:
        """Hear that little or nothing will follow: what can be written may be, beside other work."""

    def settle(self) -> None:
        """Write into the generation's folder what its reader needs there."""

    def publish(self) -> None:
        """Make all of it the graph of the generation, which is whole on disk by now."""

    def close(self) -> None:
        """Let go of everything; what was not settled is lost."""


class Quadstore(Protocol):
    """A place where graphs of generations lie."""

    def reader(self, folder: Path, iri: str) -> Reader:
        """Open the graph of the generation in `folder`; `iri` is the prefix of the store's names."""

    def writer(self, folder: Path, base: Base | None, iri: str) -> Writer:
        """Begin the graph of a draft in `folder` with that of `base`."""
