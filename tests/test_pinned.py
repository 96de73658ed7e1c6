"""Of several figures in a row the one is said that the question names, and none where that is open."""

import pytest

from graph.facts import Evidence, Quantity, QuantityRole
from qa.answers.pinned import pinned
from qa.question import Question
from qa.text import plain

HOUSES = [("甲级民宿", "20万元"), ("乙级民宿", "10万元"), ("丙级民宿", "5万元")]
SKILLS = [("新培养技师", "3000元"), ("高级技师", "4000元"), ("高级技师提升培训", "2000元")]


def row(
    given: list[tuple[str, str]], *, condition: bool = False, role: QuantityRole = "reward", sure: float = 1.0
) -> list[Quantity]:
    where = Evidence("正文/一", None)
    parties = [("企业", whom) if condition else (whom, "") for whom, _ in given]
    return [
        Quantity(
            where,
            surface,
            "money",
            1,
            "CNY",
            role,
            "exact",
            recipient,
            told,
            sentence="一句",
            stage=stage,
            confidence=sure,
        )
        for stage, ((_, surface), (recipient, told)) in enumerate(zip(given, parties, strict=True), 1)
    ]


def asked(text: str) -> Question:
    return Question(text, plain(text))


@pytest.mark.parametrize("place", range(3))
@pytest.mark.parametrize("condition", [False, True])
def test_the_figure_that_is_named_is_said(place: int, condition: bool) -> None:
    whom, surface = HOUSES[place]
    found = pinned(asked(f"我家评上{whom[:2]}的民宿了，奖多少"), row(HOUSES, condition=condition))
    assert found == f"{whom}：奖励{surface}。"


@pytest.mark.parametrize(
    "question",
    [
        "民宿评级奖多少",  # none is named
        "甲级和乙级各奖多少",  # two are
        "丁级民宿奖多少",  # another one
        "乙级民宿按百分之几奖",  # another unit is asked for
    ],
)
def test_nothing_is_said_where_it_is_open(question: str) -> None:
    assert pinned(asked(question), row(HOUSES)) == ""


@pytest.mark.parametrize("question", ["高级技师补多少", "我们培训学校培养了一个高级技师补多少"])
def test_a_name_inside_another_names_nothing(question: str) -> None:
    assert pinned(asked(question), row(SKILLS)) == ""


def test_what_is_no_row_or_not_sure_is_not_said() -> None:
    question = asked("乙级民宿奖多少")
    assert pinned(question, row(HOUSES, sure=0.8)) == ""
    assert pinned(question, row(HOUSES, role="threshold")) == ""
    assert pinned(question, row(HOUSES)[1:2]) != ""
    single = Quantity(
        Evidence("正文/一", None), "30万元", "money", 1, "CNY", "reward", "exact", recipient="露营地"
    )
    assert pinned(asked("露营地和乙级民宿奖多少"), [*row(HOUSES), single]) == ""
    assert pinned(asked("露营地奖多少"), [*row(HOUSES), single]) == ""
    assert pinned(question, []) == ""
