"""Rows of coordinated figures: 国家级、省级…分别给予50万元、30万元; three nodes, three sums.

A row of N figures is matched with an enumeration of N items in the topic or before the row; each
figure then gets its own item.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from graph.figures.amounts import Figure
from graph.figures.numbers import number
from graph.figures.text import bare
from graph.figures.words import either, words

_JOINT = re.compile("[、，]?(?:和|及|以及|与|或)?(?:不超过|最高)?")
_AND = "(?:、|以及|和|及|与|或)"


@dataclass(frozen=True, slots=True)
class Item:
    """What one figure of a row belongs to: its own words, and the phrase with only them left in."""

    own: str
    phrase: str


def rows(text: str, found: Sequence[Figure]) -> list[list[Figure]]:
    """Group figures that follow one another with nothing but a joint between them."""
    groups: list[list[Figure]] = []
    for figure in found:
        last = groups[-1][-1] if groups else None
        if last and last.family == figure.family and last.end <= figure.lead:
            between = text[last.end : figure.lead]
            if between and _JOINT.fullmatch(between) and between != "，":
                groups[-1].append(figure)
                continue
        groups.append([figure])
    return groups


@cache
def _steps() -> re.Pattern[str]:
    nouns = either(words("rows", "steps"))
    count = "(?:不同)?[两二三四五六七八九2-9]?个?(?:不同)?"
    classes = "[两二三四五六七八九2-9]个?(?P<suffix>[类档级])(?=，|分别|依次|各|给予|标准|的|奖)"
    return re.compile(
        rf"(?:按照|按|根据|依据|分为|分)?(?P<list>[^，；。]{{3,120}}?)(?:等)?的?(?:{count}(?:{nouns})|{classes})"
    )


@cache
def _levels() -> re.Pattern[str]:
    level = f"(?:{either(words('rows', 'levels'))})"
    return re.compile(f"{level}(?:{_AND}{level})+(?:级)?")


@cache
def _ranks() -> re.Pattern[str]:
    short = "(?:第?[一二三四五六七八九特1-9A-Z优良甲乙丙]|特等奖|[1-9]A)"
    suffix = either(words("rows", "suffixes"))
    return re.compile(
        f"{short}(?:等奖|级|等)?(?:{_AND}{short}(?:等奖|级|等)?)*{_AND}{short}(?:[两二三四五六]个?)?(?:{suffix})"
    )


def split(phrase: str) -> list[str]:
    """Split an enumeration at 、和及; quoted and bracketed text stays whole."""
    masked = bare(phrase)
    items, left = [], 0
    for match in re.finditer(_AND, masked):
        items.append(phrase[left : match.start()])
        left = match.end()
    items.append(phrase[left:])
    return [item for item in items if item]


def steps(text: str, count: int) -> list[str]:
    """Return the `count` steps named in `text` (按照甲、乙、丙三个节点), or an empty list."""
    for match in _steps().finditer(text):
        listed = re.sub("^(?:[^、]*(?:资金|奖励|补助|补贴)按照?|[在于])(?=[^、]+、)", "", match["list"])
        for items in (_by_comma(listed), split(listed)):
            if len(items) == count:
                return [item + (match["suffix"] or "") for item in items]
    return []


def years(lead: str, count: int) -> list[str]:
    """Return the years of a row that is dealt out by year (三年分别按100%、80%、50%), or an empty list."""
    said = re.search("([两二三四五六\\d])年(?:内)?(?:逐年)?分别[^，；。]*$", lead)
    if said is None or number(said[1]) != count:
        return []
    return [f"第{'一二三四五六'[i]}年" for i in range(min(count, 6))]


def _by_comma(phrase: str) -> list[str]:
    """Split at 、 outside brackets, the last item also at 和 (甲、乙和丙)."""
    masked = bare(phrase)
    cuts = [i for i, char in enumerate(masked) if char == "、"]
    return [phrase[a:b] for a, b in zip([0, *(c + 1 for c in cuts)], [*cuts, len(phrase)], strict=True)]


def items(phrase: str, count: int) -> list[Item]:
    """Return the `count` items of an enumeration in `phrase`, best reading first tried.

    Ranks (一、二、三等奖), levels (国家级、省级…), then whole noun phrases. Empty when no
    enumeration has that many.
    """
    for finder in (_ranks(), _levels()):
        for match in finder.finditer(phrase):
            names = _complete(split(match.group()))
            if len(names) == count:
                head, tail = phrase[: match.start()], phrase[match.end() :]
                return [Item(name, f"{head}{name}{tail}") for name in names]
    for parts_ in (_by_comma(phrase), split(phrase), _at_and(phrase)):
        if len(parts_) == count:
            return [Item(part, part) for part in _share_opening(_share_ending(parts_))]
    return []


def _share_opening(names: list[str]) -> list[str]:
    """Give every item the opening that only the first one has: 新引进的全日制博士、硕士."""
    opening = re.match(
        f"(?:[^的]{{2,12}}的)?(?:{either(words('rows', 'openings'))})|[^的]{{2,12}}的(?=.{{1,4}}$)", names[0]
    )
    if not opening or len(names[0]) - opening.end() > 6 or any("的" in n or len(n) > 8 for n in names[1:]):
        return names
    return [names[0], *(opening.group() + name for name in names[1:])]


def _share_ending(names: list[str]) -> list[str]:
    """Give every item the ending that only the last one has: 五星级、四星级饭店."""
    if all(re.fullmatch("[一二三四五六七八九]", name) for name in names[:-1]) and re.match(
        "[二三四五六七八九]", names[-1]
    ):
        return [*(name + names[-1][1:] for name in names[:-1]), names[-1]]
    ends = {name[-1:] for name in names[:-1]}
    if len(ends) != 1 or len(names[0]) > 8:
        return names
    cut = names[-1].find(ends.pop()) + 1
    ending = names[-1][cut:] if 1 < cut <= 8 else ""
    return [*(name + ending for name in names[:-1]), names[-1]]


def carried_verb(found: list[Item]) -> list[Item]:
    """Give every item the verb that only the first one has (获得甲奖、乙奖 → 获得乙奖)."""
    if not found or any(item.own != item.phrase for item in found):
        return found
    match = re.match(f"(?:首次|新)?(?:被)?(?:{either(words('rows', 'verbs'))})", found[0].own)
    if match is None:
        return found
    verb = match.group()
    whole = [item.own if re.match(verb, item.own) else verb + item.own for item in found]
    return [Item(phrase, phrase) for phrase in whole]


def _at_and(phrase: str) -> list[str]:
    masked = bare(phrase)
    items_, left = [], 0
    for match in re.finditer("以及|和|及", masked):
        items_.append(phrase[left : match.start()])
        left = match.end()
    return [*items_, phrase[left:]]


def _complete(names: list[str]) -> list[str]:
    """Give every item the suffix that only the last one has: 一、二、三等奖."""
    names = [*names[:-1], re.sub("(?<=[A-Z甲乙丙丁])[两二三四五六]个?", "", names[-1])]  # D四类 is D类
    last = names[-1]
    suffix = next(
        (s for s in sorted(words("rows", "suffixes"), key=len, reverse=True) if last.endswith(s)), ""
    )
    done = [name if name.endswith(("级", "奖", "名", "等", "档", "类")) else name + suffix for name in names]
    if any(name.startswith("第") for name in names):
        done = [name if name.startswith("第") else f"第{name}" for name in done]
    return done


def is_rank(name: str) -> bool:
    """Tell whether an item is a prize or rank (一等奖, 第二名), a condition rather than a recipient."""
    return (
        re.fullmatch(
            r"第?[一二三四五六七八九十特优良甲乙丙1-9A-Z]+(?:等奖|等次|名|星级|档|类|等|年|级)?", name
        )
        is not None
    )


def is_level(name: str) -> bool:
    """Tell whether an item is a level of recognition (国家级)."""
    return name in words("rows", "levels")
