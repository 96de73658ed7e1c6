"""Finding public bodies in questions: whole names, short and mistyped ones, and groups as people say them."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from graph.units.names import is_group, parts
from graph.units.reforms import change_between
from graph.units.register import Known, Register
from graph.units.words import HAN, any_of, unit_words

_KEPT = 512  # sets of places whose units are kept ready


@dataclass(frozen=True, slots=True)
class UnitMention:
    """A unit named in a question: where, and which (jurisdiction, unit) it may be; none when unknown.

    `renamed` gives candidates between whose name and the one that is said a reform lies, each with its
    ground in Chinese.
    """

    surface: str
    start: int
    end: int
    candidates: tuple[tuple[str, str], ...]
    renamed: tuple[tuple[str, str], ...] = ()


def _own_branch(units: list[Known]) -> list[Known]:
    """Of several branches prefer that of the jurisdiction's own place (another is a document's slip)."""
    own = {k.jurisdiction for k in units if k.name.branch and k.name.branch in k.jurisdiction}
    return [
        k for k in units if k.jurisdiction not in own or not k.name.branch or k.name.branch in k.jurisdiction
    ]


def _grouped(units: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    places: dict[str, list[str]] = {}
    for place, unit in units:
        places.setdefault(place, []).append(unit)
    return places


class UnitMatcher:
    """Finds unit names in questions, over a fixed set of (jurisdiction, canonical unit).

    A question that names its places is read against their units alone: what a place more costs does not
    grow with the others. The units of all places are taken apart when a question without a place first
    comes; that takes 15 milliseconds a thousand. Safe to share between threads.
    """

    def __init__(self, units: Sequence[tuple[str, str]] | Mapping[str, Collection[str]]) -> None:
        """Take pairs, or the units by place."""
        self._places = units if isinstance(units, Mapping) else _grouped(units)
        self._order = {place: number for number, place in enumerate(self._places)}
        self._words = unit_words()
        self._spoken = re.compile(any_of(self._words.spoken_type))
        self._within = lru_cache(maxsize=_KEPT)(self._of)

    @cached_property
    def _known(self) -> Register:
        return Register([(place, unit) for place, units in self._places.items() for unit in units])

    def _of(self, places: frozenset[str]) -> "UnitMatcher":
        known = sorted(places & self._places.keys(), key=self._order.__getitem__)
        return UnitMatcher({place: self._places[place] for place in known})

    def find(self, question: str, jurisdictions: Collection[str] | None = None) -> list[UnitMention]:
        """Return the units named in `question`, in order; longest names first, none overlapping.

        With `jurisdictions`, only their units count. Several candidates of one jurisdiction mean that
        the name is ambiguous there, or that the body had another name before a reform; candidates of several
        jurisdictions, that the place is open.
        """
        if jurisdictions is not None:
            return self._within(frozenset(jurisdictions)).find(question)
        text = question.replace("与", "和")
        found: dict[tuple[int, int], list[int]] = {}
        for start, end, ids in (*self._whole(text), *self._short(text), *self._said_groups(text)):
            have = found.setdefault((start, end), [])
            met = {self._known.units[i].jurisdiction for i in have}
            have.extend(i for i in ids if self._known.units[i].jurisdiction not in met)
        for start, end in list(found):  # 区住建局 may be another district's 住房和城乡建设局 as well
            level = self._words.level.match(text, start, end)
            if level and (level.end(), end) in found:
                have = found[start, end]
                met = {self._known.units[i].jurisdiction for i in have}
                have.extend(
                    i for i in found[level.end(), end] if self._known.units[i].jurisdiction not in met
                )
        taken: list[UnitMention] = []
        for (start, end), ids in sorted(found.items(), key=lambda f: (f[0][0] - f[0][1], f[0][0])):
            if any(start < m.end and m.start < end for m in taken):
                continue
            mention = self._placed(question, start, end, ids)
            if mention is not None:
                taken.append(mention)
        return sorted(taken, key=lambda m: m.start)

    def resolve(self, text: str, jurisdictions: Collection[str] | None = None) -> tuple[tuple[str, str], ...]:
        """Return what a name standing alone may mean; here a bare field (财政) or group (街道) counts too."""
        if jurisdictions is not None:
            return self._within(frozenset(jurisdictions)).resolve(text)
        bare = re.sub(r"\s", "", text)
        mentions = [m for m in self.find(bare) if m.start == 0 and m.end == len(bare)]
        if mentions:
            return mentions[0].candidates
        for group in self._words.groups:
            if bare in group.bare:
                return self._kept(self._known.holding(group))
        name = parts(bare)
        core = name.stem if name.level and not name.type_ else bare
        kinds = [*self._words.spoken_type["部门"], *(k for k in self._words.spoken_type["管委会"])]
        ids = self._known.best(core, kinds)
        if not ids and bare in self._words.spoken_type["管委会"]:
            ids = [i for i, k in enumerate(self._known.units) if k.name.type_ == bare]
        return self._kept(i for i in ids if not name.level or self._known.units[i].name.level == name.level)

    def _kept(self, ids: Iterable[int]) -> tuple[tuple[str, str], ...]:
        kept = _own_branch([self._known.units[i] for i in sorted(ids)])
        return tuple((k.jurisdiction, k.unit) for k in kept)

    def _whole(self, question: str) -> Iterable[tuple[int, int, list[int]]]:
        for start in range(len(question)):
            for end in range(min(len(question), start + self._known.longest), start + 1, -1):
                if ids := self._known.whole.get(question[start:end]):
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
                if ids := self._known.best(core, kinds):
                    yield start, kind.end(), ids
                    break
            else:
                if typed := self._mistyped(question, kind):
                    yield typed

    def _mistyped(self, question: str, kind: re.Match[str]) -> tuple[int, int, list[int]] | None:
        """Accept one wrong character in three or more before the type."""
        for size in range(min(10, kind.start()), 2, -1):
            core = question[kind.start() - size : kind.start()]
            if ids := self._known.near(core, self._words.spoken_type[kind.group()]):
                return kind.start() - size, kind.end(), ids
        return None

    def _said_groups(self, question: str) -> Iterable[tuple[int, int, list[int]]]:
        for group in self._words.groups:
            for said in group.said:
                if (start := question.find(said)) >= 0 and (ids := self._known.holding(group)):
                    yield start, start + len(said), ids

    def _placed(self, question: str, start: int, end: int, ids: list[int]) -> UnitMention | None:
        """Take in level and place before the name, and keep the units that agree with them."""
        units = [self._known.units[i] for i in sorted(ids)]
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
            start, before = found.start(), before[: found.start()]
            fitting = [
                k
                for k in units
                if k.name.level in ("", found.group()[-1]) or k.name.branch or is_group(k.unit)
            ]
            said, _ = self._known.place_before(before)  # who names a place may mistake its level
            units = fitting or [k for k in units if said and not said.isdisjoint(k.places)]
        elif before.endswith(("国家", "中央", "全国", "总")):
            return None
        named, size = self._known.place_before(before)
        if named:
            units = [k for k in units if not named.isdisjoint(k.places)]
            start -= size
        else:
            levelled = start < begin and re.search(rf"{HAN}$", before)
            if levelled and not before.endswith(("全", "各", *self._words.before_level)):
                return None  # a place of which nothing is known here
        if not units:
            return None
        units = _own_branch(units)
        numbers = [self._known.number[k.jurisdiction, k.unit] for k in units]
        units += [self._known.units[j] for i in numbers for j in self._known.kin.get(i, ())]
        stem, names = parts(surface).stem, dict.fromkeys(k.unit for k in units)
        changes = {unit: c.ground for unit in names if (c := change_between(stem, unit))}
        candidates = tuple(dict.fromkeys((k.jurisdiction, k.unit) for k in units))
        return UnitMention(question[start:end], start, end, candidates, tuple(changes.items()))


def resolve(text: str, candidates: Sequence[str]) -> list[str]:
    """Return the canonical names among `candidates` that `text` may mean: several are ambiguous."""
    return [unit for _, unit in UnitMatcher([("", c) for c in candidates]).resolve(text)]
