"""Funding rules of closing paragraphs, and of clauses that speak of the whole document."""

from pathlib import Path

import pytest

from graph.funding import funding
from ingest.model import Clause, Paragraph, Policy, Span


def policy_of(text: str) -> Policy:
    source = f"某市人民政府办公室\n{text}\n"
    paragraph = Paragraph(text, (Span(source.index(text), source.index(text) + len(text)),), "正文", True)
    return Policy("made", "", source, "", paragraphs=(paragraph,))


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("上述各项扶持资金均由县财政承担。", [("县财政", "全部")]),
        ("所需经费由市、区两级财政各承担50%。", [("市、区两级财政", "50%")]),
        ("奖补资金由市、县（区）按照6:4比例分担。", [("市、县（区）", "6:4")]),
        ("奖励资金由市财政承担60%，县（区）财政承担40%。", [("市财政", "60%"), ("县（区）财政", "40%")]),
        ("本政策涉及的补助资金由同级财政统筹解决。", [("同级财政", "全部")]),
        ("补贴费用由省财政和市县财政按１：１的比例负担。", [("省财政和市县财政", "1:1")]),
        ("奖励资金由县财政承担70%，参加的企业承担30%。", [("县财政", "70%"), ("参加的企业", "30%")]),
        ("补贴资金由区级财政承担80%，镇(街道)承担20%。", [("区级财政", "80%"), ("镇（街道）", "20%")]),
        ("所需资金由市、区两级财政按6:4比例分担。", [("市、区两级财政", "6:4")]),
        (
            "本措施所需资金由市财政承担60%，县（区）财政承担40%。",
            [("市财政", "60%"), ("县（区）财政", "40%")],
        ),
        ("奖补资金由受益财政承担。", [("受益财政", "全部")]),
        ("以上奖励资金由同级财政按现行财政体制分级负担。", [("同级财政", "分级")]),
        ("所需经费从市级工业发展专项资金中列支。", [("市级工业发展专项资金", "全部")]),
        ("本政策涉及的补贴资金，由市级财政和县市区财政各承担50%。", [("市级财政和县市区财政", "50%")]),
        ("奖励资金由市与区县按照1：1比例配套。", [("市与区县", "1:1")]),
        ("所需资金除上级补助外，由市、县（区）财政分别承担30%和70%。", [("市、县（区）财政", "30%和70%")]),
        ("中央、省级财政补助资金不足部分由县财政兜底保障。", [("县财政", "全部")]),
        ("本办法所需资金，市级承担40%、区级承担60%。", [("市级", "40%"), ("区级", "60%")]),
        ("政策资金按财税分成体制由市、区分级负担。", [("市、区", "分级")]),
        (
            "企业所需费用从企业职工教育经费中列支，不足部分由企业自筹。",
            [("企业职工教育经费", "全部"), ("企业", "全部")],
        ),
        ("资金由省、市、县三级财政按照5:3:2的比例承担。", [("省、市、县三级财政", "5:3:2")]),
        ("本通知由市财政局负责解释。", []),
        ("各部门要加强财政资金使用监管。", []),
        ("本办法自印发之日起施行。", []),
    ],
)
def test_who_pays(text: str, rules: list[tuple[str, str]]) -> None:
    policy = policy_of(text)
    found = funding(policy)
    assert [(rule.payer, rule.share) for rule in found] == rules
    for rule in found:
        assert rule.evidence.locator == "正文"
        assert rule.evidence.span is not None
        assert rule.evidence.span.of(policy.text) == rule.surface


def test_a_paragraph_over_two_print_lines() -> None:
    source = "所需资金由县财\n政全额承担。"
    paragraph = Paragraph("所需资金由县财政全额承担。", (Span(0, 7), Span(8, 14)), "正文", True)
    (rule,) = funding(Policy("made", "", source, "", paragraphs=(paragraph,)))
    assert rule.payer == "县财政"
    assert rule.evidence.span is not None
    assert rule.evidence.span.of(source) == "由县财\n政全额承担"


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("本办法所需资金由县财政全额承担。", [("县财政", "全部")]),
        ("所需资金由县财政承担。本办法自2024年5月1日起施行。", [("县财政", "全部")]),
        ("改造电梯，所需资金由县财政承担。", []),
    ],
)
def test_a_clause_that_speaks_of_the_whole_document(text: str, rules: list[tuple[str, str]]) -> None:
    clause = Clause("第九条", "第九条", "", Span(0, len(text)), None, text, (Span(0, len(text)),))
    found = funding(Policy("made", "", text, "", clauses=(clause,)))
    assert [(rule.payer, rule.share) for rule in found] == rules
    assert all(rule.evidence.locator == "第九条" for rule in found)


def test_the_five_policies(shared: Path) -> None:
    from ingest.readers import read
    from ingest.tree import parse

    rules = {}
    for path in sorted((shared / "corpus").glob("*.txt")):
        policy = parse(read(path))
        rules[policy.source] = [(rule.payer, rule.share) for rule in funding(policy)]
    assert rules["lushan"] == [("县级财政", "全部")]
    assert rules["zhanhe"] == [("市区两级", "50%")]
    assert not rules["luoyang"]
