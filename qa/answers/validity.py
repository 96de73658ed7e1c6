"""Is it still in force? Of a measure, by its written period; of a document, by its status."""

from dataclasses import replace

from ingest.model import LineKind, Span
from qa.answers.base import DRAFT, Inquiry, answer_from, place, said, where
from qa.corpus import ClauseText
from qa.model import Answer, Citation, Validity
from qa.retrieve import Candidate
from qa.select import Selection

_QUOTED = 200  # characters of the clause said along with its state
_STATE = {
    "in_force": "仍在执行期内，可以申请或享受",
    "expired": "已过期，不再执行",
    "draft": "所在文件是征求意见稿，还没有正式生效",
    "unknown": "文件没有写明截止日期，是否仍在执行请向主管单位确认",
}


def answer(inquiry: Inquiry, candidate: Candidate, selection: Selection, others: list[Candidate]) -> Answer:
    """Tell the state of a measure or, when the question is about the document as such, of that."""
    if _about_document(candidate):
        return _document(inquiry, candidate.text)
    found = answer_from(inquiry.question, selection, "", figures=(), others=others)
    until = f"（{found.validity.note.removesuffix('。')}）" if found.validity.note else ""
    state = f"{place(candidate.text)}{where(candidate.text)}：{_STATE[found.validity.state]}{until}。"
    quoted = said(selection)
    words = state + (f"原文：{quoted}" if len(quoted) <= _QUOTED else "")
    return replace(found, answer=words)


def _about_document(candidate: Candidate) -> bool:
    """The topic's words stand in the titles above rather than in the clause."""
    features = candidate.features
    return features.context >= max(features.heading, features.sentence)


def _document(inquiry: Inquiry, text: ClauseText) -> Answer:
    policy = text.policy
    states = {"draft": "draft", "repealed": "expired"}
    state = states.get(policy.status, "unknown")
    dated = f"，成文日期{policy.date}" if policy.date else ""
    words = {
        "draft": f"《{policy.title}》目前是征求意见稿，{DRAFT.removeprefix('该文件是征求意见稿，')}还没有生效，内容以正式文件为准。",
        "repealed": f"《{policy.title}》已经废止。",
    }.get(
        policy.status,
        f"《{policy.title}》已正式印发{dated}。各项措施的期限见条款，没有写明期限的请向主管单位确认。",
    )
    return Answer(
        question=inquiry.question.text,
        status="answered",
        answer=words,
        citations=tuple(filter(None, [_heading(text)])),
        validity=Validity(state, note=DRAFT if state == "draft" else ""),  # type: ignore[arg-type]
    )


def _heading(text: ClauseText) -> Citation | None:
    """Cite the document's title lines, with the remark under them."""
    policy = text.policy
    lines = [line.span for line in policy.lines if line.kind in (LineKind.TITLE, LineKind.NOTE)]
    if not lines:
        return None
    first = lines[0]
    last = first
    for span in lines[1:]:
        if policy.text[last.end : span.start].strip():
            break
        last = span
    whole = Span(first.start, last.end)
    return Citation(
        source=policy.source,
        policy=policy.title,
        number=policy.number.canonical if policy.number else None,
        locator="标题",
        title=policy.title,
        quote=whole.of(policy.text),
        start=whole.start,
        end=whole.end,
        verified=False,
        jurisdiction=policy.jurisdiction,
    )
