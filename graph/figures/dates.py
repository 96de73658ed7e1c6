"""Dates and periods as documents print them, in ISO 8601.

A year without a month stays a year (``2025``), 底 is the last day, a quarter or half-year is an
interval of months (``2022-01/2022-03``), a day without a year is ``--01-31`` (每年1月底前).
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass

from graph.figures.numbers import chinese

DASH = "-－—–~～〜―─﹣"
_YEAR = r"(?:19|20)\d{2}|二[〇零○ＯO0][一二三四五六七八九〇零○ＯO0]{2}"
_DAYS = r"(?:3[01]|[12]\d|0?[1-9])"
_MONTHS = r"(?:1[0-2]|0?[1-9])"
_ONE = (
    rf"(?:(?P<year>{_YEAR})年(?:度)?)?"
    rf"(?:(?P<end>年?[底末])|(?P<half>[上下]半年)|第?(?P<quarter>[一二三四1-4])季度|(?P<three>前三季度)"
    rf"|(?P<from>{_MONTHS})(?:[{DASH}]{{1,2}}|至|到)(?P<to>{_MONTHS})月份?(?!{_DAYS}[日号])"
    rf"|(?P<month>{_MONTHS})月(?:(?P<day>{_DAYS})[日号]|(?P<last>[底末])|(?P<part>初|中旬|上旬|下旬|份)?))?"
)
_DATE = re.compile(_ONE)
_START = re.compile(
    rf"(?<![\d.])(?:(?:{_YEAR})年|(?:{_YEAR})(?=(?:[{DASH}]{{1,2}}|至|到)(?:{_YEAR})年)|{_MONTHS}(?:[{DASH}]{{1,2}}|至|到){_MONTHS}月(?!{_DAYS}[日号])|{_MONTHS}月(?!{_DAYS}?\d*月租)|[上下]半年|第?[一二三四1-4]季度|前三季度)"
)
_SPAN = re.compile(rf"(?<![\d.〔\[［第])({_YEAR})年?(?:[{DASH}]{{1,2}}|至|到)({_YEAR})年度?")
_DOTTED = re.compile(r"(?<![\d.])((?:19|20)\d{2})([-/.])(\d{1,2})\2(\d{1,2})(?![\d.])")
_CLOCK = r"(?:[上下]午)?(?:\d{1,2}[：:]\d{2}|\d{1,2}[时点])"
_JOIN = re.compile(rf"(?:{_CLOCK})?(?:起|开始)?(?:[{DASH}]{{1,2}}|至|到)")
_YEARLY = re.compile(r"(?:每年度?的?|次年|翌年|来年)$")
_MONTHLY = re.compile(rf"(?:每月|次月|当月|每个?季度后?)({_DAYS})日")


@dataclass(frozen=True, slots=True)
class Dated:
    """A date or period in folded text: its range, its value, and whether it is an interval."""

    start: int
    end: int
    value: str
    interval: bool
    yearless: bool = False


def dates(text: str, known_year: int | None = None) -> Iterator[Dated]:
    """Yield the dates and periods of folded `text`, left to right.

    A month or quarter without a year takes the year last named in the text, else `known_year`
    (the document's own); then `yearless` is True.
    """
    year, position = known_year, 0
    while match := _START.search(text, position):
        found = _spanned(text, match.start()) or _single(text, match.start(), year)
        if found is None:
            position = match.start() + 1
            continue
        named = re.search(r"\d{4}", found.value)
        year = int(named.group()) if named and not found.yearless else year
        yield found
        position = found.end
    for match in _DOTTED.finditer(text):
        y, m, d = int(match[1]), int(match[3]), int(match[4])
        if 1 <= m <= 12 and 1 <= d <= monthrange(y, m)[1]:
            yield Dated(match.start(), match.end(), f"{y:04}-{m:02}-{d:02}", False)
    for match in _MONTHLY.finditer(text):
        yield Dated(match.start(), match.end(), f"---{int(match[1]):02}", False)


def _spanned(text: str, start: int) -> Dated | None:
    """Read a span of bare years, 2023—2025年, whose first year has no 年."""
    match = _SPAN.match(text, start)
    if match is None or re.match(
        rf"{_MONTHS}月|[底末]|第?[一二三四]季度|[上下]半年", text[match.end() : match.end() + 6]
    ):
        return None
    first, last = _year(match[1]), _year(match[2])
    return Dated(start, match.end(), f"{first}/{last}", True) if first <= last else None


def _single(text: str, start: int, year: int | None) -> Dated | None:
    """Read a date and, after 至 or a dash, its other end."""
    one = _read(text, start, year)
    if one is None:
        return None
    joint = _JOIN.match(text, one.end)
    if joint is None:
        return one
    named = re.match(r"\d{4}", one.value)
    known = None if one.value.startswith("-") else year
    other = _read(text, joint.end(), int(named.group()) if named else known) or _same_month(
        text, joint.end(), one
    )
    if other is None:
        return one
    first = one.value.split("/")[0]
    last = other.value.split("/")[-1]
    if last < first[: len(last)]:
        return one
    return Dated(one.start, other.end, f"{first}/{last}", True, one.yearless)


def _same_month(text: str, start: int, first: Dated) -> Dated | None:
    """Read the other end of 3月1日至31日."""
    match = re.compile(rf"({_DAYS})[日号]").match(text, start)
    if match is None or re.fullmatch(r".*-\d{2}-\d{2}", first.value) is None:
        return None
    return Dated(start, match.end(), f"{first.value[:-2]}{int(match[1]):02}", False, first.yearless)


def _read(text: str, start: int, year: int | None) -> Dated | None:
    match = _DATE.match(text, start)
    if match is None or match.end() == start or (match.end() == start + 1):
        return None
    own = match["year"]
    before = text[max(0, start - 4) : start]
    begin = start
    if not own and (yearly := _YEARLY.search(before)):
        begin, year = start - len(yearly.group()), None
    elif not own and before.endswith("每"):
        return None
    if match["half"] and re.match(r"以上|以内|及以上", text[match.end() : match.end() + 3]):
        return None
    stated = _year(own) if own else year
    value = _value(match, stated)
    if value is None:
        return None
    return Dated(begin, match.end(), value, "/" in value, own is None)


def _year(printed: str) -> int:
    digits = printed.translate(str.maketrans("○ＯO0", "〇〇〇〇")) if not printed.isascii() else printed
    return int(digits) if digits.isascii() else int(chinese(digits))


def _value(match: re.Match[str], year: int | None) -> str | None:
    """Return the ISO form of a read date, or None when its parts make no date."""
    if match["half"] or match["quarter"] or match["three"] or match["to"]:
        first, last = _months(match)
        return f"{year or '-'}-{first:02}/{year or '-'}-{last:02}"
    if match["end"]:
        return f"{year}-12-31" if match["year"] else None
    if not match["month"]:
        return str(year) if match["year"] else None
    month = int(match["month"])
    prefix = f"{year}-{month:02}" if year else f"--{month:02}"
    length = monthrange(year or 2023, month)[1]
    if match["day"]:
        day = int(match["day"])
        return f"{prefix}-{day:02}" if day <= monthrange(year or 2024, month)[1] else None
    return f"{prefix}-{length:02}" if match["last"] else prefix


def _months(match: re.Match[str]) -> tuple[int, int]:
    if match["to"]:
        return int(match["from"]), int(match["to"])
    if match["half"]:
        return (1, 6) if match["half"].startswith("上") else (7, 12)
    if match["three"]:
        return 1, 9
    quarter = "一二三四".find(match["quarter"]) + 1 or int(match["quarter"])
    return 3 * quarter - 2, 3 * quarter
