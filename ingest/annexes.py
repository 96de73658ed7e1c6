"""Lines that name an annex: in the list below the text, or at the annex's head.

GB/T 9704-2012 §7.3.4 (the list), §7.3.7 (the annex on its own page, 附件N at its head).
"""

import re
from dataclasses import dataclass

from ingest.lexicon import patterns
from ingest.lines import SENTENCE_END, Row
from ingest.model import LineKind
from ingest.numbering import Style
from ingest.numerals import to_int

_ANNEX = re.compile(
    r"(?:[-·*][ ]*)?(?P<word>附[ ]*(?:件|录|表|图)?)[ ]*"
    r"(?P<n>\d{1,2}(?:[-—]\d{1,2})?(?![\d.年])|[一二三四五六七八九十]{1,3}(?=[ ：]|$)|[A-Z](?![A-Za-z]))?[ ]*"
    r"(?P<colon>[：])?[ ]*(?P<rest>.*)"
)
SKIPPED = (LineKind.BLANK, LineKind.PAGE, LineKind.OTHER, LineKind.NOTE)


@dataclass(frozen=True, slots=True)
class Call:
    """A line that names an annex: in the list after the text, or at the head of the annex."""

    row: int
    number: str
    word: str
    rest: str
    colon: bool


def label_of(call: Call) -> str:
    """Return the first part of the locators of an annex: 附件 一 and 附件1 are both 附件1."""
    word = call.word.replace(" ", "")
    number = call.number
    if number and not number[0].isdigit() and not number.isascii():
        number = str(to_int(number))
    return ("附件" if word == "附" else word) + number.replace("—", "-")


def names_annex(folded: str, row: Row) -> bool:
    """Say whether a line is nothing but 附件N."""
    if row.s == row.e or folded[row.s] != "附" or len(row) > 12:
        return False
    match = _ANNEX.fullmatch(folded, row.s, row.e)
    return (
        match is not None
        and not match["rest"]
        and (match["word"] != "附" or bool(match["n"] or match["colon"]))
    )


def calls_of(rows: list[Row], folded: str) -> list[Call]:
    """Return the lines that name an annex."""
    found = []
    for i, row in enumerate(rows):
        if row.s == row.e or folded[row.s] not in "附-·*" or len(row) > 120:
            continue
        if row.kind in (LineKind.TABLE, LineKind.PAGE):
            continue
        match = _ANNEX.fullmatch(folded, row.s, row.e)
        if match is None:
            continue
        rest, number, colon = match["rest"].strip(), match["n"] or "", match["colon"] is not None
        if match["word"] == "附" and not (number or colon):
            continue
        if rest and not colon:
            spaced = number and (
                folded[match.end("n") : match.end("n") + 1] == " " or patterns().title_end.search(rest)
            )
            if not spaced or rest[-1] in SENTENCE_END or len(rest) > 60 or rest[0] in "，、）所和":
                continue
        if rest and any(c in rest[:-1] for c in "。；") and len(rest) > 60:
            continue
        found.append(Call(i, number, match["word"], rest, colon))
    return found


def heads_of(calls: list[Call], rows: list[Row]) -> list[Call]:
    """Return the calls that stand at the head of an annex; the others belong to the annex list."""
    last_number = {call.number: n for n, call in enumerate(calls)}
    last_bare = max((n for n, call in enumerate(calls) if not call.number and not call.rest), default=-1)
    found = []
    for n, call in enumerate(calls):
        following = calls[n + 1] if n + 1 < len(calls) else None
        again = last_number[call.number] > n or last_bare > n or (not call.number and following is not None)
        if _named_head(call, rows, again) if call.rest else _bare_head(call, rows, following):
            found.append(call)
    return found


def _below(call: Call, rows: list[Row], enough: int) -> list[Row]:
    """Return some of the lines below a call, until they hold more than `enough` characters."""
    found: list[Row] = []
    size = 0
    for row in rows[call.row + 1 : call.row + 400]:
        if row.kind in SKIPPED:
            continue
        found.append(row)
        size += len(row)
        if size > enough and len(found) >= 6:
            break
    return found


def _named_head(call: Call, rows: list[Row], again: bool) -> bool:
    """Tell 附件1 某某办法 at the head of the annex from the same words in the annex list."""
    if again or re.match(r"\d+[.、]", call.rest):
        return False
    below = _below(call, rows, 120)
    if any(r.kind in (LineKind.DATE, LineKind.IMPRINT) for r in below[:6]):
        return False
    return sum(len(r) for r in below) > 120


def _bare_head(call: Call, rows: list[Row], following: Call | None) -> bool:
    """Tell 附件1 on a line of its own from 附件： above an annex list."""
    below = _below(call, rows, 0)
    if not below:
        return False
    m = below[0].marker
    if call.colon and m is not None and m.style is Style.DECIMAL and m.value == 1:
        return following is None and len(below[0]) > 60
    listed = following is not None and following.row - call.row < 12 and following.number in ("1", "一")
    return not (call.colon and not call.number and listed)


def mark_list(rows: list[Row], folded: str, at: int) -> None:
    """Class the lines of an annex list: the line itself and the numbered lines under it."""
    rows[at].kind, rows[at].marker = LineKind.ANNEX_LIST, None
    p = patterns()
    before = folded[rows[at].s : rows[at].e]
    for i in range(at + 1, min(at + 60, len(rows))):
        row = rows[i]
        if row.kind in (LineKind.BLANK, LineKind.PAGE):
            continue
        line = folded[row.s : row.e]
        numbered = row.marker is not None and row.marker.style is Style.DECIMAL and len(row) <= 80
        more = row.kind is LineKind.TEXT and len(row) <= 40 and not p.title_end.search(before)
        more = more and p.title_end.search(before + line) is not None
        if not ((numbered and line[-1] not in "。；") or more):
            return
        row.kind, row.marker = LineKind.ANNEX_LIST, None
        before = line
