"""Numbers of clauses: rows that begin anew, levels turned round (GB/T 9704-2012 §7.3.3)."""

import re
from collections.abc import Iterator

from graph.findings.page import Page
from ingest.model import Clause, Finding, Span

_RANK = (
    (re.compile(r"[一二三四五六七八九十]+"), 0),
    (re.compile(r"（[一二三四五六七八九十]+）"), 1),
    (re.compile(r"\d+"), 2),
    (re.compile(r"（\d+）"), 3),
)


def check(page: Page) -> Iterator[Finding]:
    """Yield rows of numbers that stand twice, and levels that are turned round."""
    yield from _twice(page)
    yield from _turned(page)


def _twice(page: Page) -> Iterator[Finding]:
    """Numbers that a clause bears twice; a row that begins anew at its first number is told once."""
    rows: dict[tuple[str, str], list[tuple[str, Clause]]] = {}
    for clause in page.policy.clauses:
        above, _, last = clause.locator.rpartition("/")
        label, again, _ = last.partition("#")
        if again and "/表" not in clause.locator:
            shape = re.sub(r"[一二三四五六七八九十百]+|\d+", "N", label)
            rows.setdefault((above, shape), []).append((label, clause))
    # A heading that stands within a line was not read as one, so that the numbers below it begin anew.
    swallowed = any(finding.rule == "number-inline" for finding in page.policy.findings)
    for (above, _), repeated in rows.items():
        first, clause = repeated[0]
        where = Span(clause.span.start, clause.span.start + len(clause.number or first))
        if len(repeated) == 1:
            yield Finding("note" if swallowed else "warning", "number-repeat", f"序号“{first}”重复", where)
        else:
            said = f"{above or page.policy.title} 里有 {len(repeated)} 个序号重复，从“{first}”起重新编号"
            yield Finding("note", "number-repeat", said, where)


def _turned(page: Page) -> Iterator[Finding]:
    """Yield the first clause that stands below one of a lower level, once a document part."""
    told: set[str] = set()
    for clause in page.policy.clauses:
        if clause.parent is None or "/表" in clause.locator:
            continue
        part, last = clause.locator.split("/")[0], clause.locator.rpartition("/")[2]
        above = clause.parent.rpartition("/")[2]
        inner, outer = _rank(last), _rank(above)
        if inner is not None and outer is not None and inner < outer and part not in told:
            told.add(part)
            said = f"层次序号倒置：“{above}”下面用了“{last}”，规范的次序是 一、（一）1.（1）"
            yield Finding("note", "level-turned", said, clause.span)


def _rank(label: str) -> int | None:
    label = label.split("#")[0]
    return next((rank for pattern, rank in _RANK if pattern.fullmatch(label)), None)
