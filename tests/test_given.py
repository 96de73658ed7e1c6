"""Figures that askers give: sums, counts, percentages, spans of time, steps."""

from fractions import Fraction

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from qa.entitlement.given import Facts, amount, read
from qa.text import asked


def facts(text: str) -> Facts:
    return read(asked(text))


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("6000", 6000),
        ("6000万", 60_000_000),
        ("六千万", 60_000_000),
        ("八千万", 80_000_000),
        ("1.5亿", 150_000_000),
        ("一亿二", 120_000_000),
        ("1亿2000万", 120_000_000),
        ("两万五", 25_000),
        ("三千五", 3_500),
        ("一百零五", 105),
        ("二十五", 25),
        ("3千万", 30_000_000),
        ("12,000万", 120_000_000),
        ("六个亿", 600_000_000),
    ],
)
def test_amount(printed: str, value: int) -> None:
    assert amount(printed) == value


@pytest.mark.parametrize("printed", ["", "万", "厂", "几十"])
def test_no_amount(printed: str) -> None:
    with pytest.raises(ValueError):
        amount(printed)


@pytest.mark.parametrize(
    ("text", "kind", "value", "unit"),
    [
        ("年营收6000万，能拿多少", "money", 60_000_000, "CNY"),
        ("我们投了八千万买股份", "money", 80_000_000, "CNY"),
        ("店租一个月2000块", "money", 2_000, "CNY"),
        ("出口500万美元", "money", 5_000_000, "USD"),
        ("房租3000", "money", 3_000, "CNY"),
        ("培养了12个技师", "count", 12, "个"),
        ("中级工20人", "count", 20, "人"),
        ("种了三十亩地", "count", 30, "亩"),
        ("发了1.2万度电", "count", 12_000, "度"),
        ("营收涨了12%", "percent", 12, "percent"),
        ("涨了一成五的样子，三成", "percent", 10, "percent"),
        ("百分之八十五投在本地", "percent", 85, "percent"),
        ("千分之二", "percent", Fraction(1, 5), "percent"),
        ("补两年", "duration", 24, "month"),
        ("租了两个半月", "duration", Fraction(5, 2), "month"),
        ("开了一年半", "duration", 18, "month"),
        ("合同签了半年", "duration", 6, "month"),
        ("干了半个月", "duration", Fraction(1, 2), "month"),
    ],
)
def test_figure(text: str, kind: str, value: Fraction, unit: str) -> None:
    first = facts(text).figures[0]
    assert (first.kind, first.value, first.unit) == (kind, value, unit)


@pytest.mark.parametrize(
    "text",
    [
        "2022年5月发的文",
        "第十六条怎么说",
        "拿了二等奖",
        "二季度满产",
        "上半年满产",
        "两笔奖加一块儿",
        "打12345问",
        "几十万吧",
        "好几个人",
    ],
)
def test_no_figure(text: str) -> None:
    assert not facts(text).of("money", "percent", "duration")


@pytest.mark.parametrize(
    ("text", "measure"),
    [
        ("主营收入4800万", "revenue"),
        ("设备软件花了2000万", "investment"),
        ("发债融资3000万元", "financing"),
        ("月租2500元", "rent"),
        ("交了50万保费", "premium"),
        ("研发费用1000万", "research"),
    ],
)
def test_measure(text: str, measure: str) -> None:
    assert measure in facts(text).figures[0].measures


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("我们出口涨了9%", "出口涨了9%"),
        ("我们去年营业收入4800万", "营业收入4800万"),
        ("年营收6000万", "年营收6000万"),
    ],
)
def test_told(text: str, told: str) -> None:
    assert facts(text).figures[0].told == told


def test_words_around() -> None:
    first, second = facts("10个中级工4个高级工").figures
    assert (first.after, second.before, second.after) == ("中级工", "中级工", "高级工")


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("一个月2000块", "per_month"),
        ("月租金2500元", "per_month"),
        ("租金一年36000元", "per_year"),
        ("投了3万", ""),
    ],
)
def test_period(text: str, period: str) -> None:
    assert facts(text).figures[0].period == period


@pytest.mark.parametrize(
    ("text", "side"),
    [("增速没到10%", "under"), ("营收超过5000万", "over"), ("营收5000万以上", "over"), ("营收5000万", "")],
)
def test_side(text: str, side: str) -> None:
    assert facts(text).figures[0].side == side


@pytest.mark.parametrize(
    ("text", "steps", "all_steps"),
    [
        ("辅导备案和受理两步都过了", 2, True),
        ("过了三个节点", 3, False),
        ("全部走完了", None, True),
        ("到上市这一节点", None, False),
    ],
)
def test_steps(text: str, steps: int | None, all_steps: bool) -> None:
    found = facts(text)
    assert (found.steps, found.all_steps) == (steps, all_steps)


@pytest.mark.parametrize(
    ("text", "asks", "asks_sum"),
    [
        ("两笔加起来多少", True, True),
        ("一共能拿多少钱", True, True),
        ("能奖多少", True, False),
        ("一共多少项措施", True, False),
        ("归谁管", False, False),
        ("贷款200万，能贷多少", False, False),
    ],
)
def test_what_is_asked(text: str, asks: bool, asks_sum: bool) -> None:
    found = facts(text)
    assert (found.asks, found.asks_sum) == (asks, asks_sum)


def test_sums_that_are_wanted_are_not_given() -> None:
    assert not facts("听说给300万，是真的吗").figures


def test_masked_places_give_no_figure() -> None:
    assert not read("五家镇的政策", [(0, 3)]).figures


@for_all(st.text(alphabet="年营收投了一二三两十百千万亿0123456789.,%‰元块个人月的，。 没到以上", max_size=40))
def test_spans_point_at_the_text(text: str) -> None:
    plain = asked(text)
    for figure in read(plain).figures:
        assert plain[figure.start : figure.end] == figure.surface
