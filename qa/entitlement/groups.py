"""Fixed rewards of a clause put together by what they are for, and added up."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from graph.facts import Quantity
from qa.entitlement.matching import similar
from qa.entitlement.offers import Offer
from qa.entitlement.reckoning import Reckoning, Verdict, yuan
from qa.text import plain

_LONG = 48  # characters of a reward's purpose that are shown
_GIVING = re.compile(
    r"[，、]?(?:再|另外|另|额外)?(?:一次性)?(?:分别|各)?(?:给予|奖励|补助|补贴|发放|给|奖|补)*(?:一次性)?(?:资金|财政)?(?:奖励|补贴|补助|最高)?(?:不超过)?$"
)
_LEADING = re.compile(r"^[，、]*(?:对于|对)?")
_ALIKE = 0.6  # share of words in common that makes two rewards tiers of one thing


@dataclass(frozen=True, slots=True)
class Group:
    """Rewards for one thing: tiers (or one alone), or steps; `extra` are those on top."""

    tiers: tuple[Offer, ...]
    extra: tuple[Offer, ...] = ()
    steps: bool = False

    @property
    def members(self) -> tuple[Offer, ...]:
        """All rewards of the group."""
        return (*self.tiers, *self.extra)


def grouped(sums: Sequence[Offer]) -> list[Group]:
    """Put rewards for the same thing together."""
    groups: list[Group] = []
    for offer in sums:
        last = groups[-1] if groups else None
        before = last.members[-1] if last else None
        if last is None or before is None:
            groups.append(Group((offer,), steps=offer.staged))
        elif offer.row is not None and offer.row == before.row:
            if offer.staged or offer.limits or not last.tiers[0].limits:
                joined = offer.staged or bool(offer.limits)
                groups[-1:] = (
                    [Group((*last.tiers, offer), last.extra, last.steps)]
                    if joined
                    else [last, Group((offer,))]
                )
        elif offer.further and offer.statement - before.statement <= 1:
            groups[-1] = Group(last.tiers, (*last.extra, offer), last.steps)
        elif not last.steps and _same_thing(last, offer):
            groups[-1] = Group((*last.tiers, offer), last.extra)
        else:
            groups.append(Group((offer,), steps=offer.staged))
    return groups


def _same_thing(group: Group, offer: Offer) -> bool:
    """Tell whether `offer` is a further tier of what `group` gives."""
    last = group.tiers[-1]
    if not offer.limits or offer.row != last.row:
        return False
    if last.limits and not (_measured(last) & _measured(offer)):
        return False
    bare = [_bare(last), _bare(offer)]
    return similar(*bare) >= _ALIKE


def _measured(offer: Offer) -> frozenset[str]:
    named = [limit.measures | limit.manners | {limit.quantity.unit} for limit in offer.limits]
    return frozenset().union(*named)


def _bare(offer: Offer) -> str:
    said = offer.words
    for limit in offer.limits:
        said = (
            said.replace(limit.printed, " ")
            .replace(limit.words, " ")
            .replace(plain(limit.quantity.surface), " ")
        )
    return re.sub(r"[一二两]次性|给予|奖励|补助|补贴|达到|超过|的企业|的$", " ", said)


def added(
    chosen: Sequence[Offer],
    checks: dict[int, list[Verdict]],
    *,
    asked: tuple[str, ...] = (),
    lost: tuple[str, ...] = (),
) -> Reckoning:
    """Add up fixed rewards, each with its condition as printed."""
    total = sum((worth(offer) for offer in chosen), Fraction(0))
    lines: list[str] = []
    grounds: list[str] = []
    used: list[Quantity] = []
    for offer in chosen:
        met = [v for v in checks.get(id(offer), []) if v.met and v.figure]
        lines.append(_line(offer, met))
        grounds += [v.limit.printed for v in met]
        used += [offer.quantity, *(v.limit.quantity for v in met)]
    figures = [v.figure for found in checks.values() for v in found if v.figure]
    ground = f"（{'、'.join(dict.fromkeys(grounds))}）" if grounds else ""
    arithmetic = " + ".join(offer.surface for offer in chosen)
    result = f" = {yuan(total)}" if len(chosen) > 1 else ""
    return Reckoning(
        total,
        tuple(lines),
        (f"{arithmetic}{result}{ground}",),
        tuple(used),
        tuple(dict.fromkeys(figures)),
        asked,
        lost,
        at_most=any(offer.at_most for offer in chosen),
    )


def _line(offer: Offer, met: Sequence[Verdict]) -> str:
    """Say one reward: what for, how much, and which of the asker's figures meet its thresholds."""
    name = purpose(offer)
    why = []
    for verdict in met:
        shown = plain(verdict.limit.quantity.surface)
        told = verdict.figure.told if verdict.figure else ""
        why.append(f"{told}符合" if shown in name else f"{told}符合“{verdict.limit.printed}”")
    more = "再给" if offer.further else ""
    reason = "，".join(why)
    return f"{name}{more}{offer.surface}" + (f"（您说{reason}）" if why else "")


def purpose(offer: Offer) -> str:
    """Say what a reward is for, in the clause's words."""
    quantity = offer.quantity
    said = plain(quantity.condition or quantity.recipient) if offer.row is not None else offer.words
    said = _GIVING.sub("", said)
    parts = _LEADING.sub("", said).split("，")
    while len(parts) > 1 and len("，".join(parts)) > _LONG:
        parts = parts[1:]
    said = _LEADING.sub("", "，".join(parts))
    if len(said) > _LONG:
        said = plain(offer.quantity.condition or offer.quantity.recipient)
    return f"{said}：" if 0 < len(said) <= _LONG else ""


def worth(offer: Offer) -> Fraction:
    """Return a reward in yuan."""
    return Fraction(str(offer.quantity.value))
