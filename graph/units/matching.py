"""Finding public bodies in questions: whole names, short and mistyped ones, and groups as people say them."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from graph.units.names import is_group, parts
from graph.units.reforms import change_between
from graph.units.register import Known, Register
from graph.units.words import HAN, any_of, unit_words


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


class UnitMatcher:
    """Finds unit names in questions, over a fixed set of (jurisdiction, canonical unit).

    Building takes a few milliseconds a thousand units; finding far less than one. Safe to share
    between threads: nothing changes after building.
    """

    def __init__(self, units: Sequence[tuple[str, str]]) -> None:
        self._words = unit_words()
        self._known = Register(units)
        self._spoken = re.compile(any_of(self._words.spoken_type))

    def find(self, question: str, jurisdictions: Collection[str] | None = None) -> list[UnitMention]:
        """Return the units named in `question`, in order; longest names first, none overlapping.

        With `jurisdictions`, only their units count. Several candidates of one jurisdiction mean that
        the name is ambiguous there, or that the body had another name before a reform; candidates of several
        jurisdictions, that the place is open.
        """
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
                return self._kept(self._known.holding(group), jurisdictions)
        name = parts(bare)
        core = name.stem if name.level and not name.type_ else bare
        kinds = [*self._words.spoken_type["部门"], *(k for k in self._words.spoken_type["管委会"])]
        ids = self._known.best(core, kinds)
        if not ids and bare in self._words.spoken_type["管委会"]:
            ids = [i for i, k in enumerate(self._known.units) if k.name.type_ == bare]
        return self._kept(
            [i for i in ids if not name.level or self._known.units[i].name.level == name.level], jurisdictions
        )

    def _kept(self, ids: Iterable[int], jurisdictions: Collection[str] | None) -> tuple[tuple[str, str], ...]:
        kept = _own_branch([self._known.units[i] for i in sorted(ids)])
        return tuple(
            (k.jurisdiction, k.unit) for k in kept if jurisdictions is None or k.jurisdiction in jurisdictions
        )

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

    def _placed(
        self, question: str, start: int, end: int, ids: list[int], jurisdictions: Collection[str] | None
    ) -> UnitMention | None:
        """Take in level and place before the name, and keep the units that agree with them."""
        units = [self._known.units[i] for i in sorted(ids)]
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
        for place in self._known.places:
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
        units = _own_branch(units)
        numbers = [self._known.number[k.jurisdiction, k.unit] for k in units]
        units += [self._known.units[j] for i in numbers for j in self._known.kin.get(i, ())]
        stem = parts(surface).stem
        changes = {k.unit: c.ground for k in units if (c := change_between(stem, k.unit))}
        candidates = tuple(dict.fromkeys((k.jurisdiction, k.unit) for k in units))
        return UnitMention(question[start:end], start, end, candidates, tuple(changes.items()))


def resolve(text: str, candidates: Sequence[str]) -> list[str]:
    """Return the canonical names among `candidates` that `text` may mean: several are ambiguous."""
    return [unit for _, unit in UnitMatcher([("", c) for c in candidates]).resolve(text)]
