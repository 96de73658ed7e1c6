"""Lists of names in a text: where one member ends and the next begins."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from graph.units.names import is_group, looks_like_unit, parts, surely_unit
from graph.units.words import unit_words
from ingest.model import Span

_WIDE = str.maketrans(",:;()〔〕[]［］【】﹝﹞｡", "，：；（）（）（）（）（）（）。")
LONGEST = 80  # characters; a longer item of a list is a sentence
_QUOTED = re.compile("“[^“”]{1,30}”")  # 县“双随机、一公开”联席会议办公室 is one name
_BLANK = re.compile(r"[\s\u200b\ufeff]")
_CONJUNCTION = re.compile(r"以及|会同|联合|及|和|与|暨")


@dataclass(frozen=True, slots=True)
class Run:
    """Characters without white space and page marks, folded one to one, with their places."""

    chars: str
    raw: str
    at: tuple[int, ...]
    breaks: tuple[int, ...]  # indexes before which white space stood, rising

    def span(self, start: int, end: int) -> Span:
        """Return where the characters ``[start, end)`` stand in the document."""
        return Span(self.at[start], self.at[end - 1] + 1)


def run_of(text: str, at: list[int], skip: set[int]) -> Run:
    """Return `text`, whose characters stand at the places `at`, without white space and the places `skip`."""
    gone = {match.start() for match in _BLANK.finditer(text)}
    if not skip.isdisjoint(at):
        gone |= {i for i, place in enumerate(at) if place in skip}
    pieces: list[str] = []
    places: list[int] = []
    breaks: set[int] = set()
    last = 0
    for i in sorted(gone):
        pieces.append(text[last:i])
        places += at[last:i]
        breaks.add(len(places))
        last = i + 1
    raw = "".join([*pieces, text[last:]])
    places += at[last:]
    return Run(raw.translate(_WIDE), raw, tuple(places), tuple(sorted(breaks)))


def members(run: Run, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the members of the list ``[start, end)``: at separators outside brackets, at conjunctions."""
    depth, begin = 0, start
    whole = [m.span() for m in unit_words().joined.finditer(run.chars, start, end)]
    whole += [m.span() for m in _QUOTED.finditer(run.chars, start, end)]
    for i in range(start, end + 1):
        char = run.chars[i] if i < end else "、"
        depth += (char == "（") - (char == "）" and depth > 0)
        if (char in "、，；。/" and depth == 0) or i == end:
            if any(a <= i < b for a, b in whole):
                continue
            yield from _parted(run, begin, i)
            begin = i + 1


def _parted(run: Run, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Part one item at a conjunction or a line break, where both sides are names."""
    words, text = unit_words(), run.chars[start:end]
    if len(text) > LONGEST:  # no name, and said so where it is read
        yield start, end
        return
    for found in _CONJUNCTION.finditer(text):
        left = words.rest.sub("", text[: found.start()])
        right = words.rest.sub("", text[found.end() :])
        if not looks_like_unit(left):
            continue
        vague = words.vague.match(right) is not None or (right.startswith("各") and is_group(right))
        if vague or (_name_alone(left) and any(map(_name_alone, (right, _CONJUNCTION.split(right)[0])))):
            yield start, start + found.start()
            yield from _parted(run, start + found.end(), end)
            return
    for i in run.breaks[bisect_right(run.breaks, start) : bisect_left(run.breaks, end)]:
        again = run.chars[i] in (run.chars[start], "各")
        if again and looks_like_unit(run.chars[start:i]):
            yield start, i
            yield from _parted(run, i, end)
            return
    if start < end:
        yield start, end


def _name_alone(text: str) -> bool:
    if not looks_like_unit(text):
        return False
    return surely_unit(text) or is_group(text) or parts(text).type_ in unit_words().restored


def within_bracket(text: str, start: int, end: int) -> bool:
    """Say whether a bracket opened in ``[start, end)`` is still open at the end."""
    return text.rfind("（", start, end) > text.rfind("）", start, end)


def unclosed(text: str) -> int:
    """Return how many brackets are left open; negative when more close than open."""
    return text.count("（") - text.count("）")
