"""Marks lie exactly where facts stand; a document's blocks and tree leave nothing out."""

from collections.abc import Iterator
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from graph.extract import extract
from graph.facts import Evidence, Quantity, Record
from graph.marking import Mark, marks, runs, words_of
from graph.printed import Node, blocks, tree
from ingest import parse, read
from ingest.model import Policy, RawDocument, Span
from tests.test_ingest_properties import KEYWORDS

MADE = Path(__file__).parent / "made_policies"


def bare(text: str) -> str:
    return "".join(text.split())


def figure(start: int, end: int, confidence: float = 1.0) -> Quantity:
    here = Evidence("正文", Span(start, end))
    return Quantity(here, "", "money", 1, "CNY", "reward", "exact", confidence=confidence)


@st.composite
def marked(draw: st.DrawFn) -> tuple[str, Record]:
    """A text with facts anywhere in it: inside one another, crossing, at one place, beyond its end."""
    text = draw(st.text("甲乙丙丁\n ", min_size=1, max_size=30))
    ends = st.integers(-2, len(text) + 2)
    facts = tuple(
        figure(a, b, n / 100) for n, (a, b) in enumerate(draw(st.lists(st.tuples(ends, ends), max_size=9)))
    )
    return text, Record(Policy("made", "made", text, "0" * 64), quantities=facts)


@given(made=marked())
def test_runs_are_the_text_and_marks_are_their_words(made: tuple[str, Record]) -> None:
    text, record = made
    found = marks(record)
    cut = runs(found, len(text))
    assert "".join(text[run.start : run.end] for run in cut) == text
    for mark in found:
        assert words_of(mark, cut, text) == text[mark.start : mark.end]
    for run in cut:
        assert list(run.marks) == sorted(run.marks, key=found.index), "the outermost stands first"
    spans = [q.evidence.span for q in record.quantities]
    assert len(found) == sum(0 <= span.start < span.end <= len(text) for span in spans if span is not None)


@given(text=st.lists(st.sampled_from([*KEYWORDS, "\n", "\n\n", " | ", "- 3 -"]), max_size=60).map("".join))
def test_blocks_hold_every_line_and_the_tree_every_clause(text: str) -> None:
    whole(parse(RawDocument(text, "0" * 64, "made")))


def whole(policy: Policy) -> None:
    found = list(blocks(policy))
    printed = "".join(line.span.of(policy.text) for block in found for line in block.lines)
    assert bare(printed) == bare(policy.text)
    opened = [clause.locator for block in found for clause in block.opens]
    assert sorted(opened) == sorted(clause.locator for clause in policy.clauses), "each begins once"
    assert sorted(held(tree(policy))) == sorted(opened)


def held(nodes: tuple[Node, ...]) -> Iterator[str]:
    for node in nodes:
        if node.clause is not None:
            yield node.locator
        yield from held(node.children)


def test_paragraphs_that_print_broke_are_put_together() -> None:
    text = (
        "一、支持办法\n对首次入库的企业给予五万元的一次性奖励，资金由县级财政承担，并按照\n- 2 -\n"
        "有关规定办理。\n责任单位：县财政局\n二、其他\n按规定办理。\n"
    )
    policy = parse(RawDocument(text, "0" * 64, "made"))
    found = [(block.kind, len(block.lines)) for block in blocks(policy)]
    assert found[:3] == [("heading", 1), ("text", 3), ("units", 1)]


def test_the_reference_documents(shared: Path) -> None:
    paths = [*sorted((shared / "corpus").glob("*.txt")), *sorted((shared / "corpus-national").glob("*.txt"))]
    assert len(paths) > 200
    for path in paths:
        record = extract(parse(read(path)))
        policy = record.policy
        whole(policy)
        found = marks(record)
        cut = runs(found, len(policy.text))
        assert "".join(policy.text[run.start : run.end] for run in cut) == policy.text
        by_mark: dict[Mark, str] = {}
        for run in cut:
            for mark in run.marks:
                by_mark[mark] = by_mark.get(mark, "") + policy.text[run.start : run.end]
        for mark in found:
            span = mark.fact.evidence.span
            assert span is not None
            assert by_mark[mark] == span.of(policy.text)
