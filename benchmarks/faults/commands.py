"""Whole commands killed with SIGKILL at random moments, and two that write at once."""

import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.faults.made import Row, run_whole, write_documents, wrong, zhengwen
from graph.storage.durable import StoreBusy, StoreError
from graph.storage.store import Store
from ui.intake import ingest, remove

RESTORE = (
    "import sys; from pathlib import Path; from graph.storage.store import Store;"
    " Store.restore(*map(Path, sys.argv[1:]))"
)


@dataclass(frozen=True, slots=True)
class Deed:
    """A command that changes a store: its words, the same in this process, and what stands afterwards."""

    name: str
    words: Callable[[Path], list[str]]
    again: Callable[[Path], object]
    new: set[str]


class Bench:
    """A good store to start from, and room to copy it into."""

    def __init__(self, room: Path) -> None:
        self.room = room
        write_documents(room / "first", range(10))
        second = write_documents(room / "second", range(5, 20))
        self.good = room / "good"
        run_whole(zhengwen("ingest", room / "first", "--store", self.good))
        generation = Store.open(self.good).generation
        if generation is None or wrong(generation):
            raise SystemExit("the store to start from is not good")
        self.old = set(generation.sources)
        self.both = self.old | second
        run_whole(zhengwen("ingest", room / "second", "--store", room / "other"))
        other = Store.open(room / "other")
        other.backup(room / "other.tar")
        self.other = set(other.generation.sources) if other.generation else set()

    @contextmanager
    def copy(self) -> Iterator[Path]:
        """Lend a copy of the good store."""
        path = self.room / "copy"
        shutil.copytree(self.good, path)
        try:
            yield path
        finally:
            shutil.rmtree(path)

    def deeds(self) -> tuple[Deed, ...]:
        """Return the commands that are killed."""
        second, archive = self.room / "second", self.room / "other.tar"
        return (
            Deed(
                "ingest",
                lambda path: zhengwen("ingest", second, "--store", path),
                lambda path: ingest([second], path),
                self.both,
            ),
            Deed(
                "remove",
                lambda path: zhengwen("remove", "made003", "--store", path),
                lambda path: remove("made003", path),
                self.old - {"made003"},
            ),
            Deed(
                "restore",
                lambda path: [sys.executable, "-c", RESTORE, str(path), str(archive)],
                lambda path: Store.restore(path, archive),
                self.other,
            ),
        )

    def judge(self, row: Row, path: Path, new: set[str]) -> None:
        """Open the store after a fault and enter what is found."""
        row.runs += 1
        try:
            generation = Store.open(path).generation
            found = set(generation.sources) if generation else set()
            problem = wrong(generation) if generation else "no generation"
        except StoreError as error:
            row.failures.append(str(error))
            return
        row.old += found == self.old
        row.new += found == new and new != self.old
        row.lost += len((self.old & new) - found)
        if found not in (self.old, new):
            problem = f"neither old nor new: {sorted(found)}"
        if problem:
            row.failures.append(problem)

    def kills(self, deed: Deed, runs: int, seed: int) -> Row:
        """Kill a command at random moments of its life, then let it run again to its end."""
        row, chance = Row(f"{deed.name} killed"), random.Random(seed)
        with self.copy() as path:
            child = started(deed.words(path))
            began = time.perf_counter()
            until_draft = _draft(path, child)
            child.wait()
            after_draft = time.perf_counter() - began - until_draft
        for _ in range(runs):
            with self.copy() as path:
                child = started(deed.words(path))
                if chance.random() < 0.2:  # reading the program in is half of the time and harmless
                    time.sleep(until_draft * chance.random())
                else:
                    _draft(path, child)
                    time.sleep(after_draft * chance.uniform(0, 1.1))
                row.hit += child.poll() is None
                child.send_signal(signal.SIGKILL)
                child.wait()
                self.judge(row, path, deed.new)
                self.once_more(row, path, deed)
        return row

    def once_more(self, row: Row, path: Path, deed: Deed) -> None:
        """Do the same again, undisturbed: the new state must come of it."""
        try:
            deed.again(path)
        except StoreError as error:  # what was done already cannot be removed again
            if deed.name != "remove":
                row.failures.append(f"afterwards: {error}")
        generation = Store.open(path).generation
        if not generation or set(generation.sources) != deed.new:
            row.failures.append("the command does not succeed afterwards")

    def two_writers(self, runs: int) -> Row:
        """Start a command while another holds the store."""
        row = Row("two writers")
        for _ in range(runs):
            with self.copy() as path, Store.open(path).write():
                try:
                    with Store.open(path).write():
                        row.failures.append("two writers at once")
                except StoreBusy:
                    row.hit += 1
            row.runs += 1
        return row


def started(words: list[str]) -> subprocess.Popen[bytes]:
    """Start a command that says nothing."""
    return subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _draft(path: Path, child: subprocess.Popen[bytes]) -> float:
    """Wait until a command begins to write, or ends; return the seconds."""
    began = time.perf_counter()
    while child.poll() is None and not any((path / "generations").glob(".draft-*")):
        time.sleep(0.002)
    return time.perf_counter() - began
