"""Records as RDF: closed vocabulary, one graph a policy, stable quads."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from pyoxigraph import Literal, NamedNode, Store

from graph.facts import Evidence, Quantity, Record
from graph.rdf import vocabulary
from graph.rdf.doctypes import document_type
from graph.rdf.iris import place, place_key, policy_iri, slug, unit_iri
from graph.rdf.shared import shared_iri
from graph.rdf.triples import triples
from graph.rdf.vocabulary import CV, DEFAULT_BASE, ELI, OA, POL, RDF, ROLE, SCHEMA, SKOS, VocabularyError
from ingest.model import Policy
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
        place = NamedNode(row.subject.value.replace("/quote", "/position"))
        start, end = (
            int(next(store.quads_for_pattern(place, term, None, None)).object.value)
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
