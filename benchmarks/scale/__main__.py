"""How the service grows: ``python -m benchmarks.scale [--clauses 10000,100000] [--keep FOLDER]``.

Makes a store of invented notices for each size with ``zhengwen ingest``, then measures it: intake, bytes
on disk, start-up over HTTP, memory, the time of a question by kind with the share that is right, FAISS and
tantivy alone over the same files with the same questions, and one notice more. Stores below ``--keep`` stay
and are taken as they are the next time; ``--store`` measures another one. A million clauses are 71,429
notices.
"""

import argparse
import http.client
import json
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from benchmarks.facts import table
from benchmarks.scale.making import CLAUSES_A_NOTICE, make, say, sizes
from benchmarks.scale.questions import KINDS
from benchmarks.serving import serving

LIMIT = 1800  # seconds for all questions on one store


def main(arguments: list[str] | None = None) -> int:
    """Run as a command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clauses", default="10000", help="sizes, with commas between them")
    parser.add_argument("--keep", type=Path, help="a folder for the stores; they stay")
    parser.add_argument("--store", type=Path, help="measure this store instead; needs --notices")
    parser.add_argument("--notices", type=int, help="how many notices of --seed that store holds")
    parser.add_argument("--each", type=int, default=200, help="questions of a kind")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--read-only", action="store_true", help="leave out the notice that is added")
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    args = parser.parse_args(arguments)
    if args.store and not args.notices:
        parser.error("--store needs --notices")
    told: list[dict[str, Any]] = []
    with ExitStack() as stack:
        room = args.keep or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="zhengwen-scale-")))
        for clauses in [0] if args.store else [int(size) for size in args.clauses.split(",")]:
            told.append(_size(args, room, clauses))
            if args.json:
                args.json.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
    print(_tables(told))
    return 0


def _size(args: argparse.Namespace, room: Path, clauses: int) -> dict[str, Any]:
    """Make a store if there is none, and measure it."""
    told: dict[str, Any] = {}
    if args.store:
        store, count = args.store, args.notices
    else:
        count = -(-clauses // CLAUSES_A_NOTICE)
        folder = room / f"seed{args.seed}-{count}"
        made, store = make(folder, count, args.seed), folder / "store"
        told = {"ingest_s": made.seconds, "ingest_peak": made.peak}
    told |= {"notices": count, "clauses": count * CLAUSES_A_NOTICE, "bytes": sizes(store)}
    say(f"{count:,} notices: start-up")
    told["start_s"] = [_start(store, f"{_place(count)}的措施由哪个单位牵头？") for _ in range(2)]
    say(f"{count:,} notices: questions")
    command = [sys.executable, "-m", "benchmarks.scale.asking", str(store)]
    command += ["--notices", str(count), "--each", str(args.each), "--seed", str(args.seed)]
    command += ["--read-only"] if args.read_only else []
    found = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, timeout=LIMIT)
    told |= json.loads(found.stdout)
    say(f"{count:,} notices: done, {json.dumps(told['wrong'], ensure_ascii=False)} wrong among others")
    return told


def _place(count: int) -> str:
    from benchmarks.scale.documents import notices
    from data import path

    return next(iter(notices(min(count, 1), path("registry", "places.tsv")))).place


def _start(store: Path, question: str) -> float:
    """Return the seconds from the start of ``zhengwen serve`` to its first answer over HTTP."""
    began = time.perf_counter()
    with serving(store, rate="0") as address:
        connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=120)
        body = json.dumps({"question": question}).encode()
        connection.request("POST", "/api/v1/ask", body, {"content-type": "application/json"})
        reply = connection.getresponse()
        if reply.status != HTTPStatus.OK:
            raise SystemExit(f"{reply.status} {reply.read().decode()[:300]}")
        reply.read()
        connection.close()
        return time.perf_counter() - began


def _tables(told: list[dict[str, Any]]) -> str:
    """Return the figures as Markdown: a column a size."""
    head = ("", *(f"{each['clauses']:,} clauses" for each in told))
    rows = [("notices", *(f"{each['notices']:,}" for each in told))]
    if all("ingest_s" in each for each in told):
        rows += [
            ("intake, notices a second", *(f"{each['notices'] / each['ingest_s']:.0f}" for each in told)),
            ("intake, clauses a second", *(f"{each['clauses'] / each['ingest_s']:,.0f}" for each in told)),
            ("intake, most memory, GB", *(f"{each['ingest_peak'] / 1e9:.1f}" for each in told)),
        ]
    for part in told[0]["bytes"]:
        rows.append((f"{part}, MB", *(f"{each['bytes'].get(part, 0) / 1e6:,.1f}" for each in told)))
    rows += [
        ("start of `serve` to its first answer, s", *(f"{min(each['start_s']):.1f}" for each in told)),
        ("opened and first answer in a process, s", *(f"{each['opened_s']:.1f}" for each in told)),
        ("memory after the questions, GB", *(f"{each['memory']['resident'] / 1e9:.2f}" for each in told)),
        ("of it not pages of files, GB", *(f"{each['memory']['own'] / 1e9:.2f}" for each in told)),
    ]
    for kind in KINDS:
        rows.append((f"{kind}: p50 / p95 ms, right", *(_kind(each["kinds"].get(kind)) for each in told)))
    for name in told[0]["bare"]:
        rows.append((f"{name} alone: p50 / p95 ms", *(_kind(each["bare"][name]) for each in told)))
    if len(told) > 1:
        first = _slowest(told[0])
        rows.append(
            ("amount and lead: p95 by the first size's", *(f"{_slowest(e) / first:.1f}" for e in told))
        )
    rows.append(("amount and lead: p95 by both alone", *(f"{_ratio(each):.2f}" for each in told)))
    if all("added" in each for each in told):
        rows.append(
            ("one notice more: published, s", *(f"{each['added']['published_s']:.2f}" for each in told))
        )
        rows.append(
            ("one notice more: answered from, s", *(f"{each['added']['answered_s']:.2f}" for each in told))
        )
    return table(head, rows)


def _kind(row: dict[str, float] | None) -> str:
    if row is None:
        return ""
    share = f", {100 * row['right']:.1f} %" if "right" in row else ""
    return f"{row['p50']:.1f} / {row['p95']:.1f}{share}"


def _slowest(each: dict[str, Any]) -> float:
    """Return the larger p95 of the two kinds that are asked most."""
    return float(max(each["kinds"]["amount"]["p95"], each["kinds"]["lead"]["p95"]))


def _ratio(each: dict[str, Any]) -> float:
    return _slowest(each) / float(each["bare"]["both"]["p95"])


if __name__ == "__main__":
    sys.exit(main())
