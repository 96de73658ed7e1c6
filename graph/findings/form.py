"""What GB/T 9704-2012 asks of every official document and this one does not bear."""

import re
from collections.abc import Iterator

from graph.findings.page import Page
from ingest.fold import fold
from ingest.model import Finding, LineKind


def check(page: Page) -> Iterator[Finding]:
    """Yield what the heading lacks, as one finding, and a document number that is not in form."""
    policy = page.policy
    lacks = [
        name
        for name, there in (
            ("标题", policy.title and policy.title != policy.source),
            ("发文机关", policy.issuer),
            ("适用地区", policy.jurisdiction),
            ("成文日期", policy.date),
            ("发文字号", policy.number or policy.status == "draft"),
        )
        if not there
    ]
    if lacks:
        yield Finding("note", "heading-incomplete", f"没有读到{'、'.join(lacks)}")
    yield from _number(page)


def _number(page: Page) -> Iterator[Finding]:
    number = page.policy.number
    if number is None or not number.year:
        return
    surface = "".join(number.surface.split())
    faults = []
    if "第" in fold(surface)[len(number.mark) :]:
        faults.append("序号前不加“第”")
    if re.search(r"[〕）\])】］﹞}]第?0", surface):
        faults.append("序号不编虚位（1 不写作 01）")
    if not re.search(r"〔\d{4}〕", surface):
        faults.append("年份用六角括号〔〕括起")
    if faults:
        where = next((line.span for line in page.policy.lines if line.kind is LineKind.NUMBER), None)
        said = f"发文字号“{surface}”写法不合规范：{'，'.join(faults)}"
        yield Finding("note", "number-form", said, where)
