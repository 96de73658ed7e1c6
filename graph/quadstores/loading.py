"""Writing a generation's graph to a server: what changed, or everything where that is not known."""

import uuid
from collections.abc import Sequence
from pathlib import Path

import msgspec
from pyoxigraph import NamedNode, RdfFormat, serialize

from graph.quadstores.client import Client
from graph.quadstores.door import GRAPH, Base
from graph.quadstores.holding import Holding, held, hold
from graph.quadstores.lines import Lines
from graph.quadstores.spool import Spool
from graph.rdf.iris import policy_iri
from graph.rdf.shared import shared_iri
from graph.rdf.vocabulary import DCT, POL, RDF
from graph.storage.durable import StoreError

_FILE = "server.json"
_PAGE = 1_000


class Settled(msgspec.Struct, frozen=True):
    """What a generation knows of its graph on the server: whose it is, and which revision."""

    store: str
    revision: str


def settled(folder: Path) -> Settled | None:
    """Return what stands in a generation's folder of the graph; None where its graph is on no server."""
    try:
        return msgspec.json.decode((folder / _FILE).read_bytes(), type=Settled)
    except FileNotFoundError:
        return None
    except msgspec.MsgspecError as error:
        raise StoreError("图谱的版本记录已损坏", folder / _FILE, "运行 zhengwen graph 重写图谱") from error


def graphs(client: Client, base: str) -> list[NamedNode]:
    """Return the names of the graphs of policies and places that a server holds of a store."""
    found: set[str] = set()
    for pattern in (f"?g {POL.source} ?any", f"?any {RDF.type} {DCT.Location}"):
        last = f"{base}/"
        while True:
            rows = client.rows(
                f'SELECT DISTINCT ?g WHERE {{ GRAPH ?g {{ {pattern} }} FILTER(STR(?g) > "{last}"'
                f' && STRSTARTS(STR(?g), "{base}/")) }} ORDER BY STR(?g) LIMIT {_PAGE}'
            ).terms
            names = [row[0].value for row in rows if row[0]]
            found.update(names)
            if not names:
                break
            last = max(names)
    return [NamedNode(name) for name in sorted(found)]


class ServerWriter:
    """Collects a draft's quads on disk and writes them to the server at the very end."""

    def __init__(self, client: Client, folder: Path, base: Base | None, iri: str) -> None:
        self._client, self._base, self._iri = client, base, iri
        self._target = folder / GRAPH
        self._before = settled(base.path / GRAPH) if base else None
        self._own = Settled(self._before.store if self._before else uuid.uuid4().hex, uuid.uuid4().hex)
        self._held = frozenset(base.sources if base else ())
        self._documents = set(self._held)
        self._touched: set[str] = set()
        self._shared = shared_iri(iri)
        self._spool = Spool(folder)
        self._whole = self._before is None
        self._seizing = False

    def put(self, source: str, quads: bytes) -> None:
        """Give a document these N-Quads; they wait."""
        self._spool.put(source, quads)
        self._documents.add(source)
        self._touched.add(source)

    def forget(self, source: str) -> None:
        """Take a document out, with what nothing else rests on."""
        self._documents.discard(source)
        self._touched.add(source)

    def renew(self) -> None:
        """Write everything anew, also over what another store left there."""
        self._whole = self._seizing = True

    def gathered(self) -> None:
        """Nothing is written to the server before all else is on disk."""

    def settle(self) -> None:
        """Write down which revision the server will hold; raises StoreError where it cannot be written to."""
        now = self._theirs()
        if self._before and not self._touched and not self._whole and now and self._ours(now):
            self._own = self._before
        self._target.mkdir(exist_ok=True)
        (self._target / _FILE).write_bytes(msgspec.json.encode(self._own))

    def publish(self) -> None:
        """Make the server hold this draft; a writer that dies here is mended by the next one."""
        now = self._theirs()
        if self._own == self._before:
            return
        known = self._known(now)
        mark, origin = self._own.revision, self._before.revision if known and self._before else ""
        sources, places = (known.sources or (), dict(known.places or ())) if known else ((), {})
        touched = self._touched | set(sources)
        if known:
            for source in touched:
                for side in (self._old(source), self._new(source)):
                    places |= dict(side.places())
        going = Holding(self._own.store, "", mark, origin)
        if known:
            told = tuple(sorted(touched)), tuple(sorted(places.items()))
            going = msgspec.structs.replace(going, sources=told[0], places=told[1])
        hold(self._client, self._iri, going)
        if known:
            self._write_touched(touched, places, dict(known.places or ()))
        else:
            self._write_whole()
        hold(self._client, self._iri, msgspec.structs.replace(going, revision=mark))

    def close(self) -> None:
        """Let go of everything that was not written."""
        self._spool.close()
        self._base = None

    def _theirs(self) -> Holding | None:
        """Return what the server holds; raises StoreError when that is another store's."""
        now = held(self._client, self._iri)
        if now and now.store != self._own.store and not self._seizing:
            raise StoreError(
                "图数据库里是另一个知识库的图谱",
                self._client.place.query,
                "换一个图数据库；确实要用这一个，运行 zhengwen graph 覆盖它",
            )
        return now

    def _ours(self, now: Holding) -> bool:
        return self._before is not None and now.revision == self._before.revision

    def _known(self, now: Holding | None) -> Holding | None:
        """Return what differs on the server from the base; None where that is not known."""
        if self._whole or now is None or self._before is None:
            return None
        if self._ours(now):
            return msgspec.structs.replace(now, sources=(), places=())
        followed = now.origin == self._before.revision and now.sources is not None and now.places is not None
        return now if followed else None

    def _old(self, source: str) -> Lines:
        if self._base is None or source not in self._held:
            return Lines()
        return Lines.of(serialize(self._base.quads(source), format=RdfFormat.N_QUADS) or b"", self._shared)

    def _new(self, source: str) -> Lines:
        if source not in self._documents:
            return Lines()
        if source in self._spool:
            return Lines.of(self._spool.get(source), self._shared)
        return self._old(source)

    def _write_touched(self, touched: set[str], places: dict[str, str], doubtful: dict[str, str]) -> None:
        gone: dict[str, set[bytes]] = {}
        come: dict[str, set[bytes]] = {}
        for source in sorted(touched):
            new = self._new(source)
            self._write_policy(source, new)
            for found, side in ((gone, self._old(source)), (come, new)):
                for key, _ in side.places():
                    found.setdefault(key, set()).update(side.shared)
        for key, label in sorted(places.items()):
            if key in doubtful or not gone.get(key, set()) <= come.get(key, set()):
                self._write_place(key, self._of_place(key, label, touched))
            else:
                fresh = come.get(key, set()) - gone.get(key, set())
                self._client.write(self._place(key), sorted(fresh), add=True)

    def _of_place(self, key: str, label: str, touched: set[str]) -> set[bytes]:
        """Return what all documents of a place share; other places of its name are passed over."""
        found: set[bytes] = set()
        for source in sorted(self._documents):
            if source in touched or (self._base and self._base.place(source) == label):
                lines = self._new(source)
                if key in dict(lines.places()):
                    found.update(lines.shared)
        return found

    def _write_whole(self) -> None:
        shared: dict[str, set[bytes]] = {}
        for source in sorted(self._documents):
            lines = self._new(source)
            self._write_policy(source, lines)
            for key, _ in lines.places():
                shared.setdefault(key, set()).update(lines.shared)
        for key, rows in sorted(shared.items()):
            self._write_place(key, rows)
        wanted = {self._policy(source) for source in self._documents} | {self._place(key) for key in shared}
        for name in graphs(self._client, self._iri):
            if name not in wanted:
                self._client.drop(name)

    def _write_policy(self, source: str, lines: Lines) -> None:
        self._write(self._policy(source), lines.own)

    def _write_place(self, key: str, lines: set[bytes]) -> None:
        self._write(self._place(key), sorted(lines))

    def _write(self, name: NamedNode, lines: Sequence[bytes]) -> None:
        if lines:
            self._client.write(name, lines)
        else:
            self._client.drop(name)

    def _policy(self, source: str) -> NamedNode:
        return policy_iri(source, self._iri)

    def _place(self, key: str) -> NamedNode:
        return NamedNode(f"{self._shared.value}/{key}")
