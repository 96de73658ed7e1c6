"""Who pays, said for a whole document: in its closing paragraphs, or in a clause that speaks of it.

由县级财政承担 · 市区两级各承担50% · 市、区财政按照5：5比例分担. A clause on one measure (其资金由…承担) says
nothing for the others: its sentence must name the document, or the clause must rule how long it holds.
"""

import re
from collections.abc import Iterator
from functools import cache

from graph.facts import Evidence, FundingRule
from graph.figures.text import bare, fold, parts, sentences
from graph.figures.words import either, words
from graph.periods import SELF, rules_itself, span_in
from ingest.model import Clause, Paragraph, Policy

_PART = r"\d+(?:\.\d+)?"
_SHARE = rf"(?:(?:{_PART}(?:%|(?:[：比]{_PART})+)[、和]?)+)"
_HOW = "(?:各自?|分别|共同|全额|全部|统一|统筹)*"
_LEVEL = "(?:中央|省|市|县|区|州|旗|镇|乡|街道)(?:（[^（）]{1,6}）)?级?"
_SHARED = (
    rf"(?:{_LEVEL}|[^，。；、]{{2,20}}?(?:企业|单位|机构))"  # who may be said to bear a share without 由
)
_WHOLE = re.compile(f"(?:{SELF})[^。；]{{0,12}}(?:资金|经费|费用|奖补|奖励|补贴|补助)")
_MONEY = ("资金", "经费", "费用", "奖励", "补贴", "补助", "奖补", "财政", "支出")


@cache
def _named() -> re.Pattern[str]:
    """由 X 按 1:1 承担."""
    return re.compile(
        rf"由(?P<payer>[^由，；。]{{2,40}}?)(?P<how>{_HOW})(?:按照?|以)?(?P<share>{_SHARE})?(?:的?(?:比例|标准))?"
        rf"(?:予以|进行)?(?:{either(words('funding', 'bear'))})(?P<after>{_PART}%(?:[、和]{_PART}%)*)?"
        rf"|(?:从|在)(?P<fund>[^，；。从在由]{{2,30}}?(?:资金|经费|基金|预算|收入))(?:预算)?中?(?:列支|安排|支出|解决|统筹)"
    )


@cache
def _bare() -> re.Pattern[str]:
    """县（区）财政承担40%, without 由."""
    return re.compile(
        rf"(?P<payer>{_LEVEL}(?:[、和与及]{_LEVEL})*(?:[两三]级)?财政)(?P<how>{_HOW})(?:按照?|以)?(?P<share>{_SHARE})?"
        rf"(?:的?比例)?(?:{either(words('funding', 'bear'))})(?P<after>{_PART}%)?"
    )


@cache
def _share_of() -> re.Pattern[str]:
    """镇（街道）承担20%: any party, where its share is printed."""
    return re.compile(
        rf"(?:^|(?<=、))(?P<payer>{_SHARED})(?P<how>{_HOW})(?P<share>)(?:{either(words('funding', 'bear'))})"
        rf"(?P<after>{_PART}%)"
    )


def funding(policy: Policy) -> tuple[FundingRule, ...]:
    """Return the funding rules for the whole document, in order: those outside any clause come first.

    `share` is ``50%`` or ``1:1`` as printed (signs folded), ``全部`` where one payer bears all.
    """
    outside = [rule for paragraph in policy.paragraphs for rule in _rules(paragraph, paragraph.part)]
    return (*outside, *(rule for clause in policy.clauses for rule in _rules(clause, clause.locator)))


def _rules(holder: Paragraph | Clause, locator: str) -> Iterator[FundingRule]:
    if not any(word in holder.text for word in words("funding", "bear")):
        return
    folded = fold(holder.text)
    general = isinstance(holder, Paragraph) or rules_itself(folded.text)
    for start, end in sentences(folded.text):
        sentence = folded.text[start:end]
        if not any(word in sentence for word in _MONEY):
            continue
        if not general and not _WHOLE.match(sentence):
            continue
        for a, b in parts(folded.text, start, end, "，；。"):
            for match in _statements(folded.text[a:b]):
                first, last = folded.place(a + match.start(), a + match.end())
                yield FundingRule(
                    evidence=Evidence(locator, span_in(holder, first, last)),
                    payer=_payer(match),
                    share=_share(match),
                    surface=holder.text[first:last],
                )


def _statements(text: str) -> Iterator[re.Match[str]]:
    masked = bare(text) if "“" in text else text
    found = list(_named().finditer(masked)) or list(_bare().finditer(masked))
    yield from (match for match in found or _share_of().finditer(masked) if _pays(_payer(match)))


def _payer(match: re.Match[str]) -> str:
    """Return who pays, without the way of sharing (按现行财政体制分级, 兜底)."""
    fund = match.groupdict().get("fund")
    payer = fund or match["payer"]
    return re.sub("(?:[按依][^，。]*|分级|分别|共同|兜底|各自?)+$", "", payer).strip("，、")


def _pays(payer: str) -> bool:
    """Tell whether someone can be a payer: a level of government, a treasury, a party that spends."""
    return any(word in payer for word in (*words("funding", "payers"), "企业", "单位", "财政", "基金"))


def _share(match: re.Match[str]) -> str:
    printed = match["share"] or match["after"]
    if printed:
        return re.sub("[：比]", ":", printed.rstrip("、和"))
    return "分级" if re.search("分级|分别|共同", match.group()) else "全部"
