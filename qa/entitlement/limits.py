"""What a clause's rewards are tied to and held by: thresholds and caps, with the words that say of what."""

import re
from dataclasses import dataclass

from graph.facts import Quantity
from qa.entitlement.given import words
from qa.text import plain

MONEY = frozenset({"reward", "subsidy", "other", "target", "per_unit_rate"})
_LIMITS = frozenset({"threshold", "target", "tax_threshold"})
_RANGE = re.compile(r"[\d.]+/[\d.]+")
_MOST = re.compile(r"(?:最高|最多|至多|上限|封顶|不超过|总额)[^，。；]{0,8}$")


@dataclass(frozen=True, slots=True)
class Limit:
    """A threshold that a reward is tied to; `words` and `tail` stand before and behind it and say of what."""

    quantity: Quantity
    words: str
    tail: str
    measures: frozenset[str]
    manners: frozenset[str]

    @property
    def printed(self) -> str:
        """The threshold as printed, with its measure."""
        return f"{self.words}{plain(self.quantity.surface)}{self.tail}"


@dataclass(frozen=True, slots=True)
class Cap:
    """An upper limit of a reward; `words` are the printed words before it (单项最高奖励)."""

    quantity: Quantity
    words: str

    @property
    def printed(self) -> str:
        """The cap as printed."""
        return f"{self.words}{plain(self.quantity.surface)}"


def is_limit(quantity: Quantity) -> bool:
    """Tell whether a figure is a threshold: a bound, or a range (5000万元至1亿元)."""
    if isinstance(quantity.value, str):
        return quantity.role in _LIMITS and _RANGE.fullmatch(quantity.value) is not None
    if quantity.role not in _LIMITS:
        return False
    return quantity.role == "threshold" or quantity.bound in ("at_least", "above", "at_most", "below")


def read_limit(whole: str, quantity: Quantity, start: int, behind: str, previous: Limit | None) -> Limit:
    """Read a threshold; one that names no measure measures what the one before it did."""
    lists = words()
    own = re.split(r"[，（(：:]|[且并](?=.)", behind)[-1]
    own = re.sub(r"^(?:对于|对|或者|或|在|、)+", "", own)
    end = start + len(plain(quantity.surface)) if start >= 0 else 0
    after = re.split(r"[，。；、（(的]|[且并]", whole[end : end + 16])[0] if start >= 0 else ""
    said = f"{own or plain(quantity.condition)}{after}"
    measures, manners = lists.measures(own) or lists.measures(said), lists.manners(said)
    tail = after if lists.manners(after) else ""
    if previous and previous.quantity.unit == quantity.unit and not lists.measures(own):
        if not manners:
            measures, manners = previous.measures, previous.manners
        own = own if len(own) > 3 or tail else previous.words
    return Limit(quantity, own[-24:], tail, measures, manners)


def cap_words(behind: str) -> str:
    """Return the printed words before a cap: 单项最高奖励."""
    return re.split(r"[，。；：:（(]", behind)[-1][-16:]


def is_cap(quantity: Quantity, behind: str) -> bool:
    """An upper limit: by role, or by the words before a sum (每家最多补助30万元)."""
    if quantity.role == "cap":
        return True
    return quantity.unit == "CNY" and quantity.role in MONEY and _MOST.search(behind) is not None
