"""The same questions behind both doors: ``python -m benchmarks.doors [--all] [--sets SET …] [--failures N]``.

The five policies (with ``--all`` the national documents too) are read in twice: into a store in a folder, and
into one whose index lies on Milvus and whose graph on a SPARQL server. ``ZHENGWEN_INDEX`` and
``ZHENGWEN_GRAPH…`` name servers that hold no other store; without them a milvus-lite and a Virtuoso are
started and cleared away. Exit status 1 when the two pass counts of a set are more than one question apart.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from benchmarks.answers import OWN, Row, originals, quantile, questions, scorer
from benchmarks.facts import LIMIT, documents, missing, options, table
from tests.milvus_lite import free_port, running
from tests.virtuoso import virtuoso

REMOTE = ("ZHENGWEN_INDEX", "ZHENGWEN_GRAPH")
APART = 1  # questions that the pass counts may differ by
HEAD = ("set", "asked", "passed in the folder", "on servers", "answers differ", "nearest clauses differ")
HEAD += ("folder: p50 / p95 ms", "servers: p50 / p95 ms")
DAY = "2022-07-15"  # for questions that name none


@contextmanager
def servers(room: Path) -> Iterator[dict[str, str]]:
    """Yield the settings of both servers: those of this environment, or of two that run meanwhile."""
    given = {name: value for name, value in os.environ.items() if name.startswith(REMOTE)}
    if given:
        if missed := [name for name in REMOTE if not given.get(name)]:
            raise SystemExit(f"{missed[0]} is not set: both servers are named, or none")
        yield given
        return
    port, graph = free_port(), room / "virtuoso"
    graph.mkdir()
    with running(room / "milvus", port), virtuoso(graph) as place:
        yield {
            "ZHENGWEN_INDEX": f"milvus:http://127.0.0.1:{port}",
            "ZHENGWEN_GRAPH": place.query,
            "ZHENGWEN_GRAPH_DATA": place.data,
            "ZHENGWEN_GRAPH_USER": place.user,
            "ZHENGWEN_GRAPH_PASSWORD": place.password,
        }


def zhengwen(doors: Mapping[str, str], *words: str | Path) -> str:
    """Run the command with its data behind these doors and return what it prints."""
    command = [sys.executable, "-m", "ui.cli", *map(str, words)]
    mine = {name: value for name, value in os.environ.items() if not name.startswith(REMOTE)}
    done = subprocess.run(command, env=mine | dict(doors), capture_output=True, text=True, timeout=LIMIT)
    if done.returncode:
        raise SystemExit(done.stderr)
    return done.stdout


def answers(doors: Mapping[str, str], store: Path, name: str, shared: Path) -> list[Row]:
    """Return the answers to a set of questions."""
    file = shared / "gold" / "questions.jsonl" if name == "gold" else OWN / f"{name}.jsonl"
    told = zhengwen(doors, "ask", "--batch", file, "--store", store, "--as-of", DAY)
    return [json.loads(line) for line in told.splitlines()]


def told(answer: Row) -> Row:
    """Return what of an answer must be the same: all but its time and the clauses that are merely near."""
    return {name: value for name, value in answer.items() if name not in ("elapsed_ms", "related")}


def main(arguments: list[str] | None = None) -> int:
    """Run as a command."""
    parser = options(__doc__)
    parser.add_argument("--all", action="store_true", help="the national documents too")
    parser.add_argument("--sets", nargs="+", default=["gold", "county"], help="sets of questions")
    parser.add_argument("--failures", type=int, default=0, metavar="N", help="list N answers that differ")
    args = parser.parse_args(arguments)
    if missing(args.shared):
        return 1
    check, fold = scorer(args.shared)
    texts = originals(args.shared, fold)
    rows, differing, good = [], [], True
    with tempfile.TemporaryDirectory(prefix="zhengwen-doors-") as folder, servers(Path(folder)) as remote:
        doors: dict[str, Mapping[str, str]] = {"folder": {}, "servers": remote}
        for name, settings in doors.items():
            began = time.perf_counter()
            read = documents(args.shared, "all" if args.all else "five")
            zhengwen(settings, "ingest", *read, "--store", f"{folder}/{name}", "--quiet")
            print(f"{name}: read in within {time.perf_counter() - began:.1f} s")
        for name in args.sets:
            asked = questions(args.shared, name)
            pair = [answers(door, Path(folder, where), name, args.shared) for where, door in doors.items()]
            passed = [
                sum(all(check(row, answer, texts).values()) for row, answer in zip(asked, side, strict=True))
                for side in pair
            ]
            good &= abs(passed[0] - passed[1]) <= APART
            differ = [(one, other) for one, other in zip(*pair, strict=True) if told(one) != told(other)]
            near = sum(one["related"] != other["related"] for one, other in zip(*pair, strict=True))
            differing += differ
            times = [sorted(answer["elapsed_ms"] for answer in side) for side in pair]
            spent = (f"{quantile(side, 0.5):.0f} / {quantile(side, 0.95):.0f}" for side in times)
            rows.append((name, len(asked), *passed, len(differ), near, *spent))
    print(table(HEAD, rows))
    for one, other in differing[: args.failures]:
        parts = [name for name in told(one) if one[name] != other[name]]
        lines = (f"  {name}: {one[name]!r} | {other[name]!r}" for name in parts)
        print(one["question"], *lines, sep="\n", file=sys.stderr)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
