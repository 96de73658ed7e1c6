"""Whatever the text: nothing raises, every span is true, every piece joins, every line is there."""

from pathlib import Path

import hypothesis.strategies as st
from hypothesis import example, given, settings

from benchmarks.fuzz import Maker, examine
from ingest import parse
from ingest.fold import fold
from ingest.model import Policy, RawDocument
from ingest.numbering import marker
from ingest.numerals import to_han, to_int
from ingest.titleblock import title_text

MADE = Path(__file__).parent / "made_policies"
KEYWORDS = [
    "一、",
    "二、",
    "（一）",
    "（二）",
    "(三)",
    "1.",
    "2．",
    "15.",
    "（1）",
    "①",
    "㈠",
    "⑴",
    "1）",
    "1.1 ",
    "2.1.1 ",
    "第一条 ",
    "第 2 条",
    "第三条第二款",
    "第一章　总则",
    "第一节 ",
    "附件",
    "附件 1",
    "附件：1.",
    "附件2：",
    "附：",
    "附录A",
    "牵头单位：",
    "责任单位:",
    "（责任单位：",
    "〔责任单位：",
    "配合单位：",
    "完成时限：",
    "县财政局",
    "、",
    "，",
    "。",
    "；",
    "：",
    "）",
    "（",
    "〕",
    "市工信局牵头",
    "按职责分工负责）",
    "- 3 -",
    "第 3 页",
    "7",
    "抄送：",
    "2022年6月1日",
    "2022年6月1日印发",
    "二〇二二年六月一日",
    "某县人民政府文件",
    "某政办〔2022〕3号",
    "关于印发某办法的通知",
    "（征求意见稿）",
    "各乡镇人民政府：",
    "\t",
    " | ",
    "目录",
    "....... 3",
    "专栏 1 ",
    "3.5万元",
    "本办法自印发之日起施行。",
    "　　",
    " ",
    "“",
    "”",
    "《",
    "》",
    "一是",
    "支持企业发展。",
    "对企业给予奖励5万元。",
    "扫一扫在手机打开当前页",
    "首页 > 公开",
    "索 引 号： | 1 | 发文机关： | 某局",
]
LINES = st.lists(
    st.lists(
        st.one_of(st.sampled_from(KEYWORDS), st.text("甲乙丙丁企业奖励12３ aB。，", max_size=12)), max_size=6
    ).map("".join),
    max_size=40,
).map("\n".join)


def check(policy: Policy) -> None:
    text = policy.text
    assert "\n".join(line.span.of(text) for line in policy.lines) == text
    names = [c.locator for c in policy.clauses]
    assert len(names) == len(set(names))
    for clause in policy.clauses:
        assert clause.parent is None or clause.parent in names
        assert "".join(p.of(text) for p in clause.pieces) == clause.text
        assert all(p.start < p.end for p in clause.pieces)
        assert list(clause.pieces) == sorted(clause.pieces)
        assert 0 <= clause.span.start <= clause.span.end <= len(text)
        for unit in clause.units:
            assert 0 <= unit.start < unit.end <= len(text)
            assert unit.of(text) == unit.of(text).strip()
            assert not any(p.start < unit.end and unit.start < p.end for p in clause.pieces)
        if clause.title_span is not None:
            source = iter(title_text(clause.title_span.of(text)))
            assert all(char in source for char in clause.title)  # in order; a page number may stand between
        if clause.text:
            whole = clause.locate(0, len(clause.text))
            assert (whole.start, whole.end) == (clause.pieces[0].start, clause.pieces[-1].end)
    for paragraph in policy.paragraphs:
        assert "".join(p.of(text) for p in paragraph.pieces) == paragraph.text
    for finding in policy.findings:
        assert finding.span is None or 0 <= finding.span.start <= finding.span.end <= len(text)
    labels = [part.label for part in policy.parts]
    assert len(labels) == len(set(labels))


@given(LINES)
@example("")
@example("附件")
@example("一、")
@example("（责任单位：")
@settings(max_examples=400, deadline=None)
def test_any_mixture_of_keywords_is_read_with_true_spans(text: str) -> None:
    check(parse(RawDocument(text, "0" * 64, "fuzz")))


@given(st.text(max_size=300))
@settings(max_examples=200, deadline=None)
def test_any_text_is_read(text: str) -> None:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    check(parse(RawDocument(text, "0" * 64, "fuzz")))


@given(st.integers(0, 2**32))
@settings(max_examples=300, deadline=None)
def test_official_blocks_in_any_order_give_true_facts(seed: int) -> None:
    """As benchmarks.fuzz does at length: spans of facts, findings and the stored record, on mixed texts."""
    made = [path.read_text("utf-8") for path in sorted(MADE.glob("*.txt"))]
    assert list(examine(Maker(seed, made).document(), whole=seed % 4 == 0)) == []


@given(st.text())
@example("（㈠）㎡ﬁ １，０００ 1,000 ﹝〔﹞〕")
def test_folding_keeps_every_offset(text: str) -> None:
    assert len(fold(text)) == len(text)
    assert fold(fold(text)) == fold(text)


@given(st.integers(0, 99_999_999))
@example(99)
@example(100)
@example(10_010)
def test_chinese_numerals_round_trip(value: int) -> None:
    assert to_int(to_han(value)) == value


@given(st.text("第一二三十条章（）1.、①㈠ 之款", max_size=12))
def test_a_marker_lies_within_its_line(line: str) -> None:
    folded = fold(line)
    found = marker(folded, 0, len(folded))
    assert found is None or 0 < found.end <= len(folded)
