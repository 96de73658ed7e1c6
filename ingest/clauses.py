"""Numbers and lines → clauses: title, running text with its pieces, unit lists, findings."""

from dataclasses import dataclass

from ingest.joining import Joined, join, repeats
from ingest.lexicon import patterns
from ingest.lines import TERMINAL, Row, width
from ingest.model import Clause, Finding, LineKind, Span
from ingest.numbering import LEGAL
from ingest.outline import Node, locators
from ingest.tails import find_tails, tails_of
from ingest.titleblock import title_text
from ingest.titles import Guess, Look, guess, settle
from ingest.units import bracketed, labelled, own_line, run_end

Segment = tuple[int, int, Row]
CONTENT = frozenset({LineKind.TEXT, LineKind.CLAUSE, LineKind.CHAPTER, LineKind.NUMBER, LineKind.MARK})


@dataclass(frozen=True, slots=True)
class Draft:
    """A clause while its siblings are still to vote on titles."""

    node: Node
    joined: Joined
    segments: tuple[Segment, ...]
    own_units: tuple[Span, ...]
    guess: Guess
    end: int


def draft(
    node: Node,
    rows: list[Row],
    folded: str,
    last: int,
    columns: int,
    has_children: bool,
    after: tuple[int, int] = (0, 0),
) -> Draft:
    """Collect the lines of a clause up to row `last`, and guess its title.

    `after` bounds the rows below its sub-clauses that belong to the clause itself again.
    """
    segments: list[Segment] = []
    own: list[Span] = []
    end = rows[node.row].e
    i = node.row
    while i < max(last, after[1]):
        if i == last and after[0] > last:
            i = after[0]
        row = rows[i]
        start = node.marker.end if i == node.row else row.s
        opened = bool(segments) and folded[segments[-1][1] - 1] == "（"
        labelled_line = row.kind is LineKind.UNITS and patterns().unit_line.match(folded, row.s, row.e)
        if labelled_line and i != node.row and own_line(folded, row.s, row.e) and not opened:
            stop = run_end(rows, folded, i, last if i < last else after[1])
            own += _unit_spans(rows[i:stop], folded, segments)
            end = max(end, own[-1].end if own else end, max(r.e for r in rows[i:stop]))
            i = stop
            continue
        if (row.kind in CONTENT or row.kind is LineKind.UNITS) and (start < row.e):
            segments.append((start, row.e, row))
            end = row.e
        i += 1
    joined = join(segments, folded, columns)
    first = _first_paragraph(segments, folded, columns)
    more = has_children or bool(joined.text[first:].strip())
    first = _without_bracket(joined.text, first)
    look = guess(joined.text, first, node.marker.style, more)
    return Draft(node, joined, tuple(segments), tuple(own), look, end)


def _without_bracket(text: str, first: int) -> int:
    """Return the length of a first paragraph without the unit bracket that a heading may end in."""
    if text[first - 1 : first] not in ("）", "。") or "（" not in text[:first]:
        return first
    for start, end, _ in bracketed(text):
        if 0 < start < first <= end + 1 and "。" not in text[:start]:
            return start
    return first


def _unit_spans(rows: list[Row], folded: str, segments: list[Segment]) -> list[Span]:
    """Return the spans of own-line unit lists; what is no unit list in them (完成时限：…) becomes text."""
    used = [r for r in rows if r.kind is LineKind.UNITS]
    start, end = used[0].s, used[-1].e
    printed = folded[start:end]
    parts = labelled(printed)
    stop = parts[-1][1] if parts else 0
    if (other := patterns().other_label.search(printed, stop)) is not None:
        segments.append((start + other.start(), end, used[-1]))
    return [Span(start + a, start + b) for a, b in parts]


def _first_paragraph(segments: list[Segment], folded: str, columns: int) -> int:
    """Return the length, in joined text, of a clause's first printed paragraph."""
    length = 0
    for n, (start, end, row) in enumerate(segments):
        length += end - start
        if start == end:
            continue
        full = bool(columns) and width(folded, row) >= 0.85 * columns
        broken = not columns and end - start > 45 and folded[end - 1] not in TERMINAL
        if not (full or broken) or folded[end - 1] in "。；：" or n + 1 == len(segments):
            break
        if segments[n + 1][2].kind is not LineKind.TEXT:
            break
    return length


def assemble(
    nodes: list[Node], rows: list[Row], text: str, folded: str, part: str, lasts: list[int], columns: int
) -> tuple[list[Clause], list[Finding]]:
    """Return the clauses of a part; `lasts` gives for each node the row where its own content ends."""
    parents = {n.parent for n in nodes}
    tails = find_tails(nodes, rows, folded, lasts)
    drafts = [
        draft(
            n,
            rows,
            folded,
            tails.get(k, (lasts[k], lasts[k]))[0],
            columns,
            k in parents,
            tails_of(tails, nodes, k),
        )
        for k, n in enumerate(nodes)
    ]
    guesses = _vote(drafts, parents)
    names = locators(nodes, part)
    clauses, findings = [], []
    for k, (d, g) in enumerate(zip(drafts, guesses, strict=True)):
        above = names[parent] if (parent := d.node.parent) is not None else None
        clauses.append(_clause(d, g, text, names[k], above))
        findings += repeats(list(d.segments), folded, columns)
        if "#" in names[k].rsplit("/", 1)[-1]:
            where = Span(d.node.marker.start, max(d.node.marker.end, d.node.marker.start + 1))
            findings.append(Finding("warning", "number-repeat", f"序号重复：{names[k].split('#')[0]}", where))
    return clauses, findings


def _vote(drafts: list[Draft], parents: set[int | None]) -> list[Guess]:
    """Settle titles among siblings; articles vote across chapters."""
    groups: dict[tuple[object, ...], list[int]] = {}
    for k, d in enumerate(drafts):
        parent = None if d.node.marker.style in LEGAL else d.node.parent
        groups.setdefault((d.node.key, parent), []).append(k)
    settled = [d.guess for d in drafts]
    for (key, _), members in groups.items():
        style = drafts[members[0]].node.marker.style
        del key
        for k, g in zip(
            members,
            settle([drafts[m].guess for m in members], style, [m not in parents for m in members]),
            strict=True,
        ):
            settled[k] = g
    return settled


def _clause(d: Draft, g: Guess, text: str, locator: str, parent: str | None) -> Clause:
    """Write out one clause."""
    joined = d.joined
    ranges: list[tuple[int, int]] = []
    title, title_span = "", None
    if g.look is not Look.NONE and g.end > g.start:
        spans = [Span(a, b) for a, b in joined.places(g.start, g.end)]
        if spans:
            title_span = Span(spans[0].start, spans[-1].end)
            title = title_text("".join(s.of(text) for s in spans)).rstrip("。．.：: ")
            ranges.append((0, g.after))
    units: list[Span] = list(d.own_units)
    for start, end, parts in bracketed(joined.text):
        if start < g.after and ranges:
            continue
        close = (
            end + 1
            if joined.text[end : end + 1] == "。" and joined.text[start - 1 : start] in ("。", "；")
            else end
        )
        ranges.append((start, close))
        units += [joined.span(a, b) for a, b in parts if a < b]
    pieces = joined.cut(ranges)
    start = d.node.marker.start
    return Clause(
        locator=locator,
        number=text[start : d.node.marker.end].strip() or d.node.marker.label,
        title=title,
        span=Span(start, max(d.end, d.node.marker.end)),
        title_span=title_span,
        text="".join(p.of(text) for p in pieces),
        pieces=pieces,
        units=tuple(sorted(units)),
        parent=parent,
        inferred=d.node.inferred,
    )
