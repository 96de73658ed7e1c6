"""Versions of the store in words: what made each, and what differs between two; for commands and pages."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Literal

from graph.changes import Change, DocumentChange, between, inside
from graph.review.keys import Fact, Kind
from graph.storage.generations import Generation
from graph.storage.journal import Published
from ingest.model import Clause
from ui.review import said, told
from ui.times import CHINA

WHATS: Mapping[str, str] = MappingProxyType(
    {
        "start": "建立",
        "ingest": "读入文件",
        "remove": "删去文件",
        "review": "核对",
        "rollback": "退回",
        "restore": "从备份恢复",
    }
)
Sign = Literal["added", "removed", "changed"]
SIGNS: Mapping[Sign, str] = MappingProxyType({"added": "新增", "removed": "删去", "changed": "改动"})
_STATES = {"accepted": "已核对", "changed": "已改正", "added": "核对时补充"}


@dataclass(frozen=True, slots=True)
class Line:
    """A clause or a fact that differs, in words; one of the two is empty where it came or went."""

    sign: Sign
    place: str
    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Document:
    """A document that differs: its short name, its title, and what differs inside a replaced one."""

    source: str
    title: str
    sign: Sign
    clauses: tuple[Line, ...] = ()
    facts: tuple[Line, ...] = ()


def what(line: Published) -> str:
    """Say what made a version."""
    name = WHATS.get(line.cause.what, "未记录")
    return f"{name}到版本 {number(line.cause.of)}" if line.cause.what == "rollback" else name


def number(name: str) -> str:
    """Return a version's number as people say it: g000012 → 12."""
    return name.lstrip("g").lstrip("0") or name


def name_of(given: str) -> str:
    """Return the store's name of a version that a person wrote (12, g12, g000012); "" for other words."""
    found = re.fullmatch(r"g?0*(\d{1,12})", given.strip())
    return f"g{int(found[1]):06d}" if found else ""


def when(at: str) -> str:
    """Return a moment of the journal in China's time, to the minute; empty stays empty."""
    return datetime.fromisoformat(at).astimezone(CHINA).strftime("%Y-%m-%d %H:%M") if at else ""


def compared(
    before: Generation, after: Generation, only: str | None = None, *, inside_too: bool = True
) -> tuple[Document, ...]:
    """Return the documents in which two versions differ (or that one alone), with what differs inside.

    Without `inside_too` replaced documents are not opened: it is quick, however many there are.
    """
    found = between(before, after)
    rows: list[tuple[str, Sign, Generation]] = [
        *((source, "added", after) for source in found.added),
        *((source, "changed", after) for source in found.replaced),
        *((source, "removed", before) for source in found.removed),
    ]
    documents = []
    for source, sign, held in rows:
        if only is not None and source != only:
            continue
        title = held.record(source).policy.title
        if sign == "changed" and inside_too:
            change = inside(before.record(source), after.record(source))
            documents.append(
                Document(source, title, "changed", tuple(_clauses(change)), tuple(_facts(change)))
            )
        else:
            documents.append(Document(source, title, sign))
    return tuple(documents)


def _clauses(change: DocumentChange) -> Iterator[Line]:
    for row in change.clauses:
        before, after = _clause(row.before), _clause(row.after)
        if row.before and row.after and before == after:
            before, after = f"在 {row.before.locator}", f"移到 {row.after.locator}"
        yield Line(_sign(row), _place(row.after or row.before), "条款", before, after)


def _clause(clause: Clause | None) -> str:
    if clause is None:
        return ""
    text = "".join(clause.text.split())
    return text if not clause.title or text.startswith(clause.title) else f"{clause.title}：{text}"


def _facts(change: DocumentChange) -> Iterator[Line]:
    for kind, row in change.facts:
        fact = row.after or row.before
        assert fact is not None  # noqa: S101 – for the type checker; a change has a side
        yield Line(_sign(row), fact.evidence.locator, _kind(kind), _fact(row.before), _fact(row.after))


def _kind(kind: Kind) -> str:
    return said().kinds[kind]


def _fact(fact: Fact | None) -> str:
    if fact is None:
        return ""
    state = _STATES[fact.review.state] if fact.review else ""
    return told(fact) + (f"（{state}）" if state else "")


def _place(clause: Clause | None) -> str:
    return clause.locator if clause else ""


def _sign(row: Change[Clause] | Change[Fact]) -> Sign:
    return "added" if row.before is None else "removed" if row.after is None else "changed"


def summary(documents: Iterable[Document], *, whole: bool = True) -> str:
    """Say in one line how many documents differ and, where they were opened, how many clauses and facts."""
    rows = tuple(documents)
    if not rows:
        return "两个版本没有不同"
    counts = {sign: sum(row.sign == sign for row in rows) for sign in SIGNS}
    parts = [f"{SIGNS[sign]} {count} 份" for sign, count in counts.items() if count]
    inner = f"条款 {sum(len(row.clauses) for row in rows)} 处，事实 {sum(len(row.facts) for row in rows)} 处"
    return "文件" + "、".join(parts) + (f"；改动的文件里{inner}" if counts["changed"] and whole else "")
