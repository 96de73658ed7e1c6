"""What a reckoning is, and what every way of reckoning needs: thresholds, caps, printed sums."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from graph.facts import Quantity
from qa.entitlement.given import Facts, Given, words
from qa.entitlement.limits import Limit
from qa.entitlement.offers import Offer
from qa.text import grams, plain

_LONG = 90  # characters of a scope that are shown
_ROUGHLY = re.compile("左右|上下")
_NEAR = Fraction(1, 20)  # 左右 within this share of a threshold leaves open on which side it lies
_VAGUE = frozenset("个家户项次件人名位")  # units that say little of what is counted


@dataclass(frozen=True, slots=True)
class Reckoning:
    """A sum in yuan, worked out.

    `lines` tell each part for people, `steps` the arithmetic, `asked` what is still to be known,
    `missed` which thresholds are not met; `used` are the clause's figures, `spoken` those that are only
    spoken of (a tier out of reach); `figures` are the asker's.
    `scope` says whom it is for; `at_most` marks sums that are upper limits.
    """

    total: Fraction
    lines: tuple[str, ...]
    steps: tuple[str, ...]
    used: tuple[Quantity, ...]
    figures: tuple[Given, ...] = ()
    asked: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()
    at_most: bool = False
    scope: str = ""  # whom and what it is for, in the clause's words
    span: str = field(default="")  # 每月, 每年: what the sum is for when the asker gave no span
    spoken: tuple[Quantity, ...] = ()

    @property
    def several(self) -> bool:
        """Whether more than one sum was added up."""
        return any(" + " in step for step in self.steps)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a threshold is met: True, False, or None when the asker did not say."""

    limit: Limit
    met: bool | None
    figure: Given | None = None


def yuan(value: Fraction) -> str:
    """Print a sum: 56000 → 5.6万元, 800 → 800元."""
    for size, name in ((10**8, "亿"), (10**4, "万")):
        if value >= size and (value * 10**4 / size).denominator == 1:
            return f"{digits(value / size)}{name}元"
    return f"{digits(Fraction(round(value * 100), 100))}元"


def digits(value: Fraction) -> str:
    """Print a number without trailing zeros: 1.50 → 1.5."""
    return f"{float(value):.4f}".rstrip("0").rstrip(".")


def addition(parts: Sequence[str], total: Fraction) -> str:
    """Print a sum with its parts: 5万元 + 3万元 = 8万元."""
    return f"{' + '.join(parts)} = {yuan(total)}"


def judge(limit: Limit, facts: Facts) -> Verdict:
    """Hold a threshold against the figures given."""
    scored = [
        (score, figure) for figure in facts.figures if (score := _about(limit, figure, facts)) is not None
    ]
    if not scored:
        return Verdict(limit, None)
    best = max(score for score, _ in scored)
    figure = next(figure for score, figure in scored if score == best)
    return Verdict(limit, holds(limit.quantity, figure), figure)


def _about(limit: Limit, figure: Given, facts: Facts) -> float | None:
    """Tell how surely `figure` measures what `limit` asks for; None when it does not."""
    if not _comparable(limit.quantity, figure):
        return None
    shared = bool(limit.measures & figure.measures)
    manner = bool(limit.manners & figure.manners)
    if figure.kind == "percent" and limit.manners and figure.manners and not manner:
        return None
    share = manner and "share" in limit.manners
    if limit.measures and figure.measures and not shared and not share:
        return None
    own = set(grams(f"{limit.words}{limit.tail}"))
    overlap = len(own & set(grams(f"{figure.before}{figure.after}")))
    score = 2.0 * shared + manner + 0.3 * min(overlap, 4)
    counted = figure.kind == "count" and bool(words().unit_of(figure.surface)) and figure.unit not in _VAGUE
    alone = counted or len(facts.of(figure.kind)) == 1
    if score > 0 or (
        alone
        and (not limit.measures or not figure.measures)
        and (figure.kind in ("money", "percent") or counted)
    ):
        return score
    return None


def _comparable(quantity: Quantity, figure: Given) -> bool:
    if figure.kind == "money":
        return quantity.unit == figure.unit and figure.period != "per_month"
    if figure.kind == "percent":
        return quantity.unit in ("percent", "permille")
    if figure.kind == "duration":
        return quantity.unit in ("year", "month", "day") and (quantity.unit == "day") == (
            figure.unit == "day"
        )
    unit = words().unit_of(plain(quantity.surface))
    return unit != "" and words().same_unit(figure.unit) in (unit, "个")


def holds(quantity: Quantity, figure: Given) -> bool | None:
    """Tell whether a figure meets a threshold; None where 不到, 超过 or 左右 leaves it open."""
    roughly = figure.about and _ROUGHLY.search(figure.surface) is not None
    if isinstance(quantity.value, str):
        low, high = map(Fraction, quantity.value.split("/"))
        return None if figure.side or figure.about else low <= figure.value <= high
    wanted = Fraction(str(quantity.value))
    if quantity.unit == "permille":
        wanted /= 10
    if figure.kind == "duration" and quantity.unit == "year":
        wanted *= 12
    value, bound = figure.value, quantity.bound
    if roughly:
        if abs(value - wanted) <= wanted * _NEAR:
            return None
        figure = replace(figure, about=False)
    if bound in ("below", "at_most"):
        if figure.side == "under":
            return True if value <= wanted else None
        if figure.side == "over" or figure.about:
            return False if value >= wanted else None
        return value < wanted or (bound == "at_most" and value == wanted)
    if figure.side == "under":
        return False if value <= wanted else None
    if figure.side == "over" or figure.about:
        return True if value >= wanted else None
    return value > wanted or (bound != "above" and value == wanted)


def verdicts(offer: Offer, facts: Facts) -> list[Verdict]:
    """Hold all thresholds of an offer against the figures given."""
    return [judge(limit, facts) for limit in offer.limits]


def missed(verdict: Verdict, loss: str) -> str:
    """Say that a threshold is not met and what is lost by it."""
    figure = verdict.figure.told if verdict.figure else ""
    limit = verdict.limit
    outside = isinstance(limit.quantity.value, str)
    word = "不在" if outside else "超出" if limit.quantity.bound in ("at_most", "below") else "未达到"
    return f"{figure}，{word}“{limit.printed}”，{loss}"


def not_met(lost: Verdict, offer: Offer, loss: str) -> Reckoning:
    """Reckon nothing, and say which threshold stands in the way."""
    figures = (lost.figure,) if lost.figure else ()
    shown = lost.figure.surface if lost.figure else ""
    return Reckoning(
        Fraction(0),
        (),
        (f"{shown}，条件是“{lost.limit.printed}”，不符合",),
        (lost.limit.quantity, offer.quantity),
        figures,
        missed=(missed(lost, loss),),
    )


def scope(offer: Offer) -> str:
    """Say whom and what a reward is for, in the clause's words."""
    said = re.split(r"，?(?:按照?|每|免收|免除|减免|减半)[^，]*$", offer.words)[0].strip("，的")
    said = re.sub(r"，\d{4}年[^，]{0,6}$", "", said)
    return said.removeprefix("对") if 4 < len(said) <= _LONG else ""


def ask_for(limits: Iterable[Limit]) -> tuple[str, ...]:
    """Ask for what the asker did not say."""
    return tuple(dict.fromkeys(f"是否满足“{limit.printed}”，请补充" for limit in limits))


def capped(made: Reckoning, chosen: Sequence[Offer]) -> Reckoning:
    """Hold a sum against the caps of its rewards."""
    caps = [
        c
        for o in chosen
        for c in o.caps
        if c.quantity.unit == "CNY" and not words().has("clause.per_head_cap", c.words)
    ]
    if not caps:
        return made
    tight = min(caps, key=lambda cap: Fraction(str(cap.quantity.value)))
    limit = Fraction(str(tight.quantity.value))
    if made.total <= limit:
        return replace(made, used=(*made.used, tight.quantity))
    step = f"{yuan(made.total)} > {plain(tight.quantity.surface)}（{tight.printed}），按{yuan(limit)}计"
    line = f"合在一起超过“{tight.printed}”，按{yuan(limit)}计"
    return replace(
        made,
        total=limit,
        lines=(*made.lines, line),
        steps=(*made.steps, step),
        used=(*made.used, tight.quantity),
    )
