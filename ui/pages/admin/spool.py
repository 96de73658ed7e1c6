"""Uploads on disk before their sender is told: a batch whole or not at all, taken up at the next start."""

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

import msgspec

from graph.storage.durable import file_digest, fsync, told, write_atomic
from ui.http.jobs import Job, State
from ui.pages.admin.batches import Batch, Paper, file_name
from ui.times import now

_NOTE = "batch.json"
_TRIES = 3  # a batch that the service died of so often is not begun again by itself


@dataclass(frozen=True, slots=True)
class _Note:
    """What is written of a batch beside its files; `tries` counts beginnings that came to no end."""

    by: str
    at: datetime
    names: tuple[str, ...]
    digests: dict[str, str]
    address: str = ""
    preview: bool = False
    state: State = "waiting"
    what: str = ""
    remedy: str = ""
    tries: int = 0
    papers: tuple[Paper, ...] = ()


class Spool:
    """The folder of uploads that wait, are being read, or ended without being published.

    A folder a batch, in the order they came: ``000001-…/batch.json`` and ``…/files``. Whoever holds the lock
    of such a folder works on it, so that two services over one store do not read it twice.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._held: dict[str, int] = {}  # locks by job, let go by the kernel when the service ends

    def accept(
        self, by: str, files: Iterable[tuple[str, IO[bytes]]], address: str, *, preview: bool
    ) -> Job[Batch]:
        """Write what was sent and force it to disk; files of one name go into folders of their own.

        Raises StoreError (disk full, no permission); nothing is left then.
        """
        with told(self.folder):
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            number = max((int(path.name[:6]) for path in self.folder.glob("[0-9]*-*")), default=0) + 1
            id = f"{number:06d}-{secrets.token_hex(6)}"
            room = self.folder / f".new-{id}"
            try:
                room.mkdir(mode=0o700)
                self._lock(room, id)
                batch = _written(room / "files", files, address, preview=preview)
                job = Job(by, batch, id)
                self._write(room, job)
                room.rename(self.folder / id)
                batch.folder = self.folder / id / "files"
                fsync(self.folder)
            except BaseException:
                self._let_go(id)
                shutil.rmtree(room, ignore_errors=True)
                shutil.rmtree(self.folder / id, ignore_errors=True)
                raise
        return job

    def note(self, job: Job[Batch]) -> None:
        """Write down how a batch stands; the files of one that was published are cleared away."""
        if job.state == "done" and not job.content.preview:
            self.drop(job)
        elif (self.folder / job.id).exists():
            with told(self.folder):
                self._write(self.folder / job.id, job)

    def begin(self, job: Job[Batch]) -> None:
        """Write down that the reading of a batch is begun."""
        job.content.tries += 1
        self.note(job)

    def drop(self, job: Job[Batch]) -> None:
        """Clear away the files of a batch."""
        gone = self.folder / f".gone-{job.id}"
        with suppress(OSError):  # already gone; else it is seen again at the next start
            (self.folder / job.id).rename(gone)
            fsync(self.folder)
        shutil.rmtree(gone, ignore_errors=True)
        self._let_go(job.id)

    def left(self) -> list[Job[Batch]]:
        """Return the batches that an earlier service left, in their order, and hold them.

        What was not acknowledged is cleared away; what another service holds is left to it.
        """
        jobs: list[Job[Batch]] = []
        for room in sorted(self.folder.glob("*-*")):
            id = room.name
            if not room.is_dir() or not self._lock(room, id):
                continue
            if id.startswith("."):
                shutil.rmtree(room, ignore_errors=True)
                self._let_go(id)
            else:
                jobs.append(_read(room))
        return jobs

    def close(self) -> None:
        """Leave all batches to whoever takes them up next."""
        for id in list(self._held):
            self._let_go(id)

    def _write(self, room: Path, job: Job[Batch]) -> None:
        batch = job.content
        if job.state != "running":  # it came to an end, or the service ended in order
            batch.tries = 0
        state: State = "waiting" if job.state == "running" else job.state
        note = _Note(
            job.by, job.at, batch.names, batch.digests, batch.address, batch.preview, state,
            job.what, job.remedy, batch.tries, tuple(batch.papers),
        )  # fmt: skip
        write_atomic(room / _NOTE, msgspec.json.encode(note))

    def _lock(self, room: Path, id: str) -> bool:
        handle = os.open(room, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return False
        self._held[id] = handle
        return True

    def _let_go(self, id: str) -> None:
        handle = self._held.pop(id, None)
        if handle is not None:
            os.close(handle)


def changed(batch: Batch) -> list[str]:
    """Return the names of the files that are not as they were received."""
    found = []
    for name, digest in batch.digests.items():
        path = batch.folder / name
        if not path.is_file() or file_digest(path) != digest:
            found.append(path.name)
    return found


def _written(folder: Path, files: Iterable[tuple[str, IO[bytes]]], address: str, *, preview: bool) -> Batch:
    names, digests = [], {}
    folder.mkdir()
    for number, (given, stream) in enumerate(files):
        name = file_name(given)
        room = folder if not (folder / name).exists() else folder / str(number)
        room.mkdir(exist_ok=True)
        with (room / name).open("xb") as out:
            shutil.copyfileobj(stream, out)
            out.flush()
            os.fsync(out.fileno())
        if room != folder:
            fsync(room)
        names.append(name)
        digests[str((room / name).relative_to(folder))] = file_digest(room / name)
    fsync(folder)
    return Batch(folder, tuple(names), address, preview, digests)


def _read(room: Path) -> Job[Batch]:
    """Return the batch in a folder as its note tells; what cannot be told is said, and the files stay."""
    try:
        note = msgspec.json.decode((room / _NOTE).read_bytes(), type=_Note)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        names = tuple(path.name for path in sorted((room / "files").rglob("*")) if path.is_file())
        return Job(
            "", Batch(room / "files", names), room.name, now(), "failed",
            "收下的记录已损坏，服务没有接着读", "看清文件名再按“重试”，或清除后重新上传",
        )  # fmt: skip
    batch = Batch(room / "files", note.names, note.address, note.preview, note.digests, list(note.papers))
    batch.tries = note.tries
    job = Job(note.by, batch, room.name, note.at, note.state, note.what, note.remedy)
    if job.state == "waiting" and batch.tries >= _TRIES:
        job.state, job.what = "failed", f"读这一批时服务中断了 {batch.tries} 次"
        job.remedy = "逐份上传，找出有问题的文件；或按“重试”"
    return job
