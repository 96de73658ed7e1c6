"""Each format gives the same text; each damaged, hostile or unknown file gives a clear error."""

import contextlib
import io
import zipfile
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from ingest import discover, parse, read
from ingest.model import DocumentError
from ingest.readers import ocr, read_bytes
from ingest.readers.numbers import written
from tests.small_pdf import make_pdf

SENTENCE = "企业是发展的主体，要持续优化环境，加大支持力度。"


def refused(data: bytes, name: str) -> DocumentError:
    with pytest.raises(DocumentError) as caught:
        read_bytes(data, name)
    error = caught.value
    assert error.what
    assert error.remedy
    assert error.where == name
    return error


# Text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_text_in_any_usual_encoding(encoding: str) -> None:
    raw = read_bytes(f"一、总则\r\n{SENTENCE}\r".encode(encoding), "a.txt")
    assert raw.text == f"一、总则\n{SENTENCE}\n"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "空"),
        (b" \n\t ", "空"),
        (b"\x00\x01\x02binary" * 50, "二进制"),
        (b"\x01\x02\x03\x04\x05\x06" * 50, "控制字符"),
    ],
)
def test_what_is_no_text_is_refused(data: bytes, words: str) -> None:
    assert words in refused(data, "a.txt").what


# Web pages

PAGE = """<!DOCTYPE html><html><head><meta charset="gb2312"><title>关于支持茶产业的通知_某县政府网</title>
<script>var a = "一、脚本";</script></head><body>
<div class="nav"><a href="/">首页</a> &gt; <a href="/a">政务公开</a></div>
<table><tr><td>索 引 号：</td><td>0001</td><td>发文机关：</td><td>云岭县人民政府</td></tr>
<tr><td>发文字号：</td><td>云政〔2023〕5号</td><td>成文日期：</td><td>2023年3月8日</td></tr></table>
<div id="zoom"><p align="center">云岭县人民政府</p><p>关于支持茶产业的通知</p>
<p>各乡镇人民政府：</p><p>　　一、奖励标准<br>　　新建茶园每亩补助<b>800</b>元。</p>
<p>二、组织保障</p><p>各部门要抓好落实。</p>
<table><tr><th>品种</th><th>补助</th></tr>
<tr><td rowspan="2">绿茶</td><td>5万元</td></tr><tr><td>3万元</td></tr></table>
<p>附件：<a href="form.doc">申报表.doc</a></p></div>
<div class="footer">版权所有：云岭县人民政府 ICP备0000号</div></body></html>"""


def test_a_government_web_page() -> None:
    raw = read_bytes(PAGE.encode("gb18030"), "page.html")
    policy = parse(raw)
    assert [(c.locator, c.title) for c in policy.clauses] == [
        ("正文/一", "奖励标准"),
        ("正文/二", "组织保障"),
        ("正文/二/表1", ""),
        ("正文/二/表1/行1", "绿茶"),
        ("正文/二/表1/行2", "绿茶"),
    ]
    assert policy.clauses[4].text == "绿茶\t3万元"
    assert policy.clauses[0].text == "新建茶园每亩补助800元。"
    assert policy.title == "云岭县人民政府关于支持茶产业的通知"
    assert policy.number is not None
    assert policy.number.canonical == "云政〔2023〕5号"
    assert (policy.issuer, policy.date, policy.jurisdiction) == ("云岭县人民政府", "2023-03-08", "云岭县")
    assert raw.attachments == ("form.doc",)
    assert raw.title_hint == "关于支持茶产业的通知"
    assert "绿茶\t3万元" in raw.text
    assert "脚本" not in raw.text
    assert "首页" not in raw.text


def test_a_page_without_text_is_refused() -> None:
    refused(b"<html><body><script>load()</script></body></html>", "a.html")


# Word


def numbered_docx() -> bytes:
    document = docx.Document()
    part = document.part.numbering_part.element
    levels = [
        ("chineseCounting", "%1、"),
        ("chineseCountingThousand", "（%2）"),
        ("decimal", "%3."),
        ("decimal", "（%4）"),
    ]
    part.insert(
        0,
        parse_xml(
            f'<w:abstractNum {nsdecls("w")} w:abstractNumId="90">'
            + "".join(
                f'<w:lvl w:ilvl="{i}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
                f'<w:lvlText w:val="{text}"/></w:lvl>'
                for i, (form, text) in enumerate(levels)
            )
            + "</w:abstractNum>"
        ),
    )
    part.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="90"><w:abstractNumId w:val="90"/></w:num>'))

    def add(text: str, level: int | None = None) -> None:
        paragraph = document.add_paragraph(text)
        if level is not None:
            paragraph._p.get_or_add_pPr().append(
                parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="90"/></w:numPr>')
            )

    add("某县促进工业发展实施方案")
    add("总体要求", 0)
    add(SENTENCE)
    add("重点任务", 0)
    add("培育主体。对新入库企业奖励5万元。", 1)
    add("责任单位：县工信局、县财政局")
    add("优化服务", 1)
    add("建立台账。定期更新企业名单，及时协调解决问题。", 2)
    add("加强宣传。组织政策宣讲，提高政策知晓度。", 2)
    add("保障措施", 0)
    add("加强领导。成立工作专班，统筹推进各项工作。", 1)
    table = document.add_table(rows=3, cols=3)
    for i, row in enumerate([("单位", "目标", "时限"), ("甲镇", "2家", "6月"), ("乙镇", "3家", "9月")]):
        for j, value in enumerate(row):
            table.cell(i, j).text = value
    table.cell(1, 0).merge(table.cell(2, 0))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_automatic_numbering_of_word_is_written_out() -> None:
    raw = read_bytes(numbered_docx(), "a.docx")
    policy = parse(raw)
    assert [(c.locator, c.title) for c in policy.clauses] == [
        ("正文/一", "总体要求"),
        ("正文/二", "重点任务"),
        ("正文/二/（一）", "培育主体"),
        ("正文/二/（二）", "优化服务"),
        ("正文/二/（二）/1", "建立台账"),
        ("正文/二/（二）/2", "加强宣传"),
        ("正文/三", "保障措施"),
        ("正文/三/（一）", "加强领导"),
        ("正文/三/（一）/表1", ""),
        ("正文/三/（一）/表1/行1", "甲镇 乙镇"),
        ("正文/三/（一）/表1/行2", "甲镇 乙镇"),
    ]
    assert [u.of(policy.text) for u in policy.clauses[2].units] == ["责任单位：县工信局、县财政局"]
    rows = [line for line in raw.text.split("\n") if "\t" in line]
    assert rows[0] == "单位\t目标\t时限"
    assert rows[2].endswith("3家\t9月")
    assert rows[2].split("\t")[0] == rows[1].split("\t")[0]


@pytest.mark.parametrize(
    ("value", "form", "shown"),
    [
        (11, "chineseCounting", "十一"),
        (105, "chineseCountingThousand", "一百零五"),
        (3, "chineseLegalSimplified", "叁"),
        (10, "ideographDigital", "一〇"),
        (2, "ideographTraditional", "乙"),
        (7, "decimalEnclosedCircle", "⑦"),
        (4, "upperRoman", "IV"),
        (28, "lowerLetter", "bb"),
        (12, "decimalFullWidth", "１２"),
        (1, "bullet", ""),
        (9, "unknown", "9"),
    ],
)
def test_number_formats_of_word(value: int, form: str, shown: str) -> None:
    assert written(value, form) == shown


def package(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "/"), data)
    return out.getvalue()


W = b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'


def test_hostile_and_damaged_packages_are_refused() -> None:
    entity = b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "b">]>' + W + b"<w:p/></w:body></w:document>"
    assert "实体" in refused(package(**{"word__document.xml": entity}), "a.docx").what
    bomb = package(**{"word__document.xml": W + b" " * 40_000_000 + b"</w:body></w:document>"})
    assert "炸弹" in refused(bomb, "a.docx").what
    outside = io.BytesIO()
    with zipfile.ZipFile(outside, "w") as archive:
        archive.writestr("../evil.xml", b"x")
    assert "越界" in refused(outside.getvalue(), "a.docx").what
    assert "损坏" in refused(numbered_docx()[:5000], "a.docx").what
    assert "没有 Word 正文" in refused(package(**{"a.txt": b"x"}), "a.docx").what
    refused(package(**{"word__document.xml": W + b"<w:p/></w:body></w:document>"}), "a.docx")
    refused(package(**{"word__document.xml": b"<broken"}), "a.docx")
    assert "旧版" in refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "a.docx").what


# PDF


def test_print_lines_of_a_pdf_are_joined_and_page_numbers_removed() -> None:
    first = [
        (150.0, 780.0, "某县促进工业发展实施方案"),
        (92.0, 740.0, "一、总体要求"),
        (92.0, 710.0, "企业是发展的主体要持续优化环境加大支持力度推动各项政"),
        (60.0, 690.0, "策落地见效并及时总结经验加强宣传推广营造良好的氛围确保"),
        (60.0, 670.0, "取得实效。"),
        (92.0, 650.0, "二、奖励标准"),
        (92.0, 630.0, "（一）小升规奖励。对新入库企业给予奖励5万元，到2025"),
        (290.0, 30.0, "- 1 -"),
    ]
    second = [
        (60.0, 780.0, "年达到50家。"),
        (92.0, 760.0, "牵头单位：县工信局"),
        (92.0, 740.0, "责任单位：县财政局、县统计局"),
        (290.0, 30.0, "- 2 -"),
    ]
    policy = parse(read_bytes(make_pdf([first, second]), "a.pdf"))
    assert [(c.locator, c.title) for c in policy.clauses] == [
        ("正文/一", "总体要求"),
        ("正文/二", "奖励标准"),
        ("正文/二/（一）", "小升规奖励"),
    ]
    assert policy.clauses[2].text == "对新入库企业给予奖励5万元，到2025年达到50家。"
    assert [u.of(policy.text) for u in policy.clauses[2].units] == [
        "牵头单位：县工信局",
        "责任单位：县财政局、县统计局",
    ]
    assert policy.clauses[0].text.endswith(
        "各项政策落地见效并及时总结经验加强宣传推广营造良好的氛围确保取得实效。"
    )


def test_pdf_files_that_cannot_be_read() -> None:
    page = [(60.0, 700.0, SENTENCE)]
    assert "加密" in refused(make_pdf([page], encrypted=True), "a.pdf").what
    assert "没有文字" in refused(make_pdf([[]]), "a.pdf").what
    assert "损坏" in refused(b"%PDF-1.4\nbroken", "a.pdf").what
    assert "不是 PDF" in refused(b"hello world", "a.pdf").what


# Files, folders, side files


def test_kinds_that_come_later_say_what_to_do(tmp_path: Path) -> None:
    for name in ("a.doc", "a.png", "a.xyz"):
        file = tmp_path / name
        file.write_bytes(b"some content")
        with pytest.raises(DocumentError):
            read(file)
    with pytest.raises(DocumentError, match="打开"):
        read(tmp_path / "absent.txt")


def test_folders_are_walked_in_order_without_side_files(tmp_path: Path) -> None:
    for name in (
        "b.txt",
        "a.html",
        "b.toml",
        ".hidden.txt",
        "README.md",
        "c.jpg",
        "a_files/e.jpg",
        "sub/d.docx",
        "~$d.docx",
    ):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text("x", "utf-8")
    found = [p.relative_to(tmp_path).as_posix() for p in discover([tmp_path, tmp_path / "b.txt"])]
    assert found == ["a.html", "b.txt", *(["c.jpg"] if ocr.available() else []), "sub/d.docx"]
    with pytest.raises(DocumentError):
        list(discover([tmp_path / "absent"]))


def test_a_side_file_has_the_last_word(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("某县办法\n一、总则\n内容。", "utf-8")
    file.with_suffix(".toml").write_text(
        'source = "tea"\ntitle = "茶办法"\nnumber = "云政〔2023〕5号"\n'
        'issuer = "云岭县人民政府"\njurisdiction = "云岭县"\n'
        'date = 2023-03-08\nurl = "https://example.org/a"\nstatus = "repealed"\n',
        "utf-8",
    )
    policy = parse(read(file))
    assert (policy.source, policy.title, policy.issuer, policy.jurisdiction) == (
        "tea",
        "茶办法",
        "云岭县人民政府",
        "云岭县",
    )
    assert (policy.date, policy.status, policy.url) == ("2023-03-08", "repealed", "https://example.org/a")
    assert policy.number is not None
    assert policy.number.serial == 5


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("titel = 'x'", "titel"),
        ("title = 3", "title"),
        ("status = 'old'", "status"),
        ("date = '2023年'", "date"),
        ("source = 'a b'", "source"),
        ("title = ", "TOML"),
    ],
)
def test_wrong_side_files_say_what_is_wrong(tmp_path: Path, content: str, words: str) -> None:
    file = tmp_path / "a.txt"
    file.write_text("一、总则", "utf-8")
    file.with_suffix(".toml").write_text(content, "utf-8")
    with pytest.raises(DocumentError, match=words):
        read(file)


@pytest.mark.parametrize("kind", ["docx", "pdf", "html"])
def test_files_cut_short_or_spoilt_never_break_the_reader(kind: str) -> None:
    whole = {
        "docx": numbered_docx,
        "pdf": lambda: make_pdf([[(60.0, 700.0, SENTENCE)]]),
        "html": PAGE.encode,
    }[kind]()
    step = max(1, len(whole) // 40)
    for at in range(step, len(whole), step):
        for data in (whole[:at], whole[:at] + b"\xff\x00<" + whole[at + 9 :]):
            with contextlib.suppress(DocumentError):
                parse(read_bytes(data, f"a.{kind}"))
