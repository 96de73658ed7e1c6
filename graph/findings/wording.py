"""What print, typing and templates leave in a text: doubled words, broken numbers, marks without a pair."""

import re
from collections.abc import Iterator

from graph.findings.page import Page, quoted
from ingest.model import Finding, Span

_HAN = r"[\u4e00-\u9fff]"
_UNIT = r"(?:[万亿千百]?元|%|％|户|家|人|名|年|月|日|个|亩|号|项|次|倍)"
# A letter that looks like a figure inside a figure: l0万元, 2O22年. No letter may stand around it.
_LOOKALIKE = re.compile(
    rf"(?<![A-Za-z0-9.])(?:[lIOo|]{{1,2}}\d[\dlIOo|]*|\d+[lIOo|][\dlIOo|]*)(?:\.\d+)?(?={_UNIT})"
)
_SPLIT = re.compile(r"(?<![\d.、])(?:[12]\d{0,2} \d{1,3}|\d{1,2} \d{2,3})(?=年\d|年(?!内|以|期|度?以))")
_SPLIT_SUM = re.compile(r"(?<![\d.、，,])\d{1,3} \d{2}(?=[万亿]?元)")  # blanks between thousands are in order
_HALF = re.compile(rf"(?<={_HAN})[,;!?](?={_HAN})")
_TWICE = re.compile(r"([\u4e00-\u9fff]{4,20})\1")
_LEFT_OVER = re.compile(
    r"(?<![A-Za-z0-9\u4e00-\u9fff])[X×╳Ｘ]{1,4}(?:省|市|县|区|州|旗|乡|镇|局|委|厅|年|月|元|万元|公司|单位|同志)"
    rf"|(?<={_HAN})[×╳]{{2,}}|[X×╳]{{2,}}(?:年|月|日|号|元|万元|人|家|省|市|县|区|局)"
    r"|[X×╳Ｘ]{1,2}月[X×╳Ｘ]{1,2}日|(?<=由)[X×╳Ｘ]{2,4}(?=负责|牵头|承担|组织)"
    r"|20[X×_＿]{2}年|(?<=\d年)[ 　]+月[ 　]+日|待(?:补充|填写|核实)(?=[）)。；，])"
)
_BLANK = re.compile(r"[_＿]{3,}")
_FORMS = re.compile(
    r"表|书|样式|样本|模板|格式|范本|示范文本|清单|台账|记录|合同|协议|承诺|附录|指南|模版|申请|登记|凭证|证明"
)
_PAIRS = {"《": "》", "“": "”", "（": "）"}
_CLOSING = {close: open_ for open_, close in _PAIRS.items()}


def check(page: Page) -> Iterator[Finding]:
    """Yield what looks wrong in the wording, in no particular order."""
    yield from _numbers(page)
    yield from _half_width(page)
    yield from _left_over(page)
    yield from _twice(page)
    yield from _unpaired(page)


def _numbers(page: Page) -> Iterator[Finding]:
    text = page.policy.text
    for match in _LOOKALIKE.finditer(text):
        said = f"数字“{quoted(match[0])}”里混有字母，疑为识别或录入错误"
        yield Finding("warning", "number-letter", said, Span(*match.span()))
    for match in (*_SPLIT.finditer(text), *_SPLIT_SUM.finditer(text)):
        said = f"数字“{match[0]}”中间有空格"
        yield Finding("note", "number-split", said, Span(*match.span()))


def _half_width(page: Page) -> Iterator[Finding]:
    """A document that mixes both widths is told once, at the first place."""
    text = page.policy.text
    found = [Span(*match.span()) for match in _HALF.finditer(text)]
    if found:
        at = found[0].start
        said = f"汉字之间用了半角标点 {len(found)} 处，第一处是“{quoted(text[at - 4 : at + 5])}”"
        yield Finding("note", "punctuation-half", said, found[0])


def _left_over(page: Page) -> Iterator[Finding]:
    """Marks of a template in running text; forms to be filled in have them by right."""
    text, policy = page.policy.text, page.policy
    forms = [part.span for part in policy.parts if part.label != "正文" and _FORMS.search(part.title)]
    for pattern in (_LEFT_OVER, _BLANK):
        for match in pattern.finditer(text):
            if any(form.start <= match.start() < form.end for form in forms):
                continue
            if _names_a_form(text, match.start()):
                continue
            said = f"“{_around(text, match)}”像是没有填完的模板"
            yield Finding("warning", "template-left", said, Span(*match.span()))


def _names_a_form(text: str, at: int) -> bool:
    """Say whether a place stands in a quotation or a bracket that shows how something is written."""
    line = text[text.rfind("\n", 0, at) + 1 : at]
    return (
        line.count("“") > line.count("”")
        or re.search(r"如[:：]?$|样式|格式|例如|比如", line[-12:]) is not None
    )


def _around(text: str, match: re.Match[str]) -> str:
    return quoted(text[max(0, match.start() - 6) : match.end() + 4])


def _twice(page: Page) -> Iterator[Finding]:
    """Words printed twice in one line (a heading above a text may well begin alike)."""
    for match in _TWICE.finditer(page.policy.text):
        if len(set(match[1])) >= 3:
            said = f"“{quoted(match[1])}”连写了两遍"
            yield Finding("warning", "words-twice", said, Span(*match.span()))


def _unpaired(page: Page) -> Iterator[Finding]:
    """Brackets and quotation marks without their other half; a document is told once, at the first place.

    A mark may find its other half in the next paragraph.
    """
    lone: list[int] = []
    carried: list[int] = []
    for start, end in _stretches(page):
        opened, closed = _marks(page.folded, start, end)
        for at in closed:
            if carried and page.folded[carried[-1]] == _CLOSING[page.folded[at]]:
                carried.pop()
            else:
                lone.append(at)
        lone += carried
        carried = opened
    if not (lone := sorted(lone + carried)):
        return
    at, text = lone[0], page.policy.text
    said = f"{len(lone)} 个括号、引号或书名号缺了另一半，"
    said += f"第一个是“{quoted(text[max(0, at - 6) : at + 8])}”里的 {text[at]}"
    yield Finding("note", "mark-unpaired", said, Span(at, at + 1))


def _marks(text: str, start: int, end: int) -> tuple[list[int], list[int]]:
    """Return the opening and the closing marks of a stretch that have no other half in it."""
    stack: list[int] = []
    opened: list[int] = []
    closed: list[int] = []
    for i in range(start, end):
        char = text[i]
        if char == '"' and stack and text[stack[-1]] == "“":
            stack.pop()  # “民生" mixes two kinds of marks
        elif char in _PAIRS:
            stack.append(i)
        elif char in _CLOSING:
            places = [k for k in stack if text[k] == _CLOSING[char]]
            if places:
                while stack[-1] != places[-1]:
                    opened.append(stack.pop())
                stack.pop()
            elif not _numbered(text, i):
                closed.append(i)
    return opened + stack, closed


def _stretches(page: Page) -> Iterator[tuple[int, int]]:
    """Yield the text of each clause with its unit lists, and of each loose paragraph."""
    for clause in page.policy.clauses:
        if "/表" not in clause.locator and clause.span.end > clause.span.start:
            yield clause.span.start, clause.span.end
    for paragraph in page.policy.paragraphs:
        if paragraph.pieces:
            yield paragraph.pieces[0].start, paragraph.pieces[-1].end


def _numbered(text: str, at: int) -> bool:
    """Say whether a closing bracket belongs to a number: 1）, a）, 一）."""
    return (
        re.search(
            r"(?:^|[\s。；：，、（])(?:\d{1,3}|[a-zA-Z]|[一二三四五六七八九十]{1,3})$",
            text[max(0, at - 5) : at],
        )
        is not None
    )
