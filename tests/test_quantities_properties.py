"""What holds for figures of any text: nothing raises, every span is true, every value has its form."""

import re
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from graph.figures.numbers import CHINESE, number
from graph.figures.quantities import quantities
from graph.figures.text import sentences
from graph.measures import measures, validity_at
from ingest import parse
from ingest.model import Clause, Policy, RawDocument, Span

PIECES = [
    "对",
    "企业",
    "的",
    "，",
    "。",
    "；",
    "、",
    "：",
    "给予",
    "奖励",
    "补贴",
    "按照",
    "不超过",
    "最高",
    "分别",
    "每人",
    "每年",
    "万元",
    "5",
    "10",
    "2022年",
    "1月",
    "31日",
    "底前",
    "%",
    "以上",
    "以内",
    "（",
    "）",
    "“",
    "”",
    "《",
    "》",
    "三",
    "两",
    "十",
    "百",
    "亿",
    "个月",
    "家",
    "第",
    "一",
    "季度",
    "至",
    "—",
    "-",
    "1:1",
    "：",
    " ",
    "５",
    "％",
    "倍",
    "翻两番",
    "上半年",
    "含",
    "再",
    "其中",
    "一、二、三等奖",
    "三个节点",
    "国家级、省级",
    "由县财政承担",
    "有效期",
    "自",
    "起",
    "2月30日",
    "0",
    ".",
    "9999",
    "个工作日",
    "省",
    "市",
    "\n",
    "\u3000",
]
TEXTS = st.one_of(st.text(max_size=120), st.lists(st.sampled_from(PIECES), max_size=60).map("".join))
ISO = r"(?:\d{4}(?:-\d\d(?:-\d\d)?)?|--\d\d(?:-\d\d)?|---\d\d)"


def clause_of(text: str) -> tuple[Clause, Policy]:
    """Return a clause of two pieces, with a line break between them in the source."""
    half = len(text) // 2
    source = f"一、{text[:half]}\n{text[half:]}"
    pieces = tuple(p for p in (Span(2, 2 + half), Span(3 + half, 3 + len(text))) if len(p))
    clause = Clause("一", "一", "", Span(0, len(source)), None, text, pieces)
    return clause, Policy("made", "", source, "", date="2022-05-01")


@settings(max_examples=600, deadline=None)
@given(TEXTS)
def test_never_raises_and_every_span_is_true(text: str) -> None:
    clause, policy = clause_of(text)
    found = quantities(clause, policy)
    for quantity in found:
        span = quantity.evidence.span
        assert span is not None
        assert "".join(span.of(policy.text).split()) == "".join(quantity.surface.split())
        assert quantity.surface in text
        assert 0 < quantity.confidence <= 1
        if quantity.unit == "date":
            assert re.fullmatch(rf"{ISO}(?:/{ISO})?", str(quantity.value)), quantity
        elif quantity.unit == "CNY" and not isinstance(quantity.value, str):
            assert quantity.value >= 0
    starts = [q.evidence.span.start for q in found if q.evidence.span]
    assert starts == sorted(starts)


@settings(max_examples=300, deadline=None)
@given(TEXTS, st.one_of(st.none(), st.dates()))
def test_measures_and_validity_never_raise(text: str, day: date | None) -> None:
    clause, policy = clause_of(text)
    found = quantities(clause, policy)
    for measure in measures(clause, found):
        assert measure.evidence.span is not None
    state, start, until, evidence = validity_at(policy, clause, found, day)
    assert state in ("in_force", "expired", "unknown")
    if state == "expired":
        assert until is not None
        assert evidence is not None
    if start and until:
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", start)


@given(st.integers(min_value=1, max_value=9999))
def test_chinese_numerals_round_trip(value: int) -> None:
    digits, places = "零一二三四五六七八九", ["", "十", "百", "千"]
    printed = ""
    for place in range(3, -1, -1):
        digit = value // 10**place % 10
        if digit:
            printed += digits[digit] + places[place]
        elif printed and not printed.endswith("零") and value % 10**place:
            printed += "零"
    assert number(printed) == value
    assert re.fullmatch(CHINESE, printed)


def test_hostile_text_is_quick() -> None:
    for text in (
        "（" * 5000 + "5万元",
        "对" * 5000 + "给予5万元",
        "1、" * 5000 + "家",
        "按照" + "甲、" * 3000 + "三个节点给予5万元、6万元",
    ):
        clause, policy = clause_of(text)
        quantities(clause, policy)


def test_a_number_and_a_word_on_both_sides_of_a_unit_list_are_no_figure() -> None:
    text = (
        "柳川县人民政府办公室关于做好培训工作的通知\n\n各镇：\n现通知如下。\n\n"
        "一、某项工作\n培训期限30日\n（责任单位：县财政局、县商务局）\n以上。另有补助20万元。\n二、另一项\n做好宣传。\n"
    )
    policy = parse(RawDocument(text, "0" * 64, "sample"))
    found = [q for clause in policy.clauses for q in quantities(clause, policy)]
    assert [q.surface for q in found] == ["20万元"]
    assert all(q.evidence.span and q.evidence.span.of(text) == q.surface for q in found)


@given(st.text(alphabet="甲乙，；、。\n给予5万元", max_size=4000))
@settings(max_examples=50, deadline=None)
def test_sentences_are_the_whole_text_in_order_and_none_is_endless(text: str) -> None:
    ranges = list(sentences(text))
    assert "".join(text[a:b] for a, b in ranges) == text
    assert all(0 < b - a <= 1000 for a, b in ranges)
    assert all(b - a <= 1000 for a, b in sentences("每人每月1000元" * 3000))
