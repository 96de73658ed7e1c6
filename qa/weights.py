"""The fitted numbers of ranking and abstention, read from ``data/ranking.toml``.

They are written by ``python -m benchmarks.ranking --fit``; nothing else should change them.
"""

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass

from data import path


@dataclass(frozen=True, slots=True)
class Weights:
    """Coefficients by feature name: of the ranking score, and of the abstention model with its intercept."""

    ranking: Mapping[str, float]
    support: Mapping[str, float]
    intercept: float
    threshold: float  # probability from which on a clause is an answer


@functools.cache
def weights() -> Weights:
    """Read the bundled weights."""
    loaded = tomllib.loads(path("ranking.toml").read_text("utf-8"))
    support = dict(loaded["support"])
    return Weights(loaded["ranking"], support, support.pop("intercept"), support.pop("threshold"))
