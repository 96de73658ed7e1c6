"""How sure a fact is: every sign is seen where it is, tells a reason, and is not seen where it is not."""

import re
from dataclasses import replace

import pytest
from hypothesis import given

from graph.extract import extract
from graph.facts import Record
from graph.review.doubts import assessed
from graph.review.signs import doubts, told
from ingest import parse
from ingest.model import Finding, RawDocument
from tests.conftest import REPOSITORY
from tests.made_records import records

HEAD = "云岭县人民政府关于印发云岭县产业扶持办法的通知\n\n云政〔2023〕4号\n\n各乡镇人民政府：\n\n"
CLEAN = "第一条 对新投产的工业企业，给予20万元奖励。（责任单位：县财政局、县统计局）\n"
OTHER = "第二条 对参加展会的外贸企业，给予3万元补助。（责任单位：县财政局、县商务局）\n"


def read(body: str, findings: tuple[Finding, ...] = ()) -> Record:
    return extract(parse(RawDocument(HEAD + body, "ab" * 32, "yunling", findings=findings)))


def facts(record: Record) -> list:
    return [*record.duties, *record.quantities, *record.measures, *record.references, *record.funding]


def test_a_plain_clause_raises_no_doubt() -> None:
    found = facts(read(CLEAN))
    assert len(found) >= 4
    assert {(fact.confidence, fact.reason) for fact in found} == {(1.0, "")}


@pytest.mark.parametrize(
    ("body", "sign"),
    [
        (CLEAN.replace("县统计局", "县旺才局"), "unit-unknown"),
        (CLEAN.replace("县统计局", "县发改") + OTHER, "unit-no-type"),
        (CLEAN + OTHER.replace("县财政局", "县肘政局") + CLEAN.replace("一", "三"), "unit-garbled"),
        (CLEAN + OTHER.replace("县财政局、县商务局", "县财政局县统计局"), "unit-joined"),
        (CLEAN.replace("县统计局", "统计局"), "unit-completed"),
        (CLEAN.replace("县统计局", "县统计局等有关单位"), "list-open"),
        (CLEAN.replace("（责任单位：县财政局、县统计局）", "由县财政局负责。"), "role-running"),
        (CLEAN.replace("给予20万元奖励", "资产20万元"), "role-other"),
        ("第一条 给予20万元奖励。\n", "no-recipient"),
        (CLEAN.replace("20万元", "|0万元"), "misread-number"),
        (CLEAN.replace("20万元", "2 0万元"), "split-number"),
        (CLEAN.replace("20万元奖励", "奖励，" + "按有关规定程序" * 10 + "，金额20万元"), "far"),
        (CLEAN.replace("工业企业，给予", "工业、商贸、建筑企业，分别给予10万元、"), "row-mismatch"),
        (CLEAN.replace("给予20万元奖励", "按投资额的180%给予奖励"), "rate-range"),
        (CLEAN.replace("20万元", "0.5元"), "money-small"),
        (CLEAN.replace("20万元", "20000亿元"), "money-large"),
        (CLEAN.replace("20万元", "20万元左右"), "approximate"),
        (CLEAN.replace("给予20万元", "给予不超过20万元以上"), "two-bounds"),
        ("第一条 加快建设产业园区，完善配套设施。\n", "no-actor"),
        ("第一条 落实《云岭产业发展规划》（云政〔20215号）要求，加强指导。\n", "number-unread"),
        ("第一条 落实《办法》要求，加强指导。\n", "title-odd"),
        (CLEAN + CLEAN, "number-repeated"),
        (CLEAN.replace("企业，", "企业（含新建，"), "brackets"),
        (CLEAN.replace("新投产", "新\ufffd产"), "odd-words"),
    ],
    ids=lambda value: value if value.isascii() else "",
)  # fmt: skip
def test_a_sign_is_seen_where_it_is(body: str, sign: str) -> None:
    wanted = re.compile(re.sub(r"\\{\\}", ".+", re.escape(doubts().reasons[sign])))
    assert any(wanted.search(fact.reason) for fact in facts(read(body))), {
        f.reason for f in facts(read(body))
    }


def test_an_offer_to_nobody_is_doubtful() -> None:
    record = read(CLEAN)
    nobody = replace(record.measures[0], kind="incentive", audience="")
    (measure,) = assessed(replace(record, measures=(nobody,))).measures
    assert measure.reason == doubts().reasons["no-audience"]


def test_what_was_recognised_from_a_picture_is_less_sure() -> None:
    scanned = read(CLEAN, (Finding("note", "ocr", "由扫描件识别", None),))
    assert all(fact.confidence < 1 and "扫描" in fact.reason for fact in facts(scanned))
    place = scanned.quantities[0].evidence.span
    unsure = read(CLEAN, (Finding("warning", "ocr", "识别没有把握", place),))
    assert unsure.quantities[0].confidence < scanned.quantities[0].confidence
    assert unsure.duties[0].confidence == scanned.duties[0].confidence


@given(records())
def test_confidence_and_reason_go_together(record: Record) -> None:
    given_ = {id(fact) for fact in facts(record)}
    for fact in facts(assessed(record)):
        assert 0 <= fact.confidence <= 1
        assert id(fact) in given_ or (fact.reason and fact.review is None)


def test_signs_multiply_and_the_weightiest_is_told_first() -> None:
    confidence, reason = told((("list-open",), ("unit-unknown", "县旺才局")))
    known = doubts()
    assert confidence == round(known.weights["list-open"] * known.weights["unit-unknown"], 2)
    assert reason.startswith("“县旺才局”")


def test_the_file_and_the_code_name_the_same_signs() -> None:
    code = "".join(path.read_text("utf-8") for path in (REPOSITORY / "graph" / "review").glob("*.py"))
    quoted = set(re.findall(r'"([a-z]+(?:-[a-z]+)*)"', code))
    assert set(doubts().weights) <= quoted | {"scanned", "carried", "far"}
    assert all(0 < weight <= 1 for weight in doubts().weights.values())
