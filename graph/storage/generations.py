"""A generation: one immutable state of the store, as readers see it.

generations/g000007/
  manifest.json     format, documents, checksum of every file of the parts
  manifest.sha256   checksum of the manifest itself
  graph/            see graph.quadstores
  lexical/ dense/   further parts, written by callers of the draft
"""

import fcntl
import os
import re
import threading
import weakref
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import msgspec
from pyoxigraph import Quad

from graph import catalog
from graph.facts import Record
from graph.quadstores.door import Quadstore, Row
from graph.rdf.triples import triples
from graph.records import Core, core_of, decode, decode_core
from graph.review.applying import reviewed
from graph.review.corrections import Correction
from graph.review.corrections import decode as decode_history
from graph.storage.durable import StoreDamaged, StoreError, digest, file_digest, files_below
from graph.storage.objects import Objects

# 2: a document may have decisions of officials. An older program would lose them, so it must not write.
# 3: a decision may be withdrawn, which an older program does not know.
FORMAT = 3
_KNOWN = (1, 2, FORMAT)
_CACHED = 512
CATALOG = Path(f"catalog/documents-{catalog.FORM}.msgpack")
_ADDRESS = re.compile('"([0-9a-f]{64})"')
_FEW = 50  # addresses that are quicker looked for one by one than among all
_DAMAGED = "将改用上一代数据；请重新导入或用备份恢复"


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document's row in the manifest; `record`, `original`, `file_sha256` and `history` are SHA-256.

    `reading` is the fingerprint of the program that read it (graph.reading), `record` what it read,
    `history` what officials decided about it (empty: nothing yet).
    """

    source: str
    name: str
    record: str
    original: str
    file_sha256: str
    reading: str = ""
    history: str = ""

    def objects(self) -> tuple[tuple[str, str], ...]:
        """The addresses of the objects that the document needs, each with what it is called."""
        held = ((self.record, ""), (self.original, "原文"), (self.history, "核对记录"))
        return tuple((address, f"“{self.source}”{what}") for address, what in held if address)


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file of a part: path below the generation, bytes, SHA-256."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Manifest:
    """What a generation consists of; documents by source, files by path."""

    format: int
    base: str
    documents: tuple[StoredDocument, ...]
    files: tuple[StoredFile, ...]

    def objects(self) -> frozenset[str]:
        """The addresses of all objects that the documents need."""
        return frozenset(address for row in self.documents for address, _ in row.objects())


# By checksum, as long as someone holds them: the same bytes are not decoded twice, and held once.
_manifests: "weakref.WeakValueDictionary[str, Manifest]" = weakref.WeakValueDictionary()


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest and its checksum into a generation that is not yet published."""
    data = msgspec.json.encode(manifest)
    checksum = digest(data)
    (folder / "manifest.json").write_bytes(data)
    (folder / "manifest.sha256").write_text(checksum + "\n", encoding="ascii")
    _manifests[checksum] = manifest


def _manifest_bytes(folder: Path) -> tuple[bytes, str]:
    """Return the bytes of a generation's manifest and their checksum; raises StoreDamaged."""
    path = folder / "manifest.json"
    try:
        data = path.read_bytes()
        wanted = (folder / "manifest.sha256").read_bytes().strip()
    except FileNotFoundError as error:
        raise StoreDamaged("清单缺失或无法读取", path, _DAMAGED) from error
    checksum = digest(data)
    if checksum.encode() != wanted:
        raise StoreDamaged("清单已损坏", path, _DAMAGED)
    return data, checksum


def read_manifest(folder: Path) -> Manifest:
    """Return a generation's manifest, checked against its checksum.

    Raises StoreDamaged when it is missing or altered, StoreError when its format is newer.
    """
    path = folder / "manifest.json"
    data, checksum = _manifest_bytes(folder)
    manifest = _manifests.get(checksum)
    if manifest is None:
        try:
            manifest = msgspec.json.decode(data, type=Manifest)
        except msgspec.MsgspecError as error:
            raise StoreDamaged("清单缺失或无法读取", path, _DAMAGED) from error
        _manifests[checksum] = manifest
    if manifest.format not in _KNOWN:
        raise StoreError(f"数据格式版本为 {manifest.format}，本程序只认识 {FORMAT}", path, "请升级本程序")
    return manifest


def addresses(folder: Path) -> frozenset[str]:
    """Return all addresses that a generation's manifest names, without decoding it; raises StoreDamaged."""
    return frozenset(_ADDRESS.findall(_manifest_bytes(folder)[0].decode("utf-8")))


def unnamed(folder: Path, some: set[str]) -> set[str]:
    """Return those of some addresses that a generation's manifest does not name; raises StoreDamaged."""
    if len(some) > _FEW:
        return some - addresses(folder)
    text = _manifest_bytes(folder)[0]
    return {address for address in some if address.encode() not in text}


def verify_files(folder: Path, manifest: Manifest, budget: int) -> None:
    """Check the parts' files: all by presence and size, the smallest ones by content.

    Contents are read up to `budget` bytes in all; beyond it Oxigraph's own block checksums and
    `Generation.damage` stand guard. Raises StoreDamaged at the first bad file.
    """
    for file in sorted(manifest.files, key=lambda row: row.size):
        path = folder / file.path
        try:
            size = path.stat().st_size
        except OSError as error:
            what = "没有访问权限" if isinstance(error, PermissionError) else "文件缺失"
            raise StoreDamaged(what, path, _DAMAGED) from None
        budget -= size
        if size != file.size or (budget >= 0 and file_digest(path) != file.sha256):
            raise StoreDamaged("文件已损坏", path, _DAMAGED)


def checksums(folder: Path, known: Mapping[tuple[int, int], StoredFile]) -> tuple[StoredFile, ...]:
    """Return the checksum rows of all part files below `folder`.

    `known` gives rows of unchanged files by device and inode (hard links need no second reading).
    """
    rows = []
    for path in files_below(folder):
        relative, state = path.relative_to(folder).as_posix(), path.stat()
        if relative.startswith("manifest."):
            continue
        row = known.get((state.st_dev, state.st_ino))
        sha256 = row.sha256 if row else file_digest(path)
        rows.append(StoredFile(relative, state.st_size, sha256))
    return tuple(rows)


class Generation:
    """One published state of the store. It stays readable for as long as the object lives."""

    def __init__(self, path: Path, objects: Objects, budget: int, quads: Quadstore) -> None:
        """Open and verify; raises StoreDamaged or StoreError. `quads` is where its graph lies."""
        self.path = path
        self.name = path.name
        self._objects = objects
        try:
            handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
        except (FileNotFoundError, NotADirectoryError):
            raise StoreDamaged("这一代数据缺失", path, _DAMAGED) from None
        weakref.finalize(self, os.close, handle)
        # A shared lock for as long as we read: the writer clears away no generation that is in use.
        # (Where a file system knows no locks, the last generations kept give readers time.)
        with suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_SH)
        self.manifest = read_manifest(path)
        verify_files(path, self.manifest, budget)
        self._rows = {row.source: row for row in self.manifest.documents}
        self._lock = threading.Lock()
        self._records: OrderedDict[str, Record] = OrderedDict()
        self.graph = quads.reader(path, self.base)

    @property
    def base(self) -> str:
        """The prefix of the IRIs of this store."""
        return self.manifest.base

    @property
    def documents(self) -> tuple[StoredDocument, ...]:
        """The manifest's rows, by source."""
        return self.manifest.documents

    @property
    def sources(self) -> tuple[str, ...]:
        """The short names of all documents, sorted."""
        return tuple(self._rows)

    def __contains__(self, source: object) -> bool:
        return source in self._rows

    def document(self, source: str) -> StoredDocument:
        """Return a document's row; raises StoreError when there is none."""
        try:
            return self._rows[source]
        except KeyError:
            raise StoreError("没有这份文件", source, "用 zhengwen status 查看已有文件") from None

    def record(self, source: str) -> Record:
        """Return a document's record as officials decided (the most recently asked ones are kept in memory).

        Raises StoreError when there is no such document, StoreDamaged when its bytes are bad.
        """
        with self._lock:
            if source in self._records:
                self._records.move_to_end(source)
                return self._records[source]
        record = reviewed(self.as_read(source), self.history(source))
        with self._lock:
            self._records[source] = record
            if len(self._records) > _CACHED:
                self._records.popitem(last=False)
        return record

    def core(self, source: str) -> Core:
        """Return what answers need of a document's record, not kept; errors as for `record`."""
        row = self.document(source)
        if row.history:  # decisions are put into whole records
            return core_of(self.record(source))
        return decode_core(self._objects.read(row.record, f"“{source}”"))

    @cached_property
    def catalog(self) -> catalog.Catalog:
        """What each document is, by source."""
        path = self.path / CATALOG
        return catalog.Catalog(path.read_bytes() if path.exists() else catalog.write(self.packed_catalog()))

    def packed_catalog(self) -> dict[str, msgspec.Raw]:
        """Return the rows of the catalog as they are written; for a store that has none they are made."""
        path = self.path / CATALOG
        if path.exists():
            return catalog.packed(path.read_bytes())
        return {source: catalog.pack(catalog.listing(self.record(source))) for source in self.sources}

    def as_read(self, source: str) -> Record:
        """Return a document's record as the program read it; errors as for `record`."""
        return decode(self._objects.read(self.document(source).record, f"“{source}”"))

    def history(self, source: str) -> tuple[Correction, ...]:
        """Return what officials decided about a document, in order; errors as for `record`."""
        address = self.document(source).history
        return decode_history(self._objects.read(address, f"“{source}”核对记录")) if address else ()

    def original(self, source: str) -> bytes:
        """Return the bytes of the file as it came; errors as for `record`."""
        return self._objects.read(self.document(source).original, f"“{source}”原文")

    def part(self, name: str) -> Path:
        """Return the folder of a part; it may be missing when no one wrote it."""
        return self.path / name

    def quads(self, source: str) -> Iterator[Quad]:
        """Yield the quads of a document, made from its record as its graph was; errors as for `record`."""
        return triples(self.record(source), self.base)

    def place(self, source: str) -> str:
        """Return what the jurisdiction of a document is called; its short name where it has none."""
        return self.catalog.heads[source].jurisdiction or source

    def query(self, sparql: str) -> list[Row]:
        """Run one of our own SELECT queries over all policies; return its rows as plain values.

        For other people's queries see `graph.queries.select`.
        """
        return self.graph.query(sparql)

    def damage(self) -> tuple[StoreDamaged, ...]:
        """Read everything again, whatever its size, and return all that is wrong."""
        found = []
        for file in self.manifest.files:
            try:
                verify_files(self.path, replace(self.manifest, files=(file,)), file.size)
            except StoreDamaged as error:
                found.append(error)
        return (*found, *self.object_damage())

    def object_damage(self) -> tuple[StoreDamaged, ...]:
        """Read all records, originals and decisions and return what is wrong with them."""
        found = []
        for row in self.documents:
            for address, what in row.objects():
                try:
                    self._objects.read(address, what)
                except StoreDamaged as error:
                    found.append(error)
        return tuple(found)
