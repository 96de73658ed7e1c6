"""Printed numbers: 一、（一）1.（1）① 第一条 第 1 章 ↔ (style, value).

GB/T 9704-2012 §7.3.3 sets 一、 → （一） → 1. → （1); legal texts use 编、章、节、条.
"""

import re
from dataclasses import dataclass
from enum import IntEnum

from ingest.numerals import to_han, to_int

_HAN = "零〇一二三四五六七八九十百千两"


class Style(IntEnum):
    """Numbering styles; the value is the usual rank, outermost first."""

    BOOK = 0  # 第一编, 第一部分
    CHAPTER = 1  # 第一章
    SECTION = 2  # 第一节
    ARTICLE = 3  # 第一条
    HAN = 4  # 一、
    PAREN_HAN = 5  # （一）
    DECIMAL = 6  # 1.
    DOTTED = 7  # 1.1
    PAREN_DECIMAL = 8  # （1）
    HALF_DECIMAL = 9  # 1）
    CIRCLED = 10  # ①
    BOX = 11  # 专栏 1


LEGAL = frozenset({Style.BOOK, Style.CHAPTER, Style.SECTION, Style.ARTICLE})


@dataclass(frozen=True, slots=True)
class Marker:
    """A printed number at the head of a line.

    `label` is its place in a locator (一, （一）, 1, 第七条); `path` holds the parts of 1.2.3 (one
    part for every other style); `start` and `end` bound the printed number with its punctuation.
    """

    style: Style
    path: tuple[int, ...]
    label: str
    start: int
    end: int

    @property
    def value(self) -> int:
        """Return the last part of the number."""
        return self.path[-1]


_CIRCLED = {
    c: i
    for first, n, base in (("①", 20, 1), ("㉑", 15, 21), ("㊱", 15, 36), ("❶", 10, 1))
    for i, c in enumerate((chr(ord(first) + k) for k in range(n)), base)
}
_PAREN_HAN = {chr(0x3220 + k): k + 1 for k in range(10)}
_PAREN_DECIMAL = {chr(0x2474 + k): k + 1 for k in range(20)}
_FULL_STOP = {chr(0x2488 + k): k + 1 for k in range(20)}
_N = rf"[{_HAN}]"
_MARK = re.compile(
    rf"""第[ ]*(?P<legal>(?:{_N}[ ]?){{1,7}}|\d{{1,4}})[ ]*
     (?P<kind>部分|编|篇|章|节|条)(?P<sub>之{_N}{{1,3}})?
    |（[ ]*(?P<paren_han>{_N}{{1,5}})[ ]*(?:）[、.]?|、(?=[^，。、]{{2}}))
    |（[ ]*(?P<paren_decimal>\d{{1,3}})[ ]*）[、.]?
    |(?P<half_han>{_N}{{1,5}})[ ]*）[、.]?
    |(?P<han>{_N}{{1,5}})[ ]*[、.](?![ ]*{_N}{{1,2}}[、])
    |(?P<dotted>\d{{1,2}}(?:[.]\d{{1,2}}){{1,4}})
     (?![\d.%]|[ ]*[-~%‰万亿元倍个家户人次年月日亩吨米度折级版公平名号以至])
    |(?P<decimal>\d{{1,3}})[ ]*(?:[.][ ]*(?![\d]|[ ]*$)|、)(?!\d+[.、]\d)
    |(?P<half_decimal>\d{{1,3}})[ ]*）[、.]?
    |(?P<symbol>[{"".join((*_CIRCLED, *_PAREN_HAN, *_PAREN_DECIMAL, *_FULL_STOP))}])[、.]?
    """,
    re.VERBOSE,
)
_LEGAL_STYLES = {
    "部分": Style.BOOK,
    "编": Style.BOOK,
    "篇": Style.BOOK,
    "章": Style.CHAPTER,
    "节": Style.SECTION,
    "条": Style.ARTICLE,
}
# 第五条第二款, 第八条规定, 第三条、第四条: a reference that a line break put at the head of a line.
_REFERENCE = re.compile(r"第|规定|和第|至第|、第|及第|或者?第|款|项|之一|的规定|所[列称规]|中的?|确定|内容")
_OPENERS = (
    frozenset("第（0123456789" + _HAN)
    | _CIRCLED.keys()
    | _PAREN_HAN.keys()
    | _PAREN_DECIMAL.keys()
    | _FULL_STOP.keys()
)


def marker(folded: str, start: int, end: int) -> Marker | None:
    """Return the printed number that opens ``folded[start:end]``, or None.

    `folded` is text after `ingest.fold.fold`. Decimals (3.5万元) and references to articles
    (第五条第二款) are no numbers of clauses.
    """
    if start >= end or folded[start] not in _OPENERS:
        return None
    match = _MARK.match(folded, start, end)
    if match is None:
        return None
    kind = match.lastgroup
    stop = match.end()
    while stop < end and folded[stop] in " \t":
        stop += 1
    try:
        found = _read(match, folded, stop, end)
    except ValueError:
        return None
    if found is None:
        return None
    style, path, label = found
    del kind
    return Marker(style, path, label, start, stop) if path[-1] > 0 or style is Style.DOTTED else None


def _read(
    match: re.Match[str], folded: str, stop: int, end: int
) -> tuple[Style, tuple[int, ...], str] | None:
    """Return style, value and locator label of a match, or None for a reference."""
    group = match.groupdict()
    if (legal := group["legal"]) is not None:
        kind = group["kind"]
        printed = legal.replace(" ", "")
        if match.end() == stop and _REFERENCE.match(folded, stop, end):
            return None
        if kind == "部分" and folded[stop : stop + 1] == "：":
            return None
        return _LEGAL_STYLES[kind], (to_int(printed),), f"第{printed}{kind}{group['sub'] or ''}"
    if (han := group["paren_han"] or group["half_han"]) is not None:
        return Style.PAREN_HAN, (to_int(han),), f"（{han}）"
    if (digits := group["paren_decimal"]) is not None:
        return Style.PAREN_DECIMAL, (int(digits),), f"（{int(digits)}）"
    if (han := group["han"]) is not None:
        return Style.HAN, (to_int(han),), han
    if (dotted := group["dotted"]) is not None:
        return Style.DOTTED, tuple(int(p) for p in dotted.split(".")), dotted
    if (digits := group["decimal"]) is not None:
        return Style.DECIMAL, (int(digits),), str(int(digits))
    if (digits := group["half_decimal"]) is not None:
        return Style.HALF_DECIMAL, (int(digits),), f"{int(digits)}）"
    return _symbol(group["symbol"])


def _symbol(symbol: str) -> tuple[Style, tuple[int, ...], str]:
    """Return style, value and label of a single-character number."""
    if symbol in _PAREN_HAN:
        return Style.PAREN_HAN, (_PAREN_HAN[symbol],), f"（{to_han(_PAREN_HAN[symbol])}）"
    if symbol in _PAREN_DECIMAL:
        return Style.PAREN_DECIMAL, (_PAREN_DECIMAL[symbol],), f"（{_PAREN_DECIMAL[symbol]}）"
    if symbol in _FULL_STOP:
        return Style.DECIMAL, (_FULL_STOP[symbol],), str(_FULL_STOP[symbol])
    return Style.CIRCLED, (_CIRCLED[symbol],), symbol


def label(style: Style, value: int) -> str:
    """Return the locator label of a number in the usual print: (PAREN_HAN, 3) → （三）."""
    match style:
        case Style.BOOK:
            return f"第{to_han(value)}部分"
        case Style.CHAPTER:
            return f"第{to_han(value)}章"
        case Style.SECTION:
            return f"第{to_han(value)}节"
        case Style.ARTICLE:
            return f"第{to_han(value)}条"
        case Style.HAN:
            return to_han(value)
        case Style.PAREN_HAN:
            return f"（{to_han(value)}）"
        case Style.PAREN_DECIMAL:
            return f"（{value}）"
        case Style.HALF_DECIMAL:
            return f"{value}）"
        case Style.CIRCLED:
            return next((c for c, v in _CIRCLED.items() if v == value), f"（{value}）")
        case Style.BOX:
            return f"专栏{value}"
        case _:
            return str(value)


def printed(style: Style, value: int) -> str:
    """Return the number as it is usually printed at the head of a line: (HAN, 3) → 三、, (DECIMAL, 3) → 3."""
    text = label(style, value)
    return text + {Style.HAN: "、", Style.DECIMAL: "."}.get(style, "")
