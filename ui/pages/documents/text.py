"""The text of a document as HTML: word for word, its clauses under their locators, its facts marked.

What is not the document's own (tools, notes, gists) stands in elements of the class ``zw-aid``, the bars
between the cells of a table are kept out of sight: all the rest, put together, is the document's text.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Sequence
from html import escape

from graph.facts import Record
from graph.marking import Mark, Run, marks, runs
from graph.printed import Block, blocks
from ingest.fold import fold
from ingest.model import Clause, Line, LineKind, Span
from ingest.tables import cell_places
from ui import words
from ui.pages import ways
from ui.pages.documents.facts import classes, told, word
from ui.pages.ways import anchor, document

_LATIN = re.compile(r"[A-Za-z0-9,.;:]")
_ROW = re.compile(r".*/行[^/]*")


def article(record: Record, guided: Collection[str]) -> str:
    """Return the whole text; clauses in `guided` (locators) get a link to their application guide."""
    return "".join(_Writer(record, guided).parts())


class _Writer:
    def __init__(self, record: Record, guided: Collection[str]) -> None:
        self._policy, self._text = record.policy, record.policy.text
        self._guided = guided
        self._gists = {gist.locator: gist.text for gist in record.gists}
        self._runs = runs(marks(record), len(self._text))
        self._ends = [run.end for run in self._runs]
        self._depths = _depths(record.policy.clauses)
        self._titles = {part.label: part.title for part in record.policy.parts}
        self._strong = {c.locator: _opening(c, self._text) for c in record.policy.clauses}
        self._said: set[tuple[str, str]] = set()  # words of units told in this block

    def parts(self) -> Iterator[str]:
        part: str | None = None
        clause: Clause | None = None
        seen: set[str] = set()
        for block in blocks(self._policy):
            if block.part != part:
                yield self._closed(clause) + ("</section>" if part is not None else "")
                part, clause = block.part, None
                yield self._part(part, first=part not in seen)
                seen.add(part)
            opened = block.opens[0] if block.kind == "table" and block.opens else block.clause
            if block.opens or opened is not clause:
                yield self._closed(clause)
                clause = opened
                yield self._opened(clause, begins=bool(block.opens)) if clause else ""
            yield self._block(block)
        yield self._closed(clause) + ("</section>" if part is not None else "")

    def _part(self, label: str, *, first: bool) -> str:
        name = f"{label} {self._titles.get(label, '')}".strip() or "正文"
        place = f' id="{escape(label)}"' if first and label else ""
        head = f'<h2 class="zw-unseen zw-aid">{escape(name)}</h2>' if first else ""
        return f'<section class="zw-part"{place}>{head}'

    def _opened(self, clause: Clause, *, begins: bool) -> str:
        depth = min(self._depths[clause.locator], 4)
        if not begins or _ROW.fullmatch(clause.locator):
            return f'<div class="zw-clause zw-d{depth}">'
        return (
            f'<div class="zw-clause zw-d{depth}" id="{escape(clause.locator)}" tabindex="-1">'
            f"{tools(self._policy.source, clause.locator, self._guided, inferred=clause.inferred)}"
        )

    def _closed(self, clause: Clause | None) -> str:
        if clause is None:
            return ""
        gist = self._gists.pop(clause.locator, "")
        return (gist_html(gist) if gist else "") + "</div>"

    def _block(self, block: Block) -> str:
        self._said.clear()
        if block.kind == "table":
            return self._table(block)
        strong = self._strong[block.opens[-1].locator] if block.opens else None
        body = self._lines(block.lines, strong)
        if block.kind == "heading" and block.opens:
            level = min(self._depths[block.opens[-1].locator] + 2, 6)
            return f'<h{level} class="zw-heading">{body}</h{level}>'
        return f'<p class="zw-{block.kind}">{body}</p>'

    def _lines(self, lines: Sequence[Line], strong: Span | None) -> str:
        """Return the lines of one paragraph; a mark that print broke goes on in the next line."""
        ink = _Ink(self)
        for n, line in enumerate(lines):
            start, end = _stripped(self._text, line.span)
            if n > 0:
                latin = self._latin(lines[n - 1].span.end - 1) and self._latin(start)
                ink.raw(f'{" " if latin else ""}<br class="zw-br">')
            if line.kind is LineKind.PAGE:
                ink.raw(f'<span class="zw-pageno">{escape(self._text[start:end], quote=False)}</span>')
            else:
                ink.write(start, end, strong)
        return ink.close()

    def _latin(self, at: int) -> bool:
        return _LATIN.match(self._text, at) is not None

    def between(self, start: int, end: int, strong: Span | None) -> Iterator[Run]:
        """Yield the runs within a range, cut at the end of the bold opening too."""
        at = bisect_right(self._ends, start)
        last = bisect_left(self._ends, end)
        for run in self._runs[at : last + 1]:
            a, b = max(run.start, start), min(run.end, end)
            if strong and a < strong.end < b:
                yield Run(a, strong.end, run.marks)
                a = strong.end
            if a < b:
                yield Run(a, b, run.marks)

    def opening(self, mark: Mark | None, stack: Sequence[Mark | None]) -> str:
        """Return the tag that opens a mark within those that are open."""
        if mark is None:
            return "<strong>"
        said = word(mark)
        shown = said
        if mark.kind == "unit":  # in a list of units the word stands at the first of each role
            key = ("unit", said)
            shown = "" if key in self._said else said
            self._said.add(key)
        given = f'class="{classes(mark)}" data-word="{escape(shown)}" aria-description="{escape(told(mark))}"'
        if _leads(mark, stack):
            return f'<a {given} href="{escape(document(getattr(mark.fact, "target", "") or ""))}">'
        return f'<mark {given} tabindex="0">'

    def escaped(self, run: Run) -> str:
        """Return the characters of a run."""
        return escape(self._text[run.start : run.end], quote=False)

    def _table(self, block: Block) -> str:
        begins = {clause.span.start: clause for clause in block.opens}  # of two, the row inside the table
        done, in_head = ["<table>"], any(_ROW.fullmatch(clause.locator) for clause in block.opens)
        done.append("<thead>" if in_head else "<tbody>")
        for line in block.lines:
            row = next((c for at, c in begins.items() if line.span.start <= at < line.span.end), None)
            is_row = row is not None and _ROW.fullmatch(row.locator) is not None
            if is_row and in_head:
                done.append("</thead><tbody>")
                in_head = False
            place = f' id="{escape(row.locator)}"' if row is not None and is_row else ""
            done.append(f"<tr{place}>{self._cells(line, 'th' if in_head else 'td')}</tr>")
        done.append("</thead>" if in_head else "</tbody>")
        return (
            f'<div class="zw-scroll" tabindex="0" role="region" aria-label="表">{"".join(done)}</table></div>'
        )

    def _cells(self, line: Line, tag: str) -> str:
        if line.kind is LineKind.PAGE:
            return f'<td colspan="20">{self._lines((line,), None)}</td>'
        text = fold(line.span.of(self._text))
        places = cell_places(text)
        edges = [0, *(start for start, _ in places[1:]), len(text)]
        done = []
        for (start, end), left, right in zip(places, edges, edges[1:], strict=False):
            offset = line.span.start
            before = self._text[offset + left : offset + start].strip() if left < start else ""
            after = self._text[offset + end : offset + right].strip()
            body = _bar(before) + self._cell(offset + start, offset + end) + _bar(after)
            done.append(f"<{tag}>{body}</{tag}>")
        return "".join(done)

    def _cell(self, start: int, end: int) -> str:
        ink = _Ink(self)
        ink.write(start, end, None)
        return ink.close()


class _Ink:
    """Writes the runs of a paragraph: elements stay open from one line to the next, and close in order."""

    def __init__(self, writer: _Writer) -> None:
        self._writer = writer
        self._done: list[str] = []
        self._stack: list[Mark | None] = []  # None stands for the bold opening

    def raw(self, html: str) -> None:
        """Write what is markup already, within whatever is open."""
        self._done.append(html)

    def write(self, start: int, end: int, strong: Span | None) -> None:
        """Write ``text[start:end]`` escaped, with its marks, and number and title in bold."""
        for run in self._writer.between(start, end, strong):
            bold = strong is not None and strong.start <= run.start < strong.end
            wanted: list[Mark | None] = [*([None] if bold else []), *run.marks]
            pairs = zip(self._stack, wanted, strict=False)
            same = next(
                (n for n, (a, b) in enumerate(pairs) if a is not b), min(len(self._stack), len(wanted))
            )
            self._close_to(same)
            for mark in wanted[same:]:
                self._done.append(self._writer.opening(mark, self._stack))
                self._stack.append(mark)
            self.raw(self._writer.escaped(run))

    def close(self) -> str:
        """Close what is open and return all."""
        self._close_to(0)
        return "".join(self._done)

    def _close_to(self, depth: int) -> None:
        while len(self._stack) > depth:
            self._done.append(_close(self._stack.pop(), self._stack))


def tools(source: str, locator: str, guided: Collection[str], *, inferred: bool = False) -> str:
    """Return what can be done with a clause: copy its address, open its guide where there is one."""
    where, guide = escape(locator), ""
    if locator in guided:
        address = escape(ways.guide(source, locator))
        guide = f'<a class="zw-guide" href="{address}" aria-label="申报指南：{where}">申报指南</a>'
    told_of = '<span class="zw-inferred">序号为推断</span>' if inferred else ""
    given = f'class="zw-link" href="{escape(anchor(locator))}" aria-label="复制链接：{where}"'
    link = f"<a {given}><span>复制</span>链接</a>"
    return f'<span class="zw-aid zw-tools">{told_of}{link}{guide}</span>'


def gist_html(gist: str) -> str:
    """Return an editor's words on a clause, told apart from the document's."""
    return f'<p class="zw-aid zw-gist"><span class="zw-tag">{words.GIST}</span>{escape(gist)}</p>'


def _bar(between: str) -> str:
    return f'<span class="zw-unseen" aria-hidden="true">{escape(between)}</span>' if between else ""


def _leads(mark: Mark, stack: Sequence[Mark | None]) -> bool:
    """Say whether a mark is a link; a link within a link is none."""
    target = getattr(mark.fact, "target", None)
    return bool(target) and not any(m is not None and getattr(m.fact, "target", None) for m in stack)


def _close(mark: Mark | None, stack: Sequence[Mark | None]) -> str:
    if mark is None:
        return "</strong>"
    return "</a>" if _leads(mark, stack) else "</mark>"


def _opening(clause: Clause, text: str) -> Span | None:
    """Return the place of a clause's number and title, which are told apart from its text."""
    end = clause.span.start
    if text.startswith(clause.number, clause.span.start):
        end += len(clause.number)
    if clause.title_span:
        end = max(end, clause.title_span.end)
    return Span(clause.span.start, end) if end > clause.span.start else None


def _depths(clauses: Sequence[Clause]) -> dict[str, int]:
    depths: dict[str, int] = {}
    for clause in clauses:
        depths[clause.locator] = depths.get(clause.parent or "", 0) + 1
    return depths


def _stripped(text: str, span: Span) -> tuple[int, int]:
    printed = span.of(text)
    left = len(printed) - len(printed.lstrip())
    return span.start + left, max(span.start + left, span.start + len(printed.rstrip()))
