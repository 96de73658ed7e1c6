"""The store: a row of immutable generations and one pointer.

    STORE/
      CURRENT       the name of the generation in force
      LOCK          held by the one writer
      HISTORY       see graph.storage.journal
      objects/      encoded records and original bytes, by SHA-256
      generations/  see graph.storage.generations

A writer makes a new generation beside the others and then turns the pointer, by renaming a
file that is already on disk. Killed at any moment, it leaves the old state or the new one.
"""

import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from graph.quadstores.choice import chosen
from graph.quadstores.door import Quadstore, StaleGraph
from graph.rdf.vocabulary import DEFAULT_BASE
from graph.storage import journal
from graph.storage.archive import unpack_archive, write_archive
from graph.storage.draft import Draft
from graph.storage.durable import (
    KEEP,
    StoreBusy,
    StoreDamaged,
    StoreError,
    disk_full_told,
    fsync,
    told,
    write_atomic,
)
from graph.storage.generations import Generation, Manifest, StoredDocument, addresses, read_manifest, unnamed
from graph.storage.journal import Cause, Published
from graph.storage.objects import Objects

__all__ = ["Cause", "Draft", "Generation", "Store", "StoreBusy", "StoreDamaged", "StoreError"]

# How many bytes of a generation are read through when it is opened; about 0.1 s.
BUDGET = 64 << 20
# The documents of a store of this many are read through at opening too.
_FEW = 100
_NAME = re.compile(r"g(\d{6,})")


class Store:
    """A store folder, seen through its current generation."""

    def __init__(
        self, path: Path, base: str, budget: int, keep: int = KEEP, quads: Quadstore | None = None
    ) -> None:
        self.path = path
        self.keep = keep
        self.warnings: tuple[str, ...] = ()
        self.generation: Generation | None = None
        self.objects = Objects(path / "objects")
        self._seen: str | None = None  # the pointer when it was last followed
        self._base = base
        self._budget = budget
        self._quads = quads or chosen()

    @classmethod
    def open(
        cls,
        path: Path,
        base: str = DEFAULT_BASE,
        budget: int = BUDGET,
        keep: int = KEEP,
        quads: Quadstore | None = None,
    ) -> "Store":
        """Open the store at `path`, making the folder if it is missing.

        `base` is the prefix of the IRIs of a store that is made now, `keep` the number of generations
        that are left after a publish (the current one counts), `quads` where graphs lie (None: as the
        settings say). When the current generation is damaged the last good one is taken and
        `warnings` says so. Raises StoreDamaged when
        none is left, StoreError when the folder cannot be read.
        """
        store = cls(path, base, budget, keep, quads)
        with told(path):
            store.objects.folder.mkdir(parents=True, exist_ok=True)
            store._generations.mkdir(exist_ok=True)
            store.generation, store.warnings = store._load()
        return store

    def refresh(self) -> bool:
        """Move to the generation that is current now; tell whether that is another one.

        Whoever holds the old `Generation` can go on reading it.
        """
        with told(self.path):
            if self.generation and self._pointer() == self._seen:
                return False
            before = self.generation and self.generation.name
            self.generation, self.warnings = self._load()
        return before != (self.generation and self.generation.name)

    @contextmanager
    def write(self, cause: Cause = Cause()) -> Iterator[Draft]:  # noqa: B008 – a frozen value
        """Open a draft for writing; leaving the block publishes it, an exception drops it.

        `cause` goes into the journal; where it names a generation (`of`), the draft begins with the
        content of that one and is published whether it is changed or not. Raises StoreBusy when
        another process is writing, StoreError when the disk is full or not writable or `of` is not
        kept or damaged; nothing has changed then.
        """
        with ExitStack() as stack:
            with told(self.path):
                stack.enter_context(self._locked())
                self.refresh()
                self._sweep()
                name, draft = self._draft(self._sound(cause.of) if cause.of else None)
            try:
                with told(self.path):
                    draft.begin()
                with disk_full_told(self.path):
                    yield draft
                with told(self.path):
                    manifest = draft.finish()
                    if manifest:
                        draft.publish()
                        self._publish(draft, name, manifest, cause)
            except BaseException:
                draft.abandon()
                raise
            finally:
                draft.release()
            if manifest is None:
                draft.abandon()
                return
            with told(self.path):
                self.generation, self.warnings = self._load()
                self._retire(self.keep)

    def kept(self, name: str) -> Generation:
        """Open a generation by its name; raises StoreError when it is not there or damaged."""
        with told(self.path):
            if name not in self._names():
                number = name.lstrip("g0") or name
                raise StoreError(f"没有保留版本 {number}", self.path, "在版本记录里另选一个还保留的版本")
            return Generation(self._generations / name, self.objects, self._budget, self._quads)

    def _sound(self, name: str) -> Generation:
        """Open a generation, read through and found good; raises StoreError."""
        generation = self.kept(name)
        for damage in generation.damage():
            raise damage
        return generation

    def history(self) -> tuple[Published, ...]:
        """Return what was published, the newest first, and which of it is still kept."""
        with told(self.path):
            lines, names = journal.read(self.path / "HISTORY"), set(self._names())
            newest = _number(self._pointer() or "") or max(map(_number, names), default=0)
        for name in names - lines.keys():  # published by an older program
            with suppress(StoreError):
                rows = read_manifest(self._generations / name).documents
                lines[name] = Published(name, documents=len(rows))
        found = [replace(line, kept=line.name in names) for line in lines.values()]
        shown = (line for line in found if 0 < _number(line.name) <= newest)
        return tuple(sorted(shown, key=lambda line: _number(line.name), reverse=True))

    def backup(self, path: Path) -> None:
        """Write the current generation to one file (``.tar``, or ``.tar.gz`` to compress it).

        The file is read back and compared before it takes its name. Raises StoreError.
        """
        if self.generation is None:
            raise StoreError("数据文件夹是空的，没有可备份的内容", self.path, "请先导入文件")
        with told(path):
            write_archive(self.generation, self.objects, path)

    @classmethod
    def restore(
        cls, path: Path, archive: Path, by: str = "", keep: int = KEEP, quads: Quadstore | None = None
    ) -> "Store":
        """Make the content of a backup the current generation of the store at `path`.

        The backup is unpacked beside what is there and verified before the pointer turns; the
        store may be new, in use, or damaged beyond opening. Raises StoreError, StoreBusy.
        """
        store = cls(path, DEFAULT_BASE, BUDGET, keep, quads)
        with told(path):
            store.objects.folder.mkdir(parents=True, exist_ok=True)
            store._generations.mkdir(exist_ok=True)
            with store._locked():
                store._sweep()
                name, draft = store._draft()
                try:
                    unpack_archive(archive, draft.folder, store.objects)
                    store._publish(draft, name, read_manifest(draft.folder), Cause("restore", by))
                except BaseException:
                    draft.abandon()
                    raise
                finally:
                    draft.release()
                store.generation, store.warnings = store._load()
                store._retire(keep)
        store._bring_graph(Cause("restore", by, of=name))
        return store

    def _bring_graph(self, cause: Cause) -> None:
        """Publish what is there once more where its graph is not, as after another installation's backup."""
        try:
            if self.generation:
                self.generation.graph.check()
        except StaleGraph:
            with self.write(cause):
                pass

    def prune(self, keep: int = 1) -> None:
        """Remove old generations, and with them what removed documents left, down to `keep`.

        A generation that someone is reading stays. Raises StoreBusy, StoreError.
        """
        with told(self.path), self._locked():
            self.refresh()
            self._sweep()
            self._retire(keep)

    def _draft(self, older: Generation | None = None) -> tuple[str, Draft]:
        base = older or self.generation
        name = f"g{max([0, *(_number(p.name) for p in self._generations.iterdir())]) + 1:06d}"
        folder = self._generations / f".draft-{name}"
        return name, Draft(
            folder,
            base,
            base.base if base else self._base,
            self.objects,
            self._quads,
            touched=older is not None,
        )

    @property
    def _generations(self) -> Path:
        return self.path / "generations"

    @contextmanager
    def _locked(self) -> Iterator[None]:
        # The kernel lets go of the lock when its holder dies: a killed writer blocks no one.
        with (self.path / "LOCK").open("a") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise StoreBusy(
                    "另一个程序正在写入这个数据文件夹", self.path, "请等它结束后重试；查询不受影响"
                ) from None
            yield

    def _pointer(self) -> str | None:
        try:
            text = (self.path / "CURRENT").read_text(encoding="utf-8", errors="replace").strip()
        except FileNotFoundError:
            return None
        return text if _NAME.fullmatch(text) else ""

    def _names(self) -> list[str]:
        """Names of all complete generations, newest first."""
        names = [p.name for p in self._generations.iterdir() if _NAME.fullmatch(p.name)]
        return sorted(names, key=_number, reverse=True)

    def _load(self) -> tuple[Generation | None, tuple[str, ...]]:
        while True:
            pointer = self._pointer()
            try:
                found = self._follow(pointer)
            except StoreDamaged:
                if self._pointer() == pointer:
                    raise
                continue
            # A reader that was slow may find its generation cleared away: the pointer has moved on.
            if self._pointer() == pointer:
                self._seen = pointer
                return found

    def _follow(self, pointer: str | None) -> tuple[Generation | None, tuple[str, ...]]:
        warnings: list[str] = []
        names = self._names()
        if pointer:
            # What is newer than the pointer was never acknowledged; it is no choice for us.
            names = [pointer, *(n for n in names if _number(n) < _number(pointer))]
        elif names:
            warnings.append(f"{self.path / 'CURRENT'}：指针文件缺失或已损坏。改用最新的完整数据 {names[0]}")
        elif pointer is None:
            return None, ()
        for name in names:
            try:
                generation = Generation(self._generations / name, self.objects, self._budget, self._quads)
            except StoreDamaged as error:
                warnings.append(str(error))
                continue
            if name != names[0]:
                warnings.append(f"{self.path}：{names[0]} 已损坏，现在使用上一代完好的数据 {name}")
            if len(generation.documents) <= _FEW:
                warnings += map(str, generation.object_damage())
            return generation, tuple(warnings)
        raise StoreDamaged(
            "没有一代数据是完好的：" + "；".join(warnings), self.path, "请用备份恢复，或重新导入"
        )

    def _publish(self, draft: Draft, name: str, manifest: Manifest, cause: Cause) -> None:
        final = self._generations / name
        before: tuple[StoredDocument, ...] = ()
        with suppress(StoreError):  # a damaged one that a backup takes the place of
            before = read_manifest(self._generations / (self._pointer() or "-")).documents
        try:
            draft.folder.rename(final)
            fsync(self._generations)
            journal.append(self.path / "HISTORY", journal.line_of(name, cause, before, manifest.documents))
            write_atomic(self.path / "CURRENT", f"{name}\n".encode())
        except BaseException:
            if self._pointer() != name and final.exists():
                shutil.rmtree(final, ignore_errors=True)
            raise

    def _sweep(self) -> None:
        """Clear away what a killed writer left; only under the lock."""
        pointer = self._pointer()
        newest = _number(pointer) if pointer else max(map(_number, self._names()), default=0)
        left = [
            p for p in self._generations.iterdir() if not _NAME.fullmatch(p.name) or _number(p.name) > newest
        ]
        if not left:
            return
        for path in left:
            shutil.rmtree(path, ignore_errors=True)
        wanted = self._wanted()
        if wanted is not None:
            for path in self.objects.stray(wanted):
                path.unlink(missing_ok=True)

    def _wanted(self) -> frozenset[str] | None:
        """Addresses that some generation needs; None when a manifest cannot be read."""
        found: set[str] = set()
        for name in self._names():
            try:
                found |= addresses(self._generations / name)
            except StoreError:
                return None
        return frozenset(found)

    def _retire(self, keep: int) -> None:
        """Remove generations beyond the last ones that no reader holds, and their objects."""
        gone: set[str] = set()
        trash: list[Path] = []
        for name in self._names()[keep:]:
            folder = self._generations / name
            handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                with suppress(StoreError):
                    gone |= addresses(folder)
                # Renamed first, so that no one takes half a folder for a generation.
                trash.append(folder.rename(folder.with_name(f".trash-{name}")))
            except BlockingIOError:
                continue
            finally:
                os.close(handle)
        with suppress(StoreError):
            for name in self._names():
                if not gone:  # as a rule the newest has all that the oldest had
                    break
                gone = unnamed(self._generations / name, gone)
            self.objects.drop(gone)
        # Last: as long as a piece of it is left, the next writer looks for stray objects.
        for folder in trash:
            shutil.rmtree(folder, ignore_errors=True)


def _number(name: str) -> int:
    found = _NAME.fullmatch(name.removeprefix(".draft-").removeprefix(".trash-"))
    return int(found[1]) if found else 0
