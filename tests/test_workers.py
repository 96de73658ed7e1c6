"""Reading by many hands gives what reading by one gives, in order, and a crash costs one document."""

import importlib.util
import itertools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.storage.store import Store
from tests.conftest import REPOSITORY
from tests.made_library import FOLDER
from ui.intake import ingest, workers
from ui.intake.workers import Lost, Processes, Ray, Workers, WorkersError, chosen

KINDS = ["processes", "ray"]


@pytest.fixture(scope="module", params=KINDS)
def hands(request: pytest.FixtureRequest) -> Iterator[Workers]:
    if request.param == "processes":
        with Processes(2, "ui.intake.preparing") as opened:
            yield opened
        return
    if importlib.util.find_spec("ray") is None:
        pytest.skip("the extra `ray` is not installed")
    with Ray(None, 2) as cluster:
        yield cluster


def twice(number: int) -> int:
    """Take a little longer for some numbers, so that they would overtake one another."""
    time.sleep(0.002 * (number % 3))
    return 2 * number


def fragile(number: int) -> int:
    """Die over some numbers, as a crash in a library or a killer of big processes would have it."""
    if number % 10 == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


@pytest.mark.parametrize("count", [0, 1, 7, 8, 9, 100])
def test_results_come_in_the_order_of_the_jobs(hands: Workers, count: int) -> None:
    assert list(hands.map(twice, range(count))) == [2 * number for number in range(count)]


def test_jobs_are_taken_ahead_in_bounds(hands: Workers) -> None:
    taken = itertools.count()
    results = hands.map(twice, (next(taken) for _ in range(10_000)))
    assert [next(results) for _ in range(3)] == [0, 2, 4]
    assert next(taken) < 200


def test_large_jobs_are_taken_ahead_one_by_one(hands: Workers) -> None:
    taken: list[int] = []
    results = hands.map(twice, (taken.append(n) or n for n in range(100)), lambda _: 40 << 20)  # type: ignore[func-returns-value]
    assert next(results) == 0
    assert len(taken) <= 3
    assert list(results) == [2 * number for number in range(1, 100)]


def test_a_crash_costs_the_job_that_crashed_and_no_other(hands: Workers) -> None:
    found = list(hands.map(fragile, range(40)))
    lost = [number for number, result in enumerate(found) if isinstance(result, Lost)]
    assert lost == [3, 13, 23, 33]
    assert [result for result in found if not isinstance(result, Lost)] == [
        number for number in range(40) if number not in lost
    ]


def test_a_cluster_made_here_listens_on_this_machine_only() -> None:
    if importlib.util.find_spec("ray") is None:
        pytest.skip("the extra `ray` is not installed")
    code = (
        "from ui.intake.workers import Ray\n"
        "with Ray(None, 1) as hands:\n"
        "    assert list(hands.map(abs, [-1])) == [1]\n"
        "    print(*{node['NodeManagerAddress'] for node in hands._ray.nodes()})\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["127.0.0.1"]


def test_no_process_outlives_the_one_that_made_it() -> None:
    code = (
        "import os, time\n"
        "from tests.test_workers import own_process\n"
        "from ui.intake.workers import Processes\n"
        "if __name__ == '__main__':\n"
        "    with Processes(2, 'ui.intake.preparing') as hands:\n"
        "        print(*set(hands.map(own_process, range(64))), flush=True)\n"
        "        time.sleep(600)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=REPOSITORY, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        children = [int(word) for word in parent.stdout.readline().split()]
        assert children
        assert all(_alive(child) for child in children)
        parent.kill()
    waited = 0
    while any(map(_alive, children)):
        time.sleep(0.05)
        waited += 1
        assert waited < 600


def test_who_ends_an_intake_with_the_keyboard_sees_no_traceback(tmp_path: Path) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    text = (FOLDER / "yunxi.txt").read_bytes()
    for number in range(400):
        (folder / f"d{number}.txt").write_bytes(text)
    command = [sys.executable, "-m", "ui.cli", "ingest", str(folder), "--store", str(tmp_path / "store")]
    with subprocess.Popen(
        command, cwd=REPOSITORY, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True,
        start_new_session=True, env={**os.environ, "ZHENGWEN_WORKERS": "2"},
    ) as process:  # fmt: skip
        while not list((tmp_path / "store").glob("objects/*/*")):  # it reads by now
            assert process.poll() is None
            time.sleep(0.05)
        os.killpg(process.pid, signal.SIGINT)
        assert process.stderr is not None
        told = process.stderr.read()
    assert process.returncode == 130
    assert "Traceback" not in told


def own_process(_: int) -> int:
    """Return the number of the process that works."""
    time.sleep(0.01)
    return os.getpid()


def _alive(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


@pytest.mark.parametrize("setting", ["2", "ray"])
def test_many_hands_write_the_same_store(
    setting: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if setting == "ray" and importlib.util.find_spec("ray") is None:
        pytest.skip("the extra `ray` is not installed")
    monkeypatch.setattr("graph.knowledge.bundled", tuple)
    folder = tmp_path / "documents"
    folder.mkdir()
    for file in sorted(FOLDER.glob("*.t*")):
        (folder / file.name).write_bytes(file.read_bytes())
    (folder / "empty.txt").write_bytes(b"")
    (folder / "yunxi.pdf").write_bytes(b"%PDF-1.4 broken")  # another format of yunxi.txt: not looked at
    one = ingest([folder], tmp_path / "one", workers="1")
    monkeypatch.setattr(workers, "_FEW", 2)
    many = ingest([folder], tmp_path / "many", workers=setting)
    assert many.rows == one.rows
    assert {row.outcome for row in many.rows} == {"added", "failed", "skipped"}
    left, right = (Store.open(tmp_path / name).generation for name in ("one", "many"))
    assert left is not None
    assert right is not None
    assert left.documents == right.documents
    assert left.catalog == right.catalog
    assert set(left.graph) == set(right.graph)
    assert {row.outcome for row in ingest([folder], tmp_path / "many", workers=setting).rows} >= {
        "unchanged",
        "failed",
    }


@pytest.mark.parametrize("setting", ["0", "-1", "two", "ray:", "rays://x"])
def test_a_wrong_setting_is_told(setting: str) -> None:
    with pytest.raises(WorkersError, match="ZHENGWEN_WORKERS"), chosen(setting, 100):
        pass


def test_few_documents_are_read_here() -> None:
    with chosen(None, 3) as none:
        assert none is None
