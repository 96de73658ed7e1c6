"""Names of public bodies: their parts and their other written forms.

Places come from the documents; every other word from ``data/registry/units.toml``.
"""

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from graph.units.words import HAN, unit_words


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


@lru_cache(maxsize=16384)
def is_group(name: str) -> bool:
    """Say whether a name stands for many units (各乡镇政府, 镇政府（街道办事处））."""
    return unit_words().group.search(name) is not None


@lru_cache(maxsize=16384)
def looks_like_unit(name: str) -> bool:
    """Say whether `name`, an item of a list that is surely one of units, has the form of a name."""
    bare = re.sub(r"（[^（）]*）|“[^“”]*”", "", name)
    if not 2 <= len(bare) <= 24 or not re.fullmatch(rf"(?:{HAN}|[A-Za-z·/、])+", bare):
        return False
    words = unit_words()
    return (words.type_.search(bare) is not None or is_group(name)) and not words.sentence.search(bare)


@lru_cache(maxsize=16384)
def surely_unit(name: str) -> bool:
    """Say whether `name` is a unit's even in running text: level or place, a known field, a type."""
    if not looks_like_unit(name):
        return False
    words, name_parts = unit_words(), parts(name)
    if is_group(name):
        return words.answering.search(name) is not None
    if name.endswith(("部门", "单位", "机构", "企业")):
        return False
    if words.local.search(name) or (
        name_parts.level and name_parts.type_ in words.solid and len(name_parts.stem) > 1
    ):
        return True
    known = words.starts.match(name_parts.stem + name_parts.type_) is not None
    if not name_parts.type_ or name_parts.type_ in {"组", "行", "会", "队", "站", "所", "室", "股"}:
        return known and len(name) > 2 and name_parts.stem != name
    return known


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
