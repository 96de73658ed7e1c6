"""Figures in words: what a sum is, whom it is for, on what condition, within which bound."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Protocol

from qa.text import display, plain

GIVEN: Mapping[str, str] = MappingProxyType(
    {
        "reward": "奖励", "subsidy": "补贴", "cap": "最高限额", "per_unit_rate": "按比例补助",
        "rent_waiver": "免收租金", "rent_half": "租金减半", "loan_limit": "贷款额度",
        "fee_rate": "费率", "tax_threshold": "免税标准",
    }
)  # fmt: skip
PERIODS: Mapping[str, str] = MappingProxyType(
    {
        "once": "一次性", "per_year": "每年", "per_month": "每月", "per_quarter": "每季度",
        "per_person": "每人", "per_person_year": "每人每年", "per_person_month": "每人每月",
    }
)  # fmt: skip
_BOUNDS = {"at_most": "不超过", "below": "低于", "at_least": "不低于", "above": "超过"}
_BOUND = re.compile("以上|以下|以内|以外|内$|前$|不超过|不低于|最高|起$|左右|底$")
_BASE = re.compile(r"(?:^|[，；])(?:按照?|以|根据)?(?P<base>[^，；]{1,24})$")


class Printed(Protocol):
    """A figure as documents print it (`graph.facts.Quantity`)."""

    @property
    def surface(self) -> str:
        """Number and unit."""

    @property
    def bound(self) -> str:
        """The bound: exact, at_most, …."""


def bounded(figure: Printed) -> str:
    """Return a figure with its bound word where print has none: 不超过50万元; 10%以上 stays."""
    surface = plain(figure.surface)
    word = "" if _BOUND.search(surface) else _BOUNDS.get(figure.bound, "")
    return f"{word}{surface}"


def base(condition: str) -> tuple[str, str]:
    """Part the condition of a rate into what else it asks, and what the rate is taken of.

    通过挂牌融资的，按照融资额度 → (通过挂牌融资的, 融资额度).
    """
    condition = display(condition)
    found = _BASE.search(condition)
    if found is None:
        return condition, ""
    return condition[: found.start()].strip("，； "), found["base"]
