"""Faults tried on a store and on a running service: ``python -m benchmarks.faults --runs 20``.

Each run starts from a good store, does harm, and then asks: does the store open; is it the old
state or the new one, whole (graph, records, originals and indexes tell of the same documents); is
everything acknowledged still there; does the same command succeed afterwards? Documents are
made here from a seed, in our own words. The full disk needs leave to mount a small tmpfs, the lost
permission needs root, the moved clock needs faketime; what cannot be tried is said.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.faults import asking, disks, uploads
from benchmarks.faults.commands import Bench
from benchmarks.faults.made import Row, table


def kinds(bench: Bench, runs: int, seed: int) -> dict[str, Callable[[], tuple[Row, ...]]]:
    """Return all faults by name; `runs` is that of each killed command, others are tried less often."""
    some, few = max(1, runs // 2), max(2, runs // 6)
    killed: dict[str, Callable[[], tuple[Row, ...]]] = {
        deed.name: lambda deed=deed, own=seed + number: (bench.kills(deed, runs, own),)  # type: ignore[misc]
        for number, deed in enumerate(bench.deeds())
    }
    return killed | {
        "upload": lambda: (uploads.kills(bench, runs, seed),),
        "flip": lambda: (disks.damage(bench, "with a bit flipped", disks.flip, seed),),
        "cut": lambda: (disks.damage(bench, "cut short", disks.cut, seed),),
        "lose": lambda: (disks.damage(bench, "lost", disks.lose, seed),),
        "full": lambda: (disks.full(bench, few), disks.full_spool(bench, runs, seed)),
        "permission": lambda: (disks.no_permission(bench, some, seed),),
        "clock": lambda: (disks.wrong_clock(bench, few, seed),),
        "writers": lambda: (bench.two_writers(some),),
        "asking": lambda: asking.publishes(bench, some),
    }


def main() -> int:
    """Run as a command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--runs", type=int, default=20, help="runs of each killed command")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", nargs="+", metavar="FAULT", help="only these faults")
    args = parser.parse_args()
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as room:
        for name, tried in kinds(Bench(Path(room)), args.runs, args.seed).items():
            if not args.only or name in args.only:
                began = time.perf_counter()
                rows += tried()
                print(f"{name}: {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)
    print(table(rows))
    killed = [row for row in rows if "killed" in row.fault]
    print(
        f"\nkills {sum(row.runs for row in killed)}, runs in all {sum(row.runs for row in rows)}, "
        f"failures {sum(len(row.failures) for row in rows)}, documents lost {sum(row.lost for row in rows)}"
    )
    for row in rows:
        for line in (row.note, *row.failures):
            if line:
                print(f"{row.fault}: {line}")
    return 1 if any(row.failures or row.lost for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
