"""PDF files with a text layer: page furniture removed, print lines joined to paragraphs."""

import re
import threading
from collections import Counter
from dataclasses import dataclass

from ingest.fold import fold
from ingest.lexicon import patterns
from ingest.model import DocumentError, RawDocument, SideFile
from ingest.numbering import marker

MAX_PAGES = 2000
_LOCK = threading.Lock()  # PDFium is not safe for threads
_PAGE = re.compile(r"[-—–~·\s]*(?:第?\s*\d{1,4}\s*页?(?:\s*[/共，,]\s*\d{1,4}\s*页?)?)[-—–~·\s]*")
_TERMINAL = "。；！？：…"


@dataclass(frozen=True, slots=True)
class PrintLine:
    """A line as printed: its text, and its box in points from the lower left of the page."""

    text: str
    left: float
    right: float
    top: float
    bottom: float


def read_pdf(data: bytes, where: str, sha256: str, source: str, side: SideFile) -> RawDocument:
    """Return the text of a PDF file, a paragraph a line.

    Raises DocumentError when the file is damaged, encrypted, too long, or has no text layer (a scan).
    """
    pages = _pages(data, where)
    if sum(len(line.text) for page in pages for line in page) < 4 * max(1, len(pages)):
        raise DocumentError(
            "是扫描件，没有文字层", where, "请先做文字识别（OCR），再导入识别后的文本、DOCX 或双层 PDF"
        )
    pages = _without_furniture(pages)
    text = "\n".join(_paragraphs(pages))
    if not text.strip():
        raise DocumentError("PDF 里没有文字", where, "请先做文字识别（OCR），再导入识别后的文件")
    return RawDocument(text, sha256, source, side)


def _pages(data: bytes, where: str) -> list[list[PrintLine]]:
    import pypdfium2 as pdfium

    with _LOCK:
        try:
            document = pdfium.PdfDocument(data)
        except pdfium.PdfiumError as error:
            if "password" in str(error).lower():
                raise DocumentError("PDF 已加密", where, "请解除密码后再试") from error
            raise DocumentError("PDF 已损坏，打不开", where, "请重新下载，或用原软件打开后另存") from error
        try:
            if len(document) > MAX_PAGES:
                raise DocumentError(f"PDF 超过 {MAX_PAGES} 页", where, "请拆分后再试")
            return [
                [line for line in _page_lines(document[i]) if line.text.strip()] for i in range(len(document))
            ]
        except pdfium.PdfiumError as error:
            raise DocumentError(
                "PDF 已损坏，有的页读不出来", where, "请重新下载，或用原软件打开后另存"
            ) from error
        finally:
            document.close()


@dataclass(frozen=True, slots=True)
class _Char:
    """One printed character and its box."""

    text: str
    left: float
    bottom: float
    right: float
    top: float


def _page_lines(page: object) -> list[PrintLine]:
    """Return the printed lines of one page, top to bottom; characters on the same height are one line."""
    import pypdfium2.raw as raw

    textpage = page.get_textpage()  # type: ignore[attr-defined]
    chars: list[_Char] = []
    for i in range(textpage.count_chars()):
        code = raw.FPDFText_GetUnicode(textpage, i)
        if code < 32 or raw.FPDFText_IsGenerated(textpage, i) == 1 or code == 0xFFFE:
            continue
        left, bottom, right, top = textpage.get_charbox(i, loose=True)
        chars.append(_Char(chr(code), left, bottom, right, top))
    textpage.close()
    page.close()  # type: ignore[attr-defined]
    return [_merge(line) for line in _by_height(chars)]


def _by_height(chars: list[_Char]) -> list[list[_Char]]:
    """Group characters into lines: those whose middles lie within half a character of each other."""
    ordered = sorted(chars, key=lambda c: -(c.top + c.bottom))
    lines: list[list[_Char]] = []
    middle = 0.0
    for char in ordered:
        here = (char.top + char.bottom) / 2
        height = max(1.0, char.top - char.bottom)
        if lines and abs(middle - here) <= 0.35 * height:
            lines[-1].append(char)
        else:
            lines.append([char])
            middle = here
    return lines


def _merge(chars: list[_Char]) -> PrintLine:
    """Join the characters of one printed line; a gap becomes a blank, a very wide one a tabulator."""
    chars.sort(key=lambda c: c.left)
    height = sorted(c.top - c.bottom for c in chars)[len(chars) // 2] or 10.0
    text, before = "", None
    for char in chars:
        if before is not None:
            if char.text == before.text and abs(char.left - before.left) < 0.2 * height:
                continue  # bold printed twice
            gap = char.left - before.right
            text += "\t" if gap > 2.5 * height else " " if gap > 0.45 * height else ""
        text += char.text
        before = char
    shown = [c for c in chars if not c.text.isspace()] or chars
    return PrintLine(
        text.strip(" "),
        shown[0].left,
        max(c.right for c in shown),
        max(c.top for c in shown),
        min(c.bottom for c in shown),
    )


def _without_furniture(pages: list[list[PrintLine]]) -> list[list[PrintLine]]:
    """Return the pages without page numbers and without the lines that come again at page edges."""

    def shape(line: PrintLine) -> str:
        return re.sub(r"\d+|\s+", "", fold(line.text))

    edges: Counter[str] = Counter()
    for page in pages:
        edges.update({shape(line) for line in (*page[:2], *page[-2:])})
    often = max(3, len(pages) // 2)
    kept = []
    for page in pages:
        rest = list(page)
        for at in (0, -1):
            for _ in range(2):
                if rest and (
                    _PAGE.fullmatch(rest[at].text.strip())
                    or (edges[shape(rest[at])] >= often and len(rest[at].text) < 60)
                ):
                    del rest[at]
        kept.append(rest)
    return kept


def _paragraphs(pages: list[list[PrintLine]]) -> list[str]:
    """Join printed lines to paragraphs by their edges: full lines go on, indented lines begin anew."""
    lines = [line for page in pages for line in page]
    if not lines:
        return []
    left = _usual(
        [line.left for line in lines if len(line.text) > 12] or [line.left for line in lines], low=True
    )
    right = _usual(
        [line.right for line in lines if len(line.text) > 12] or [line.right for line in lines], low=False
    )
    size = sorted(line.top - line.bottom for line in lines)[len(lines) // 2] or 10.0
    out: list[str] = []
    before: PrintLine | None = None
    for line in lines:
        text = line.text.strip()
        if before is not None and out and _goes_on(before, line, left, right, size):
            joint = (
                " "
                if out[-1][-1:].isascii()
                and out[-1][-1:].isalpha()
                and text[:1].isascii()
                and text[:1].isalpha()
                else ""
            )
            out[-1] += joint + text
        else:
            out.append(text)
        before = line
    return out


def _usual(values: list[float], *, low: bool) -> float:
    """Return the margin that most lines share: the commonest rounded edge, towards the outside."""
    counted = Counter(round(v / 4) * 4 for v in values)
    most = counted.most_common(1)[0][1]
    common = [edge for edge, n in counted.items() if n >= 0.35 * most]
    return float(min(common) if low else max(common))


_ANNEX = re.compile(r"附[ ]*件[ ]*[\d一二三四五六七八九十]{0,3}[：]?")


def _opens(text: str, before: str) -> bool:
    """Say whether a line begins anew whatever its place: 附件N, or a number or label after a full stop."""
    folded = fold(text.strip())
    if _ANNEX.fullmatch(folded):
        return True
    if before.strip()[-1:] not in _TERMINAL:
        return False
    return marker(folded, 0, len(folded)) is not None or patterns().unit_line.match(folded) is not None


def _goes_on(before: PrintLine, line: PrintLine, left: float, right: float, size: float) -> bool:
    """Say whether a printed line goes on with the paragraph of the line before."""
    if "\t" in before.text or "\t" in line.text:
        return False
    if _opens(line.text, before.text):
        return False
    full = before.right >= right - 2.2 * size
    indented = line.left > left + 1.2 * size
    centred = before.left > left + 3.2 * size
    return full and not indented and not centred
