"""Closing paragraphs: what stands after the last clause of a part and belongs to none of them."""

import re

from ingest.lexicon import patterns
from ingest.lines import TERMINAL, Row
from ingest.model import LineKind
from ingest.numbering import LEGAL
from ingest.outline import Node
from ingest.units import bracketed, own_line

_TO_ALL = re.compile(
    r"各(?:地|省|市|州|县|区|旗|乡|镇|级|部门|有关|单位|成员|相关)|[省市州县区旗](?:直|级|有关|各)|请各|以上|上述|本|此"
)


def closing_row(nodes: list[Node], rows: list[Row], folded: str, last: int) -> int:
    """Return the row where the closing paragraphs of a part begin, or `last` when there are none.

    Three signs, each from the document itself: text after the unit list of the last clause when
    no other clause has any; words that close a document (本通知自…施行); and, where every other
    clause is one paragraph, a further paragraph that speaks to all.
    """
    tail = nodes[-1]
    texts = _texts(rows, tail.row + 1, last)
    if not texts or tail.marker.style in LEGAL:
        return last
    opening = rows[tail.row]
    if opening.e - tail.marker.end < 30 and "。" not in folded[tail.marker.end : opening.e]:
        texts = texts[1:]  # below a heading on its own line the first paragraph is the clause's text
        if not texts:
            return last
    spans = [(n.row, nodes[k + 1].row if k + 1 < len(nodes) else last) for k, n in enumerate(nodes)]
    ends = _unit_end(rows, folded, tail.row, last)
    if ends is not None:
        others = [_unit_end(rows, folded, a, b) for a, b in spans[:-1]]
        loose = sum(
            1 for (_, b), e in zip(spans[:-1], others, strict=True) if e is not None and _texts(rows, e, b)
        )
        after = [i for i in texts if i >= ends]
        if after and not loose and sum(e is not None for e in others) >= 1:
            return after[0]
        if after and _TO_ALL.match(folded, rows[after[0]].s, rows[after[0]].e):
            return after[0]
    for i in texts:
        if patterns().closing.match(folded, rows[i].s, rows[i].e) and _begins(rows, folded, i):
            return _loose_above(nodes, rows, folded, spans, i)
    return _to_all(nodes, rows, folded, spans, texts, last)


def _loose_above(
    nodes: list[Node], rows: list[Row], folded: str, spans: list[tuple[int, int]], at: int
) -> int:
    """Return the first paragraph below the last of one-paragraph clauses, when row `at` closes the part."""
    tail = nodes[-1]
    alike = [s for n, s in zip(nodes[:-1], spans, strict=False) if n.key == tail.key]
    starts = _paragraph_starts(rows, folded, tail.row, at)
    if len(alike) < 3 or not starts or any(_paragraph_starts(rows, folded, a, b) for a, b in alike):
        return at
    return starts[0]


def _to_all(
    nodes: list[Node], rows: list[Row], folded: str, spans: list[tuple[int, int]], texts: list[int], last: int
) -> int:
    """Return where a paragraph to all begins after one-paragraph clauses, or `last`."""
    tail = nodes[-1]
    alike = [s for n, s in zip(nodes[:-1], spans, strict=False) if n.key == tail.key]
    single = [len(_paragraph_starts(rows, folded, a, b)) for a, b in alike]
    if len(single) < 3 or max(single) > len(_paragraph_starts(rows, folded, tail.row, texts[0])) + 1:
        return last
    starts = _paragraph_starts(rows, folded, tail.row, last)
    usual = max(single)
    if len(starts) > usual and all(_TO_ALL.match(folded, rows[i].s, rows[i].e) for i in starts[usual:]):
        return starts[usual]
    return last


def _texts(rows: list[Row], first: int, last: int) -> list[int]:
    return [i for i in range(first, last) if rows[i].kind is LineKind.TEXT]


def _begins(rows: list[Row], folded: str, i: int) -> bool:
    """Say whether a row begins a paragraph: what stands above it ends a sentence."""
    for row in reversed(rows[max(0, i - 5) : i]):
        if row.kind in (LineKind.BLANK, LineKind.PAGE):
            continue
        return row.kind is LineKind.UNITS or folded[row.e - 1] in TERMINAL or len(row) < 30
    return True


def _paragraph_starts(rows: list[Row], folded: str, first: int, last: int) -> list[int]:
    return [i for i in _texts(rows, first + 1, last) if _begins(rows, folded, i)]


def _unit_end(rows: list[Row], folded: str, first: int, last: int) -> int | None:
    """Return the row after the last unit list, own-line or in brackets, that a clause has, or None."""
    text, found = "", None
    ends: list[tuple[int, int]] = []
    for i in range(first, last):
        row = rows[i]
        if row.kind is LineKind.UNITS and own_line(folded, row.s, row.e) and not text.endswith("（"):
            found = i + 1
            text, ends = "", []
        elif row.kind in (LineKind.TEXT, LineKind.CLAUSE, LineKind.UNITS) and row.s < row.e:
            text += folded[row.s : row.e]
            ends.append((len(text), i + 1))
    for _, end, _ in bracketed(text):
        found = next((after for reached, after in ends if reached >= end), found)
    return found
