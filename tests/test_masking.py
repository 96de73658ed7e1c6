"""Personal data is masked, and nothing else is: properties over numbers as people write them."""

import re
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.masking import mask

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
BEFORE = st.sampled_from(["", "我", "我的号码是", "请回复 ", "（", "：", "编号3，", "5万元，", "2022年"])
AFTER = st.sampled_from(["", "。", "，谢谢", " 能领多少", "）", "我要问2022年的", " 5万元"])
FULL_WIDTH = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")


def digits(least: int, most: int | None = None) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=least, max_size=most or least)


@st.composite
def identities(draw: st.DrawFn) -> str:
    born = draw(st.dates(date(1900, 1, 1), date(2030, 1, 1)))
    head = draw(st.integers(110000, 659999)).__str__() + f"{born:%Y%m%d}" + draw(digits(3))
    rest = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, head, strict=True)) % 11
    return head + "10X98765432"[rest]


@st.composite
def cards(draw: st.DrawFn) -> str:
    body = draw(st.sampled_from("34569")) + draw(digits(14, 17))
    total = 0
    for place, digit in enumerate(reversed(body)):
        value = int(digit) * (2 - place % 2)
        total += value - 9 if value > 9 else value
    return body + str(-total % 10)


MOBILES = st.builds("1{}{}".format, st.sampled_from("3456789"), digits(9))
LANDLINES = st.builds(
    "0{}{}{}".format,
    st.sampled_from(["10", "21", "375", "371", "931"]),
    st.sampled_from("2345678"),
    digits(6, 7),
)
MAILS = st.from_regex(r"[a-z][a-z0-9._]{0,10}[a-z0-9]@[a-z]{2,8}\.(com|cn|gov\.cn)", fullmatch=True)


def spaced(number: str, *places: int) -> list[str]:
    """A number as it is written: in one piece, in groups with spaces or strokes, in full width."""
    cuts = [0, *places, len(number)]
    groups = [number[a:b] for a, b in pairwise(cuts)]
    return [number, " ".join(groups), "-".join(groups), number.translate(FULL_WIDTH)]


def plain(text: str) -> str:
    return re.sub(r"[ ()（）-]", "", text.translate(str.maketrans("０１２３４５６７８９Ｘ", "0123456789X")))


@given(identities(), st.integers(0, 3), BEFORE, AFTER)
def test_no_identity_number_survives(number: str, way: int, before: str, after: str) -> None:
    written = spaced(number, 6, 14)[way]
    masked = mask(before + written + after)
    assert "［" in masked
    assert number[6:] not in plain(masked)
    assert masked.startswith(before)
    assert masked.endswith(after)


@given(MOBILES, st.integers(0, 3), st.sampled_from(["", "+86", "86", "+86 ", "0086"]), BEFORE, AFTER)
def test_no_mobile_number_survives(number: str, way: int, country: str, before: str, after: str) -> None:
    masked = mask(before + country + spaced(number, 3, 7)[way] + after)
    assert number[3:] not in plain(masked)
    assert masked.endswith(after)


@given(LANDLINES, st.booleans(), st.sampled_from(["", "-", " "]), BEFORE, AFTER)
def test_no_landline_survives(number: str, bracket: bool, gap: str, before: str, after: str) -> None:
    area = 3 if number.startswith(("010", "021")) else 4
    written = f"（{number[:area]}）{number[area:]}" if bracket else number[:area] + gap + number[area:]
    assert number[area:] not in plain(mask(before + written + after))


@given(cards(), st.integers(0, 3), BEFORE, AFTER)
def test_no_card_number_survives(number: str, way: int, before: str, after: str) -> None:
    masked = mask(before + spaced(number, 4, 8, 12)[way] + after)
    assert number not in plain(masked)
    assert number[4:] not in plain(masked)


def test_a_figure_beside_an_identity_number_stays() -> None:
    """All nineteen digits would make a right card number."""
    assert mask("387021200001016275 5万元") == "［身份证号］ 5万元"


@given(MAILS, BEFORE, AFTER)
def test_no_mail_address_survives(address: str, before: str, after: str) -> None:
    assert "@" not in mask(before + address + after)


@given(st.lists(st.one_of(identities(), MOBILES, LANDLINES, cards(), MAILS), min_size=2, max_size=5))
def test_several_in_one_text_all_go(found: list[str]) -> None:
    masked = mask("，".join(found))
    assert not re.search(r"[0-9]{7}|@", masked)


@given(
    st.one_of(
        # Fifteen digits may be an old identity number, whatever follows: no sum is a hundred trillion.
        st.builds("{}{}".format, st.integers(0, 10**13), st.sampled_from(["元", "万元", "亿元", "%", "户"])),
        st.builds("{}.{}万元".format, st.integers(0, 10**6), digits(1, 2)),
        st.builds("{:,}元".format, st.integers(0, 10**13)),
        st.dates(date(1949, 1, 1), date(2099, 1, 1)).map(lambda day: f"{day.year}年{day.month}月{day.day}日"),
        st.dates(date(1949, 1, 1), date(2099, 1, 1)).map(date.isoformat),
        st.builds("青政办〔{}〕{}号".format, st.integers(1990, 2040), st.integers(1, 999)),
        st.builds("第{}条第{}项".format, st.integers(1, 99), st.integers(1, 9)),
        st.builds("{}号文件".format, st.integers(1, 999)),
    ),
    BEFORE,
    AFTER,
)
def test_sums_dates_and_document_numbers_stay(words: str, before: str, after: str) -> None:
    text = before + words + after
    assert mask(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "打12345问的",
        "2021 2022 2023 2024 四年",
        "京广铁路以西",
        "第3页至第15页",
        "GB/T 2260",
        "邮编467300",
        "豫A类企业",
        "3.1415926535",
    ],
)
def test_other_numbers_stay(text: str) -> None:
    assert mask(text) == text


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("豫D12345被拖走", "［车牌］被拖走"),
        ("京A·D12345是电车", "［车牌］是电车"),
        ("鲁B1234学", "［车牌］"),
        ("电话：2345678", "电话：［电话］"),
        ("卡号 6222 0212 3456 7890 128", "卡号 ［卡号］"),
        ("老身份证110101900307003", "老身份证［身份证号］"),
    ],
)
def test_what_is_masked_is_named(text: str, masked: str) -> None:
    assert mask(text) == masked


@given(st.text(max_size=200))
def test_masking_twice_changes_nothing_more(text: str) -> None:
    once = mask(text)
    assert mask(once) == once
