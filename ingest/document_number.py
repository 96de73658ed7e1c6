"""Document numbers 发文字号: read with all their print noise, written in the one canonical form.

GB/T 9704-2012 §7.2.5: issuer mark, year in full in 〔〕, serial number without 第 and without
leading zeros, 号. Orders (令) and announcements bear a serial number and sometimes a year.
"""

import re

from ingest.fold import fold
from ingest.model import DocumentNumber

_MARK = r"(?P<mark>[\u4e00-\u9fff·A-Za-z]{1,40}?)"
_YEAR = r"(?P<year>(?:1[89]|20)\d[ ]?\d)"
_FORMS = (
    re.compile(rf"{_MARK}[ ]*（[ ]*{_YEAR}[ ]*年?[ ]*）[ ]*第?[ ]*(?P<serial>\d{{1,5}})[ ]*号?"),
    re.compile(rf"{_MARK}[ ]*（[ ]*{_YEAR}[ ]*）[ ]*号[ ]*(?P<serial>\d{{1,5}})"),
    re.compile(rf"{_MARK}[ ]*{_YEAR}[ ]*年?[ ]*第[ ]*(?P<serial>\d{{1,5}})[ ]*号"),
    re.compile(rf"{_MARK}[ ]*{_YEAR}[ ]*[-—年][ ]*(?P<serial>\d{{1,5}})[ ]*号"),
)
_ORDER = re.compile(
    r"(?P<mark>[\u4e00-\u9fff]{1,40}(?:令|公告|通告|决定|批复))[ ]*第?[ ]*(?P<serial>\d{1,5})[ ]*号"
)
_LABEL = re.compile(r"^[^：（）]{1,8}：")
_EMPTY = re.compile(r"（[ ]*）[ ]*$")


def parse_number(text: str) -> DocumentNumber | None:
    """Return the document number that `text` as a whole is, or None.

    A label before it (发文字号：), blanks, zero-width characters, any brackets, leading zeros, a
    missing or misplaced 号 are accepted. An order without a year (省政府令第101号) has year 0.
    """
    folded = fold(text)
    label = _LABEL.match(folded)
    start = label.end() if label else 0
    body = _EMPTY.sub("", folded[start:]).strip()
    surface = text[start:].strip()
    if body.startswith("（"):  # the number in brackets under a title
        body, surface = body.strip(" （）"), surface[1:-1].strip()
    for form in _FORMS:
        if match := form.fullmatch(body):
            year = int(match["year"].replace(" ", ""))
            return DocumentNumber(_mark(match["mark"]), year, int(match["serial"]), surface)
    if match := _ORDER.fullmatch(body):
        return DocumentNumber(_mark(match["mark"]), 0, int(match["serial"]), surface)
    return None


def format_number(number: DocumentNumber) -> str:
    """Return the canonical form: 鲁政办〔2022〕23号; an order without a year: 省政府令第101号."""
    return number.canonical


_IN_TEXT = re.compile(
    r"(?P<mark>[\u4e00-\u9fff]{1,16})[ ]?（[ ]?(?P<year>(?:19|20)\d\d)[ ]?）"
    r"[ ]?第?[ ]?(?P<serial>\d{1,5})[ ]?号"
)


def find_numbers(text: str) -> list[tuple[int, int, DocumentNumber]]:
    """Return every document number inside running text as (start, end, number), in order."""
    return [
        (
            m.start(),
            m.end(),
            DocumentNumber(_mark(m["mark"]), int(m["year"]), int(m["serial"]), text[m.start() : m.end()]),
        )
        for m in _IN_TEXT.finditer(fold(text))
    ]


def _mark(text: str) -> str:
    return text.replace(" ", "")
