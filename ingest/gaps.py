"""Numbers lost, left out or repeated: inferred where the document leaves one answer, else reported."""

from dataclasses import replace

from ingest.lexicon import patterns
from ingest.lines import TERMINAL, Row
from ingest.model import Clause, Finding, LineKind, Span
from ingest.numbering import LEGAL, Style, label
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


def check_numbers(nodes: list[Node], clauses: list[Clause]) -> list[Finding]:
    """Return findings for numbers that are missing between siblings (or along a running row of numbers)."""
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
            lost = "、".join(label(m.style, v) for v in range(base + 1, min(m.value, base + 6)) if v > 0)
            if m.value > base + 1 and lost and (before is not None or m.style not in LEGAL):
                where = Span(m.start, max(m.end, m.start + 1))
                findings.append(
                    Finding("warning", "number-gap", f"{clause.locator} 之前缺少序号：{lost}", where)
                )
        last[group] = running[node.key] = m.value
    return findings
