"""One document set in other formats: Word with automatic numbers, PDF, a government web page, page pictures.

Made from the lines of a text as read, so that what is read back can be compared with it.
"""

import html
import io
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import docx
import pypdfium2
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from ingest.fold import fold
from ingest.model import LineKind, Policy
from ingest.numbering import Style, marker

Paragraphs = Sequence[tuple[str, LineKind]]

# Number style → (list, level), as an author sets them in Word.
_LEVELS = {
    Style.HAN: (0, 0),
    Style.PAREN_HAN: (0, 1),
    Style.ARTICLE: (1, 0),
    Style.DECIMAL: (2, 0),
}
_LISTS = (
    (("chineseCounting", "%1、"), ("chineseCountingThousand", "（%2）")),
    (("chineseCountingThousand", "第%1条　"),),
    (("decimal", "%1."),),
)


def paragraphs(policy: Policy) -> list[tuple[str, LineKind]]:
    """Return the lines as an author typed them, before print broke them at page ends."""
    out: list[tuple[str, LineKind]] = []
    for line in policy.lines:
        text, kind = line.span.of(policy.text).strip(), line.kind
        if not text:
            continue
        before, last = out[-1] if out else ("", LineKind.BLANK)
        broken = kind is LineKind.TEXT and last in (LineKind.TEXT, LineKind.CLAUSE) and len(before) > 30
        list_goes_on = kind is LineKind.UNITS and last is LineKind.UNITS and "单位" not in text[:5]
        if (broken and before[-1] not in "。：；！）") or list_goes_on:
            out[-1] = (before + text, last)
        else:
            out.append((text, kind))
    return out


def word(lines: Paragraphs) -> bytes:
    """Return a Word file whose clause numbers are Word's own: none of them stands in the text."""
    document = docx.Document()
    part = document.part.numbering_part.element
    for number, levels in enumerate(_LISTS):
        inner = "".join(
            f'<w:lvl w:ilvl="{i}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
            f'<w:lvlText w:val="{text}"/></w:lvl>'
            for i, (form, text) in enumerate(levels)
        )
        part.insert(
            0,
            parse_xml(
                f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{90 + number}">{inner}</w:abstractNum>'
            ),
        )
    running: dict[tuple[int, int], tuple[int, int]] = {}  # (list, level) → number in force, last value
    for text, kind in lines:
        folded = fold(text)
        found = marker(folded, 0, len(folded)) if kind is LineKind.CLAUSE else None
        if found is None or found.style not in _LEVELS:
            document.add_paragraph(text)
            continue
        place, level = _LEVELS[found.style]
        number, last = running.get((place, level), (0, -1))
        if found.value != last + 1:
            # A list that begins anew, or goes on after a number that the document does not have.
            number = 200 + len(part)
            part.append(
                parse_xml(
                    f'<w:num {nsdecls("w")} w:numId="{number}"><w:abstractNumId w:val="{90 + place}"/>'
                    f'<w:lvlOverride w:ilvl="{level}"><w:startOverride w:val="{found.value}"/>'
                    "</w:lvlOverride></w:num>"
                )
            )
        running[place, level] = (number, found.value)
        paragraph = document.add_paragraph(text[found.end :].lstrip())
        paragraph._p.get_or_add_pPr().append(
            parse_xml(
                f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
            )
        )
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


_STYLE = """@page{size:A4;margin:37mm 26mm 35mm 28mm} body{font:16pt/28pt "Noto Serif CJK SC",serif}
p{text-indent:2em;margin:0;text-align:justify} .title,.mark,.number,.note{text-align:center;text-indent:0}
.annex,.addressees{text-indent:0} .date,.signature{text-align:right;margin-right:4em}
.annex{break-before:page}"""


def _body(lines: Paragraphs) -> str:
    return "\n".join(f'<p class="{kind.value}">{html.escape(text)}</p>' for text, kind in lines)


def web(lines: Paragraphs, title: str) -> bytes:
    """Return the document as a government's web page: menus, tools and other notices around it."""
    links = "".join(f'<li><a href="/a{i}.html">关于做好第{i}项工作的通知</a></li>' for i in range(1, 9))
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8">
<title>{html.escape(title)}_某某人民政府网</title>
<style>{_STYLE}</style><script>var total = "1、2、3";</script></head><body>
<div class="header"><ul class="nav"><li><a href="/">首页</a></li><li><a href="/zw">政务公开</a></li>
<li><a href="/hd">互动交流</a></li><li><a href="/fw">办事服务</a></li></ul></div>
<div class="position">您的位置：<a href="/">首页</a> &gt; <a href="/zw">政务公开</a> &gt; 正文</div>
<div class="main"><div class="tools">字体：<a href="#">大</a> <a href="#">中</a> <a href="#">小</a>
<a href="javascript:print()">打印</a></div>
<div class="article-content" id="zoom">{_body(lines)}</div>
<div class="share">分享到：<a href="#">微信</a> <a href="#">微博</a></div>
<div class="related"><h3>相关文件</h3><ul>{links}</ul></div></div>
<div class="footer">版权所有：某某人民政府　主办：某某人民政府办公室　备案号：00000000</div>
</body></html>""".encode()


@contextmanager
def printer() -> Iterator[Browser]:
    """Give the browser that prints."""
    place = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert place, "Chromium is missing; run `make test`, which installs it"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=place, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()


def portable(documents: Sequence[Paragraphs], browser: Browser) -> list[bytes]:
    """Print documents to PDF with a running head and page numbers, as A4 by GB/T 9704-2012."""
    head = '<div style="font-size:9pt;width:100%;text-align:center">政策文件汇编</div>'
    foot = (
        '<div style="font-size:12pt;width:100%;text-align:center">— <span class="pageNumber"></span> —</div>'
    )
    page = browser.new_page()
    made = []
    for lines in documents:
        page.set_content(f"<html><style>{_STYLE}</style><body>{_body(lines)}</body></html>")
        made.append(
            page.pdf(
                prefer_css_page_size=True,
                display_header_footer=True,
                header_template=head,
                footer_template=foot,
            )
        )
    page.close()
    return made


def pictures(pdf: bytes, *, dots: int = 200, skew: float = 0.7) -> list[Image.Image]:
    """Return the pages of a PDF as a scanner would give them: grey, `dots` an inch, `skew` degrees aslant."""
    document = pypdfium2.PdfDocument(pdf)
    out = []
    for number in range(len(document)):
        page = document[number]
        image = page.render(scale=dots / 72).to_pil().convert("L")
        page.close()
        angle = skew if number % 2 else -skew
        out.append(image.rotate(angle, Image.Resampling.BICUBIC, fillcolor=255))
    document.close()
    return out


def scanned(pages: Sequence[Image.Image], dots: int = 200) -> bytes:
    """Return page pictures as a PDF without a text layer."""
    out = io.BytesIO()
    pages[0].save(out, "PDF", resolution=dots, save_all=True, append_images=list(pages[1:]))
    return out.getvalue()
