"""The findings of documents as rows: gravest first, each with its place, a few words of print and advice."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from data import table
from graph.citing import Citations
from graph.facts import Record
from graph.findings import (
    annexes,
    clashes,
    dates,
    form,
    numbers,
    pointers,
    shacl,
    sums,
    tables,
    units,
    wording,
)
from graph.findings.page import GRAVITY, Page, quoted
from graph.storage.generations import Generation
from ingest.model import Finding, Severity, Span

_RULES = (form, numbers, annexes, units, sums, tables, clashes, dates, pointers, wording)
# What reading and the shapes tell as well, said better by a rule of this folder.
_COVERED = frozenset(
    {"title-missing", "jurisdiction-missing", "title", "issuer", "jurisdiction", "document-number", "annexes"}
    | {"lead-unit", "reference", "rate", "number-repeat", "numbering"}
)
_HEADING = 24  # characters; a longer line is no heading
_QUOTE = 24  # characters of print in a row


@dataclass(frozen=True, slots=True)
class Row:
    """One finding of one document.

    `line` counts from 1, `start` and `end` are characters; all None for a whole document.
    """

    source: str
    policy: str
    severity: Severity
    rule: str
    message: str
    advice: str
    locator: str
    line: int | None
    quote: str
    start: int | None
    end: int | None


@cache
def _advice() -> Mapping[str, str]:
    advice: dict[str, str] = table("registry", "findings.toml")["advice"]
    return advice


def findings(record: Record, *, in_store: bool = True) -> tuple[Finding, ...]:
    """Return all that a document shows: reading's findings, the shapes' and the rules', each once.

    `in_store` tells whether references were resolved, so that cited documents that are missing are told.
    """
    page = Page(record)
    mine = [finding for rules in _RULES for finding in rules.check(page)]
    if in_store:
        mine += _cited(record)
    taken = {(f.rule, f.span) for f in mine}
    others = (*record.policy.findings, *shacl.check(record, skip=_COVERED))
    kept = [
        f
        for f in others
        if f.rule not in _COVERED and (f.rule, f.span) not in taken and not _heading_repeated(record, f)
    ]
    return tuple(sorted(dict.fromkeys([*mine, *kept]), key=_order))


def _heading_repeated(record: Record, finding: Finding) -> bool:
    """Say whether words stand twice only because a text begins with the words of its heading."""
    if finding.rule != "page-break-repeat" or finding.span is None:
        return False
    ends = {clause.title_span.end for clause in record.policy.clauses if clause.title_span}
    text, stop = record.policy.text, record.policy.text.find("\n", finding.span.start)
    line = text[text.rfind("\n", 0, finding.span.start) + 1 : stop]
    heading = len(line.strip()) <= _HEADING and not any(char in line for char in "，、。；")
    return heading or any(end in ends for end in range(finding.span.start, finding.span.end + 1))


def _order(finding: Finding) -> tuple[int, Span, str, str]:
    return GRAVITY[finding.severity], finding.span or Span(-1, -1), finding.rule, finding.message


def _cited(record: Record) -> Iterator[Finding]:
    """Tell once how many documents are cited that the store does not have."""
    titles = dict.fromkeys(r.title for r in record.references if r.target is None)
    if titles:
        first = quoted(next(iter(titles)), 30)
        said = f"引用的文件有 {len(titles)} 份不在库中，如《{first}》"
        yield Finding("note", "cited-elsewhere", said)


def rows(record: Record, *, in_store: bool = True) -> tuple[Row, ...]:
    """Return a document's findings as rows, the gravest first, then in the order of print."""
    page, policy = Page(record), record.policy
    found = []
    for finding in findings(record, in_store=in_store):
        span = finding.span if policy.text else None
        line = policy.text.count("\n", 0, span.start) + 1 if span else None
        printed = quoted(policy.text[span.start : min(span.end, span.start + 200)], _QUOTE) if span else ""
        found.append(
            Row(
                policy.source,
                policy.title,
                finding.severity,
                finding.rule,
                finding.message.rstrip("。"),
                _advice().get(finding.rule, ""),
                page.locator(span),
                line,
                printed,
                span.start if span else None,
                span.end if span else None,
            )
        )
    return tuple(found)


def of_generation(generation: Generation, sources: Sequence[str] | None = None) -> Iterator[Row]:
    """Yield the rows of the documents of a store (or of some), in the order of their short names.

    References are resolved first, so that what the store does not have is told.
    """
    cites = Citations(generation).cites
    for source in generation.sources if sources is None else sources:
        yield from rows(replace(generation.record(source), references=cites(source)))
