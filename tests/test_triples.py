"""Records as RDF: closed vocabulary, one graph a policy, stable quads."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from pyoxigraph import Literal, NamedNode, Store

from graph.extract import extract
from graph.facts import Evidence, Quantity, Record, Review
from graph.rdf import vocabulary
from graph.rdf.doctypes import document_type
from graph.rdf.iris import place, place_key, policy_iri, slug, unit_iri
from graph.rdf.shared import forget, shared_iri
from graph.rdf.triples import triples
from graph.rdf.vocabulary import (
    CV,
    DEFAULT_BASE,
    ELI,
    OA,
    POL,
    PREFIXES,
    RDF,
    ROLE,
    SCHEMA,
    SKOS,
    VocabularyError,
)
from ingest import parse
from ingest.model import Policy, RawDocument
from tests.made_records import records, small_record


def test_a_mistyped_term_is_an_error():
    with pytest.raises(VocabularyError):
        _ = POL.leedUnit
    with pytest.raises(VocabularyError):
        _ = ELI["titel"]


@given(records())
def test_any_record_becomes_quads_of_its_own_graph_and_always_the_same(record):
    quads = list(triples(record))
    assert {quad.graph_name for quad in quads} <= {policy_iri(record.policy.source), shared_iri(DEFAULT_BASE)}
    assert quads == list(triples(record))
    assert not any("BlankNode" in type(term).__name__ for quad in quads for term in quad)


def test_only_declared_terms_are_used():
    known = {n.value for space in _spaces() for n in (space[term] for term in space.terms)}
    used = {quad.predicate.value for quad in triples(small_record("a"))}
    used |= {q.object.value for q in triples(small_record("a")) if q.predicate == RDF.type}
    assert used <= known


def _spaces():
    return [value for value in vars(vocabulary).values() if isinstance(value, vocabulary.Namespace)]


def test_the_vocabulary_file_declares_exactly_our_terms():
    text = (Path(__file__).parent.parent / "data" / "ontology" / "pol.ttl").read_text(encoding="utf-8")
    assert set(re.findall(r"^pol:([A-Za-z0-9]+)\b", text, re.MULTILINE)) == POL.terms
    assert set(re.findall(r"^role:([A-Za-z0-9]+)\b", text, re.MULTILINE)) == ROLE.terms


def test_duties_stand_in_full_and_as_shortcuts():
    store = Store()
    store.extend(triples(small_record("a", 1)))
    clause = place(policy_iri("a"), "正文/1")
    lead = unit_iri("县统计局", slug("丙县"))
    assert (clause, POL.leadUnit, lead) in {(q.subject, q.predicate, q.object) for q in store}
    parts = [q.object for q in store.quads_for_pattern(clause, CV.hasParticipation, None, None)]
    roles = [q.object for part in parts for q in store.quads_for_pattern(part, CV.role, None, None)]
    assert sorted(roles, key=str) == sorted([ROLE.lead, ROLE.responsible, ROLE.responsible], key=str)


def test_quotations_are_what_stands_in_the_text():
    record = small_record("a", 4)
    store = Store()
    store.extend(triples(record))
    seen = 0
    for row in store.quads_for_pattern(None, OA.exact, None, None):
        start, end = (
            int(next(store.quads_for_pattern(row.subject, term, None, None)).object.value)
            for term in (OA.start, OA.end)
        )
        assert record.policy.text[start:end] == row.object.value
        seen += 1
    assert seen >= 4


@pytest.mark.parametrize(
    ("bound", "term"),
    [
        ("exact", "value"),
        ("at_least", "minValue"),
        ("above", "minValue"),
        ("at_most", "maxValue"),
        ("below", "maxValue"),
    ],
)
def test_a_bound_chooses_the_property(bound, term):
    quantity = Quantity(Evidence("正文/一", None), "5%", "rate", 0.5, "percent", "fee_rate", bound)
    quads = list(triples(Record(Policy("a", "t", "", ""), quantities=(quantity,))))
    values = [q.object for q in quads if q.predicate == SCHEMA[term]]
    assert values == [Literal("0.5", datatype=vocabulary.XSD.decimal)]


def test_names_with_any_character_give_names_of_graphs():
    for source in ("a b", "甲/乙", "x<y>", "%", "..", "附件1"):
        assert list(triples(Record(Policy(source, "t", "", ""))))
    assert policy_iri("a/b") != policy_iri("a%2Fb")


@pytest.mark.parametrize(
    ("jurisdiction", "region", "key"),
    [
        ("鲁山县", (), "410423"),
        ("鼓楼区", ("开封市", "河南省"), "410204"),
        ("鼓楼区", (), slug("鼓楼区")),
        ("示范区", ("平顶山市",), slug("平顶山市示范区")),
        (None, (), "a"),
    ],
)
def test_places_go_by_their_code_where_one_is_certain(jurisdiction, region, key):
    policy = Policy("a", "t", "", "", jurisdiction=jurisdiction, region=region)
    assert place_key(policy) == key
    codes = [q.object.value for q in triples(Record(policy)) if q.predicate == SKOS.notation]
    assert codes == ([key] if key.isdecimal() else [])


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("某县人民政府办公室关于做好春耕的通知", "notice"),
        ("扶持制茶行业若干措施（征求意见稿）", "steps"),
        ("竹编产业发展规划（2022—2025年）(试行)", "programme"),
        ("某市人民政府令", "order"),
        ("农家书屋管理办法 （2021 年版）", "measures"),
        ("一份没有文种的文件", None),
        ("", None),
    ],
)
def test_a_title_tells_the_type_of_the_document(title, name):
    found = document_type(title)
    assert (found and found.value.rpartition("#")[2]) == name


def test_doubt_and_decision_stand_on_the_fact():
    record = small_record("a", 1)
    mark = Review("changed", "江某", "2024-05-06", "电话核实", (("role", "other"), ("recipient", "")))
    figure = replace(record.quantities[0], review=mark)
    doubtful = replace(record.duties[0], confidence=0.5, reason="名称可能不全")
    store = Store()
    store.extend(triples(replace(record, quantities=(figure,), duties=(doubtful, *record.duties[1:]))))
    told = "SELECT ?who ?when ?why ?decision WHERE { GRAPH ?g { ?fact pol:review ?r ; pol:printed '1万元' ."
    told += " ?r prov:wasAttributedTo/skos:prefLabel ?who ; prov:generatedAtTime ?when ;"
    told += " dct:description ?why ; pol:decision ?decision } }"
    row = next(iter(store.query(told, prefixes=dict(PREFIXES))))
    assert [term.value for term in row] == ["江某", "2024-05-06T00:00:00", "电话核实", "changed"]
    before = {q.object.value for q in store.quads_for_pattern(None, POL.before, None, None)}
    assert before == {"role=other", "recipient="}
    node = NamedNode(f"{policy_iri('a').value}/duty/0")
    assert [q.object.value for q in store.quads_for_pattern(node, POL.confidence, None, None)] == ["0.5"]
    assert [q.object.value for q in store.quads_for_pattern(node, POL.reason, None, None)] == ["名称可能不全"]
    sure = NamedNode(f"{policy_iri('a').value}/duty/1")
    assert not list(store.quads_for_pattern(sure, POL.confidence, None, None))


def test_a_unit_of_a_former_name_points_at_its_successor_until_it_is_forgotten():
    record = small_record("a", 1)
    old = replace(record.duties[0], unit="县扶贫办", written="县扶贫办")
    other = small_record("b", 1)
    store = Store()
    store.extend(triples(other))
    before = set(map(str, store))
    store.extend(triples(replace(record, duties=(old, *record.duties[1:]))))
    query = "SELECT ?new ?ground WHERE { GRAPH ?g { ?old org:changedBy ?e . ?e a org:ChangeEvent ;"
    query += " org:resultingOrganization/skos:prefLabel ?new ; dct:description ?ground } }"
    rows = [tuple(term.value for term in row) for row in store.query(query, prefixes=dict(PREFIXES))]
    assert rows[0][0].startswith("县乡村振兴")
    assert all(ground for _, ground in rows)
    forget(store, policy_iri("a"), DEFAULT_BASE)
    assert set(map(str, store)) == before


def test_the_days_that_a_document_gives_itself():
    text = "云岭县产业扶持办法\n\n第一条 奖励2万元。\n\n第二条 本办法自2024年3月1日起施行，有效期2年。\n"
    quads = list(triples(extract(parse(RawDocument(text, "", "a")))))
    found = {q.predicate: q.object.value for q in quads if q.subject == policy_iri("a")}
    assert found[ELI.first_date_entry_in_force] == "2024-03-01"
    assert found[ELI.date_no_longer_in_force] == "2026-02-28"
