"""A document's text → a policy: parts, clauses, paragraphs, findings. Bad text never raises."""

from bisect import bisect_right
from dataclasses import replace

from ingest.clauses import CONTENT, assemble
from ingest.closing import closing_row
from ingest.document_number import parse_number
from ingest.fold import fold, fold_stops
from ingest.gaps import check_numbers, infer_lost
from ingest.heading import Heading, read_heading, signature, status_below, title_issuer
from ingest.joining import join
from ingest.lines import Row, print_width, scan
from ingest.model import Annex, Clause, Finding, Line, LineKind, Paragraph, Policy, RawDocument, Span
from ingest.outline import Node, Outliner
from ingest.parts import BODY, Part, split
from ingest.place import jurisdiction
from ingest.tables import Table, find_tables, table_clauses
from ingest.units import extend, own_line


def parse(raw: RawDocument) -> Policy:
    """Return the policy that a document is; what looks wrong in it becomes a finding."""
    text = raw.text
    folded = fold_stops(fold(text))
    rows = scan(folded)
    columns = print_width(rows, folded)
    head = read_heading(rows, text, folded, columns)
    parts = split(rows, text, folded, columns, head.body)
    issuer, date = _signed(rows, text, folded, parts, head)
    clauses: list[Clause] = []
    paragraphs: list[Paragraph] = []
    findings: list[Finding] = list(raw.findings)
    for part in parts:
        found, loose, notes = _read_part(rows, text, folded, columns, part)
        clauses += found
        paragraphs += loose
        findings += notes
    status = head.status
    if not head.title and parts and parts[0].label != BODY:  # the file begins with 附件1
        status = status_below(rows, folded, parts[0].first, parts[0].body)
    title = raw.side.title or _title(head, parts) or raw.title_hint or raw.source
    issuer = raw.side.issuer or issuer
    place, region = jurisdiction(text, title, issuer, clauses, paragraphs)
    place = raw.side.jurisdiction or place
    if not title or title == raw.source:
        findings.append(Finding("note", "title-missing", "没有找到标题，暂用文件名代替"))
    if place is None:
        findings.append(
            Finding(
                "note",
                "jurisdiction-missing",
                "文件本身没有写明适用地区，请在同名 .toml 文件中写 jurisdiction",
            )
        )
    number = head.number
    if raw.side.number:
        number = parse_number(raw.side.number) or number
    return Policy(
        source=raw.side.source or raw.source,
        title=title,
        text=text,
        sha256=raw.sha256,
        number=number,
        issuer=issuer,
        jurisdiction=place,
        date=raw.side.date or date,
        status=raw.side.status or status,
        url=raw.side.url,
        addressees=head.addressees,
        parts=_annexes(parts, rows),
        clauses=tuple(_unique(clauses)),
        paragraphs=tuple(paragraphs),
        lines=tuple(Line(Span(r.start, r.end), r.kind) for r in rows),
        findings=tuple(sorted(findings, key=lambda f: f.span.start if f.span else -1)),
        region=region,
        side=raw.side,
    )


def _title(head: Heading, parts: list[Part]) -> str:
    """Return the document's title: its own, or that of its only annex."""
    if head.title:
        return head.title
    own = [p for p in parts if p.title and (p is parts[0] or p.label == BODY)]
    return own[0].title if own else ""


def _annexes(parts: list[Part], rows: list[Row]) -> tuple[Annex, ...]:
    """Return the parts with their titles; a notice and the document it issues share the label 正文."""
    found: dict[str, Annex] = {}
    for part in parts:
        last = max(part.first, min(part.last, len(rows)) - 1)
        start, title = rows[part.first].start, part.title
        if (before := found.get(part.label)) is not None:
            start, title = before.span.start, before.title or title
        found[part.label] = Annex(part.label, title, Span(start, rows[last].end))
    return tuple(found.values())


def _unique(clauses: list[Clause]) -> list[Clause]:
    """Keep locators unique where two parts bear the same label."""
    seen: dict[str, int] = {}
    out = []
    for clause in clauses:
        seen[clause.locator] = seen.get(clause.locator, 0) + 1
        n = seen[clause.locator]
        out.append(clause if n == 1 else replace(clause, locator=f"{clause.locator}#{n}"))
    return out


def _signed(
    rows: list[Row], text: str, folded: str, parts: list[Part], head: Heading
) -> tuple[str | None, str | None]:
    """Return issuer and date from the head, the signatures and the imprint, the most certain first."""
    _imprint(rows, folded)
    issuer, date = head.issuer, head.date
    title = head.title
    bounds = [(p.body, p.last) for p in parts] or [(0, len(rows))]
    by_name = title_issuer(title)
    for n, (first, last) in enumerate(bounds):
        who, when = signature(rows, text, folded, first, last)
        if n == 0 or last == len(rows):
            issuer = issuer or by_name or who
            date = date or when
    return issuer or by_name, date


def _imprint(rows: list[Row], folded: str) -> None:
    """Class the lines of an imprint (GB/T 9704-2012 §7.4): from 抄送 to the printing date."""
    i = 0
    while i < len(rows):
        if rows[i].kind is not LineKind.IMPRINT:
            i += 1
            continue
        end = i
        for j in range(i + 1, min(len(rows), i + 16)):
            if rows[j].kind is LineKind.ANNEX or rows[j].marker is not None or len(rows[j]) > 80:
                break
            if rows[j].kind in (LineKind.IMPRINT, LineKind.DATE) or (
                rows[j].kind is LineKind.TEXT and j - i <= 2
            ):
                end = j
        for row in rows[i : end + 1]:
            if row.kind in (LineKind.TEXT, LineKind.DATE, LineKind.MARK):
                row.kind = LineKind.IMPRINT
        above = next((r for r in reversed(rows[max(0, i - 3) : i]) if r.kind is not LineKind.BLANK), None)
        printed = "印发" in folded[rows[i].s : rows[i].e]
        if printed and above is not None and above.kind is LineKind.TEXT and len(above) <= 24:
            above.kind = above.kind if folded[above.e - 1] in "。；：" else LineKind.IMPRINT
        i = end + 1


def _read_part(
    rows: list[Row], text: str, folded: str, columns: int, part: Part
) -> tuple[list[Clause], list[Paragraph], list[Finding]]:
    """Read the clauses and the loose paragraphs of one part."""
    tables = find_tables(rows, text, folded, part.body, part.last)
    _loose_rows(rows, tables, part)
    nodes = Outliner(rows, folded, part.body, part.last, columns).build()
    for i in range(part.body, part.last):
        if rows[i].kind is LineKind.UNITS and own_line(folded, rows[i].s, rows[i].e):
            extend(rows, folded, i, part.last, columns)
    nodes, findings = infer_lost(nodes, rows, folded)
    lasts = [n.row for n in nodes[1:]] + [part.last] if nodes else []
    closing = part.last
    if nodes:
        closing = closing_row(nodes, rows, folded, part.last)
        lasts[-1] = closing
    clauses, more = assemble(nodes, rows, text, folded, part.label, lasts, columns)
    findings += more
    findings += check_numbers(nodes, clauses, folded)
    clauses += _tabled(tables, nodes, clauses, rows, text, folded, part.label)
    clauses.sort(key=lambda c: c.span.start)
    first = nodes[0].row if nodes else part.last
    loose = _paragraphs(rows, text, folded, columns, part.label, part.body, first, False)
    if nodes:
        loose += _paragraphs(rows, text, folded, columns, part.label, closing, part.last, True)
    return clauses, loose, findings


def _loose_rows(rows: list[Row], tables: list[Table], part: Part) -> None:
    """Class table lines that are in no table as text, so that nothing printed is lost."""
    held = {i for table in tables for i in table.rows}
    for i in range(part.body, part.last):
        if rows[i].kind is LineKind.TABLE and i not in held:
            rows[i].kind = LineKind.TEXT


def _tabled(
    tables: list[Table],
    nodes: list[Node],
    clauses: list[Clause],
    rows: list[Row],
    text: str,
    folded: str,
    label: str,
) -> list[Clause]:
    """Return the clauses of a part's tables, each table below the clause that it stands in.

    A table has the number that is printed above it, or else its place in the clause.
    """
    found: list[Clause] = []
    counts: dict[str, int] = {}
    starts = [n.row for n in nodes]
    for table in tables:
        at = bisect_right(starts, table.rows[0]) - 1
        owner = clauses[at].locator if at >= 0 else ""
        counts[owner] = table.number or counts.get(owner, 0) + 1
        found += table_clauses(table, rows, text, folded, owner or label, bool(owner), counts[owner])
    return found


def _paragraphs(
    rows: list[Row], text: str, folded: str, columns: int, label: str, first: int, last: int, closing: bool
) -> list[Paragraph]:
    """Return the running text of rows that stand in no clause, a paragraph each."""
    segments = [(r.s, r.e, r) for r in rows[first:last] if r.kind in CONTENT and r.s < r.e]
    found: list[Paragraph] = []
    joined = join(segments, folded, columns)
    at = 0
    while at < len(joined.text):
        stop = joined.text.find("\n", at)
        stop = len(joined.text) if stop < 0 else stop
        pieces = tuple(Span(a, b) for a, b in joined.places(at, stop))
        if pieces:
            found.append(Paragraph("".join(p.of(text) for p in pieces), pieces, label, closing))
        at = stop + 1
    return found
