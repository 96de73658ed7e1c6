"""Twenty-four who ask, and one who reads the files, while the store is published again and again.

Three documents of three counties change together: each publish gives all of them another sum and another
lead unit, both of which tell its number. An answer that holds two numbers was mixed of two generations.
"""

import json
import re
import subprocess
import threading
import time
from pathlib import Path

from benchmarks.faults.client import signed_in, start, stop
from benchmarks.faults.commands import Bench
from benchmarks.faults.made import Row, wrong, zhengwen
from graph.storage.durable import StoreError
from graph.storage.store import Store

ASKERS = 24
_COUNTIES = ("沙岭县", "云岭县", "柳岗县")
_TEXT = """{county}人民政府关于扶持竹编行业的办法

一、竹编店铺补助
对新办的竹编店铺给予{sum}万元补助，每店限一次。
牵头单位：{unit}
"""
QUESTIONS = (
    "新办竹编店铺补助多少万元",
    "沙岭县新办竹编店铺补助多少",
    "沙岭县、云岭县和柳岗县新办竹编店铺补助多少",
    "云岭县竹编店铺补助由谁牵头",
    "竹编店铺补助牵头单位是谁",
)
# Sums (in 10,000 yuan) and units that no other document of the store has.
_FIRST = 31_000
_SUM = re.compile(r"(31\d{3})(?=万元)|(?<!\d)(31\d{3})0000(?!\d)")
_UNITS = ("春分", "夏至", "秋分", "冬至", "谷雨", "霜降")


def texts(number: int) -> list[tuple[str, bytes]]:
    """Return the documents as the publish of this number has them."""
    unit = f"县{_UNITS[number % len(_UNITS)]}服务中心"
    return [
        (f"bamboo{place}.txt", _TEXT.format(county=county, sum=_FIRST + number, unit=unit).encode())
        for place, county in enumerate(_COUNTIES)
    ]


def comes_and_goes(unit: str) -> bool:
    """Tell whether a unit is one that a publish takes away again."""
    return any(name in unit for name in _UNITS)


def told(body: bytes) -> int | None:
    """Return the number of the publish that an answer comes from, where it tells a sum."""
    found = _SUM.findall(json.loads(body)["answer"])
    return max(int(a or b) - _FIRST for a, b in found) if found else None


def mixed(body: bytes) -> str:
    """Say what in an answer belongs to more than one publish; empty when all of it belongs to one."""
    answer = json.loads(body)
    shown = json.dumps(
        {name: answer[name] for name in ("answer", "citations", "lead_units", "amounts", "reading")},
        ensure_ascii=False,
    )
    numbers = {int(a or b) - _FIRST for a, b in _SUM.findall(shown)}
    units = {_UNITS.index(unit) for unit in _UNITS if unit in shown}
    if len(numbers) > 1 or len(units) > 1 or len({n % len(_UNITS) for n in numbers} | units) > 1:
        return f"mixed: sums of {sorted(numbers)}, units of {sorted(units)}: {answer['question']}"
    return "" if numbers or units else f"told neither sum nor unit: {answer['question']}"


def publishes(bench: Bench, runs: int) -> tuple[Row, Row]:
    """Publish `runs` times, by command and by upload in turn, while all ask and read."""
    asking, reading = Row(f"{ASKERS} askers through a publish"), Row("reader through a publish")
    answers = [0]
    over, lock = threading.Event(), threading.Lock()
    with bench.copy() as store:
        client = signed_in(store)
        publish(bench.room / "bamboo", store, 0)
        service = start(store, client)

        def asker(turn: int) -> None:
            while not over.is_set():
                status, body = client.ask(QUESTIONS[turn % len(QUESTIONS)])
                problem = mixed(body) if status == 200 else f"status {status}: {body[:200]!r}"
                with lock:
                    answers[0] += 1
                    if problem:
                        asking.failures.append(problem)
                turn += 1

        def reader() -> None:
            while not over.is_set():
                problem = _read(store)
                reading.hit += 1
                if problem:
                    reading.failures.append(problem)

        threads = [threading.Thread(target=asker, args=(number,)) for number in range(ASKERS)]
        threads.append(threading.Thread(target=reader))
        try:
            for thread in threads:
                thread.start()
            for number in range(1, runs + 1):
                before = answers[0]
                if number % 2:
                    publish(bench.room / "bamboo", store, number)
                elif client.send(texts(number)) != 303:
                    asking.failures.append("an upload was refused")
                _wait_for(asking, store, number)
                asking.runs, reading.runs = number, number
                asking.hit += answers[0] > before
        finally:
            over.set()
            for thread in threads:
                thread.join()
            stop(service)
    asking.note = f"answers {answers[0]}"
    reading.note = f"generations read through {reading.hit}"
    reading.hit = reading.runs
    return asking, reading


def publish(folder: Path, store: Path, number: int) -> None:
    """Publish the documents by a command of its own."""
    folder.mkdir(exist_ok=True)
    for name, data in texts(number):
        (folder / name).write_bytes(data)
    subprocess.run(zhengwen("ingest", folder, "--store", store), check=True, capture_output=True)


def _wait_for(row: Row, store: Path, number: int) -> None:
    """Wait until a publish is there."""
    wanted = texts(number)[0][1]
    for _ in range(600):
        generation = Store.open(store, budget=0).generation
        if generation and generation.original("bamboo0") == wanted:
            return
        time.sleep(0.1)
    row.failures.append(f"publish {number} does not come")


def _read(store: Path) -> str:
    try:
        generation = Store.open(store).generation
        if generation is None:
            return "no generation"
        sums = {_SUM.findall((generation.original(f"bamboo{n}") or b"").decode())[0][0] for n in range(3)}
        return wrong(generation) or ("" if len(sums) == 1 else f"read from two publishes: {sorted(sums)}")
    except StoreError as error:
        return str(error)
