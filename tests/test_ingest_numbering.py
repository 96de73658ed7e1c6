"""Numbers and document numbers: tables of (printed, expected)."""

import pytest

from ingest.document_number import find_numbers, format_number, parse_number
from ingest.fold import fold
from ingest.numbering import Style, marker, printed
from ingest.numerals import to_han, to_int


@pytest.mark.parametrize(
    ("line", "style", "label"),
    [
        ("一、加强领导", Style.HAN, "一"),
        ("二 、建设思路", Style.HAN, "二"),
        ("十一．加强", Style.HAN, "十一"),
        ("（一）指导思想", Style.PAREN_HAN, "（一）"),
        ("(十二)指导思想", Style.PAREN_HAN, "（十二）"),
        ("一）指导思想", Style.PAREN_HAN, "（一）"),
        ("㈢指导思想", Style.PAREN_HAN, "（三）"),
        ("1.加大支持", Style.DECIMAL, "1"),
        ("１２．加大支持", Style.DECIMAL, "12"),
        ("3、加大支持", Style.DECIMAL, "3"),
        ("⒋加大支持", Style.DECIMAL, "4"),
        ("（1）条件", Style.PAREN_DECIMAL, "（1）"),
        ("⑵条件", Style.PAREN_DECIMAL, "（2）"),
        ("3）条件", Style.HALF_DECIMAL, "3）"),
        ("④条件", Style.CIRCLED, "④"),
        ("第一条 为了", Style.ARTICLE, "第一条"),
        ("第 1 条 为了", Style.ARTICLE, "第1条"),
        ("第一百二十条　为了", Style.ARTICLE, "第一百二十条"),
        ("第十条之一 为了", Style.ARTICLE, "第十条之一"),
        ("第三章　附　则", Style.CHAPTER, "第三章"),
        ("第二节 奖励", Style.SECTION, "第二节"),
        ("第一部分 总则", Style.BOOK, "第一部分"),
        ("1.2.1　国家级", Style.DOTTED, "1.2.1"),
    ],
)
def test_numbers_at_the_head_of_a_line(line: str, style: Style, label: str) -> None:
    folded = fold(line)
    found = marker(folded, 0, len(folded))
    assert found is not None
    assert (found.style, found.label) == (style, label)


@pytest.mark.parametrize(
    "line",
    [
        "3.5万元以上的企业",
        "1.12 万人",
        "2025年，企业达到",
        "15%的比例",
        "一、二、三等奖",
        "第五条第二款规定",
        "第八条规定的",
        "第4部分：术语",
        "2.5倍",
        "三农工作",
        "10家以上",
    ],
)
def test_what_only_looks_like_a_number(line: str) -> None:
    folded = fold(line)
    assert marker(folded, 0, len(folded)) is None


@pytest.mark.parametrize(
    "style", [Style.HAN, Style.PAREN_HAN, Style.DECIMAL, Style.PAREN_DECIMAL, Style.ARTICLE]
)
@pytest.mark.parametrize("value", [1, 9, 10, 19, 20, 99, 100, 101, 110, 999])
def test_printed_numbers_read_back(style: Style, value: int) -> None:
    text = printed(style, value) + " 加强领导"
    found = marker(text, 0, len(text))
    assert found is not None
    assert (found.style, found.value) == (style, value)


@pytest.mark.parametrize(
    ("numeral", "value"),
    [
        ("十", 10),
        ("一十", 10),
        ("两百", 200),
        ("一百零五", 105),
        ("二〇二二", 2022),
        ("一万零一十", 10_010),
        ("九千九百九十九", 9999),
        ("12", 12),
    ],
)
def test_chinese_numerals(numeral: str, value: int) -> None:
    assert to_int(numeral) == value


@pytest.mark.parametrize("numeral", ["", "甲", "十十", "一二百三四"])
def test_what_is_no_numeral(numeral: str) -> None:
    with pytest.raises(ValueError):
        to_int(numeral)


def test_numerals_out_of_range() -> None:
    with pytest.raises(ValueError):
        to_han(-1)


@pytest.mark.parametrize(
    ("string", "canonical"),
    [
        ("云政办〔2022〕8号", "云政办〔2022〕8号"),
        ("云政办﹝2022﹞ 08 号", "云政办〔2022〕8号"),
        ("云政办[2022]第8号", "云政办〔2022〕8号"),
        ("云政办（２０２２）８号", "云政办〔2022〕8号"),
        ("云政办【2022】8号", "云政办〔2022〕8号"),
        ("云政办(2022〕8号", "云政办〔2022〕8号"),
        ("发文字号：\u200b云政办发〔2022〕69 号", "云政办发〔2022〕69号"),
        ("云政发〔2014〕号16", "云政发〔2014〕16号"),
        ("云政发〔2012〕18", "云政发〔2012〕18号"),
        ("云州市人民政府令2018年第8号", "云州市人民政府令〔2018〕8号"),
        ("云州省人民政府令 第101号", "云州省人民政府令第101号"),
    ],
)
def test_document_numbers(string: str, canonical: str) -> None:
    number = parse_number(string)
    assert number is not None
    assert format_number(number) == number.canonical == canonical


@pytest.mark.parametrize(
    "string", ["", "发文字号：", "2022年6月1日", "根据《办法》（云政办〔2022〕8号）规定", "第8号"]
)
def test_what_is_no_document_number(string: str) -> None:
    assert parse_number(string) is None


def test_document_numbers_in_running_text() -> None:
    text = "按照《通知》（云政办〔2022〕15号）和云财〔2021〕 3 号精神"
    assert [(text[a:b], n.canonical) for a, b, n in find_numbers(text)] == [
        ("云政办〔2022〕15号", "云政办〔2022〕15号"),
        ("和云财〔2021〕 3 号", "和云财〔2021〕3号"),
    ]
