"""Doubts about duties: names that no register knows, cut or garbled ones, roles read from running text."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from graph.facts import Duty
from graph.review.signs import Sign
from graph.units.names import is_group, parts
from graph.units.words import HAN, unit_words
from ingest.model import Clause

_NAME = re.compile(rf"(?:{HAN}|[（）·“”]|[A-Z]{{2,}})+")
_LEVELS = ("省", "市", "县", "区", "州", "盟", "旗", "乡", "镇")
# How completing words its notes (graph.units.completing, reading, duties).
_NOTES = (
    ("漏字", "unit-cut"),
    ("未能补全", "unit-cut"),
    ("承前补", "unit-completed"),
    ("通例补", "unit-completed"),
    ("略去辖区字", "unit-completed"),
    ("不同写法", "unit-variant"),
    ("排在首位", "unit-first"),
    ("略去“等", "list-open"),
)


def of_duty(
    duty: Duty, clause: Clause | None, garbled: Mapping[str, str], joined: Mapping[str, str]
) -> Iterator[Sign]:
    """Yield the signs of doubt about a duty; `garbled` and `joined` tell the likely names."""
    yield from _of_name(duty.unit)
    if duty.unit in garbled:
        yield ("unit-garbled", duty.unit, garbled[duty.unit])
    if duty.unit in joined:
        yield ("unit-joined", joined[duty.unit])
    if duty.note:
        yield from ((sign,) for words, sign in _NOTES if words in duty.note)
    span = duty.evidence.span
    if clause and span and not any(u.start <= span.start and span.end <= u.end for u in clause.units):
        yield ("role-running",)


@lru_cache(maxsize=8192)
def _of_name(unit: str) -> tuple[Sign, ...]:
    if not _NAME.fullmatch(unit):
        return (("unit-characters", unit),)
    if unit.count("（") != unit.count("）"):
        return (("unit-no-type", unit),)
    if unit.startswith(unit_words().own) and not is_group(unit):
        return ()
    if _many(unit) or _locality(unit):
        return ()
    if not parts(unit).type_:
        return (("unit-no-type", unit),)
    return () if _registered(unit) else (("unit-unknown", unit),)


def _registered(unit: str) -> bool:
    """Tell whether a name says a field of government that the register has (财政, 工业和信息化, …)."""
    name = parts(unit)
    return unit_words().starts.match(name.stem + name.type_) is not None


def _many(unit: str) -> bool:
    """Tell a whole name of a group: what is meant is written out to the end (各县区政 is cut)."""
    return is_group(unit) and (unit.endswith(_LEVELS) or bool(parts(unit).type_))


def _locality(unit: str) -> bool:
    """A township's or street's own government or office bears a place's name, which no list holds."""
    return (
        re.fullmatch(
            rf"{HAN}{{2,10}}(?:乡|镇|街道|社区|园区|开发区|管理区)(?:人民政府|政府|办事处|管委会|管理委员会)?",
            unit,
        )
        is not None
    )


def garbled(duties: Sequence[Duty]) -> dict[str, str]:
    """Return names that are one character off a name that the document has more often, or cut short of it.

    Names of a known field are left alone: 民政局 and 财政局 differ by one character, too.
    """
    counts = Counter(duty.unit for duty in duties)
    by_length: dict[int, list[str]] = {}
    for unit in counts:
        by_length.setdefault(len(unit), []).append(unit)
    found = {}
    for unit in (unit for unit in counts if not _known_field(unit)):
        near = [other for other in by_length[len(unit)] if _off_by_one(unit, other)]
        near += [other for other in by_length.get(len(unit) + 1, ()) if other.startswith(unit)]
        if often := [other for other in near if counts[other] > counts[unit]]:
            found[unit] = max(often, key=lambda other: counts[other])
    return found


def joined(duties: Sequence[Duty]) -> dict[str, str]:
    """Return names that are two names of the document run together, with both told apart."""
    names = {duty.unit for duty in duties}
    return {
        unit: f"{unit[:cut]}、{unit[cut:]}"
        for unit in names
        for cut in range(3, len(unit) - 2)
        if unit[:cut] in names and unit[cut:] in names
    }


@lru_cache(maxsize=8192)
def _known_field(unit: str) -> bool:
    stem = parts(unit).stem
    starts = unit_words().starts
    return starts.fullmatch(stem) is not None or _all_known(stem)


def _all_known(stem: str) -> bool:
    """Tell whether a stem is nothing but known fields, one after the other (发展改革和工业信息化)."""
    rest = unit_words().starts.sub("", stem)
    return rest != stem and not re.sub("[和与及、（）]|事业|服务|发展|管理", "", rest)


def _off_by_one(one: str, other: str) -> bool:
    differ = [(a, b) for a, b in zip(one, other, strict=True) if a != b]
    return len(differ) == 1 and not set(differ[0]) <= set(_LEVELS)
