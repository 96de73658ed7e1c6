"""The value of a printed number: Arabic or Chinese, with multipliers (1.12万, 三十五, 两千万)."""

import re
from fractions import Fraction

from ingest.numerals import DIGITS, UNITS

_LARGE = {"万": 10**4, "亿": 10**8}

ARABIC = r"\d+(?:\.\d+)?"
CHINESE = r"(?:[一二两三四五六七八九十][一二两三四五六七八九十百千零〇]*)"
SCALE = r"(?:[十百千]?万亿|[十百千]?[万亿]|[百千])"
_PRINTED = re.compile(rf"({ARABIC}|{CHINESE})?({SCALE})?")


def plain(value: Fraction) -> int | float:
    """Return `value` as int when whole, else as float."""
    return int(value) if value.denominator == 1 else float(value)


def scale(printed: str) -> int:
    """Return what a multiplier multiplies by: ``千万`` gives 10,000,000."""
    result = 1
    for char in printed:
        result *= UNITS.get(char) or _LARGE.get(char) or 1
    return result


def chinese(printed: str) -> Fraction:
    """Return the value of a Chinese numeral below 10,000 (``一百零五`` 105, ``二〇二二`` 2022).

    Characters that are no numerals count as nothing.
    """
    if not any(char in UNITS for char in printed):
        digits = "".join(str(DIGITS[char]) for char in printed if char in DIGITS)
        return Fraction(int(digits or 0))
    total, digit = 0, 0
    for char in printed:
        if char in UNITS:
            total += (digit or 1) * UNITS[char]
            digit = 0
        else:
            digit = DIGITS.get(char, 0)
    return Fraction(total + digit)


def number(printed: str) -> Fraction:
    """Return the value of a printed number with its multipliers; raises ValueError when there is none."""
    match = _PRINTED.fullmatch(printed)
    if not printed or match is None:
        raise ValueError(f"not a number: {printed!r}")
    base, multiplier = match.groups()
    if base is None:
        value = Fraction(1)
    elif base[0].isdigit() and base.isascii():
        value = Fraction(base)
    else:
        value = chinese(base)
    return value * scale(multiplier or "")
