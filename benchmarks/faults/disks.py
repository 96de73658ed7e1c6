"""Faults of disk and clock: files damaged, no room, no permission, a wrong time."""

import io
import os
import random
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.faults.commands import Bench
from benchmarks.faults.made import Row, wrong_or_error, zhengwen
from graph.storage.durable import StoreError
from graph.storage.store import Store
from ui.pages.admin.spool import Spool

Harm = Callable[[Path, random.Random], object]


def flip(path: Path, chance: random.Random) -> None:
    """Turn one bit of a file."""
    data = bytearray(path.read_bytes())
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    path.write_bytes(data)


def cut(path: Path, chance: random.Random) -> None:
    """Cut a file short."""
    os.truncate(path, chance.randrange(path.stat().st_size))


def lose(path: Path, _: random.Random) -> None:
    """Take a file away."""
    path.unlink()


def damage(bench: Bench, name: str, harm: Harm, seed: int) -> Row:
    """Do harm to each file of the store in turn; damage must be found, or do no harm."""
    row, chance = Row(f"each file {name}"), random.Random(seed)
    found = (path for path in sorted(bench.good.rglob("*")) if path.is_file() and path.stat().st_size)
    for file in [path.relative_to(bench.good) for path in found]:
        with bench.copy() as path:
            harm(path / file, chance)
            row.runs += 1
            try:
                store = Store.open(path)
            except StoreError:
                row.hit += 1  # told: there is only one generation, and it is damaged
                continue
            told = bool(store.warnings)
            row.hit += told
            if store.generation is None or (wrong_or_error(store.generation) and not told):
                row.failures.append(f"{file}: damage is not told")
    return row


@contextmanager
def disk(folder: Path, size: int) -> Iterator[bool]:
    """Mount a small disk (tmpfs); gives False where that is not allowed."""
    folder.mkdir(exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    mounted = not subprocess.run(mount, capture_output=True, check=False).returncode
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", str(folder)], check=True)


def full(bench: Bench, runs: int) -> Row:
    """Ingest onto a disk with less and less room left."""
    row, folder = Row("disk full (tmpfs): ingest"), bench.room / "disk"
    size = sum(p.stat().st_size for p in bench.good.rglob("*") if p.is_file())
    for number in range(runs):
        with disk(folder, size * 5 // 4 + number * size * 4 // max(runs, 1)) as mounted:
            if not mounted:
                row.fault += ", not tried: no leave to mount"
                return row
            store = folder / "store"
            shutil.copytree(bench.good, store)
            done = _run(zhengwen("ingest", bench.room / "second", "--store", store))
            _refused(row, done, "磁盘")
            bench.judge(row, store, bench.both)
    return row


def full_spool(bench: Bench, runs: int, seed: int) -> Row:
    """Send documents until the disk is full: each is received whole or refused, and none is lost."""
    row, chance = Row("disk full (tmpfs): upload"), random.Random(seed)
    for _ in range(runs):
        with disk(bench.room / "disk", 300_000) as mounted:
            if not mounted:
                row.fault += ", not tried: no leave to mount"
                return row
            spool, kept = Spool(bench.room / "disk" / "spool"), dict[str, bytes]()
            row.runs += 1
            for number in range(40):
                data = chance.randbytes(chance.randrange(1, 30_000))
                try:
                    job = spool.accept("甲", [(f"{number}.txt", io.BytesIO(data))], "", preview=False)
                except StoreError as error:
                    row.hit += 1
                    if "磁盘" not in error.what:
                        row.failures.append(f"not told in plain words: {error}")
                    break
                kept[job.id] = data
            spool.close()
            left = {job.id: job for job in spool.left()}
            row.lost += len(kept.keys() - left.keys())
            if left.keys() - kept.keys():
                row.failures.append("what was refused is there")
            for id, job in left.items():
                if [path.read_bytes() for path in job.content.files] != [kept.get(id)]:
                    row.failures.append(f"{id} is not what was sent")
            spool.close()
    return row


def no_permission(bench: Bench, runs: int, seed: int) -> Row:
    """Take the right to a folder or file of the store away."""
    row, chance = Row("permission lost"), random.Random(seed)
    words = [] if os.geteuid() else ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
    for _ in range(runs):
        with bench.copy() as path:
            taken = chance.choice([path, *sorted(path.rglob("*"))])
            mode = taken.stat().st_mode
            taken.chmod(chance.choice((0o000, 0o400, 0o500)))
            done = _run([*words, *zhengwen("ingest", bench.room / "second", "--store", path)])
            taken.chmod(mode)
            _refused(row, done, "权限")
            bench.judge(row, path, bench.both)
    return row


def wrong_clock(bench: Bench, runs: int, seed: int) -> Row:
    """Ingest with a clock that is years off, then remove with the right one."""
    row, chance = Row("clock moved (faketime)"), random.Random(seed)
    if shutil.which("faketime") is None:
        row.fault += ", not tried: no faketime"
        return row
    for _ in range(runs):
        with bench.copy() as path:
            days = chance.choice((-1, 1)) * chance.randrange(1, 7000)
            words = ["faketime", "-f", f"{days:+d}d"]
            done = _run([*words, *zhengwen("ingest", bench.room / "second", "--store", path)])
            row.hit += done.returncode == 0
            bench.judge(row, path, bench.both)
            if done.returncode:
                row.failures.append(done.stderr.strip()[-200:])
            numbers = [line.name for line in Store.open(path).history()]
            if numbers != sorted(numbers, reverse=True):
                row.failures.append("the history is out of order")
            after = _run(zhengwen("remove", "made003", "--store", path))
            if after.returncode:
                row.failures.append(after.stderr.strip()[-200:])
    return row


def _run(words: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(words, capture_output=True, check=False, text=True)


def _refused(row: Row, done: subprocess.CompletedProcess[str], *words: str) -> None:
    """Count a command that was refused; it must say why in plain words."""
    row.hit += done.returncode != 0
    if done.returncode and ("Traceback" in done.stderr or not any(word in done.stderr for word in words)):
        said = done.stderr.strip().splitlines() or ["nothing"]
        row.failures.append(f"not told in plain words: {said[-1]}")
