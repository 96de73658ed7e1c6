"""What figures an asker gives: sums, counts, percentages, spans of time, steps passed.

年营收6000万, 一个月2000块, 5个高级技师, 涨了12%, 两步都过了. Offsets are those of the text given,
which is the folded form of `qa.text.asked`. Word lists: ``data/lexicon/given.toml``.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from ingest.numerals import DIGITS, UNITS
from qa.entitlement.words import Words, words

Kind = Literal["money", "count", "percent", "duration"]
Period = Literal["", "per_month", "per_year"]
Side = Literal["", "under", "over"]

_ARABIC = r"\d+(?:,\d{3})*(?:\.\d+)?"
_PART = rf"(?:{_ARABIC}(?:[十百千](?![瓦克米]))?|[一二两三四五六七八九十][一二两三四五六七八九十百千零]*)"
_AMOUNT = re.compile(
    rf"(?<![\d.几数好第〔\[])(?:(?P<yi>{_PART})个?亿零?)?(?:(?P<wan>{_PART})万零?)?(?P<rest>{_PART})?"
)
_HALF = re.compile(r"(?<![上下前后一二两三四五六七八九十\d个大小])半(?:年(?!报|度)|个月)")
_HUNDREDTHS = re.compile(rf"(百|千)分之({_PART})")
_MONEY = re.compile(r"美元|美金|元钱?|块钱|块(?!儿|头|地|业)|人民币|毛钱")
_PERCENT = re.compile(r"%|个百分点|个点|成(?![立本果功员交为分都])")
_TIME = re.compile(
    r"个?半?(?P<unit>月(?!份)|季度|年(?![度底初末产])|周|星期|工作日|天)(?P<half>半(?!年|天|月))?"
)
_MONTHS = {"月": Fraction(1), "季度": Fraction(3), "年": Fraction(12)}
_ABOUT = re.compile(r"[多余来]|左右|上下")
_WINDOW = 14  # characters before a figure that may say what it measures


@dataclass(frozen=True, slots=True)
class Given:
    """A figure that the asker gives.

    `value` is in yuan (unit CNY), percent, months or days (durations), or a count in `unit` as printed.
    `before` and `after` are the words up to the next mark or figure; `measures` and `manners` are
    the kinds of measure that these words name; `label` is the part of them to repeat.
    `about` marks 多, 余, 左右; `side` tells that the true figure lies below (不到) or above (超过).
    """

    kind: Kind
    surface: str
    value: Fraction
    unit: str
    start: int
    end: int
    before: str = ""
    after: str = ""
    period: Period = ""
    measures: frozenset[str] = frozenset()
    manners: frozenset[str] = frozenset()
    about: bool = False
    side: Side = ""
    label: str = ""

    @property
    def told(self) -> str:
        """The figure with what it measures, in the asker's words: 年营收6000万."""
        return f"{self.label}{self.surface}"


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that a question gives: its figures, steps passed, and whether a sum is asked.

    `steps` is a number of steps (两步), None when no number is said; `all_steps` is True for 全过了;
    `claimed` are sums that the asker says are given (奖励 65万元), not figures of their own.
    `asks` is True when an amount is asked at all, `asks_sum` when several are to be added up.
    """

    text: str
    figures: tuple[Given, ...] = ()
    claimed: tuple[Given, ...] = ()
    steps: int | None = None
    all_steps: bool = False
    asks_sum: bool = False
    asks: bool = False

    def of(self, *kinds: Kind) -> tuple[Given, ...]:
        """Return the figures of these kinds, in order."""
        return tuple(figure for figure in self.figures if figure.kind in kinds)


def read(text: str, masked: Sequence[tuple[int, int]] = ()) -> Facts:
    """Return what `text` gives in figures; figures inside `masked` stretches (place names) are left out."""
    lists = words()
    found = [f for f in _figures(text, lists) if not any(a < f.end and f.start < b for a, b in masked)]
    merged = _with_periods(text, found, lists)
    placed = tuple(_placed(text, merged, i, lists) for i in range(len(merged)))
    promised = lists.list("question.promised")
    claimed = tuple(f for f in placed if f.kind == "money" and f.before.rstrip().endswith(promised))
    placed = tuple(f for f in placed if f not in claimed)
    steps = _steps(text, lists)
    things = lists.has("question.things", text)
    asks_sum = lists.has("question.sum", text) and lists.has("question.money", text) and not things
    return Facts(
        text=text,
        figures=placed,
        claimed=claimed,
        steps=steps,
        all_steps=lists.has("question.all_steps", text),
        asks_sum=asks_sum,
        asks=(asks_sum or lists.has("question.outcome", text)) and not lists.has("question.elsewhere", text),
    )


def amount(printed: str) -> Fraction:
    """Return the value of a number as people write it: 六千万, 1.5亿, 两万五, 3千, 4,800.

    Raises ValueError when `printed` is no number.
    """
    match = _AMOUNT.fullmatch(printed)
    if match is None or not printed:
        raise ValueError(f"不是数字：{printed}")
    total, last = Fraction(0), Fraction(0)
    for group, scale in (("yi", 10**8), ("wan", 10**4), ("rest", 1)):
        if part := match[group]:
            value = _part(part)
            if group == "rest" and last and value < 10 and printed[-2:-1] in ("万", "亿"):
                value *= last / 10  # 两万五, 一亿二
            total += value * scale
            last = Fraction(scale)
    return total


def _part(printed: str) -> Fraction:
    arabic = re.fullmatch(rf"({_ARABIC})([十百千]?)", printed)
    if arabic:
        return Fraction(arabic[1].replace(",", "")) * UNITS.get(arabic[2], 1)
    total, digit, last = 0, 0, 1
    for char in printed:
        if char in UNITS:
            last = UNITS[char]
            total += (digit or 1) * last
            digit = 0
        elif char == "零":
            last = 10
        else:
            digit = digit * 10 + DIGITS[char] if digit else DIGITS[char]
    if digit and digit < 10 and last >= 100:
        digit *= last // 10  # 三千五, 一百二
    return Fraction(total + digit)


def _figures(text: str, lists: Words) -> Iterator[Given]:
    """Yield the figures of `text` with kind, value and unit."""
    taken = 0
    for match in _HUNDREDTHS.finditer(text):
        value = _part(match[2]) / (1 if match[1] == "百" else 10)
        yield Given("percent", match[0], value, "percent", match.start(), match.end())
    for match in _HALF.finditer(text):
        months = Fraction(6) if "年" in match[0] else Fraction(1, 2)
        yield Given("duration", match[0], months, "month", match.start(), match.end())
    ratios = [match.span() for match in _HUNDREDTHS.finditer(text)]
    for match in _AMOUNT.finditer(text):
        start, end = match.span()
        if start == end or start < taken or any(a <= start < b for a, b in ratios):
            continue
        figure = _figure(text, start, end, lists)
        if figure is not None:
            taken = figure.end
            yield figure


def _figure(text: str, start: int, end: int, lists: Words) -> Given | None:
    """Read the unit behind a number; None when it is no figure of the asker's (a year, a name)."""
    value = amount(text[start:end])
    large = text[start:end].rstrip("0123456789一二三四五六七八九").endswith(("万", "亿"))
    at = end
    about = _ABOUT.match(text, at)
    if about:
        at = about.end()
        if (more := re.match("[万亿]", text[at:])) is not None:
            value, large, at = value * (10**4 if more[0] == "万" else 10**8), True, at + 1
    after = at + len(text[at:]) - len(text[at:].lstrip())
    is_about = about is not None

    def made(kind: Kind, stop: int, unit: str, worth: Fraction = value) -> Given:
        return Given(kind, text[start:stop], worth, unit, start, stop, about=is_about)

    if unit := _PERCENT.match(text, at):
        return made("percent", unit.end(), "percent", value * 10 if unit[0] == "成" else value)
    if text.startswith("‰", at):
        return made("percent", at + 1, "percent", value / 10)
    if unit := _MONEY.match(text, after):
        if (
            unit[0] == "块"
            and text[start:end] == "一"
            and text[start - 1 : start] in ("加", "在", "放", "凑")
        ):
            return None  # 加一块
        return made("money", unit.end(), "USD" if unit[0].startswith("美") else "CNY")
    if (unit := _TIME.match(text, at)) and (span := _duration(value, unit)):
        return made("duration", unit.end(), *span)
    if (unit := lists.counter.match(text, after)) and not (
        text[start:end] == "一" and unit[0] in ("次", "单")
    ):
        return made("count", unit.end(), unit[0])
    if large:
        return made("money", at, "CNY")
    round_sum = re.search("[百千]", text[start:end]) is not None  # 一个月四千五
    if value >= 10 and (round_sum or text[start].isdigit()) and _bare(text[:start], lists):
        return made("money", end, "CNY")
    return None


def _duration(value: Fraction, unit: re.Match[str]) -> tuple[str, Fraction] | None:
    """Return unit and value of a span of time; None for dates (2022年, 5月, 二季度)."""
    name = unit["unit"]
    counted = unit[0].startswith("个")
    if (name in ("月", "季度") and not counted) or (name == "年" and value > 60):
        return None
    if "半" in unit[0]:  # 两个半月, 一年半
        value += Fraction(1, 2)
    if name in _MONTHS:
        return "month", value * _MONTHS[name]
    days = {"周": 7, "星期": 7}.get(name, 1)
    return "day", value * days


def _bare(before: str, lists: Words) -> bool:
    return any(before.rstrip(" 是：:要").endswith(word) for word in lists.list("question.bare_money"))


def _with_periods(text: str, found: Sequence[Given], lists: Words) -> list[Given]:
    """Give a sum its period (一个月2000块 → per_month); the span of time before it is no fact of its own."""
    result: list[Given] = []
    for figure in sorted(found, key=lambda f: f.start):
        period: Period = ""
        if figure.kind == "money":
            previous = result[-1] if result else None
            between = text[previous.end : figure.start].strip(" 是要交租金房") if previous else "-"
            if previous and previous.kind == "duration" and not between and previous.value in (1, 12):
                period = "per_month" if previous.value == 1 else "per_year"
                result.pop()
            elif text[: figure.start].rstrip(" 是要").endswith(lists.list("question.per_month")):
                period = "per_month"
            elif text[: figure.start].rstrip(" 是要").endswith(lists.list("question.per_year")):
                period = "per_year"
            elif re.match(r"\s*(?:/|一个|每个?)月", text[figure.end :]):
                period = "per_month"
        result.append(replace(figure, period=period))
    return result


def _placed(text: str, figures: Sequence[Given], i: int, lists: Words) -> Given:
    """Add the words around a figure and what they measure."""
    figure = figures[i]
    floor = figures[i - 1].end if i else 0
    ceiling = figures[i + 1].start if i + 1 < len(figures) else len(text)
    behind = text[floor : figure.start].rstrip()
    before = re.split(r"[，。；、？！,;?!：:\s]", behind)[-1]
    after = re.split(r"[，。；、？！,;?!：:\s]", text[figure.end : ceiling].lstrip())[0]
    near = before[-_WINDOW:]
    measures = (
        lists.measures(near) | lists.measures(after[:4])
        or lists.measures(after[:8])
        or lists.measures(behind[-2 * _WINDOW :])
    )
    manners = lists.manners(near) | lists.manners(after[:6])
    side: Side = ""
    if near.endswith(lists.list("question.under")):
        side = "under"
    elif near.endswith(lists.list("question.over")) or re.match("以上|多(?!少)", after):
        side = "over"
    label = _label(near, lists) if figure.kind != "count" else ""
    return replace(
        figure, before=before, after=after, measures=measures, manners=manners, side=side, label=label
    )


def _label(near: str, lists: Words) -> str:
    """Return the words before a figure that name what it measures, none that merely lead up to it."""
    for start in range(len(near)):
        head = near[start:]
        if head[0] in "年月" and near[start - 1 : start] in ("去", "今", "前", "上", "本", "当"):
            continue
        if lists.leads(head):
            whole = (
                start
                and near[start - 1] in "年月"
                and near[start - 2 : start - 1] not in ("去", "今", "前", "上", "本")
            )
            return f"{near[start - 1]}{head}" if whole else head
    return ""


def _steps(text: str, lists: Words) -> int | None:
    """Return how many steps are passed: 两步都过了 → 2, 过了三个节点 → 3."""
    units = "|".join(map(re.escape, lists.list("question.steps")))
    match = re.search(rf"(?<!第)([一两二三四五六七八九\d])个?(?:{units})", text)
    count = int(amount(match[1])) if match else 0
    return count if count > 1 else None


__all__ = ["Facts", "Given", "Kind", "Period", "Side", "Words", "amount", "read", "words"]
