"""The parts of a document: the main body, documents sent with it, and its annexes."""

from dataclasses import dataclass

from ingest.annexes import SKIPPED, calls_of, heads_of, label_of, mark_list
from ingest.lexicon import patterns
from ingest.lines import Row
from ingest.model import LineKind
from ingest.numbering import Style
from ingest.titleblock import title_block, title_text

BODY = "正文"
ATTACHED = "附文"  # a document sent with a notice without the word 附件


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a document: rows ``[first, last)``, of which ``[first, body)`` are its heading."""

    label: str
    title: str
    first: int
    body: int
    last: int


def split(rows: list[Row], text: str, folded: str, columns: int, body: int) -> list[Part]:
    """Return the parts of a document; `body` is the row where the heading of the whole ends.

    Lines of the annex list get the class ANNEX_LIST, heads of annexes ANNEX, titles of annexes TITLE.
    """
    calls = calls_of(rows, folded)
    starts = heads_of(calls, rows)
    heads = {c.row for c in starts}
    for call in calls:
        if call.row not in heads:
            mark_list(rows, folded, call.row)
    cut = starts[0].row if starts else len(rows)
    parts = _body_parts(rows, text, folded, columns, min(body, cut), cut)
    used: dict[str, int] = {}
    bounds = [*(c.row for c in starts[1:]), len(rows)]
    for call, last in zip(starts, bounds[: len(starts)], strict=True):
        rows[call.row].kind = LineKind.ANNEX
        rows[call.row].marker = None
        name = label_of(call)
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


def _body_parts(rows: list[Row], text: str, folded: str, columns: int, body: int, cut: int) -> list[Part]:
    """Return the main body, cut in two where another document follows the date (印发, 转发)."""
    found: list[Part] = []
    label, title, first, start = BODY, "", 0, body
    while True:
        attached = _attached(rows, folded, start, cut, columns) or _restarted(rows, folded, start, cut)
        last = attached[0] if attached else cut
        if any(r.kind not in SKIPPED for r in rows[start:last]):
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


def _restarted(rows: list[Row], folded: str, body: int, cut: int) -> tuple[int, list[int]] | None:
    """Find a further document where 一、 or 第一条 begins anew: (its first row, its title rows)."""
    highest: dict[Style, int] = {}
    for i in range(body, cut):
        m = rows[i].marker
        if m is None or rows[i].kind is LineKind.ANNEX_LIST:
            continue
        if m.style not in (Style.HAN, Style.ARTICLE, Style.CHAPTER):
            continue
        if m.value == 1 and highest.get(m.style, 0) >= 2:
            above = _title_above(rows, folded, max(body, i - 14), i)
            if above is not None:
                return above
        highest[m.style] = max(highest.get(m.style, 0), m.value)
    return None


def _title_above(rows: list[Row], folded: str, first: int, at: int) -> tuple[int, list[int]] | None:
    """Return the title, or the row after the date, that stands above row `at`: (first row, title rows)."""
    for j in range(at - 1, first, -1):
        if rows[j].kind is LineKind.DATE:
            return j + 1, []
        if rows[j].marker is not None:
            return None
        if not _title_line(folded, rows[j], 60) or not patterns().title_end.search(
            folded, rows[j].s, rows[j].e
        ):
            continue
        above = rows[j - 1]
        two = _title_line(folded, above, 40) and folded.startswith("关于", above.s)
        start = j - 1 if two and j - 1 >= first else j
        return start, list(range(start, j + 1))
    return None


def _title_line(folded: str, row: Row, longest: int) -> bool:
    """Say whether a line may be part of a title: text of some length without a stop."""
    if row.kind is not LineKind.TEXT or not 6 <= len(row) <= longest:
        return False
    return not any(c in "。；：，" for c in folded[row.s : row.e])


def _attached(
    rows: list[Row], folded: str, body: int, cut: int, columns: int
) -> tuple[int, list[int]] | None:
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
