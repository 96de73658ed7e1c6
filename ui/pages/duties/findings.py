"""职责追溯/文件问题: what an official should look at in the documents, each finding in its sentence."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response

from data import table
from graph.findings.page import GRAVITY
from graph.findings.report import Row
from graph.storage.generations import Generation
from ingest.model import Policy
from ui import words
from ui.frame import page
from ui.http.exports import address, exported
from ui.http.findings import Rows
from ui.pages.ways import document
from ui.service import Service
from ui.tables import Link, Table

_PAGE = 50
_PATIENCE = 2.5  # seconds; a large store's first check takes longer, and the page says so meanwhile
_AROUND = 90  # characters of the sentence on either side of the place
_STOP = re.compile(r"[。；！？]|\n\s*\n")
_BLANK = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Shown:
    """A finding as the page shows it: the words in question with what stands before and after them."""

    row: Row
    before: str
    words: str
    after: str


def router(service: Service) -> APIRouter:
    """Return the page ``/duties/findings``."""
    routes, rows = APIRouter(include_in_schema=False), Rows(service.generation)

    @routes.get("/duties/findings")
    def findings(
        request: Request,
        source: str = "",
        rule: str = "",
        severity: str = "",
        at: int = Query(default=1, ge=1),
    ) -> Response:
        current = service.generation()
        policies = {row.source: row for row in service.library().policies()}
        trouble = f"没有文件 {source}，列出全部文件的问题。" if source and source not in current else ""
        source = "" if trouble else source
        whole = request.query_params.get("format") or source
        of_documents = rows.of(source or None) if whole else rows.soon(_PATIENCE)
        if of_documents is None:
            waiting = page(
                "duties/waiting.html", here="/duties", tab="/duties/findings", documents=len(policies)
            )
            waiting.headers["refresh"] = "3"
            return waiting
        found = gravest_first(
            [row for row in of_documents if severity in ("", row.severity) and rule in ("", row.rule)]
        )
        if made := exported(request, "文件问题", as_table(found)):
            return made
        last = max(1, -(-len(found) // _PAGE))
        at = min(at, last)
        given = {"source": source, "rule": rule, "severity": severity}
        return page(
            "duties/findings.html", here="/duties", tab="/duties/findings", trouble=trouble,
            policies=sorted(policies.values(), key=lambda row: (row.jurisdiction or "~", row.title)),
            groups=_by_document(current, found[(at - 1) * _PAGE : at * _PAGE]), policy=policies.get,
            severities=words.SEVERITY, graves=Counter(row.severity for row in of_documents),
            rules=Counter(row.rule for row in of_documents if severity in ("", row.severity)).most_common(),
            name=name, given=given, total=len(found), at=at, last=last, files=address(request),
            document=document, way=_way,
        )  # fmt: skip

    return routes


def gravest_first(rows: Sequence[Row]) -> list[Row]:
    """Return the rows document by document, the gravest first both among documents and in each."""
    gravest: dict[str, int] = {}
    for row in rows:
        gravest[row.source] = min(gravest.get(row.source, len(GRAVITY)), GRAVITY[row.severity])
    return sorted(rows, key=lambda row: (gravest[row.source], row.source, GRAVITY[row.severity]))


@cache
def _names() -> Mapping[str, str]:
    names: dict[str, str] = table("registry", "findings.toml")["name"]
    return names


def name(rule: str) -> str:
    """Return what a rule is called in Chinese; one without a name keeps its own."""
    return _names().get(rule, rule)


def _way(at: int = 1, **given: str) -> str:
    pairs = [(key, value) for key, value in given.items() if value]
    query = urlencode([*pairs, *((("at", str(at)),) if at > 1 else ())])
    return "/duties/findings" + (f"?{query}" if query else "")


def _by_document(current: Generation, rows: Sequence[Row]) -> list[tuple[str, list[Shown]]]:
    found = []
    for source, group in groupby(rows, key=lambda row: row.source):
        policy = current.record(source).policy
        found.append((source, [shown(policy, row) for row in group]))
    return found


def shown(policy: Policy, row: Row) -> Shown:
    """Return a finding with the sentence that it stands in; print lines are joined."""
    if row.start is None or row.end is None:
        return Shown(row, "", "", "")
    text, start, end = policy.text, row.start, row.end
    if end - start > _AROUND:  # a whole clause: its beginning is enough to find it by
        return Shown(row, "", _joined(text[start : start + _AROUND // 2]), "…")
    before, after = text[max(0, start - _AROUND) : start], text[end : end + _AROUND]
    opened = [mark.end() for mark in _STOP.finditer(before)]
    closed = _STOP.search(after)
    return Shown(
        row,
        _joined(("" if opened or start <= _AROUND else "…") + before[opened[-1] if opened else 0 :]),
        _joined(text[start:end]),
        _joined(after[: closed.end()] if closed else after + ("…" if end + _AROUND < len(text) else "")),
    )


def _joined(text: str) -> str:
    return _BLANK.sub("", text)


def as_table(rows: Sequence[Row]) -> Table:
    """Return the findings as a table for files."""
    columns = ("文件", "级别", "问题", "说明", "建议", "条款", "行", "原文")
    return Table(
        "findings",
        "文件问题",
        columns,
        tuple(
            (
                Link(row.policy, document(row.source)),
                words.SEVERITY[row.severity],
                name(row.rule),
                row.message,
                row.advice or None,
                Link(row.locator, document(row.source, row.locator)) if row.locator else None,
                row.line,
                row.quote or None,
            )
            for row in rows
        ),
    )
