"""Faults tried on a store: killed commands, damaged files, a full disk, a second writer.

    python -m benchmarks.faults --runs 20

Each run starts from a good store, does harm, and then asks: does the store open; is it the old
state or the new one, whole (graph, records, originals and indexes tell of the same documents); is
everything acknowledged still there; does the same command succeed afterwards? Documents are
made here from a seed, in our own words. The full disk needs leave to mount a small tmpfs.
"""

import argparse
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from graph.rdf.triples import triples
from graph.storage.durable import StoreBusy, StoreError
from graph.storage.generations import Generation
from graph.storage.store import Store
from qa.segments import segments

SUBJECTS = ("养殖", "纺织", "软件", "物流", "旅游", "制茶", "竹编", "光伏")
UNITS = ("县财政局", "县统计局", "县商务局", "县科技局", "县税务局", "县林业局")


@dataclass
class Row:
    """One line of the table."""

    fault: str
    runs: int = 0
    hit: int = 0  # runs in which the fault really struck
    old: int = 0
    new: int = 0
    failures: list[str] = field(default_factory=list)
    lost: int = 0


def document(seed: int) -> str:
    """A made-up measure of eight clauses."""
    chance = random.Random(seed)
    lines = [f"样县关于扶持{chance.choice(SUBJECTS)}行业的办法（第{seed}号）", ""]
    for number, numeral in enumerate("一二三四五六七八", 1):
        lead, *others = chance.sample(UNITS, 3)
        lines += [
            f"{numeral}、{chance.choice(SUBJECTS)}扶持之{number}",
            f"对新办的{chance.choice(SUBJECTS)}店铺给予{chance.randrange(1, 90)}万元补助，每店限一次。",
            f"牵头单位：{lead}",
            f"责任单位：{'、'.join(others)}",
        ]
    return "\n".join(lines) + "\n"


def write_documents(folder: Path, numbers: range) -> set[str]:
    """Write made-up documents into a folder; return their short names."""
    folder.mkdir(parents=True)
    for number in numbers:
        (folder / f"made{number:03d}.txt").write_text(document(number), encoding="utf-8")
    return {f"made{number:03d}" for number in numbers}


def wrong(generation: Generation) -> str:
    """Say what does not fit together in a generation; empty when it is whole."""
    expected = {str(quad) for source in generation.sources for quad in triples(generation.record(source))}
    if set(map(str, generation.graph)) != expected:
        return "graph and records differ"
    for source in generation.sources:
        generation.original(source)
    indexed = {
        s for segment, gone in segments(generation.part("dense")) for s in segment.sources if s not in gone
    }
    if differ := indexed ^ set(generation.sources):
        return f"index and records differ: {sorted(differ)}"
    return "; ".join(map(str, generation.damage()))


def zhengwen(*words: str | Path) -> list[str]:
    return [sys.executable, "-m", "ui.cli", *map(str, words)]


def run_whole(command: list[str]) -> float:
    """Run a command undisturbed; return its seconds."""
    began = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - began


RESTORE = (
    "import sys; from pathlib import Path; from graph.storage.store import Store;"
    " Store.restore(*map(Path, sys.argv[1:]))"
)


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

    def kills(self, name: str, make: Callable[[Path], list[str]], new: set[str], runs: int, seed: int) -> Row:
        """Kill a command at random moments of its life, then let it run again to its end."""
        row, chance = Row(name), random.Random(seed)
        with self.copy() as path:
            whole = run_whole(make(path))
        for _ in range(runs):
            with self.copy() as path:
                child = subprocess.Popen(make(path), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                # Reading the program in is half of the time and harmless: aim at the rest.
                time.sleep(whole * chance.uniform(0.3, 1.05))
                row.hit += child.poll() is None
                child.send_signal(signal.SIGKILL)
                child.wait()
                self.judge(row, path, new)
                if subprocess.run(make(path), capture_output=True, check=False).returncode:
                    generation = Store.open(path).generation
                    if not generation or set(generation.sources) != new:
                        row.failures.append("the command does not succeed afterwards")
        return row

    def damage(self, name: str, harm: Callable[[Path, random.Random], None], seed: int) -> Row:
        """Do harm to each file of the store in turn; damage must be found, or do no harm."""
        row, chance = Row(name), random.Random(seed)
        files = [
            p.relative_to(self.good) for p in sorted(self.good.rglob("*")) if p.is_file() and p.stat().st_size
        ]
        for file in files:
            with self.copy() as path:
                harm(path / file, chance)
                row.runs += 1
                try:
                    store = Store.open(path)
                except StoreError:
                    row.hit += 1  # told: there is only one generation, and it is damaged
                    continue
                generation = store.generation
                told = bool(store.warnings)
                row.hit += told
                if generation is None or (wrong_or_error(generation) and not told):
                    row.failures.append(f"{file}: damage is not told")
        return row

    def full_disk(self, runs: int) -> Row:
        """Ingest onto a disk with less and less room left."""
        row = Row("disk full (tmpfs)")
        disk = self.room / "disk"
        disk.mkdir(exist_ok=True)
        size = sum(p.stat().st_size for p in self.good.rglob("*") if p.is_file())
        for number in range(runs):
            room = size * 5 // 4 + number * size * 4 // max(runs, 1)
            mount = ["mount", "-t", "tmpfs", "-o", f"size={room}", "tmpfs", str(disk)]
            if subprocess.run(mount, capture_output=True, check=False).returncode:
                row.fault += ": not tried, no leave to mount"
                return row
            try:
                shutil.copytree(self.good, disk / "store")
                command = zhengwen("ingest", self.room / "second", "--store", disk / "store")
                done = subprocess.run(command, capture_output=True, check=False, text=True)
                row.hit += done.returncode != 0
                if done.returncode and ("磁盘" not in done.stderr or "Traceback" in done.stderr):
                    said = done.stderr.strip().splitlines() or ["nothing"]
                    row.failures.append(f"not told in plain words: {said[-1]}")
                self.judge(row, disk / "store", self.both)
            finally:
                subprocess.run(["umount", str(disk)], check=True)
        return row

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


def wrong_or_error(generation: Generation) -> bool:
    try:
        return bool(wrong(generation))
    except (StoreError, OSError, ValueError):
        return True


def flip(path: Path, chance: random.Random) -> None:
    data = bytearray(path.read_bytes())
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    path.write_bytes(data)


def cut(path: Path, chance: random.Random) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: chance.randrange(len(data))])


def table(rows: list[Row]) -> str:
    lines = [
        "| fault | runs | struck | old state | new state | documents lost | failures |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    lines += [
        f"| {r.fault} | {r.runs} | {r.hit} | {r.old or '–'} | {r.new or '–'} | {r.lost} | {len(r.failures)} |"
        for r in rows
    ]
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--runs", type=int, default=20, help="runs of each killed command")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as room:
        bench = Bench(Path(room))
        second, archive = Path(room) / "second", Path(room) / "other.tar"
        rows = [
            bench.kills(
                "ingest killed",
                lambda path: zhengwen("ingest", second, "--store", path),
                bench.both,
                args.runs,
                args.seed,
            ),
            bench.kills(
                "remove killed",
                lambda path: zhengwen("remove", "made003", "--store", path),
                bench.old - {"made003"},
                args.runs,
                args.seed + 1,
            ),
            bench.kills(
                "restore killed",
                lambda path: [sys.executable, "-c", RESTORE, str(path), str(archive)],
                bench.other,
                args.runs,
                args.seed + 2,
            ),
            bench.damage("each file, one bit flipped", flip, args.seed),
            bench.damage("each file, cut short", cut, args.seed),
            bench.damage("each file, lost", lambda path, _: path.unlink(), args.seed),
            bench.full_disk(args.runs),
            bench.two_writers(args.runs),
        ]
    print(table(rows))
    for row in rows:
        for failure in row.failures:
            print(f"{row.fault}: {failure}")
    return 1 if any(row.failures or row.lost for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
