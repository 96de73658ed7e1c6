"""Ruling lines in the picture of a page: long level and upright strokes."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ingest.readers.ruled import Rule

_LONG = 22.0  # points: longer than any stroke of a character in a text
_THICK = 5.0  # points: thicker is a bar or a picture
_SLANT = 0.002  # radians; less does no harm


def rules_of(image: NDArray[np.uint8], angle: float, points: float) -> list[Rule]:
    """Return the level and upright rules of a page that lies `angle` radians aslant.

    `points` is the size of a pixel. Places are those of the page set straight, from its lower left.
    """
    import cv2

    height, width = image.shape[:2]
    grey: Any = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    if abs(angle) > _SLANT:
        cos, sin = math.cos(-angle), math.sin(-angle)
        turn = np.array([[cos, -sin, 0.0], [sin, cos, 0.0]])
        grey = cv2.warpAffine(grey, turn, (width, height), borderMode=cv2.BORDER_REPLICATE)
    dark: Any = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)[1]
    long, thick = max(8, round(_LONG / points)), _THICK / points
    found: list[Rule] = []
    for level in (True, False):
        # Made thicker first, so that a thin line that steps down a pixel stays one.
        wide = cv2.dilate(dark, np.ones((3, 1) if level else (1, 3), np.uint8))
        opened = cv2.morphologyEx(wide, cv2.MORPH_OPEN, np.ones((1, long) if level else (long, 1), np.uint8))
        boxes = cv2.connectedComponentsWithStats(opened, connectivity=8)[2][1:, :4].tolist()
        for x, y, w, h in boxes:
            if (h if level else w) > thick + 2:
                continue
            left, right = (x, x + w) if level else (x + w / 2, x + w / 2)
            top, bottom = (y + h / 2, y + h / 2) if level else (y, y + h)
            found.append(
                Rule(left * points, (height - bottom) * points, right * points, (height - top) * points)
            )
    return found
