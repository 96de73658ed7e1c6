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
from functools import cache
from importlib import resources
from itertools import pairwise

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
    sentence: re.Pattern[str]
    roles: dict[str, str]
    fields: tuple[Field, ...]
    starts: re.Pattern[str]
    generic: frozenset[str]
    not_after: dict[str, tuple[str, ...]]
    groups: tuple[SpokenGroup, ...]


def _any(words: Iterable[str]) -> str:
    return "(?:" + "|".join(map(re.escape, sorted(set(words), key=lambda w: (-len(w), w)))) + ")"


@cache
def unit_words() -> UnitWords:
    """Load the registry's word lists (once a process)."""
    data = tomllib.loads(resources.files("data").joinpath("registry/units.toml").read_text("utf-8"))
    fields = tuple(
        Field(tuple(f["forms"]), tuple(f.get("also", ())), tuple(f.get("old", ())), f["why"]) for f in data["field"]
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
        sentence=re.compile(_any(members["sentence"])),
        roles={word: row["role"] for row in data["role"] for word in row["words"]},
        fields=fields,
        starts=re.compile(_any(starts)),
        generic=frozenset(asked["generic"]),
        not_after={k: tuple(v) for k, v in asked["not_after"].items()},
        groups=tuple(SpokenGroup(tuple(g["said"]), tuple(g["bare"]), tuple(g["holds"])) for g in asked["group"]),
    )


@dataclass(frozen=True, slots=True)
class UnitName:
    """A unit's name in parts: ``市`` + ``自然资源和规划`` + ``局`` with branch ``湛河``; a part may be empty."""

    level: str
    place: str
    stem: str
    type_: str
    branch: str = ""


@cache
def parts(name: str) -> UnitName:
    """Take a name apart. Never fails: what fits no pattern is all stem."""
    words = unit_words()
    level = place = branch = ""
    rest = name
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
    kind = found.group() if found and found.start() > 0 else ""
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


def field_key(stem: str) -> str:
    """Return a stem with its field's written variant replaced by the first one (发改 → 发展改革)."""
    best = next(
        (
            (form, field.forms[0])
            for form, field in sorted(
                ((form, field) for field in unit_words().fields for form in field.forms), key=lambda x: -len(x[0])
            )
            if stem.startswith(form)
        ),
        None,
    )
    return stem if best is None else best[1] + stem[len(best[0]) :]


def spoken_forms(unit: str) -> tuple[str, ...]:
    """List the other names of a unit's field, with its level and type (县发展改革委 → 县发改委): skos:altLabel."""
    name = parts(unit)
    if not name.type_ or name.branch or is_group(unit):
        return ()
    head = unit[: unit.find(name.stem)]
    forms = next((f.forms for f in unit_words().fields if name.stem in f.forms), ())
    return tuple(head + form + name.type_ for form in forms if form != name.stem)


def former_names(unit: str) -> tuple[tuple[str, str], ...]:
    """List a unit's former names with the ground (区生态环境局 ← 区环保局, 2018 年机构改革…): org:ChangeEvent."""
    name = parts(unit)
    if not name.type_ or name.branch or is_group(unit):
        return ()
    head = unit[: unit.find(name.stem)]
    return tuple((head + old + name.type_, f.why) for f in unit_words().fields if name.stem in f.forms for old in f.old)
