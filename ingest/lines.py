"""Physical lines of a document, each with its place and its class.

The first of two stages: every line gets a class from its own look; `ingest.parts`,
`ingest.heading` and `ingest.outline` then settle what only the neighbours can tell.
"""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from ingest.document_number import parse_number
from ingest.lexicon import patterns
from ingest.model import LineKind
from ingest.numbering import LEGAL, Marker, Style, label, marker
from ingest.numerals import to_int

TERMINAL = frozenset("。；！？：…”）】》!?;:")
SENTENCE_END = frozenset("。；！？…")

_PAGE = re.compile(
    r"""[-—–~·*]+[ ]*\d{1,4}[ ]*[-—–~·*]+
    |第?[ ]*\d{1,4}[ ]*页(?:[ ]*[,，/、（]?[ ]*[共总][ ]*\d{1,4}[ ]*页[ ）]*)?
    |\d{1,3}[ ]*/[ ]*\d{1,3}
    |[Pp](?:age|AGE|\.)[ ]*\d{1,4}(?:[ ]*of[ ]*\d{1,4})?
    |目[ ]*[录次]""",
    re.VERBOSE,
)
_BARE_NUMBER = re.compile(r"\d{1,3}")
_LEADER = re.compile(r"[.·…]{5,}[ ]*[（]?[-—IVXivx\d]{0,5}[）]?$")  # 一、总体要求 ........ 1
_TABLE = re.compile(r"\t|(?:^|[ ])\|(?:[ ]|$)")
_HAN_DIGIT = "〇零一二三四五六七八九十"
DATE = re.compile(
    rf"""(?P<y>(?:19|20)[ ]?\d[ ]?\d)[ ]*[年.\-/][ ]*(?P<m>\d[ ]\d(?=[ ]*月)|\d{{1,2}})[ ]*[月.\-/][ ]*
     (?P<d>\d[ ]\d(?=[ ]*日)|\d{{1,2}})[ ]*日?
    |(?P<hy>[〇零一二三四五六七八九]{{4}})[ ]*年[ ]*
     (?P<hm>[{_HAN_DIGIT}]{{1,3}})[ ]*月[ ]*(?P<hd>[{_HAN_DIGIT}]{{1,3}})[ ]*日""",
    re.VERBOSE,
)
_MONTH = re.compile(r"(?:19|20)[ ]?\d[ ]?\d[ ]*年[ ]*\d{1,2}[ ]*月")
_SPACED = re.compile(r"(\d{1,2})([ ]{1,4})[\u4e00-\u9fff][^。；，：]{1,26}")
_SPACED_HAN = re.compile(r"([一二三四五六七八九十]{1,3})([ ]{1,4})[\u4e00-\u9fff][^。；，：]{1,26}")
# 1.2024年…, 2.80周岁…: an item number, then a figure; 3.5万元 and 3.5% are figures wherever they stand.
_FIGURED = re.compile(
    r"(?P<n>\d{1,3})[ ]*[.][ ]*"
    r"(?=\d{3,}[ ]*[\u4e00-\u9fff]|\d{1,2}(?:周岁|[岁年月日天个名人户家项次类处所台辆种座张床]))"
)
_MARK = re.compile(r"[\u4e00-\u9fff （）·]{4,40}文[ ]*件")
_PRINTED = re.compile(r".{0,40}印[ ]*发")
_BRACKETED = re.compile(r"（[^（）]*(?:（[^（）]*）[^（）]*)*）")


@dataclass(slots=True)
class Row:
    """A line while the document is being read: bounds, bounds without blanks, class, number.

    `kind` is settled step by step, so this one record is not frozen; it never leaves `ingest`.
    """

    start: int
    end: int
    s: int
    e: int
    kind: LineKind
    marker: Marker | None = None

    def __len__(self) -> int:
        return self.e - self.s


def scan(folded: str) -> list[Row]:
    """Return the lines of a document with the class that each has by itself.

    `folded` is ``fold(text)``. The rows cover the whole text; line ends stand between them.
    """
    rows: list[Row] = []
    at = 0
    for line in folded.split("\n"):
        stripped = line.strip()
        if not stripped:
            rows.append(Row(at, at + len(line), at, at, LineKind.BLANK))
        else:
            s = at + len(line) - len(line.lstrip())
            rows.append(
                _classify(folded, Row(at, at + len(line), s, s + len(stripped), LineKind.TEXT), stripped)
            )
        at += len(line) + 1
    _page_numbers(rows, folded)
    _spaced_numbers(rows, folded)
    _figured_numbers(rows, folded)
    _contents(rows, folded)
    return rows


def _classify(folded: str, row: Row, line: str) -> Row:
    """Set the class of one non-blank line."""
    p = patterns()
    short = len(line) <= 80
    if (short and (_PAGE.fullmatch(line) or line == "*")) or _LEADER.search(line):
        row.kind = LineKind.PAGE
    elif _tabular(line) and not _tab_after_number(folded, row):
        row.kind = LineKind.TABLE
    elif (row.kind is LineKind.TEXT) and p.unit_line.match(line):
        row.kind = LineKind.UNITS
    elif short and (box := p.box.match(line)) is not None:
        row.kind = LineKind.CLAUSE
        value = to_int(box["n"])
        row.marker = Marker(Style.BOX, (value,), f"{box['word']}{value}", row.s, row.s + box.end())
    elif (found := marker(folded, row.s, row.e)) is not None:
        row.marker = found
        row.kind = (
            LineKind.CHAPTER if found.style in LEGAL and found.style is not Style.ARTICLE else LineKind.CLAUSE
        )
    elif short and (DATE.fullmatch(line) or _MONTH.fullmatch(line)):
        row.kind = LineKind.DATE
    elif p.imprint.match(line):
        row.kind = LineKind.IMPRINT
    elif short and (_MARK.fullmatch(line)):
        row.kind = LineKind.MARK
    elif short and line[-1] == "发" and DATE.search(line) and _PRINTED.fullmatch(line):
        row.kind = LineKind.IMPRINT
    elif short and line[0] == "（" and patterns().note.fullmatch(line):
        row.kind = LineKind.NOTE
    elif short and line[-1] in "号）" and any(c.isdigit() for c in line) and parse_number(line):
        row.kind = LineKind.NUMBER
    elif p.chrome.search(line) and len(line) < 120:
        row.kind = LineKind.OTHER
    return row


def _tabular(line: str) -> bool:
    """Say whether a line has cells: tabulators, bars with blanks, or two bars and no words of a web page."""
    return bool(_TABLE.search(line)) or (line.count("|") > 1 and not patterns().chrome.search(line))


def _tab_after_number(folded: str, row: Row) -> bool:
    """Say whether the only tabulator of a line stands between its number and its text."""
    found = marker(folded, row.s, row.e)
    return found is not None and "|" not in folded[row.s : row.e] and "\t" not in folded[found.end : row.e]


def _page_numbers(rows: list[Row], folded: str) -> None:
    """Class lone numbers as page numbers where they run through the document or break a sentence."""
    lone = [
        (i, int(folded[r.s : r.e]))
        for i, r in enumerate(rows)
        if r.kind is LineKind.TEXT and r.e - r.s <= 3 and _BARE_NUMBER.fullmatch(folded, r.s, r.e)
    ]
    for n, (i, value) in enumerate(lone):
        near = [w for j, w in lone[max(0, n - 2) : n + 3] if j != i and abs(j - i) >= 5]
        running = value + 1 in near or value - 1 in near
        before = next((r for r in reversed(rows[max(0, i - 4) : i]) if r.kind is not LineKind.BLANK), None)
        broken = (
            before is not None
            and before.kind in (LineKind.TEXT, LineKind.CLAUSE, LineKind.UNITS)
            and (len(before) > 12 and folded[before.e - 1] not in TERMINAL)
        )
        if running or broken:
            rows[i].kind = LineKind.PAGE


def _spaced_numbers(rows: list[Row], folded: str) -> None:
    """Take a number, a blank and a short title for a heading: 一　总则; 1　总则 where 1.1 is in use."""
    dotted = any(r.marker.style is Style.DOTTED and r.marker.value == 1 for r in rows if r.marker is not None)
    found: list[tuple[Row, re.Match[str]]] = []
    for row in rows:
        if row.kind is not LineKind.TEXT or len(row) > 30:
            continue
        if dotted and (match := _SPACED.fullmatch(folded, row.s, row.e)) is not None:
            _number(row, Style.DECIMAL, int(match[1]), match.end(2))
        elif match := _SPACED_HAN.fullmatch(folded, row.s, row.e):
            found.append((row, match))
    if [to_int(match[1]) for _, match in found] == list(range(1, len(found) + 1)) and len(found) > 1:
        for row, match in found:
            _number(row, Style.HAN, to_int(match[1]), match.end(2))


def _number(row: Row, style: Style, value: int, end: int) -> None:
    """Make a row the heading of a clause with this number."""
    row.kind = LineKind.CLAUSE
    row.marker = Marker(style, (value,), label(style, value), row.s, end)


def _figured_numbers(rows: list[Row], folded: str) -> None:
    """Take the point after an item number for its end where a figure follows: 1.2024年…, 2.80周岁….

    Alone it reads as a decimal. It is an item number where the row of numbers calls for it, and where
    a paragraph begins.
    """
    found: dict[int, re.Match[str]] = {}
    for i, row in enumerate(rows):
        decimal = row.marker is not None and row.marker.style is Style.DOTTED
        if (row.kind is LineKind.TEXT or decimal) and (m := _FIGURED.match(folded, row.s, row.e)):
            found[i] = m
    dotted = [
        (i in found, *r.marker.path[:2])
        for i, r in enumerate(rows)
        if r.marker is not None and r.marker.style is Style.DOTTED
    ]
    used = {n for figured, n, _ in dotted if not figured}
    pairs = {(n, part) for _, n, part in dotted}
    used |= {n for n, part in pairs if (n, part + 1) in pairs}
    last = 0
    for i, row in enumerate(rows):
        if i in found:
            match, value = found[i], int(found[i]["n"])
            begun = value == 1 and _next_number(rows, found, i) == 2
            if value in used or not (begun or value == last + 1 > 1) or not _paragraph(rows, folded, i):
                continue
            row.kind = LineKind.CLAUSE
            row.marker = Marker(Style.DECIMAL, (value,), str(value), row.s, match.end())
        if row.marker is not None and row.marker.style is Style.DECIMAL:
            last = row.marker.value


def _next_number(rows: list[Row], found: dict[int, re.Match[str]], at: int) -> int | None:
    """Return the next item number, certain or possible, after a row."""
    for i, row in enumerate(rows[at + 1 :], at + 1):
        if i in found:
            return int(found[i]["n"])
        if row.marker is not None and row.marker.style is Style.DECIMAL:
            return row.marker.value
    return None


def _paragraph(rows: list[Row], folded: str, at: int) -> bool:
    """Say whether a row begins a paragraph: a sentence, a unit list or a short heading ends above it."""
    for row in reversed(rows[max(0, at - 4) : at]):
        if row.kind in (LineKind.BLANK, LineKind.PAGE):
            continue
        heading = row.marker is not None and row.marker.style is not Style.DECIMAL and len(row) <= 30
        ended = folded[row.e - 1] in TERMINAL
        return ended or row.kind is LineKind.UNITS or (heading and folded[row.e - 1] not in "，、")
    return False


def _contents(rows: list[Row], folded: str) -> None:
    """Class a table of contents as page furniture: a row of headings nearly all of which come again."""
    run: list[int] = []
    seen: set[str] = set()
    later: Counter[str] | None = None
    for i, row in enumerate([*rows, Row(0, 0, 0, 0, LineKind.TEXT)]):
        if row.kind in (LineKind.BLANK, LineKind.PAGE):
            continue
        heading = row.kind in (LineKind.CLAUSE, LineKind.CHAPTER) and len(row) <= 45
        if heading and folded[row.e - 1] not in "。；，：" and _squeezed(folded, row) not in seen:
            run.append(i)
            seen.add(_squeezed(folded, row))
            continue
        if row.kind is LineKind.TEXT and run and 3 <= len(row) <= 30 and folded[row.s].isdigit():
            run.append(i)
            continue
        if len(run) >= 4:
            if later is None:
                later = Counter(_squeezed(folded, r) for r in rows if 0 < len(r) <= 45)
            again = sum(later[_squeezed(folded, rows[j])] > 1 for j in run)
            if again >= 0.8 * len(run) and later[_squeezed(folded, rows[run[0]])] > 1:
                for j in run:
                    rows[j].kind, rows[j].marker = LineKind.PAGE, None
                    later[_squeezed(folded, rows[j])] -= 1
        run, seen = ([i], {_squeezed(folded, row)}) if heading else ([], set())


def _squeezed(folded: str, row: Row) -> str:
    return re.sub(r"[ .·…\d]+$|[ ]", "", folded[row.s : row.e])


def is_bracketed(line: str) -> bool:
    """Say whether a folded line is one bracketed remark."""
    return line.startswith("（") and _BRACKETED.fullmatch(line) is not None


def width(folded: str, row: Row) -> int:
    """Return the print width of a line in half-width columns."""
    return len(folded[row.s : row.e].encode("gb18030", "replace"))


def print_width(rows: list[Row], folded: str) -> int:
    """Return the column at which lines were broken in print, or 0 where a line is a whole paragraph."""
    broken: list[int] = []
    whole = 0
    for row, following in pairwise(rows):
        if row.kind not in (LineKind.TEXT, LineKind.CLAUSE) or len(row) < 12:
            continue
        if folded[row.e - 1] in TERMINAL or following.kind is not LineKind.TEXT:
            if len(row) > 60:
                whole += 1
            continue
        broken.append(width(folded, row))
    if len(broken) < 4:
        return 0
    broken.sort()
    usual = broken[len(broken) * 3 // 4]
    close = sum(abs(w - usual) <= 6 for w in broken)
    return usual if usual <= 120 and close >= 0.5 * len(broken) and whole <= len(broken) else 0


def iso_date(match: re.Match[str]) -> str | None:
    """Return the ISO 8601 date of a match of `DATE`, or None when there is no such day."""
    try:
        if match["y"]:
            year, month, day = (int(match[part].replace(" ", "")) for part in ("y", "m", "d"))
            parts = year, month, day
        else:
            parts = to_int(match["hy"]), to_int(match["hm"]), to_int(match["hd"])
        return date(*parts).isoformat()
    except ValueError:
        return None
