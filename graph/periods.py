"""The periods that documents write for themselves: when they hold, and from when they change others."""

import functools
import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta

from graph.facts import Evidence, Quantity
from graph.figures.dates import dates
from graph.figures.numbers import CHINESE, number
from graph.figures.text import Folded, fold, sentences
from ingest.model import Clause, Paragraph, Policy, Span

Period = tuple[date | None, date | None]
_KEPT = 64  # documents whose periods are remembered: each answer asks for those of all that it cites
_Some = tuple[str, str, Clause | Paragraph, Folded, tuple[int, int], re.Match[str]]

SELF = (
    "(?:本|该|此)(?:若干|实施)?(?:通知|办法|意见|措施|政策|方案|细则|规定|文件|条例|规范)"
    "|(?:以上|上述|本|此)(?:各项)?政策"
)
_TERM = re.compile(
    rf"(?:有效期限?|试行期?|执行期限?|实施期限?|暂行期?)(?:暂定|为|至|是|[：，])*(?P<years>\d+|{CHINESE})(?P<unit>年|个月)(?!\d|[一二三四五六七八九十])"
)
_START = re.compile(
    rf"自(?P<printed>印发|发布|公布|发文|下发)之日起(?:(?P<later>\d+|{CHINESE})(?:个?工作)?[日天]后)?"
    r"[^。；]{0,12}?(?:施行|执行|实施|生效|有效)"
    r"|(?:自|从(?=\d{4}年))(?P<dated>[^，。；自从]{4,30}?)(?:起|开始)[^。；]{0,8}?(?:施行|执行|实施|生效|计算)"
)
# 自5月1日起，《…》同时废止: the day of a change, whatever verb follows.
_CHANGE = re.compile(r"自(?:(?P<printed>印发|发布|公布|发文|下发)之日|(?P<dated>[^，。；自]{4,30}?))起")
_END = re.compile(
    r"(?:有效期限?|执行期限?|实施期限?|政策期限?|施行|执行|实施|有效)[^，。；]{0,10}?，?(?:至|到|截至|截止)(?P<end>[^，。；]{4,20})"
)
_SPAN = re.compile(
    r"(?:有效期限?|执行期限?|实施期限?|政策期限?|执行时间)(?:为|自|从|：)*(?P<dates>\d{4}年[^，。；]{4,30})"
)
# 上述政策自2023年1月1日起至2023年12月31日止; 本措施适用于2023年1月1日至…
_RANGE = re.compile(
    rf"(?:{SELF})[^，。；《]{{0,8}}?(?:自|从|为|于)(?P<from>\d{{4}}年[^，。；]{{1,9}}?)起?，?(?:[-－—–~～]+|至|到)"
    r"(?P<to>\d{4}年[^，。；止]{1,10})"
)
_GONE = re.compile(r"，(?:于)?(?P<end>\d{4}年[^，。；]{2,8}?)(?:自动)?(?:失效|终止|到期|废止)")
_ARTICLE = rf"第?(?:\d{{1,3}}|{CHINESE})条"
# 第6条至第9条执行至2025年12月31日: an end for some of the clauses only.
_SOME = re.compile(
    r"(?:^|[，；。])(?:其中|但)?，?(?:本(?:通知|办法|意见|措施|政策|方案|细则|规定)中?的?)?"
    rf"(?P<list>{_ARTICLE}(?:(?:[至到、和及与]|[-－—–~～]){_ARTICLE}){{0,20}})(?P<rest>[^。；]{{2,60}})"
)
_ONE = re.compile(rf"(?P<to>[至到]|[-－—–~～])?第?(?P<n>\d{{1,3}}|{CHINESE})条")


def days(value: str) -> Period:
    """Return first and last day of an ISO value: ``2022-04/2023-03`` 2022-04-01 and 2023-03-31.

    None stands for a part without a year.
    """
    first, _, last = value.partition("/")
    return _day(first, last=False), _day(last or first, last=True)


def _day(value: str, *, last: bool) -> date | None:
    match = re.fullmatch(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?", value)
    if match is None:
        return None
    year, month = int(match[1]), int(match[2] or (12 if last else 1))
    if not (1 <= year <= 9999 and 1 <= month <= 12):
        return None
    length = monthrange(year, month)[1]
    day = int(match[3] or (length if last else 1))
    return date(year, month, min(max(day, 1), length))


def document_period(policy: Policy) -> tuple[Period, Quantity] | None:
    """Return the period that the document gives itself, with the figure it rests on; None if none.

    Read from closing paragraphs and from clauses that speak of the document (本办法有效期五年).
    """
    return _document_period(_Whole(policy))


class _Whole:
    """A document as a key: by which object it is, since comparing its text costs as much as reading it."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy

    def __hash__(self) -> int:
        return id(self.policy)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Whole) and self.policy is other.policy


@functools.lru_cache(maxsize=_KEPT)
def _document_period(whole: _Whole) -> tuple[Period, Quantity] | None:
    policy = whole.policy
    issued = _day(policy.date, last=False) if policy.date else None
    for locator, text, holder in _places(policy):
        folded = fold(text)
        for start, end in sentences(folded.text):
            found = _own_period(folded.text[start:end], issued, outside=isinstance(holder, Paragraph))
            if found is None:
                continue
            period, (a, b) = found
            place = folded.place(start + a, start + b)
            sentence = text[slice(*folded.place(start, end))].strip()
            return period, _figure(period, locator, holder, text, place, sentence)
    return None


def _figure(
    period: Period,
    locator: str,
    holder: Clause | Paragraph,
    text: str,
    place: tuple[int, int],
    sentence: str,
) -> Quantity:
    return Quantity(
        evidence=Evidence(locator, span_in(holder, *place)),
        surface=text[slice(*place)],
        kind="period",
        value=_iso(period),
        unit="date",
        role="valid_period",
        bound="exact",
        sentence=sentence,
    )


def clause_period(policy: Policy, clause: Clause) -> tuple[Period, Quantity] | None:
    """Return the end that the document sets for this clause among others (第6条至第9条执行至…), or None."""
    for locator, text, holder, folded, (start, end), some in _endings(_Whole(policy)):
        last = _last_day(some["rest"])
        if last is None or not _among(policy, clause, some["list"]):
            continue
        day, length = last
        own = document_period(policy)
        period = (own[0][0] if own else None, day)
        place = folded.place(start + some.start("list"), start + some.start("rest") + length)
        sentence = text[slice(*folded.place(start, end))].strip()
        return period, _figure(period, locator, holder, text, place, sentence)
    return None


@functools.lru_cache(maxsize=_KEPT)
def _endings(whole: _Whole) -> tuple[_Some, ...]:
    """Return where a document speaks of some of its articles: place, text, sentence, what was found there."""
    return tuple(
        (locator, text, holder, folded, (start, end), some)
        for locator, text, holder in _places(whole.policy)
        if "条" in text
        for folded in (fold(text),)
        for start, end in sentences(folded.text)
        for some in _SOME.finditer(folded.text[start:end])
    )


def _last_day(said: str) -> tuple[date, int] | None:
    """Return the end that words on some articles set, and where it ends in them."""
    until = _END.match(said)
    day = _last(until["end"]) if until else None
    return (day, until.start("end") + _length(until["end"])) if until and day else None


def _among(policy: Policy, clause: Clause, printed: str) -> bool:
    """Say whether a list of articles (第6条至第9条、第11条) names a clause, or the one that it stands in.

    第6条 is an article; where a document has none, item 6 of items that run on through its chapters,
    or else 六、.
    """
    numbers: set[int] = set()
    before = 0
    for one in _ONE.finditer(printed):
        value = int(number(one["n"]))
        numbers |= set(range(before, value + 1)) if one["to"] and before else {value}
        before = value
    names = [c.locator.rsplit("/", 1)[-1] for c in policy.clauses]
    shapes = (rf"第({CHINESE}|\d+)条", r"(\d+)", rf"({CHINESE})")
    for shape in shapes:
        found = [int(number(m[1])) for name in names if (m := re.fullmatch(shape, name))]
        if len(found) > 1 and len(set(found)) == len(found):
            labels = (re.fullmatch(shape, name) for name in clause.locator.split("/"))
            return any(m is not None and int(number(m[1])) in numbers for m in labels)
    return False


def _places(policy: Policy) -> Iterator[tuple[str, str, Clause | Paragraph]]:
    for paragraph in policy.paragraphs:
        yield paragraph.part, paragraph.text, paragraph
    for clause in reversed(policy.clauses):
        if re.search("施行|执行|实施|有效期", clause.text[-400:] if len(clause.text) < 4000 else ""):
            yield clause.locator, clause.text, clause


def _own_period(
    sentence: str, issued: date | None, *, outside: bool
) -> tuple[Period, tuple[int, int]] | None:
    """Read a sentence such as 本办法自印发之日起施行，有效期2年.

    It must name the document, or stand outside the clauses and open with 自 or 有效期.
    """
    if not (re.search(SELF, sentence) or (outside and re.match("自|有效期|执行期|试行期", sentence))):
        return None
    begun = _START.search(sentence)
    start = None
    if begun:
        start = issued if begun["printed"] else _first(begun["dated"])
        if start and begun["later"]:
            start += timedelta(days=int(number(begun["later"])))
    span = _SPAN.search(sentence)
    interval = next(dates(span["dates"]), None) if span else None
    if span and interval and interval.interval:
        return days(interval.value), (span.start(), span.start("dates") + interval.end)
    until = _END.search(sentence)
    if until and (end := _last(until["end"])):
        whole = begun is not None and until.start() < begun.end()  # 自…起执行，至…
        return (start, end), (
            begun.start() if begun and whole else until.start(),
            until.start("end") + _length(until["end"]),
        )
    if (ranged := _RANGE.search(sentence)) and (end := _last(ranged["to"])):
        whole_range = ranged.start("from"), ranged.start("to") + _length(ranged["to"])
        return (_first(ranged["from"]), end), whole_range
    if (gone := _GONE.search(sentence)) and (end := _last(gone["end"])):
        return (start, end), (gone.start("end"), gone.start("end") + _length(gone["end"]))
    term = _TERM.search(sentence)
    if term and (start or issued):
        return (start or issued, _after(start or issued, term)), term.span()
    return ((start, None), begun.span()) if begun and start else None


def sentence_around(policy: Policy, span: Span) -> Span:
    """Return the sentence of the document that a place stands in, within its clause or paragraph."""
    start, end = 0, len(policy.text)
    blocks: list[Clause | Paragraph] = [*policy.clauses, *policy.paragraphs]
    for block in blocks:
        if block.pieces and block.pieces[0].start <= span.start < block.pieces[-1].end:
            start, end = block.pieces[0].start, block.pieces[-1].end
    start = max(start, policy.text.rfind("。", 0, span.start) + 1)
    stop = policy.text.find("。", span.end, end)
    return Span(start, stop + 1 if stop >= 0 else end)


def change_begins(policy: Policy, span: Span | None) -> date | None:
    """Return the day from which a document changes or repeals the one named at `span`.

    The day that the sentence names (自5月1日起施行，…同时废止), else the one that the document begins on,
    else its own date; None when it has none.
    """
    issued = _day(policy.date, last=False) if policy.date else None
    if span and policy.text:
        around = sentence_around(policy, span)
        said = fold("".join(around.of(policy.text).split())).text
        begun = _CHANGE.search(said)
        if begun:
            day = issued if begun["printed"] else _first(begun["dated"])
            if day:
                return day
    own = document_period(policy)
    return (own[0][0] if own else None) or issued


def _first(printed: str) -> date | None:
    found = next(dates(printed), None)
    return days(found.value)[0] if found else None


def _last(printed: str) -> date | None:
    found = next(dates(printed), None)
    return days(found.value)[1] if found else None


def _length(printed: str) -> int:
    found = next(dates(printed), None)
    return found.end if found else len(printed)


def _after(start: date | None, term: re.Match[str]) -> date | None:
    """Return the last day of a term of years or months that begins on `start`."""
    if start is None:
        return None
    months = int(number(term["years"])) * (12 if term["unit"] == "年" else 1)
    total = start.year * 12 + start.month - 1 + months
    year, month = divmod(total, 12)
    if year > 9999:
        return None
    day = min(start.day, monthrange(year, month + 1)[1])
    return date.fromordinal(date(year, month + 1, day).toordinal() - 1)


def _iso(period: Period) -> str:
    first, last = period
    return f"{first.isoformat() if first else '..'}/{last.isoformat() if last else '..'}"


def rules_itself(text: str) -> bool:
    """Say whether folded text tells from when or how long its document holds."""
    return any(_own_period(text[a:b], None, outside=False) for a, b in sentences(text))


def span_in(holder: Clause | Paragraph, start: int, end: int) -> Span:
    """Map a range of a clause's or paragraph's text to the document."""
    if isinstance(holder, Clause):
        return holder.locate(start, end)
    left, first = start, None
    for piece in holder.pieces:
        if first is None and left < len(piece):
            first = piece.start + left
        left -= len(piece)
    left, last = end - 1, None
    for piece in holder.pieces:
        if last is None and left < len(piece):
            last = piece.start + left + 1
        left -= len(piece)
    return Span(first or 0, last or first or 0)
