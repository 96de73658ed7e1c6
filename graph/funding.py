"""Who pays, said for a whole document in its closing paragraphs.

由县级财政承担 · 市区两级各承担50% · 市、区财政按照5：5比例分担. Such a rule stands outside any clause.
"""

import re
from collections.abc import Iterator
from functools import cache

from graph.facts import Evidence, FundingRule
from graph.figures.text import bare, fold, parts, sentences
from graph.figures.words import either, words
from graph.validity import paragraph_span
from ingest.model import Paragraph, Policy

_PART = r"\d+(?:\.\d+)?"
_SHARE = rf"(?:(?:{_PART}(?:%|(?:[：比]{_PART})+)[、和]?)+)"
_HOW = "(?:各自?|分别|共同|全额|全部|统一|统筹)*"
_LEVEL = "(?:中央|省|市|县|区|州|旗|镇|乡|街道)(?:（[^（）]{1,6}）)?级?"
_MONEY = ("资金", "经费", "费用", "奖励", "补贴", "补助", "奖补", "财政", "支出")


@cache
def _named() -> re.Pattern[str]:
    """由 X 按 1:1 承担."""
    return re.compile(
        rf"由(?P<payer>[^由，；。]{{2,40}}?)(?P<how>{_HOW})(?:按照?|以)?(?P<share>{_SHARE})?(?:的?(?:比例|标准))?"
        rf"(?:予以|进行)?(?:{either(words('funding', 'bear'))})(?P<after>{_PART}%)?"
    )


@cache
def _bare() -> re.Pattern[str]:
    """县（区）财政承担40%, without 由."""
    return re.compile(
        rf"(?P<payer>{_LEVEL}(?:[、和与及]{_LEVEL})*(?:[两三]级)?财政)(?P<how>{_HOW})(?:按照?|以)?(?P<share>{_SHARE})?"
        rf"(?:的?比例)?(?:{either(words('funding', 'bear'))})(?P<after>{_PART}%)?"
    )


def funding(policy: Policy) -> tuple[FundingRule, ...]:
    """Return the funding rules of the paragraphs that stand outside any clause, in order.

    `share` is ``50%`` or ``1:1`` as printed (signs folded), ``全部`` where one payer bears all.
    """
    return tuple(rule for paragraph in policy.paragraphs for rule in _rules(paragraph))


def _rules(paragraph: Paragraph) -> Iterator[FundingRule]:
    folded = fold(paragraph.text)
    for start, end in sentences(folded.text):
        sentence = folded.text[start:end]
        if not any(word in sentence for word in _MONEY):
            continue
        for a, b in parts(folded.text, start, end, "，；。"):
            for match in _statements(folded.text[a:b]):
                first, last = folded.place(a + match.start(), a + match.end())
                yield FundingRule(
                    evidence=Evidence(paragraph.part, paragraph_span(paragraph, first, last)),
                    payer=match["payer"].strip("，、"),
                    share=_share(match),
                    surface=paragraph.text[first:last],
                )


def _statements(text: str) -> Iterator[re.Match[str]]:
    masked = bare(text) if "“" in text else text
    found = list(_named().finditer(masked)) or list(_bare().finditer(masked))
    yield from (match for match in found if _pays(match["payer"]))


def _pays(payer: str) -> bool:
    """Tell whether someone can be a payer: a level of government, a treasury, a party that spends."""
    return any(word in payer for word in (*words("funding", "payers"), "企业", "单位", "财政", "基金"))


def _share(match: re.Match[str]) -> str:
    printed = match["share"] or match["after"]
    if printed:
        return re.sub("[：比]", ":", printed.rstrip("、和"))
    return "分级" if re.search("分级|分别|共同", match.group()) else "全部"
