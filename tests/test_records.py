"""Records as bytes, and records without the document's sentences."""

import json
from dataclasses import replace

import pytest
from hypothesis import given

from graph.facts import Review
from graph.records import core_of, decode, decode_core, encode, without_text
from tests.made_records import records, small_record


@given(records())
def test_a_record_comes_back_as_it_was_and_its_bytes_are_stable(record):
    data = encode(record)
    assert decode(data) == record
    assert encode(decode(data)) == data


@given(records())
def test_what_answers_need_is_the_record_s_own(record):
    for core in (decode_core(encode(record)), core_of(record)):
        assert (core.policy, core.duties) == (record.policy, record.duties)
        assert (core.quantities, core.gists) == (record.quantities, record.gists)


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b'{"policy": 1}', b"\xff"])
def test_other_bytes_are_refused(data):
    for read in (decode, decode_core):
        with pytest.raises(ValueError):
            read(data)


def test_without_text_keeps_facts_and_drops_sentences():
    record = small_record("a")
    bare = without_text(record)
    assert not bare.policy.verbatim
    assert not bare.policy.text
    assert [c.title for c in bare.policy.clauses] == [c.title for c in record.policy.clauses]
    assert [(d.unit, d.role, d.order) for d in bare.duties] == [
        (d.unit, d.role, d.order) for d in record.duties
    ]
    assert [(q.value, q.surface) for q in bare.quantities] == [
        (q.value, q.surface) for q in record.quantities
    ]
    data = encode(bare).decode()
    assert not any(clause.text in data for clause in record.policy.clauses)


@given(records())
def test_without_text_leaves_no_text_spans_or_long_phrases(record):
    bare = without_text(record)
    clauses, facts = bare.policy.clauses, (*bare.duties, *bare.quantities, *bare.measures, *bare.references)
    assert not any(c.text or c.pieces or c.units for c in clauses)
    assert all(fact.evidence.span is None for fact in facts)
    assert all(len(q.recipient) <= 24 and len(q.condition) <= 24 and not q.sentence for q in bare.quantities)
    assert decode(encode(bare)) == bare


def test_a_record_written_before_facts_had_reasons_is_still_read():
    record = small_record("a")
    older = json.loads(encode(record))
    for kind in ("duties", "quantities", "measures", "references", "funding"):
        for fact in older[kind]:
            del fact["confidence"], fact["reason"], fact["review"]
    assert decode(json.dumps(older).encode()) == record


def test_names_of_reviewers_are_not_carried_without_text():
    record = small_record("a")
    seen = Review("accepted", "甲某", "2024-05-06")
    record = replace(record, duties=tuple(replace(duty, review=seen) for duty in record.duties))
    assert "甲某" not in encode(without_text(record)).decode()
