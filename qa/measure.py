"""The unit that a question wants its figure in: 几个工作日 asks for days, 多少家 for things counted."""

import functools
import re

from graph.facts import Quantity
from graph.figures.words import either, units

# What is asked in one of these may be printed in another of the same group.
_GROUPS = (
    frozenset({"day", "working_day", "week"}),
    frozenset({"month", "year", "quarter"}),
    frozenset({"household", "item", "place", "piece"}),
    frozenset({"person", "person_time"}),
    frozenset({"percent", "permille", "percentage_point", "basis_point"}),
    frozenset({"kilometre", "metre"}),
    frozenset({"kilogram", "jin", "tonne"}),
)
_RATES = frozenset({"percent", "permille", "ratio"})
_RATE = re.compile("百分之(?:几|多少)|几成|[几多]少?个(?:百分)?点|(?:比例|费率|利率|税率|占比|比重|配套率)")
_MANY = re.compile(r"(?:多少|好多|哪?几|几多)(?:[十百千万亿]+)?(?:多)?")
_FOLD = re.compile("翻(?:了)?(?:多少|几)番")


@functools.cache
def _after() -> re.Pattern[str]:
    return re.compile(either(printed for kind in ("duration", "count") for printed, _ in units(kind)))


@functools.cache
def _codes() -> dict[str, str]:
    return {printed: unit for kind in ("duration", "count") for printed, unit in units(kind)}


@functools.lru_cache(maxsize=1024)
def wanted(text: str) -> frozenset[str]:
    """Return the units in which a folded question wants its figure; none where it does not say."""
    found = set(_RATES) if _RATE.search(text) else set()
    if _FOLD.search(text):
        found.add("times")
    for asked in _MANY.finditer(text):
        unit = _after().match(text, asked.end())
        if unit is None or text.startswith(("个点", "月份"), asked.end()):
            continue
        code = _codes()[unit[0]]
        found |= next((group for group in _GROUPS if code in group), frozenset({code}))
    return frozenset(found)


def matches(quantities: tuple[Quantity, ...], wanted_units: frozenset[str]) -> tuple[Quantity, ...]:
    """Return the figures that stand in one of the units wanted."""
    return tuple(quantity for quantity in quantities if quantity.unit in wanted_units)
