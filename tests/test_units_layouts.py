"""Invented notices in many layouts: their clauses, titles and units, as a careful reader finds them.

Each text was written with its clauses before the program had read it. A clause without units is listed
without roles. What is not found yet stands below with its reason.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from graph.facts import Duty
from graph.units.duties import duties
from ingest.model import Policy, RawDocument
from ingest.tree import parse

FOLDER = Path(__file__).parent / "made_policies" / "layouts"
SOURCES = sorted(path.stem for path in FOLDER.glob("*.policy"))
KNOWN = {
    "the first of two short sentences, no title": "tongbai title 正文/一/（二）",
    "甲局牵头，乙局、丙局联合审定": "lanyuan responsible 第九条/（三）",
    "县（市、区）科技部门: the offices of a field in all counties": "jingxi responsible 第五条",
    "工业园区协助推荐: a place as a body, and no level": "xiahu support 正文/二/1",
    "第一，… at the head of a paragraph is no number": """
        qinghe lost 正文/第一
        qinghe lost 正文/第二
        qinghe lost 正文/第三
        qinghe lost 正文/第四
        qinghe responsible 正文/第三
        qinghe support 正文/第三
        qinghe oversight 正文/第三
        qinghe support 正文/第四""",
}


def wanted(source: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads((FOLDER / f"{source}.json").read_text("utf-8"))["clauses"]
    return rows


def read(source: str) -> tuple[Policy, tuple[Duty, ...]]:
    policy = parse(RawDocument((FOLDER / f"{source}.policy").read_text("utf-8"), "", source))
    return policy, duties(policy)[0]


def misses(source: str) -> Iterator[str]:
    policy, found = read(source)
    titles = {clause.locator: clause.title for clause in policy.clauses}
    rows = {row["locator"]: row for row in wanted(source)}
    yield from (f"{source} lost {locator}" for locator in rows if locator not in titles)
    yield from (f"{source} more {locator}" for locator in titles if locator not in rows)
    for locator, row in rows.items():
        if titles.get(locator, row["title"]) != row["title"]:
            yield f"{source} title {locator}"
        for role in ("lead", "responsible", "support", "oversight"):
            own = [d for d in found if (d.evidence.locator, d.role) == (locator, role)]
            if [d.unit for d in sorted(own, key=lambda d: d.order)] != row.get(role, []):
                yield f"{source} {role} {locator}"


@pytest.mark.parametrize("source", SOURCES)
def test_layout(source: str) -> None:
    listed = {miss.strip() for known in KNOWN.values() for miss in known.splitlines()}
    assert sorted(set(misses(source)) - listed) == []


@pytest.mark.parametrize("source", SOURCES)
def test_every_duty_stands_in_the_text(source: str) -> None:
    policy, found = read(source)
    for duty in found:
        assert duty.evidence.span is not None
        printed = "".join(duty.evidence.span.of(policy.text).split())
        assert duty.written in printed or "—" in printed, duty
