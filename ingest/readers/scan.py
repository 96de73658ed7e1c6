"""Pictures of pages (PNG, JPEG, TIFF, BMP, WebP): recognised, put in order, doubts told with their place."""

import io
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ingest.model import OCR_MISSING, DocumentError, Finding, RawDocument, Severity, SideFile
from ingest.readers import ocr
from ingest.readers.layout import Printed, PrintLine, ordered, printed, without_furniture
from ingest.readers.progress import Told, silent
from ingest.readers.variants import stray

if TYPE_CHECKING:
    from PIL import Image as Pillow

MAX_PIXELS = 80_000_000  # A3 at 600 dots an inch is 70 million
MAX_SCANS = 300  # pages that are pictures, in one document
MAX_SIDE = 3200  # pixels: A4 at 270 dots an inch, more makes nothing better
_A4 = 842.0  # points; a picture is taken for a page of this height or width
_FORMATS = ("PNG", "JPEG", "TIFF", "BMP", "WEBP")
_UNSURE = 0.85
_DOUBTFUL = 0.7
_MANY = 60  # lines told of one by one


def read_image(
    data: bytes, where: str, sha256: str, source: str, side: SideFile, told: Told = silent
) -> RawDocument:
    """Return the text in a picture of a page, or of several (TIFF).

    Raises DocumentError when the picture is damaged, too large, holds no text, or character
    recognition is not installed.
    """
    if not ocr.available():
        raise DocumentError("是图片，没有文字", where, ocr.INSTALL)
    pages: list[list[list[PrintLine]]] = []
    for number, (total, image) in enumerate(_pictures(data, where), 1):
        told(number - 1, total)
        pages.append(ocr.recognise(image, number, _A4 / max(image.shape[:2]), where))
    text, findings = settle(pages, range(1, len(pages) + 1))
    if not text.strip():
        raise DocumentError("图片里没有认出文字", where, "请换一份更清楚的图片")
    return RawDocument(text, sha256, source, side, findings=findings)


def picture_rows(data: bytes, number: int, points: float, where: str) -> list[list[PrintLine]]:
    """Return the rows in the one picture that a page is; `points` is its longer side.

    Raises DocumentError as `read_image` does.
    """
    image = next(image for _, image in _pictures(data, where))
    return ocr.recognise(image, number, points / max(image.shape[:2]), where)


def with_scans(
    pages: list[list[list[PrintLine]]],
    scanned: Sequence[int],
    recognised: Callable[[int], list[list[PrintLine]]],
    where: str,
    told: Told,
) -> tuple[str, tuple[Finding, ...]]:
    """Return text and findings of pages of which those numbered in `scanned` are pictures.

    `recognised` gives a page's rows by its number. Raises DocumentError when nothing can be read because
    character recognition is not installed; what is left out for that reason is a finding.
    """
    if len(scanned) > MAX_SCANS:
        raise DocumentError(f"扫描的页超过 {MAX_SCANS} 页", where, "请拆分后再试")
    if scanned and not ocr.available():
        if not any(pages):
            raise DocumentError("是扫描件，没有文字层", where, ocr.INSTALL)
        text, _ = settle(pages, ())
        left = f"{numbers_of(scanned)}是扫描图，没有文字层，没有读入；{ocr.INSTALL}"
        return text, (Finding("warning", OCR_MISSING, left),)
    for done, number in enumerate(scanned):
        told(done, len(scanned))
        pages[number - 1] = recognised(number)
    return settle(pages, scanned)


def settle(
    pages: Sequence[Sequence[Sequence[PrintLine]]], scanned: Sequence[int]
) -> tuple[str, tuple[Finding, ...]]:
    """Return the text of pages given as rows of pieces, and what is to be told of those recognised."""
    seen = frozenset(scanned)
    turned = stray(p.text for page in pages for row in page for p in row if p.page in seen)
    junk = [p for page in pages for row in page for p in row if p.confidence < ocr.JUNK]
    clean = [
        [
            [
                replace(p, text=p.text.translate(turned)) if p.page in seen else p
                for p in row
                if p.confidence >= ocr.JUNK
            ]
            for row in page
        ]
        for page in pages
    ]
    result = printed(without_furniture([ordered([row for row in page if row]) for page in clean]))
    return result.text, tuple(_findings(result, junk, scanned)) if scanned else ()


def _findings(result: Printed, junk: Sequence[PrintLine], scanned: Sequence[int]) -> Iterator[Finding]:
    yield Finding("note", "ocr", f"由扫描件识别：{numbers_of(scanned)}，请对照原件核对数字和单位")
    unsure = [(line, span) for line, span in result.places if line.confidence < _UNSURE]
    for line, span in unsure[:_MANY]:
        severity: Severity = "warning" if line.confidence < _DOUBTFUL else "note"
        message = f"第 {line.page} 页这一行识别没有把握（{line.confidence:.0%}）：{line.text}"
        yield Finding(severity, "ocr", message, span)
    for line in junk[:_MANY]:
        yield Finding("note", "ocr", f"第 {line.page} 页有一处认不清，没有读入，像是“{line.text}”")
    left = max(0, len(unsure) - _MANY) + max(0, len(junk) - _MANY)
    if left:
        yield Finding("warning", "ocr", f"另有 {left} 处识别没有把握，请换一份更清楚的扫描件")


def numbers_of(pages: Sequence[int]) -> str:
    """Return page numbers in words: 第 1—3、7 页."""
    runs: list[list[int]] = []
    for page in pages:
        if runs and page == runs[-1][-1] + 1:
            runs[-1].append(page)
        else:
            runs.append([page])
    return "第 " + "、".join(f"{r[0]}—{r[-1]}" if len(r) > 1 else str(r[0]) for r in runs) + " 页"


def _pictures(data: bytes, where: str) -> Iterator[tuple[int, ocr.Image]]:
    """Yield the pages of a picture file as arrays, with how many there are."""
    from PIL import Image, ImageOps

    damaged = DocumentError("图片已损坏，打不开", where, "请重新下载或重新扫描")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=_FORMATS) as file:
                total = getattr(file, "n_frames", 1) if file.format == "TIFF" else 1
                if total > MAX_SCANS:
                    raise DocumentError(f"图片超过 {MAX_SCANS} 页", where, "请拆分后再试")
                for number in range(total):
                    file.seek(number)
                    if file.width * file.height > MAX_PIXELS:
                        raise Image.DecompressionBombError
                    yield total, _array(ImageOps.exif_transpose(file))
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise DocumentError(
            f"图片超过 {MAX_PIXELS // 1_000_000} 百万像素", where, "请降低扫描分辨率后再试"
        ) from None
    except DocumentError:
        raise
    except Exception as error:  # Pillow's decoders raise whatever a broken file makes them stumble on
        raise damaged from error


def _array(picture: "Pillow.Image") -> ocr.Image:
    """Return a picture as OpenCV has it, on white, no larger than recognition can use."""
    from PIL import Image

    picture.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS)
    if picture.mode in ("I", "I;16", "I;16B", "F"):
        levels = np.asarray(picture, dtype=np.float64)
        picture = Image.fromarray((255 * (levels / max(1.0, float(levels.max())))).astype(np.uint8))
    flat = Image.new("RGB", picture.size, "white")
    seen = picture.convert("RGBA")
    flat.paste(seen, mask=seen.getchannel("A"))
    return np.ascontiguousarray(np.asarray(flat)[:, :, ::-1])
