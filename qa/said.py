"""Figures as they are said: 900万元 and 九百万元 are one figure, 20家 and 20万元 are two."""

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from ingest.numerals import to_int
from qa.text import plain

_SCALES = {"": 1, "十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
_MONEY = ("元", "块", "人民币")
_UNIT = (
    "元|块|人民币|个百分点|%|‰|个工作日|工作日|个月|月|年|天|日|小时|季度|倍|番|家|户|人次|人|名|次|回|项|条|款|"
    "亩|平方米|千瓦时|度|个|件|张|台|辆|所|座|批|场|公里|吨"
)
_HAN = "一二两三四五六七八九十百千万亿零〇"
_FIGURE = re.compile(
    rf"\d{{4}}-\d{{2}}-\d{{2}}"  # ISO 8601
    rf"|\d+(?:\.\d+)?[:：/]\d+(?:\.\d+)?"  # a ratio
    rf"|(?P<number>\d+(?:,\d{{3}})*(?:\.\d+)?)(?P<scale>[十百千万亿]*)"
    rf"(?:(?<=[百千万亿])(?P<tail>[1-9])(?![\d.]))?(?P<unit>{_UNIT})?"
    rf"|(?P<share>百分之|千分之)(?P<part>[{_HAN}点]+)"
    rf"|(?P<han>[{_HAN}]{{1,12}})(?P<money>元|块)"
    rf"|(?P<round>[一二两三四五六七八九十百千零]{{1,8}}个?[万亿](?:[一二三四五六七八九](?![{_HAN}]))?)"
    r"|(?P<bare>[一二两三四五六七八九][千百][一二两三四五六七八九百零]{0,6})"
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure: `value` in its `unit` (元 for money); `literal` for dates and ratios."""

    value: Fraction | None
    unit: str
    literal: str = ""


def figures(texts: Iterable[str]) -> set[Figure]:
    """Return the figures said in `texts`."""
    return {_figure(match) for text in texts for match in _FIGURE.finditer(plain(text))}


@functools.lru_cache(maxsize=32768)
def figures_of(text: str) -> frozenset[Figure]:
    """Return the figures said in one text; kept, since clauses are asked about again and again."""
    return frozenset(figures([text]))


def telling(figure: Figure) -> bool:
    """Tell whether a figure is of a size or unit that few clauses share: 5000万, 2‰, not 一个 or 3."""
    return figure.value is not None and (figure.value >= 1000 or figure.unit in ("%", "‰", "元"))


def stands(figure: Figure, grounds: set[Figure]) -> bool:
    """Tell whether `figure` stands in `grounds`: as it is or, its unit left out there, by its number."""
    return figure in grounds or (not figure.literal and Figure(figure.value, "") in grounds)


def _round(numeral: str) -> int:
    """Return the value of 八千万, 两个亿, 一万二 or 四千五."""
    if numeral[-1] not in _SCALES and numeral[-2:-1] in _SCALES and numeral[-2:-1] != "十":
        return _round(numeral[:-1]) + to_int(numeral[-1]) * _SCALES[numeral[-2]] // 10
    if numeral[-1] in "万亿":
        return to_int(numeral[:-1].removesuffix("个")) * _SCALES[numeral[-1]]
    return to_int(numeral)


def _figure(match: re.Match[str]) -> Figure:
    if match["number"]:
        value = Fraction(match["number"].replace(",", ""))
        for scale in match["scale"]:
            value *= _SCALES[scale]
        if match["tail"]:  # 13万8
            value += Fraction(int(match["tail"]) * _SCALES[match["scale"][-1]], 10)
        unit = match["unit"] or ""
        return Figure(value, "元" if unit in _MONEY else unit)
    try:
        if match["han"]:
            return Figure(Fraction(to_int(match["han"])), "元")
        if spoken := match["round"] or match["bare"]:
            return Figure(Fraction(_round(spoken)), "")
        if match["share"]:
            return Figure(Fraction(to_int(match["part"])), "%" if match["share"] == "百分之" else "‰")
    except ValueError:
        pass
    return Figure(None, "", match.group().replace("：", ":"))
