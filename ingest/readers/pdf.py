"""PDF files: a page's text layer, or the recognised picture of a page that has none."""

import ctypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any

import numpy as np

from ingest.model import DocumentError, RawDocument, SideFile
from ingest.readers import ocr
from ingest.readers.glyphs import Char, rows_of
from ingest.readers.layout import PrintLine, on_page
from ingest.readers.progress import Told, silent
from ingest.readers.ruled import Rule, with_tables
from ingest.readers.scan import MAX_SIDE, with_scans

MAX_PAGES = 2000
MAX_CHARS = 3_000_000  # of one file: a hundred times the longest plan
_MAX_OBJECTS = 5_000  # of one page, looked at to tell a scan
_MAX_SEGMENTS = 300_000  # of all that is drawn in one file, looked at to find tables
_MAX_RULES = 3_000  # of one page; more are a drawing
_DPI = 200
_LOCK = threading.Lock()  # PDFium is not safe for threads
_FEW = 10  # fewer characters than this are a page number, not the text of a page
_STAMPED = 60  # so many may be stamped on a scan by the archive
_OUTLINES = 100  # so many drawn shapes without text are characters turned to outlines

_Rows = list[list[PrintLine]]


def read_pdf(
    data: bytes, where: str, sha256: str, source: str, side: SideFile, told: Told = silent
) -> RawDocument:
    """Return the text of a PDF file, a paragraph a line; pages that are pictures are recognised.

    Raises DocumentError when the file is damaged, encrypted, too long, without any text, or a scan
    where character recognition is not installed.
    """
    with _opened(data, where) as document:
        pages, scanned = _text_pages(document, where)
        text, findings = with_scans(
            pages, scanned, lambda number: _scanned_page(document, number, where), where, told
        )
    if not text.strip():
        raise DocumentError("PDF 里没有文字", where, "请换一份有内容的文件")
    return RawDocument(text, sha256, source, side, findings=findings)


@contextmanager
def _opened(data: bytes, where: str) -> Iterator[Any]:
    """Open a PDF file; PDFium's errors inside the block are told as a damaged file."""
    import pypdfium2 as pdfium

    document = None
    try:
        with _LOCK:
            document = pdfium.PdfDocument(data)
            count = len(document)
        if count > MAX_PAGES:
            raise DocumentError(f"PDF 超过 {MAX_PAGES} 页", where, "请拆分后再试")
        yield document
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower():
            raise DocumentError("PDF 已加密", where, "请解除密码后再试") from error
        told = "PDF 已损坏，打不开" if document is None else "PDF 已损坏，有的页读不出来"
        raise DocumentError(told, where, "请重新下载，或用原软件打开后另存") from error
    finally:
        if document is not None:
            with _LOCK:
                document.close()


def _text_pages(document: Any, where: str) -> tuple[list[_Rows], list[int]]:
    """Return each page's rows as the text layer has them, and the numbers of pages that are pictures."""
    pages: list[_Rows] = []
    scanned: list[int] = []
    size = segments = 0
    for index in range(len(document)):
        with _LOCK:
            page = document[index]
            chars = _chars(page, MAX_CHARS - size)
            picture = _is_picture(page, chars)
            rules, drawn = ([], 0) if picture else _rules(page, _MAX_SEGMENTS - segments)
            segments += drawn
            page.close()
        size += len(chars)
        if size >= MAX_CHARS:
            raise DocumentError("PDF 的文字太多", where, "请拆分后再试")
        if picture:
            scanned.append(index + 1)
        found = [] if picture else with_tables(chars, rules, rows_of)
        pages.append([[on_page(piece, index + 1) for piece in row] for row in found])
    return pages, scanned


def _chars(page: Any, limit: int) -> list[Char]:
    import pypdfium2.raw as raw

    textpage = page.get_textpage()
    chars: list[Char] = []
    for i in range(min(limit, textpage.count_chars())):
        code = raw.FPDFText_GetUnicode(textpage, i)
        if code < 32 or raw.FPDFText_IsGenerated(textpage, i) == 1 or code == 0xFFFE:
            continue
        left, bottom, right, top = textpage.get_charbox(i, loose=True)
        chars.append(Char(chr(code), left, bottom, right, top))
    textpage.close()
    return chars


def _is_picture(page: Any, chars: list[Char]) -> bool:
    """Say whether what a page shows is not in its text layer: a scan, outlines, or fonts without a code."""
    shown = [c.text for c in chars if not c.text.isspace()]
    lost = sum(c == "\ufffd" or "\ue000" <= c <= "\uf8ff" for c in shown)
    if len(shown) >= _STAMPED and lost <= 0.3 * len(shown):
        return False
    covered, outlines = _drawn(page)
    if lost > 0.3 * len(shown):
        return True
    return covered > 0.5 or (len(shown) < _FEW and (covered > 0.15 or outlines > _OUTLINES))


def _drawn(page: Any) -> tuple[float, int]:
    """Return how much of a page its largest picture covers (0 to 1), and how many shapes are drawn."""
    import pypdfium2.raw as raw

    width, height = page.get_size()
    area = max(1.0, width * height)
    covered, outlines = 0.0, 0
    for found in islice(page.get_objects(max_depth=3), _MAX_OBJECTS):
        if found.type == raw.FPDF_PAGEOBJ_PATH:
            outlines += 1
        elif found.type == raw.FPDF_PAGEOBJ_IMAGE:
            left, bottom, right, top = found.get_bounds()
            covered = max(covered, (right - left) * (top - bottom) / area)
    return covered, outlines


def _rules(page: Any, limit: int) -> tuple[list[Rule], int]:
    """Return the level and upright lines that are drawn on a page, and how many segments were looked at."""
    import pypdfium2.raw as raw

    found: list[Rule] = []
    seen = 0
    for shape in islice(page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=3), _MAX_OBJECTS):
        matrix = shape.get_matrix()
        start = here = (0.0, 0.0)
        for n in range(max(0, min(limit - seen, raw.FPDFPath_CountSegments(shape)))):
            seen += 1
            segment = raw.FPDFPath_GetPathSegment(shape, n)
            x, y = ctypes.c_float(), ctypes.c_float()
            raw.FPDFPathSegment_GetPoint(segment, x, y)
            at: tuple[float, float] = matrix.on_point(x.value, y.value)
            kind = raw.FPDFPathSegment_GetType(segment)
            if kind == raw.FPDF_SEGMENT_LINETO:
                found.append(Rule(*here, *at))
            elif kind == raw.FPDF_SEGMENT_MOVETO:
                start = at
            here = at
            if raw.FPDFPathSegment_GetClose(segment):
                found.append(Rule(*here, *start))
                here = start
    straight = [r for r in found if min(abs(r.x1 - r.x0), abs(r.y1 - r.y0)) < 1.0]
    return (straight if len(straight) <= _MAX_RULES else []), seen


def _scanned_page(document: Any, number: int, where: str) -> _Rows:
    """Return the rows of a page as recognised from its picture."""
    with _LOCK:
        page = document[number - 1]
        width, height = page.get_size()
        scale = min(_DPI / 72, MAX_SIDE / max(width, height, 1.0))
        image = page.render(scale=scale).to_numpy()[:, :, :3]
        page.close()
    return ocr.recognise(np.ascontiguousarray(image), number, 1 / scale, where)
