"""What the pages of 职责追溯 know of the store as it is now, worked out once a generation."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from graph.facts import Role
from graph.queries import PolicyRow, UnitRow, jurisdictions, policies, units
from graph.storage.generations import Generation
from graph.tracing import Share, shares
from graph.units.matching import UnitMatcher
from graph.units.names import parts, spoken_forms
from ui.pages.ways import UNCLEAR


@dataclass(frozen=True)
class Roll:
    """All units with their counts, all documents, all places of one generation."""

    units: Sequence[UnitRow]
    policies: Mapping[str, PolicyRow]
    places: Sequence[str]
    shares: Sequence[Share]

    @classmethod
    def of(cls, generation: Generation) -> "Roll":
        """Read the store; a few milliseconds a hundred documents."""
        rows = {row.source: row for row in policies(generation)}
        return cls(units(generation), rows, jurisdictions(generation), shares(generation))

    def has(self, place: str, unit: str) -> bool:
        """Say whether there is such a unit."""
        return (place, unit) in self._by_name

    def unit(self, place: str, unit: str) -> UnitRow:
        """Return a unit's row; raises KeyError."""
        return self._by_name[place, unit]

    def of_place(self, place: str) -> list[UnitRow]:
        """Return the units of a place (empty: of all), those with most clauses first."""
        found = [row for row in self.units if self.in_place(row.jurisdiction, place)]
        return sorted(found, key=lambda row: (row.jurisdiction, -total(row), row.unit))

    def in_place(self, jurisdiction: str, place: str) -> bool:
        """Say whether a unit's jurisdiction is the place chosen (empty: any; UNCLEAR: none is written)."""
        return place in ("", jurisdiction) or (place == UNCLEAR and jurisdiction not in self._real)

    def place_name(self, jurisdiction: str) -> str:
        """Return what a unit's jurisdiction is called; where a document names none, it is its source."""
        return jurisdiction if jurisdiction in self._real else UNCLEAR

    def place_told(self, jurisdiction: str) -> str:
        """Return the same; where no place is written, with the document that the unit is known by."""
        head = None if jurisdiction in self._real else self.policies.get(jurisdiction)
        return f"{UNCLEAR}：《{head.title}》" if head else self.place_name(jurisdiction)

    @cached_property
    def choices(self) -> list[str]:
        """The places to choose from."""
        unclear = any(row.jurisdiction not in self._real for row in self.units)
        return [*self.places, *([UNCLEAR] if unclear else [])]

    @cached_property
    def busiest(self) -> str:
        """The place with most units, empty where there are none."""
        sizes = Counter(self.place_name(row.jurisdiction) for row in self.units)
        return min(sizes, key=lambda place: (-sizes[place], place), default="")

    @cached_property
    def matcher(self) -> UnitMatcher:
        """Finds units by any of their names."""
        return UnitMatcher([(row.jurisdiction, row.unit) for row in self.units])

    @cached_property
    def sources(self) -> Mapping[str, Sequence[str]]:
        """The documents that name a unit, by the units' jurisdiction."""
        found: dict[str, dict[str, None]] = {}
        for share in self.shares:
            found.setdefault(share.jurisdiction, {})[share.source] = None
        return {place: sorted(held) for place, held in found.items()}

    def sources_of(self, place: str) -> list[str]:
        """Return the documents that name a unit of a place (empty: of any), by source."""
        held = (s for name, rows in self.sources.items() if self.in_place(name, place) for s in rows)
        return sorted(dict.fromkeys(held))

    def names(self, text: str, place: str = "") -> tuple[list[UnitRow], bool]:
        """Return the units that a text may mean, and whether it names the first one for certain.

        Whole names come first, then what people call units (县人社局, 工商局), then names that hold the text.
        """
        text = "".join(text.split())
        here = self.of_place(place)
        whole = [
            row
            for row in here
            if text in (row.unit, row.jurisdiction + row.unit, row.unit + row.jurisdiction)
        ]
        told = {(row.jurisdiction, row.unit) for row in here}
        meant = [self.unit(*pair) for pair in self.matcher.resolve(text) if pair in told]
        holding = [row for row in here if any(text in name for name in (row.unit, *spoken_forms(row.unit)))]
        level = parts(text).level
        meant.sort(key=lambda row: not level or parts(row.unit).level != level)  # 县…局 before 省…厅
        sure = whole or meant
        return list(dict.fromkeys([*whole, *meant, *holding])), len(sure) == 1

    @cached_property
    def _by_name(self) -> Mapping[tuple[str, str], UnitRow]:
        return {(row.jurisdiction, row.unit): row for row in self.units}

    @cached_property
    def _real(self) -> frozenset[str]:
        return frozenset(self.places)


def total(row: UnitRow) -> int:
    """Return the sum of a unit's counts over its roles."""
    return row.lead + row.responsible + row.support + row.oversight


def count(row: UnitRow, role: Role) -> int:
    """Return in how many clauses a unit has this role."""
    held: int = getattr(row, role)
    return held
