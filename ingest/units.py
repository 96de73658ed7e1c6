"""Lines and brackets that name responsible units: 牵头单位：…, （责任单位：…）, （县商务局牵头）."""

import re
from dataclasses import dataclass
from functools import lru_cache

from ingest.lexicon import patterns
from ingest.lines import Row, width
from ingest.model import LineKind

_SPLIT = re.compile(r"[、，；]")
_OPEN_TAIL = frozenset("、，：；和及与")
_LONGEST_NAME = 32
_FULL = 0.85  # of the print width: from here on a line may have been broken


def half_open(folded: str, start: int, end: int) -> str:
    """Return the unit list in a bracket that a line opens and does not close, or an empty string."""
    at = folded.rfind("（", start, end)
    if at < 0 or folded.find("）", at, end) >= 0:
        return ""
    label = patterns().unit_label.match(folded, at + 1, end)
    return folded[at:end] if label else ""


def own_line(folded: str, start: int, end: int) -> bool:
    """Say whether a unit line stands by itself: it opens with its label, or with the label in a box."""
    return folded[start] != "（" or patterns().unit_box.match(folded, start, end) is not None


@dataclass(frozen=True, slots=True)
class Break:
    """Where print breaks lines: the column (0: lines are paragraphs), and which lines reach it."""

    columns: int
    before_full: bool = False
    line_full: bool = False


def continues(previous: str, line: str, at: Break) -> bool:
    """Say whether a line goes on with the unit list that `previous` breaks off in.

    Both are folded. A list goes on when it was left open, or when the next line is nothing but
    names of units, the first of which may be the rest of a broken name. Where lines are broken at
    the print width, a short line ends the list, and a full one may break its last name.
    """
    if not line or patterns().unit_line.match(line):
        return False
    if previous[-1] in _OPEN_TAIL:
        return True
    if previous.count("（") > previous.count("）") and "）" in line[:60]:
        return True
    if at.columns and not at.before_full:
        return False
    if previous[-1] in "。；" or any(c in line[:-1] for c in "。；：！？“"):
        return False
    names = [n.strip() for n in _SPLIT.split(line.rstrip("。；）、，"))]
    if len(names) == 1 and len(line) > 12 and not at.line_full:
        return False
    tail = _SPLIT.split(previous)[-1].rpartition("：")[2]
    end = patterns().unit_end
    if not (end.search(names[0]) or end.search(tail + names[0]) or (at.line_full and len(names) == 1)):
        return False
    whole = names[1:-1] if at.line_full and line[-1] not in "、，" else names[1:]
    return all(0 < len(n) <= _LONGEST_NAME for n in names) and all(end.search(n) for n in whole)


def extend(rows: list[Row], folded: str, at: int, last: int, columns: int) -> None:
    """Class the lines that the unit line in row `at` runs over as UNITS.

    Blank lines and page numbers may stand between.
    """
    previous, skipped = folded[rows[at].s : rows[at].e], 0
    full = bool(columns) and width(folded, rows[at]) >= _FULL * columns
    for i in range(at + 1, last):
        row = rows[i]
        if row.kind in (LineKind.BLANK, LineKind.PAGE):
            skipped += 1
            if skipped > 4:
                return
            continue
        line = folded[row.s : row.e]
        line_full = bool(columns) and width(folded, row) >= _FULL * columns
        if row.kind is not LineKind.TEXT or not continues(previous, line, Break(columns, full, line_full)):
            return
        row.kind = LineKind.UNITS
        previous, full, skipped = previous + line, line_full, 0


def run_end(rows: list[Row], folded: str, at: int, last: int) -> int:
    """Return the row after the unit line in row `at` and the lines that it runs over."""
    end = at + 1
    for i in range(at + 1, last):
        if rows[i].kind in (LineKind.BLANK, LineKind.PAGE):
            continue
        if rows[i].kind is not LineKind.UNITS or patterns().unit_line.match(folded, rows[i].s, rows[i].e):
            break
        end = i + 1
    return end


def labelled(line: str) -> list[tuple[int, int]]:
    """Return the parts of a folded unit line, one for each label: (start, end), separators left out."""
    p = patterns()
    starts = [
        m.start()
        for m in p.unit_label.finditer(line)
        if m.start() == 0 or line[m.start() - 1] in "，；。 （、\n" or line[m.start()] == "（"
    ]
    if not starts:
        return []
    parts = []
    for start, end in zip(starts, [*starts[1:], len(line)], strict=True):
        other = p.other_label.search(line, start, end)
        if other and other.start() > start and line[other.start() - 1] in "，；。 、\n":
            end = other.start()
        parts.append((start, _trim(line, start, end)))
    return parts


def _trim(line: str, start: int, end: int) -> int:
    """Return the end without separators, full stop and a bracket that nothing opens."""
    while end > start:
        last = line[end - 1]
        unopened = last == "）" and line.count("（", start, end) < line.count("）", start, end)
        if not (last in "；。，" or last.isspace() or unopened):
            break
        end -= 1
    return end


@lru_cache(maxsize=256)  # titles, clauses and the end of a part ask for the same text
def bracketed(joined: str) -> tuple[tuple[int, int, list[tuple[int, int]]], ...]:
    """Return the unit brackets in a clause's folded text: (start, end, unit parts).

    ``joined[start:end]`` is what leaves the running text, brackets included; the parts are the
    printed unit lists in it. Half-open brackets and run-in labels after a full stop count too.
    """
    p = patterns()
    found: list[tuple[int, int, list[tuple[int, int]]]] = []
    done = 0
    for match in p.unit_label.finditer(joined):
        if match.start() < done:
            continue
        span = _bracket_around(joined, match.start())
        if span is None:
            continue
        start, end = span
        parts = [(start + a, start + b) for a, b in labelled(joined[start:end])]
        if parts:
            end = _before_other(joined, parts, end)
            found.append((start, end, parts))
            done = end
    return tuple(_with_duties(joined, found))


def _before_other(joined: str, parts: list[tuple[int, int]], end: int) -> int:
    """Return where the unit list ends when a time limit or the like follows in the same bracket."""
    other = patterns().other_label.search(joined, parts[-1][1], end)
    return parts[-1][1] if other else end


def _bracket_around(joined: str, label: int) -> tuple[int, int] | None:
    """Return the bracket that a unit label opens, or the rest of its paragraph after a full stop."""
    before = label
    while before and joined[before - 1] == " ":
        before -= 1
    if before and joined[before - 1] == "（":
        start = before - 1
        return start, _closing(joined, start)
    if before == 0 or joined[before - 1] in "。；\n！":
        end = joined.find("\n", label)
        end = len(joined) if end < 0 else end
        stop = joined.find("。", label, end)
        return label, (end if stop < 0 or stop >= end - 2 else stop + 1)
    return None


_STOPPER = re.compile("[（）。\n]")


def _closing(joined: str, start: int) -> int:
    """Return the end of the bracket opened at `start`; a bracket never closed ends with its paragraph."""
    depth = 0
    for found in _STOPPER.finditer(joined, start, start + 600):
        i, char = found.start(), found.group()
        if char == "（":
            depth += 1
        elif char == "）":
            depth -= 1
            if depth == 0:
                return i + 1
        elif depth == 1 and not (char == "。" and joined[i + 1 : i + 2] == "）"):
            return i if char == "\n" else i + 1
    return min(len(joined), start + 600)


def who_does_it(inner: str) -> bool:
    """Say whether a bracket after a full stop tells who does it: by label, verb, or names of units alone."""
    if patterns().duty.search(inner) or patterns().unit_label.match(inner):
        return True
    names = [n for n in _SPLIT.split(inner) if not _RULE.search(n)]
    return bool(names) and all(
        2 < len(name) <= _LONGEST_NAME and patterns().unit_end.search(name) for name in names
    )


_RULE = re.compile("(?:为|是)牵头|下同")  # 排在首位的为牵头单位，下同


_BRACKET = re.compile(
    r"（([^（）]{4,300}(?:（[^（）]{1,40}）[^（）]{0,200}){0,6})）(?=[。；]?(?:\n|$|[。；]))"
)


def _with_duties(
    joined: str, found: list[tuple[int, int, list[tuple[int, int]]]]
) -> list[tuple[int, int, list[tuple[int, int]]]]:
    """Add brackets without a label that end a paragraph and say who does it: （县商务局牵头）."""
    p = patterns()
    for match in _BRACKET.finditer(joined):
        inner = match[1]
        if any(start < match.end() and match.start() < end for start, end, _ in found):
            continue
        after_stop = joined[match.start() - 1 : match.start()] in ("。", "；", "\n")
        if not (p.duty.search(inner) or (after_stop and who_does_it(inner))) or "《" in inner:
            continue
        if inner.startswith(("不", "按", "如", "含", "以")):
            continue
        names = re.sub(r"(?:按|分别|共同|等|会同|联合).{0,12}$", "", _SPLIT.split(inner)[0])
        names = re.sub(r"(?:牵头|负责|主办|配合|落实|实施).{0,4}$", "", names)
        if not p.unit_end.search(names):
            continue
        start = match.start(1) + len(inner) - len(inner.lstrip())
        found.append((match.start(), match.end(), [(start, _trim(joined, start, match.end(1)))]))
    found.sort(key=lambda f: f[0])
    return found
