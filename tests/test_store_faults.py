"""The store under faults: killed writers, damaged files, a lost pointer."""

import os
import random
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from graph.rdf.triples import triples
from graph.storage.store import Store, StoreDamaged, StoreError
from tests.made_records import small_record

REPOSITORY = Path(__file__).parent.parent


def put(store, *rows):
    with store.write() as draft:
        for record in rows:
            draft.put(record, record.policy.text.encode(), f"{record.policy.source}.txt")
        index = draft.part("lexical")
        (index / "new").write_text(",".join(draft.sources))
        (index / "new").replace(index / "sources")


def consistent(generation):
    """Graph, records, originals and index of a generation tell of the same documents."""
    expected = {str(quad) for source in generation.sources for quad in triples(generation.record(source))}
    assert set(map(str, generation.graph)) == expected
    assert (generation.part("lexical") / "sources").read_text() == ",".join(generation.sources)
    for source in generation.sources:
        assert generation.original(source) == generation.record(source).policy.text.encode()


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    path = tmp_path_factory.mktemp("made") / "store"
    store = Store.open(path)
    put(store, small_record("a"))
    put(store, small_record("b"))
    return path


def files(folder):
    return sorted(
        path.relative_to(folder) for path in folder.rglob("*") if path.is_file() and path.stat().st_size
    )


def flip(path, number):
    data = bytearray(path.read_bytes())
    data[number * 7919 % len(data)] ^= 1 << (number % 8)
    path.write_bytes(data)


def cut(path, number):
    os.truncate(path, path.stat().st_size * (number % 3) // 3)


@pytest.mark.parametrize("damage", [flip, cut, lambda path, _: path.unlink()], ids=["flip", "cut", "lose"])
def test_damage_to_any_file_is_found_and_told(made, tmp_path, damage):
    names = files(made)
    assert len(names) > 15
    for number, name in enumerate(names):
        copy = tmp_path / str(number)
        shutil.copytree(made, copy)
        damage(copy / name, number)
        store = Store.open(copy)
        if name.parts[0] == "objects":
            assert store.generation.damage()
            assert any("重新导入" in warning for warning in store.warnings)
        else:
            consistent(store.generation)
        if name.parts[:2] == ("generations", "g000002"):
            assert store.generation.name == "g000001"
            assert any("上一代" in warning for warning in store.warnings)
            if number % 5 == 0:
                put(store, small_record("c"))
                assert store.warnings == ()
                consistent(Store.open(copy).generation)
        elif name.name == "CURRENT" and len(name.parts) == 1:
            assert store.generation.name in ("g000001", "g000002")
            assert store.warnings
        shutil.rmtree(copy)


def test_a_store_with_no_good_generation_says_what_to_do(made, tmp_path):
    copy = tmp_path / "store"
    shutil.copytree(made, copy)
    for manifest in copy.rglob("manifest.json"):
        manifest.write_bytes(b"{}")
    with pytest.raises(StoreDamaged, match="请用备份恢复"):
        Store.open(copy)


def test_a_newer_format_is_not_touched(made, tmp_path):
    copy = tmp_path / "store"
    shutil.copytree(made, copy)
    from graph.storage.durable import digest

    folder = copy / "generations" / "g000002"
    data = (folder / "manifest.json").read_bytes().replace(b'"format":3', b'"format":99')
    (folder / "manifest.json").write_bytes(data)
    (folder / "manifest.sha256").write_text(digest(data))
    with pytest.raises(StoreError, match="升级"):
        Store.open(copy)


def test_putting_a_document_again_mends_its_damaged_objects(made, tmp_path):
    copy = tmp_path / "store"
    shutil.copytree(made, copy)
    for path in (copy / "objects").rglob("*"):
        if path.is_file():
            path.write_bytes(b"")
    store = Store.open(copy)
    put(store, small_record("a"), small_record("b"))
    consistent(store.generation)
    assert store.generation.damage() == ()


def test_an_unfinished_generation_is_not_seen_and_swept(made, tmp_path):
    copy = tmp_path / "store"
    shutil.copytree(made, copy)
    generations = copy / "generations"
    shutil.copytree(generations / "g000002", generations / "g000003")  # killed before the pointer turned
    (generations / ".draft-g000004").mkdir()
    (copy / "objects" / "ab").mkdir(exist_ok=True)
    (copy / "objects" / "ab" / ("ab" * 32)).write_bytes(b"stray")
    store = Store.open(copy)
    assert store.generation.name == "g000002"
    assert store.warnings == ()
    put(store, small_record("c"))
    assert {path.name for path in generations.iterdir()} == {"g000001", "g000002", store.generation.name}
    assert not (copy / "objects" / "ab" / ("ab" * 32)).exists()


CHILD = """
import sys
from pathlib import Path
from graph.storage.store import Store
from tests.made_records import small_record
from tests.test_store_faults import put
store = Store.open(Path(sys.argv[1]))
print("ready", flush=True)
for i in range(1000):
    put(store, small_record("a", i % 7), small_record(f"n{i}", 20))
    print(store.generation.name, flush=True)
"""


@pytest.mark.parametrize("seed", range(4))
def test_a_killed_writer_leaves_the_old_state_or_the_new_one(tmp_path, seed):
    put(Store.open(tmp_path), small_record("a"))
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(tmp_path)], cwd=REPOSITORY, stdout=subprocess.PIPE, text=True
    )
    chance = random.Random(seed)  # noqa: S311
    assert child.stdout.readline() == "ready\n"
    acknowledged = "g000001"
    for _ in range(chance.randrange(3)):
        acknowledged = child.stdout.readline().strip()
    try:
        child.wait(timeout=chance.random() * 0.4)
    except subprocess.TimeoutExpired:
        child.send_signal(signal.SIGKILL)
    acknowledged = (child.communicate()[0].split() or [acknowledged])[-1]
    store = Store.open(tmp_path)
    assert store.warnings == ()
    assert store.generation.name >= acknowledged
    consistent(store.generation)
    put(store, small_record("after"))
    consistent(store.generation)
    assert not [path for path in (tmp_path / "generations").iterdir() if path.name.startswith(".")]
