"""The heading of a document: title, number, issuer, date, addressees, draft or not.

GB/T 9704-2012 §7.2, §7.3.
"""

import re
from dataclasses import dataclass, field

from ingest.annexes import names_annex
from ingest.document_number import parse_number
from ingest.lexicon import Words, patterns, words
from ingest.lines import DATE, Row, is_bracketed, iso_date, width
from ingest.model import DocumentNumber, LineKind, Status
from ingest.titleblock import title_text

_FIELD = re.compile(r"[ ]*\|[ ]*|\t")


@dataclass(slots=True)
class Heading:
    """What the head of a document says; collected line by line, then read only."""

    body: int = 0  # the row where the heading ends
    title: str = ""
    title_rows: list[int] = field(default_factory=list)
    number: DocumentNumber | None = None
    issuer: str | None = None
    date: str | None = None
    addressees: tuple[str, ...] = ()
    status: Status = "issued"
    notes: str = ""


def read_heading(rows: list[Row], text: str, folded: str, columns: int) -> Heading:
    """Read the lines above the body, and give each its class (TITLE, NOTE, ADDRESSEES, …)."""
    head = Heading()
    blocks: list[list[int]] = [[]]
    after_title = 0
    for i, row in enumerate(rows[:120]):
        head.body = i
        line = folded[row.s : row.e]
        match row.kind:
            case LineKind.BLANK | LineKind.PAGE | LineKind.OTHER:
                continue
            case LineKind.TABLE if _metadata(head, line, text[row.s : row.e]):
                blocks.append([])
            case LineKind.NUMBER:
                head.number = head.number or parse_number(text[row.s : row.e])
                blocks.append([])
            case LineKind.MARK:
                head.issuer = head.issuer or re.sub(r"文\s*件$", "", title_text(line))
                blocks.append([])
            case LineKind.DATE:
                blocks.append([])
            case LineKind.TEXT | LineKind.NOTE if is_bracketed(line) and len(line) <= 60:
                row.kind = LineKind.NOTE
                head.notes += line
                if (inner := parse_number(line)) is not None:
                    head.number = head.number or inner
                blocks.append([])
            case LineKind.TEXT:
                if names_annex(folded, row):
                    break
                if stop := _addressees(rows, folded, columns, i):
                    for r in rows[i:stop]:
                        r.kind = LineKind.ADDRESSEES if r.s < r.e else r.kind
                    head.addressees = _split_addressees(title_text(text[row.s : rows[stop - 1].e]))
                    head.body = stop
                    break
                if _metadata(head, line, text[row.s : row.e]):
                    row.kind = LineKind.TABLE
                    blocks.append([])
                    continue
                if _is_body(line, blocks[-1], rows, folded, columns, i):
                    break
                blocks[-1].append(i)
                after_title = i + 1
            case _:
                break
    else:
        head.body = min(len(rows), 120)
        if len(rows) > 120 or not any(blocks):
            head.body = after_title
    _choose_title(head, blocks, rows, text, folded)
    return head


def _metadata(head: Heading, line: str, printed: str) -> bool:
    """Read a line of a web page's index table (发文机关：| 国务院 | …); say whether it is one."""
    cells = [c.strip() for c in _FIELD.split(line)]
    raw = [c.strip() for c in re.split(r"[ ]*[|｜][ ]*|\t", printed)]
    if len(cells) == 1:
        key, _, value = line.partition("：")
        if not value.strip() or key.replace(" ", "") not in _known():
            return False
        cells, raw = [key, value.strip()], [key, printed[len(key) + 1 :].strip()]
    hit = False
    for key, value in zip(cells, raw[1:], strict=False):
        name = key.replace(" ", "").rstrip("：")
        if name not in _known():
            continue
        hit = True
        _take(head, words(), name, value)
    return hit


def _known() -> frozenset[str]:
    w = words()
    return frozenset(
        (*w.metadata_title, *w.metadata_number, *w.metadata_issuer, *w.metadata_date, *w.metadata_other)
    )


def _take(head: Heading, w: Words, name: str, value: str) -> None:
    if not value:
        return
    if name in w.metadata_title and not head.title:
        head.title = title_text(value)
    elif name in w.metadata_number and head.number is None:
        head.number = parse_number(value)
    elif name in w.metadata_issuer and head.issuer is None:
        head.issuer = value
    elif name in w.metadata_date and head.date is None and (m := DATE.search(value)):
        head.date = iso_date(m)


def _addressees(rows: list[Row], folded: str, columns: int, at: int) -> int:
    """Return the row after the addressees that begin in row `at`, or 0; print may break them over lines."""
    joined = ""
    for i in range(at, min(at + 4, len(rows))):
        if rows[i].kind is not LineKind.TEXT:
            return 0
        joined += folded[rows[i].s : rows[i].e]
        if _is_addressees(joined) and (i == at or joined.startswith("各") or "，" in joined):
            return i + 1
        full = bool(columns) and width(folded, rows[i]) >= 0.85 * columns
        if not full or any(c in joined for c in "。；“《") or not re.search(r"[，、]", joined):
            return 0
    return 0


def _is_addressees(line: str) -> bool:
    """Say whether a line is the addressees (GB/T 9704-2012 §7.3.2): one line, ends with a colon."""
    if line[-1] != "：" or len(line) < 3 or any(c in line for c in "。；“"):
        return False
    return patterns().addressee.search(line[:-1]) is not None and not re.search(
        r"如下|包括|为$|是$|附件|说明", line[:-1]
    )


def _split_addressees(line: str) -> tuple[str, ...]:
    names = line.rstrip("：:")
    for separator in ("，", ",", "、"):
        if separator in names:
            return tuple(n for n in names.split(separator) if n)
    return (names,) if names else ()


def _is_body(line: str, block: list[int], rows: list[Row], folded: str, columns: int, i: int) -> bool:
    """Say whether a line of text belongs to the body, not to the title."""
    if "。" in line or line[-1] in "；：，、":
        return True
    joined = "".join(folded[rows[j].s : rows[j].e] for j in block).replace(" ", "")
    complete = patterns().title_end.search(joined) is not None
    if len(line) > 60:
        return not (patterns().about.search(line) and patterns().title_end.search(line))
    if columns and complete and width(folded, rows[i]) >= columns - 3:
        return True
    return len(block) >= 6


def _choose_title(head: Heading, blocks: list[list[int]], rows: list[Row], text: str, folded: str) -> None:
    """Take the last block of lines that reads as a title; class its lines TITLE."""
    filled = [b for b in blocks if b]
    end = patterns().title_end

    def read(block: list[int]) -> str:
        return title_text("\n".join(text[rows[i].s : rows[i].e] for i in block))

    filled = [_to_type(b, rows, folded) for b in filled if not patterns().front.fullmatch(read(b))]
    chosen = next((b for b in reversed(filled) if end.search(read(b)) and len(read(b)) > 4), [])
    if not chosen:
        chosen = next((b for b in reversed(filled) if _may_be_title(read(b))), [])
    for block in filled if chosen else []:
        if block == chosen or end.search(read(block)):
            for i in block:
                rows[i].kind = LineKind.TITLE
    if chosen:
        printed = read(chosen)
        head.title_rows = chosen
        head.title = head.title or printed
    marks = patterns()
    around = head.title + head.notes
    if marks.draft.search(around):
        head.status = "draft"
    elif marks.repealed.search(head.notes):
        head.status = "repealed"


def status_below(rows: list[Row], folded: str, first: int, body: int) -> Status:
    """Return the status by the remarks round the title of an annex that a file begins with."""
    notes = ""
    for i, row in enumerate(rows[first : body + 8], first):
        if row.kind in (LineKind.NOTE, LineKind.TITLE):
            notes += folded[row.s : row.e]
        elif i >= body and row.kind not in (LineKind.BLANK, LineKind.PAGE, LineKind.OTHER):
            line = folded[row.s : row.e]
            if not is_bracketed(line) or len(line) > 60:
                break
            notes += line
    if patterns().draft.search(notes):
        return "draft"
    return "repealed" if patterns().repealed.search(notes) else "issued"


def _to_type(block: list[int], rows: list[Row], folded: str) -> list[int]:
    """Cut a block of lines after the one that completes a title, unless a further line completes it again."""
    joined, complete = "", 0
    for n, i in enumerate(block, 1):
        joined += folded[rows[i].s : rows[i].e].replace(" ", "")
        if patterns().title_end.search(joined):
            complete = n
    return block[:complete] if complete else block


def _may_be_title(title: str) -> bool:
    """Say whether lines without a document type at their end may still be a title."""
    return (
        5 <= len(title) <= 50
        and not re.search(r"[，、；：。]", title)
        and not patterns().front.fullmatch(title)
    )


def title_issuer(title: str) -> str | None:
    """Return the issuer that a full title begins with: 某县人民政府关于…的通知 → 某县人民政府."""
    match = patterns().title_issuer.match(title)
    return match["who"] if match else None


def signature(
    rows: list[Row], text: str, folded: str, first: int, last: int
) -> tuple[str | None, str | None]:
    """Find who signed, and when, in rows ``[first, last)``; class those lines SIGNATURE and DATE.

    Returns (issuer, ISO date), either None where there is none.
    """
    issuer: str | None = None
    when: str | None = None
    for i in range(first, last):
        row = rows[i]
        if row.kind is LineKind.IMPRINT and when is None and (m := DATE.search(folded, row.s, row.e)):
            when = iso_date(m)
            head = title_text(text[row.s : m.start()])
            issuer = issuer or (head if _is_organ(head) else None)
        if row.kind is not LineKind.DATE:
            continue
        signed: list[str] = []
        for j in range(i - 1, max(first, i - 12) - 1, -1):
            above = rows[j]
            if above.kind in (LineKind.BLANK, LineKind.PAGE):
                continue
            names = [
                title_text(n)
                for n in re.split(r"[\s\u3000]{2,}|(?<=[局厅委部办院府会]) ", text[above.s : above.e])
                if n.strip()
            ]
            if not all(_is_organ(n) for n in names):
                names = [title_text(text[above.s : above.e])]
            if (
                above.kind is not LineKind.TEXT
                or above.marker is not None
                or not all(_is_organ(n) for n in names)
            ):
                break
            above.kind = LineKind.SIGNATURE
            signed += reversed(names)
        if (m := DATE.fullmatch(folded, row.s, row.e)) and when is None:
            when = iso_date(m)
            issuer = "、".join(reversed(signed)) or None
    return issuer, when


def _is_organ(name: str) -> bool:
    """Say whether a short line may be the name of an issuing organ."""
    if not 2 <= len(name) <= 40 or re.search(r"[。；：，]", name):
        return False
    return patterns().organ_end.search(name) is not None
