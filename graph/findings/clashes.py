"""Figures that contradict each other: ends of a range, words and digits, parties and shares, two sums."""

import re
from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction

from graph.findings.page import Block, Page, quoted
from ingest.model import Finding


def check(page: Page) -> Iterator[Finding]:
    """Yield figures that contradict each other."""
    for block in page.blocks:
        yield from _ranges(block)
        yield from _in_words(block)
        yield from _ratios(block)
    yield from _rates(page)
    yield from _text_and_annex(page)


def _rates(page: Page) -> Iterator[Finding]:
    """A share or a rate of payment above the whole; growth may well be more."""
    for figure in page.record.quantities:
        if figure.role not in ("per_unit_rate", "funding_share", "fee_rate") or figure.unit != "percent":
            continue
        if isinstance(figure.value, (int, float)) and figure.value > 100:
            said = f"比例“{quoted(figure.surface)}”超过 100%"
            yield Finding("warning", "rate-over-whole", said, figure.evidence.span)


_BOUNDS = re.compile(
    r"(?P<a>\d+(?:\.\d+)?)(?P<u>[万亿]?元|%|人|家|户|亩|天|个月|年)以上(?:、|，|至|和)?"
    r"(?P<b>\d+(?:\.\d+)?)(?P<v>[万亿]?元|%|人|家|户|亩|天|个月|年)以下"
)
_RANGE = re.compile(
    r"(?<![\d.〔\[（第/A-Za-z])(?P<a>\d+(?:\.\d+)?)(?P<u>万元|亿元|元|%|个月|个工作日|天|年|人|家|户|亩|个)?(?:—{1,2}|-{1,2}|－|~|～|至)"
    r"(?P<b>\d+(?:\.\d+)?)(?P<v>万元|亿元|元|%|个百分点|个月|个工作日|天|人|家|户|亩|个|周岁|岁|倍)(?!/)"
)


def _ranges(block: Block) -> Iterator[Finding]:
    """50万元至30万元; a number that falls (由50%降至30%) is none, nor are parts of a longer number."""
    for match in _RANGE.finditer(block.text):
        unit, other = match["u"] or match["v"], match["v"]
        if unit != other or float(match["b"]) >= float(match["a"]):
            continue
        before = block.text[max(0, match.start() - 12) : match.start()]
        if re.search(r"[由从自降减压缩调]", before) or re.search(r"(?:19|20)\d\d$", match["a"]):
            continue
        said = f"“{match[0]}”下限大于上限"
        yield Finding("error", "range-reversed", said, block.span(*match.span()))
    for match in _BOUNDS.finditer(block.text):
        if match["u"] == match["v"] and float(match["a"]) >= float(match["b"]):
            said = f"“{match[0]}”下限不小于上限"
            yield Finding("error", "range-reversed", said, block.span(*match.span()))


_CAPITAL = (
    {c: n for n, c in enumerate("零壹贰叁肆伍陆柒捌玖")}
    | {"〇": 0, "两": 2}
    | {c: n for n, c in enumerate("一二三四五六七八九", 1)}
)
_TENS = {"拾": 10, "十": 10, "佰": 100, "百": 100, "仟": 1000, "千": 1000}
_WORDS = re.compile(
    r"(?:人民币)?(?P<w>[零壹贰叁肆伍陆柒捌玖拾佰仟万亿一二三四五六七八九十百千〇两]{2,16})(?P<u>元|圆|家|户|人|个|名|%)?整?（(?:人民币)?[￥¥]?"
    r"(?P<d>\d[\d,，]*(?:\.\d+)?)(?P<m>[万亿]?)(?P<v>元|家|户|人|个|名)?整?）"
)


def _words_value(printed: str) -> int | None:
    total = section = digit = 0
    for char in printed:
        if char in _CAPITAL:
            digit = _CAPITAL[char]
        elif char in _TENS:
            section += (digit or 1) * _TENS[char]
            digit = 0
        elif char in "万亿":
            total = (total + section + digit) * (10**4 if char == "万" else 10**8)
            section = digit = 0
        else:
            return None
    return total + section + digit


def _in_words(block: Block) -> Iterator[Finding]:
    """伍万元（60000元）: the words and the digits of one sum."""
    for match in _WORDS.finditer(block.text):
        if not (match["u"] and match["v"]) and match["u"] not in ("元", "圆"):
            continue
        digits = Fraction(re.sub("[,，]", "", match["d"])) * {"万": 10**4, "亿": 10**8}.get(match["m"], 1)
        words = _words_value(match["w"])
        if words is not None and words != digits:
            said = f"“{match[0]}”大写与数字不一致"
            yield Finding("error", "words-and-digits", said, block.span(*match.span()))


_LEVEL = r"(?:乡镇|[省市县区州旗镇乡]|中央|街道)(?:（[^（）]{1,6}）)?(?:级|本级|财政|级财政)?"
_PARTIES = re.compile(
    rf"(?P<who>{_LEVEL}(?:[、和与及](?:属地|同级)?{_LEVEL})+|[省市县区乡镇]{{2,4}}(?=[两二三四]级))"
    r"(?:(?P<levels>[两二三四五])级|财政|各级|分别){0,3}按照?(?P<share>\d+(?:\.\d+)?(?:[：:比]\d+(?:\.\d+)?)+)"
    r"(?:的?比例)?(?:分担|承担|负担|配套|分级)"
)


def _ratios(block: Block) -> Iterator[Finding]:
    """省、市、县按5:5分担: as many shares as parties."""
    for match in _PARTIES.finditer(block.text):
        counted = "一二三四五".find((match["levels"] or " ").replace("两", "二")[0])
        parties = counted + 1 if counted > 0 else len(re.findall(r"[、和与及]", match["who"])) + 1
        shares = len(re.findall(r"[：:比]", match["share"])) + 1
        if parties != shares:
            said = f"“{quoted(match[0], 40)}”：{parties} 方分担，比例却有 {shares} 份"
            yield Finding("error", "ratio-parties", said, block.span(*match.span()))


def _text_and_annex(page: Page) -> Iterator[Finding]:
    """The same gift to the same receiver on the same condition, with two sums in two parts."""
    found: dict[tuple[str, ...], dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    figures = page.record.quantities
    for n, q in enumerate(figures):
        if q.kind not in ("money", "rate") or q.role not in (
            "reward",
            "subsidy",
            "cap",
            "per_unit_rate",
            "loan_limit",
        ):
            continue
        if len(q.recipient) + len(q.condition) < 10 or q.stage is not None:
            continue
        key = (q.role, q.unit, q.periodicity, q.bound, _bare(q.recipient), _bare(q.condition))
        found[key][q.evidence.locator.split("/")[0]].append(n)
    for parts in found.values():
        if len(parts) < 2 or any(len(same) > 1 for same in parts.values()):
            continue
        one, *others = [figures[same[0]] for same in parts.values()]
        for other in others:
            if other.value != one.value:
                said = (
                    f"同一事项两处金额不同：{one.evidence.locator} 写“{one.surface}”，"
                    f"{other.evidence.locator} 写“{other.surface}”"
                )
                yield Finding("error", "two-amounts", said, other.evidence.span)


def _bare(phrase: str) -> str:
    return re.sub(r"[\s“”\"的]", "", phrase)
