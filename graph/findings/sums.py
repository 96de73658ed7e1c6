"""Parts that do not make up the total or the whole that they are parts of, in running text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from graph.figures.amounts import Figure, amounts
from graph.findings.page import Block, Page
from ingest.model import Finding

_NAME = re.compile(
    r"[、，；和及]?(?P<name>(?:20\d\d年|[\u4e00-\u9fffA-Za-z“”（）·]{2,24}?))(?:新增|不少于|达到|各|为|：|增加|安排|完成)?$"
)
_OPENS = re.compile(r"其中|分别为|分别是|包括")  # what follows is a row of parts
_STOP = "。；！？"
_PERIOD = re.compile(r"(?:19|20)\d\d年|“?十[一二三四五六]五”?")
_TASK = re.compile(
    r"(?:目标|任务|指标|计划|分配|分解|安排|名额|资金|额度|情况)[^，。；]{0,6}(?:为|如下|是)?：?$"
)
_WHOLE = re.compile(r"(?:合计|共计|总计|总共|共)(?:为|达|安排|新增)?$")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of named figures of one unit: 甲镇2家、乙镇3家、丙镇1家."""

    figures: tuple[Figure, ...]
    names: tuple[str, ...]
    start: int  # where the first name begins


def check(page: Page) -> Iterator[Finding]:
    """Yield figures that do not reckon up."""
    for block in page.blocks:
        if "/表" in block.locator:
            continue
        figures = [f for f in amounts(block.text) if isinstance(f.value, (int, float)) and f.sure]
        figures = [f for f in figures if not re.fullmatch(r"20\d\d年", block.text[f.start : f.end])]
        yield from _totals(block, figures)
        yield from _shares(block, figures)


def _printed_unit(block: Block, figure: Figure) -> str:
    return re.sub(
        r"^[\d.,多余几（含）]+|(?:以上|以下|左右|以内)$", "", block.text[figure.start : figure.end]
    ).lstrip("万亿千百")


def _rows(block: Block, figures: list[Figure]) -> Iterator[Row]:
    """Yield the rows of three or more named figures of one unit."""
    run: list[Figure] = []
    names: list[str] = []
    begin = 0
    for figure in [*figures, None]:
        name, _at = (
            ("", 0) if figure is None else _name_before(block.text, figure, run[-1].end if run else None)
        )
        goes_on = bool(
            run
            and figure
            and name
            and run[-1].unit == figure.unit
            and figure.family in ("count", "money")
            and _printed_unit(block, run[-1]) == _printed_unit(block, figure)
        )
        if goes_on and figure is not None:
            run.append(figure)
            names.append(name)
            continue
        if len(run) >= 3:
            yield Row(tuple(run), tuple(names), begin)
        run, names = [], []
        if figure is not None and figure.family in ("count", "money"):
            name, begin = _first_name(block.text, figure)
            if name:
                run, names = [figure], [name]


def _name_before(text: str, figure: Figure, after: int | None) -> tuple[str, int]:
    """Return the name between the figure before and this one, when nothing else stands there."""
    if after is None:
        return "", 0
    between = text[after : figure.lead].removeprefix("）").removesuffix("（")
    after += text.startswith("）", after)
    if (
        not between
        or _OPENS.search(between)
        or between[0] not in "、，；和及"
        or any(c in between[1:] for c in "，。；：、")
    ):
        return "", 0
    found = None if _WHOLE.search(between) else _NAME.fullmatch(between)
    return (found["name"], after + found.start("name")) if found else ("", 0)


def _first_name(text: str, figure: Figure) -> tuple[str, int]:
    start = max(text.rfind(c, 0, figure.lead) for c in "，。；：、\n") + 1
    found = _OPENS.search(text[start : figure.lead])
    start += found.end() if found else 0
    name = _NAME.fullmatch(text[start : figure.lead].removesuffix("（"))
    return (name["name"], start) if name else ("", start)


def _totals(block: Block, figures: list[Figure]) -> Iterator[Finding]:
    for row in _rows(block, figures):
        total, whole = _total_of(block, figures, row)
        if total is None or total.bound in ("at_most", "below"):
            continue  # below a cap, parts may be given one for another
        parts = sum((Fraction(str(f.value)) for f in row.figures), Fraction(0))
        value = Fraction(str(total.value))
        loose = any(f.bound != "exact" for f in row.figures)
        if parts == value or (loose and parts < value):
            continue
        if not whole and parts < value:
            continue  # 其中 may name some of the parts only
        yield _mismatch(block, row, total, parts, value)


def _mismatch(block: Block, row: Row, total: Figure, parts: Fraction, value: Fraction) -> Finding:
    unit = _printed_unit(block, total)
    shown = _number(parts, total, block)
    printed = block.text[total.start : total.end]
    reached = total.bound in ("at_least", "above") and parts > value
    said = f"{len(row.figures)} 个分项（{row.names[0]}……{row.names[-1]}）合计 {shown}{unit}，"
    said += f"总数写的是“{printed}”，{'分项高出总数' if reached else '两者对不上'}"
    where = block.span(row.start, row.figures[-1].end)
    return Finding("warning" if reached else "error", "sum-mismatch", said, where)


def _number(value: Fraction, like: Figure, block: Block) -> str:
    """Return a sum with the multiplier that the total is printed with."""
    printed = block.text[like.start : like.end]
    for word, factor in (("亿", 10**8), ("万", 10**4)):
        if word in printed:
            value = value / factor
            return f"{float(value):g}{word}"
    return f"{float(value):g}" if value.denominator != 1 else str(int(value))


def _total_of(block: Block, figures: list[Figure], row: Row) -> tuple[Figure | None, bool]:
    """Return the figure that a row is the parts of, and whether the row must be all of them."""
    text, first = block.text, row.figures[0]
    earlier = [
        f
        for f in figures
        if f.end <= row.start
        and f.unit == first.unit
        and _printed_unit(block, f) == _printed_unit(block, first)
    ]
    after = next((f for f in figures if f.start > row.figures[-1].end), None)
    if (
        after
        and after.unit == first.unit
        and not re.search(f"[{_STOP}]", text[row.figures[-1].end : after.lead])
    ):
        between = text[row.figures[-1].end : after.lead]
        if _WHOLE.search(between) and len(between) <= 8:
            return after, True
    sentence = max((text.rfind(c, 0, row.start) for c in _STOP), default=-1) + 1
    inside = [f for f in earlier if f.start >= sentence]
    if inside:
        between = text[inside[-1].end : row.start]
        if "其中" in between and len(between) <= 20:
            return inside[-1], False
        if re.fullmatch(r"[，：]?[^，。；：]{0,16}(?:分别为|分别是|包括|：)", between):
            return inside[-1], True
        return None, False
    if not earlier or not _TASK.search(text[sentence : row.start].rstrip("：") + "："):
        return None, False
    intro = re.split("[，；]", text[sentence : row.start])[-1]
    for total in reversed(earlier):
        left = max((text.rfind(c, 0, total.start) for c in "。；，：" if c != "，"), default=-1) + 1
        before = [f.end for f in figures if left <= f.end <= total.start and f.family != "duration"]
        context = text[max([left, *before]) : total.start]
        if set(_PERIOD.findall(context)) == set(_PERIOD.findall(intro)) and _common(context, intro):
            return total, True
    return None, False


def _common(one: str, other: str, size: int = 4) -> bool:
    """Say whether two phrases speak of the same thing: four characters in a row in common."""
    bare = [re.sub(r"[^\u4e00-\u9fff]|年", "", phrase) for phrase in (one, other)]
    return any(bare[0][i : i + size] in bare[1] for i in range(len(bare[0]) - size + 1))


_PAYER = re.compile(
    r"(?:中央|省|市|县|区|州|旗|镇|乡|街道|财政|企业|单位|个人|用人单位|村|级)(?:财政|企业|级|单位|本级|级财政)?(?:分别|各自|按|共同)?(?:承担|负担|分担|出资|配套)?$"
)


_RESPECTIVELY = re.compile(
    r"分别(?:按照?)?(?:承担|负担|分担|出资)(?P<row>\d+(?:\.\d+)?%(?:[、，和]\d+(?:\.\d+)?%)+)"
)


def _shares(block: Block, figures: list[Figure]) -> Iterator[Finding]:
    """省财政承担60%、市财政承担30%: shares of one cost that do not make 100."""
    for match in _RESPECTIVELY.finditer(block.text):
        total = sum((Fraction(share) for share in re.findall(r"[\d.]+", match["row"])), Fraction(0))
        if total != 100:
            said = f"各方分担的比例合计为 {float(total):g}%，不是 100%"
            yield Finding("warning", "shares-not-whole", said, block.span(*match.span("row")))
    rates = [f for f in figures if f.unit == "percent" and f.bound == "exact"]
    runs: list[list[Figure]] = []
    for figure in rates:
        left = max((block.text.rfind(c, 0, figure.start) for c in "，。；、："), default=-1) + 1
        if not _PAYER.search(block.text[left : figure.lead]) or block.text[left : left + 1] == "对":
            runs.append([])
        elif runs and runs[-1] and not re.search(f"[{_STOP}]", block.text[runs[-1][-1].end : left]):
            runs[-1].append(figure)
        else:
            runs.append([figure])
    for run in runs:
        if len(run) < 2:
            continue
        first = max((block.text.rfind(c, 0, run[0].start) for c in _STOP), default=-1) + 1
        said = block.text[first : run[-1].end + 8]
        total = sum((Fraction(str(f.value)) for f in run), Fraction(0))
        if not re.search("承担|负担|分担|出资", said) or "各" in said or total == 100:
            continue
        message = f"各方分担的比例合计为 {float(total):g}%，不是 100%"
        yield Finding("warning", "shares-not-whole", message, block.span(run[0].lead, run[-1].end))
