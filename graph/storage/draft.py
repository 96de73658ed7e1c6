"""A draft: the next generation while it is being written. Nothing of it is seen before it is published."""

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Self

import msgspec

from graph import catalog
from graph.facts import Record
from graph.prepared import Kept, Prepared, prepare
from graph.quadstores.door import GRAPH, Quadstore
from graph.records import decode
from graph.review.corrections import Correction
from graph.review.corrections import decode as decode_history
from graph.review.corrections import encode as encode_history
from graph.storage.durable import StoreError, digest, files_below, fsync_all, link_tree, told
from graph.storage.generations import (
    CATALOG,
    FORMAT,
    Generation,
    Manifest,
    StoredDocument,
    StoredFile,
    checksums,
    write_manifest,
)
from graph.storage.objects import Objects


class Draft:
    """Collects changes to a clone of the base generation; made by ``Store.write()``.

    Parts are cloned by hard links: a caller must replace a file of a part by a new one, never
    write into it (else the base would change too; publishing such a draft is refused).
    """

    def __init__(
        self,
        folder: Path,
        base: Generation | None,
        iri: str,
        objects: Objects,
        quads: Quadstore,
        *,
        touched: bool = False,
    ) -> None:
        self.folder = folder
        self.base = base
        self.iri = iri
        self.changed: set[str] = set()
        self._objects = objects
        self._documents = {row.source: row for row in base.documents} if base else {}
        self._created: set[str] = set()
        self._listings: dict[str, msgspec.Raw] = {}  # rows of the catalog that are new
        self._graph = quads.writer(folder, base, iri)
        self._touched = touched
        self._known: dict[tuple[int, int], StoredFile] = {}
        self._stamps: dict[tuple[int, int], tuple[int, int]] = {}

    def begin(self) -> Self:
        """Clone the base; cheap, whatever its size."""
        self.folder.mkdir(parents=True)
        if self.base:
            for file in self.base.manifest.files:
                state = (self.base.path / file.path).stat()
                self._known[state.st_dev, state.st_ino] = file
                self._stamps[state.st_dev, state.st_ino] = (state.st_size, state.st_mtime_ns)
            for part in self.base.path.iterdir():
                if part.is_dir() and part.name != GRAPH:
                    link_tree(part, self.folder / part.name)
        return self

    @property
    def documents(self) -> tuple[StoredDocument, ...]:
        """The rows of the documents as they will be published, by source."""
        return tuple(self._documents[source] for source in sorted(self._documents))

    @property
    def sources(self) -> tuple[str, ...]:
        """The short names of the documents as they will be published."""
        return tuple(sorted(self._documents))

    def __contains__(self, source: object) -> bool:
        return source in self._documents

    def record(self, source: str) -> Record:
        """Return a document's record as it will be published, with the decisions of officials."""
        return self.kept(source).open()

    def kept(self, source: str) -> Kept:
        """Return the bytes of a document's record and of the decisions about it."""
        row = self._row(source)
        decisions = self._objects.read(row.history, f"“{source}”核对记录") if row.history else b""
        return Kept(self._objects.read(row.record, f"“{source}”"), decisions)

    def as_read(self, source: str) -> Record:
        """Return a document's record as the program read it."""
        return decode(self._objects.read(self._row(source).record, f"“{source}”"))

    def history(self, source: str) -> tuple[Correction, ...]:
        """Return what officials decided about a document, in order."""
        address = self._row(source).history
        return decode_history(self._objects.read(address, f"“{source}”核对记录")) if address else ()

    def correct(self, source: str, decisions: Sequence[Correction]) -> None:
        """Add decisions of officials to a document; they stay with it when it is read in anew."""
        row, history = self._row(source), (*self.history(source), *decisions)
        with told(self.folder):
            self._documents[source] = replace(row, history=self._keep(encode_history(history)))
            self.changed.add(source)
            self._tell(prepare(self.record(source), self.iri))

    def put(self, record: Record, original: bytes, name: str, reading: str = "") -> None:
        """Add a document, or replace the one of the same source; `name` is its file name.

        `reading` is the fingerprint of the program that read it. What officials decided about the one
        that is replaced holds for the new one.
        """
        self.put_prepared(prepare(record, self.iri), original, name, reading)

    def put_prepared(self, ready: Prepared, original: bytes, name: str, reading: str = "") -> None:
        """Add a document that was made ready for this store, as `put` does."""
        source = ready.source
        if not source:
            raise StoreError("文件没有短名（source）", name, "请在同名 .toml 文件中写明 source")
        with told(self.folder):
            before = self._documents.get(source)
            self._documents[source] = StoredDocument(
                source,
                name,
                self._keep(ready.record),
                self._keep(original),
                digest(original),
                reading,
                before.history if before else "",
            )
            self.changed.add(source)
            decided = before is not None and before.history
            self._tell(prepare(self.record(source), self.iri) if decided else ready)

    def remove(self, source: str) -> None:
        """Take a document and its decisions out; raises StoreError when there is none of this name."""
        self._row(source)
        del self._documents[source]
        self.changed.add(source)
        with told(self.folder):
            self._graph.forget(source)

    def _row(self, source: str) -> StoredDocument:
        try:
            return self._documents[source]
        except KeyError:
            raise StoreError("没有这份文件", source, "用 zhengwen status 查看已有文件") from None

    def gathered(self) -> None:
        """Say that the documents are all there: the graph is written beside what else is to be done."""
        with told(self.folder):
            self._graph.gathered()

    def part(self, name: str) -> Path:
        """Return the draft's folder of a part, made if missing, with the base's files in it."""
        if not name.isidentifier() or name == GRAPH:
            raise ValueError(f"not a name for a part: {name!r}")
        self._touched = True
        folder = self.folder / name
        folder.mkdir(exist_ok=True)
        return folder

    def rebuild(self) -> None:
        """Write the whole graph anew from the records (mends a damaged one, drops old strings)."""
        self._touched = True
        self._graph.renew()
        for source in self.sources:
            self._graph.put(source, prepare(self.record(source), self.iri).quads)

    def finish(self) -> Manifest | None:
        """Write everything but the pointer to disk and return the manifest; None when nothing changed."""
        if self.base and not self.changed and not self._touched:
            return None
        self._graph.settle()
        self._write_catalog()
        self._refuse_writing_in_place()
        manifest = Manifest(FORMAT, self.iri, self.documents, checksums(self.folder, self._known))
        write_manifest(self.folder, manifest)
        fresh = (self._documents[source] for source in self.changed if source in self._documents)
        self._objects.settle(self._created & {address for row in fresh for address, _ in row.objects()})
        old = {file.path for file in manifest.files if self._is_link(self.folder / file.path)}
        new = [p for p in files_below(self.folder) if p.relative_to(self.folder).as_posix() not in old]
        folders = {self.folder, *(path.parent for path in files_below(self.folder))}
        fsync_all([*new, *folders])
        return manifest

    def publish(self) -> None:
        """Bring the graph to where it is read, as the last thing before the pointer turns."""
        self._graph.publish()

    def release(self) -> None:
        """Let go of the base, so that it can be cleared away one day; the draft is over."""
        self._graph.close()
        self.base = None

    def abandon(self) -> None:
        """Leave no trace: used when anything went wrong."""
        self._graph.close()
        shutil.rmtree(self.folder, ignore_errors=True)
        self._objects.drop(self._created)

    def _keep(self, data: bytes) -> str:
        address, new = self._objects.write(data)
        if new:
            self._created.add(address)
        return address

    def _tell(self, ready: Prepared) -> None:
        """Write a document's row of the catalog and its quads."""
        self._listings[ready.source] = msgspec.Raw(ready.listing)
        self._graph.put(ready.source, ready.quads)

    def _write_catalog(self) -> None:
        rows = {**(self.base.packed_catalog() if self.base else {}), **self._listings}
        folder = self.folder / CATALOG.parent
        folder.mkdir(exist_ok=True)
        fresh = self.folder / CATALOG.with_suffix(".new")
        fresh.write_bytes(catalog.write({source: rows[source] for source in self._documents}))
        fresh.replace(self.folder / CATALOG)
        for other in folder.iterdir():  # rows as an older program had them
            if other.name != CATALOG.name:
                other.unlink()

    def _is_link(self, path: Path) -> bool:
        state = path.stat()
        return (state.st_dev, state.st_ino) in self._known

    def _refuse_writing_in_place(self) -> None:
        for path in files_below(self.folder):
            state = path.stat()
            before = self._stamps.get((state.st_dev, state.st_ino))
            if before and before != (state.st_size, state.st_mtime_ns):
                raise StoreError(
                    "上一代的文件被就地改写", path, "这是程序错误，请报告；索引须写成新文件再替换旧文件"
                )
