"""Chinese numerals, read and written: 十二 ↔ 12, 一百零五 ↔ 105, 二〇二二 → 2022."""

# What each character stands for, and what 十, 百 and 千 multiply by.
DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "○": 0}
UNITS = {"十": 10, "百": 100, "千": 1000}


def to_int(numeral: str) -> int:
    """Return the value of a Chinese or Arabic numeral: 十二 → 12, 一百零五 → 105, 二〇二二 → 2022.

    Values go up to 99,999,999 (万). Raises ValueError when `numeral` is no numeral.
    """
    if numeral.isascii() and numeral.isdigit():
        return int(numeral)
    if not numeral:
        raise ValueError("空的数字")
    if "万" in numeral:
        high, low = numeral.split("万", 1)
        return to_int(high) * 10000 + (to_int(low.lstrip("零")) if low.strip("零") else 0)
    if not any(c in UNITS for c in numeral):
        if len(numeral) > 8 or any(c not in DIGITS for c in numeral):
            raise ValueError(f"不是数字：{numeral}")
        return int("".join(str(DIGITS[c]) for c in numeral))
    total, digit, last = 0, -1, 10_000
    for char in numeral:
        if char in UNITS:
            if UNITS[char] >= last or digit == 0:
                raise ValueError(f"不是数字：{numeral}")
            last = UNITS[char]
            total += (1 if digit < 0 else digit) * last
            digit = -1
        elif char in DIGITS:
            if digit > 0:
                raise ValueError(f"不是数字：{numeral}")
            digit = -1 if DIGITS[char] == 0 else DIGITS[char]
        else:
            raise ValueError(f"不是数字：{numeral}")
    return total + max(digit, 0)


def to_han(value: int) -> str:
    """Return the Chinese numeral of `value` (0 to 99,999,999): 12 → 十二, 105 → 一百零五.

    Raises ValueError outside that range.
    """
    if not 0 <= value <= 99_999_999:
        raise ValueError(f"超出范围：{value}")
    if value >= 10_000:
        high, low = divmod(value, 10_000)
        return to_han(high) + "万" + ("" if not low else ("零" if low < 1000 else "") + _below(low))
    if 10 <= value < 20:
        return "十" + ("" if value == 10 else _below(value - 10))
    return _below(value) if value else "零"


def _below(value: int) -> str:
    """Return the numeral of 1 to 9999 with 一十 written out."""
    out, gap = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, value = divmod(value, unit)
        if digit:
            out += ("零" if gap else "") + "零一二三四五六七八九"[digit] + name
            gap = False
        elif out:
            gap = True
    return out
