"""The day that a question on validity names itself: 到2023年5月还能办吗, 明年3月还有效吗."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from graph.figures.dates import dates

# A year said by its distance from the day of asking, before a month or alone.
_YEARS = {"前年": -2, "去年": -1, "上年": -1, "今年": 0, "本年": 0, "明年": 1, "来年": 1, "后年": 2}
_SAID = re.compile("|".join(_YEARS))
# What follows a day on which something is to hold; after other words a date is part of the topic.
_ASKED = re.compile(
    "(?:之?后|以后|时候?|的时候|那会儿?|份)?[，,]?(?:我|我们|是否|是不是|会不会)?"
    "(?:再|去|来)?(?:还|仍|能|可以|有没有|算不算|有效|失效|过期|到期|管用|执行)"
)


_AFTER = re.compile("之后|以后")


@dataclass(frozen=True, slots=True)
class Named:
    """A day named in a question: the words for it, and the first day that they can mean."""

    surface: str
    day: date


def named_day(text: str, as_of: date | None) -> Named | None:
    """Return the day for which a question asks whether something holds, or None when it names none.

    `text` is the folded question, `as_of` the day of asking: months without a year are of its year.
    Of a month or a year the first day counts, of an interval its last day; 6月底以后 is the first of July.
    """
    spelt = _SAID.sub(lambda word: f"{as_of.year + _YEARS[word[0]]}年" if as_of else word[0], text)
    for found in dates(spelt, as_of.year if as_of else None):
        if _ASKED.match(spelt, found.end) and (day := _first_day(found.value)):
            said = spelt[found.start : found.end]
            if said.endswith(("底", "末")) and (after := _AFTER.match(spelt, found.end)):
                return Named(said + after[0], _last_day(found.value) + timedelta(days=1))
            return Named(said, day)
    return None


def _last_day(value: str) -> date:
    """Return the last day of an ISO date cut short, of an interval that of its end."""
    year, month, day = (*(int(part) for part in value.rpartition("/")[2].split("-") if part), 0, 0)[:3]
    month = month or 12
    return date(year, month, day or monthrange(year, month)[1])


def _first_day(value: str) -> date | None:
    """Return the first day of an ISO date cut short (2023, 2023-05), of an interval the last day."""
    first, _, last = value.partition("/")
    parts = [int(part) for part in (last or first).split("-") if part]
    if len(parts[:1]) == 0 or parts[0] < 1900:
        return None
    year, month, day = (*parts, 0, 0)[:3]
    if not last:
        return date(year, month or 1, day or 1)
    month = month or 12
    return date(year, month, day or monthrange(year, month)[1])
