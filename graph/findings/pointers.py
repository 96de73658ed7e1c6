"""Pointers that lead nowhere: to an annex, an article, a short name or a numbered document."""

import re
from collections.abc import Iterator

from graph.findings.annexes import listed_annexes
from graph.findings.page import Block, Page, quoted
from ingest.document_number import find_numbers
from ingest.model import Finding
from ingest.numerals import to_int

_N = r"[一二三四五六七八九十百零〇\d]{1,5}"
_KIND = (
    r"(?:(?:实施|管理)?(?:办法|规定|条例|细则)|暂行(?:规定|办法)|规则|规程|章程|准则|通知|意见|方案|措施|政策|决定"
    r"|标准|制度|指南|法)"
)
_OWN = re.compile(rf"(?<![》”])本{_KIND}第(?P<n>{_N})条(?!例)")
_ANNEX = re.compile(
    r"(?:见|详见|参见|按照?|参照|填写|填报|对照|执行|（)本?(?:通知|办法|方案|意见)?的?附(?:件|表)(?P<n>\d{1,2}|[一二三四五六七八九十]{1,2})(?![\d—-])"
)
_HEADS = re.compile(r"(?m)^[\s\-·]*附[ ]*[件表][ ]*(\d{1,2}|[一二三四五六七八九十]{1,2})")
_SHORT = re.compile(
    r"(?:以下|下文|下)(?:统|均|并)?(?:一)?(?:简|统)?称(?:为)?[：:]?(?P<o>[“《])(?P<name>[^”》]{2,20})[”》]"
)
_BRACKET = re.compile(r"》[（(]([^（）()《》]{4,60})[）)]")
_NUMBERISH = re.compile(r"(?:19|20)\d\d.{0,6}号")


def check(page: Page) -> Iterator[Finding]:
    """Yield pointers of the running text that lead nowhere within the document."""
    yield from _articles(page)
    yield from _annexes(page)
    yield from _short_names(page)
    for block in page.blocks:
        yield from _cited_numbers(block)


def _value(printed: str) -> int | None:
    try:
        return int(printed) if printed.isascii() else to_int(printed)
    except ValueError:
        return None


def _articles(page: Page) -> Iterator[Finding]:
    """本办法第十二条, where the part of the document that says so has no such article."""
    if re.search(r"修改|修正|修订|废止", page.policy.title):
        return
    known: dict[str, set[int]] = {}
    legal: set[str] = set()
    for clause in page.policy.clauses:
        part = _part(clause.locator)
        last = clause.locator.rpartition("/")[2]
        if article := re.fullmatch(rf"第({_N})条(?:#\d+)?", last):
            legal.add(part)
            known.setdefault(part, set()).add(_value(article[1]) or 0)
        elif clause.parent is None and re.fullmatch(_N, last):
            known.setdefault(part, set()).add(_value(last) or 0)
    for block in page.blocks:
        part = _part(block.locator)
        have = known.get(part)
        if not have:
            continue
        for match in _OWN.finditer(block.text):
            number = _value(match["n"])
            if number is None or number in have or (number < max(have) and part not in legal):
                continue
            said = f"“{match[0]}”指向的条款不在本文件里（最后一条是第 {max(have)} 条）"
            yield Finding("error", "article-absent", said, block.span(*match.span()))


def _part(locator: str) -> str:
    head = locator.split("/")[0]
    return "正文" if head.startswith("第") else head


def _annexes(page: Page) -> Iterator[Finding]:
    """见附件3, where neither the list of annexes nor the document has a third one."""
    listed = listed_annexes(page)
    labels = {part.label for part in page.policy.parts}
    numbers = {a.number for a in listed} | {
        label.removeprefix("附件") for label in labels if label.startswith("附")
    }
    numbers |= {str(_value(m[1]) or m[1]) for m in _HEADS.finditer(page.folded)}
    if "正文" not in labels or not (listed or any(label.startswith("附") for label in labels)):
        return  # an annex that stands alone speaks of its notice's annexes
    for block in page.blocks:
        for match in _ANNEX.finditer(block.text):
            number = str(_value(match["n"]) or match["n"])
            if number in numbers or any(n.startswith(number + "-") for n in numbers):
                continue
            said = f"“{quoted(match[0].strip('（'))}”指向的附件，附件说明和文件里都没有"
            yield Finding("error", "annex-pointed-absent", said, block.span(*match.span()))


def _short_names(page: Page) -> Iterator[Finding]:
    """以下简称《…》 that is never used, or is used before it is said what it means."""
    whole = "".join(block.text for block in page.blocks) + "".join(page.policy.title.split())
    whole += "".join("".join(clause.title.split()) for clause in page.policy.clauses)
    offset = 0
    for block in page.blocks:
        for match in _SHORT.finditer(block.text):
            name = match["name"]
            uses = whole.count(name)
            before = whole[: offset + match.start()].count(
                match["o"] + name + ("》" if match["o"] == "《" else "”")
            )
            inside = block.text[match.start() : match.end()].count(name)
            earlier = whole[max(0, offset + match.start() - 200) : offset + match.start()]
            if uses - inside - earlier.count(name) <= 0:
                said = f"定了简称“{name}”，后文没有用到"
                yield Finding("note", "short-name-unused", said, block.span(*match.span()))
            elif before > 0 and name not in earlier[-len(name) - 40 :]:
                said = f"简称“{name}”在说明它指什么之前就用了"
                yield Finding("note", "short-name-early", said, block.span(*match.span()))
        offset += len(block.text)


def _cited_numbers(block: Block) -> Iterator[Finding]:
    """A cited title with a number that cannot be one, or with two numbers."""
    for match in _BRACKET.finditer(block.text):
        inner = match[1]
        if not _NUMBERISH.search(inner):
            continue
        found = find_numbers(inner)
        span = block.span(match.start(1), match.end(1))
        if not found and not re.search(r"令|公告|第\d+号", inner):
            yield Finding("warning", "cited-number-odd", f"所引文号“{quoted(inner)}”不合文号的写法", span)
        elif len({number.canonical for _, _, number in found}) > 1 and not re.search(r"[、，；和及]", inner):
            yield Finding("note", "cited-number-two", f"“{quoted(inner)}”里有两个文号", span)
