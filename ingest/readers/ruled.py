"""Ruled tables on printed pages: from the lines that are drawn to cells, and from cells to rows of text.

A cell's text stands on several print lines; without the rules the lines of neighbouring cells run
into each other, and their figures with them.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Protocol, TypeVar

from ingest.readers.layout import PrintLine

_NEAR = 2.5  # points: print and scanning move a line by so much
_OPEN = 10.0  # a table without outer rules reaches so far beyond its inner ones
_MAX_CELLS = 20_000
_LONG = 600  # a cell of more characters lays a page out, it is no table's


@dataclass(frozen=True, slots=True)
class Rule:
    """A drawn line, level or upright, in points from the lower left of the page."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def level(self) -> bool:
        """The line lies."""
        return abs(self.x1 - self.x0) >= abs(self.y1 - self.y0)


class Boxed(Protocol):
    """A character or piece of print with its box."""

    @property
    def left(self) -> float: ...  # noqa: D102
    @property
    def right(self) -> float: ...  # noqa: D102
    @property
    def top(self) -> float: ...  # noqa: D102
    @property
    def bottom(self) -> float: ...  # noqa: D102


T = TypeVar("T", bound=Boxed)


@dataclass(frozen=True, slots=True)
class _Stroke:
    """Rules on one line put together: where it lies across, and from where to where it runs."""

    at: float
    first: float
    last: float

    def covers(self, at: float, along: float) -> bool:
        return abs(self.at - at) <= _NEAR and self.first - _NEAR <= along <= self.last + _NEAR


class Grid:
    """One ruled table: columns from left to right, rows from top to bottom, cells joined where no rule is."""

    def __init__(self, level: Sequence[_Stroke], upright: Sequence[_Stroke]) -> None:
        self.xs = _edges(upright, level)
        self.ys = _edges(level, upright)[::-1]
        self.rows, self.columns = len(self.ys) - 1, len(self.xs) - 1
        self._cell = {(i, j): (i, j) for i in range(self.rows) for j in range(self.columns)}
        for i in range(self.rows):
            middle = (self.ys[i] + self.ys[i + 1]) / 2
            for j in range(self.columns - 1):
                if not any(s.covers(self.xs[j + 1], middle) for s in upright):
                    self._join((i, j), (i, j + 1))
        for j in range(self.columns):
            middle = (self.xs[j] + self.xs[j + 1]) / 2
            for i in range(self.rows - 1):
                if not any(s.covers(self.ys[i + 1], middle) for s in level):
                    self._join((i, j), (i + 1, j))

    def _join(self, one: tuple[int, int], other: tuple[int, int]) -> None:
        a, b = sorted((self._root(one), self._root(other)))
        self._cell[b] = a

    def _root(self, cell: tuple[int, int]) -> tuple[int, int]:
        while self._cell[cell] != cell:
            cell = self._cell[cell]
        return cell

    def place(self, item: Boxed) -> tuple[int, int] | None:
        """Return the cell that the middle of an item lies in, or None outside the table."""
        x, y = (item.left + item.right) / 2, (item.top + item.bottom) / 2
        i = bisect_right([-edge for edge in self.ys], -y) - 1
        j = bisect_right(self.xs, x) - 1
        return self._root((i, j)) if 0 <= i < self.rows and 0 <= j < self.columns else None

    def parting(self, item: Boxed) -> list[float]:
        """Return where cells part that an item lies over, from left to right."""
        y = (item.top + item.bottom) / 2
        i = bisect_right([-edge for edge in self.ys], -y) - 1
        if not 0 <= i < self.rows:
            return []
        return [
            self.xs[j]
            for j in range(1, self.columns)
            if item.left < self.xs[j] < item.right and self._root((i, j - 1)) != self._root((i, j))
        ]

    def lines(self, texts: dict[tuple[int, int], tuple[str, float]]) -> Iterator[PrintLine]:
        """Yield the table's rows, cells parted by tabulators; `texts` gives text and confidence by cell.

        A cell over several rows stands in each, one over several columns in the first of them, as
        in tables of Word and of web pages.
        """
        before: list[tuple[int, int]] = []
        for i in range(self.rows):
            roots = [self._root((i, j)) for j in range(self.columns)]
            if roots == before:
                continue
            before = roots
            cells = [
                "" if j and roots[j - 1] == root else texts.get(root, ("", 1.0))[0]
                for j, root in enumerate(roots)
            ]
            while cells and not cells[-1]:
                cells.pop()
            if any(cells):
                sure = min(texts[root][1] for root in roots if root in texts)
                yield PrintLine(
                    "\t".join(cells), self.xs[0], self.xs[-1], self.ys[i], self.ys[i + 1], 1, sure, whole=True
                )


def with_tables(
    items: Sequence[T], rules: Sequence[Rule], read: Callable[[Sequence[T]], list[list[PrintLine]]]
) -> list[list[PrintLine]]:
    """Return the rows of a page, those of its ruled tables cell by cell; `read` makes rows of items."""
    rest = list(items)
    tabled: list[list[PrintLine]] = []
    for grid in grids(rules):
        inside: dict[tuple[int, int], list[T]] = {}
        outside: list[T] = []
        for item in rest:
            cell = grid.place(item)
            if cell is None:
                outside.append(item)
            else:
                inside.setdefault(cell, []).append(item)
        texts = {cell: _text(read(held)) for cell, held in inside.items()}
        if len(texts) > 1 and all(len(text) <= _LONG for text, _ in texts.values()):
            rest = outside
            tabled += [[line] for line in grid.lines(texts)]
    if not tabled:
        return read(rest)
    return sorted([*read(rest), *tabled], key=lambda row: -row[0].top)


def _text(rows: list[list[PrintLine]]) -> tuple[str, float]:
    """Return what stands in a cell, its print lines joined, and how sure it is."""
    text = ""
    for row in rows:
        for piece in row:
            latin = text[-1:].isascii() and text[-1:].isalpha() and piece.text[:1].isascii()
            text += (" " if latin and piece.text[:1].isalpha() else "") + piece.text
    return " ".join(text.split()), min((p.confidence for row in rows for p in row), default=1.0)


def grids(rules: Sequence[Rule]) -> list[Grid]:
    """Return the tables that the rules of a page make: two columns at least."""
    level = _strokes([(r.y0 + r.y1) / 2, *sorted((r.x0, r.x1))] for r in rules if r.level)
    upright = _strokes([(r.x0 + r.x1) / 2, *sorted((r.y0, r.y1))] for r in rules if not r.level)
    if len(level) * len(upright) > _MAX_CELLS:  # a drawing
        return []
    left = set(range(len(level)))
    found: list[Grid] = []
    while left:
        lying, standing = {left.pop()}, set[int]()
        grown = True
        while grown:
            more = {
                n
                for n, v in enumerate(upright)
                if n not in standing and any(_cross(level[h], v) for h in lying)
            }
            standing |= more
            others = {h for h in left if any(_cross(level[h], upright[n]) for n in standing)}
            left -= others
            lying |= others
            grown = bool(more or others)
        if len(lying) < 2 or not standing:
            continue
        chosen = [level[h] for h in lying], [upright[n] for n in standing]
        grid = Grid(*chosen)
        if grid.columns > 1 and grid.rows:
            found.append(grid)
    return found


def _cross(level: _Stroke, upright: _Stroke) -> bool:
    return (
        level.first - _NEAR <= upright.at <= level.last + _NEAR
        and upright.first - _NEAR <= level.at <= upright.last + _NEAR
    )


def _strokes(rules: Iterable[list[float]]) -> list[_Stroke]:
    """Put together the pieces that lie on one line and touch."""
    found: list[_Stroke] = []
    for at, first, last in sorted(rules):
        near = takewhile(lambda n: at - found[n].at <= _NEAR, reversed(range(len(found))))  # noqa: B023
        touched = next(
            (n for n in near if first <= found[n].last + _NEAR and last >= found[n].first - _NEAR), None
        )
        if touched is None:
            found.append(_Stroke(at, first, last))
        else:
            old = found[touched]
            found[touched] = _Stroke(old.at, min(old.first, first), max(old.last, last))
    return [s for s in found if s.last - s.first > 2 * _NEAR]


def _edges(strokes: Sequence[_Stroke], across: Sequence[_Stroke]) -> list[float]:
    """Return where the columns (or rows) part: at the strokes, and where those across end beyond them."""
    edges: list[float] = []
    for at in sorted(s.at for s in strokes):
        if not edges or at - edges[-1] > 2 * _NEAR:
            edges.append(at)
    first, last = min(s.first for s in across), max(s.last for s in across)
    if edges[0] - first > _OPEN:
        edges.insert(0, first)
    if last - edges[-1] > _OPEN:
        edges.append(last)
    return edges
