"""Places side by side: the clauses of the comparing answer, row by row, and nothing that is not written."""

from datetime import date
from pathlib import Path

import pytest

from qa.comparing import Comparison
from qa.library import Library
from tests.made_library import AS_OF, made_library

TOPICS = ("首次入规奖励多少", "文化企业房租补助", "农机购置补贴", "哪个单位牵头")


@pytest.mark.parametrize("topic", TOPICS)
def test_each_row_is_checked_and_each_place_is_told(topic: str) -> None:
    library = made_library()
    places = [*library.jurisdictions(), "无名县"]
    told = library.compare(topic, places, as_of=AS_OF)
    check(told, library)
    assert [row.jurisdiction for row in told.rows] == places
    assert told.rows[-1].state == "not_held"


def check(told: Comparison, library: Library) -> None:
    for row in told.rows:
        if row.state != "found":
            assert row.citation is None
            assert (row.words, row.amounts, row.lead_units) == ("", (), ())
            continue
        assert row.citation is not None
        assert row.citation.verified
        assert row.citation.jurisdiction == row.jurisdiction
        view = library.clause(row.citation.source, row.citation.locator)
        assert view is not None
        assert set(row.lead_units) == {duty.unit for duty in view.duties if duty.role == "lead"}
        for amount in row.amounts:
            assert amount.surface in row.words


def test_the_rows_are_those_of_the_comparing_answer(five_store: Path) -> None:
    library = Library.open(five_store)
    day = date(2022, 7, 15)
    places = ["湛河区", "鲁山县", "洛阳市"]
    for topic in ("房租减免几个月", "首次入库奖励多少", "挂新三板奖励多少"):
        answer = library.ask(f"{'、'.join(places)}{topic}", as_of=day)
        told = library.compare(topic, places, as_of=day)
        check(told, library)
        found = {row.citation.locator for row in told.rows if row.citation}
        assert found == {citation.locator for citation in answer.citations}
        for row in told.rows:
            silent = f"**{row.jurisdiction}**：已收录的文件中没有" in answer.answer
            assert silent == (row.state == "silent")


def test_places_are_known_by_their_short_names(five_store: Path) -> None:
    told = Library.open(five_store).compare("房租减免", ["鲁山", "湛河"], as_of=date(2022, 7, 15))
    assert [row.jurisdiction for row in told.rows] == ["鲁山县", "湛河区"]
    assert {row.state for row in told.rows} == {"found"}


def test_nothing_on_it_anywhere() -> None:
    library = made_library()
    told = library.compare("婚姻登记要带什么证件", library.jurisdictions(), as_of=AS_OF)
    assert {row.state for row in told.rows} == {"silent"}
