"""Whole commands killed with SIGKILL at random moments, and two that write at once."""

import random
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path

from benchmarks.faults.forked import started
from benchmarks.faults.made import Row, run_whole, write_documents, wrong, zhengwen
from graph.storage.durable import StoreBusy, StoreError
from graph.storage.store import Store
from ui.intake import ingest, remove


@dataclass(frozen=True, slots=True)
class Deed:
    """What changes a store: the work with its words after the store, and the documents afterwards."""

    name: str
    work: Callable[..., object]
    words: tuple[object, ...]
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
            Deed("ingest", _ingest, (second,), self.both),
            Deed("remove", _remove, ("made003",), self.old - {"made003"}),
            Deed("restore", Store.restore, (archive,), self.other),
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
            child = started(deed.work, path, *deed.words)
            began = time.perf_counter()
            until_draft = _draft(path, child)
            child.join()
            after_draft = time.perf_counter() - began - until_draft
        for _ in range(runs):
            with self.copy() as path:
                child = started(deed.work, path, *deed.words)
                if chance.random() < 0.2:
                    time.sleep(until_draft * chance.random())
                else:
                    _draft(path, child)
                    time.sleep(after_draft * chance.uniform(0, 1.1))
                row.hit += child.is_alive()
                child.kill()
                child.join()
                self.judge(row, path, deed.new)
                self.once_more(row, path, deed)
        return row

    def once_more(self, row: Row, path: Path, deed: Deed) -> None:
        """Do the same again, undisturbed: the new state must come of it."""
        try:
            deed.work(path, *deed.words)
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


def _ingest(store: Path, folder: Path) -> None:
    ingest([folder], store)


def _remove(store: Path, source: str) -> None:
    remove(source, store)


def _draft(path: Path, child: BaseProcess) -> float:
    """Wait until a command begins to write, or ends; return the seconds."""
    began = time.perf_counter()
    while child.is_alive() and not any((path / "generations").glob(".draft-*")):
        time.sleep(0.002)
    return time.perf_counter() - began
