"""Numbers with a unit: figures told apart from ordinals, names and counters, with their bound words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from graph.facts import Bound
from graph.figures.dates import DASH
from graph.figures.numbers import ARABIC, CHINESE, SCALE, number, plain
from graph.figures.words import either, units, words


@dataclass(frozen=True, slots=True)
class Figure:
    """A printed figure in folded text.

    `lead` is where the bound word before the number starts (= `start` when there is none).
    `family` is money, rate, duration, count, ratio, frequency, doubling, date or period.
    """

    start: int
    end: int
    family: str
    value: float | int | str
    unit: str
    bound: Bound
    lead: int
    sure: bool = True


@cache
def _unit_forms() -> str:
    forms = [form for kind in ("money", "rate", "duration", "count") for form, _ in units(kind)]
    return either(forms)


@cache
def _unit_table() -> dict[str, tuple[str, str]]:
    kinds = ("count", "duration", "rate", "money")
    return {form: (kind, unit) for kind in kinds for form, unit in units(kind)}


@cache
def tails() -> re.Pattern[str]:
    """Return the pattern of bound words after a figure, （含） in between."""
    bounds = either(
        [
            *words("bounds", "trailing_at_least"),
            *words("bounds", "trailing_at_most"),
            *words("bounds", "trailing_exact"),
        ]
    )
    return re.compile(
        rf"(?P<incl>（(?P<no>不)?含）)?(?P<tail>{bounds})?(?P<after>（(?P<not>不)?含[^（）]{{0,12}}）)?"
    )


@cache
def _leads() -> re.Pattern[str]:
    forms = [
        *words("bounds", "at_most"),
        *words("bounds", "at_least"),
        *words("bounds", "below"),
        *words("bounds", "above"),
    ]
    return re.compile(f"(?:{either(forms)})(?:分别)?(?:人民币|为|达|到|至|在|额)?$")


@cache
def _plain_figures() -> re.Pattern[str]:
    """A number (or two with a dash between) and a unit, or a percentage in characters."""
    arabic = rf"{ARABIC}[多余几]?(?:（含）)?{SCALE}?"
    bare = "(?:[十百千]?[万亿]|[十百千]+)(?=元|美元)"
    amount = rf"(?:{arabic}|{CHINESE}{SCALE}?|{bare})[多余几]?"
    unit = _unit_forms()
    per = either([*words("give", "counted"), *"人月年户次天日家个季只件", "季度", "学期", "课时", "人次"])
    return re.compile(
        rf"(?<![\d.A-Za-z第几×*+])(?!(?<=数)\D)(?:"
        rf"(?P<hundred>[百千万]分之)(?P<share>{CHINESE}(?:点{CHINESE})?|百)"
        rf"|(?P<whole>{CHINESE})分之(?P<part>[一二三四五六七八九])"
        rf"|(?P<low>{amount})(?P<lowunit>{unit})?(?:（不?含）)?(?:[{DASH}]{{1,2}}|至|到)(?P<high>{amount})(?P<highunit>{unit})"
        rf"|(?P<amount>{amount})(?P<unit>{unit})(?P<per>/(?:{per}|[·/])+)?"
        rf")"
    )


def amounts(text: str) -> Iterator[Figure]:
    """Yield the figures with a unit, and percentages in characters, of folded `text`."""
    for match in _plain_figures().finditer(text):
        if match["hundred"]:
            yield _percent_in_words(text, match)
        elif match["whole"]:
            value = f"{plain(number(match['part']))}/{plain(number(match['whole']))}"
            yield bounded(text, match.start(), match.end(), "ratio", value, "ratio")
        elif match["low"]:
            yield from _range(text, match)
        else:
            figure = _single(text, match)
            if figure is not None:
                yield figure


def _percent_in_words(text: str, match: re.Match[str]) -> Figure:
    whole, _, tenths = match["share"].partition("点")
    value = Fraction(100) if whole == "百" else number(whole)
    if tenths:
        value += number(tenths) / 10 ** len(tenths)
    unit = {"百": "percent", "千": "permille", "万": "basis_point"}[match["hundred"][0]]
    return bounded(text, match.start(), match.end(), "rate", plain(value), unit)


def _range(text: str, match: re.Match[str]) -> Iterator[Figure]:
    kind, unit = _unit_table()[match["highunit"]]
    if match["lowunit"] and _unit_table()[match["lowunit"]][1] != unit:
        first = _plain_figures().match(text, match.start())
        for start, end, amount, form in (
            (match.start("low"), match.end("lowunit"), match["low"], match["lowunit"]),
            (match.start("high"), match.end("highunit"), match["high"], match["highunit"]),
        ):
            if first and _is_figure(text, start, end, amount, form):
                k, u = _unit_table()[form]
                yield bounded(text, start, end, k, plain(_amount(amount)), u)
        return
    if not _is_figure(text, match.start(), match.end(), match["high"], match["highunit"]):
        return
    low, high = _amount(match["low"]), _amount(match["high"])
    tail = re.search(rf"{SCALE}[多余几]?$", match["high"])
    if tail and not match["lowunit"] and not re.search(rf"{SCALE}$", match["low"]):
        low *= number(tail.group().rstrip("多余几"))
    if not low < high:
        return
    value = f"{plain(low)}/{plain(high)}"
    figure = bounded(text, match.start(), match.end(), kind, value, unit)
    bound: Bound = figure.bound if kind == "duration" and text[figure.end - 1] == "内" else "exact"
    yield Figure(figure.start, figure.end, kind, value, unit, bound, figure.lead)


def _amount(printed: str) -> Fraction:
    return number(re.sub("[多余几]|（含）", "", printed))


def _single(text: str, match: re.Match[str]) -> Figure | None:
    form, amount = match["unit"], match["amount"]
    if not _is_figure(text, match.start(), match.end("unit"), amount, form):
        return None
    kind, unit = _unit_table()[form]
    if unit == "years_of_age":
        kind = "count"
    figure = bounded(text, match.start(), match.end(), kind, plain(_amount(amount)), unit)
    if re.search("[多余几]", amount) and figure.bound == "exact":
        return Figure(figure.start, figure.end, kind, figure.value, unit, "above", figure.lead)
    if "（含）" in amount and figure.bound == "exact":
        return Figure(figure.start, figure.end, kind, figure.value, unit, "at_least", figure.lead)
    return figure


def _is_figure(text: str, start: int, end: int, amount: str, form: str) -> bool:
    """Tell a figure from an ordinal, a name or a way of speaking."""
    kind, unit = _unit_table()[form]
    after, before = text[end : end + 6], text[max(0, start - 8) : start]
    if re.search(r"第[一二三四五六七八九十\d、和至]*$", before):
        return False
    if kind == "count" and names("after_count").match(after):
        return False
    if unit == "item" and names("counters").match(after):
        return False
    if form == "所" and (re.match("示|述|列|需|属|在地", after) or before.endswith(("图", "表"))):
        return False
    if form == "位" and re.match("浮点|数|编码|码|处理|字|微|单片|机|阶|密", after):
        return False
    if form == "小时" and amount == "24" and not re.match("之?内|以内|前", after):
        return False
    if form in ("届", "期", "批") and re.fullmatch(r"(?:19|20)\d{2}", amount):
        return False
    if form == "次" and after.startswith("性"):
        return False
    if form == "晚" and before.endswith("、"):
        return False
    if kind == "duration" and names("after_duration").match(after):
        return False
    if form == "年" and re.fullmatch(r"\d{4}", amount):
        return False
    if form == "日" and not (
        re.match("之?内|以内|以上|前|后|起|压|缩", after)
        or re.search("时限|期限|压缩|压减|缩短|法定", before)
        or _leads().search(before)
    ):
        return False
    if (
        form == "元"
        and re.fullmatch("万|[一二三四五六七八九两]", amount)
        and not re.match("以|[，。；、的/）补奖每]|$", after)
    ):
        return False
    if amount == "万" or (amount == "亿" and not re.match("以[上下]|级", after)):
        return False
    if form == "分" and not (
        re.match("以[上下]|及以上|（", after) or re.search("得分|评分|分值|满分|达到?$", before)
    ):
        return False
    if form == "度" and not re.search("电", text[max(0, start - 12) : end + 6]):
        return False
    if amount[0].isdigit():
        return True
    return _chinese_figure(before, after, amount, form)


def _chinese_figure(before: str, after: str, amount: str, form: str) -> bool:
    """Tell whether a Chinese numeral with a counting word is a figure (see the lexicon's ground)."""
    bounded = re.match("（含）|以[上下内]|及以[上下]|之?内", after) or _leads().search(
        before.removesuffix("突破")
    )
    if form in ("年", "日", "度") and re.search("[〇○]", amount):
        return False
    if before.endswith(("“", "十", "每", "前", "“十")) and before[-1:] in "“每":
        return False
    if amount == "一":
        each = re.search("每[^，。；每]{1,6}$", before) is not None and form == "名"
        if form not in words("chinese", "one") and not bounded and not each:
            return False
        if before.endswith(words("chinese", "not_before_one")) or after.startswith(
            words("chinese", "not_after_one")
        ):
            return False
        return (
            bool(bounded)
            or form not in ("名",)
            or each
            or re.search("配备|配置|确定|安排|明确|选派|指定|聘请|设置?|派驻?", before) is not None
        )
    if form in words("chinese", "plain") or form == "倍":
        return not (form == "年" and amount[0] in "十" and before.endswith("“"))
    return bool(bounded)


def bounded(text: str, start: int, end: int, kind: str, value: float | int | str, unit: str) -> Figure:
    """Make a figure with the bound word after it taken in and the one before it read."""
    tail = tails().match(text, end)
    word, whole, bound = "", "", None
    if tail:
        word = tail["tail"] or ""
        if (
            word in ("起", "以来")
            or (word == "内" and re.match("[部容外设涵需陆循资]", text[tail.end("tail") :][:1]))
            or (word == "前" and (kind != "duration" or re.match("[提置]", text[end + 1 : end + 2])))
        ):
            word = ""
        whole = ((tail["incl"] or "") + word) if word else ""
        bound = trailing(word)
        if word and (tail["no"] or tail["not"]):
            bound = "above" if bound == "at_least" else "below"
    lead_match = _leads().search(text, max(0, start - 12), start)
    if lead_match and text[: lead_match.start()].endswith("每"):  # 每超过1个百分点
        lead_match = None
    lead = lead_match.start() if lead_match else start
    if bound is None and lead_match:
        bound = _leading(text[lead:start])
    return Figure(start, end + len(whole), kind, value, unit, bound or "exact", lead)


def trailing(word: str) -> Bound | None:
    """Return the bound that a word after a figure sets, or None."""
    if word in words("bounds", "trailing_at_least"):
        return "at_least"
    return "at_most" if word in words("bounds", "trailing_at_most") else None


def _leading(printed: str) -> Bound | None:
    names: tuple[Bound, ...] = ("at_most", "at_least", "below", "above")
    best: tuple[int, Bound] | None = None
    for name in names:
        for form in words("bounds", name):
            if printed.startswith(form) and (best is None or len(form) > best[0]):
                best = len(form), name
    return best[1] if best else None


@cache
def names(group: str) -> re.Pattern[str]:
    """Return the pattern of a list of words that make a figure part of a name."""
    return re.compile("|".join(words("names", group)))
