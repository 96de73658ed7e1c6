"""Several places side by side; a place whose documents say nothing is said to be missing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa.answers.base import DRAFT, Inquiry, amount, cite, place, said, units_line, validity, where
from qa.answers.clause import BUDGET
from qa.model import Answer, Validity
from qa.question import Question
from qa.retrieve import Candidate
from qa.select import Selection

_LIKE = 0.35  # what a title like the best clause's adds to a clause's score
_OTHERS = 0.3  # what a word counts that stands beside another place's name
_EACH = 260  # characters a place, so that four places fit one screen


@dataclass(frozen=True, slots=True)
class Side:
    """One place's clause in a comparison."""

    place: str
    candidate: Candidate
    selection: Selection


def of_place(question: Question, place: str) -> Question:
    """Return the question as it concerns one place: words beside another place's name count little.

    Only where every place has words of its own (上街技师、鲁山学徒); in 湛河和鲁山的房租 the words
    after the last name are about both.
    """
    marks = sorted((m for m in question.places if m.known), key=lambda mention: mention.start)
    if len(marks) < 2:
        return question
    owner: dict[int, str] = {}
    for index, mark in enumerate(marks):
        end = marks[index + 1].start if index + 1 < len(marks) else len(question.plain)
        owner |= {i: mark.name for i, term in enumerate(question.terms) if mark.end <= term.start < end}
    if set(owner.values()) != {mark.name for mark in marks}:
        return question
    terms = tuple(
        replace(term, weight=term.weight * (1.0 if owner.get(i, place) == place else _OTHERS))
        for i, term in enumerate(question.terms)
    )
    return replace(question, terms=terms)


def align(found: dict[str, tuple[Inquiry, list[Candidate]]], kind: str) -> list[Side]:
    """Choose one clause a place, preferring clauses that say the same thing: like titles, like annex."""
    leader = max((group[0] for _, group in found.values()), key=lambda c: c.score)
    sides: list[Side] = []
    for name, (inquiry, candidates) in found.items():
        best, best_score = None, 0.0
        for candidate in candidates[:6]:
            chosen = inquiry.select(candidate, kind, min(_EACH, BUDGET[kind]))
            if chosen is None:
                continue
            score = candidate.score + _LIKE * likeness(candidate, leader)
            if score > best_score:
                best, best_score = Side(name, candidate, chosen), score
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
        body = units_line(text) if kind in ("lead", "responsible") and text.duties else said(side.selection)
        if kind == "amount" and not side.selection.figures:
            body = f"提到但没有写明具体数额。{body}"
        mark = f"（{DRAFT}）" if valid.state == "draft" else "（已过期）" if valid.state == "expired" else ""
        lines.append(f"- **{place(text)}**（{where(text)}）：{body}{mark}")
    lines += [f"- **{name}**：已收录的文件中没有这方面的规定。" for name in missing]
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
        choices=tuple(side.place for side in sides if side.place),
    )
