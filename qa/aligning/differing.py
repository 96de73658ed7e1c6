"""What differs in wording: the words of one text that the other has not, as a reader would mark them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

import rjieba
from rapidfuzz.distance import Indel

from ingest.fold import fold

_TOKEN = re.compile(r"\d+(?:\.\d+)?(?:%|‰|[万亿]?元)?")  # a number with its unit changes as a whole
_LEVEL = re.compile("[省市县区州盟旗]$")
_ISLAND = 3  # characters; fewer alike between two changes are chance (的, 企业)
_MOVED = 10  # characters; as many alike in another place have been moved, not changed
_ALIKE = 0.4  # of the shorter text; where two share less, marks on words would be noise
_OWN = "\0"


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of a clause's text; `marked` tells that the other document does not say it so."""

    text: str
    marked: bool


@dataclass(frozen=True, slots=True)
class Own:
    """How a document names its own place (甲山县, 甲山, 县): that alone makes no difference."""

    names: tuple[str, ...]

    @classmethod
    def of(cls, jurisdiction: str) -> "Own":
        """Return the names of a place, longest first."""
        level = _LEVEL.search(jurisdiction)
        short = jurisdiction[: level.start()] if level and len(jurisdiction) > 2 else ""
        return cls(tuple(filter(None, (jurisdiction, short, level[0] if level else ""))))

    def out(self, text: str) -> str:
        """Return `text` with the place's own names put alike for all places."""
        for name in self.names:
            text = text.replace(name, _OWN)
        return text


def marks(one: str, other: str, mine: Own, theirs: Own) -> tuple[list[bool], list[bool]] | None:
    """Return for each character of both texts whether the other text has it not; None for texts far apart.

    Compared are words in folded form, so that neither print (，or ,), stops nor the own place's name counts.
    What stands elsewhere in the other text is found too.
    """
    left, right = fold(one), fold(other)
    if mine.out(left) == theirs.out(right):
        return [False] * len(one), [False] * len(other)
    a, b = _tokens(left), _tokens(right)
    here, there = _unlike(a, b, mine, theirs)
    _moved(a, b, here, there)
    if sum(len(w) for w, odd in zip(a, here, strict=True) if not odd) < _ALIKE * min(len(one), len(other)):
        return None
    return _evened(one, _spread(a, here)), _evened(other, _spread(b, there))


def runs(text: str, marked: Sequence[bool]) -> tuple[Run, ...]:
    """Return `text` cut where marking begins or ends."""
    pairs = zip(text, marked, strict=True)
    return tuple(
        Run("".join(char for char, _ in group), odd)
        for odd, group in groupby(pairs, key=lambda pair: pair[1])
    )


def _tokens(text: str) -> list[str]:
    found: list[str] = []
    at = 0
    for number in _TOKEN.finditer(text):
        found += rjieba.cut(text[at : number.start()])
        found.append(number[0])
        at = number.end()
    return found + list(rjieba.cut(text[at:]))


def _unlike(a: list[str], b: list[str], mine: Own, theirs: Own) -> tuple[list[bool], list[bool]]:
    here, there = [False] * len(a), [False] * len(b)
    for i, k, j, n in _gaps(a, b):
        if _letters(mine.out("".join(a[i:k]))) != _letters(theirs.out("".join(b[j:n]))):
            here[i:k], there[j:n] = [True] * (k - i), [True] * (n - j)
    return here, there


def _letters(text: str) -> str:
    return "".join(char for char in text if char.isalnum() or char == _OWN)


def _gaps(a: list[str], b: list[str]) -> Iterator[tuple[int, int, int, int]]:
    """Yield the stretches between words alike: first and end in `a`, first and end in `b`."""
    i = j = 0
    for step in Indel.opcodes(a, b):
        if step.tag == "equal":
            if i < step.src_start or j < step.dest_start:
                yield i, step.src_start, j, step.dest_start
            i, j = step.src_end, step.dest_end
    if i < len(a) or j < len(b):
        yield i, len(a), j, len(b)


def _moved(a: list[str], b: list[str], here: list[bool], there: list[bool]) -> None:
    """Take back the marks of what stands word for word among the marked words of the other text."""
    mine, yours = ([at for at, odd in enumerate(side) if odd] for side in (here, there))
    if not mine or not yours:
        return
    for i, j, size in _common([a[at] for at in mine], [b[at] for at in yours]):
        for step in range(size):
            here[mine[i + step]] = there[yours[j + step]] = False


def _common(a: list[str], b: list[str]) -> Iterator[tuple[int, int, int]]:
    """Yield runs of at least `_MOVED` characters that both hold: place in either, number of words."""
    starts: dict[tuple[str, str], list[int]] = {}
    for j in range(len(b) - 1):
        starts.setdefault((b[j], b[j + 1]), []).append(j)
    taken: set[int] = set()
    i = 0
    while i < len(a) - 1:
        best, place = 0, -1
        for j in starts.get((a[i], a[i + 1]), ()):
            size = 0
            while (
                i + size < len(a)
                and j + size < len(b)
                and a[i + size] == b[j + size]
                and j + size not in taken
            ):
                size += 1
            if size > best:
                best, place = size, j
        if best and sum(map(len, a[i : i + best])) >= _MOVED:
            yield i, place, best
            taken.update(range(place, place + best))
            i += best
        else:
            i += 1


def _spread(tokens: list[str], odd: list[bool]) -> list[bool]:
    return [mark for token, mark in zip(tokens, odd, strict=True) for _ in token]


def _evened(text: str, marked: list[bool]) -> list[bool]:
    """Mark short stretches alike between marked ones as well; stops and brackets alone do not count."""
    edges = [at for at in range(1, len(marked)) if marked[at] != marked[at - 1]]
    for start, end in pairwise(edges):
        if not marked[start] and end - start < _ISLAND:
            marked[start:end] = [True] * (end - start)
    bounds = [0, *(at for at in range(1, len(marked)) if marked[at] != marked[at - 1]), len(marked)]
    for start, end in pairwise(bounds):
        if not any(char.isalnum() for char in text[start:end]):
            marked[start:end] = [False] * (end - start)
    return marked
