"""What differs in the facts of one measure: figures, dates, units."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from graph.facts import Quantity
from graph.units.names import spoken_forms
from qa.aligning.differing import Own
from qa.aligning.pieces import Piece
from qa.text import display, grams, plain

ChangeKind = Literal["figure", "date", "unit"]
_DATES = frozenset({"deadline", "valid_period", "valid_until"})
# Governments below a county or district: every place has its own, and lists them its own way.
_TOWNS = re.compile(r"(?:[乡镇]|街道|苏木)(?:（[^）]*）)?(?:人民政府|政府|办事处|办)?$")
_ABOUT = 0.2  # of the words around two figures; those that share less are not one figure changed


@dataclass(frozen=True, slots=True)
class Change:
    """One fact that is not the same everywhere; `values` has a text or None for each document.

    `label` is the role of the figure or of the units (docs/model.md), `units` where roles are not told apart.
    """

    kind: ChangeKind
    label: str
    values: tuple[str | None, ...]


@dataclass(slots=True)
class _Slot:
    """A figure in all documents that give it."""

    role: str
    unit: str
    dated: bool
    held: dict[int, Quantity] = field(default_factory=dict)


def figures(sides: Sequence[tuple[Piece, ...]]) -> list[Change]:
    """Return the figures that differ among the documents that have the measure.

    A figure is the same where value, unit and bound are. Others are set against each other where role and
    unit are the same and they are said about the same; what is left stands alone.
    """
    present = [at for at, pieces in enumerate(sides) if pieces]
    slots: list[_Slot] = []
    for at in present:
        left = [q for piece in sides[at] for q in piece.figures]
        for fits in (_same, _like):
            for slot in slots:
                if at in slot.held:
                    continue
                found = next((q for q in left if fits(slot, q)), None)
                if found is not None:
                    slot.held[at] = found
                    left.remove(found)
        slots += [_Slot(q.role, q.unit, _dated(q), {at: q}) for q in left]
    return [
        Change(
            "date" if slot.dated else "figure",
            slot.role,
            tuple(display(slot.held[at].surface) if at in slot.held else None for at in range(len(sides))),
        )
        for slot in slots
        if len({_value(q) for q in slot.held.values()}) > 1 or len(slot.held) < len(present)
    ]


def _dated(figure: Quantity) -> bool:
    return figure.kind in ("date", "period") or figure.role in _DATES


def _value(figure: Quantity) -> tuple[object, ...]:
    return figure.value, figure.unit, figure.bound


def _same(slot: _Slot, figure: Quantity) -> bool:
    return any(_value(held) == _value(figure) for held in slot.held.values())


def _like(slot: _Slot, figure: Quantity) -> bool:
    if (slot.role, slot.unit) != (figure.role, figure.unit):
        return False
    said = set(grams(plain(figure.sentence)))
    held = [set(grams(plain(other.sentence))) for other in slot.held.values()]
    return any(2 * len(said & one) >= _ABOUT * (len(said) + len(one)) for one in held)


def units(sides: Sequence[tuple[Piece, ...]], owns: Sequence[Own], roles: Sequence[str]) -> list[Change]:
    """Return the units that not all documents name, by role; none of `roles`: whatever the role.

    A place's own name or level before a unit's name (甲山县财政局, 县财政局, 区财政局) makes no
    difference, nor does a short form (市场监管局), nor how it lists its towns.
    """
    found = []
    for role in roles or ("units",):
        named = [
            {
                duty.unit: _forms(duty.unit, owns[at])
                for piece in pieces
                for duty in piece.duties
                if role in (duty.role, "units")
            }
            for at, pieces in enumerate(sides)
        ]
        present = [names for names, pieces in zip(named, sides, strict=True) if pieces]
        values = tuple(
            "、".join(unit for unit, forms in names.items() if not _everywhere(forms, present)) or None
            for names in named
        )
        if any(values):
            found.append(Change("unit", role, values))
    return found


def _forms(unit: str, own: Own) -> frozenset[str]:
    """Return the names under which a unit counts as the same."""
    if _TOWNS.search(unit):
        return frozenset({_TOWNS.pattern})
    return frozenset(map(own.out, (unit, *spoken_forms(unit))))


def _everywhere(forms: frozenset[str], present: Sequence[dict[str, frozenset[str]]]) -> bool:
    """Say whether all documents name a unit by one of these names."""
    return all(any(forms & other for other in names.values()) for names in present)
