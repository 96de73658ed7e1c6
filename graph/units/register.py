"""The register of known units: by whole name, by the field they stand for, by the characters of their names.

A short name stands for a unit when it is the unit's name without level, place and type, a listed other
name of its field, or an ordered subsequence of it (人社 in 人力资源和社会保障): in that order, and never
by likeness alone.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from graph.units.names import UnitName, is_group, parts
from graph.units.reforms import changes, is_office, later, old_fields, successors
from graph.units.words import SpokenGroup, unit_words


@dataclass(frozen=True, slots=True)
class Known:
    """A unit of the registry, taken apart once."""

    jurisdiction: str
    unit: str
    name: UnitName
    places: tuple[str, ...]  # 平顶山市鲁山县 → 平顶山, 鲁山


def _places(jurisdiction: str) -> tuple[str, ...]:
    cut = re.split(r"(?<=.[^省市县区州盟旗])(?:省|市|自治区|自治州|地区|县|区|州|盟|旗)", jurisdiction)
    return tuple(p for p in cut if len(p) > 1)


def _in_order(core: str, stem: str) -> bool:
    rest = iter(stem)
    return all(char in rest for char in core)


class Register:
    """A fixed set of (jurisdiction, canonical unit); nothing changes after building."""

    def __init__(self, units: Sequence[tuple[str, str]]) -> None:
        words = unit_words()
        self._words = words
        self.units = [Known(j, u, parts(u), _places(j)) for j, u in dict.fromkeys(units)]
        self.number = {(known.jurisdiction, known.unit): i for i, known in enumerate(self.units)}
        self.whole: dict[str, list[int]] = defaultdict(list)  # name without level, and whole
        self._stems: dict[str, list[int]] = defaultdict(list)
        for i, known in enumerate(self.units):
            name = known.name
            for surface in sorted({known.unit, name.stem + name.type_, *self._branch_forms(name)}):
                if len(surface) > 1 and surface not in words.generic and (name.type_ or len(surface) > 2):
                    self.whole[surface].append(i)
            if not is_group(known.unit):
                self._stems[re.sub("(?:局|委)$", "", name.stem)].append(i)
        self._groups = [i for i, known in enumerate(self.units) if is_group(known.unit)]
        self.longest = max(map(len, self.whole), default=0)
        self._masks: dict[str, int] = defaultdict(int)
        self._order = list(self._stems)
        for bit, stem in enumerate(self._order):
            for char in set(stem):
                self._masks[char] |= 1 << bit
        self._every = "\n".join(self._stems)
        self._alias = self._aliases()
        self.kin = self._kin()
        self._typable = sorted(said for said in {*self._stems, *self._alias} if len(said) > 2)
        self._places = {place for known in self.units for place in known.places}
        self._longest_place = max(map(len, self._places), default=0)
        self._tails: dict[str, set[str]] = defaultdict(set)  # 经济技术开发, said as 开发区
        for place in self._places:
            if len(place) > 3:
                self._tails[place[-2:]].add(place)

    def _branch_forms(self, name: UnitName) -> list[str]:
        """A bank's branch is said with either name, with or without its place (人民银行, 人行某某支行)."""
        if name.type_ not in ("支行", "中心支行", "分行"):
            return []
        said = next((f.forms + f.also for f in self._words.fields if name.stem in f.forms), ())
        places = {name.branch, *_places(name.branch), *(name.branch + level for level in ("县", "市", "区"))}
        tails = {"", name.type_, *(place + kind for place in places for kind in (name.type_, "支行"))}
        return [form + tail for form in said for tail in sorted(tails)]

    def _holders(self, forms: Sequence[str]) -> list[int]:
        """Return the units whose stem has one of these forms of a field in it."""
        held = [form for form in forms if form in self._every]  # most fields are no unit's of a place
        return (
            [i for stem, ids in self._stems.items() if any(f in stem for f in held) for i in ids]
            if held
            else []
        )

    def _aliases(self) -> dict[str, tuple[int, ...]]:
        """Map each other name of a field, former ones too, to the units whose stem has that field."""
        found: dict[str, dict[int, None]] = defaultdict(dict)
        for field in self._words.fields:
            holders = self._holders(field.forms)
            for said in (*field.forms, *field.also):
                found[said].update(dict.fromkeys(holders))
        for old, went in old_fields().items():
            for change in went:
                found[old].update(dict.fromkeys(self._holders(change.new.forms)))
        return {said: tuple(ids) for said, ids in found.items() if ids}

    def _kin(self) -> dict[int, tuple[int, ...]]:
        """Map each unit to those of its place that are the same body by the name before or after a reform."""
        found: dict[int, list[int]] = defaultdict(list)
        for old in old_fields():
            for i in self._stems.get(old, ()):
                for j in self._holders(successors(old)):
                    a, b = self.units[i], self.units[j]
                    here = i != j and a.jurisdiction == b.jurisdiction
                    if here and is_office(a.unit) and is_office(b.unit):
                        found[i].append(j)
                        found[j].append(i)
        return {i: tuple(dict.fromkeys(ids)) for i, ids in found.items()}

    def best(self, core: str, kinds: Sequence[str]) -> list[int]:
        """Return what a core means, by jurisdiction: same stem, else listed name, else subsequence."""
        if core in self._words.generic:
            return []
        further = [i for change in later(core) for i in self._holders(change.new.forms)]
        before = [old for c in changes() if core in (*c.new.forms, *c.new.also) for old in c.old]
        tried = [
            self._stems.get(core, []),
            list(self._alias.get(core, ())),
            [*further, *(i for old in before for i in self._stems.get(old, ()))],
            [i for stem in self._candidates(core) for i in self._stems[stem]],
        ]
        best: dict[str, tuple[int, list[int]]] = {}  # jurisdiction → rank, units
        for step, ids in enumerate(tried):
            for i in ids:
                if (own := self._kind(i)) not in kinds:
                    continue
                rank = step * 100 + (0 if step else kinds.index(own))
                have = best.get(self.units[i].jurisdiction)
                if have is None or rank < have[0]:
                    best[self.units[i].jurisdiction] = (rank, [i])
                elif rank == have[0] and i not in have[1]:
                    have[1].append(i)
        return [i for _, ids in best.values() for i in ids]

    def _kind(self, i: int) -> str:
        own = self.units[i].name.type_
        return self._words.same_type.get(own, own)

    def _candidates(self, core: str) -> list[str]:
        if len(core) < 2:
            return []
        mask = -1
        for char in core:
            mask &= self._masks.get(char, 0)
            if not mask:
                return []
        found = []
        while mask:
            bit = mask & -mask
            stem = self._order[bit.bit_length() - 1]
            if _in_order(core, stem):
                found.append(stem)
            mask ^= bit
        return found

    def near(self, core: str, kinds: Sequence[str]) -> list[int]:
        """Return what a core with one wrong character means, when one stem alone is that near."""
        said = [
            said
            for said in self._typable
            if abs(len(said) - len(core)) < 2
            and OSA.distance(core, said, score_cutoff=1) == 1
            and said[0] == core[0]
        ]
        ids = {tuple(self.best(each, kinds)) for each in said}
        return list(ids.pop()) if len(ids) == 1 else []

    def place_before(self, text: str) -> tuple[frozenset[str], int]:
        """Return the places that `text` may end in, and the length of what names them: the longest."""
        for size in range(min(self._longest_place, len(text)), 1, -1):
            if text[-size:] in self._places:
                return frozenset({text[-size:]}), size
        return frozenset(self._tails.get(text[-2:], ())), 2

    def holding(self, group: SpokenGroup) -> list[int]:
        """Return the groups of units that a way of saying one means."""
        return [i for i in self._groups if any(h in self.units[i].unit for h in group.holds)]
