"""Saying no helpfully: nothing applies, the place is not covered, or it was no question at all."""

from collections.abc import Sequence

from qa.answers.base import Inquiry, pointers, where
from qa.model import Answer
from qa.question import Question
from qa.retrieve import Candidate

_TOPIC = 0.95  # weight of words from which on a rude question still is a question
_FIXED = {
    "injection": "我只根据已收录的政策文件回答，不能按要求编写或改动内容。请直接问您想了解的政策。",
    "abuse": "我理解您着急。请告诉我您想了解哪个地方的什么政策，我来帮您查。",
    "chitchat": "我只回答政策方面的问题。您可以问某地某项政策给多少、什么条件、哪个单位负责。",
    "thanks": "不客气！还有政策方面的问题，可以接着问。",
    "greeting": "您好！我可以查已收录的惠企政策。您可以问某地某项政策给多少、什么条件、哪个单位负责。",
}


def small_talk(question: Question) -> Answer | None:
    """Answer greetings, chat, abuse and orders with a fixed reply; None for a real question."""
    for name, words in _FIXED.items():
        if not question.asks(name):
            continue
        if name in ("injection", "chitchat") or sum(term.weight for term in question.terms) < _TOPIC:
            return Answer(question=question.text, status="no_basis", answer=words)
    return None


def without_topic(inquiry: Inquiry) -> Answer:
    """Ask what it is about, where a question names a place or a sum and no topic."""
    question = inquiry.question
    place = "、".join(question.jurisdictions)
    words = f"请再说一下您想了解{place}哪方面的政策：哪一项给多少、什么条件、什么时候截止，还是哪个单位负责。"
    return Answer(question=question.text, status="no_basis", answer=words)


def nothing(inquiry: Inquiry, nearest: Sequence[Candidate], *, places: Sequence[str] = ()) -> Answer:
    """Say that no stored document settles the question; point at the nearest clause as nearest."""
    question = inquiry.question
    asked = "、".join(places or question.foreign or question.jurisdictions)
    covered = [name for name in inquiry.corpus.jurisdictions if name]
    if question.foreign and not question.jurisdictions:
        lines = [f"没有收录{asked}的文件，不能套用别处的规定。"]
        if covered:
            lines.append(f"已收录的地方：{'、'.join(covered[:12])}{'等' if len(covered) > 12 else ''}。")
    else:
        lines = [f"在已收录的{asked}文件中，没有找到能回答这个问题的条款。"]
    close = [c for c in nearest[:2] if not question.foreign]
    if close:
        lines.append(
            "最接近的条款（仅供参考，不是答案）："
            + "；".join(f"{c.text.jurisdiction} {where(c.text)}" for c in close)
            + "。"
        )
    # Whom to ask is only known for a place that was named.
    local = close if question.jurisdictions else []
    contact = next((c.text.units("lead") or c.text.units("responsible") for c in local), ())
    lines.append(f"可向{contact[0]}或拨打12345咨询。" if contact else "可拨打12345或向当地主管部门咨询。")
    return Answer(question=question.text, status="no_basis", answer="\n".join(lines), related=pointers(close))


def which_place(question: Question, places: Sequence[str]) -> Answer:
    """Ask back which place is meant."""
    return Answer(
        question=question.text,
        status="clarify",
        answer=f"这件事多个地方有不同规定，请问您问的是哪里？可选：{'、'.join(places)}。",
        choices=tuple(places),
    )
