"""The SPARQL that an answer names gives what the answer says: run, and compared row by row."""

from pathlib import Path

import pytest

from graph.sparql import Table, select
from graph.storage.store import Store
from qa.library import Library
from qa.model import Answer
from tests.made_library import AS_OF, made_library, made_store


def run(store: Path, query: str) -> Table:
    generation = Store.open(store).generation
    assert generation is not None
    return select(generation, query, seconds=60)


def names_of(answer: Answer) -> set[tuple[str, str]]:
    return {(citation.source, citation.locator) for citation in answer.citations}


def agrees(store: Path, answer: Answer) -> None:
    """Hold an answer against its own query."""
    table = run(store, answer.sparql)
    if table.columns == ("number",):
        assert table.rows == ((str(answer.number),),)
    elif table.columns == ("source", "locator", "units"):
        assert len(table.rows) == answer.number
        assert {(source, locator) for source, locator, _ in table.rows} == names_of(answer)
        named = {unit for *_, units in table.rows for unit in units.split("、")}
        assert named == {*answer.lead_units, *answer.responsible_units}
    elif table.columns == ("unit",):
        assert {row[0] for row in table.rows} == set(answer.lead_units)
        assert len(table.rows) == answer.number
    else:
        assert table.columns == ("role", "unit")
        told = [(role.rpartition("#")[2], unit) for role, unit in table.rows]
        roles = {role for role, _ in told}
        if answer.number is not None:
            assert len(told) == answer.number
        if answer.number is None or "lead" in roles:
            assert tuple(dict.fromkeys(u for role, u in told if role == "lead")) == answer.lead_units
        if answer.number is None or "responsible" in roles:
            others = tuple(dict.fromkeys(u for role, u in told if role == "responsible"))
            assert others == answer.responsible_units


@pytest.mark.parametrize(
    "question",
    [
        "临江县财政局负责哪些事项？",
        "青岭市财政局一共负责多少项？",
        "松岗区文化广电和旅游局负责哪些？",
        "松岗区动漫制作企业启动资金由哪些单位负责？",
        "青岭市农机购置补贴有几个责任单位？",
    ],
)
def test_invented_documents(question: str) -> None:
    answer = made_library().ask(question, as_of=AS_OF)
    assert answer.status == "answered"
    assert answer.sparql, answer.answer
    agrees(made_store(), answer)


def test_every_list_and_count_of_the_reference_questions(five_store: Path, shared: Path) -> None:
    from tests.made_library import answers_to

    told = [
        answer for _, answer in answers_to(five_store, shared / "gold" / "questions.jsonl") if answer.sparql
    ]
    assert len(told) > 30
    for answer in told:
        agrees(five_store, answer)


def test_a_list_within_one_annex_is_asked_for_within_it(five_store: Path) -> None:
    question = "《支持小微商贸企业个体工商户恢复发展若干措施》里鲁山县商务局负责哪些？"
    answer = Library.open(five_store).ask(question, as_of=AS_OF)
    whole = Library.open(five_store).ask("鲁山县商务局负责哪些？", as_of=AS_OF)
    assert whole.number is not None
    assert answer.number is not None
    assert 0 < answer.number < whole.number
    agrees(five_store, answer)
    agrees(five_store, whole)


def test_a_clause_that_gives_a_sum_names_no_query() -> None:
    answer = made_library().ask("松岗区动漫制作企业启动资金多少？", as_of=AS_OF)
    assert answer.amounts
    assert answer.sparql == ""


def test_names_with_quotation_marks_stay_names(tmp_path: Path) -> None:
    from graph import shown

    nasty = 'a" } DELETE { ?s ?p "b\\'
    for query in (
        shown.duties([(nasty, nasty)], ("lead",), within=[(nasty, nasty)]),
        shown.duties([(nasty, nasty)], ("lead",), count=True),
        shown.leads([nasty]),
        shown.units_of_clause(nasty, nasty, ("lead",)),
    ):
        rows = run(made_store(), query).rows
        assert rows in ((), (("0",),))


def test_the_library_has_the_query_in_its_answers() -> None:
    library: Library = made_library()
    assert library.ask("火星有什么补贴？").sparql == ""
