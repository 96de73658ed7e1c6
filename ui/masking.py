"""Personal data in free text: replaced by the name of its kind before the text is kept."""

import re
from datetime import date

# One character for one, so that places in the text stay the same.
_ALIKE = str.maketrans(
    "０１２３４５６７８９ＸｘＡＢＣＤＥＦＧＨＪＫＬＭＮＰＱＲＳＴＵＶＷＹＺ＠．－—–　（）",
    "0123456789XxABCDEFGHJKLMNPQRSTUVWYZ@.--- ()",
)
_GROUP = re.compile(r"[0-9]+(?:[Xx](?![A-Za-z0-9]))?")
_GAP = re.compile(r"[ ()+-]{0,2}")  # what people write between the groups of one number
_MAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
# GA 36-2018: province, letter of the place, five or six letters and digits, the last one may be a kind.
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z][ ·•.]?"
    r"(?=[A-Z]{0,5}[0-9])[A-HJ-NP-Z0-9]{4}(?:[A-HJ-NP-Z0-9]{1,2}|[挂学警港澳领使])(?![A-Z0-9])",
    re.IGNORECASE,
)
_CALLED = re.compile(r"(?:电话|座机|手机|传真|号码|联系方式|微信|QQ|qq)[^0-9，。；\n]{0,4}$")
_MEASURED = re.compile(
    r"(?:[.,][0-9]+)*\s*(?:[元万亿千百吨亩户人个件项%％]|平方|公里)"
)  # a sum or a count, no telephone
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643-1999
_MOBILE = re.compile(r"((?:00)?86|0)?1[3-9][0-9]{9}")
_MOBILE_GROUPS = frozenset(
    {(11,), (3, 4, 4), (3, 3, 5), (4, 3, 4), (4, 4, 3), (3, 8), (7, 4), (5, 6), (6, 5)}
)
_CARD_GROUPS = re.compile(r"1[5-9]|(?:4 ){3}[3-7]|(?:4 ){4}[1-3]|6 (?:9|1[0-3])")
_AREA = re.compile(r"0(?:10|2[0-9]|[3-9][0-9]{2})[1-9][0-9]{6,7}")


def mask(text: str) -> str:
    """Return `text` with identity numbers, telephone and card numbers, e-mail addresses and plates replaced.

    Sums, dates and document numbers stay. Names of people stay, too: no rule tells them from others.
    """
    alike = text.translate(_ALIKE)
    marks = [(*found.span(), "邮箱") for found in _MAIL.finditer(alike)]
    marks += [(*found.span(), "车牌") for found in _PLATE.finditer(alike)]
    marks += _numbers(alike)
    done, at = [], 0
    for start, end, kind in sorted(marks):
        if start >= at:
            done += [text[at:start], f"［{kind}］"]
        at = max(at, end)
    return "".join([*done, text[at:]])


def _numbers(text: str) -> list[tuple[int, int, str]]:
    """Return start, end and kind of the numbers of people; a number may be written in groups."""
    groups = [found.span() for found in _GROUP.finditer(text)]
    marks = []
    first = 0
    while first < len(groups):
        taken = first + 1
        for last in range(_reach(text, groups, first), first, -1):  # the longest first
            kind = _kind(text, groups[first:last])
            if kind:
                marks.append((groups[first][0], groups[last - 1][1], kind))
                taken = last
                break
        first = taken
    return marks


def _reach(text: str, groups: list[tuple[int, int]], first: int) -> int:
    """Return one past the last group that may belong to the same number as the first."""
    last, digits = first + 1, groups[first][1] - groups[first][0]
    while last < len(groups) and _GAP.fullmatch(text, groups[last - 1][1], groups[last][0]):
        digits += groups[last][1] - groups[last][0]
        if digits > 19:
            break
        last += 1
    return last


def _kind(text: str, groups: list[tuple[int, int]]) -> str:
    """Return the Chinese name of the kind of a number, or nothing."""
    start, end = groups[0][0], groups[-1][1]
    number = "".join(text[a:b] for a, b in groups).upper()
    form = " ".join(str(b - a) for a, b in groups)
    if _identity(number, single=form in ("18", "15", "6 8 4", "6 6 3")):
        return "身份证号"
    if 15 <= len(number) <= 19 and number[0] in "34569" and _CARD_GROUPS.fullmatch(form) and _luhn(number):
        return "卡号"
    if _MEASURED.match(text, end):
        return ""
    if _mobile(number, [b - a for a, b in groups]):
        return "电话"
    if _AREA.fullmatch(number) and len(groups) <= 3:
        return "电话"
    if len(number) in (7, 8) and len(groups) <= 2 and number.isdigit() and _CALLED.search(text[:start]):
        return "电话"
    return ""


def _mobile(number: str, lengths: list[int]) -> bool:
    """Tell whether this is a mobile number in usual groups; the country's number may stand before."""
    found = _MOBILE.fullmatch(number)
    if found is None:
        return False
    lengths[0] -= len(found[1] or "")
    return tuple(lengths[not lengths[0] :]) in _MOBILE_GROUPS


def _identity(number: str, *, single: bool) -> bool:
    """Tell whether this is an identity number: by its check digit, or in one piece with a day of birth."""
    if len(number) == 18 and number[:17].isdigit():
        rest = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number[:17], strict=True)) % 11
        return "10X98765432"[rest] == number[17] or (single and _day(number[6:14]))
    return (
        len(number) == 15
        and number.isdigit()
        and number[0] in "1234568"
        and single
        and _day("19" + number[6:12])
    )


def _day(digits: str) -> bool:
    try:
        return 1850 <= date(int(digits[:4]), int(digits[4:6]), int(digits[6:])).year <= 2100
    except ValueError:
        return False


def _luhn(number: str) -> bool:
    """Check a card number (ISO/IEC 7812-1, annex B)."""
    if not number.isdigit():
        return False
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(number)))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0
