"""SHACL: each shape finds what it is for, and nothing in a good record."""

from dataclasses import replace

import pytest

from graph.facts import Duty, Evidence, FundingRule, Quantity, Record, Reference
from graph.rdf.shapes import check
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


@pytest.mark.parametrize(
    ("record", "finding"),
    [
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
            replace(
                GOOD, quantities=(replace(GOOD.quantities[0], evidence=Evidence("正文/1", Span(5, 9999))),)
            ),
            ("error", "quotation"),
        ),
    ],
    ids=lambda value: value[1] if isinstance(value, tuple) else "",
)
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
