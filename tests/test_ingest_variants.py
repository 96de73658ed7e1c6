"""The five policies as other printers would set them: the same clauses, titles, texts and units each time."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.parsing import tree_of
from benchmarks.rendered import paragraphs
from ingest import parse, read
from ingest.fold import fold
from ingest.model import LineKind, Policy, RawDocument

SOURCES = ("zhanhe", "lushan", "shifanqu", "shangjie", "luoyang")
CENTRED = (LineKind.TITLE, LineKind.ADDRESSEES, LineKind.ANNEX, LineKind.MARK, LineKind.NUMBER, LineKind.NOTE)


def reprint(policy: Policy, width: int, page: int, number: str, *, indent: bool) -> str:
    """The document broken into lines of `width` characters and pages of `page` lines."""
    lines: list[str] = []
    for text, kind in paragraphs(policy):
        rest = ("　　" if indent and kind not in CENTRED else "") + text
        while rest:
            end = width
            while end < len(rest) and rest[end] in "，。、；：）”》〕":
                end += 1
            lines.append(rest[:end])
            rest = rest[end:]
            if len(lines) % page == 0:
                lines.append(number.format(len(lines) // page))
    return "\n".join(lines)


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", fold(text))


def same(found: Policy, wanted: Policy) -> None:
    assert [(c.locator, squeezed(c.title)) for c in found.clauses] == [
        (loc, squeezed(title)) for loc, title in tree_of(wanted)
    ]
    for a, b in zip(found.clauses, wanted.clauses, strict=True):
        assert squeezed(a.text) == squeezed(b.text), a.locator
        printed = [re.sub(r"[-—]\d+[-—]|第\d+页共\d+页|\n\d+\n", "", u.of(found.text)) for u in a.units]
        printed = [re.sub(r"[-—]\d+[-—]|第\d+页共\d+页", "", squeezed(u)) for u in printed]
        assert printed == [squeezed(u.of(wanted.text)) for u in b.units], a.locator
    assert (found.title, found.jurisdiction, found.date) == (wanted.title, wanted.jurisdiction, wanted.date)
    assert len(found.paragraphs) == len(wanted.paragraphs)


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize(
    ("width", "page", "number", "indent"),
    [
        (28, 22, "— {} —", True),
        (28, 22, "— {} —", False),
        (28, 22, "{}", True),
        (35, 22, "第 {} 页 共 20 页", False),
        (28, 17, "\n- {} -\n", True),
    ],
)
def test_broken_into_lines_and_pages(
    shared: Path, source: str, width: int, page: int, number: str, indent: bool
) -> None:
    wanted = parse(read(shared / "corpus" / f"{source}.txt"))
    text = reprint(wanted, width, page, number, indent=indent)
    same(parse(RawDocument(text, "0" * 64, source)), wanted)


CHROME = ("首页 > 政务公开 > 文件\n字体：大 中 小\n", "\n扫一扫在手机打开当前页\n版权所有：某政府\n")
VARIANTS: dict[str, Callable[[str], str]] = {
    "half-width punctuation": lambda t: t.translate(str.maketrans("，：；（）", ",:;()")),
    "full-width digits": lambda t: t.translate(str.maketrans("0123456789", "０１２３４５６７８９")),
    "other brackets": lambda t: t.replace("（", "〔").replace("）", "〕"),
    "full stop after the number": lambda t: re.sub(r"(?m)^([一二三四五六七八九十]+)、", r"\1．", t),
    "one-character numbers": lambda t: re.sub(
        r"(?m)^[（(]([一二三四五六七八九十])[)）]",
        lambda m: chr(0x3220 + "一二三四五六七八九十".index(m[1])),
        t,
    ),
    "no blank lines": lambda t: re.sub(r"\n\s*\n+", "\n", t),
    "twice the blank lines": lambda t: t.replace("\n", "\n\n"),
    "indented": lambda t: re.sub(r"(?m)^(?=\S)", "　　", t),
    "pause mark after the number": lambda t: re.sub(r"(?m)^(\d+)\.", r"\1、", t),
    "blanks in the article": lambda t: re.sub(r"(?m)^第([一二三四五六七八九十]+)条\s*", r"第 \1 条　", t),
    "blanks in the annex": lambda t: re.sub(r"(?m)^附件\s*(\d)$", r"附 件 \1", t),
    "colon after the annex": lambda t: re.sub(r"(?m)^附件\s*(\d)$", r"附件\1：", t),
    "web page around it": lambda t: CHROME[0] + t + CHROME[1],
}


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("variant", VARIANTS)
def test_printed_in_another_way(shared: Path, source: str, variant: str) -> None:
    raw = read(shared / "corpus" / f"{source}.txt")
    same(parse(RawDocument(VARIANTS[variant](raw.text), "0" * 64, source)), parse(raw))
