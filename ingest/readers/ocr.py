"""Characters out of pictures: rapidocr with the models of its own wheel. Nothing is ever fetched.

An extra (`pip install 'zhengwen[ocr]'`): nothing here is imported before a picture is to be read.
"""

import functools
import math
import re
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ingest.model import DocumentError
from ingest.readers.layout import PrintLine, rows
from ingest.readers.ruled import Grid, grids, with_tables
from ingest.readers.strokes import rules_of

Image = NDArray[np.uint8]  # rows × columns × 3, blue first as OpenCV has it

INSTALL = "请先装上文字识别（在程序目录运行 make ocr），或用别的软件识别后再读入"
PAGE_SECONDS = 180.0
JUNK = 0.5  # below this it is a stamp, a stain or a signature rather than text
_CHUNK = 12  # lines recognised between two looks at the clock
_LOCK = threading.Lock()  # one page at a time: each uses all cores
# The models read the sign for a thousandth as two: 2‰ comes out as 2%0. No text has a nought there.
_THOUSANDTHS = re.compile(r"(?<=\d)[%％][0oO](?![\d.])")
_TURNED = 1.5  # a box this many times as tall as wide holds a line that stands on end


@dataclass(frozen=True, slots=True)
class _Box:
    """A found line: its four corners in pixels (from the upper left of the line, clockwise), its picture."""

    corners: NDArray[np.float32]
    picture: Image

    @property
    def width(self) -> float:
        return float(np.linalg.norm(self.corners[1] - self.corners[0]))

    @property
    def height(self) -> float:
        return float(np.linalg.norm(self.corners[3] - self.corners[0]))


def available() -> bool:
    """Say whether character recognition is installed."""
    return all(find_spec(name) is not None for name in ("rapidocr", "onnxruntime"))


def recognise(image: Image, page: int, points: float, where: str) -> list[list[PrintLine]]:
    """Return the rows of print in a picture, boxes in points; `points` is the size of a pixel.

    Ruled tables are read cell by cell. A page that lies on its side or head is turned first, one that
    is a little askew is set straight. Raises DocumentError where recognition is not installed or a page
    takes too long.
    """
    if not available():
        raise DocumentError("是扫描件或图片，没有文字层", where, INSTALL)
    with _LOCK:
        return _recognise(image, page, points, where, time.monotonic() + PAGE_SECONDS)


def _recognise(image: Image, page: int, points: float, where: str, until: float) -> list[list[PrintLine]]:
    boxes = _boxes(image)
    if len(boxes) >= 3 and sum(b.height > _TURNED * b.width for b in boxes) > len(boxes) / 2:
        image = np.ascontiguousarray(np.rot90(image))
        boxes = _boxes(image)
    if _on_its_head(boxes):
        image = np.ascontiguousarray(np.rot90(image, 2))
        boxes = _boxes(image)
    long = [b for b in boxes if b.width > 4 * b.height]
    angle = float(np.median([_angle(b) for b in long])) if long else 0.0
    view = _View(angle, points, image.shape[0], page)
    rules = rules_of(image, angle, points) if boxes else []
    tables = grids(rules)
    boxes = [part for box in boxes for part in _parted(box, tables, view, image)]
    boxes.sort(key=lambda b: b.width / max(1.0, b.height))  # like widths make a full batch
    pieces: list[PrintLine] = []
    for at in range(0, len(boxes), _CHUNK):
        if time.monotonic() > until:
            raise DocumentError(
                f"第 {page} 页识别超过 {PAGE_SECONDS:.0f} 秒", where, "请降低扫描分辨率或拆分后再试"
            )
        chunk = boxes[at : at + _CHUNK]
        found = _engine().recognize_txt([box.picture for box in chunk])
        for box, text, confidence in zip(chunk, found.txts, found.scores, strict=True):
            if shown := _THOUSANDTHS.sub("‰", text.strip()):
                pieces.append(view.line(box, shown, float(confidence)))
    # What is hardly text must not spoil the row of a table that it lies in.
    junk = [[piece] for piece in pieces if piece.confidence < JUNK]
    return [*with_tables([piece for piece in pieces if piece.confidence >= JUNK], rules, rows), *junk]


@dataclass(frozen=True, slots=True)
class _View:
    """How pixels of a page lie on the page set straight, in points from its lower left."""

    angle: float
    points: float
    height: int
    page: int

    def line(self, box: _Box, text: str, confidence: float) -> PrintLine:
        cos, sin = math.cos(-self.angle), math.sin(-self.angle)
        x = (box.corners[:, 0] * cos - box.corners[:, 1] * sin) * self.points
        y = (self.height - (box.corners[:, 0] * sin + box.corners[:, 1] * cos)) * self.points
        top, bottom = float(y[:2].mean()), float(y[2:].mean())
        left, right = float(x[[0, 3]].mean()), float(x[[1, 2]].mean())
        return PrintLine(text, left, right, top, bottom, self.page, confidence)


def _parted(box: _Box, tables: Sequence[Grid], view: _View, image: Image) -> list[_Box]:
    """Cut a found line where it runs over an upright rule of a table: two cells were taken for one line."""
    from rapidocr.utils.process_img import get_rotate_crop_image

    line = view.line(box, "", 1.0)
    size = line.top - line.bottom
    cuts = [
        (x - line.left) / (line.right - line.left)
        for table in tables
        for x in table.parting(line)
        if line.left + 0.6 * size < x < line.right - 0.6 * size
    ]
    if not cuts:
        return [box]
    one, two, three, four = box.corners
    parts = []
    for first, last in pairwise([0.0, *sorted(cuts), 1.0]):
        corners = np.array(
            [one + first * (two - one), one + last * (two - one),
             four + last * (three - four), four + first * (three - four)], dtype=np.float32
        )  # fmt: skip
        parts.append(_Box(corners, get_rotate_crop_image(image, corners.copy())))
    return parts


def _angle(box: _Box) -> float:
    along = box.corners[1] - box.corners[0]
    return math.atan2(float(along[1]), float(along[0]))


def _boxes(image: Image) -> list[_Box]:
    """Find the lines of print in a picture."""
    from rapidocr.main import RapidOCRError

    engine = _engine()
    try:
        pictures, found = engine.detect_and_crop(image, {})
    except RapidOCRError:  # nothing found
        return []
    return [_Box(c, p) for c, p in zip(found.boxes, pictures, strict=True) if p.shape[0] and p.shape[1]]


def _on_its_head(boxes: Sequence[_Box]) -> bool:
    """Say whether the longest lines of a page stand upside down, as the classifier sees them."""
    long = sorted((b for b in boxes if b.width > 4 * b.height), key=lambda b: -b.width)[:8]
    if not long:
        return False
    told = _engine().cls_and_rotate([box.picture for box in long])[1].cls_res
    return sum(1 for label, score in told if "180" in label and score > 0.9) > len(long) / 2


@functools.cache
def _engine() -> Any:
    """Return the engine, its models pinned to the files in the wheel, so that it looks for no others."""
    import rapidocr

    models = Path(rapidocr.__file__).parent / "models"
    settings: dict[str, object] = {"Global.log_level": "error", "Global.use_vertical_padding": False}
    for task, name in (("Det", "*_det_*.onnx"), ("Rec", "*_rec_*.onnx"), ("Cls", "*_cls_*.onnx")):
        files = sorted(models.glob(name))
        if not files:
            raise DocumentError("文字识别缺少模型文件", str(models), "请重新安装：make ocr")
        settings[f"{task}.model_path"] = str(files[0])
    return rapidocr.RapidOCR(params=settings)
