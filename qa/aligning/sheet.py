"""Two or three documents measure by measure: rows with their state, what is marked, what changed."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from graph.storage.generations import Generation
from qa.aligning.align import align, sides
from qa.aligning.changes import Change, figures, units
from qa.aligning.differing import Own, Run, marks, runs
from qa.aligning.pieces import Piece, Side
from qa.text import display

State = Literal["same", "different", "only"]


@dataclass(frozen=True, slots=True)
class Cell:
    """A clause in a row, its text cut into runs."""

    piece: Piece
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One measure; `cells` has the clauses of each document, none where it does not have the measure.

    `same`: in words and units among those that have it, but for each place's own name; `only`: in one
    document alone. `apart`: the wordings share so little that no words are marked.
    """

    cells: tuple[tuple[Cell, ...], ...]
    state: State
    changes: tuple[Change, ...]
    apart: bool = False

    @property
    def missing(self) -> tuple[int, ...]:
        """The documents that do not have the measure."""
        return tuple(at for at, cells in enumerate(self.cells) if not cells)

    @property
    def kinds(self) -> tuple[str, ...]:
        """What differs: figure, date, unit; words where it is nothing but wording."""
        if self.state != "different":
            return ()
        found = {change.kind for change in self.changes}
        return tuple(kind for kind in ("figure", "date", "unit") if kind in found) or ("words",)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The documents and all their measures; `unled` are the documents that write no lead unit anywhere."""

    sides: tuple[Side, ...]
    rows: tuple[Row, ...]
    unled: tuple[int, ...]

    @property
    def counts(self) -> Counter[str]:
        """How many rows there are of each state, and of what differs."""
        return Counter(name for row in self.rows for name in (row.state, *row.kinds))

    def only(self, at: int) -> int:
        """Return how many measures stand in this document alone."""
        return sum(row.state == "only" and bool(row.cells[at]) for row in self.rows)


def compared(generation: Generation, sources: Sequence[str]) -> Sheet:
    """Set two or more documents of a store side by side, in the first one's order."""
    opened = sides(generation, tuple(sources))
    owns = [Own.of(side.jurisdiction) for side in opened]
    unled = tuple(
        at
        for at, side in enumerate(opened)
        if not any(duty.role == "lead" for piece in side.pieces for duty in piece.duties)
    )
    roles = () if unled and len(unled) < len(opened) else ("lead", "responsible", "support", "oversight")
    return Sheet(opened, tuple(_row(pieces, owns, roles) for pieces in _measures(opened)), unled)


def _measures(opened: Sequence[Side]) -> list[list[tuple[Piece, ...]]]:
    """Return for each measure its clauses in each document."""
    rows: list[list[list[Piece]]] = [[[piece], *([] for _ in opened[1:])] for piece in opened[0].pieces]
    for at in range(1, len(opened)):
        placed: set[str] = set()
        for before in range(at):
            for pair in align(opened[before], opened[at]):
                fresh = [piece for piece in pair.other if piece.locator not in placed]
                held = [row for row in rows if any(piece in row[before] for piece in pair.one)]
                # A document takes its place beside the first that has the measure.
                if not fresh or not held or (before and any(row[at] for row in held)):
                    continue
                _merge(rows, held)
                held[0][at] += fresh
                placed |= {piece.locator for piece in fresh}
        _insert(rows, opened[at], at, len(opened), placed)
    return [[tuple(pieces) for pieces in row] for row in rows]


def _merge(rows: list[list[list[Piece]]], held: list[list[list[Piece]]]) -> None:
    """Put rows together that one clause of another document answers."""
    first = held[0]
    for row in held[1:]:
        for mine, theirs in zip(first, row, strict=True):
            mine += theirs
        rows[:] = [kept for kept in rows if kept is not row]


def _insert(rows: list[list[list[Piece]]], side: Side, at: int, count: int, placed: set[str]) -> None:
    """Put what no other document has below the clause that it follows in its own."""
    place = 0
    for piece in side.pieces:
        if piece.locator in placed:
            place = next(n for n, row in enumerate(rows) if piece in row[at]) + 1
        else:
            rows.insert(place, [[piece] if n == at else [] for n in range(count)])
            place += 1


def _row(pieces: Sequence[tuple[Piece, ...]], owns: Sequence[Own], roles: Sequence[str]) -> Row:
    present = [at for at, held in enumerate(pieces) if held]
    texts = ["".join(display(piece.text) for piece in held) for held in pieces]
    marked = [[False] * len(text) for text in texts]
    first, apart = present[0], False
    for at in present[1:]:
        found = marks(texts[first], texts[at], owns[first], owns[at])
        if found is None:
            apart = True
            continue
        mine, theirs = found
        marked[first] = [one or other for one, other in zip(marked[first], mine, strict=True)]
        marked[at] = theirs
    differs = apart or any(map(any, marked))
    changes = [*(figures(pieces) if differs else ()), *units(pieces, owns, roles)] if len(present) > 1 else []
    state: State = "only" if len(present) == 1 else "different" if differs or changes else "same"
    return Row(
        tuple(_cells(held, flags) for held, flags in zip(pieces, marked, strict=True)),
        state,
        tuple(changes),
        apart,
    )


def _cells(held: Sequence[Piece], flags: list[bool]) -> tuple[Cell, ...]:
    cells, at = [], 0
    for piece in held:
        text = display(piece.text)
        cells.append(Cell(piece, runs(text, flags[at : at + len(text)])))
        at += len(text)
    return tuple(cells)
