"""Several places side by side; a place whose documents say nothing is said to be missing."""

from collections.abc import Sequence
from dataclasses import dataclass

from qa.answers.base import DRAFT, Inquiry, amount, cite, said, units_line, validity, where
from qa.answers.clause import BUDGET
from qa.model import Answer, Validity
from qa.retrieve import Candidate
from qa.select import Selection, select

_EACH = 260  # characters a place, so that four places fit one screen


@dataclass(frozen=True, slots=True)
class Side:
    """One place's clause in a comparison."""

    place: str
    candidate: Candidate
    selection: Selection


def align(inquiry: Inquiry, found: dict[str, list[Candidate]], kind: str) -> list[Side]:
    """Choose one clause a place, preferring clauses that say the same thing: like titles, like annex."""
    rarity = inquiry.rarity()
    sides: list[Side] = []
    leader = max((c[0] for c in found.values() if c), key=lambda c: c.score, default=None)
    for place, candidates in found.items():
        if not candidates or leader is None:
            continue
        budget = min(_EACH, BUDGET[kind])
        best, best_score = None, 0.0
        for candidate in candidates[:6]:
            chosen = select(candidate.text, inquiry.question, rarity, kind=kind, budget=budget)
            if chosen is None:
                continue
            score = (
                candidate.score
                + 0.35 * likeness(candidate, leader)
                + (0.1 if chosen.figures and kind in ("amount", "target") else 0)
            )
            if score > best_score:
                best, best_score = Side(place, candidate, chosen), score
        if best:
            sides.append(best)
    return sides


def likeness(one: Candidate, other: Candidate) -> float:
    """Return how alike two clauses' titles and contexts are, 0 to 1."""
    a, b = _pairs(one.text.entry.heading), _pairs(other.text.entry.heading)
    heading = len(a & b) / max(1, len(a | b))
    c, d = _pairs(one.text.entry.context), _pairs(other.text.entry.context)
    return 0.7 * heading + 0.3 * len(c & d) / max(1, len(c | d))


def _pairs(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1)}


def answer(inquiry: Inquiry, sides: Sequence[Side], missing: Sequence[str], kind: str) -> Answer:
    """Put the chosen clauses side by side."""
    question = inquiry.question
    lines, valids = [], []
    for side in sides:
        text = side.candidate.text
        valid = validity(text, [q for s in side.selection.sentences for q in s.quantities], question.as_of)
        valids.append(valid)
        body = units_line(text) if kind in ("lead", "responsible") else said(side.selection)
        if kind == "amount" and not side.selection.figures:
            body = f"提到但没有写明具体数额。{body}"
        mark = f"（{DRAFT}）" if valid.state == "draft" else ""
        lines.append(f"- **{side.place}**（{where(text)}）：{body}{mark}")
    lines += [f"- **{place}**：已收录的文件中没有这方面的规定。" for place in missing]
    first = sides[0].candidate.text if sides else None
    return Answer(
        question=question.text,
        status="answered",
        answer="\n".join(lines),
        citations=tuple(cite(s.candidate.text, s.selection.start, s.selection.end) for s in sides),
        lead_units=first.units("lead") if first and len(sides) == 1 else (),
        responsible_units=first.units("responsible") if first and len(sides) == 1 else (),
        amounts=tuple(amount(q, s.candidate.text) for s in sides for q in s.selection.figures),
        validity=valids[0] if len({v.state for v in valids}) == 1 else Validity(),
        choices=tuple(side.place for side in sides),
    )
