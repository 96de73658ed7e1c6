"""Uploads through a running service that is killed: what was acknowledged is there after the next start."""

import random
import threading
import time
from pathlib import Path

from benchmarks.faults.client import Client, signed_in, start, stop
from benchmarks.faults.commands import Bench
from benchmarks.faults.made import Row, document, wrong
from graph.storage.durable import StoreError
from graph.storage.store import Store
from ui.ledger import Ledger
from ui.ledger.audit import Filter

_NAMES = 12  # documents that are sent again and again, each time with other words
_PATIENCE = 120.0


class Sent:
    """What was sent: for each document the last text that was acknowledged, and those after it."""

    def __init__(self) -> None:
        self.sure: dict[str, bytes] = {}
        self.unsure: dict[str, list[bytes]] = {}
        self.acknowledged = self.refused = self.bad = 0

    def enter(self, files: list[tuple[str, bytes]], status: int) -> None:
        """Enter an upload with the status of its answer, 0 where none came."""
        if status in (200, 201, 303):
            self.acknowledged += 1
            self.bad += sum(name.endswith(".docx") for name, _ in files)
        else:
            self.refused += 1
        for name, data in files:
            if not name.endswith(".txt"):
                continue
            if status in (200, 201, 303):
                self.sure[name[:-4]] = data
                self.unsure.pop(name[:-4], None)
            else:
                self.unsure.setdefault(name[:-4], []).append(data)

    def missing(self, found: dict[str, bytes]) -> list[str]:
        """Return the documents that are not as they must be, and settle what may be either way."""
        gone = [
            name for name, data in self.sure.items()
            if found.get(name) not in (data, *self.unsure.get(name, ()))
        ]  # fmt: skip
        self.sure |= {name: data for name, data in found.items() if name in self.sure or name in self.unsure}
        self.unsure.clear()
        return gone


def kills(bench: Bench, runs: int, seed: int) -> Row:
    """Send documents, kill the service, start it again: one start a run, that of the run before it."""
    row, chance, sent = Row("upload killed (service)"), random.Random(seed), Sent()
    with bench.copy() as store:
        client = signed_in(store)
        service, spent = start(store, client), 1.0
        try:
            for _ in range(runs):
                if chance.random() < 0.2:  # killed while it takes up what is left
                    time.sleep(chance.uniform(0, 0.3))
                    stop(service, kill=True)
                    service = start(store, client)
                sender = threading.Thread(target=_send, args=(client, sent, random.Random(chance.random())))
                sender.start()
                time.sleep(chance.uniform(0, 1.5 * spent))
                row.hit += sender.is_alive() or any((store / "spool").glob("[0-9]*"))
                stop(service, kill=True)
                sender.join()
                service = start(store, client)
                row.runs += 1
                began = time.perf_counter()
                _settled(row, client)
                spent = min(5.0, 0.7 * spent + 0.3 * (time.perf_counter() - began + 0.5))
                _judge(row, bench, store, sent)
        finally:
            stop(service, kill=True)
    row.note = (
        f"uploads acknowledged {sent.acknowledged}, without an answer {sent.refused}; "
        f"bad files told {sent.bad} of {sent.bad}"
    )
    return row


def _send(client: Client, sent: Sent, chance: random.Random) -> None:
    """Send up to four uploads one after the other, by both doors, until the service is gone."""
    for _ in range(chance.randrange(1, 5)):
        names = chance.sample(range(_NAMES), chance.randrange(1, 4))
        files = [(f"sent{name:02d}.txt", document(chance.randrange(10**6)).encode()) for name in names]
        if chance.random() < 0.25:
            status = client.put(*files[0])
            sent.enter(files[:1], status)
        else:
            if chance.random() < 0.3:
                files.append(("坏文件.docx", chance.randbytes(200)))
            status = client.send(files)
            sent.enter(files, status)
        if status == 0:
            return


def _settled(row: Row, client: Client) -> None:
    """Wait until the line is empty."""
    until = time.perf_counter() + _PATIENCE
    while time.perf_counter() < until:
        page = client.line()
        if page is not None and 'data-state="waiting"' not in page and 'data-state="running"' not in page:
            if 'data-state="failed"' in page or 'data-state="stopped"' in page:
                row.failures.append("a batch is not read after the start")
            return
        time.sleep(0.05)
    row.failures.append("the line does not come to its end")


def _judge(row: Row, bench: Bench, store: Path, sent: Sent) -> None:
    try:
        generation = Store.open(store).generation
        assert generation is not None
        found = {name: generation.original(name) for name in generation.sources}
        problem = wrong(generation)
    except StoreError as error:
        row.failures.append(str(error))
        return
    row.lost += len(bench.old - found.keys())
    gone = sent.missing({name: data for name, data in found.items() if data is not None})
    row.lost += len(gone)
    row.new += not gone
    if gone:
        problem = problem or f"acknowledged, and not there: {gone}"
    if list((store / "spool").glob("*")):
        problem = problem or "something is left in the spool"
    ledger = Ledger(store / "service.sqlite3")
    told = ledger.audit.count(Filter(actions=("ingest",), outcome="failed", who="操作员"))
    ledger.close()
    if told < sent.bad:
        problem = problem or f"bad files sent {sent.bad}, told {told}"
    if problem:
        row.failures.append(problem)
