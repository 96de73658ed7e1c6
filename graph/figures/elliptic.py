"""Figures said in short after a full one: 中小微企业返还60%，大型企业为30%; 农村为每人每月650元."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from graph.facts import QuantityRole
from graph.figures.amounts import Figure
from graph.figures.site import Found, Setting, Site
from graph.figures.topics import is_party
from graph.figures.words import any_of

_KEPT: tuple[QuantityRole, ...] = ("reward", "subsidy", "per_unit_rate", "loan_limit", "fee_rate")
_UNSURE: tuple[QuantityRole, ...] = ("other", "target", "threshold")


@cache
def _short() -> re.Pattern[str]:
    """A label, then nothing but words of how often, how much more, and 为."""
    each = "(?:每[人户生家名台亩]|每[个]?[年月天日]|每学[期年]|户均|人均|平均)"
    linked = (
        f"(?:{each}|为|按照?|由|从|至|到|再|另|可|分别|不超过|最高|最低|不低于|{any_of('roles', 'shift')})"
    )
    return re.compile(
        f"[、，和及]?(?:其中|对)?(?P<label>[^，；。\\d的]{{0,14}}?|[^，；。\\d]{{2,20}}的)(?P<said>{linked}*)$"
    )


@dataclass(frozen=True, slots=True)
class Short:
    """What a figure said in short is: the role of the full one, its label, and the full one's setting."""

    role: QuantityRole
    label: str
    before: Setting
    near: Setting  # of the figure before it in the same part


def in_short(what: QuantityRole, figure: Figure, site: Site, read: Sequence[Found]) -> Short | None:
    """Return what a sum or rate takes over from the one before; None where it says its own."""
    if what not in _UNSURE or figure.family not in ("money", "rate") or site.place.in_topic:
        return None
    same = [found for found in read if found.site.figure.family == figure.family and found.role in _KEPT]
    after = site.place.after.rstrip("。！；")
    if not same or (after and not re.match("[、）]|(?:提高|增加|调整)", after)):
        return None
    short = _short().match(site.text[max(site.part[0], read[-1].site.figure.end) : figure.start])
    if short is None:
        return None
    aged = read[-1].site.figure.unit == "years_of_age" and short["said"].startswith(
        "每"
    )  # 90周岁以上每人每月120元
    if not (short["label"] or aged or re.search(any_of("roles", "shift"), short["said"])):
        return None
    taken = not short["label"] or _names(short["label"])
    near = read[-1].setting if read[-1].site.part == site.part and not aged else Setting()
    return Short(same[-1].role, short["label"], same[-1].setting, near) if taken else None


def said_of(short: Short, own: Setting) -> Setting:
    """Return the setting of a figure said in short: its label is the recipient where it names one."""
    if own.recipient or not short.label:
        return replace(own, recipient=own.recipient or short.near.recipient)
    if not is_party(short.label):
        return own
    return replace(own, recipient=short.label, condition=short.before.condition, confidence=0.8)


def _names(label: str) -> bool:
    """Tell whether a label names who or what the figure is for, and measures nothing (二套, 大型企业)."""
    measures = re.search("[额值量率数入资金费价本达超满年月日度]$|规模|比例", label)
    aged = re.fullmatch(r".*(?:周岁|岁)(?:及?以上)?(?:.{0,4})", label)
    return (
        is_party(label) or aged is not None or label.endswith("的") or (len(label) <= 6 and measures is None)
    )
