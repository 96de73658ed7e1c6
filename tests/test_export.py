"""Exports of the facts, and the bundled knowledge."""

import csv
import io
import json
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from pyoxigraph import RdfFormat, parse

from graph import knowledge
from graph.export import export
from graph.facts import Record
from graph.records import without_text
from graph.storage.store import Store, StoreError
from ingest.model import Clause, Policy, Span
from tests.made_records import gold_records, records, small_record


@pytest.fixture(scope="module")
def generation(doors, tmp_path_factory):
    store = doors.open(tmp_path_factory.mktemp("export"))
    with store.write() as draft:
        draft.put(small_record("a"), b"a", "a.txt")
        draft.put(small_record("b", 2), b"b", "b.txt")
    return store.generation


def test_json_lines_hold_a_clause_a_line(generation):
    rows = [json.loads(line) for line in export(generation, "jsonl")]
    assert [(row["source"], row["locator"]) for row in rows][:4] == [
        ("a", "正文/1"), ("a", "正文/2"), ("a", "正文/3"), ("b", "正文/1"),
    ]  # fmt: skip
    assert rows[1]["lead"] == ["县统计局"]
    assert rows[1]["responsible"] == ["县财政局", "各乡镇政府"]
    assert rows[1]["quantities"][0]["value"] == 20_000
    assert all(row["text"] for row in rows)
    bare = [json.loads(line) for line in export(generation, "jsonl", text=False)]
    assert not any(row["text"] for row in bare)
    assert not any("sentence" in quantity for row in bare for quantity in row["quantities"])


def test_the_gold_facts_come_out_as_they_went_in(shared, tmp_path):
    store = Store.open(tmp_path / "store")
    with store.write() as draft:
        for source, record in gold_records(shared).items():
            draft.put(record, b"", source)
    facts = tmp_path / "facts.jsonl"
    facts.write_text("".join(export(store.generation, "jsonl")), encoding="utf-8")
    score = [sys.executable, str(shared / "gold" / "score_facts.py"), str(facts)]
    done = subprocess.run(score, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "mean 100.0%"


def test_tables_open_in_spreadsheets_and_hold_no_formulas(tmp_path):
    policy = Policy(
        "a", "=1+1", "@x", "", clauses=(Clause("正文/一", "一", "-1", Span(0, 2), None, "@x", ()),)
    )
    store = Store.open(tmp_path)
    with store.write() as draft:
        draft.put(Record(policy), b"", "a")
    text = "".join(export(store.generation, "csv"))
    assert text.startswith("\ufeff文件,")
    rows = list(csv.reader(io.StringIO(text)))
    assert len(rows[0]) == len(rows[1]) == 14
    assert not any(cell.startswith(("=", "-", "@", "+")) for cell in rows[1])


@pytest.mark.parametrize(
    ("form", "syntax"), [("nq", RdfFormat.N_QUADS), ("ttl", RdfFormat.TURTLE), ("jsonld", RdfFormat.JSON_LD)]
)
def test_rdf_exports_hold_every_statement(generation, form, syntax):
    read = {
        (str(q.subject), str(q.predicate), str(q.object))
        for q in parse("".join(export(generation, form)), syntax)
    }
    assert read == {(str(q.subject), str(q.predicate), str(q.object)) for q in generation.graph}


def test_n_quads_are_always_the_same(generation):
    assert "".join(export(generation, "nq")) == "".join(export(generation, "nq"))


def test_another_format_is_refused(generation):
    with pytest.raises(StoreError, match="jsonl"):
        export(generation, "xml")


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(record=records("x"))
def test_what_is_carried_comes_back(record, tmp_path):
    from dataclasses import replace

    path = knowledge.write(record, tmp_path)
    assert knowledge.read(path) == replace(without_text(record), gists=())


def test_what_is_carried_repeats_no_sentence_of_the_documents(shared, tmp_path):
    for record in gold_records(shared).values():
        knowledge.write(record, tmp_path)
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    look = [sys.executable, str(shared / "hooks" / "verbatim.py"), str(tmp_path), str(shared)]
    assert subprocess.run(look, capture_output=True, text=True, check=True).stdout == ""


def test_gists_join_the_clauses_of_their_document():
    row = json.loads(knowledge.data.path("knowledge", "gists.jsonl").read_text("utf-8").splitlines()[0])
    clause = Clause(row["locator"], "", "", Span(0, 0), None, "", ())
    record = knowledge.with_gists(Record(Policy(row["source"], "t", "", "", clauses=(clause,))))
    assert [(gist.locator, gist.text) for gist in record.gists] == [(row["locator"], row["gist"])]
    assert knowledge.with_gists(record) == record
    assert knowledge.with_gists(Record(Policy("another", "t", "", "", clauses=(clause,)))).gists == ()


def test_bundled_records_carry_facts_without_text():
    for record in knowledge.bundled():
        assert not record.policy.verbatim
        assert not record.policy.text
        assert record.gists
