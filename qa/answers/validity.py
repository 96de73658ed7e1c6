"""Is it still in force? Of a measure, by its written period; of a document, by its status."""

from collections.abc import Sequence
from dataclasses import replace

from ingest.model import LineKind, Policy, Span
from qa.answers.base import Inquiry, answer_from, period, place, said, where
from qa.model import Answer, Citation, Validity
from qa.retrieve import Candidate
from qa.select import Selection

_LISTED = 5  # documents of a place whose states are told one by one
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
        return _documents(inquiry, [candidate.text.policy])
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


def documents(inquiry: Inquiry, places: Sequence[str]) -> Answer | None:
    """Tell the state of the documents of `places`, asked without a topic; None when there are many."""
    sources = [source for place in places for source in inquiry.corpus.jurisdictions.get(place, ())]
    policies = [policy for source in sources if (policy := inquiry.corpus.policy(source))]
    if not 0 < len(policies) <= _LISTED:
        return None
    return _documents(inquiry, policies)


def _documents(inquiry: Inquiry, policies: Sequence[Policy]) -> Answer:
    valids = [period(policy, inquiry.question.as_of) for policy in policies]
    lines = [_state_of(policy, valid) for policy, valid in zip(policies, valids, strict=True)]
    return Answer(
        question=inquiry.question.text,
        status="answered",
        answer="\n".join(lines),
        citations=tuple(c for policy in policies if (c := _heading(policy))),
        validity=valids[0] if len({valid.state for valid in valids}) == 1 else Validity(),
    )


def _state_of(policy: Policy, valid: Validity) -> str:
    name = f"《{policy.title}》"
    if valid.state == "draft":
        return f"{name}目前是征求意见稿，尚未正式印发，还没有生效，内容以正式文件为准。"
    if policy.status == "repealed":
        return f"{name}已经废止。"
    if valid.state == "expired":
        return f"{name}已过期：{valid.note}"
    if valid.state == "in_force":
        return f"{name}仍然有效：{valid.note}"
    dated = f"，成文日期{policy.date}" if policy.date else ""
    return f"{name}已正式印发{dated}。各项措施的期限见条款，没有写明期限的请向主管单位确认。"


def _heading(policy: Policy) -> Citation | None:
    """Cite the document's title lines, with the remark under them."""
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
