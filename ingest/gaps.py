"""Numbers lost, left out or repeated: inferred where the document leaves one answer, else reported."""

import re
from dataclasses import replace

from ingest.lexicon import patterns
from ingest.lines import TERMINAL, Row
from ingest.model import Clause, Finding, LineKind, Span
from ingest.numbering import LEGAL, Marker, Style, label
from ingest.outline import Key, Node, inferred_marker

_LONGEST_TITLE = 30


def infer_lost(nodes: list[Node], rows: list[Row], folded: str) -> tuple[list[Node], list[Finding]]:
    """Put back numbers that print lost between two that stand (14, —, 16).

    A number is put back only where exactly as many paragraphs look like clauses of their own as
    numbers are missing. Returns the nodes, new ones marked as inferred, and a finding for each.
    """
    findings: list[Finding] = []
    out: list[Node] = []
    moved: dict[int, int] = {}
    for k, node in enumerate(nodes):
        parent = moved[node.parent] if node.parent is not None else None
        moved[k] = len(out)
        out.append(replace(node, parent=parent))
        follower = _follower(nodes, k)
        if follower is None or node.marker.style in (Style.DOTTED, Style.BOX):
            continue
        missing = nodes[follower].marker.value - node.marker.value - 1
        if not 1 <= missing <= 3:
            continue
        # Only the lines right before the follower are searched: those of the last clause below `node`.
        if follower != k + 1:
            continue
        places = _candidates(node, rows, folded, nodes[follower].row)
        if len(places) != missing:
            continue
        for n, row in enumerate(places):
            value = node.marker.value + 1 + n
            out.append(Node(row, inferred_marker(node.marker, value, rows[row].s), parent, True))
            message = f"序号“{label(node.marker.style, value)}”印刷时脱落，按前后序号补出"
            findings.append(Finding("warning", "number-inferred", message, Span(rows[row].s, rows[row].e)))
    return out, findings


def _follower(nodes: list[Node], k: int) -> int | None:
    """Return the next sibling of a node, or the number that runs on under the next heading."""
    node = nodes[k]
    for j in range(k + 1, len(nodes)):
        other = nodes[j]
        if other.key == node.key:
            return j
        if other.parent is None and other.key[0] < node.key[0] and node.parent is None:
            return None
    return None


def _candidates(node: Node, rows: list[Row], folded: str, last: int) -> list[int]:
    """Return the rows inside a clause that look like the beginning of another clause."""
    found: list[int] = []
    after_units = False
    has_units = any(r.kind is LineKind.UNITS for r in rows[node.row : last])
    previous = rows[node.row]
    for i in range(node.row + 1, last):
        row = rows[i]
        if row.kind is LineKind.UNITS:
            after_units = True
            continue
        if row.kind is not LineKind.TEXT:
            continue
        opens = (after_units or not has_units) and folded[previous.e - 1] in TERMINAL
        if after_units and not _is_rest(folded[row.s : row.e]):
            opens = True
        if opens and _titled(folded[row.s : row.e]):
            found.append(i)
            after_units = False
        previous = row
    return found


def _is_rest(line: str) -> bool:
    """Say whether a line may be the rest of a broken unit list."""
    return "。" not in line and patterns().unit_end.search(line) is not None


def _titled(line: str) -> bool:
    """Say whether a line begins with a title: 标题。正文, or a short line without a full stop."""
    stop = line.find("。")
    if stop < 0:
        return 4 <= len(line) <= _LONGEST_TITLE and not any(c in line for c in "，；：、")
    head = line[:stop]
    return 4 <= len(head) <= _LONGEST_TITLE and stop + 10 < len(line) and not any(c in head for c in "；：，")


def check_numbers(nodes: list[Node], clauses: list[Clause], folded: str) -> list[Finding]:
    """Return findings for numbers that are missing between siblings (or along a running row of numbers).

    A number that stands within a line, behind the end of a sentence, is not lost: it is told as such.
    """
    findings: list[Finding] = []
    last: dict[tuple[Key, int | None], int] = {}
    running: dict[Key, int] = {}
    for node, clause in zip(nodes, clauses, strict=True):
        m = node.marker
        if m.style in (Style.DOTTED, Style.BOX):
            continue
        group = (node.key, None if m.style is Style.ARTICLE else node.parent)
        before, run = last.get(group), running.get(node.key)
        expected = [n + 1 for n in (before, run) if n is not None] or [1]
        if before is None:
            expected.append(1)
        if m.value not in expected and not (before is not None and m.value <= before):
            base = before if before is not None else (run or 0)
            if m.value > base + 1 and (before is not None or m.style not in LEGAL):
                begin = _begin(nodes, node, before)
                lost = [v for v in range(base + 1, min(m.value, base + 6)) if v > 0]
                findings += _told(m, lost, folded[begin : m.start], begin, clause.locator)
        last[group] = running[node.key] = m.value
    return findings


def _begin(nodes: list[Node], node: Node, before: int | None) -> int:
    """Return where the sibling before a node begins, else the clause above it, else a little further up."""
    if before is None:
        above = nodes[node.parent].marker.end if node.parent is not None else 0
        return max(above, node.marker.start - 1000)
    same = (other for other in nodes if (other.key, other.parent) == (node.key, node.parent))
    begins = [other.marker.end for other in same if other.marker.value == before]
    return max((end for end in begins if end <= node.marker.start), default=node.marker.start)


def _told(m: Marker, lost: list[int], between: str, begin: int, locator: str) -> list[Finding]:
    """Return one finding for the numbers that are lost, and one for each that stands within a line."""
    gone, found = [], []
    for value in lost:
        name = label(m.style, value)
        tail = "" if name[-1] in "）)条章节" else r"[.、．]"
        # A number in brackets may follow a word (…可控（八）明确…) unless it is pointed at (第（八）项).
        head = r"(?<![第条款至和及、])" if name[-1] in "）)" else "(?<=[。；：！？，）” ])"
        inline = list(re.finditer(rf"{head}{re.escape(name)}{tail}(?![\d项目条款、和至及])", between))
        if not inline:
            gone.append(name)
            continue
        where = Span(begin + inline[-1].start(), begin + inline[-1].end())
        message = f"序号“{name}”没有另起一行，这一条并入了上文"
        found.append(Finding("note", "number-inline", message, where))
    if gone:
        where = Span(m.start, max(m.end, m.start + 1))
        found.append(Finding("warning", "number-gap", f"{locator} 之前缺少序号：{'、'.join(gone)}", where))
    return found
