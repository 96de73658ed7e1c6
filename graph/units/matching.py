"""Finding public bodies in questions.

A name in a question stands for a unit when it is the unit's name without level and place, a listed other
name of its field, or an ordered subsequence of it (人社 in 人力资源和社会保障): in that order, and never by
likeness alone.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from graph.facts import Duty
from graph.units.names import UnitName, is_group, parts
from graph.units.words import HAN, SpokenGroup, any_of, unit_words


@dataclass(frozen=True, slots=True)
class UnitMention:
    """A unit named in a question: where, and which (jurisdiction, unit) it may be; none when unknown."""

    surface: str
    start: int
    end: int
    candidates: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Known:
    """A unit of the registry, taken apart once."""

    jurisdiction: str
    unit: str
    name: UnitName
    places: tuple[str, ...]  # 平顶山市鲁山县 → 平顶山, 鲁山


def _own_branch(units: list[_Known]) -> list[_Known]:
    """Of several branches prefer that of the jurisdiction's own place (another is a document's slip)."""
    own = {k.jurisdiction for k in units if k.name.branch and k.name.branch in k.jurisdiction}
    return [
        k for k in units if k.jurisdiction not in own or not k.name.branch or k.name.branch in k.jurisdiction
    ]


def _places(jurisdiction: str) -> tuple[str, ...]:
    cut = re.split(r"(?<=.[^省市县区州盟旗])(?:省|市|自治区|自治州|地区|县|区|州|盟|旗)", jurisdiction)
    return tuple(p for p in cut if len(p) > 1)


def _in_order(core: str, stem: str) -> bool:
    rest = iter(stem)
    return all(char in rest for char in core)


class UnitMatcher:
    """Finds unit names in questions, over a fixed set of (jurisdiction, canonical unit).

    Building takes a few milliseconds a thousand units; finding far less than one. Safe to share
    between threads: nothing changes after building.
    """

    def __init__(self, units: Sequence[tuple[str, str]]) -> None:
        words = unit_words()
        self._words = words
        self._units = [_Known(j, u, parts(u), _places(j)) for j, u in dict.fromkeys(units)]
        self._exact: dict[str, list[int]] = defaultdict(list)  # name without level, and whole
        self._stems: dict[str, list[int]] = defaultdict(list)
        for i, known in enumerate(self._units):
            name = known.name
            for surface in sorted({known.unit, name.stem + name.type_, *self._branch_forms(name)}):
                if len(surface) > 1 and surface not in words.generic and (name.type_ or len(surface) > 2):
                    self._exact[surface].append(i)
            if not is_group(known.unit):
                self._stems[re.sub("(?:局|委)$", "", name.stem)].append(i)
        self._groups = [i for i, known in enumerate(self._units) if is_group(known.unit)]
        self._longest = max(map(len, self._exact), default=0)
        self._masks: dict[str, int] = defaultdict(int)
        self._order = list(self._stems)
        for bit, stem in enumerate(self._order):
            for char in set(stem):
                self._masks[char] |= 1 << bit
        self._alias = self._aliases()
        self._typable = sorted(said for said in {*self._stems, *self._alias} if len(said) > 2)
        self._spoken = re.compile(any_of(words.spoken_type))
        self._known_places = sorted({p for k in self._units for p in k.places}, key=lambda p: (-len(p), p))

    def _branch_forms(self, name: UnitName) -> list[str]:
        """A bank's branch is said with either name, with or without its place (人民银行, 人行某某支行)."""
        if name.type_ not in ("支行", "中心支行", "分行"):
            return []
        said = next((f.forms + f.also for f in self._words.fields if name.stem in f.forms), ())
        places = {name.branch, *_places(name.branch), *(name.branch + level for level in ("县", "市", "区"))}
        tails = {"", name.type_, *(place + kind for place in places for kind in (name.type_, "支行"))}
        return [form + tail for form in said for tail in sorted(tails)]

    def _aliases(self) -> dict[str, tuple[int, ...]]:
        """Map each other name of a field to the units whose stem has that field."""
        found: dict[str, dict[int, None]] = defaultdict(dict)
        for field in self._words.fields:
            holders = [
                i for stem, ids in self._stems.items() if any(f in stem for f in field.forms) for i in ids
            ]
            for said in (*field.forms, *field.also, *field.old):
                found[said].update(dict.fromkeys(holders))
        return {said: tuple(ids) for said, ids in found.items() if ids}

    def find(self, question: str, jurisdictions: Collection[str] | None = None) -> list[UnitMention]:
        """Return the units named in `question`, in order; longest names first, none overlapping.

        With `jurisdictions`, only their units count. Several candidates of one jurisdiction mean that
        the name is ambiguous there; candidates of several jurisdictions, that the place is open.
        """
        text = question.replace("与", "和")
        found: dict[tuple[int, int], list[int]] = {}
        for start, end, ids in (*self._whole(text), *self._short(text), *self._said_groups(text)):
            have = found.setdefault((start, end), [])
            met = {self._units[i].jurisdiction for i in have}
            have.extend(i for i in ids if self._units[i].jurisdiction not in met)
        for start, end in list(found):  # 区住建局 may be another district's 住房和城乡建设局 as well
            level = self._words.level.match(text, start, end)
            if level and (level.end(), end) in found:
                have = found[start, end]
                met = {self._units[i].jurisdiction for i in have}
                have.extend(i for i in found[level.end(), end] if self._units[i].jurisdiction not in met)
        taken: list[UnitMention] = []
        for (start, end), ids in sorted(found.items(), key=lambda f: (f[0][0] - f[0][1], f[0][0])):
            if any(start < m.end and m.start < end for m in taken):
                continue
            mention = self._placed(question, start, end, ids, jurisdictions)
            if mention is not None:
                taken.append(mention)
        return sorted(taken, key=lambda m: m.start)

    def resolve(self, text: str, jurisdictions: Collection[str] | None = None) -> tuple[tuple[str, str], ...]:
        """Return what a name standing alone may mean; here a bare field (财政) or group (街道) counts too."""
        bare = re.sub(r"\s", "", text)
        mentions = [m for m in self.find(bare, jurisdictions) if m.start == 0 and m.end == len(bare)]
        if mentions:
            return mentions[0].candidates
        for group in self._words.groups:
            if bare in group.bare:
                return self._kept(self._holding(group), jurisdictions)
        name = parts(bare)
        core = name.stem if name.level and not name.type_ else bare
        kinds = [*self._words.spoken_type["部门"], *(k for k in self._words.spoken_type["管委会"])]
        ids = self._best(core, kinds)
        if not ids and bare in self._words.spoken_type["管委会"]:
            ids = [i for i, k in enumerate(self._units) if k.name.type_ == bare]
        return self._kept(
            [i for i in ids if not name.level or self._units[i].name.level == name.level], jurisdictions
        )

    def _kept(self, ids: Iterable[int], jurisdictions: Collection[str] | None) -> tuple[tuple[str, str], ...]:
        kept = _own_branch([self._units[i] for i in sorted(ids)])
        return tuple(
            (k.jurisdiction, k.unit) for k in kept if jurisdictions is None or k.jurisdiction in jurisdictions
        )

    def _whole(self, question: str) -> Iterable[tuple[int, int, list[int]]]:
        for start in range(len(question)):
            for end in range(min(len(question), start + self._longest), start + 1, -1):
                if ids := self._exact.get(question[start:end]):
                    if not self._goes_on(question, end):
                        yield start, end, ids
                    break

    def _goes_on(self, question: str, end: int) -> bool:
        """财政局长, 金融办理 and 数据中心 name no unit."""
        if self._words.no_units.search(question[max(0, end - 6) : end]):
            return True
        after = self._words.not_after.get(question[end - 1], ())
        return question[end:].startswith(after) if after else False

    def _short(self, question: str) -> Iterable[tuple[int, int, list[int]]]:
        for kind in self._spoken.finditer(question):
            if self._goes_on(question, kind.end()):
                continue
            for start in range(max(0, kind.start() - 12), kind.start() - 1):
                core = question[start : kind.start()]
                if core in self._words.generic or not core.isalnum():
                    continue
                kinds = self._words.spoken_type[kind.group()]
                if kind.group().startswith("办") and core not in self._words.office:
                    kinds = kinds[:1]
                if ids := self._best(core, kinds):
                    yield start, kind.end(), ids
                    break
            else:
                if typed := self._mistyped(question, kind):
                    yield typed

    def _best(self, core: str, kinds: Sequence[str]) -> list[int]:
        """Return what a core means, by jurisdiction: same stem, else listed name, else subsequence."""
        if core in self._words.generic:
            return []
        tried = [
            self._stems.get(core, []),
            list(self._alias.get(core, ())),
            [i for stem in self._candidates(core) for i in self._stems[stem]],
        ]
        best: dict[str, tuple[int, list[int]]] = {}  # jurisdiction → rank, units
        for step, ids in enumerate(tried):
            for i in ids:
                own = self._units[i].name.type_
                own = self._words.same_type.get(own, own)
                if own not in kinds:
                    continue
                rank = step * 100 + (0 if step else kinds.index(own))
                have = best.get(self._units[i].jurisdiction)
                if have is None or rank < have[0]:
                    best[self._units[i].jurisdiction] = (rank, [i])
                elif rank == have[0] and i not in have[1]:
                    have[1].append(i)
        return [i for _, ids in best.values() for i in ids]

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

    def _mistyped(self, question: str, kind: re.Match[str]) -> tuple[int, int, list[int]] | None:
        """Accept one wrong character in three or more before the type, when one stem alone is that near."""
        for size in range(min(10, kind.start()), 2, -1):
            core = question[kind.start() - size : kind.start()]
            near = [
                said
                for said in self._typable
                if abs(len(said) - size) < 2
                and OSA.distance(core, said, score_cutoff=1) == 1
                and said[0] == core[0]
            ]
            ids = {tuple(self._best(said, self._words.spoken_type[kind.group()])) for said in near}
            if len(ids) == 1 and (only := ids.pop()):
                return kind.start() - size, kind.end(), list(only)
        return None

    def _holding(self, group: SpokenGroup) -> list[int]:
        return [i for i in self._groups if any(h in self._units[i].unit for h in group.holds)]

    def _said_groups(self, question: str) -> Iterable[tuple[int, int, list[int]]]:
        for group in self._words.groups:
            for said in group.said:
                if (start := question.find(said)) >= 0 and (ids := self._holding(group)):
                    yield start, start + len(said), ids

    def _placed(
        self, question: str, start: int, end: int, ids: list[int], jurisdictions: Collection[str] | None
    ) -> UnitMention | None:
        """Take in level and place before the name, and keep the units that agree with them."""
        units = [self._units[i] for i in sorted(ids)]
        if jurisdictions is not None:
            units = [k for k in units if k.jurisdiction in jurisdictions]
        before, begin = question[:start], start
        surface = question[start:end]
        if exact := {k.jurisdiction for k in units if k.unit == surface}:
            level = parts(surface).level
            units = [
                k
                for k in units
                if k.unit == surface or (k.jurisdiction not in exact and k.name.level == level)
            ]
        elif found := re.search(r"(?<![全各])(?:自治区|省|市|县|区|州|盟|旗)$", before):
            units = [
                k
                for k in units
                if k.name.level in ("", found.group()[-1]) or k.name.branch or is_group(k.unit)
            ]
            start, before = found.start(), before[: found.start()]
        elif before.endswith(("国家", "中央", "全国", "总")):
            return None
        for place in self._known_places:
            tail = place if len(place) < 4 or before.endswith(place) else place[-2:]
            if before.endswith(tail):
                units = [k for k in units if place in k.places]
                start -= len(tail)
                break
        else:
            levelled = start < begin and re.search(rf"{HAN}$", before)
            if levelled and not before.endswith(("全", "各", *self._words.before_level)):
                return None  # a place of which nothing is known here
        if not units:
            return None
        candidates = tuple((k.jurisdiction, k.unit) for k in _own_branch(units))
        return UnitMention(question[start:end], start, end, candidates)


@dataclass(frozen=True, slots=True)
class UnitNames:
    """The units that a set of documents names, each with its jurisdiction."""

    units: tuple[tuple[str, str], ...]

    @classmethod
    def from_duties(cls, duties: Iterable[tuple[str, Duty]]) -> "UnitNames":
        """Build from (jurisdiction, duty) pairs; each unit once, in order of first mention."""
        return cls(tuple(dict.fromkeys((jurisdiction, duty.unit) for jurisdiction, duty in duties)))

    def matcher(self) -> UnitMatcher:
        """Return a matcher over these units; keep it, building is the slow part."""
        return UnitMatcher(self.units)


def resolve(text: str, candidates: Sequence[str]) -> list[str]:
    """Return the canonical names among `candidates` that `text` may mean: several are ambiguous."""
    return [unit for _, unit in UnitMatcher([("", c) for c in candidates]).resolve(text)]
