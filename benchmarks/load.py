"""Twenty people ask at once, over HTTP: ``python -m benchmarks.load [--askers 20] [--rounds 3]``.

Each asker sends the next question as soon as the answer to the last one is there, over a connection of its
own; the reference questions, each asker from another one on. Printed are the times of the best round, and
the p95 of all rounds: other work on the machine makes single rounds worse, never better.
"""

import http.client
import json
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Barrier
from urllib.parse import urlsplit

from benchmarks.facts import missing, options, stores, table
from benchmarks.serving import serving

_PATIENCE = 60  # seconds for one answer


@dataclass(frozen=True, slots=True)
class Round:
    """What one round came to: seconds for each answer, the replies by status, seconds in all."""

    seconds: tuple[float, ...]
    statuses: Counter[int]
    lasted: float

    def quantile(self, share: float) -> float:
        """Return the milliseconds within which this share of the answers came."""
        ordered = sorted(self.seconds)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def one_round(address: str, askers: int, each: int, questions: list[str]) -> Round:
    """Let `askers` ask `each` questions one after the other, all at once."""
    together = Barrier(askers + 1)

    def asker(number: int) -> list[tuple[float, int]]:
        connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=_PATIENCE)
        connection.connect()
        together.wait()
        told = []
        for turn in range(each):
            question = questions[(number * each + turn) % len(questions)]
            body = json.dumps({"question": question}).encode()
            began = time.perf_counter()
            connection.request("POST", "/api/v1/ask", body, {"content-type": "application/json"})
            reply = connection.getresponse()
            reply.read()
            told.append((time.perf_counter() - began, reply.status))
        connection.close()
        return told

    with ThreadPoolExecutor(askers) as pool:
        running = [pool.submit(asker, number) for number in range(askers)]
        together.wait()
        began = time.perf_counter()
        replies = [reply for run in running for reply in run.result()]
        lasted = time.perf_counter() - began
    return Round(tuple(s for s, _ in replies), Counter(status for _, status in replies), lasted)


def reference(shared: Path) -> list[str]:
    """Return the reference questions."""
    lines = (shared / "gold" / "questions.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line)["question"] for line in lines]


def main(arguments: list[str] | None = None) -> int:
    """Run as a command."""
    parser = options(__doc__)
    parser.add_argument("--five", type=Path, help="a store with the five policies, instead of a new one")
    parser.add_argument("--all", type=Path, help="a store with the national texts as well")
    parser.add_argument("--askers", type=int, default=20)
    parser.add_argument("--questions", type=int, default=20, help="for each asker and round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--concurrency", type=int, nargs="+", default=[8], help="ZHENGWEN_CONCURRENCY")
    args = parser.parse_args(arguments)
    if missing(args.shared):
        return 2
    questions, rows, bad = reference(args.shared), [], 0
    with stores(args.shared, {"five": args.five, "all": args.all}) as lent:
        for name, store in lent.items():
            for concurrency in args.concurrency:
                with serving(store, rate="0", concurrency=str(concurrency)) as address:
                    one_round(address, 2, len(questions) // 2, questions)  # files and caches
                    rounds = [
                        one_round(address, args.askers, args.questions, questions) for _ in range(args.rounds)
                    ]
                rows.append(_row(f"{name}, {concurrency} at once", rounds))
                bad += sum(
                    number for each in rounds for status, number in each.statuses.items() if status != 200
                )
    head = (
        "documents, questions worked on",
        "asked",
        "not 200",
        "p50 ms",
        "p95 ms",
        "max ms",
        "a second",
        "p95 of each round",
    )
    print(table(head, rows))
    return 1 if bad else 0


def _row(name: str, rounds: list[Round]) -> tuple[object, ...]:
    best = min(rounds, key=lambda each: each.quantile(0.95))
    asked = sum(len(each.seconds) for each in rounds)
    failed = sum(number for each in rounds for status, number in each.statuses.items() if status != 200)
    each = ", ".join(f"{each.quantile(0.95):.0f}" for each in rounds)
    return (
        name, asked, failed, f"{best.quantile(0.5):.0f}", f"{best.quantile(0.95):.0f}",
        f"{best.quantile(1.0):.0f}", f"{len(best.seconds) / best.lasted:.0f}", each,
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
