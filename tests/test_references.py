"""References between documents: relations, numbers, short names, resolving."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.facts import Evidence, Reference
from graph.references import references
from graph.resolving import resolve
from ingest.model import Clause, Paragraph, Policy, Span


def policy(text: str, title: str = "某市人民政府关于促进茶叶生产的意见") -> Policy:
    """A policy of one clause, whose text is the whole document."""
    span = Span(0, len(text))
    clause = Clause("正文/一", "一", "", span, None, text, (span,) if text else ())
    return Policy("tea", title, text, "", clauses=(clause,))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("根据《茶园管理条例》，制定本办法。", [("based_on", "茶园管理条例", None)]),
        (
            "依据《甲省茶法》《乙茶规》和《丙茶则》等规定",
            [("based_on", t, None) for t in ("甲省茶法", "乙茶规", "丙茶则")],
        ),
        (
            "为贯彻落实《甲省茶业规划》（甲政发〔2020〕7号）精神",
            [("applies", "甲省茶业规划", "甲政发〔2020〕7号")],
        ),
        ("为落实甲省人民政府印发的《茶业规划》要求", [("applies", "茶业规划", None)]),
        ("《旧茶办法》（甲政办[2011]3 号）同时废止。", [("repeals", "旧茶办法", "甲政办〔2011〕3号")]),
        (
            "自发文之日起，《旧茶办法》、《老茶规定》停止执行。",
            [("repeals", "旧茶办法", None), ("repeals", "老茶规定", None)],
        ),
        ("决定废止《旧茶办法》", [("repeals", "旧茶办法", None)]),
        ("现对《茶园补贴办法》作如下修改：", [("amends", "茶园补贴办法", None)]),
        ("将《茶园补贴办法》第三条修改为：", [("amends", "茶园补贴办法", None)]),
        ("定期修订《茶叶标准指南》，", [("cites", "茶叶标准指南", None)]),
        ("填写《茶园登记表》后交回", [("cites", "茶园登记表", None)]),
        ("按照《关于印发〈茶园规划〉的通知》执行", [("based_on", "关于印发〈茶园规划〉的通知", None)]),
        ("按照《关于印发《茶园规划》的通知》执行", [("based_on", "关于印发《茶园规划》的通知", None)]),
        ("强化责任落实。《茶业规划》提出了目标", [("cites", "茶业规划", None)]),
        ("原甲政办〔2019〕12号文件同时废止。", [("repeals", "甲政办〔2019〕12号", "甲政办〔2019〕12号")]),
        ("按照甲政发〔2020〕7 号有关规定执行", [("based_on", "甲政发〔2020〕7号", "甲政发〔2020〕7号")]),
        ("《旧茶办法》（甲政办〔2019〕12号）不再执行", [("repeals", "旧茶办法", "甲政办〔2019〕12号")]),
        ("《旧茶办法》等3件文件自印发之日起废止", [("repeals", "旧茶办法", None)]),
        ("《旧茶办法》第五条、第六条同时废止。", [("amends", "旧茶办法", None)]),
        ("《旧茶办法》有效期延长至2026年12月31日。", [("amends", "旧茶办法", None)]),
        ("《旧茶办法》继续有效。", [("cites", "旧茶办法", None)]),
        ("与《旧茶办法》不一致的，以本通知为准。", [("cites", "旧茶办法", None)]),
        ("没有合上的《书名号", []),
        ("〉》《《（）", []),
    ],
)
def test_relation(text: str, expected: list[tuple[str, str, str | None]]) -> None:
    assert [(r.relation, r.title, r.number) for r in references(policy(text))] == expected


def test_short_name_is_followed_to_the_title() -> None:
    text = "根据《甲省茶园承包条例》（以下简称《条例》），制定本办法。违反的，依照《条例》处理。"
    assert [(r.relation, r.title) for r in references(policy(text))] == [("based_on", "甲省茶园承包条例")]


def test_print_lines_do_not_break_a_title() -> None:
    text = "根据《甲省茶园承\n包条例》（甲人发\n〔2019〕5号），制定本办法。"
    (found,) = references(policy(text))
    assert (found.title, found.number) == ("甲省茶园承包条例", "甲人发〔2019〕5号")
    assert found.evidence.span is not None
    assert found.evidence.span.of(text) == "《甲省茶园承\n包条例》"


def test_own_title_is_no_reference_but_a_namesake_is() -> None:
    own = "促进茶叶生产若干措施"
    assert references(policy(f"《{own}》已经会议通过。", own)) == ()
    assert [r.relation for r in references(policy(f"为落实甲省《{own}》", own))] == ["applies"]


def test_an_older_one_of_the_same_title_is_another() -> None:
    own = "某市茶园补贴办法"
    (found,) = references(policy(f"原《{own}》（某政办〔2018〕3号）同时废止。", own))
    assert (found.relation, found.number) == ("repeals", "某政办〔2018〕3号")


def test_titles_listed_under_a_decision_to_repeal() -> None:
    head, items = "一、对下列文件予以废止：", ("1.《旧茶办法》（甲政发〔2001〕2号）", "2.《老茶规定》")
    text = head + "".join(items)
    clauses = [Clause("正文/一", "一", "", Span(0, len(head)), None, head, (Span(0, len(head)),))]
    start = len(head)
    for number, item in enumerate(items, 1):
        span = Span(start, start := start + len(item))
        clauses.append(
            Clause(f"正文/一/{number}", str(number), "", span, None, item, (span,), parent="正文/一")
        )
    made = Policy("tea", "题", text, "", clauses=tuple(clauses))
    assert [(r.relation, r.title) for r in references(made)] == [
        ("repeals", "旧茶办法"),
        ("repeals", "老茶规定"),
    ]


def test_paragraphs_belong_to_their_part() -> None:
    text = "根据《茶法》，通知如下。"
    loose = Paragraph(text, (Span(0, len(text)),), "附件1", False)
    (found,) = references(Policy("tea", "题", text, "", paragraphs=(loose,)))
    assert found.evidence == Evidence("附件1", Span(2, 6))


def cited(title: str, number: str | None = None) -> Reference:
    return Reference(Evidence("正文", None), title, number, "cites")


@pytest.mark.parametrize(
    ("title", "number", "target"),
    [
        ("随便什么题目", "甲政发〔2020〕7号", "plan"),
        ("甲省茶业发展规划", None, "plan"),
        ("甲省茶业发展规划（试行）", None, "plan"),
        ("茶业统计工作方案", None, "stat"),  # 国务院 issued it: no place to confuse
        ("促进茶叶生产若干措施", None, None),  # whose? several governments may have one
        ("乙省茶业发展规划", None, None),
        ("甲省茶业发展规划", "甲政发〔1999〕1号", None),  # another number is another document
    ],
)
def test_resolve(title: str, number: str | None, target: str | None) -> None:
    catalogue = {
        "甲省茶业发展规划": "plan",
        "甲政发〔2020〕7号": "plan",
        "国务院关于印发茶业统计工作方案的通知": "stat",
        "促进茶叶生产若干措施": "local",
    }
    (found,) = resolve([cited(title, number)], catalogue)
    assert found.target == target


@pytest.mark.parametrize(
    "printed", ["支持“茶旅融合”若干措施", "支持茶旅融合若干措施(试行)", "支持“茶旅融合”　若干措施"]
)
def test_print_does_not_matter_nor_need_one_name_ones_own_government(printed: str) -> None:
    catalogue = {"支持“茶旅融合”若干措施（试行）": "local"}
    assert resolve([cited(printed)], catalogue)[0].target is None
    assert resolve([cited(printed)], catalogue, {"local"})[0].target == "local"


def test_two_sources_of_one_title_resolve_to_none() -> None:
    (found,) = resolve([cited("甲省茶业规划")], {"甲省茶业规划": "one", "甲省茶业规划（试行）": "two"})
    assert found.target is None


@given(
    st.lists(
        st.sampled_from(
            [
                "《",
                "》",
                "〈",
                "〉",
                "根据",
                "废止",
                "茶法",
                "（",
                "）",
                "以下简称",
                "〔2020〕",
                "3号",
                "，",
                "\n",
            ]
        )
    )
)
def test_never_raises_and_spans_hold(words: list[str]) -> None:
    text = "".join(words)
    for found in references(policy(text)):
        assert found.evidence.span is not None
        assert found.evidence.span.of(text).startswith("《") or found.title == found.number


def test_five_policies(shared: Path) -> None:
    from ingest.model import RawDocument
    from ingest.tree import parse

    for source, wanted in {"lushan": "平政办〔2022〕15号", "zhanhe": "平政办〔2022〕15号"}.items():
        text = (shared / "corpus" / f"{source}.txt").read_text("utf-8")
        found = references(parse(RawDocument(text, "", source)))
        assert ("applies", wanted) in {(r.relation, r.number) for r in found}
