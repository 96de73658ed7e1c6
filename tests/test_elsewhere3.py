"""What the third set of invented documents taught: each rule asked of a document of its own."""

from datetime import date
from pathlib import Path

import pytest

from qa.library import Library
from qa.model import Answer
from ui.intake import ingest

MADE = Path(__file__).parent / "made_policies" / "elsewhere3"
DAY = date(2025, 7, 10)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder = tmp_path_factory.mktemp("elsewhere3")
    for path in MADE.glob("*.policy"):
        (folder / f"{path.stem}.txt").write_text(path.read_text("utf-8"), "utf-8")
    ingest([folder], folder / "store")
    return Library.open(folder / "store")


def said(library: Library, question: str, *context: str) -> Answer:
    return library.ask(question, context=context, as_of=DAY)


@pytest.mark.parametrize(("spent", "worth"), [("三千万", 1_200_000), ("六千万", 3_600_000)])
def test_tiers_in_a_column_of_sums(library: Library, spent: str, worth: int) -> None:
    assert said(library, f"云麓经开区我们公司设备投了{spent}，补多少").number == worth


def test_a_decree_adopted_by_its_own_government_is_of_that_place(library: Library) -> None:
    answer = said(library, "苍屏引进人才租房补贴多少")
    assert {citation.jurisdiction for citation in answer.citations} == {"苍屏市"}


def test_another_step_of_a_scale_takes_the_place_of_the_first(library: Library) -> None:
    answer = said(library, "那停四层的呢", "汀川加装电梯停七层补多少")
    assert "12万元" in answer.answer
    assert "20万元" not in answer.answer


def test_a_threshold_is_no_aim(library: Library) -> None:
    assert "1.2万亩" in said(library, "砚岭今年新造油茶林多少亩").answer


def test_a_number_to_call_is_told_and_cited(library: Library) -> None:
    answer = said(library, "槿州专利年费资助咨询电话多少")
    assert "0000-8801007" in answer.answer
    assert any("0000-8801007" in citation.quote for citation in answer.citations)
    assert "0000" not in said(library, "槿州专利年费资助找哪个局").answer
