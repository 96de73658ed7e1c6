"""Pages of print: one document as PDF and as OFD gives the same paragraphs; furniture goes, text stays."""

import io
import re

import pytest

from benchmarks.rendered import pictures
from ingest import parse
from ingest.readers import read_bytes
from ingest.readers.layout import PrintLine, merged, printed, without_furniture
from tests.small_ofd import make_ofd
from tests.small_pdf import make_pdf

Page = list[tuple[float, float, str]]
HEAD = (200.0, 815.0, "政策文件汇编")
FIRST: Page = [
    HEAD,
    (150.0, 780.0, "云岭县促进工业发展实施方案"),
    (92.0, 740.0, "一、总体要求"),
    (92.0, 710.0, "企业是发展的主体要持续优化环境加大支持力度推动各项政"),
    (60.0, 690.0, "策落地见效并及时总结经验加强宣传推广营造良好的氛围确保"),
    (60.0, 670.0, "取得实效。"),
    (92.0, 650.0, "二、奖励标准"),
    (92.0, 630.0, "（一）小升规奖励。对新入库企业给予奖励5万元，到2025"),
    (290.0, 30.0, "- 1 -"),
]
SECOND: Page = [
    HEAD,
    (60.0, 780.0, "年达到50家。"),
    (92.0, 760.0, "牵头单位：县工信局"),
    (60.0, 700.0, "项目"),
    (300.0, 700.0, "补助"),
    (60.0, 680.0, "新建"),
    (300.0, 680.0, "800元"),
    (290.0, 30.0, "- 2 -"),
]


@pytest.mark.parametrize(("make", "name"), [(make_pdf, "a.pdf"), (make_ofd, "a.ofd")])
def test_pdf_and_ofd_give_the_same_paragraphs(make: object, name: str) -> None:
    raw = read_bytes(make([FIRST, SECOND]), name)  # type: ignore[operator]
    assert raw.text.split("\n") == [
        "云岭县促进工业发展实施方案",
        "一、总体要求",
        "企业是发展的主体要持续优化环境加大支持力度推动各项政策落地见效并及时总结经验加强宣传推广营造良好的氛围确保取得实效。",
        "二、奖励标准",
        "（一）小升规奖励。对新入库企业给予奖励5万元，到2025年达到50家。",
        "牵头单位：县工信局",
        "项目\t补助",
        "新建\t800元",
    ]
    assert parse(raw).title == "云岭县促进工业发展实施方案"


def line(text: str, top: float = 700.0, left: float = 60.0, page: int = 1) -> PrintLine:
    return PrintLine(text, left, left + 16 * len(text), top, top - 16, page)


@pytest.mark.parametrize(
    "number", ["3", "- 3 -", "— 12 —", "第 3 页", "3/15", "第3页 共15页", "一3一", "·3·"]
)
def test_page_numbers_are_furniture(number: str) -> None:
    pages = [[line("正文的一行。"), line(number, 30.0)]]
    assert [p.text for p in without_furniture(pages)[0]] == ["正文的一行。"]


@pytest.mark.parametrize("text", ["3.5万元", "2025年", "一、3", "附件3", "3家"])
def test_text_at_the_edge_of_a_page_stays(text: str) -> None:
    pages = [[line("正文的一行。"), line(text, 30.0)]]
    assert [p.text for p in without_furniture(pages)[0]] == ["正文的一行。", text]


def test_a_table_head_on_two_pages_stays() -> None:
    pages = [[line("项目\t补助"), line(f"新建\t{n}元", 680.0), line("其他", 30.0 + n)] for n in (1, 20)]
    assert without_furniture(pages) == pages


def test_a_character_found_in_two_boxes_stands_once() -> None:
    left, right = (
        PrintLine("贷款额的3%给予贴息，面", 60, 240, 716, 700),
        PrintLine("面积50亩", 225, 320, 716, 700),
    )
    assert merged([left, right]).text == "贷款额的3%给予贴息，面积50亩"


def test_every_line_has_its_place_in_the_text() -> None:
    pages = [
        [line("一、总则", 700), line("内容在这里写得很长很长很长很长。", 680)],
        [line("二、附则", page=2)],
    ]
    result = printed(pages)
    assert [span.of(result.text) for _, span in result.places] == [p.text for page in pages for p in page]
    assert printed([]).text == ""


def drawn(*rules: tuple[int, int, int, int]) -> str:
    return "".join(f"{x0} {y0} m {x1} {y1} l S\n" for x0, y0, x1, y1 in rules)


LEVEL = [(60, y, 540, y) for y in (760, 730, 680)]
TABLE = drawn(
    *LEVEL, (180, 650, 540, 650), (60, 620, 540, 620), *[(x, 620, x, 760) for x in (60, 180, 400, 540)]
)
CELLS: Page = [
    (60.0, 780.0, "云岭县任务分工表"),
    (80.0, 738.0, "任务"),
    (200.0, 738.0, "标准"),
    (420.0, 738.0, "时限"),
    (70.0, 698.0, "新建茶园"),
    (190.0, 708.0, "每亩补助800元，不"),
    (190.0, 688.0, "超过30万元"),
    (410.0, 698.0, "2026年12"),
    (410.0, 686.0, "月底"),
    (70.0, 640.0, "加工"),
    (190.0, 658.0, "补助5%"),
    (410.0, 658.0, "2027年"),
    (190.0, 628.0, "贴息2‰"),
    (410.0, 628.0, "长期"),
    (60.0, 590.0, "各乡镇要抓好落实。"),
]
ROWS = [
    "云岭县任务分工表",
    "任务\t标准\t时限",
    "新建茶园\t每亩补助800元，不超过30万元\t2026年12月底",
    "加工\t补助5%\t2027年",
    "加工\t贴息2‰\t长期",
    "各乡镇要抓好落实。",
]


@pytest.mark.parametrize(("make", "name"), [(make_pdf, "a.pdf"), (make_ofd, "a.ofd")])
def test_ruled_tables_are_read_cell_by_cell(make: object, name: str) -> None:
    """Lines of neighbouring cells at one height do not run into each other, nor do their figures."""
    raw = read_bytes(make([CELLS], size=12, drawn=TABLE), name)  # type: ignore[operator]
    assert raw.text.split("\n") == ROWS


def test_a_scanned_table_is_read_cell_by_cell() -> None:
    [image] = pictures(make_pdf([CELLS], size=12, drawn=TABLE), skew=1.5)
    out = io.BytesIO()
    image.crop((0, 0, image.width, image.height // 3)).save(out, "PNG")
    assert [re.sub(" ", "", line) for line in read_bytes(out.getvalue(), "a.png").text.split("\n")] == ROWS


def test_a_frame_around_a_page_is_no_table() -> None:
    frame = drawn((40, 40, 40, 800), (550, 40, 550, 800), (40, 40, 550, 40), (40, 800, 550, 800))
    assert (
        read_bytes(make_pdf([FIRST], drawn=frame), "a.pdf").text
        == read_bytes(make_pdf([FIRST]), "a.pdf").text
    )


def test_a_drawing_of_thousands_of_lines_is_no_table() -> None:
    lines = [(x, 100, x, 700) for x in range(50, 550)] + [(50, y, 550, y) for y in range(100, 700)]
    assert "总体要求" in read_bytes(make_pdf([FIRST], drawn=drawn(*lines)), "a.pdf").text
