"""Names of public bodies: their parts, their short and former names, and finding them in questions.

The words come from ``data/registry/units.toml``; places come from the documents. A name in a question
stands for a unit when it is the unit's name without level and place, a listed other name of its field,
or an ordered subsequence of it (人社 in 人力资源和社会保障): in that order, and never by likeness alone.
"""

import re
import tomllib
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

from rapidfuzz.distance import OSA

from graph.facts import Duty

HAN = r"[\u4e00-\u9fff]"


@dataclass(frozen=True, slots=True)
class Field:
    """A field of government: written variants, names elsewhere or in speech, former names, the ground."""

    forms: tuple[str, ...]
    also: tuple[str, ...]
    old: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class SpokenGroup:
    """How people say a group of units (街道办), and what a group's name must hold to be meant."""

    said: tuple[str, ...]
    bare: tuple[str, ...]
    holds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnitWords:
    """The word lists of ``units.toml``, ready for use."""

    level: re.Pattern[str]
    type_: re.Pattern[str]
    place: re.Pattern[str]
    group: re.Pattern[str]
    rest: re.Pattern[str]
    vague: re.Pattern[str]
    same_type: dict[str, str]
    spoken_type: dict[str, tuple[str, ...]]
    own: tuple[str, ...]
    party: frozenset[str]
    restored: frozenset[str]
    heads: frozenset[str]
    sentence: re.Pattern[str]
    roles: dict[str, str]
    fields: tuple[Field, ...]
    starts: re.Pattern[str]
    generic: frozenset[str]
    office: frozenset[str]
    before_level: str
    no_units: re.Pattern[str]
    joined: re.Pattern[str]
    not_after: dict[str, tuple[str, ...]]
    groups: tuple[SpokenGroup, ...]


def _any(words: Iterable[str]) -> str:
    return "(?:" + "|".join(map(re.escape, sorted(set(words), key=lambda w: (-len(w), w)))) + ")"


@cache
def unit_words() -> UnitWords:
    """Load the registry's word lists (once a process)."""
    data = tomllib.loads(resources.files("data").joinpath("registry/units.toml").read_text("utf-8"))
    fields = tuple(
        Field(tuple(f["forms"]), tuple(f.get("also", ())), tuple(f.get("old", ())), f["why"])
        for f in data["field"]
    )
    starts = {w for f in fields for w in (*f.forms, *f.also, *f.old)} | set(data["plain"]["fields"])
    level = f"(?!{_any(data['not_levels'])}){_any(data['levels'])}"
    members, asked = data["members"], data["questions"]
    return UnitWords(
        level=re.compile(level),
        type_=re.compile(_any(data["types"]) + "$"),
        place=re.compile(rf"{HAN}{{1,8}}?{_any(data['levels'])}(?={_any(starts)})"),
        group=re.compile("|".join(members["group"])),
        rest=re.compile(members["rest"]),
        vague=re.compile(members["vague"]),
        same_type=data["same_type"],
        spoken_type={k: tuple(v) for k, v in data["spoken_type"].items()},
        own=tuple(members["own"]),
        party=frozenset(members["party"]),
        restored=frozenset(members["restored"]),
        heads=frozenset(members["restored"] + members["heads"]),
        sentence=re.compile(_any(members["sentence"])),
        roles={word: row["role"] for row in data["role"] for word in row["words"]},
        fields=fields,
        starts=re.compile(_any(starts)),
        generic=frozenset(asked["generic"]),
        office=frozenset(asked["office"]),
        before_level=asked["before_level"],
        no_units=re.compile(asked["no_units"]),
        joined=re.compile(members["joined"]),
        not_after={k: tuple(v) for k, v in asked["not_after"].items()},
        groups=tuple(
            SpokenGroup(tuple(g["said"]), tuple(g["bare"]), tuple(g["holds"])) for g in asked["group"]
        ),
    )


@dataclass(frozen=True, slots=True)
class UnitName:
    """A unit's name in parts: ``市`` + ``自然资源和规划`` + ``局`` and a branch's place; any may be empty."""

    level: str
    place: str
    stem: str
    type_: str
    branch: str = ""


@lru_cache(maxsize=16384)
def parts(name: str) -> UnitName:
    """Take a name apart. Never fails: what fits no pattern is all stem."""
    words = unit_words()
    level = place = branch = ""
    name = rest = re.sub("（[^（）]*）$", "", name) or name
    if found := words.level.match(name):
        level = found.group()
        rest = name[len(level) :]
    elif not words.starts.match(name) and (found := words.place.match(name)):
        place, rest = found.group(), name[found.end() :]
        level = place[-1]
    if rest.startswith("委") and len(rest) > 2:  # 市委宣传部
        rest = rest[1:]
    if inner := re.fullmatch(r"(.+?(?:局|委|分局))(.{2,6})(?:分局|监管组|支队|大队|站|所)", rest):
        rest, branch = inner.group(1), inner.group(2)
    elif inner := re.fullmatch(r"((?:中国)?人民银行|人行)(.{2,8}?)(中心支行|支行|分行)", rest):
        rest, branch = inner.group(1) + inner.group(3), inner.group(2)
    found = words.type_.search(rest)
    kind = found.group() if found and (found.start() > 0 or level) else ""
    return UnitName(level, place, rest[: len(rest) - len(kind)], kind, branch)


def is_group(name: str) -> bool:
    """Say whether a name stands for many units (各乡镇政府, 镇政府（街道办事处））."""
    return unit_words().group.search(name) is not None


def looks_like_unit(name: str) -> bool:
    """Say whether `name`, an item of a list that is surely one of units, has the form of a name."""
    bare = re.sub(r"（[^（）]*）|“[^“”]*”", "", name)
    if not 2 <= len(bare) <= 24 or not re.fullmatch(rf"(?:{HAN}|[A-Za-z·/、])+", bare):
        return False
    words = unit_words()
    return (words.type_.search(bare) is not None or is_group(name)) and not words.sentence.search(bare)


def surely_unit(name: str) -> bool:
    """Say whether `name` is a unit's even in running text: level or place, a known field, a type."""
    if not looks_like_unit(name) or name.endswith(("部门", "单位", "机构", "企业")):
        return False
    words, name_parts = unit_words(), parts(name)
    if is_group(name):
        return re.search(r"(?:政府|办事处|管委会|管委会）)$", name) is not None
    if not name_parts.type_ or name_parts.type_ in {"组", "行", "会", "队", "站", "所", "室"}:
        return words.starts.match(name_parts.stem) is not None and len(name) > 2 and name_parts.stem != name
    return words.starts.match(name_parts.stem) is not None


@cache
def _first_forms() -> tuple[tuple[str, str], ...]:
    pairs = [(form, field.forms[0]) for field in unit_words().fields for form in field.forms]
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))


def field_key(stem: str) -> str:
    """Return a stem with its field's written variant replaced by the first one (发改 → 发展改革)."""
    return next((first + stem[len(form) :] for form, first in _first_forms() if stem.startswith(form)), stem)


def spoken_forms(unit: str) -> tuple[str, ...]:
    """List the other written forms of a unit's name (县发展改革委 → 县发改委): its skos:altLabel."""
    name = parts(unit)
    if not name.type_ or name.branch or is_group(unit):
        return ()
    head = unit[: unit.find(name.stem)]
    forms = next((f.forms for f in unit_words().fields if name.stem in f.forms), ())
    return tuple(head + form + name.type_ for form in forms if form != name.stem)


def former_names(unit: str) -> tuple[tuple[str, str], ...]:
    """List a unit's former names, each with the ground (区生态环境局 ← 区环保局): its org:ChangeEvent."""
    name = parts(unit)
    if not name.type_ or name.branch or is_group(unit):
        return ()
    head = unit[: unit.find(name.stem)]
    return tuple(
        (head + old + name.type_, f.why) for f in unit_words().fields if name.stem in f.forms for old in f.old
    )


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
        self._spoken = re.compile(_any(words.spoken_type))
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
