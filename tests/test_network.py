"""Who works with whom."""

from collections import Counter
from itertools import combinations

import pytest

from graph import network
from graph.storage.store import Store
from tests.made_records import gold_records, small_record


@pytest.fixture(scope="module")
def generation(doors, tmp_path_factory):
    store = doors.open(tmp_path_factory.mktemp("network"))
    with store.write() as draft:
        draft.put(small_record("a", 4), b"", "a")
        draft.put(small_record("b", 1, jurisdiction="丁市"), b"", "b")
    return store.generation


def test_units_that_share_clauses_are_joined_by_their_number(generation):
    found = network.cooperation(generation)
    assert len(found) == 6
    assert found.edges[("丙县", "县统计局"), ("丙县", "县财政局")]["weight"] == 4
    assert not found.has_edge(("丙县", "县统计局"), ("丁市", "县财政局"))
    assert found.nodes[("丙县", "县统计局")] == {"lead": 4, "responsible": 0, "support": 0, "oversight": 0}
    assert len(network.cooperation(generation, ["b"])) == 3


def test_partners_of_a_unit(generation):
    assert network.partners(generation, "县财政局", "丙县") == [
        network.Partner("县统计局", "丙县", 4, 4),
        network.Partner("各乡镇政府", "丙县", 4, 0),
    ]
    assert network.partners(generation, "县财政局", "戊县") == []


def test_weights_are_those_of_the_gold_clauses(shared, tmp_path):
    store, made = Store.open(tmp_path), gold_records(shared)
    with store.write() as draft:
        for source, record in made.items():
            draft.put(record, b"", source)
    wanted = Counter()
    for source, record in made.items():
        for clause in record.policy.clauses:
            units = {d.unit for d in record.duties if d.evidence.locator == clause.locator}
            wanted.update(frozenset({(source, a), (source, b)}) for a, b in combinations(units, 2))
    found = network.cooperation(store.generation)
    assert {frozenset(edge[:2]): edge[2] for edge in found.edges(data="weight")} == wanted
