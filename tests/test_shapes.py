"""SHACL: each shape finds what it is for, and nothing in a good record."""

import re
from dataclasses import replace

import pytest

from data import path
from graph.facts import Duty, Evidence, FundingRule, Quantity, Record, Reference, Review
from graph.rdf.shapes import as_graph, check, check_graph
from graph.rdf.vocabulary import PREFIXES
from ingest.model import Annex, DocumentNumber, Policy, Span
from tests.made_records import gold_records, small_record

GOOD = small_record("a")
NOWHERE = Evidence("正文/1", None)


def rules(record):
    return {(finding.severity, finding.rule) for finding in check(record)}


def policy(**changes):
    return replace(GOOD, policy=replace(GOOD.policy, **changes))


def figure(**changes):
    return replace(GOOD, quantities=(replace(GOOD.quantities[0], **changes),))


def test_a_good_record_has_no_findings():
    assert check(GOOD) == ()


BROKEN = [
    (policy(title=""), ("error", "title")),
    (policy(issuer=None), ("warning", "issuer")),
    (policy(jurisdiction=None), ("warning", "jurisdiction")),
    (policy(number=DocumentNumber("", 22, 1, "")), ("warning", "document-number")),
    (
        policy(parts=(Annex("附件1", "甲", Span(0, 1)), Annex("附件3", "乙", Span(1, 2)))),
        ("warning", "annexes"),
    ),
    (
        policy(clauses=(*GOOD.policy.clauses, GOOD.policy.clauses[0])),
        ("error", "locator"),
    ),
    (figure(value=0), ("error", "amount")),
    (figure(value=-5, bound="at_least"), ("error", "least")),
    (figure(value=0, bound="at_most"), ("error", "most")),
    (figure(unit="元"), ("error", "currency")),
    (figure(kind="rate", unit="percent", value=130), ("warning", "rate")),
    (
        replace(GOOD, references=(Reference(GOOD.duties[0].evidence, "国法", None, "cites"),)),
        ("note", "reference"),
    ),
    (
        replace(GOOD, funding=tuple(FundingRule(NOWHERE, p, "40%", p) for p in ("市", "县"))),
        ("warning", "funding-shares"),
    ),
    (
        replace(GOOD, duties=(*GOOD.duties, Duty(NOWHERE, "区财政局", "support", 0, "财政局"))),
        ("warning", "short-name"),
    ),
    (replace(GOOD, duties=GOOD.duties[1:]), ("warning", "lead-unit")),
    (
        replace(GOOD, quantities=(replace(GOOD.quantities[0], evidence=Evidence("正文/1", Span(5, 5))),)),
        ("error", "quotation"),
    ),
    (
        replace(GOOD, quantities=(replace(GOOD.quantities[0], evidence=Evidence("正文/1", Span(5, 9999))),)),
        ("error", "quotation"),
    ),
    (
        policy(clauses=tuple(replace(c, number=f"{c.number}、") for c in GOOD.policy.clauses[::2])),
        ("warning", "numbering"),
    ),
    (
        replace(
            GOOD,
            duties=(replace(GOOD.duties[0], confidence=-0.5, reason="x"), *GOOD.duties[1:]),
        ),
        ("error", "confidence"),
    ),
]
REVIEWED = replace(
    GOOD,
    duties=(
        replace(GOOD.duties[0], unit="县扶贫办", review=Review("changed", "江某", "2024-05-06")),
        *GOOD.duties[1:],
    ),
    quantities=(
        Quantity(GOOD.duties[0].evidence, "5%", "rate", 5, "percent", "per_unit_rate", "exact", sentence="a"),
        Quantity(GOOD.duties[0].evidence, "9元", "money", 9, "CNY", "cap", "at_most", sentence="a"),
    ),
)
# What no record can be, but a graph can: a triple taken away or put in, as SPARQL.
ALTERED = [
    ("parent", "DELETE WHERE { ?c eli:is_part_of ?p }"),
    ("role", "DELETE WHERE { ?d cv:role ?r }"),
    ("unit", "DELETE WHERE { ?d cv:hasParticipant ?u }"),
    (
        "derived",
        "DELETE { ?d prov:wasDerivedFrom ?e } WHERE { ?d a cv:Participation ; prov:wasDerivedFrom ?e }",
    ),
    (
        "cap",
        "DELETE { ?c schema:maxValue ?v } INSERT { ?c schema:maxValue 0 } WHERE { ?c schema:maxValue ?v }",
    ),
    ("decision", 'DELETE { ?r pol:decision ?d } INSERT { ?r pol:decision "x" } WHERE { ?r pol:decision ?d }'),
    ("reviewer", "DELETE WHERE { ?r prov:wasAttributedTo ?p }"),
    ("reviewed", "DELETE WHERE { ?r prov:generatedAtTime ?t }"),
    ("original", "DELETE WHERE { ?e org:originalOrganization ?o }"),
    ("resulting", "DELETE WHERE { ?e org:resultingOrganization ?o }"),
    (
        "force",
        "INSERT { ?p eli:first_date_entry_in_force '2024-01-01'^^xsd:date ;"
        " eli:date_no_longer_in_force '2023-01-01'^^xsd:date } WHERE { ?p pol:source ?s }",
    ),
]


def altered(update):
    graph = as_graph(REVIEWED)
    graph.update(update, initNs=dict(PREFIXES))
    return graph


def test_a_reviewed_record_has_no_findings_either():
    assert not [f for f in check(REVIEWED) if f.severity == "error"]


@pytest.mark.parametrize(("rule", "update"), ALTERED, ids=[rule for rule, _ in ALTERED])
def test_a_shape_finds_what_is_wrong_with_a_graph(rule, update):
    assert rule in {finding.rule for finding in check_graph(altered(update))}
    assert rule not in {finding.rule for finding in check_graph(as_graph(REVIEWED))}


def test_every_shape_has_a_broken_record():
    text = path("ontology", "shapes.ttl").read_text("utf-8")
    shapes = re.findall(r"^shape:([a-z-]+) a sh:(?:PropertyShape|SPARQLConstraint)", text, re.MULTILINE)
    assert set(shapes) == {rule for _, (_, rule) in BROKEN} | {rule for rule, _ in ALTERED}


@pytest.mark.parametrize(("record", "finding"), BROKEN, ids=[found[1] for _, found in BROKEN])
def test_a_shape_finds_what_it_is_for(record, finding):
    assert finding in rules(record)


def test_a_finding_says_where():
    found = [finding for finding in check(figure(value=0)) if finding.rule == "amount"]
    assert [finding.span for finding in found] == [GOOD.quantities[0].evidence.span]
    assert "大于零" in found[0].message


def test_annexes_may_begin_anywhere():
    assert check(policy(parts=(Annex("附件2", "甲", Span(0, 1)), Annex("附件3", "乙", Span(1, 2))))) == ()


def test_no_policy_at_all_is_told_not_raised():
    assert ("error", "title") in rules(Record(Policy("a", "", "", "")))


def test_figures_of_the_gold_files_are_sound(shared):
    for record in gold_records(shared).values():
        assert not [finding for finding in check(record) if finding.severity == "error"]


def test_quantity_kinds_need_evidence_only():
    quantity = Quantity(GOOD.duties[0].evidence, "1:1", "ratio", "1:1", "ratio", "funding_share", "exact")
    assert check(replace(GOOD, quantities=(quantity,))) == ()
