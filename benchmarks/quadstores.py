"""The graph in the folder against a server: ``python -m benchmarks.quadstores --store DIR [--times N]``.

``ZHENGWEN_GRAPH`` names the server, whose graph is taken over. The store stays as it is: a copy is moved.
"""

import argparse
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from graph import queries
from graph.quadstores.choice import chosen
from graph.quadstores.embedded import Embedded
from graph.storage.generations import Generation
from graph.storage.store import Store

Asked = Callable[[Generation], object]


def asked(generation: Generation, times: int, seed: int) -> dict[str, list[Asked]]:
    """Draw what is asked, by kind."""
    drawn = random.Random(seed)
    rows = drawn.sample(found := queries.units(generation), min(times, len(found)))
    sources = drawn.sample(generation.sources, min(times, len(generation.sources)))
    return {
        "list of a unit's duties in its place": [
            lambda g, r=row: queries.duties_of_unit(g, r.unit, jurisdiction=r.jurisdiction) for row in rows
        ],
        "counts of a place's units": [
            lambda g, r=row: queries.count_by_unit_and_role(g, r.jurisdiction) for row in rows
        ],
        "duties of a document": [lambda g, s=source: queries.duties_of_policy(g, s) for source in sources],
        "sums of a document": [lambda g, s=source: queries.figure_sums(g, s) for source in sources],
    }


def timed(generation: Generation, ask: Asked) -> tuple[float, object]:
    """Return the milliseconds that a question takes, and its rows."""
    began = time.perf_counter()
    found = ask(generation)
    return 1000 * (time.perf_counter() - began), found


def main() -> int:
    """Load, ask both, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", type=Path, required=True)
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as room:
        shutil.copytree(args.store, f"{room}/store")
        folder = Store.open(args.store, quads=Embedded()).generation
        moved = Store.open(Path(room) / "store", quads=chosen())
        if folder is None or isinstance(chosen(), Embedded):
            print("没有设置 ZHENGWEN_GRAPH，或知识库是空的", file=sys.stderr)
            return 1
        began = time.perf_counter()
        with moved.write() as draft:
            draft.rebuild()
        whole = time.perf_counter() - began
        server = moved.generation
        assert server is not None
        quads = sum(1 for _ in folder.graph)
        rate = f"{quads:,} quads in {whole:.1f} s: {quads / whole:,.0f} quads/s"
        print(f"{len(folder.sources)} documents, {rate}\n")
        print("| asked | times | folder p50 | p95 | server p50 | p95 | rows differ |")
        print("|---|--:|--:|--:|--:|--:|--:|")
        for kind, asks in asked(folder, args.times, args.seed).items():
            pairs = [(timed(folder, ask), timed(server, ask)) for ask in asks]
            differ = sum(one[1] != other[1] for one, other in pairs)
            cells = [f"{_at(side, share):.1f}" for side in zip(*pairs, strict=True) for share in (0.5, 0.95)]
            print(f"| {kind} | {len(pairs)} | {' | '.join(cells)} | {differ} |")
    return 0


def _at(runs: tuple[tuple[float, object], ...], share: float) -> float:
    times = sorted(milliseconds for milliseconds, _ in runs)
    return times[min(len(times) - 1, int(share * len(times)))]


if __name__ == "__main__":
    sys.exit(main())
