"""Whose government issued a document: told by the organ, the title, or the units and self-reference."""

import pytest

from ingest import parse
from ingest.model import RawDocument


def place(text: str) -> str | None:
    return parse(RawDocument(text, "0" * 64, "sample")).jurisdiction


@pytest.mark.parametrize(
    ("issuer", "expected"),
    [
        ("云岭县人民政府办公室", "云岭县"),
        ("云州省云岭市东山区人民政府", "东山区"),
        ("浙江省财政厅", "浙江省"),
        ("云岭市工业和信息化局", "云岭市"),
        ("中共云岭县委办公室", "云岭县"),
        ("云岭高新技术产业开发区管理委员会", "云岭高新技术产业开发区"),
        ("云岭市经济技术开发区管理委员会", "云岭市经济技术开发区"),
        ("内蒙古自治区人民政府", "内蒙古自治区"),
        ("工业和信息化部办公厅", "全国"),
        ("国务院", "全国"),
        ("国家税务总局", "全国"),
    ],
)
def test_from_the_issuing_organ(issuer: str, expected: str) -> None:
    body = "关于做好有关工作的通知\n各有关单位：\n现将有关事项通知如下。\n一、总体要求\n要抓好落实。\n"
    assert place(f"{issuer}\n{body}") == expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("云岭县支持茶产业发展若干措施", "云岭县"),
        ("示范区促进企业发展实施方案", "示范区"),
        ("关于印发《云岭市人才办法》的通知", "云岭市"),
        ("支持企业发展若干措施", None),
    ],
)
def test_from_the_title(title: str, expected: str | None) -> None:
    assert place(f"{title}\n一、总体要求\n要抓好落实。\n") == expected


def test_from_units_that_bear_a_name_and_from_the_documents_own_level() -> None:
    units = "责任单位：市工信局、人行三明市中心支行、三明银保监分局，各县区政府\n"
    text = (
        f"附件2\n支持企业发展政策措施\n一、加强支持\n促进我市企业发展。\n{units}"
        f"二、优化服务\n提升我市水平。\n{units}"
    )
    assert place(text) == "三明市"


def test_without_evidence_there_is_a_finding() -> None:
    policy = parse(RawDocument("支持企业发展政策措施\n一、加强支持\n要抓好落实。\n", "0" * 64, "sample"))
    assert policy.jurisdiction is None
    assert "jurisdiction-missing" in {f.rule for f in policy.findings}


def test_places_above_come_from_the_registry() -> None:
    policy = parse(
        RawDocument("桐乡市支持企业发展若干措施\n一、加强支持\n要抓好落实。\n", "0" * 64, "sample")
    )
    assert policy.jurisdiction == "桐乡市"
    assert policy.region == ("嘉兴市", "浙江省")
