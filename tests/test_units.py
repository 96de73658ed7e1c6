"""Units and roles out of lists, brackets and running text; canonical names; findings."""

import json
import re
import time
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.facts import Duty
from graph.units.duties import duties
from ingest.model import Clause, Finding, Policy, RawDocument, Span

Found = list[tuple[str, str]]


def policy(
    *lists: str, text: str = "", title: str = "甲县人民政府关于种茶的意见", jurisdiction: str = "甲县"
) -> Policy:
    """A policy whose clauses have one unit line each; `text` is a last clause's running text."""
    clauses, whole = [], ""
    for i, line in enumerate(lists):
        span = Span(len(whole), len(whole) + len(line))
        clauses.append(Clause(f"正文/{i}", str(i), "", span, None, "", (), (span,)))
        whole += line + "\n"
    if text:
        span = Span(len(whole), len(whole) + len(text))
        clauses.append(Clause("正文/文", "文", "", span, None, text, (span,)))
        whole += text
    return Policy("tea", title, whole, "", jurisdiction=jurisdiction, clauses=tuple(clauses))


def said(found: tuple[Duty, ...], locator: str = "正文/0") -> Found:
    return [(d.role, d.unit) for d in found if d.evidence.locator == locator]


def rules(findings: tuple[Finding, ...]) -> list[str]:
    return [f.rule for f in findings]


R, L, S, W = "responsible", "lead", "support", "oversight"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("责任单位：县茶办、县林业局，各乡镇政府", [(R, "县茶办"), (R, "县林业局"), (R, "各乡镇政府")]),
        ("牵头单位:县商务局;责任单位:县财政局", [(L, "县商务局"), (R, "县财政局")]),
        (
            "牵头部门：县商务局\n配合单位：县财政局、县税务局",
            [(L, "县商务局"), (S, "县财政局"), (S, "县税务局")],
        ),
        ("【责任单位】县商务局、县财政局", [(R, "县商务局"), (R, "县财政局")]),
        ("【牵头责任单位】：县商务局", [(L, "县商务局")]),
        ("责任单位：县商务局（牵头单位）、县财政局", [(L, "县商务局"), (R, "县财政局")]),
        ("主办单位：县教育局 协办单位：县民政局", [(L, "县教育局"), (S, "县民政局")]),
        ("牵头责任单位：县水利局", [(L, "县水利局")]),
        ("主体责任单位：各乡（镇）人民政府", [(R, "各乡（镇）人民政府")]),
        ("责任单位：县水利局。督办单位：县政府督查室", [(R, "县水利局"), (W, "县政府督查室")]),
        ("实施单位：县水利局；完成时限：2030年底前", [(R, "县水利局")]),
        ("责任单位：县水利局 责任领导：张三", [(R, "县水利局")]),
        (
            "责任单位：市水利局、财政局、市委宣传部、统战部",
            [(R, u) for u in ("市水利局", "市财政局", "市委宣传部", "市委统战部")],
        ),
        ("责任单位：市民政局、市场监管局", [(R, "市民政局"), (R, "市市场监管局")]),
        (
            "责任单位：市民政局、乙市海关、人行乙市中心支行、审计局",
            [(R, u) for u in ("市民政局", "乙市海关", "人行乙市中心支行", "市审计局")],
        ),
        ("责任单位：县文化广电和旅游局和县教育局", [(R, "县文化广电和旅游局"), (R, "县教育局")]),
        ("责任单位：县住房和城乡建设局及各镇政府", [(R, "县住房和城乡建设局"), (R, "各镇政府")]),
        ("责任单位：县政务服务和数\n\n据中心、县民\n政局", [(R, "县政务服务和数据中心"), (R, "县民政局")]),
        ("责任单位：县高新区管\n\n- 3 -\n\n委会，县民政局", [(R, "县高新区管委会"), (R, "县民政局")]),
        ("责任单位：县民政局等有关部门", [(R, "县民政局")]),
        ("责任单位：县民政局、有关单位", [(R, "县民政局")]),
        (
            "责任单位：镇政府（街道办事处）、各县（市、区）政府",
            [(R, "镇政府（街道办事处）"), (R, "各县（市、区）政府")],
        ),
        ("县民政局、县水利局", [(R, "县民政局"), (R, "县水利局")]),
        ("县民政局牵头，县水利局、县林业局配合", [(L, "县民政局"), (S, "县水利局"), (S, "县林业局")]),
        (
            "省民政厅牵头，省水利厅、财政厅等按职责分工负责",
            [(L, "省民政厅"), (R, "省水利厅"), (R, "省财政厅")],
        ),
        ("民政部会同有关部门负责", [(R, "民政部")]),
        (
            "水利部、民政部等和各有关省级人民政府负责",
            [(R, "水利部"), (R, "民政部"), (R, "各有关省级人民政府")],
        ),
        ("责任单位：市发改委（市重点办）、市工信局（牵头）", [(R, "市发改委（市重点办）"), (L, "市工信局")]),
        ("责任单位：省水利厅，各市、县人民政府", [(R, "省水利厅"), (R, "各市、县人民政府")]),
        ("责任单位：市水利局、团市委、残联", [(R, "市水利局"), (R, "团市委"), (R, "市残联")]),
        ("牵头单位：县水利局，县林业局配合", [(L, "县水利局"), (S, "县林业局")]),
        ("责任部门：区发改局 区经信局", [(R, "区发改局"), (R, "区经信局")]),
        ("市委、市政府督查室督办", [(W, "市委"), (W, "市政府督查室")]),
        ("责任单位：", []),
        ("责任单位：无", []),
    ],
)
def test_unit_line(line: str, expected: Found) -> None:
    assert said(duties(policy(line))[0]) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "由县农业农村局牵头，县财政局、县水利局配合，建设茶园。",
            [(L, "县农业农村局"), (S, "县财政局"), (S, "县水利局")],
        ),
        ("办好茶叶节。（省商务厅、省财政厅负责）", [(R, "省商务厅"), (R, "省财政厅")]),
        (
            "办好茶叶节。（商务部、财政部等按职责分工负责）扩大外销。（海关总署负责）",
            [(R, u) for u in ("商务部", "财政部", "海关总署")],
        ),
        ("县民政局、县教育局按照职责分工负责。", [(R, "县民政局"), (R, "县教育局")]),
        ("水利部负责茶园灌溉。", [(R, "水利部")]),
        ("县财政局、县教育局要按职责分工负责。", [(R, "县财政局"), (R, "县教育局")]),
        ("牵头单位为县财政局，由县教育局配合。", [(L, "县财政局"), (S, "县教育局")]),
        ("支持龙头企业牵头组建联盟。", []),
        ("鼓励各镇政府结合实际牵头举办茶会。", []),
        ("项目负责人应当签字，牵头单位要加强协调。", []),
        ("有关部门要积极配合，主管部门负责监管。", []),
        ("由专人负责，谁主管谁负责。", []),
        ("本办法自印发之日起施行，由县财政局负责解释。", []),
        ("县民政局负责人参加会议。", []),
        ("发挥企业（个人）作用，参与建设。", []),
    ],
)
def test_running_text(text: str, expected: Found) -> None:
    assert said(duties(policy(text=text))[0], "正文/文") == expected


@pytest.mark.parametrize(
    "rule",
    [
        "列第一位者为牵头责任单位，下同",
        "排在首位的为牵头单位，下同",
        "第一个单位为牵头单位，下同",
        "排在第一位的部门为牵头部门，下同",
    ],
)
def test_first_of_a_list_leads_from_there_on(rule: str) -> None:
    lines = [
        "责任单位：县茶局、县民政局",
        f"责任单位：县教育局、县民政局。{rule}",
        "责任单位：县水利局、县财政局",
    ]
    filler = "种茶。" * 30
    found = duties(policy(lines[0], text=""))[0]
    assert said(found) == [(R, "县茶局"), (R, "县民政局")]
    document = policy(lines[0] + filler, *lines[1:])
    cut = document.clauses[0]
    units = Span(cut.span.start, cut.span.start + len(lines[0]))
    first = Clause(cut.locator, "", "", units, None, "", (), (units,))
    found = duties(Policy("tea", "", document.text, "", clauses=(first, *document.clauses[1:])))[0]
    assert said(found) == [(R, "县茶局"), (R, "县民政局")]
    assert said(found, "正文/1") == [(L, "县教育局"), (R, "县民政局")]
    assert said(found, "正文/2") == [(L, "县水利局"), (R, "县财政局")]
    assert "首位" in next(d.note for d in found if d.unit == "县水利局")


def test_written_lead_keeps_the_list_whole() -> None:
    found = duties(policy("牵头单位：县茶局；责任单位：县教育局", text="（排在首位的为牵头单位）"))[0]
    assert said(found) == [(L, "县茶局"), (R, "县教育局")]


def test_repairs_only_what_the_document_attests() -> None:
    lists = ["责任单位：区发改委、区水务和大数据中心", "责任单位：区发改、水务和大数据中心", "责任单位：区民"]
    found, findings = duties(policy(*lists))
    assert said(found, "正文/1") == [(R, "区发改委"), (R, "区水务和大数据中心")]
    repaired = [d for d in found if d.evidence.locator == "正文/1"]
    assert [d.written for d in repaired] == ["区发改", "水务和大数据中心"]
    assert all(d.note for d in repaired)
    assert said(found, "正文/2") == [(R, "区民")]
    assert rules(findings).count("unit-truncated") == 2


def test_two_candidates_repair_nothing() -> None:
    found, _ = duties(policy("责任单位：区住建局、区住建办", "责任单位：区住建"))
    assert said(found, "正文/1") == [(R, "区住建")]


def test_forms_of_one_unit_become_one() -> None:
    lists = [
        "责任单位：市水务局丁丙分局、茶山乡政府、县发展改革委",
        "责任单位：市水务局丁丙分局、茶山乡政府、县发展改革委",
        "责任单位：丁丙水务分局、茶山乡人民政府、县发改委",
    ]
    found, _ = duties(policy(*lists, jurisdiction="丁丙县"))
    assert said(found, "正文/2") == said(found, "正文/0")
    assert [d.written for d in found if d.evidence.locator == "正文/2"] == [
        "丁丙水务分局",
        "茶山乡人民政府",
        "县发改委",
    ]


def test_branch_of_another_place_is_kept_and_reported() -> None:
    lists = [
        "责任单位：区民政局、区水务局、区财政局、市环保局戊己分局、市环保局戊亥分局",
        "责任单位：区民政局、区教育局",
    ]
    found, findings = duties(policy(*lists, title="戊己区办公室关于种茶的通知", jurisdiction="戊己区"))
    assert (R, "市环保局戊亥分局") in said(found)
    assert rules(findings) == ["unit-of-another-place"]
    assert "戊亥" in findings[0].message


def test_what_is_no_unit_is_left_out_and_reported() -> None:
    found, findings = duties(policy("责任单位：县民政局、要求各地严格按照时限完成"))
    assert said(found) == [(R, "县民政局")]
    assert rules(findings) == ["unit-unclear"]


def test_without_text_there_is_nothing_to_read() -> None:
    assert duties(
        Policy("tea", "题", "", "", clauses=(Clause("一", "一", "", Span(0, 0), None, "", ()),))
    ) == ((), ())


words = st.sampled_from(
    [
        "责任单位：",
        "牵头单位：",
        "牵头",
        "负责",
        "配合",
        "、",
        "，",
        "；",
        "\n",
        "\n\n- 2 -\n\n",
        "（",
        "）",
        "县财政局",
        "财政局",
        "区发改",
        "各镇办",
        "和",
        "及",
        "等有关部门",
        "由",
        "按职责分工",
        "排在首位的为牵头单位，下同",
        "市水务局",
        "甲乙分局",
        " ",
        "\u3000",
        "人行",
        "：",
        "国家",
        "。",
        "𠮷",
    ]
)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.lists(words, max_size=14).map("".join), max_size=4), st.lists(words, max_size=20).map("".join)
)
def test_never_raises_and_evidence_holds(lists: list[str], text: str) -> None:
    document = policy(*lists, text=text)
    found, findings = duties(document)
    orders: dict[tuple[str, str], int] = defaultdict(int)
    for duty in found:
        assert duty.evidence.span is not None
        printed = duty.evidence.span.of(document.text)
        assert re.sub(r"\s|(?<=\n)- 2 -(?=\n)", "", printed) == duty.written
        assert duty.order == orders[duty.evidence.locator, duty.role]
        orders[duty.evidence.locator, duty.role] += 1
        assert duty.unit
        assert duty.note or duty.unit == duty.written or "（" in duty.unit
    for finding in findings:
        assert finding.span is not None
        assert 0 <= finding.span.start < finding.span.end <= len(document.text)


@pytest.mark.parametrize(
    "piece", ["（甲", "牵头，", "市财政局负责，", "责任单位：", "负责", "和", "各市、", "县财政局（牵头）、"]
)
def test_hostile_text_takes_no_time(piece: str) -> None:
    begin = time.process_time()
    duties(policy(piece * 4000, text=piece * 4000))
    assert time.process_time() - begin < 5


def test_five_policies(shared: Path) -> None:
    from ingest.tree import parse

    gold = [json.loads(line) for line in (shared / "gold/clauses.jsonl").read_text("utf-8").splitlines()]
    for source in sorted({row["source"] for row in gold}):
        text = (shared / "corpus" / f"{source}.txt").read_text("utf-8")
        found, _ = duties(parse(RawDocument(text, "", source)))
        for row in (r for r in gold if r["source"] == source):
            own = [d for d in found if d.evidence.locator == row["locator"]]
            for role in ("lead", "responsible"):
                assert [d.unit for d in own if d.role == role] == row[role], (source, row["locator"])
                assert [d.written for d in own if d.role == role] == row[f"{role}_as_written"]


def test_every_national_bracket_is_read(shared: Path) -> None:
    """Brackets ending in 负责 or 牵头 give duties; a few phrases that name nobody do not."""
    read = total = 0
    for path in sorted((shared / "corpus-national").glob("*.txt")):
        text = path.read_text("utf-8")
        for bracket in re.finditer(r"（[^（）]{2,200}?(?:负责|牵头)）", text):
            total += 1
            read += bool(duties(policy(text="种茶。" + bracket.group(), jurisdiction=""))[0])
    assert total > 100
    assert read >= 0.98 * total
