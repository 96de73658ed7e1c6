"""The list of annexes below the text against the annexes that are there (GB/T 9704-2012 §7.3.4, §7.3.7)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rapidfuzz.distance import Indel

from graph.findings.page import Page, quoted
from ingest.model import Finding, LineKind, Span
from ingest.numerals import to_int

_HEAD = re.compile(r"^[\s\-·*]*附[ 　]*件[ 　]*(?P<n>\d{1,2}|[一二三四五六七八九十]{1,2})?[ 　]*[：:]?[ 　]*")
_ITEM = re.compile(r"^[\s]*(?P<n>\d{1,2})[ 　]*[.．、][ 　]*")
_OWN_LINE = re.compile(r"(?m)^[ ]*附[ ]*件[ ]*(\d{1,2})[ .：]*$")  # 附件2 on a line of its own
_ALIKE = 0.6  # titles less alike than this are not one title with a slip


@dataclass(frozen=True, slots=True)
class Listed:
    """One entry of the list of annexes: its number (empty when there is only one), title and place."""

    number: str
    title: str
    span: Span


def listed_annexes(page: Page) -> tuple[Listed, ...]:
    """Return the entries of the list below the text, in order; a title may go on in the next line."""
    text = page.policy.text
    found: list[Listed] = []
    for line in page.policy.lines:
        if line.kind is not LineKind.ANNEX_LIST:
            continue
        printed = line.span.of(text)
        head = _HEAD.match(printed)
        rest = printed[head.end() :] if head else printed
        item = _ITEM.match(rest)
        if item or (head and (head["n"] or rest.strip())):
            number = item["n"] if item else (head["n"] if head and head["n"] else "")
            number = number if number.isascii() else str(to_int(number))
            title = "".join((rest[item.end() :] if item else rest).split())
            found.append(Listed(number.lstrip("0"), title, line.span))
        elif found and not head:
            last = found[-1]
            whole = Span(last.span.start, line.span.end)
            found[-1] = Listed(last.number, last.title + "".join(rest.split()), whole)
    return tuple(found)


def check(page: Page) -> Iterator[Finding]:
    """Yield annexes that are listed and missing, there and not listed, or titled otherwise."""
    listed = listed_annexes(page)
    parts = {p.label.removeprefix("附件"): p for p in page.policy.parts if re.fullmatch(r"附件\d*", p.label)}
    if not listed:
        return
    names = [entry.number for entry in listed]
    printed = {m[1] for m in _OWN_LINE.finditer(page.folded)}
    missing = [
        entry
        for entry in listed
        if entry.number not in parts and entry.number not in printed and not (len(listed) == 1 and parts)
    ]
    if missing and not parts:
        said = f"附件说明列了 {len(listed)} 个附件，本文件里没有收入"
        yield Finding("note", "annexes-elsewhere", said, listed[0].span)
    elif missing:
        for entry in missing:
            said = f"附件说明列有附件{entry.number}“{quoted(entry.title)}”，文件里没有这个附件"
            yield Finding("warning", "annex-missing", said, entry.span)
    for number, part in parts.items():
        first = min((part.span.start for part in parts.values()), default=0)
        nested = listed[0].span.start > first  # the list of an annex, not of the document
        called = page.folded[part.span.start : part.span.start + 12].replace(" ", "").startswith("附件")
        if number and number not in names and any(names) and called and not nested:
            said = f"文件里有附件{number}“{quoted(part.title)}”，附件说明没有列出"
            where = Span(part.span.start, part.span.start + len(part.label))
            yield Finding("warning", "annex-unlisted", said, where)
    for entry in listed:
        if entry.number in parts and len(set(names)) == len(names):
            yield from _title(entry, parts[entry.number].title)


def _title(entry: Listed, title: str) -> Iterator[Finding]:
    one, other = _plain(entry.title), _plain(title)
    if not one or not other or one == other or one in other or other in one:
        return
    if Indel.normalized_similarity(one, other) >= _ALIKE:
        said = (
            f"附件{entry.number}的名称前后不一：附件说明写“{entry.title}”，附件上写“{''.join(title.split())}”"
        )
        yield Finding("warning", "annex-title", said, entry.span)


def _plain(title: str) -> str:
    return re.sub(r"[\s《》“”\"'（）()〔〕、，。.：:]", "", title)
