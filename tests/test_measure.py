"""The unit that a question wants its figure in."""

import pytest

from qa.measure import wanted
from qa.said import Figure, figures_of
from qa.text import asked


@pytest.mark.parametrize(
    ("question", "unit"),
    [
        ("审批几个工作日能办完", "working_day"),
        ("能缓几个月", "month"),
        ("要新增多少家企业", "household"),
        ("每年培训多少人次", "person_time"),
        ("按什么比例补", "percent"),
        ("数量翻几番", "times"),
    ],
)
def test_a_unit_is_wanted(question: str, unit: str) -> None:
    assert unit in wanted(asked(question))


@pytest.mark.parametrize("question", ["补多少钱", "什么时候截止", "谁负责", "几个点呢"])
def test_no_counting_unit_is_wanted(question: str) -> None:
    assert not wanted(asked(question)) & {"household", "month", "day", "person"}


@pytest.mark.parametrize(
    ("said", "value"),
    [("四千五", 4500), ("两个亿", 2 * 10**8), ("一万二", 12000), ("13万8", 138000), ("八百万", 8 * 10**6)],
)
def test_spoken_figures_are_read(said: str, value: int) -> None:
    assert Figure(value, "") in {Figure(f.value, "") for f in figures_of(said)}
