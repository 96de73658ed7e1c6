"""One clause answers: what it gives, on which condition, until when, and who answers for it."""

import re

from qa.answers.base import (
    NO_LEAD,
    Inquiry,
    answer_from,
    caution,
    cite,
    place,
    pointers,
    said,
    units_line,
    validity,
    where,
)
from qa.model import Answer
from qa.question import Question
from qa.retrieve import Candidate
from qa.select import Selection, fitting, select

BUDGET = {
    "amount": 220,
    "deadline": 200,
    "target": 220,
    "lead": 120,
    "responsible": 120,
    "condition": 420,
    "content": 420,
}


# A count of things is asked, not a sum of money: 多少家, 几个工作日, 几倍.
_COUNTED = re.compile(r"(?:多少|几)(?:家|户|个(?:工作日)?|名|人|万人|项|次|回|倍|番|天|日|年|公里|亩|所|座|张)")
_MONEY = re.compile(r"[奖补贴钱元块费贷租税息额资]")


def kind_of(question: Question) -> str:
    """Return what kind of thing a question asks of a clause."""
    if question.asks("lead"):
        return "amount" if question.asks("amount") and _MONEY.search(question.plain) else "lead"
    if question.asks("responsible") and not question.asks("amount"):
        return "responsible"
    if _COUNTED.search(question.plain):
        return "target"
    for kind in ("deadline", "target", "amount", "condition"):
        if question.asks(kind):
            return kind
    return "content"


def choose(inquiry: Inquiry, candidates: list[Candidate], kind: str) -> tuple[Candidate, Selection] | None:
    """Take the candidate whose best sentences fit: a figure that was asked for tips the scale."""
    rarity = inquiry.rarity()
    best: tuple[float, Candidate, Selection] | None = None
    for candidate in candidates[:6]:
        chosen = select(candidate.text, inquiry.question, rarity, kind=kind, budget=BUDGET[kind])
        if chosen is None:
            continue
        score = candidate.score
        if kind in ("amount", "deadline", "target") and chosen.figures:
            score += 0.12
        if kind in ("lead", "responsible") and candidate.text.duties:
            score += 0.12
        if best is None or score > best[0]:
            best = (score, candidate, chosen)
    return (best[1], best[2]) if best else None


def answer(
    inquiry: Inquiry, candidate: Candidate, selection: Selection, kind: str, others: list[Candidate]
) -> Answer:
    """Say what the chosen clause says."""
    question, text = inquiry.question, candidate.text
    if kind in ("lead", "responsible"):
        return _units(question, selection, kind, others)
    if kind == "amount" and not selection.figures and (_MONEY.search(question.plain) or not _any_figure(selection)):
        return no_figure(question, selection, others)
    words = f"{place(text)}：{said(selection)}"
    if question.asks("lead", "responsible"):
        words += f"\n{units_line(text)}"
    return answer_from(question, selection, words, others=others)


def _any_figure(selection: Selection) -> bool:
    return any(sentence.quantities for sentence in selection.sentences)


def _units(question: Question, selection: Selection, kind: str, others: list[Candidate]) -> Answer:
    text = selection.text
    line = units_line(text)
    if kind == "lead" and not text.units("lead"):
        line = line if line.startswith(NO_LEAD) else f"{NO_LEAD}。{line}"
    words = f"{place(text)}{where(text)}：{line}"
    return answer_from(question, selection, words, figures=(), others=others)


def no_figure(question: Question, selection: Selection, others: list[Candidate]) -> Answer:
    """Say that the document takes the topic up without the figure asked for."""
    text = selection.text
    valid = validity(text, text.quantities, question.as_of)
    words = (
        f"{place(text)}{where(text)}提到了这件事，但没有写明具体数额或标准：{said(selection)}"
        f"\n具体标准请向有关单位咨询。{units_line(text)}"
    )
    return Answer(
        question=question.text,
        status="no_figure",
        answer="\n".join(filter(None, (words, caution(valid)))),
        citations=(cite(text, selection.start, selection.end),),
        lead_units=text.units("lead"),
        responsible_units=text.units("responsible"),
        validity=valid,
        related=pointers(others[:3], [text.key]),
    )


__all__ = ["BUDGET", "answer", "choose", "fitting", "kind_of", "no_figure", "replace"]
