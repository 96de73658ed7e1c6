"""Graphs on a server: the same as in the folder, never another generation's, mended after a death."""

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode

from graph.quadstores.choice import chosen
from graph.quadstores.client import Client, GraphUnreachable, Place
from graph.quadstores.door import QueryError, StaleGraph
from graph.quadstores.embedded import Embedded
from graph.quadstores.server import Server
from graph.queries import duties_of_unit, select, units
from graph.storage.journal import Cause
from graph.storage.store import Store, StoreError
from qa.library import Library
from tests.doors import Doors, environment
from tests.made_library import AS_OF, made_store
from tests.made_records import small_record
from tests.virtuoso import clear


@pytest.fixture(params=["server", "standard"])
def doors(request: pytest.FixtureRequest) -> Doors:
    place = request.getfixturevalue(request.param)
    return Doors(Server(place), place)


def put(store: Store, *rows, cause: Cause = Cause()) -> None:  # noqa: B008 – a frozen value
    with store.write(cause) as draft:
        for record in rows:
            draft.put(record, record.policy.text.encode(), f"{record.policy.source}.txt")


def statements(store: Store) -> list[str]:
    """The statements of a store without the names of their graphs: places have one each on a server."""
    return sorted(f"{q.subject} {q.predicate} {q.object}" for q in store.generation.graph)


def as_fresh(store: Store, tmp_path: Path) -> bool:
    """Tell whether the graph is that of a new store in a folder with the same documents."""
    folder = tmp_path / f"fresh-{store.generation.name}"
    shutil.rmtree(folder, ignore_errors=True)
    fresh = Store.open(folder, quads=Embedded())
    put(fresh, *(store.generation.record(source) for source in store.generation.sources))
    return statements(store) == (statements(fresh) if fresh.generation else [])


class Dying(Client):
    """A client whose program dies before its n-th request that writes."""

    left = 10**6

    def _call(self, method, graph, **given):
        if method != "GET":
            self.left -= 1
            if self.left < 0:
                raise KeyboardInterrupt
        return super()._call(method, graph, **given)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.integers(0, 3), st.sampled_from(["丙县", "丁市", None])),
        max_size=6,
    )
)
def test_any_row_of_puts_and_removes_leaves_what_a_fresh_folder_has(doors, tmp_path_factory, steps):
    store, held = doors.open(tmp_path_factory.mktemp("steps")), set()
    for source, clauses, place in steps:
        if clauses:
            held.add(source)
            put(store, small_record(source, clauses, jurisdiction=place))
        elif source in held:
            held.remove(source)
            with store.write() as draft:
                draft.remove(source)
    if store.generation:
        assert as_fresh(store, tmp_path_factory.mktemp("fresh"))


@pytest.mark.parametrize("requests", range(9))
def test_a_writer_that_dies_is_found_out_and_mended_by_the_next(doors, tmp_path, requests, monkeypatch):
    monkeypatch.setattr("graph.quadstores.server._PATIENCE", 0.1)
    store = doors.open(tmp_path / "s")
    put(store, small_record("a"), small_record("b"), small_record("c", jurisdiction="丁市"))
    dying = Server(doors.place)
    dying._client = client = Dying(doors.place)
    store = Store.open(tmp_path / "s", quads=dying)
    before, client.left = store.generation, requests
    died = False
    try:
        with store.write() as draft:
            draft.put(small_record("a", 5, mark="新"), b"", "a.txt")
            draft.put(small_record("d", jurisdiction="己州"), b"", "d.txt")
            draft.remove("c")
    except KeyboardInterrupt:
        died = True
    opened = Store.open(tmp_path / "s", quads=doors.quads)
    if died and requests:
        assert opened.generation.name == before.name
        with pytest.raises(StaleGraph, match="zhengwen graph"):
            units_by_graph(opened)
    else:
        assert units_by_graph(opened)
    put(opened, small_record("e"))
    assert as_fresh(opened, tmp_path)


def units_by_graph(store: Store):
    return duties_of_unit(store.generation, "县财政局")


def test_a_reader_of_an_older_generation_is_told_and_never_answered_wrongly(doors, tmp_path):
    store = doors.open(tmp_path / "s")
    put(store, small_record("a"))
    old = store.generation
    assert units_by_graph(store)
    put(store, small_record("b"))
    with pytest.raises(StaleGraph):
        duties_of_unit(old, "县财政局")
    with pytest.raises(StaleGraph):
        select(old, "ASK { ?s ?p ?o }")
    assert len(units(old)) == 3  # out of the catalog, which is the generation's own


def test_going_back_and_restoring_bring_the_graph_along(doors, tmp_path):
    store = doors.open(tmp_path / "s")
    put(store, small_record("a"), small_record("b"))
    first = store.generation.name
    store.backup(tmp_path / "b.tar")
    put(store, small_record("c", jurisdiction="丁市"))
    with store.write() as draft:
        draft.remove("a")
    with store.write(Cause("rollback", of=first)):
        pass
    assert store.generation.sources == ("a", "b")
    assert as_fresh(store, tmp_path)
    put(store, small_record("d"))
    restored = Store.restore(tmp_path / "s", tmp_path / "b.tar", quads=doors.quads)
    assert restored.generation.sources == ("a", "b")
    assert as_fresh(restored, tmp_path)


def test_a_backup_of_a_folder_comes_back_on_a_server_and_the_other_way(doors, tmp_path):
    store = Store.open(tmp_path / "s", quads=Embedded())
    put(store, small_record("a"), small_record("b"))
    store.backup(tmp_path / "b.tar")
    clear(doors.place)
    moved = Store.restore(tmp_path / "t", tmp_path / "b.tar", quads=doors.quads)
    assert as_fresh(moved, tmp_path)
    moved.backup(tmp_path / "c.tar")
    back = Store.restore(tmp_path / "u", tmp_path / "c.tar", quads=Embedded())
    assert statements(back) == statements(store)


def test_a_store_moves_to_a_server_and_back(doors, tmp_path):
    put(Store.open(tmp_path / "s", quads=Embedded()), small_record("a"), small_record("b"))
    clear(doors.place)
    moved = Store.open(tmp_path / "s", quads=doors.quads)
    with pytest.raises(StaleGraph, match="zhengwen graph"):
        units_by_graph(moved)
    put(moved, small_record("c"))
    assert as_fresh(moved, tmp_path)
    back = Store.open(tmp_path / "s", quads=Embedded())
    with pytest.raises(StaleGraph, match="ZHENGWEN_GRAPH"):
        units_by_graph(back)
    put(back, small_record("d"))
    assert as_fresh(back, tmp_path)


def test_another_store_is_kept_off_unless_it_is_told_to_take_over(doors, tmp_path):
    first = doors.open(tmp_path / "s")
    put(first, small_record("a"))
    second = Store.open(tmp_path / "t", quads=doors.quads)
    with pytest.raises(StoreError, match="另一个知识库"):
        put(second, small_record("b"))
    assert second.generation is None
    assert units_by_graph(first)
    with second.write() as draft:
        draft.put(small_record("b"), b"", "b.txt")
        draft.rebuild()
    assert as_fresh(second, tmp_path)
    with pytest.raises(StaleGraph):
        units_by_graph(first)


def test_two_stores_of_other_names_share_a_server_and_not_their_writing(doors, tmp_path):
    clear(doors.place)
    first = Store.open(tmp_path / "s", "https://one.example/id", quads=doors.quads)
    second = Store.open(tmp_path / "t", "https://two.example/id", quads=doors.quads)
    put(first, small_record("a"), small_record("b"))
    put(second, small_record("a", 1))
    with first.write() as draft:
        draft.remove("b")
    for store, clauses in ((first, 3), (second, 1)):
        store.generation.graph.check()
        names = {quad.graph_name.value for quad in store.generation.graph}
        assert all(name.startswith(store.generation.base) for name in names)
        assert len(duties_of_unit(store.generation, "县财政局", ("responsible",))) == clauses


def test_without_its_server_a_store_says_so_and_nothing_changes(doors, tmp_path, monkeypatch):
    shutil.copytree(made_store(), tmp_path / "s")
    doors.lend(Store.open(tmp_path / "s", quads=doors.quads))
    gone = Place("http://127.0.0.1:9/sparql", "http://127.0.0.1:9/data", "writer", "a secret of ours")
    with environment(monkeypatch, gone):
        library = Library.open(tmp_path / "s")
        store = Store.open(tmp_path / "s")
        with pytest.raises(GraphUnreachable, match="连不上") as caught:
            library.ready()
        assert gone.password not in f"{caught.value} {gone!r}"
        name = store.generation.name
        with pytest.raises(GraphUnreachable):
            put(store, small_record("x"))
        with pytest.raises(GraphUnreachable):
            select(store.generation, "ASK { ?s ?p ?o }")
        assert Store.open(tmp_path / "s").generation.name == name
        asked = "新建一家农家书屋奖励多少？"
        told = library.ask(asked, as_of=AS_OF)
    assert told.answer == Library.open(made_store()).ask(asked, as_of=AS_OF).answer


def test_a_library_follows_a_graph_that_has_moved_on(doors, tmp_path, monkeypatch):
    shutil.copytree(made_store(), tmp_path / "s")
    store = Store.open(tmp_path / "s", quads=doors.quads)
    doors.lend(store)
    with environment(monkeypatch, doors.place):
        library = Library.open(tmp_path / "s")
        with store.write() as draft:
            draft.rebuild()
        library.ready()
        assert library.generation == store.generation.name


def test_a_result_that_the_server_cuts_is_no_result(server, tmp_path):
    doors = Doors(Server(server), server)
    store = doors.open(tmp_path / "s")
    put(store, small_record("a"))
    many = NamedNode("https://zhengwen.example/id/many")
    client = Client(doors.place)
    rows = [f'{many} <http://a.example/p> "{i}" .'.encode() for i in range(10_500)]
    client.write(many, rows)
    with pytest.raises(GraphUnreachable, match="ResultSetMaxRows"):
        store.generation.query(f"SELECT ?o WHERE {{ {many} ?p ?o }}")
    with pytest.raises(GraphUnreachable, match="ResultSetMaxRows"):
        client.read(many)
    found = select(store.generation, f"SELECT ?o WHERE {{ {many} ?p ?o }}", limit=20_000)
    assert (len(found.rows), found.truncated) == (10_000, True)
    found = select(store.generation, f"CONSTRUCT WHERE {{ {many} ?p ?o }}", limit=20_000)
    assert found.truncated


@pytest.mark.parametrize(
    "query",
    [
        "DEFINE get:soft 'soft' SELECT * { ?s ?p ?o }",
        "PREFIX b: <bif:> SELECT (b:file_to_string('x') AS ?x) {}",
        "BASE <bif:> SELECT (<file_to_string>('x') AS ?x) {}",
        r"SELECT (<\u0062if:file_to_string>('x') AS ?x) {}",
        "SELECT (sql:x('x') AS ?x) {}",
        "SELECT * { ?s bif:contains 'x' }",
    ],
)
def test_only_standard_words_go_to_the_server(doors, tmp_path, query):
    store = doors.open(tmp_path / "s")
    put(store, small_record("a"))
    with pytest.raises(QueryError):
        select(store.generation, query)


@pytest.mark.parametrize("address", ["没有", "ftp://a/b", "http://user:word@a/b", "http://"])
def test_an_address_that_is_none_is_told(monkeypatch, address):
    monkeypatch.setenv("ZHENGWEN_GRAPH", address)
    monkeypatch.setenv("ZHENGWEN_GRAPH_DATA", "http://127.0.0.1:1/data")
    with pytest.raises(StoreError, match="ZHENGWEN_GRAPH"):
        chosen()
