"""Numbered lines → a tree of numbers: which line opens a clause, and below which other clause it stands.

The level of a number comes from where its style first appears and how the styles around it go
on; the usual ranks (GB/T 9704-2012 §7.3.3) decide only where the document itself does not.
"""

from bisect import bisect_right
from dataclasses import dataclass

from ingest.lines import TERMINAL, Row, width
from ingest.model import LineKind
from ingest.numbering import LEGAL, Marker, Style, label

Key = tuple[Style, int]


@dataclass(frozen=True, slots=True)
class Node:
    """A numbered place: the row it opens, its number, the index of the node above it (or None)."""

    row: int
    marker: Marker
    parent: int | None
    inferred: bool = False

    @property
    def key(self) -> Key:
        """Return what makes numbers siblings: the style, and the depth of 1.1.1."""
        return self.marker.style, len(self.marker.path)


class Outliner:
    """Builds the tree of one part; `rows[first:last]` are its lines."""

    def __init__(self, rows: list[Row], folded: str, first: int, last: int, columns: int) -> None:
        self.rows, self.folded, self.columns = rows, folded, columns
        self.first, self.last = first, last
        self.nodes: list[Node] = []
        self.stack: list[int] = []
        self.running: dict[Key, tuple[int, ...]] = {}
        self.dotted: tuple[int, ...] = ()  # the last 1.2.3
        self.above: dict[Key, Key] = {}  # where a style first stood
        self.ahead: dict[Key, list[tuple[int, int]]] = {}
        for i in range(first, last):
            if (m := rows[i].marker) is not None and rows[i].kind in (LineKind.CLAUSE, LineKind.CHAPTER):
                self.ahead.setdefault((m.style, len(m.path)), []).append((i, m.value))

    def build(self) -> list[Node]:
        """Return the nodes in document order; rows whose number is no clause become text."""
        for i in range(self.first, self.last):
            row = self.rows[i]
            if row.marker is None or row.kind not in (LineKind.CLAUSE, LineKind.CHAPTER):
                continue
            if self._plausible(i, row.marker):
                self._add(i, row.marker)
            else:
                row.kind = LineKind.TEXT
        return self.nodes

    def _next(self, key: Key, after: int) -> tuple[int, int] | None:
        """Return (row, value) of the next number of the same style after a row."""
        entries = self.ahead.get(key, [])
        at = bisect_right(entries, (after, 10_000))
        return entries[at] if at < len(entries) else None

    def _plausible(self, i: int, m: Marker) -> bool:
        """Say whether a number is one of a row of numbers, not the chance head of a broken line."""
        key = (m.style, len(m.path))
        if m.style is Style.DOTTED:
            return self._dotted_fits(i, m)
        if m.style is Style.BOX:
            return True
        last = next(
            (self.nodes[n].marker.value for n in reversed(self.stack) if self.nodes[n].key == key), None
        )
        run = self.running.get(key)
        follows = self._next(key, i)
        expected = m.value in (last + 1 if last is not None else -1, run[-1] + 1 if run else -1)
        if expected:
            return True
        goes_on = follows is not None and follows[1] == m.value + 1
        if self._mid_sentence(i):
            return m.value == 1 and goes_on and last is None
        if m.value == 1:
            return m.style is not Style.DECIMAL or goes_on or last is None
        if last is not None and 0 < m.value - last <= 4:
            return True
        if m.style in LEGAL:
            return last is None or goes_on or m.value > last
        if last is not None and m.value == last:
            return True
        return goes_on or (last is None and run is None and m.value <= 3)

    def _dotted_fits(self, i: int, m: Marker) -> bool:
        """Say whether 2.3 follows 2.2, or 2.1 follows 1.x or opens below 2; a heading may skip some."""
        row = self.rows[i]
        last = self.dotted
        heading = len(row) <= 45 and self.folded[row.e - 1] not in "。；，、："
        if heading and last < m.path and m.path[0] <= (last or (0,))[0] + 2:
            return True
        run = [p for (style, _), p in self.running.items() if style is Style.DOTTED]
        if m.path[-1] in (0, 1):
            open_values = {self.nodes[n].marker.value for n in self.stack}
            return not run or m.path[:-1] in run or m.path[0] in open_values or m.path[0] == run[-1][0] + 1
        return any(p[:-1] == m.path[:-1] and 0 < m.path[-1] - p[-1] <= 3 for p in run)

    def _mid_sentence(self, i: int) -> bool:
        """Say whether the line before breaks off in mid-sentence at the print width."""
        for j in range(i - 1, max(self.first, i - 4) - 1, -1):
            row = self.rows[j]
            if row.kind in (LineKind.BLANK, LineKind.PAGE):
                continue
            if row.kind not in (LineKind.TEXT, LineKind.CLAUSE):
                return False
            if self.folded[row.e - 1] in TERMINAL:
                return False
            if self.folded[row.e - 1] in "，、":
                return True
            return bool(self.columns) and width(self.folded, row) >= self.columns - 3
        return False

    def _add(self, i: int, m: Marker) -> None:
        key = (m.style, len(m.path))
        self._climb(i, key, m)
        parent = self.stack[-1] if self.stack else None
        if parent is not None:
            self.above.setdefault(key, self.nodes[parent].key)
        self.nodes.append(Node(i, m, parent))
        self.stack.append(len(self.nodes) - 1)
        self.running[key] = m.path
        if m.style is Style.DOTTED:
            self.dotted = m.path
        if m.style in (Style.BOOK, Style.CHAPTER, Style.HAN) and m.value == 1:
            self.running = {k: v for k, v in self.running.items() if k[0] <= m.style}

    def _climb(self, i: int, key: Key, m: Marker) -> None:
        """Close the open clauses that the new one does not stand in."""
        if m.style is Style.DOTTED:
            self._climb_dotted(m)
            return
        keys = [self.nodes[n].key for n in self.stack]
        if self._heads_articles(key, m, keys):
            self.stack.clear()
            return
        if (
            self.stack
            and keys[-1][0] is Style.BOX
            and key[0] is not Style.BOX
            and m.value == 1
            and key[0] > Style.PAREN_HAN
        ):
            return
        if key in keys:
            places = [n for n, k in enumerate(keys) if k == key]
            fits = [n for n in places if self.nodes[self.stack[n]].marker.value + 1 == m.value]
            del self.stack[(fits or places[:1])[-1] :]
            return
        if key[0] is Style.BOX:
            while self.stack and self.nodes[self.stack[-1]].key[0] > Style.DECIMAL:
                self.stack.pop()
            return
        while self.stack:
            top = self.nodes[self.stack[-1]]
            if self._nested(i, key, m, top):
                return
            self.stack.pop()

    def _heads_articles(self, key: Key, m: Marker, keys: list[Key]) -> bool:
        """Say whether 二、 after 第二条 goes on with the 一、 that stood over 第一条, as chapters do."""
        if key in keys or not keys or keys[0][0] is not Style.ARTICLE or key[0] is Style.ARTICLE:
            return False
        last = next((node for node in reversed(self.nodes) if node.key == key), None)
        return last is not None and last.parent is None and last.marker.value + 1 == m.value

    def _nested(self, i: int, key: Key, m: Marker, top: Node) -> bool:
        """Say whether a new style stands below the open clause `top`."""
        usual = key[0] > top.key[0] and top.key[0] is not Style.BOX
        if key[0] in LEGAL or top.key[0] in LEGAL:
            return usual
        follows = self._next(top.key, i)
        if follows is None or m.value != 1:
            return usual or self.above.get(key) == top.key
        again = self._next(key, i)
        if follows[1] == top.marker.value + 1:
            # The style above goes on after the new one: so the new one stands inside it.
            return usual or again is None or again[0] < follows[0] or len(self.stack) == 1
        return usual

    def _climb_dotted(self, m: Marker) -> None:
        while self.stack:
            top = self.nodes[self.stack[-1]].marker
            if top.style is Style.DOTTED:
                if len(top.path) < len(m.path) and m.path[: len(top.path)] == top.path:
                    return
            elif top.style < Style.DECIMAL or (top.style is Style.DECIMAL and top.value == m.path[0]):
                return
            self.stack.pop()


def locators(nodes: list[Node], part: str) -> list[str]:
    """Return the locator of each node, e.g. 附件2/四/（三）; repeats get #2, #3 in order.

    Articles run through the chapters, so their locator leaves the chapter out; in the main body
    it has no part either (第七条).
    """
    found: list[str] = []
    seen: dict[str, int] = {}
    for node in nodes:
        style = node.marker.style
        if style in LEGAL:
            above = "" if part == "正文" else part
            if style is Style.SECTION and node.parent is not None:
                above = found[node.parent]
        elif node.parent is None:
            above = part
        else:
            above = found[node.parent]
        name = f"{above}/{node.marker.label}" if above else node.marker.label
        seen[name] = seen.get(name, 0) + 1
        found.append(name if seen[name] == 1 else f"{name}#{seen[name]}")
    return found


def inferred_marker(like: Marker, value: int, at: int) -> Marker:
    """Return the marker of a number lost in print, in the style of its neighbour, of no length."""
    return Marker(like.style, (*like.path[:-1], value), label(like.style, value), at, at)
