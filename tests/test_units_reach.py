"""A unit list reaches from a clause down to its items, from items up to a bare heading; never sideways."""

from graph.facts import Duty
from graph.units.duties import duties
from graph.units.reach import reached
from ingest.model import RawDocument
from ingest.tree import parse

TEXT = """乙岭县促进茶业发展的措施

一、扩大种植
牵头单位：县茶办
1.新种茶园100亩以上的，每亩补助500元。
责任单位：县林业局
2.改造老茶园的，每亩补助200元。

二、扶持加工

（一）新建茶厂。新建茶厂的，补助10万元。（县工信局牵头，县财政局配合）

（二）购置设备。购置设备的，补助2万元。（县农业农村局负责）

三、宣传推介

办好茶叶节。
"""


def units(locator: str) -> list[tuple[str, str, str]]:
    policy = parse(RawDocument(TEXT, "", "tea"))
    own: dict[str, list[Duty]] = {}
    for duty in duties(policy)[0]:
        own.setdefault(duty.evidence.locator, []).append(duty)
    found = reached(policy.clauses, own)[locator]
    return [(duty.role, duty.unit, duty.evidence.locator) for duty in found]


def test_the_lead_above_leads_the_item_that_names_others() -> None:
    assert units("正文/一/1") == [("lead", "县茶办", "正文/一"), ("responsible", "县林业局", "正文/一/1")]


def test_an_item_without_units_has_those_above() -> None:
    assert units("正文/一/2") == [("lead", "县茶办", "正文/一")]


def test_a_bare_heading_has_those_of_its_items() -> None:
    assert units("正文/二") == [
        ("lead", "县工信局", "正文/二/（一）"),
        ("support", "县财政局", "正文/二/（一）"),
        ("responsible", "县农业农村局", "正文/二/（二）"),
    ]


def test_nothing_goes_sideways() -> None:
    assert units("正文/二/（二）") == [("responsible", "县农业农村局", "正文/二/（二）")]
    assert units("正文/三") == []
