"""The store: publishing, reading on, replacing, removing, keeping generations, backing up."""

import errno
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.rdf.triples import triples
from graph.records import encode
from graph.storage.generations import addresses, unnamed
from graph.storage.store import KEEP, Store, StoreBusy, StoreError
from tests.made_records import records, small_record

REPOSITORY = Path(__file__).parent.parent


def put(store, *rows):
    with store.write() as draft:
        for record in rows:
            draft.put(record, record.policy.text.encode(), f"{record.policy.source}.txt")


def quads(store):
    return sorted(map(str, store.generation.graph))


def test_an_empty_store_has_no_generation(tmp_path):
    store = Store.open(tmp_path / "new" / "store")
    assert store.generation is None
    assert store.warnings == ()
    assert not store.refresh()


def test_what_is_put_is_read_again_in_another_process_too(tmp_path):
    record = small_record("a")
    put(Store.open(tmp_path), record)
    generation = Store.open(tmp_path).generation
    assert generation.sources == ("a",)
    assert generation.record("a") == record
    assert generation.original("a") == record.policy.text.encode()
    assert generation.documents[0].name == "a.txt"
    assert {str(q) for q in triples(record)} == set(map(str, generation.graph))


def test_an_unknown_document_is_said_to_be_unknown(tmp_path):
    store = Store.open(tmp_path)
    put(store, small_record("a"))
    with pytest.raises(StoreError, match="没有这份文件"):
        store.generation.record("b")
    with pytest.raises(StoreError, match="没有这份文件"), store.write() as draft:
        draft.remove("b")
    assert store.generation.name == "g000001"


def test_replacing_leaves_nothing_of_the_old_document(tmp_path):
    store = Store.open(tmp_path)
    put(store, small_record("a", 9, mark="旧"), small_record("b"))
    put(store, small_record("a", 2, mark="新"))
    put(fresh := Store.open(tmp_path / "fresh"), small_record("a", 2, mark="新"), small_record("b"))
    assert quads(store) == quads(fresh)


def test_shared_descriptions_last_as_long_as_something_rests_on_them(tmp_path):
    store = Store.open(tmp_path)
    put(store, small_record("a"), small_record("b"), small_record("c", jurisdiction="丁市"))

    def names():
        return {row[0] for row in store.generation.query("SELECT ?n { ?x skos:prefLabel|skos:altLabel ?n }")}

    everything = names()
    with store.write() as draft:
        draft.remove("a")
    assert names() == everything
    with store.write() as draft:
        draft.remove("b")
    assert "丁市" in names()
    assert "丙县" not in names()
    with store.write() as draft:
        draft.remove("c")
    assert list(store.generation.graph) == []
    assert store.generation.sources == ()


def test_removing_reaches_graph_record_and_original(tmp_path):
    store = Store.open(tmp_path)
    put(store, small_record("a"), small_record("b"))
    with store.write() as draft:
        draft.remove("a")
        assert draft.changed == {"a"}
    assert store.generation.sources == ("b",)
    assert not any("cn-a" in quad for quad in quads(store))
    store.prune()
    kept = {path.read_bytes() for path in (tmp_path / "objects").rglob("*") if path.is_file()}
    assert kept == {small_record("b").policy.text.encode(), encode(small_record("b"))}


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(record=records("x"), other=records("y"))
def test_putting_twice_is_putting_once_and_removing_undoes_it(record, other, tmp_path_factory):
    store = Store.open(tmp_path_factory.mktemp("twice"))
    put(store, other)
    before = quads(store)
    put(store, record)
    once = quads(store)
    put(store, record)
    assert quads(store) == once
    with store.write() as draft:
        draft.put(record, b"", "x")
        draft.remove("x")
    assert quads(store) == before


def test_a_draft_without_changes_makes_no_generation(tmp_path):
    store = Store.open(tmp_path)
    put(store, small_record("a"))
    with store.write():
        pass
    assert store.generation.name == "g000001"
    assert [p.name for p in (tmp_path / "generations").iterdir()] == ["g000001"]


def test_an_exception_drops_the_draft(tmp_path):
    store = Store.open(tmp_path)
    put(store, small_record("a"))
    before = sorted(tmp_path.rglob("*"))

    def fail():
        with store.write() as draft:
            draft.put(small_record("b"), b"b", "b")
            draft.part("lexical").joinpath("index").write_bytes(b"half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    left = [path for path in sorted(tmp_path.rglob("*")) if path not in before and not path.is_dir()]
    assert left == []
    assert Store.open(tmp_path).generation.sources == ("a",)


@pytest.mark.parametrize(("code", "what"), [(errno.ENOSPC, "磁盘空间不足"), (errno.EROFS, "只读")])
def test_a_full_or_read_only_disk_is_told_and_nothing_is_lost(tmp_path, monkeypatch, code, what):
    store = Store.open(tmp_path)
    put(store, small_record("a"))

    def refuse(self, data):
        raise OSError(code, "no", str(self))

    monkeypatch.setattr(Path, "write_bytes", refuse)
    with pytest.raises(StoreError, match=what):
        put(store, small_record("b"))
    monkeypatch.undo()
    assert Store.open(tmp_path).generation.sources == ("a",)
    put(store, small_record("b"))
    assert store.generation.sources == ("a", "b")


def test_the_callers_own_file_errors_stay_the_callers(tmp_path):
    store = Store.open(tmp_path)
    with pytest.raises(FileNotFoundError), store.write():
        (tmp_path / "nowhere").read_bytes()


def test_parts_are_carried_on_and_replaced_without_touching_the_base(tmp_path):
    store = Store.open(tmp_path)
    with store.write() as draft:
        (draft.part("lexical") / "a").write_bytes(b"1")
        (draft.part("lexical") / "b").write_bytes(b"1")
    first = store.generation
    with store.write() as draft:
        fresh = draft.part("lexical") / "a.new"
        fresh.write_bytes(b"2")
        fresh.replace(draft.part("lexical") / "a")
    assert (first.part("lexical") / "a").read_bytes() == b"1"
    assert (store.generation.part("lexical") / "a").read_bytes() == b"2"
    assert (store.generation.part("lexical") / "b").samefile(first.part("lexical") / "b")


def test_writing_in_place_is_refused(tmp_path):
    store = Store.open(tmp_path)
    with store.write() as draft:
        (draft.part("lexical") / "a").write_bytes(b"1")
    with pytest.raises(StoreError, match="就地改写"), store.write() as draft:
        (draft.part("lexical") / "a").write_bytes(b"22")


@pytest.mark.parametrize("name", ["graph", "../x", "a/b", "", ".x"])
def test_a_part_has_a_plain_name(tmp_path, name):
    with pytest.raises(ValueError), Store.open(tmp_path).write() as draft:
        draft.part(name)


def test_a_reader_goes_on_with_its_generation_until_it_refreshes(tmp_path):
    writer = Store.open(tmp_path)
    put(writer, small_record("a"))
    reader = Store.open(tmp_path)
    old = reader.generation
    for i in range(KEEP + 3):
        put(writer, small_record("b", i))
    assert old.sources == ("a",)
    assert set(map(str, old.graph)) == set(map(str, triples(small_record("a"))))
    assert old.record("a") == small_record("a")
    assert reader.refresh()
    assert reader.generation.sources == ("a", "b")
    assert not reader.refresh()


def test_old_generations_go_when_no_one_reads_them(tmp_path):
    store = Store.open(tmp_path)
    for i in range(KEEP + 3):
        put(store, small_record("a", i))
    names = sorted(path.name for path in (tmp_path / "generations").iterdir())
    assert names == [f"g{i:06d}" for i in range(4, 4 + KEEP)]
    objects = [path for path in (tmp_path / "objects").rglob("*") if path.is_file()]
    assert len(objects) == 2 * KEEP


def test_a_second_writer_is_refused(tmp_path):
    first, second = Store.open(tmp_path), Store.open(tmp_path)
    with first.write() as draft:
        draft.put(small_record("a"), b"a", "a")
        with pytest.raises(StoreBusy, match="正在写入"), second.write():
            pass
    put(second, small_record("b"))
    assert second.generation.sources == ("a", "b")


def test_readers_in_other_processes_while_a_writer_publishes(tmp_path):
    writer = Store.open(tmp_path)
    put(writer, small_record("a"))
    code = (
        "import sys; from pathlib import Path; from graph.storage.store import Store\n"
        "store = Store.open(Path(sys.argv[1])); print('ready', flush=True)\n"
        "for line in sys.stdin:\n"
        "    store.refresh(); g = store.generation\n"
        "    n = len(g.query('SELECT ?p { ?p pol:source ?s }'))\n"
        "    assert n == len(g.sources), (n, g.sources)\n"
        "    print(n, flush=True)\n"
    )
    readers = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(tmp_path)],
            cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for _ in range(2)
    ]  # fmt: skip
    assert [reader.stdout.readline() for reader in readers] == ["ready\n"] * 2
    for i in range(4):
        put(writer, small_record(f"b{i}"))
        for reader in readers:
            reader.stdin.write("\n")
            reader.stdin.flush()
        assert [int(reader.stdout.readline()) for reader in readers] == [i + 2] * 2
    for reader in readers:
        reader.communicate()
        assert reader.returncode == 0


def test_threads_share_a_generation_during_publishes(tmp_path):
    store = Store.open(tmp_path)
    put(store, small_record("a", 5))
    reader, wrong, done = Store.open(tmp_path), [], threading.Event()

    def read():
        while not done.is_set():
            generation = reader.generation
            found = generation.query("SELECT ?s { ?p pol:source ?s }")
            if {row[0] for row in found} != set(generation.sources):
                wrong.append(generation.name)

    threads = [threading.Thread(target=read) for _ in range(6)]
    for thread in threads:
        thread.start()
    for i in range(5):
        put(store, small_record(f"b{i}"))
        reader.refresh()
    done.set()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert reader.generation.sources[-1] == "b4"


@settings(max_examples=8, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 3)), max_size=6))
def test_any_row_of_puts_and_removes_leaves_what_a_fresh_store_has(tmp_path_factory, steps):
    store = Store.open(tmp_path_factory.mktemp("steps"))
    held = {}
    for source, clauses in steps:
        if clauses:
            held[source] = small_record(source, clauses)
            put(store, held[source])
        elif source in held:
            del held[source]
            with store.write() as draft:
                draft.remove(source)
    if held:
        fresh = Store.open(tmp_path_factory.mktemp("fresh"))
        put(fresh, *held.values())
        assert quads(store) == quads(fresh)
        assert store.generation.sources == tuple(sorted(held))


def test_rebuilding_gives_the_same_graph(tmp_path):
    store = Store.open(tmp_path)
    put(store, small_record("a"), small_record("b"))
    before = quads(store)
    with store.write() as draft:
        draft.rebuild()
    assert quads(store) == before
    assert store.generation.name == "g000002"


def test_importing_the_store_stays_cheap():
    code = (
        "import sys, graph.storage.store, graph.queries; "
        "print([m for m in ('rdflib', 'pyshacl', 'networkx', 'faiss', 'numpy') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"


def test_many_documents_go_to_the_graph_in_several_pours(tmp_path, monkeypatch):
    rows = [small_record(f"d{i}", 1 + i % 3) for i in range(12)]
    put(plain := Store.open(tmp_path / "plain"), *rows)
    monkeypatch.setattr("graph.quadstores.embedded._PENDING", 150)
    monkeypatch.setattr("graph.quadstores.embedded._BULK", 100)
    store = Store.open(tmp_path / "poured")
    with store.write() as draft:
        for record in (*rows, small_record("d3", 3), small_record("gone")):
            draft.put(record, record.policy.text.encode(), f"{record.policy.source}.txt")
        draft.put(rows[3], rows[3].policy.text.encode(), "d3.txt")
        draft.remove("gone")
    assert quads(store) == quads(plain)


def test_a_manifest_is_decoded_once_however_often_it_is_read(tmp_path):
    store = Store.open(tmp_path)
    put(store, small_record("a"))
    assert Store.open(tmp_path).generation.manifest is store.generation.manifest


@pytest.mark.parametrize("many", [1, 100])
def test_addresses_that_no_manifest_names_are_told(tmp_path, many):
    store = Store.open(tmp_path)
    put(store, small_record("a"))
    folder, held = store.generation.path, set(store.generation.manifest.objects())
    strange = {f"{number:064x}" for number in range(many)}
    assert held <= addresses(folder)
    assert unnamed(folder, held | strange) == strange
