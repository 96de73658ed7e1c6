"""Stores of invented notices: made by the product's own command, which is watched while it runs."""

import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.scale.documents import notices
from data import path

# Bytes on disk that a notice takes: its file, and graph, indexes and objects, with what is only there
# while they are written. Measured; a run that would not fit is not begun.
BYTES_A_NOTICE = 500_000
CLAUSES_A_NOTICE = 14
_LOOK = 2.0  # seconds between two looks at the command that runs
_TELL = 30.0  # seconds between two lines of progress


@dataclass(frozen=True, slots=True)
class Made:
    """How a store came to be: notices, clauses, seconds of the ingest command, most memory it held."""

    notices: int
    clauses: int
    seed: int
    seconds: float
    peak: int


def make(folder: Path, count: int, seed: int) -> Made:
    """Make the store FOLDER/store of `count` notices, or take it as it is; return how it was made.

    Exits with what is needed when the disk is too small, and with the command's words when it fails.
    """
    done = folder / "made.json"
    if done.exists():
        made = Made(**json.loads(done.read_text("utf-8")))
        if (made.notices, made.seed) == (count, seed):
            say(f"{folder}: made before, {made.notices:,} notices")
            return made
        raise SystemExit(f"{folder} holds {made.notices} notices of seed {made.seed}: name another folder")
    folder.mkdir(parents=True, exist_ok=True)
    _room(folder, count)
    shutil.rmtree(folder / "store", ignore_errors=True)  # of a run that was broken off
    clauses = _write(folder / "documents", count, seed)
    seconds, peak = _ingest(folder, count)
    made = Made(count, clauses, seed, seconds, peak)
    done.write_text(json.dumps(asdict(made)), encoding="utf-8")
    shutil.rmtree(folder / "documents")
    return made


def say(words: str) -> None:
    """Tell on standard error how far it is: standard output is the table's."""
    print(f"{time.strftime('%H:%M:%S')} {words}", file=sys.stderr, flush=True)


def _room(folder: Path, count: int) -> None:
    free, needed = shutil.disk_usage(folder).free, count * BYTES_A_NOTICE
    say(f"{folder}: {count:,} notices need {needed / 1e9:.1f} GB, {free / 1e9:.1f} GB are free")
    if free < needed:
        raise SystemExit(f"not enough room below {folder}: {needed / 1e9:.1f} GB needed")


def _write(folder: Path, count: int, seed: int) -> int:
    """Write the notices as text files and return how many clauses they have."""
    folder.mkdir(exist_ok=True)
    clauses = 0
    for notice in notices(count, path("registry", "places.tsv"), seed):
        (folder / f"{notice.source}.txt").write_text(notice.text, encoding="utf-8")
        clauses += notice.clauses
    return clauses


def _ingest(folder: Path, count: int) -> tuple[float, int]:
    """Run the product's command; return its seconds and the most memory that it and its children held."""
    store, log = folder / "store", folder / "ingest.log"
    command = [sys.executable, "-m", "ui.cli", "ingest", str(folder / "documents"), "--store", str(store)]
    began, told, peak = time.perf_counter(), 0.0, 0
    with log.open("w", encoding="utf-8") as out:
        running = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)
        while running.poll() is None:
            peak = max(peak, _held(running.pid))
            spent = time.perf_counter() - began
            if spent - told >= _TELL:
                told = spent
                say(f"ingest {spent:.0f} s, {_kept(store):,} of {count:,} kept, {peak / 1e9:.1f} GB at most")
            time.sleep(_LOOK)
    spent = time.perf_counter() - began
    if running.returncode:
        raise SystemExit(f"ingest ended with {running.returncode}: {log.read_text('utf-8')[-800:]}")
    say(f"ingest {spent:.0f} s, {count / spent:.0f} notices a second")
    return spent, peak


def _kept(store: Path) -> int:
    """Return how many records the writer has kept so far; each has its original beside it."""
    return sum(len(names) for _, _, names in os.walk(store / "objects")) // 2


def _held(process: int) -> int:
    """Return the memory that a process and those below it hold, shared pages counted once."""
    total, left = 0, [process]
    while left:
        at = Path(f"/proc/{left.pop()}")
        try:
            rows = (at / "smaps_rollup").read_text("utf-8").splitlines()
            total += sum(int(row.split()[1]) * 1024 for row in rows if row.startswith("Pss:"))
            for children in at.glob("task/*/children"):
                left += [int(child) for child in children.read_text("utf-8").split()]
        except (OSError, ValueError):  # it has just ended
            continue
    return total


def sizes(store: Path) -> dict[str, int]:
    """Return the bytes on disk of each part of the current generation, and of the objects."""
    generation = store / "generations" / (store / "CURRENT").read_text("utf-8").strip()
    parts = {part.name: _bytes(part) for part in sorted(generation.iterdir()) if part.is_dir()}
    rest = sum(file.stat().st_blocks * 512 for file in generation.iterdir() if file.is_file())
    return {**parts, "manifest": rest, "objects": _bytes(store / "objects")}


def _bytes(folder: Path) -> int:
    return sum(
        Path(parent, name).stat().st_blocks * 512 for parent, _, names in os.walk(folder) for name in names
    )
