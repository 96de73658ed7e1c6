"""Finding figures: number, unit and bound word, told apart from names, ordinals and counters.

Only the printed figure is read here; what it is for is the business of ``roles`` and ``context``.
"""

import re
from collections.abc import Iterator

from graph.facts import Bound
from graph.figures.amounts import Figure, amounts, bounded, names, tails, trailing
from graph.figures.dates import dates
from graph.figures.numbers import ARABIC, CHINESE, number, plain

_RATIO = re.compile(r"(?<![\d.：])\d{1,3}(?:\.\d+)?(?:[：比]\d{1,3}(?:\.\d+)?){1,3}(?![\d：.])")
_CLOCK = re.compile(r"(?:[01]?\d|2[0-4])：[0-5]\d(?:：[0-5]\d)?")
_FRACTION = re.compile(
    r"(?<![\d/.])([1-9])/([2-9]|10)(?![\d/.月日号])(?=的|以[上下]|给予|予以|补|，|。|由|且|$)"
)
_DOUBLING = re.compile(r"翻(?:([一二两三四五])番|番)")
_FREQUENCY = re.compile(
    rf"每(?:个?工作日|半年|两年|季度|年|月|周|天|日|旬)(?:至少|不得?超过|不少于|不多于|最多|不低于|最高)?({ARABIC}|{CHINESE})次(?!性)(以上|以内)?"
)
_TITLES = re.compile(
    r"《[^》]*》(?:（[^（）]{0,20}）)?|〔[^〕]{0,8}〕\d*号?|［\d{4}］\d+号|“[^“”]{0,30}”|‘[^’]{0,30}’|「[^」]{0,30}」"
)
_DIGIT = re.compile(r"[\d一二两三四五六七八九十百千亿半%‰番壹贰叁肆伍陆柒捌玖拾]")


def may_hold_figures(text: str) -> bool:
    """Tell at little cost whether `text`, folded or not, can hold a figure at all."""
    return _DIGIT.search(text) is not None


def figures(text: str, known_year: int | None = None) -> tuple[Figure, ...]:
    """Return the figures of folded `text` in order, none overlapping another.

    `known_year` serves months and quarters that are printed without a year.
    """
    if not _DIGIT.search(text):
        return ()
    masked = _TITLES.sub(lambda match: "▢" * len(match.group()), text)
    taken = bytearray(len(text))
    found: list[Figure] = []
    for source in (
        _dated(masked, known_year),
        _frequencies(masked),
        _ratios(masked),
        _fractions(masked),
        _doublings(masked),
        amounts(masked),
    ):
        for figure in source:
            if not any(taken[figure.start : figure.end]):
                taken[figure.start : figure.end] = b"\1" * (figure.end - figure.start)
                found.append(figure)
    inside = [m.span() for m in re.finditer(r"（不?含[^（）]{0,12}）", masked)]
    kept = [f for f in found if not any(a < f.start and f.end < b for a, b in inside)]
    return tuple(sorted(kept, key=lambda figure: figure.start))


def _dated(text: str, known_year: int | None) -> Iterator[Figure]:
    after_date = names("after_date")
    for date in dates(text, known_year):
        if after_date.match(text, date.end):
            continue
        tail = tails().match(text, date.end)
        word = (tail["tail"] or "") if tail and not tail["incl"] else ""
        if (word == "内" and re.match("[部容外设]", text[date.end + 1 : date.end + 2])) or word in ("左右",):
            word = ""
        bound = trailing(word)
        family = "period" if date.interval else "date"
        yield Figure(
            date.start,
            date.end + len(word),
            family,
            date.value,
            "date",
            bound or "exact",
            date.start,
            sure=not date.yearless,
        )


def _frequencies(text: str) -> Iterator[Figure]:
    for match in _FREQUENCY.finditer(text):
        bound: Bound = "exact"
        if re.search("不得?超过|不多于|最多|最高|以内", match.group()):
            bound = "at_most"
        elif re.search("至少|不少于|不低于|以上", match.group()):
            bound = "at_least"
        yield Figure(
            match.start(), match.end(), "frequency", plain(number(match[1])), "times", bound, match.start()
        )


def _ratios(text: str) -> Iterator[Figure]:
    for match in _RATIO.finditer(text):
        around = text[max(0, match.start() - 12) : match.end() + 10]
        shared = re.search("比例|比率|分担|承担|负担|配套|分成|匹配|财政", around)
        if _CLOCK.fullmatch(match.group()) and not shared and not re.fullmatch(r"(\d+)：\1", match.group()):
            continue
        if re.match("[米名位]|分[^担成配摊]", text[match.end() : match.end() + 2]):
            continue
        value = re.sub("[：比]", ":", match.group())
        yield Figure(match.start(), match.end(), "ratio", value, "ratio", "exact", match.start())


def _fractions(text: str) -> Iterator[Figure]:
    for match in _FRACTION.finditer(text):
        if int(match[1]) < int(match[2]):
            yield bounded(text, match.start(), match.end(), "ratio", match.group(), "ratio")


def _doublings(text: str) -> Iterator[Figure]:
    for match in _DOUBLING.finditer(text):
        times = int(number(match[1])) if match[1] else 1
        yield Figure(match.start(), match.end(), "doubling", 2**times, "times", "exact", match.start())
