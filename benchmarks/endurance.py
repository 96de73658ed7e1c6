"""Mixed load for as long as wanted: ``python -m benchmarks.endurance --minutes 30 [--store STORE]``.

A real service over a copy of the store (by default one of the five and the national documents), asked over
HTTP by arrivals at a fixed rate: answers of all kinds, the desk's list as one types, lists, pages of
documents, guides, SPARQL examples. Three documents change together each minute, by upload and by command in
turn. First the highest rate is sought whose p95 stays within 300 ms, then it is held. A time counts from the
moment a request was due, so that one who waits behind another is counted too. Exit status 1 on any error.
"""

import http.client
import itertools
import json
import queue
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast
from urllib.parse import quote, urlencode

import numpy as np

from benchmarks.facts import documents, missing, options, run, table
from benchmarks.faults import asking
from benchmarks.faults.client import Client, signed_in, start, stop
from graph.storage.durable import StoreError

LIMIT = 0.300  # seconds that p95 must keep
SETS = ("county", "hotline", "street", "street2", "street3", "national")
MIX = {"ask": 50, "changed": 6, "desk": 25, "list": 8, "document": 6, "guide": 3, "duties": 1, "sparql": 1}
_HANDS = 64  # requests under way at once
_PATIENCE = 60.0
_BEHIND = 8.0  # seconds behind its time after which a rate is given up
_JSON, _FORM = "application/json", "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A request: what kind of work it is, and what is sent."""

    kind: str
    path: str
    body: bytes | None = None
    form: str = _JSON
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Sample:
    """What became of one request: when it was due, the seconds until its answer, what was wrong."""

    kind: str
    due: float
    seconds: float
    problem: str = ""


@dataclass(slots=True)
class Publishes:
    """How often the documents were changed, which change was seen last, and how long it took to be seen."""

    done: int = 0
    seen: int = 0
    at: float = 0.0
    delays: list[float] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


class Load:
    """Sends requests at a fixed rate and keeps what became of them."""

    def __init__(self, port: int, wanted: dict[str, list[Wanted]], publishes: Publishes, seed: int) -> None:
        self._port, self._wanted, self._publishes = port, wanted, publishes
        self._chance = random.Random(seed)
        self._due: queue.SimpleQueue[tuple[float, Wanted] | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self.samples: list[Sample] = []
        self._hands = [threading.Thread(target=self._hand, daemon=True) for _ in range(_HANDS)]
        for hand in self._hands:
            hand.start()

    def hold(self, rate: float, seconds: float, *, patient: bool = False) -> list[Sample]:
        """Send `rate` requests a second; ends early where the service falls behind, unless `patient`."""
        began, first = time.perf_counter(), len(self.samples)
        kinds, weights = list(MIX), list(MIX.values())
        for number in itertools.count():
            due = began + number / rate
            if due > began + seconds or (not patient and self._due.qsize() > _BEHIND * rate):
                break
            time.sleep(max(0.0, due - time.perf_counter()))
            kind = self._chance.choices(kinds, weights)[0]
            self._due.put((due, self._chance.choice(self._wanted[kind])))
        sent = number
        until = time.perf_counter() + _PATIENCE
        while len(self.samples) - first < sent and time.perf_counter() < until:
            time.sleep(0.02)
        return self.samples[first:]

    def close(self) -> None:
        """Let all hands go home."""
        for _ in self._hands:
            self._due.put(None)
        for hand in self._hands:
            hand.join(_PATIENCE)

    def _hand(self) -> None:
        connection, used = http.client.HTTPConnection("127.0.0.1", self._port, timeout=_PATIENCE), 0.0
        while (row := self._due.get()) is not None:
            due, wanted = row
            if time.perf_counter() - used > 3:  # the service ends connections that are quiet for long
                connection.close()
            problem = self._one(connection, wanted)
            used = time.perf_counter()
            if problem:
                connection.close()
            with self._lock:
                self.samples.append(Sample(wanted.kind, due, used - due, problem))
        connection.close()

    def _one(self, connection: http.client.HTTPConnection, wanted: Wanted) -> str:
        try:
            headers = {"content-type": wanted.form} if wanted.body is not None else {}
            connection.request("GET" if wanted.body is None else "POST", wanted.path, wanted.body, headers)
            reply = connection.getresponse()
            body = reply.read()
        except (OSError, http.client.HTTPException) as error:
            return f"{wanted.path}: {type(error).__name__} {error}"
        if reply.status != 200:
            return f"{wanted.path}: status {reply.status}"
        if not wanted.changed:
            return ""
        told = asking.told(body)
        with self._lock:
            if told is not None and told > self._publishes.seen:
                self._publishes.seen = told
                if told == self._publishes.done:  # else it was seen before its command ended
                    self._publishes.delays.append(time.perf_counter() - self._publishes.at)
        return asking.mixed(body)


def asked(kind: str, question: str, *, changed: bool = False) -> Wanted:
    """Return a question as a request."""
    body = json.dumps({"question": question}).encode()
    return Wanted(kind, "/api/v1/ask", body, changed=changed)


def requests(shared: Path, client: Client, seed: int) -> dict[str, list[Wanted]]:
    """Return the requests of each kind; guides and documents are those of the store."""
    chance = random.Random(seed)
    files = [Path(__file__).parent / "questions" / f"{name}.jsonl" for name in SETS]
    files.append(shared / "gold" / "questions.jsonl")
    rows = [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]
    typed = [row["question"][: chance.randrange(2, len(row["question"]) + 1)] for row in rows]
    sources = [row["source"] for row in _json(client, "/api/v1/policies?limit=500")]
    listed = map(str, _json(client, "/api/v1/units?limit=200"))
    units = [unit for unit in listed if not asking.comes_and_goes(unit)]
    guides: list[Wanted] = []
    for row in rows[:200]:
        found = _json(client, "/api/v1/search?" + urlencode({"q": row["question"], "limit": 1}))
        path = f"/guide/{quote(found[0]['source'])}/{quote(found[0]['locator'])}" if found else "/"
        if found and client.get(path)[0] == 200:
            guides.append(Wanted("guide", path))
    examples = sorted((Path(__file__).parent.parent / "data" / "queries").glob("*.rq"))
    return {
        "ask": [asked(f"ask {row['kind']}", row["question"]) for row in rows],
        "changed": [asked("ask changed", question, changed=True) for question in asking.QUESTIONS],
        "desk": [Wanted("desk list", "/desk/list", urlencode({"q": text}).encode(), _FORM) for text in typed],
        "list": [
            Wanted("list", path)
            for path in ("/api/v1/policies?limit=50", "/api/v1/units?limit=50", "/documents", "/duties")
        ]
        + [Wanted("list", "/api/v1/search?" + urlencode({"q": text})) for text in typed[:50]],
        "document": [Wanted("document", f"/documents/{quote(source)}") for source in sources],
        "guide": guides or [Wanted("guide", "/")],
        "duties": [Wanted("unit", f"/api/v1/units/{quote(unit)}") for unit in units],
        "sparql": [
            Wanted("sparql", "/sparql", urlencode({"query": path.read_text("utf-8")}).encode(), _FORM)
            for path in examples
        ],
    }  # fmt: skip


def _json(client: Client, path: str) -> list[dict[str, str]]:
    status, body = client.get(path)
    if status != 200:
        raise SystemExit(f"{path}: status {status}")
    return cast(list[dict[str, str]], json.loads(body))


class Publisher:
    """Changes the three documents every `pause` seconds, by command and by upload in turn."""

    def __init__(self, store: Path, folder: Path, client: Client, told: Publishes, pause: float) -> None:
        self._store, self._folder, self._client, self._told, self._pause = store, folder, client, told, pause
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def close(self) -> None:
        """Publish no more."""
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._over.wait(self._pause):
            number = self._told.done + 1
            try:
                if number % 2:
                    asking.publish(self._folder, self._store, number)
                elif self._client.send(asking.texts(number)) != 303:
                    self._told.problems.append(f"upload {number} was refused")
            except (OSError, StoreError, subprocess.SubprocessError) as error:  # the load goes on
                self._told.problems.append(f"publish {number}: {error}")
            self._told.done, self._told.at = number, time.perf_counter()


class Memory:
    """Looks every five seconds at how much memory a process holds: all of it, and what is its own alone."""

    def __init__(self, pid: int) -> None:
        self._file = Path(f"/proc/{pid}/status")
        self._over = threading.Event()
        self.rows: list[tuple[float, float, float]] = []  # when, MiB resident, MiB anonymous
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def close(self) -> None:
        """Look no more."""
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._over.wait(5):
            held = dict(line.split(":", 1) for line in self._file.read_text().splitlines())
            if "VmRSS" not in held:  # the process has ended
                return
            size = [int(held[name].split()[0]) / 1024 for name in ("VmRSS", "RssAnon")]
            self.rows.append((time.perf_counter(), size[0], size[1]))

    def slope(self, since: float, column: int) -> float:
        """Return by how many MiB an hour the memory grew from a moment on, by least squares."""
        rows = [row for row in self.rows if row[0] >= since]
        if len(rows) < 3:
            return float("nan")
        return 3600 * float(np.polyfit([r[0] for r in rows], [r[column] for r in rows], 1)[0])


def quantiles(samples: Sequence[Sample]) -> tuple[float, ...]:
    """Return p50, p95 and p99 in milliseconds."""
    seconds = np.array([sample.seconds for sample in samples] or [float("nan")])
    return tuple(1000 * float(value) for value in np.quantile(seconds, (0.5, 0.95, 0.99)))


def highest(load: Load, seconds: float, first: float) -> tuple[float, list[tuple[object, ...]]]:
    """Seek the highest rate that keeps p95, by doubling and then halving the gap; return it and the steps."""
    rows: list[tuple[object, ...]] = []
    good, bad, rate = 0.0, 0.0, first
    while len(rows) < 9 and (not bad or bad / max(good, 0.1) > 1.15):
        found = load.hold(rate, seconds)
        errors = sum(bool(sample.problem) for sample in found)
        p50, p95, _ = quantiles(found)
        kept = p95 <= 1000 * LIMIT and not errors
        rows.append((f"{rate:.1f}", len(found), errors, f"{p50:.0f}", f"{p95:.0f}", "yes" if kept else "no"))
        print(*rows[-1], sep="\t", file=sys.stderr, flush=True)
        good, bad = (rate, bad) if kept else (good, rate)
        rate = 2 * good if not bad else (good + bad) / 2
    return good, rows


def by_minute(samples: Sequence[Sample], began: float, memory: Memory) -> Iterator[tuple[object, ...]]:
    """Yield a row a minute: requests, errors, times, memory at its end."""
    minutes = itertools.groupby(
        sorted(samples, key=lambda row: row.due), lambda row: int((row.due - began) // 60)
    )
    for minute, found in minutes:
        rows = list(found)
        held = [row for row in memory.rows if row[0] < began + 60 * (minute + 1)]
        size = [f"{held[-1][column]:.0f}" if held else "" for column in (1, 2)]
        errors = sum(bool(row.problem) for row in rows)
        yield (minute + 1, len(rows), errors, *(f"{value:.0f}" for value in quantiles(rows)), *size)


@contextmanager
def lent(shared: Path, given: Path | None) -> Iterator[Path]:
    """Lend a store that may be written: a copy of the one given, or one of all documents."""
    with tempfile.TemporaryDirectory(prefix="zhengwen-bench-") as room:
        store = Path(room) / "store"
        if given:
            shutil.copytree(given, store)
        else:
            run("ingest", *documents(shared, "all"), "--store", store, "--quiet")
        asking.publish(Path(room) / "changing", store, 0)
        yield store


def main(arguments: list[str] | None = None) -> int:
    """Run as a command."""
    parser = options(__doc__)
    parser.add_argument("--minutes", type=float, default=30, help="how long the rate is held")
    parser.add_argument("--store", type=Path, help="a store to copy, instead of a new one of all documents")
    parser.add_argument("--rate", type=float, help="requests a second, instead of seeking the highest rate")
    parser.add_argument("--step", type=float, default=60, help="seconds for each rate that is tried")
    parser.add_argument("--publish", type=float, default=60, help="seconds from one publish to the next")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args(arguments)
    if missing(args.shared):
        return 2
    with lent(args.shared, args.store) as store:
        client = signed_in(store)
        service = start(store, client)
        closing, publishes = list[Load | Memory | Publisher](), Publishes()
        try:
            load = Load(client.port, requests(args.shared, client, args.seed), publishes, args.seed)
            memory = Memory(service.pid)
            closing += [load, memory]
            load.hold(5, 20, patient=True)  # files and caches
            closing.append(Publisher(store, store.parent / "changing", client, publishes, args.publish))
            rate, tried = (args.rate, []) if args.rate else highest(load, args.step, 5)
            if not rate:
                print(table(("rate a second", "requests", "errors", "p50 ms", "p95 ms", "kept"), tried))
                print("no rate keeps p95")
                return 1
            began, before = time.perf_counter(), publishes.done
            held = load.hold(rate, 60 * args.minutes, patient=True)
        finally:
            for each in reversed(closing):
                each.close()
            stop(service)
    if tried:
        print(table(("rate a second", "requests", "errors", "p50 ms", "p95 ms", "kept"), tried), end="\n\n")
    return report(held, rate, began, memory, publishes, before)


def report(
    held: list[Sample], rate: float, began: float, memory: Memory, publishes: Publishes, before: int
) -> int:
    """Print what the load came to; return the exit status."""
    kinds: dict[str, list[Sample]] = {}
    for sample in held:
        kinds.setdefault(sample.kind, []).append(sample)
    head = ("requests", "errors", "p50 ms", "p95 ms", "p99 ms")
    rows = [
        (kind, len(found), sum(bool(row.problem) for row in found), *(f"{v:.0f}" for v in quantiles(found)))
        for kind, found in [*sorted(kinds.items()), ("all", held)]
    ]
    print(table(("kind", *head), rows), end="\n\n")
    print(table(("minute", *head, "MiB resident", "MiB own"), by_minute(held, began, memory)), end="\n\n")
    problems = [row.problem for row in held if row.problem] + publishes.problems
    mixed = sum("mixed" in problem for problem in problems)
    length = held[-1].due - began if held else 0.0
    warm = began + min(600.0, length / 3)
    delay = f"{max(publishes.delays):.1f}" if publishes.delays else "–"
    print(f"rate held {rate:.1f} a second for {length / 60:.1f} minutes, requests {len(held)}")
    print(f"errors {len(problems)}, mixed answers {mixed}")
    print(
        f"generations published {publishes.done - before}; the last one taken up {publishes.seen} of "
        f"{publishes.done}, the slowest seen in an answer {delay} s after its publish was told"
    )
    print(
        f"memory after {(warm - began) / 60:.1f} minutes: {memory.slope(warm, 1):+.1f} MiB an hour resident, "
        f"{memory.slope(warm, 2):+.1f} MiB an hour its own"
    )
    for problem in problems[:20]:
        print(problem)
    return 1 if problems or quantiles(held)[1] > 1000 * LIMIT else 0


if __name__ == "__main__":
    sys.exit(main())
