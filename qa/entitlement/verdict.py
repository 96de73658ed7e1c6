"""A verdict on thresholds, in words: 您说的6000万元达到“5000万元以上”."""

import re
from dataclasses import dataclass
from fractions import Fraction

from graph.facts import Quantity
from qa.corpus import Sentence
from qa.entitlement.given import Given, words
from qa.entitlement.limits import Limit
from qa.entitlement.offers import Offer
from qa.entitlement.reckoning import yuan
from qa.text import plain

ASKED_FOR = re.compile("多少|几|哪|啥|什么")
NAMED = 18  # characters of what is measured that are repeated
NEAR = 10  # characters before a figure that are repeated


@dataclass(frozen=True, slots=True)
class Condition:
    """A threshold of a clause: the sentence it stands in, its period, and what is given where it is met."""

    limit: Limit
    sentence: int
    period: str
    spans: frozenset[str]
    around: str
    grant: str
    offers: tuple[Offer, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """A figure of the asker's held against a threshold."""

    condition: Condition
    figure: Given
    met: bool
    by_period: str  # 按月算, where the asker named no period

    @property
    def value(self) -> float | int | str:
        """The threshold's value; an ISO interval for a band."""
        return self.condition.limit.quantity.value

    @property
    def size(self) -> Fraction:
        """The threshold's value as a number."""
        return Fraction(str(self.value))

    @property
    def downward(self) -> bool:
        """Whether the threshold is to be kept below: 不超过, 以下."""
        return self.condition.limit.quantity.bound in ("at_most", "below")

    @property
    def rewards(self) -> list[Quantity]:
        """What is given where the threshold is met."""
        return [offer.quantity for offer in self.condition.offers]


@dataclass(frozen=True, slots=True)
class Decision:
    """What the thresholds of one sentence say of the asker's figures."""

    held: tuple[Held, ...]
    sentence: Sentence
    places: tuple[int, ...] = ()  # where place names in the question end

    @property
    def met(self) -> bool:
        """Whether every figure meets its threshold, or one of its tiers."""
        return all(any(h.met for h in self.held if h.figure is held.figure) for held in self.held)

    @property
    def used(self) -> tuple[Quantity, ...]:
        """The thresholds and the rewards tied to them."""
        found = [q for h in self.held for q in (h.condition.limit.quantity, *h.rewards)]
        return tuple(dict.fromkeys(found))

    @property
    def steps(self) -> tuple[str, ...]:
        """The comparisons: 14万元 ≤ 15万元."""
        return tuple(dict.fromkeys(_comparison(held) for held in self.held))

    @property
    def said(self) -> str:
        """The verdict in words, figure by figure."""
        told = []
        for figure in dict.fromkeys(held.figure for held in self.held):
            mine = [held for held in self.held if held.figure == figure]
            floor = max((end for end in self.places if end <= figure.start), default=0)
            told.append(f"您说的{_told(figure, floor)}{'；'.join(map(_worded, mine))}")
        return "；".join(told)


def _told(figure: Given, floor: int) -> str:
    """Repeat a figure with the words around it from `floor`, those that say nothing of it left out."""
    before = figure.before[max(0, floor - (figure.start - len(figure.before))) :]
    front, filler = before if len(before) <= NEAR else figure.label, words().list("question.filler")
    for word in filler:
        front = front.replace(word, "")
    lists = words()
    named = lists.measures(front) or lists.manners(front) or lists.spans(front)
    behind = figure.after[:6] if lists.measures(figure.after[:4]) or lists.manners(figure.after[:4]) else ""
    short = "" if named or ASKED_FOR.search(behind) else behind
    return f"{front}{figure.surface}{short}"


def _worded(held: Held) -> str:
    """Say whether one threshold is met, and what hangs on it."""
    condition = held.condition
    quantity = condition.limit.quantity
    shown = f"“{plain(quantity.surface)}”"
    if isinstance(quantity.value, str):
        verb = "在" if held.met else "不在"
    elif held.downward:
        verb = "没有超过" if held.met else "超过了"
    elif quantity.bound == "above":
        verb = "超过了" if held.met else "没有超过"
    elif held.figure.kind == "duration":
        verb = "达到" if held.met else "不足"
    else:
        verb = "达到" if held.met else "未达到"
    name = _name(condition.limit)
    rewards = "、".join(dict.fromkeys(offer.surface for offer in condition.offers))
    if rewards:
        rest = f"符合“{rewards}”这一项的这一条件" if held.met else f"不符合，不能得{rewards}"
    elif condition.grant:
        rest = f"{'符合' if held.met else '不符合'}“{condition.grant}”这一条"
    else:
        rest = f"{'符合' if held.met else '不符合'}这一条件"
    return f"{held.by_period}{verb}{name}{shown}，{rest}"


def _name(limit: Limit) -> str:
    """Return what a threshold measures, as printed, comparing words left out; nothing where it is long."""
    if limit.quantity.unit in ("year", "month", "day"):
        return ""
    said = limit.words.rpartition("的")[2]
    for word in words().list("clause.leading_up"):
        said = said.removeprefix(word)
    for _ in range(2):
        for word in words().list("clause.comparing"):
            said = said.removesuffix(word)
    return said if len(said) <= NAMED and not re.search(r"\d", said) else ""


def _comparison(held: Held) -> str:
    """Print a comparison: 14万元 ≤ 15万元, 半年 < 1年以上."""
    quantity = held.condition.limit.quantity
    figure = held.figure
    money = figure.kind == "money" and quantity.unit == "CNY" and figure.surface[0].isdigit()
    left = yuan(figure.value) if money and not figure.about else figure.surface
    left = {"under": "不到", "over": "超过", "": ""}[figure.side] + left
    right = re.sub("[（(]含[)）]|及?以[上下内]$", "", plain(quantity.surface))
    if isinstance(quantity.value, str):
        return f"{left} {'在' if held.met else '不在'} {right} 之内"
    if held.downward:
        strict = quantity.bound == "below"
        sign = ("<" if strict else "≤") if held.met else ("≥" if strict else ">")
    else:
        strict = quantity.bound == "above"
        sign = (">" if strict else "≥") if held.met else ("≤" if strict else "<")
    return f"{left} {sign} {right}"
