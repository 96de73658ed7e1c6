"""The index on a Milvus server: what generations see of it, and what becomes of it when something breaks.

milvus-lite stands for a cluster: it is asked through the same client, here mostly as a server of its own.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.storage.store import Cause, Store
from qa import index
from qa.encoder import load_encoder
from qa.index import open_dense
from qa.library import Library, StaleIndexError
from qa.milvus import counts, state
from qa.milvus.server import IndexUnreachable, Server, connect, parse
from qa.milvus.state import Listed, State
from tests.conftest import REPOSITORY
from tests.made_library import FOLDER
from tests.milvus_lite import free_port, running
from tests.served import fetch, served
from ui.intake import ingest, remove, roll_back, start

pytest.importorskip("pymilvus", reason="the extra milvus is not installed")

QUERIES = ("技术改造补助", "冷藏车", "质量奖", "动漫企业启动资金")
ALL = sorted(FOLDER.glob("*.txt"))


@pytest.fixture(scope="module")
def setting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server for the tests of this file, chosen for this process."""
    port = free_port()
    with running(tmp_path_factory.mktemp("server"), port):
        found = f"milvus:http://127.0.0.1:{port}"
        index.choose(found)
        yield found
        index.choose(None)


def server(setting: str) -> Server:
    return connect(parse(setting))


def found(library: Library) -> dict[str, list[tuple[str, str, float]]]:
    return {
        query: [(hit.source, hit.locator, hit.score) for hit in library.search(query, limit=40)]
        for query in QUERIES
    }


def rows(setting: str, store: Path) -> tuple[int, int]:
    """Return how many rows the current generation has, and how many the server keeps for the store."""
    generation = Store.open(store).generation
    assert generation is not None
    held = state.read(generation.part(index.MILVUS))
    assert held is not None
    return held.rows, server(setting).count(held.collection, "version > 0")


def own_collections(setting: str, store: Path) -> list[str]:
    mark = state.owner(store / "generations" / "g" / index.MILVUS)
    return [name for name in server(setting).collections() if mark in name]


def held_by(library: Library, store: Path) -> State:
    held = state.read(store / "generations" / library.generation / index.MILVUS)
    assert held is not None
    return held


def test_a_reader_goes_on_with_its_generation_while_others_come(setting: str, tmp_path: Path) -> None:
    ingest(ALL[:2], tmp_path)
    reader, before = Library.open(tmp_path), found(Library.open(tmp_path))
    states = [before]
    for change in (lambda: ingest(ALL[2:], tmp_path), lambda: remove(ALL[0].stem, tmp_path)):
        change()
        assert found(reader) == before
        states.append(found(Library.open(tmp_path)))
    assert states[0] != states[1] != states[2]
    sources = {source for hits in states[2].values() for source, *_ in hits}
    assert sources & {path.stem for path in ALL} == {path.stem for path in ALL[1:]}
    assert reader.refresh()
    assert found(reader) == states[2]


def test_many_ask_at_once_and_all_are_told_the_same(setting: str, tmp_path: Path) -> None:
    ingest(ALL, tmp_path)
    before = found(Library.open(tmp_path))
    library = Library.open(tmp_path)
    with ThreadPoolExecutor(8) as askers:
        assert all(each == before for each in askers.map(lambda _: found(library), range(16)))


def test_reading_the_same_again_changes_nothing(setting: str, tmp_path: Path) -> None:
    ingest(ALL, tmp_path)
    before, held = found(Library.open(tmp_path)), rows(setting, tmp_path)
    ingest(ALL, tmp_path)
    assert (found(Library.open(tmp_path)), rows(setting, tmp_path)) == (before, held)


def test_going_back_gives_what_was_found_then_and_forward_again(setting: str, tmp_path: Path) -> None:
    ingest(ALL[:3], tmp_path)
    name, before = Library.open(tmp_path).generation, found(Library.open(tmp_path))
    remove(ALL[0].stem, tmp_path)
    ingest(ALL[3:], tmp_path)
    after, late = found(Library.open(tmp_path)), Library.open(tmp_path)
    roll_back(name, tmp_path)
    assert found(Library.open(tmp_path)) == before
    assert found(late) == after
    roll_back(late.generation, tmp_path)
    assert found(Library.open(tmp_path)) == after
    ingest(ALL, tmp_path)
    assert {hit[0] for hits in found(Library.open(tmp_path)).values() for hit in hits} >= {
        path.stem for path in ALL
    }


def test_rows_that_no_generation_needs_are_removed(setting: str, tmp_path: Path) -> None:
    for _ in range(4):
        ingest(ALL, tmp_path, keep=1)
        remove(ALL[0].stem, tmp_path, keep=1)
    needed, kept = rows(setting, tmp_path)
    assert needed < kept, "the row of a document stays for the generation before"
    remove(ALL[1].stem, tmp_path, keep=1)
    remove(ALL[2].stem, tmp_path, keep=1)
    kept = rows(setting, tmp_path)[1]
    assert kept < needed
    assert len(own_collections(setting, tmp_path)) == 1


def test_a_killed_writer_leaves_the_old_state_or_the_new_one(setting: str, tmp_path: Path) -> None:
    store, folder = tmp_path / "store", tmp_path / "many"
    folder.mkdir()
    for number in range(120):
        shutil.copy(ALL[number % len(ALL)], folder / f"d{number:03}.txt")
    ingest(ALL[:1], store)
    before, old = found(Library.open(store)), rows(setting, store)[1]
    command = [sys.executable, "-m", "ui.cli", "ingest", str(folder), "--store", str(store), "--quiet"]
    environment = {**os.environ, "ZHENGWEN_INDEX": setting}
    with subprocess.Popen(command, cwd=REPOSITORY, env=environment, stdout=subprocess.DEVNULL) as writer:
        while writer.poll() is None and rows(setting, store)[1] == old:
            time.sleep(0.01)
        writer.send_signal(signal.SIGKILL)
    assert found(Library.open(store)) == before
    needed, kept = rows(setting, store)
    assert kept > needed == old, "it was killed too early or too late for this test to say anything"
    ingest([folder], store, keep=1)
    needed, kept = rows(setting, store)
    assert needed == kept, "what the killed writer left is gone"
    assert len({hit.source for hit in Library.open(store).search("冷藏车", limit=40)}) > 10


def test_stores_on_one_server_keep_apart_even_when_one_is_a_copy(setting: str, tmp_path: Path) -> None:
    one, other, copy = tmp_path / "one", tmp_path / "other", tmp_path / "copy"
    ingest(ALL, one)
    ingest(ALL[:2], other)
    before = found(Library.open(one)), found(Library.open(other))
    assert before[0] != before[1]
    shutil.copytree(one, copy)
    with pytest.raises(StaleIndexError):
        Library.open(copy)
    start(copy)
    assert found(Library.open(copy)) == before[0]
    remove(ALL[0].stem, copy)
    assert (found(Library.open(one)), found(Library.open(other))) == before


def test_what_a_server_lost_is_noticed_and_made_anew(setting: str, tmp_path: Path) -> None:
    ingest(ALL, tmp_path)
    library = Library.open(tmp_path)
    before = found(library)
    library.ready()
    held = held_by(library, tmp_path)
    server(setting).delete(held.collection, state.of_versions([held.sources[ALL[0].stem].version]))
    with pytest.raises(IndexUnreachable, match="不完整"):
        open_dense(Store.open(tmp_path).generation).rows(ALL[0].stem)
    with pytest.raises(StaleIndexError):
        Library.open(tmp_path)
    start(tmp_path)
    library = Library.open(tmp_path)
    assert found(library) == before
    server(setting).drop(held_by(library, tmp_path).collection)
    changed = [ALL[0].stem]
    with Store.open(tmp_path).write() as draft, pytest.raises(IndexUnreachable, match="不完整"):
        index.update(draft, load_encoder(), changed=changed, added=[])
    start(tmp_path)
    assert found(Library.open(tmp_path)) == before


def test_a_backup_comes_back_whole(setting: str, tmp_path: Path) -> None:
    store, file = tmp_path / "store", tmp_path / "backup.tar"
    ingest(ALL, store)
    before = found(Library.open(store))
    Store.open(store).backup(file)
    for path in ALL[:3]:
        remove(path.stem, store, keep=1)
    Store.restore(store, file)
    start(store)
    assert found(Library.open(store)) == before


def test_there_and_back(setting: str, tmp_path: Path) -> None:
    ingest(ALL, tmp_path)
    there = found(Library.open(tmp_path))
    index.choose(None)
    try:
        with pytest.raises(StaleIndexError):
            Library.open(tmp_path)
        start(tmp_path)
        remove(ALL[0].stem, tmp_path)
        assert found(Library.open(tmp_path)) != there
    finally:
        index.choose(setting)
    with pytest.raises(StaleIndexError):  # it did not see that a document was taken out
        Library.open(tmp_path)
    ingest(ALL, tmp_path)
    assert found(Library.open(tmp_path)) == there


def test_a_service_says_that_its_server_is_gone_and_goes_on_when_it_is_back(tmp_path: Path) -> None:
    port, store, data = free_port(), tmp_path / "store", tmp_path / "data"
    chosen = f"milvus:http://127.0.0.1:{port}"
    asked = {"question": "购买冷藏车补助多少", "as_of": "2024-10-01"}
    command = [sys.executable, "-m", "ui.cli", "ingest", *map(str, ALL), "--store", str(store)]
    environment = {**os.environ, "ZHENGWEN_INDEX": chosen}
    refused = subprocess.run(command, cwd=REPOSITORY, env=environment, capture_output=True, text=True)
    assert refused.returncode == 1
    assert f"Milvus http://127.0.0.1:{port}" in refused.stderr
    assert "办法：" in refused.stderr
    with running(data, port):
        subprocess.run(command, cwd=REPOSITORY, env=environment, capture_output=True, check=True)
        with served("ui.cli", "serve", "--port", "0", "--store", str(store), ZHENGWEN_INDEX=chosen) as site:
            assert fetch(f"{site}/readyz").status == 200
            answer = fetch(f"{site}/api/v1/ask", data=asked).json
            assert answer["status"] == "answered"
            os.kill(_listening(port), signal.SIGKILL)
            reply = fetch(f"{site}/readyz")
            assert (reply.status, "索引服务器" in reply.text) == (503, True)
            other = fetch(f"{site}/api/v1/ask", data={**asked, "question": "质量奖奖励多少钱"})
            assert (other.status, "索引服务器" in other.text) == (503, True)
            assert fetch(f"{site}/healthz").status == 200
            with running(data, port):
                for _ in range(100):
                    if fetch(f"{site}/readyz").status == 200:
                        break
                    time.sleep(0.2)
                again = fetch(f"{site}/api/v1/ask", data=asked).json
    del answer["elapsed_ms"], again["elapsed_ms"]
    assert again == answer


def _listening(port: int) -> int:
    """Return the process that was told to listen on a port."""
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                words = (folder / "cmdline").read_bytes().decode().split("\0")
            except OSError:
                continue
            if "milvus_lite" in words and str(port) in words:
                return int(folder.name)
    raise AssertionError(f"nobody listens on {port}")


def test_a_file_that_another_program_holds_is_told(tmp_path: Path) -> None:
    with (
        running(tmp_path / "held.db", free_port()),
        pytest.raises(IndexUnreachable, match="只能由一个程序打开"),
    ):
        connect(parse(f"milvus:{tmp_path}/held.db"))


def test_a_missing_client_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pymilvus", None)
    with pytest.raises(IndexUnreachable, match=r"zhengwen\[milvus\]"):
        connect(parse("milvus:nowhere.db"))


@pytest.mark.parametrize(
    ("written", "uri", "token", "database"),
    [
        ("milvus:http://127.0.0.1:19530", "http://127.0.0.1:19530", "", ""),
        ("milvus:https://zw:a%40b@milvus.example.cn:443/zw", "https://milvus.example.cn:443", "zw:a@b", "zw"),
        ("milvus:http://[::1]:19530/", "http://[::1]:19530", "", ""),
        ("milvus:/var/lib/zhengwen/index.db", "/var/lib/zhengwen/index.db", "", ""),
    ],
)
def test_addresses(written: str, uri: str, token: str, database: str) -> None:
    address = parse(written)
    assert (address.uri, address.token, address.database) == (uri, token, database)
    assert "a@b" not in f"{address!r} {address.shown}"


@pytest.mark.parametrize("written", ["milvus", "milvus:", "milvus:index", "http://127.0.0.1:19530", "files"])
def test_what_is_no_address_is_refused(written: str) -> None:
    with pytest.raises(ValueError):
        parse(written)


numbers = st.sets(st.integers(1, 40))


@given(living=numbers, gone=numbers, last=st.integers(0, 40))
def test_a_generation_sees_its_own_versions_only(living: set[int], gone: set[int], last: int) -> None:
    living = {number for number in living if number <= last}
    gone -= living
    sources = {f"d{number}": Listed(number, 1, 1, 1) for number in living}
    condition = state.seen(State("", "", "", last, tuple(sorted(gone)), sources))
    for version in living | gone | set(range(last + 1, 50)):
        assert eval(condition, {"version": version}) == (version in living)  # noqa: S307 – made above


@given(
    added=st.lists(
        st.dictionaries(st.integers(0, 2**32 - 2), st.integers(-5, 5), max_size=30).map(Counter), max_size=12
    )
)
def test_counts_are_the_sum_of_all_changes(
    tmp_path_factory: pytest.TempPathFactory, added: list[Counter[int]]
) -> None:
    folder, names, total = tmp_path_factory.mktemp("counts"), (), Counter[int]()
    for number, changes in enumerate(added):
        names = counts.add(folder, names, changes, f"c{number}")
        for term, change in changes.items():
            total[term] += change
    asked = [*total, 7, 2**32 - 2]
    assert counts.Counts(folder, names).of(asked) == [total[term] for term in asked]
    assert {path.stem for path in folder.glob("*.npy")} == set(names)
    assert len(names) <= 6


def test_a_cause_of_another_kind_is_no_reason_to_touch_the_index(setting: str, tmp_path: Path) -> None:
    ingest(ALL[:1], tmp_path)
    before = rows(setting, tmp_path)
    with Store.open(tmp_path).write(Cause("review")) as draft:
        draft.rebuild()
    assert rows(setting, tmp_path) == before
    assert found(Library.open(tmp_path))
