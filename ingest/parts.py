"""The parts of a document: the main body and its annexes (GB/T 9704-2012 §7.3.4, §7.3.7)."""

import re
from dataclasses import dataclass

from ingest.lexicon import patterns
from ingest.lines import SENTENCE_END, Row, is_bracketed, width
from ingest.model import LineKind
from ingest.numbering import Style, to_int

BODY = "正文"
ATTACHED = "附文"  # a document sent with a notice without the word 附件

_ANNEX = re.compile(
    r"(?:[-·*][ ]*)?(?P<word>附[ ]*(?:件|录|表|图)?)[ ]*"
    r"(?P<n>\d{1,2}(?:[-—]\d{1,2})?(?![\d.年])|[一二三四五六七八九十]{1,3}(?=[ ：]|$)|[A-Z](?![A-Za-z]))?[ ]*"
    r"(?P<colon>[：])?[ ]*(?P<rest>.*)"
)
_SKIPPED = (LineKind.BLANK, LineKind.PAGE, LineKind.OTHER, LineKind.NOTE)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a document: rows ``[first, last)``, of which ``[first, body)`` are its heading."""

    label: str
    title: str
    first: int
    body: int
    last: int


@dataclass(frozen=True, slots=True)
class _Call:
    """A line that names an annex: in the list after the text, or at the head of the annex."""

    row: int
    number: str
    word: str
    rest: str
    colon: bool


def title_text(folded_or_text: str) -> str:
    """Return a title without line breaks and without the blanks that print put between characters."""
    joined = re.sub(r"\s*\n\s*", "\n", folded_or_text.strip())
    joined = re.sub(r"(?<=[A-Za-z])\n(?=[A-Za-z])", " ", joined).replace("\n", "")
    return re.sub(r"(?<![A-Za-z0-9])[\s\u3000]+|[\s\u3000]+(?![A-Za-z0-9])", "", joined)


def split(rows: list[Row], text: str, folded: str, columns: int, body: int) -> list[Part]:
    """Return the parts of a document; `body` is the row where the heading of the whole ends.

    Lines of the annex list get the class ANNEX_LIST, heads of annexes ANNEX, titles of annexes TITLE.
    """
    calls = _calls(rows, folded)
    starts = [c for c in calls if _is_head(c, calls, rows, folded)]
    for call in calls:
        if call not in starts:
            _mark_list(rows, folded, call.row)
    cut = starts[0].row if starts else len(rows)
    parts = _body_parts(rows, text, folded, columns, min(body, cut), cut)
    used: dict[str, int] = {}
    bounds = [*(c.row for c in starts[1:]), len(rows)]
    for call, last in zip(starts, bounds[: len(starts)], strict=True):
        rows[call.row].kind = LineKind.ANNEX
        rows[call.row].marker = None
        name = _label(call)
        used[name] = used.get(name, 0) + 1
        name = name if used[name] == 1 else f"{name}#{used[name]}"
        title_rows = title_block(rows, folded, call.row + 1, last, columns)
        title = title_text(call.rest) if call.rest else ""
        if title_rows and not (title and patterns().title_end.search(title)):
            title += title_text("\n".join(text[rows[i].s : rows[i].e] for i in title_rows))
            for i in title_rows:
                rows[i].kind = LineKind.TITLE
        start = (title_rows[-1] if title_rows else call.row) + 1
        parts.append(Part(name, title, call.row, start, last))
    return parts


def _label(call: _Call) -> str:
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
    return match is not None and not match["rest"] and (match["word"] != "附" or bool(match["n"] or match["colon"]))


def _calls(rows: list[Row], folded: str) -> list[_Call]:
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
            spaced = number and (folded[match.end("n") : match.end("n") + 1] == " " or patterns().title_end.search(rest))
            if not spaced or rest[-1] in SENTENCE_END or len(rest) > 60 or rest[0] in "，、）所和":
                continue
        if rest and any(c in rest[:-1] for c in "。；") and len(rest) > 60:
            continue
        found.append(_Call(i, number, match["word"], rest, colon))
    return found


def _is_head(call: _Call, calls: list[_Call], rows: list[Row], folded: str) -> bool:
    """Tell the head of an annex from a line of the annex list."""
    later = [c for c in calls if c.row > call.row]
    following = [r for r in rows[call.row + 1 :] if r.kind not in _SKIPPED]
    if not following:
        return False
    if call.rest:
        if re.match(r"\d+[.、]", call.rest):
            return False
        if any(c.number == call.number for c in later) or (not call.number and later):
            return False
        if any(c.number == "" and not c.rest for c in later):
            return False
        near = following[:6]
        if any(r.kind in (LineKind.DATE, LineKind.IMPRINT) for r in near):
            return False
        return sum(len(r) for r in following) > 120
    first = following[0]
    if call.colon and first.marker is not None and first.marker.style is Style.DECIMAL and first.marker.value == 1:
        return not later and len(first) > 60
    if call.colon and not call.number and later and later[0].row - call.row < 12 and later[0].number in ("1", "一"):
        return False
    return True


def _mark_list(rows: list[Row], folded: str, at: int) -> None:
    """Class the lines of an annex list: the line itself and the numbered lines under it."""
    rows[at].kind, rows[at].marker = LineKind.ANNEX_LIST, None
    p = patterns()
    open_ended = not p.title_end.search(folded[rows[at].s : rows[at].e])
    for i in range(at + 1, min(at + 60, len(rows))):
        row = rows[i]
        if row.kind in (LineKind.BLANK, LineKind.PAGE):
            continue
        line = folded[row.s : row.e]
        numbered = row.marker is not None and row.marker.style is Style.DECIMAL and len(row) <= 80
        more = row.kind is LineKind.TEXT and open_ended and len(row) <= 40 and bool(p.title_end.search(line))
        if not ((numbered and line[-1] not in "。；") or more):
            return
        row.kind, row.marker = LineKind.ANNEX_LIST, None
        open_ended = not p.title_end.search(line)


def _body_parts(rows: list[Row], text: str, folded: str, columns: int, body: int, cut: int) -> list[Part]:
    """Return the main body, cut in two where another document follows the date (印发, 转发)."""
    found: list[Part] = []
    label, title, first, start = BODY, "", 0, body
    while True:
        attached = _attached(rows, folded, start, cut, columns) or _restarted(rows, folded, start, cut, columns)
        last = attached[0] if attached else cut
        if any(r.kind not in _SKIPPED for r in rows[start:last]):
            found.append(Part(label, title, first, start, last))
        if attached is None:
            return found
        first, title_rows = attached
        for i in title_rows:
            rows[i].kind = LineKind.TITLE
        numbered = any(r.marker is not None and r.kind is LineKind.CLAUSE for r in rows[body:first])
        others = sum(p.label.startswith(ATTACHED) for p in found)
        label = BODY if not numbered else ATTACHED if not others else f"{ATTACHED}{others + 1}"
        title = title_text("\n".join(text[rows[i].s : rows[i].e] for i in title_rows))
        start = title_rows[-1] + 1 if title_rows else first


def _restarted(rows: list[Row], folded: str, body: int, cut: int, columns: int) -> tuple[int, list[int]] | None:
    """Find a further document where 一、 or 第一条 begins anew below a title or a date: (first row, title rows)."""
    highest: dict[Style, int] = {}
    for i in range(body, cut):
        m = rows[i].marker
        if m is None or m.style not in (Style.HAN, Style.ARTICLE, Style.CHAPTER) or rows[i].kind is LineKind.ANNEX_LIST:
            continue
        if m.value == 1 and highest.get(m.style, 0) >= 2:
            for j in range(i - 1, max(body, i - 14), -1):
                if rows[j].kind is LineKind.DATE:
                    return j + 1, []
                if rows[j].marker is not None:
                    break
                line = folded[rows[j].s : rows[j].e].replace(" ", "")
                if rows[j].kind is LineKind.TEXT and 6 <= len(line) <= 60 and patterns().title_end.search(line):
                    if not any(c in line for c in "。；：，"):
                        above = j - 1 if j > body and rows[j - 1].kind is LineKind.TEXT and _title_head(folded, rows[j - 1]) else j
                        return above, list(range(above, j + 1))
        highest[m.style] = max(highest.get(m.style, 0), m.value)
    return None


def _title_head(folded: str, row: Row) -> bool:
    """Say whether a line may be the first half of a title."""
    line = folded[row.s : row.e]
    return 6 <= len(line) <= 40 and not any(c in line for c in "。；：，、") and line.startswith("关于")


def _attached(rows: list[Row], folded: str, body: int, cut: int, columns: int) -> tuple[int, list[int]] | None:
    """Find a second document after the date of the first: (its first row, its title rows)."""
    seen_text = False
    for i in range(body, cut):
        kind = rows[i].kind
        if kind is LineKind.TEXT and len(rows[i]) > 30:
            seen_text = True
        if kind is not LineKind.DATE or not seen_text:
            continue
        title_rows = title_block(rows, folded, i + 1, cut, columns)
        if not title_rows:
            continue
        joined = "".join(folded[rows[j].s : rows[j].e] for j in title_rows)
        rest = sum(len(r) for r in rows[title_rows[-1] + 1 : cut])
        if patterns().title_end.search(joined.replace(" ", "")) and 5 <= len(joined) <= 120 and rest > 100:
            return title_rows[0], title_rows
    return None


def title_block(rows: list[Row], folded: str, first: int, last: int, columns: int) -> list[int]:
    """Return the rows of a title that may stand at row `first`, up to four lines; bracketed notes count."""
    found: list[int] = []
    joined = ""
    for i in range(first, min(last, first + 14)):
        row = rows[i]
        line = folded[row.s : row.e]
        if row.kind in (LineKind.BLANK, LineKind.PAGE, LineKind.OTHER):
            continue
        if is_bracketed(line) and len(line) <= 40 and row.marker is None:
            row.kind = LineKind.NOTE
            if found:
                break
            continue
        complete = bool(found) and patterns().title_end.search(joined) is not None
        if row.kind not in (LineKind.TEXT, LineKind.NUMBER) or row.marker is not None or complete or len(found) == 4:
            break
        if any(c in line for c in "。；") or line[-1] in "，、：；" or len(line) > 60:
            break
        if columns and found and width(folded, row) >= columns - 1:
            break
        found.append(i)
        joined += line.replace(" ", "")
    if found and not patterns().title_end.search(joined):
        # A first line that is no title of a known type: keep it when it stands alone, else only its first line.
        found = found[:1] if len(found) > 2 else found
    return found
