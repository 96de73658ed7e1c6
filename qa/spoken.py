"""Print turned into speech: figures, document numbers and signs written so that they can be read aloud."""

import re
import unicodedata
from collections.abc import Callable

from ingest.numerals import to_han
from qa.text import HAN, display

_NUMBER = r"\d+(?:\.\d+)?"
_DASH = "[-－—–~～─至]+"
_MONEY = "元|万|亿|度|分|块"
# A time of day, not a ratio: 8:30, 17:00. Sums are shared 1:1 or 5:3:2, hardly ever 8:30.
_CLOCK = re.compile(r"(?<!\d)([01]?\d|2[0-4]):([0-5]\d)(?![\d:])")
_RATIO = re.compile(rf"{_NUMBER}(?::{_NUMBER})+")
_SIGNS = {
    "≥": "不低于", "≧": "不低于", "⩾": "不低于", "≤": "不高于", "≦": "不高于", "⩽": "不高于",
    ">": "超过", "<": "低于", "±": "正负", "+": "加", "×": "乘以", "÷": "除以", "=": "等于", "→": "到",
    "&": "和",
}  # fmt: skip
_WIDE = str.maketrans(":;,!?", "，；，！？")
_MARKS = re.compile("[“”‘’\"'《》〈〉「」『』*#`_|]")  # title and quotation marks are not heard
_INNER = re.compile(r"[(\[〔【{]([^()\[\]〔〕【】{}]*)[)\]〕】}]")  # NFKC has made the wide ones narrow


def spoken(text: str) -> str:
    """Return `text` as it is read aloud: the same figures in the same order, no brackets, no signs.

    〔2022〕23号 → 2022年第23号, 1:1 → 一比一, 10% → 百分之十, 2‰ → 千分之二, ≥ → 不低于,
    2022-06-30 → 2022年6月30日.
    """
    text = unicodedata.normalize("NFKC", display(text))
    for pattern, told in _STEPS:
        text = pattern.sub(told, text)
    while (bare := _INNER.sub(_aside, text)) != text:
        text = bare
    for sign, word in _SIGNS.items():
        text = text.replace(sign, word)
    return _tidy(_MARKS.sub("", text))


def _han(number: str) -> str:
    """Write a number in Chinese numerals: 2.5 → 二点五."""
    whole, _, rest = number.partition(".")
    if len(whole) > 8:
        return number
    return to_han(int(whole)) + ("点" + "".join(to_han(int(digit)) for digit in rest) if rest else "")


def _share(found: re.Match[str]) -> str:
    number = "百" if found[1] == "100" else _han(found[1])
    return f"{'百' if found[2] == '%' else '千'}分之{number}"


def _ratio(found: re.Match[str]) -> str:
    return "比".join(_han(part) for part in found.group().split(":"))


def _clock(found: re.Match[str]) -> str:
    return f"{int(found[1])}点" + (f"{found[2]}分" if found[2] != "00" else "")


def _date(found: re.Match[str]) -> str:
    return f"{found[1]}年{int(found[2])}月{int(found[3])}日"


def _aside(found: re.Match[str]) -> str:
    """A short name in brackets goes on with the word before it (乡（镇）), a longer one is set off."""
    inner = found[1].strip(",，、;；。: ")
    if not inner or re.fullmatch(r"[一二三四五六七八九十]{1,3}|\d{1,2}", inner):
        return ""  # the number of an item
    return f"、{inner}" if len(inner) <= 6 and not re.search(r"\d", inner) else f"，{inner}，"


_STEPS: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"(?<=\d),(?=\d{3}(?!\d))"), ""),
    (re.compile(r"[〔\[(【〈]((?:19|20)\d\d)[〕\])】〉]\s*第?(\d+)号"), r"\1年第\2号"),
    (re.compile(r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)"), _date),
    (_CLOCK, _clock),
    (re.compile(rf"({_NUMBER})([%‰]){_DASH}(?={_NUMBER}[%‰])"), r"\1\2到"),
    (re.compile(rf"({_NUMBER}){_DASH}({_NUMBER})([%‰])"), r"\1\3到\2\3"),
    (re.compile(rf"({_NUMBER})([%‰])"), _share),
    (_RATIO, _ratio),
    (re.compile(rf"(?<=[\d元万亿年月日天家户人]){_DASH}(?=\d)"), "到"),
    (re.compile(r"m2|m²"), "平方米"),
    (re.compile(rf"(?<={_MONEY})/(?=[{HAN}])"), "每"),
    (re.compile(r"/"), "、"),
)  # fmt: skip


def _tidy(text: str) -> str:
    """Leave one mark where several met, and none at the start."""
    text = text.translate(_WIDE).replace("...", "")
    text = re.sub(r"[()\[\]〔〕【】{}%‰\\]", "", text)  # brackets that were never closed, shares of nothing
    text = re.sub(rf"(?<=[{HAN}])[-－—–~～]+(?=[{HAN}])", "，", text)
    text = re.sub("[，、；]*([。！？])[，、；。]*", r"\1", text)
    text = re.sub("[，、]*；[，、；]*", "；", text)
    text = re.sub("[，、]{2,}", "，", text).replace("，的", "的")
    return text.lstrip("，、；。")
