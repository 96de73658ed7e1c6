"""A network of units as a picture: where each box stands, which lines join them; no label on another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil, cos, hypot, log2, pi, sin
from typing import TYPE_CHECKING

from ui.pages.ways import unit_way

if TYPE_CHECKING:
    import networkx

Unit = tuple[str, str]  # jurisdiction and name, as in graph.network
MOST_NODES = 25
MOST_LINES = 45
_SIZE = 15  # of a character, in units of the picture
_ROW = 8  # characters in a row of a label
_GAP = 28  # between two boxes
_WIDE = 1080
_TURNS, _ROUNDS = 4, 20  # of moving boxes off lines, then apart
_SEED = 7  # the same network is always the same picture


@dataclass(frozen=True, slots=True)
class Box:
    """A unit: middle, width and height of its box, its label in rows; `rank` is focus, lead or other."""

    unit: Unit
    x: float
    y: float
    width: float
    height: float
    label: tuple[str, ...]
    rank: str
    told: str

    @property
    def href(self) -> str:
        """The address of the unit's page."""
        return unit_way(*self.unit)

    @property
    def rows(self) -> list[tuple[float, str]]:
        """Each row of the label with the height that it is written at."""
        first = self.y - (len(self.label) - 1) * _SIZE * 0.6 + _SIZE * 0.36
        return [(round(first + i * _SIZE * 1.2, 1), row) for i, row in enumerate(self.label)]


@dataclass(frozen=True, slots=True)
class Line:
    """Two units that share clauses: ends at the boxes' borders, width, whether one leads the other.

    `forth`: the first leads the second; `back`: the second leads the first.
    """

    x1: float
    y1: float
    x2: float
    y2: float
    width: float
    forth: bool
    back: bool
    told: str

    @property
    def led(self) -> bool:
        """Whether one of the two leads the other in a shared clause."""
        return self.forth or self.back


@dataclass(frozen=True, slots=True)
class Picture:
    """What the template draws. `left_out` counts units without a box, `thin` lines that are not drawn."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    left_out: int
    thin: int


@dataclass(frozen=True, slots=True)
class Tie:
    """Two units that share `weight` clauses; `led` counts those that one of the two leads."""

    one: Unit
    other: Unit
    weight: int
    led: Mapping[Unit, int]


def ties(network: "networkx.Graph") -> list[Tie]:
    """Return the ties of a network, the heaviest first, then by name."""
    made = [Tie(min(a, b), max(a, b), held["weight"], held["led"]) for a, b, held in network.edges(data=True)]
    return sorted(made, key=lambda tie: (-tie.weight, tie.one, tie.other))


def draw(network: "networkx.Graph", focus: Unit | None = None) -> Picture:
    """Return the picture of the units with most shared clauses (with the focus, where there is one)."""
    weights = {unit: int(held) for unit, held in network.degree(weight="weight")}
    order = sorted(weights, key=lambda unit: (unit != focus, -weights[unit], unit))
    joined = [unit for unit in order if weights[unit] or unit == focus]
    shown = joined[:MOST_NODES]
    among = ties(network.subgraph(shown))
    kept = _kept(among)
    leading = {unit for tie in ties(network) for unit in tie.led}
    boxes = [
        _box(unit, "focus" if unit == focus else "lead" if unit in leading else "other", weights[unit])
        for unit in shown
    ]
    height = len(boxes) * 26 + 120
    start = _rings(boxes, height) if focus else _laid(kept, boxes, height)
    for _ in range(_TURNS):
        start = _apart(_clear(start, kept, height), height)
    placed = {box.unit: box for box in start}
    bottom = max((box.y + box.height / 2 for box in placed.values()), default=0) + _GAP
    heaviest = max((tie.weight for tie in kept), default=1)
    lines = tuple(_line(placed[tie.one], placed[tie.other], tie, heaviest) for tie in reversed(kept))
    left_out, thin = len(joined) - len(shown), len(among) - len(kept)
    return Picture(_WIDE, ceil(bottom), tuple(placed[unit] for unit in shown), lines, left_out, thin)


def _kept(among: Sequence[Tie]) -> list[Tie]:
    """Keep the heaviest ties, and of every unit at least its own heaviest."""
    met: set[Unit] = set()
    kept: list[Tie] = []
    for tie in among:
        if len(kept) < MOST_LINES or not {tie.one, tie.other} <= met:
            kept.append(tie)
        met |= {tie.one, tie.other}
    return kept


def _box(unit: Unit, rank: str, weight: int) -> Box:
    name = unit[1]
    rows = ceil(len(name) / _ROW)
    step = ceil(len(name) / rows)
    label = tuple(name[i : i + step] for i in range(0, len(name), step))
    width, height = step * _SIZE + 18, rows * _SIZE * 1.2 + 14
    return Box(unit, 0, 0, width, height, label, rank, f"{name}：与其他单位共同承担 {weight} 次")


def _rings(boxes: Sequence[Box], height: float) -> list[Box]:
    """Place the first box in the middle, the others in two rings around it, so that no line crosses a box."""
    around = boxes[1:]
    inner = len(around) if len(around) <= 10 else ceil(len(around) / 2)
    placed = [replace(box, x=_WIDE / 2, y=height / 2) for box in boxes[:1]]
    for i, box in enumerate(around):
        ring, at, of = (0, i, inner) if i < inner else (1, i - inner, len(around) - inner)
        turn = 2 * pi * (at + ring / 2) / of - pi / 2
        far = 0.92 if ring or inner == len(around) else 0.56
        x = _WIDE / 2 + cos(turn) * far * (_WIDE / 2 - 80)
        placed.append(replace(box, x=x, y=height / 2 + sin(turn) * far * (height / 2 - 26)))
    return placed


def _laid(kept: Sequence[Tie], boxes: Sequence[Box], height: float) -> list[Box]:
    """Place the boxes by forces: units that share much stand near each other."""
    import networkx

    pull = networkx.Graph()
    pull.add_nodes_from(box.unit for box in boxes)
    pull.add_weighted_edges_from((tie.one, tie.other, log2(1 + tie.weight)) for tie in kept)
    at = networkx.spring_layout(pull, seed=_SEED, iterations=300)
    across, down = (_even([float(at[box.unit][axis]) for box in boxes]) for axis in (0, 1))
    return [
        replace(box, x=90 + x * (_WIDE - 180), y=40 + y * (height - 80))
        for box, x, y in zip(boxes, across, down, strict=True)
    ]


def _even(places: Sequence[float]) -> list[float]:
    """Spread places between 0 and 1: partly as the forces have them, partly evenly in their order.

    Forces alone crowd the middle and leave the borders empty.
    """
    low, high = min(places, default=0.0), max(places, default=0.0)
    order = {i: rank for rank, i in enumerate(sorted(range(len(places)), key=places.__getitem__))}
    return [
        0.35 * ((place - low) / (high - low) if high > low else 0.5)
        + 0.65 * (order[i] / max(len(places) - 1, 1))
        for i, place in enumerate(places)
    ]


def _clear(boxes: list[Box], kept: Sequence[Tie], height: float) -> list[Box]:
    """Move boxes off the lines that join others; what cannot be cleared stays, the boxes cover the lines."""
    at = {box.unit: i for i, box in enumerate(boxes)}
    for _ in range(_ROUNDS):
        for tie in kept:
            one, other = boxes[at[tie.one]], boxes[at[tie.other]]
            dx, dy = other.x - one.x, other.y - one.y
            far = hypot(dx, dy) or 1
            for i, box in enumerate(boxes):
                along = ((box.x - one.x) * dx + (box.y - one.y) * dy) / far
                aside = ((box.x - one.x) * -dy + (box.y - one.y) * dx) / far
                need = (box.width * abs(dy) + box.height * abs(dx)) / far / 2 + 6
                if box.unit in (tie.one, tie.other) or not 0 < along < far or abs(aside) >= need:
                    continue
                step = (need - abs(aside)) * 0.3 * (1 if aside >= 0 else -1)
                boxes[i] = _inside(replace(box, x=box.x - dy / far * step, y=box.y + dx / far * step), height)
    return boxes


def _apart(boxes: list[Box], height: float) -> list[Box]:
    """Push boxes apart until none meets another; where it stays too tight, give the picture more height."""
    for _ in range(400):
        moved = False
        for i, one in enumerate(boxes):
            for j in range(i + 1, len(boxes)):
                one, other = boxes[i], boxes[j]
                over_x = (one.width + other.width) / 2 + _GAP - abs(one.x - other.x)
                over_y = (one.height + other.height) / 2 + _GAP - abs(one.y - other.y)
                if over_x <= 0 or over_y <= 0:
                    continue
                moved = True
                boxes[i], boxes[j] = _pushed(one, other, over_x, over_y)
                boxes[i], boxes[j] = _inside(boxes[i], height), _inside(boxes[j], height)
        if not moved:
            return [replace(box, x=round(box.x, 1), y=round(box.y, 1)) for box in boxes]
        height *= 1.004
    return _rows(boxes)


def _pushed(one: Box, other: Box, over_x: float, over_y: float) -> tuple[Box, Box]:
    if over_x < over_y:
        step = (over_x / 2 + 0.5) * (1 if one.x >= other.x else -1)
        return replace(one, x=one.x + step), replace(other, x=other.x - step)
    step = (over_y / 2 + 0.5) * (1 if one.y >= other.y else -1)
    return replace(one, y=one.y + step), replace(other, y=other.y - step)


def _inside(box: Box, height: float) -> Box:
    x = min(max(box.x, box.width / 2 + 4), _WIDE - box.width / 2 - 4)
    y = min(max(box.y, box.height / 2 + 4), height - box.height / 2 - 4)
    return replace(box, x=x, y=y)


def _rows(boxes: list[Box]) -> list[Box]:
    """Set boxes that could not be pushed apart in rows, as they stand from the top."""
    placed, x, y, tall = [], float(_GAP), float(_GAP), 0.0
    for box in sorted(boxes, key=lambda box: (box.y, box.x)):
        if x + box.width > _WIDE - _GAP:
            x, y, tall = float(_GAP), y + tall + 2 * _GAP, 0.0
        placed.append(replace(box, x=x + box.width / 2, y=y + box.height / 2))
        x, tall = x + box.width + 2 * _GAP, max(tall, box.height)
    return placed


def _line(one: Box, other: Box, tie: Tie, heaviest: int) -> Line:
    told = f"{one.unit[1]}与{other.unit[1]}：共同条款 {tie.weight}"
    told += "".join(f"，{unit[1]}牵头 {tie.led[unit]}" for unit in (tie.one, tie.other) if unit in tie.led)
    width = round(1.2 + 4.3 * (tie.weight / heaviest) ** 0.5, 1)
    ends = (*_border(one, other), *_border(other, one))
    return Line(*ends, width, tie.one in tie.led, tie.other in tie.led, told)


def _border(box: Box, other: Box) -> tuple[float, float]:
    """Return where the line from the middle of a box to another leaves it, a little outside."""
    dx, dy = other.x - box.x, other.y - box.y
    far = hypot(dx, dy) or 1
    reach = min(
        (box.width / 2) / abs(dx) if dx else float("inf"), (box.height / 2) / abs(dy) if dy else float("inf")
    )
    reach = min(reach + 5 / far, 0.5)
    return round(box.x + dx * reach, 1), round(box.y + dy * reach, 1)
