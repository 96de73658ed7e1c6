"""The word lists on public bodies, ready for use: ``data/registry/units.toml``."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from data import table

HAN = r"[\u4e00-\u9fff]"


@dataclass(frozen=True, slots=True)
class Field:
    """A field of government: written variants, names elsewhere or in speech, the ground."""

    forms: tuple[str, ...]
    also: tuple[str, ...]
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
    solid: frozenset[str]
    local: re.Pattern[str]
    answering: re.Pattern[str]  # groups that running text may make answer
    no_ends: frozenset[str]  # words whose first character looks like the end of a name


def any_of(words: Iterable[str]) -> str:
    """Return a pattern for any of the words, the longest first."""
    return "(?:" + "|".join(map(re.escape, sorted(set(words), key=lambda w: (-len(w), w)))) + ")"


@cache
def unit_words() -> UnitWords:
    """Load the registry's word lists (once a process)."""
    data = table("registry", "units.toml")
    fields = tuple(Field(tuple(f["forms"]), tuple(f.get("also", ())), f["why"]) for f in data["field"])
    former = {old for row in table("registry", "reforms.toml")["change"] for old in row["old"]}
    starts = {w for f in fields for w in (*f.forms, *f.also)} | former | set(data["plain"]["fields"])
    level = f"(?!{any_of(data['not_levels'])}){any_of(data['levels'])}"
    members, asked = data["members"], data["questions"]
    return UnitWords(
        level=re.compile(level),
        type_=re.compile(any_of(data["types"]) + "$"),
        place=re.compile(rf"{HAN}{{1,8}}?{any_of(data['levels'])}(?={any_of(starts)})"),
        group=re.compile("|".join(members["group"])),
        rest=re.compile(members["rest"]),
        vague=re.compile(members["vague"]),
        same_type=data["same_type"],
        spoken_type={k: tuple(v) for k, v in data["spoken_type"].items()},
        own=tuple(members["own"]),
        party=frozenset(members["party"]),
        restored=frozenset(members["restored"]),
        heads=frozenset(members["restored"] + members["heads"]),
        sentence=re.compile(any_of(members["sentence"])),
        roles={word: row["role"] for row in data["role"] for word in row["words"]},
        fields=fields,
        starts=re.compile(any_of(starts)),
        generic=frozenset(asked["generic"]),
        office=frozenset(asked["office"]),
        before_level=asked["before_level"],
        no_units=re.compile(asked["no_units"]),
        joined=re.compile(members["joined"]),
        not_after={k: tuple(v) for k, v in asked["not_after"].items()},
        groups=tuple(
            SpokenGroup(tuple(g["said"]), tuple(g["bare"]), tuple(g["holds"])) for g in asked["group"]
        ),
        solid=frozenset(data["running"]["solid"]),
        local=re.compile(data["running"]["local"]),
        answering=re.compile(data["running"]["groups"]),
        no_ends=frozenset(data["running"]["no_ends"]),
    )
