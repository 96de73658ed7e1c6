"""The signs of doubt with their weights, words and limits: `data/lexicon/doubts.toml`."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from data import table

# A sign that a fact may be wrong: its name in the file, and the words that fill its reason.
Sign = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Doubts:
    """What the file says, ready for use."""

    doubtful: float
    weights: dict[str, float]
    reasons: dict[str, str]
    misread: re.Pattern[str]
    odd: re.Pattern[str]
    approximate: re.Pattern[str]
    at_least: re.Pattern[str]
    at_most: re.Pattern[str]
    scanned: tuple[str, ...]
    limits: dict[str, float]


@cache
def doubts() -> Doubts:
    """Load the file (once a process)."""
    said = table("lexicon", "doubts.toml")
    words = said["words"]
    return Doubts(
        doubtful=said["doubtful"],
        weights={name: row["weight"] for name, row in said["sign"].items()},
        reasons={name: row["reason"] for name, row in said["sign"].items()},
        misread=re.compile(words["misread"]),
        odd=re.compile(words["odd"]),
        approximate=re.compile(words["approximate"]),
        at_least=re.compile(words["at_least"]),
        at_most=re.compile(words["at_most"]),
        scanned=tuple(words["scanned"]),
        limits=said["limits"],
    )


@lru_cache(maxsize=4096)
def told(signs: tuple[Sign, ...], base: float = 1.0) -> tuple[float, str]:
    """Return the confidence that the signs leave of `base`, and the reasons, weightiest first."""
    known = doubts()
    found = sorted(set(signs), key=lambda sign: (known.weights[sign[0]], sign))
    confidence = base
    for name, *_ in found:
        confidence *= known.weights[name]
    return round(confidence, 2), "；".join(known.reasons[name].format(*rest) for name, *rest in found)
