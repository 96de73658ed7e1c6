"""Days that do not exist, periods that end before they begin, terms that do not reckon up."""

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date

from graph.findings.page import Block, Page, quoted
from ingest.model import Finding, Severity

_DAY = re.compile(r"(?:(?P<y>(?:19|20)\d\d)年)?(?P<m>\d{1,2})月(?P<d>\d{1,2})日")
_BETWEEN = re.compile(
    r"(?P<y>(?:19|20)\d\d)年(?P<m>\d{1,2})月(?:(?P<d>\d{1,2})日)?起?(?:至|到|—{1,2}|-{1,2}|－|~|～)"
    r"(?:(?P<y2>(?:19|20)\d\d)年)?(?P<m2>\d{1,2})月(?:(?P<d2>\d{1,2})日)?"
)
_YEARS = re.compile(
    r"(?<![\d〔（第])(?P<a>(?:19|20)\d\d)年?(?:至|到|—{1,2}|-{1,2}|－|~|～)(?P<b>(?:19|20)\d\d)年"
)
_WEEKDAY = re.compile(
    r"(?:(?P<y>(?:19|20)\d\d)年)?(?<!\d)(?P<m>\d{1,2})月(?P<d>\d{1,2})日[（，]?(?:星期|周|礼拜)(?P<w>[一二三四五六日天])"
)
_TERM = re.compile(
    r"自(?P<y>\d{4})年(?P<m>\d{1,2})月(?P<d>\d{1,2})日起(?:正式)?(?:施行|实施|执行|生效)[，,]?(?:试行|有效)期(?:限)?为?"
    r"(?P<n>\d{1,2}|[一二两三四五六七八九十])年[，,（]?(?:至|到|即至|有效至|有效期至|截至|截止到?)"
    r"(?P<y2>\d{4})年(?P<m2>\d{1,2})月(?P<d2>\d{1,2})日"
)
_ON_ISSUE = re.compile(r"自(?:发布|印发|公布|颁布)之日起(?:正式)?(?:施行|实施|执行|生效)")
_SLIP = 2  # years; a day longer ago is no slip of the pen but a condition (2000年底前建成的小区)
_DUE = re.compile(r"(?:19|20)\d\d.*(?:月|底|末|日)")
_PAST = re.compile(
    "注册|成立|登记|设立|取得|获得|认定|投产|参保|竣工|已|曾|此前|截至|截止|以来|之前|出生|毕业|入职|任职|从事"
)
_NUMERALS = {c: n for n, c in enumerate("一二三四五六七八九十", 1)} | {"两": 2}
_MONTH = re.compile(r"(?<![\d.])(?:(?:19|20)\d\d年)(?P<m>\d{1,2})月(?!租)")


def check(page: Page) -> Iterator[Finding]:
    """Yield dates that cannot be, of running text and of the facts."""
    for block in page.blocks:
        yield from _impossible(block)
        yield from _reversed(block)
        yield from _weekdays(block, page.policy.date)
        yield from _terms(block)
    yield from _before_issue(page)
    yield from _on_issue(page)


def _real(year: int | None, month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= monthrange(year or 2024, month)[1]


def _impossible(block: Block) -> Iterator[Finding]:
    for match in _DAY.finditer(block.text):
        year = int(match["y"]) if match["y"] else None
        if not match["y"] and block.text[max(0, match.start() - 1) : match.start()].isdigit():
            continue
        if not _real(year, int(match["m"]), int(match["d"])):
            yield Finding("error", "date-impossible", f"没有“{match[0]}”这一天", block.span(*match.span()))
    for match in _MONTH.finditer(block.text):
        if not 1 <= int(match["m"]) <= 12 and not _DAY.match(block.text, match.start()):
            yield Finding("error", "date-impossible", f"没有“{match[0]}”这个月", block.span(*match.span()))


def _reversed(block: Block) -> Iterator[Finding]:
    for match in _BETWEEN.finditer(block.text):
        first = (int(match["y"]), int(match["m"]), int(match["d"] or 1))
        last = (int(match["y2"] or match["y"]), int(match["m2"]), int(match["d2"] or 31))
        if last < first:
            said = f"“{quoted(match[0], 40)}”止期早于起期"
            if not match["y2"]:
                said += "（如果跨年，止期应写明年份）"
            yield Finding(
                "error" if match["y2"] else "warning", "period-reversed", said, block.span(*match.span())
            )
    for match in _YEARS.finditer(block.text):
        if int(match["b"]) < int(match["a"]):
            yield Finding("error", "period-reversed", f"“{match[0]}”止年早于起年", block.span(*match.span()))


def _weekdays(block: Block, issued: str | None) -> Iterator[Finding]:
    """A day with its weekday; without a year, that of the document or the next one is meant."""
    for match in _WEEKDAY.finditer(block.text):
        stated = match["y"] or (issued or "")[:4]
        if not stated.isdigit():
            continue
        years = [int(stated)] if match["y"] else [int(stated), int(stated) + 1]
        days = [(year, int(match["m"]), int(match["d"])) for year in years]
        real = ["一二三四五六日"[date(*day).weekday()] for day in days if _real(*day)]
        if real and match["w"].replace("天", "日") not in real:
            said = f"“{match[0]}”与历法不合，{stated} 年这一天是星期{real[0]}"
            severity: Severity = "error" if match["y"] else "warning"
            yield Finding(severity, "weekday-wrong", said, block.span(*match.span()))


def _terms(block: Block) -> Iterator[Finding]:
    """自甲日起施行，有效期N年，至乙日: the end must be N years after the beginning, give or take a day."""
    for match in _TERM.finditer(block.text):
        years = int(match["n"]) if match["n"].isascii() else _NUMERALS[match["n"]]
        first, last = ((int(match["y" + k]), int(match["m" + k]), int(match["d" + k])) for k in ("", "2"))
        if not (_real(*first) and _real(*last)):
            continue
        days = (date(*last) - date(*first)).days - 365.25 * years
        if abs(days) > 3:
            said = f"“{quoted(match[0], 60)}”：从起期算 {years} 年不是这一天"
            yield Finding("error", "term-mismatch", said, block.span(*match.span()))


def _before_issue(page: Page) -> Iterator[Finding]:
    """A term that had ended before the document was issued. Terms that are over today are no slip."""
    issued = page.policy.date
    if not issued or not re.fullmatch(r"\d{4}-\d\d-\d\d", issued):
        return
    for measure in page.record.measures:
        end = (measure.valid_until or "").rpartition("/")[2]
        if measure.valid_from and end and end[: len(measure.valid_from)] < measure.valid_from[: len(end)]:
            said = f"有效期从 {measure.valid_from} 到 {end}，止期早于起期"
        elif re.match(r"\d{4}", end) and end < issued[: len(end)]:
            said = f"有效期到 {end} 为止，早于成文日期 {issued}"
        else:
            continue
        where = measure.validity_evidence or measure.evidence
        yield Finding("warning", "term-before-issue", said, where.span)
    for figure in page.record.quantities:
        end = str(figure.value).rpartition("/")[2]
        if figure.role != "deadline" or not re.match(r"\d{4}", end) or end >= issued[: len(end)]:
            continue
        if not _DUE.search(figure.surface) or _PAST.search(figure.sentence):
            continue  # a day by which something had to be so already is a condition
        if int(issued[:4]) - int(end[:4]) > _SLIP:
            continue
        said = f"期限“{quoted(figure.surface)}”早于成文日期 {issued}"
        yield Finding("warning", "deadline-before-issue", said, figure.evidence.span)


def _on_issue(page: Page) -> Iterator[Finding]:
    """自发布之日起施行 says nothing where the document bears no date."""
    if page.policy.date or page.policy.status == "draft" or not page.policy.verbatim:
        return
    for block in page.blocks:
        for match in _ON_ISSUE.finditer(block.text):
            said = f"写明“{quoted(match[0])}”，但文件没有成文日期，起始日定不下来"
            yield Finding("warning", "effect-without-date", said, block.span(*match.span()))
            return
