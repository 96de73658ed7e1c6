"""The real documents: five policies to the letter, the national ones without exception."""

import json
import re
from pathlib import Path

import pytest

from benchmarks.parsing import squeeze, tree_of
from ingest import parse, read
from ingest.document_number import format_number, parse_number
from ingest.model import LineKind, Policy
from tests.test_ingest_properties import check


@pytest.fixture(scope="module")
def five(shared: Path) -> dict[str, Policy]:
    return {p.stem: parse(read(p)) for p in sorted((shared / "corpus").glob("*.txt"))}


def test_clauses_titles_texts_and_units_of_the_five(shared: Path, five: dict[str, Policy]) -> None:
    lines = (shared / "gold" / "clauses.jsonl").read_text("utf-8").splitlines()
    gold = {(row["source"], squeeze(row["locator"])): row for row in map(json.loads, lines)}
    found = {(s, squeeze(c.locator)): (c, p) for s, p in five.items() for c in p.clauses}
    assert found.keys() == gold.keys()
    for key, want in gold.items():
        clause, policy = found[key]
        assert squeeze(clause.title) == squeeze(want["title"]), key
        assert squeeze(clause.text) == squeeze(want["text"]), key
        printed = squeeze("".join(u.of(policy.text) for u in clause.units))
        assert all(squeeze(u) in printed for u in want["lead_as_written"] + want["responsible_as_written"]), (
            key
        )
        assert len(clause.units) == bool(want["lead"]) + bool(want["responsible"]), key


def test_headings_of_the_five(five: dict[str, Policy]) -> None:
    facts = {
        s: (p.number.canonical if p.number else None, p.date, p.status, p.jurisdiction)
        for s, p in five.items()
    }
    assert facts == {
        "zhanhe": ("平湛政办〔2022〕8号", "2022-06-05", "issued", "湛河区"),
        "lushan": ("鲁政办〔2022〕23号", "2022-06-01", "issued", "鲁山县"),
        "shifanqu": (None, None, "issued", "示范区"),
        "shangjie": (None, None, "draft", "上街区"),
        "luoyang": (None, None, "issued", "洛阳市"),
    }


def test_the_number_lost_in_print_is_inferred(five: dict[str, Policy]) -> None:
    inferred = [(s, c.locator) for s, p in five.items() for c in p.clauses if c.inferred]
    assert inferred == [("luoyang", "附件2/五/15")]


def test_spans_of_the_five_are_true(five: dict[str, Policy]) -> None:
    for policy in five.values():
        check(policy)


def test_national_documents(shared: Path) -> None:
    whole = other = 0
    for path in sorted((shared / "corpus-national").glob("*.txt")):
        policy = parse(read(path))
        check(policy)
        whole += sum(len(line.span) for line in policy.lines)
        other += sum(len(line.span) for line in policy.lines if line.kind is LineKind.OTHER)
    assert whole > 1_000_000
    assert other <= 0.02 * whole


def test_a_page_and_its_text_give_the_same_clauses(shared: Path) -> None:
    pages = sorted((shared / "corpus-national").glob("*.html"))
    same = sum(tree_of(parse(read(p))) == tree_of(parse(read(p.with_suffix(".txt")))) for p in pages)
    assert same >= 55


def test_real_document_numbers(shared: Path) -> None:
    lines = (shared / "bench" / "docnumbers.txt").read_text("utf-8").splitlines()
    held = [line for line in lines if re.search(r"\d", line)]
    numbers = [n for line in held if (n := parse_number(line)) is not None]
    assert len(numbers) >= 0.995 * len(held)
    assert all(parse_number(format_number(n)) is not None for n in numbers[::50])
