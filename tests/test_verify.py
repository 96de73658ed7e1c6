"""The last gate: a figure or a quotation that does not stand in the stored text never leaves."""

import functools
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from graph.storage.store import Store
from qa.corpus import Corpus
from qa.model import Answer, Citation
from qa.verify import unfounded, verify
from tests.made_library import (
    OWN_QUESTIONS,
    answers_to,
    ask,
    loose_figures,
    made_corpus,
    numbers,
    squeeze,
)

QUESTIONS = (
    "云溪县首次上规的工业企业奖励多少？",
    "云溪县技术改造设备投资900万，能补多少",
    "云溪县技术改造补助要什么条件？",
    "云溪县和临江区的技术改造补助有什么区别",
    "云溪县质量奖奖励多少",
    "云溪县财政局参与的工作有哪些？",
    "松岗区动漫企业启动资金多少",
    "临江区免几个月房租",
    "青岭市冷藏车一辆补多少",
    "云溪县新增规上企业目标是多少家",
)
LED = "云溪县培育规上企业由哪个单位牵头？"


@functools.cache
def answers() -> tuple[Answer, ...]:
    return tuple(ask(question) for question in QUESTIONS)


@functools.cache
def texts() -> dict[str, str]:
    corpus = made_corpus()
    return {source: corpus.policy(source).text for source in corpus.heads}  # type: ignore[union-attr]


def whole(citation: Citation, documents: dict[str, str]) -> bool:
    """Tell whether a citation is word for word what it says it is."""
    text = documents[citation.source]
    return (
        citation.verified
        and citation.start is not None
        and citation.end is not None
        and 0 <= citation.start < citation.end <= len(text)
        and text[citation.start : citation.end] == citation.quote
    )


def sound(answer: Answer) -> None:
    """Assert that an answer may leave."""
    assert all(whole(citation, texts()) for citation in answer.citations)
    assert unfounded(answer, made_corpus()) == []
    assert loose_figures(answer, texts()) == set()
    if answer.status == "no_basis":
        assert answer.citations == ()
    else:
        assert answer.citations


def test_answers_pass_unchanged() -> None:
    for answer in answers():
        assert verify(answer, made_corpus()) == answer
        sound(answer)


def test_a_figure_of_other_digits_never_leaves() -> None:
    seen = 0
    for answer in answers():
        for match in re.finditer(r"\d", answer.answer):
            for digit in "0123456789":
                text = answer.answer[: match.start()] + digit + answer.answer[match.end() :]
                mutant = replace(answer, answer=text)
                left = verify(mutant, made_corpus())
                sound(left)
                if loose_figures(mutant, texts()):
                    assert left.answer != text
                    assert left.number is None
                    seen += 1
    assert seen > 100


def test_the_locator_of_a_part_is_no_figure_beside_that_of_the_whole() -> None:
    answer = answers()[0]
    cited = answer.citations[0]
    both = tuple(replace(cited, locator=locator) for locator in ("正文/一", "正文/一/2"))
    assert unfounded(replace(answer, answer="见正文/一/2。", citations=both, steps=()), made_corpus()) == []


def test_a_sum_does_not_stand_on_the_day_of_the_documents_date() -> None:
    answer = answers()[0]
    left = verify(replace(answer, answer="云溪县：一次性奖励20万元。"), made_corpus())
    assert "20万元" not in left.answer


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(range(len(QUESTIONS))),
    st.integers(0, 400),
    st.from_regex(r"[1-9][0-9]{2,5}(\.[0-9])?(万元|%|家|个月|元)", fullmatch=True),
)
def test_a_figure_put_in_anywhere_never_leaves(which: int, at: int, figure: str) -> None:
    answer = answers()[which]
    at = min(at, len(answer.answer))
    mutant = replace(answer, answer=answer.answer[:at] + figure + answer.answer[at:])
    assume(loose_figures(mutant, texts()))
    left = verify(mutant, made_corpus())
    assert left.answer != mutant.answer
    sound(left)


@pytest.mark.parametrize(
    "figure", ["九百万元", "三千二百元", "百分之八十七", "２８８８元", "8 7 7 7元", "7,777元"]
)
def test_figures_in_other_scripts_never_leave(figure: str) -> None:
    answer = answers()[0]
    left = verify(replace(answer, answer=f"{answer.answer}另给{figure}。"), made_corpus())
    assert figure not in left.answer
    sound(left)


def test_what_a_bad_figure_leaves_behind_is_the_clause_itself() -> None:
    answer = answers()[0]
    left = verify(replace(answer, answer="奖励888万元。", number=888, steps=("没有依据",)), made_corpus())
    assert left.citations == answer.citations
    assert squeeze(answer.citations[0].quote) in squeeze(left.answer)
    assert (left.number, left.steps) == (None, ())


@settings(max_examples=80, deadline=None)
@given(
    st.sampled_from(range(len(QUESTIONS))),
    st.integers(0, 50),
    st.tuples(st.integers(-30, 30), st.integers(-30, 30)).filter(any),
)
def test_a_shifted_span_is_not_cited(which: int, pick: int, shift: tuple[int, int]) -> None:
    answer = answers()[which]
    pick %= len(answer.citations)
    citation = answer.citations[pick]
    assert citation.start is not None
    assert citation.end is not None
    moved = replace(citation, start=citation.start + shift[0], end=citation.end + shift[1])
    left = verify(replace(answer, citations=_with(answer, pick, moved)), made_corpus())
    assert moved not in [replace(c, verified=moved.verified) for c in left.citations]
    assert all(whole(c, texts()) for c in left.citations)
    assert loose_figures(left, texts()) == set()


@settings(max_examples=80, deadline=None)
@given(
    st.sampled_from(range(len(QUESTIONS))),
    st.integers(0, 50),
    st.integers(0, 500),
    st.sampled_from(["", "不", "9", " ", "\n", "。"]),
)
def test_an_altered_quotation_is_not_cited(which: int, pick: int, at: int, char: str) -> None:
    answer = answers()[which]
    pick %= len(answer.citations)
    quote = answer.citations[pick].quote
    at %= len(quote)
    other = quote[:at] + char + quote[at + 1 :]
    assume(other != quote)
    altered = replace(answer.citations[pick], quote=other)
    left = verify(replace(answer, citations=_with(answer, pick, altered)), made_corpus())
    assert other not in [citation.quote for citation in left.citations]
    assert all(whole(c, texts()) for c in left.citations)
    assert loose_figures(left, texts()) == set()


def _with(answer: Answer, pick: int, citation: Citation) -> tuple[Citation, ...]:
    return (*answer.citations[:pick], citation, *answer.citations[pick + 1 :])


@pytest.mark.parametrize(
    "change",
    [{"source": "none"}, {"start": None}, {"end": None}, {"start": -5}, {"start": 10**9, "end": 10**9 + 5}],
    ids=str,
)
def test_a_check_that_cannot_run_counts_as_failed(change: dict[str, object]) -> None:
    answer = answers()[0]
    citation = replace(answer.citations[0], **change)
    left = verify(replace(answer, citations=(citation,)), made_corpus())
    assert not any(c.verified for c in left.citations)
    assert left.status == "no_basis"
    assert numbers(left.answer) == set()
    assert left.amounts == ()


def test_an_answer_in_words_that_loses_its_only_citation_does_not_leave() -> None:
    answer = ask(LED)
    altered = replace(answer.citations[0], quote=answer.citations[0].quote + "另")
    left = verify(replace(answer, citations=(altered,)), made_corpus())
    assert left.citations == ()
    assert left.status == "no_basis"


def test_a_step_worked_out_from_a_figure_of_nowhere_does_not_leave() -> None:
    answer = ask("云溪县技术改造设备投资900万，能补多少")
    made_up = replace(answer, answer="可得777万元。", number=7_770_000, steps=("9999万元 × 7.77% = 777万元",))
    left = verify(made_up, made_corpus())
    assert "777" not in left.answer
    assert left.number is None


def test_an_amount_of_nowhere_does_not_leave() -> None:
    answer = answers()[0]
    made_up = replace(answer.amounts[0], surface="777万元", value=7_770_000)
    left = verify(replace(answer, amounts=(made_up,)), made_corpus())
    assert "777万元" not in [amount.surface for amount in left.amounts]


def test_a_number_of_nowhere_does_not_leave() -> None:
    assert verify(replace(answers()[0], number=777), made_corpus()).number is None


def test_a_gist_of_nowhere_is_no_ground() -> None:
    answer = answers()[0]
    bare = replace(answer.citations[0], quote="", start=None, end=None, gist="奖励777万元")
    left = verify(replace(answer, answer="奖励777万元。", citations=(bare,)), made_corpus())
    assert "777" not in left.answer


def test_a_refusal_says_no_figure_but_what_was_asked() -> None:
    answer = ask("云溪县生育津贴给3000元吗")
    assert answer.status == "no_basis"
    left = verify(replace(answer, answer="可领8888元。"), made_corpus())
    assert "8888" not in left.answer
    assert left.citations == ()


@functools.cache
def five(store: Path) -> tuple[Corpus, dict[str, str]]:
    generation = Store.open(store).generation
    assert generation is not None
    corpus = Corpus(generation)
    return corpus, {source: corpus.policy(source).text for source in corpus.heads}  # type: ignore[union-attr]


@pytest.fixture(params=["gold", "own"])
def asked(request: pytest.FixtureRequest, shared: Path, five_store: Path) -> tuple[Answer, ...]:
    questions = shared / "gold" / "questions.jsonl" if request.param == "gold" else OWN_QUESTIONS
    found = tuple(answer for _, answer in answers_to(five_store, questions))
    assert len(found) > 150
    return found


def test_every_quotation_stands_at_its_place(asked: tuple[Answer, ...], five_store: Path) -> None:
    _, documents = five(five_store)
    broken = [(a.question, c.locator) for a in asked for c in a.citations if not whole(c, documents)]
    assert broken == []
    assert sum(len(answer.citations) for answer in asked) > 150


def test_every_figure_stands_somewhere(asked: tuple[Answer, ...], five_store: Path) -> None:
    corpus, documents = five(five_store)
    assert [(a.question, found) for a in asked if (found := unfounded(a, corpus))] == []
    assert [(a.question, found) for a in asked if (found := loose_figures(a, documents))] == []


def test_every_amount_stands_in_a_cited_quotation(asked: tuple[Answer, ...]) -> None:
    loose = [
        (answer.question, amount.surface)
        for answer in asked
        for amount in answer.amounts
        if not any(squeeze(amount.surface) in squeeze(c.quote) for c in answer.citations)
    ]
    assert loose == []


def test_every_answer_cites_and_no_refusal_does(asked: tuple[Answer, ...]) -> None:
    for answer in asked:
        assert bool(answer.citations) == (answer.status in ("answered", "no_figure")), answer.question


def test_units_of_an_answer_are_those_of_its_clauses(asked: tuple[Answer, ...], five_store: Path) -> None:
    corpus, _ = five(five_store)
    for answer in asked:
        for role, named in (("lead", answer.lead_units), ("responsible", answer.responsible_units)):
            held = {
                unit
                for c in answer.citations
                if (text := corpus.clause(c.source, c.locator))
                for part in ((role,) if role == "lead" else ("lead", "responsible", "support", "oversight"))
                for unit in text.units(part)
            }
            assert set(named) <= held, (answer.question, role)
