"""A clause's text made easy to read by pattern, without losing the way back to the original.

Blanks are taken out (print puts them inside numbers: ``6 个月``), full-width digits and signs
are folded one to one, and every character remembers where it came from.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

_FOLD = str.maketrans("０１２３４５６７８９％﹪．／＋,﹐:∶︰;()", "0123456789%%./+，，：：：；（）")
_STOP = re.compile(r"(?<=[一-鿿）”])\.(?![0-9A-Za-z.])")  # a half-width full stop ends a sentence as well
# 壹佰万元: numerals as cheques write them, in sums only (陆 and 伍 are names elsewhere).
_BANK = re.compile("[壹贰叁肆伍陆柒捌玖拾佰仟零]+(?=[万亿]{0,2}[元圆])")
_BANKED = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千")
_LOOSE = re.compile(r"\s|\d，\d{3}")
_OPEN, _CLOSE = "（“《〈「『〔【［‘", "）”》〉」』〕】］’"
_LONGEST = 800  # characters; the longest sentence of 227 real documents has 453
_STOPS = "。！？!?\n\r\u2028"
_OPENING = re.compile(f"[{re.escape(_OPEN)}]")
_SENTENCE_END = re.compile(f"[{_STOPS}]+[”）’]?|$")


@dataclass(frozen=True, slots=True)
class Folded:
    """Folded text; ``origin[i]`` is where its character `i` stands in the text it was made of."""

    text: str
    origin: Sequence[int]

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Return the half-open range of the original text that covers ``text[start:end]``."""
        return self.origin[start], self.origin[end - 1] + 1


def fold(text: str) -> Folded:
    """Fold `text`: white space out, digits and punctuation to one form each."""
    wide = _STOP.sub("。", text.translate(_FOLD))
    if _BANK.search(wide):
        wide = _BANK.sub(lambda match: match.group().translate(_BANKED), wide)
    if not _LOOSE.search(wide):
        return Folded(wide, range(len(wide)))
    kept = [
        i
        for i, char in enumerate(wide)
        if not (char.isspace() and char not in "\n\r\u2028") and not (char == "，" and _thousands(wide, i))
    ]
    return Folded("".join([wide[i] for i in kept]), kept)


def _thousands(text: str, i: int) -> bool:
    """Tell whether the comma at `i` groups thousands (1,000,000元)."""
    return bool(text[i - 1 : i].isdigit() and re.match(r"\d{3}(?!\d)", text[i + 1 : i + 5]))


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yield the ranges of the sentences of folded `text`, end mark left in.

    No range is longer than `_LONGEST` characters, so that a text without stops costs no more than its length.
    """
    start = 0
    for match in _SENTENCE_END.finditer(text):
        while match.end() - start > _LONGEST:
            cut = max(text.rfind(mark, start + 1, start + _LONGEST) for mark in "；，、") + 1
            yield start, (cut or start + _LONGEST)
            start = cut or start + _LONGEST
        if start < match.end():
            yield start, match.end()
        start = match.end()


def parts(text: str, start: int, end: int, marks: str) -> Iterator[tuple[int, int]]:
    """Yield the ranges between `marks` in ``text[start:end]``, brackets and quotation marks unbroken.

    A bracket that is never closed binds nothing.
    """
    stack: list[str] = []
    left = start
    for found in _cutting(marks).finditer(text, start, end):
        i, char = found.start(), found.group()
        if char in _OPEN:
            closing = _CLOSE[_OPEN.index(char)]
            if text.find(closing, i, end) >= 0:
                stack.append(closing)
        elif stack and char == stack[-1]:
            stack.pop()
        elif char in marks and not stack:
            if left < i:
                yield left, i
            left = i + 1
    if left < end:
        yield left, end


@cache
def _cutting(marks: str) -> re.Pattern[str]:
    return re.compile(f"[{re.escape(_OPEN + _CLOSE + marks)}]")


def bare(text: str) -> str:
    """Return `text` with the insides of brackets and quotation marks masked, equal in length."""
    if not _OPENING.search(text):
        return text
    depth: list[str] = []
    out = []
    for i, char in enumerate(text):
        if char in _OPEN:
            closing = _CLOSE[_OPEN.index(char)]
            out.append("▢" if depth else char)
            if text.find(closing, i) >= 0:
                depth.append(closing)
        elif depth and char == depth[-1]:
            depth.pop()
            out.append("▢" if depth else char)
        else:
            out.append("▢" if depth else char)
    return "".join(out)
