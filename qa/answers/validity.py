"""Is it still in force? Of a measure, by its written period; of a document, by its status."""

import re
from collections.abc import Sequence
from dataclasses import replace

from graph.citing import Link
from graph.periods import SELF, document_period, sentence_around
from graph.validity import Repeal
from ingest.model import LineKind, Policy, Span
from qa.answers.base import Inquiry, answer_from, period, place, said, where
from qa.model import Answer, Citation, Validity
from qa.presence import presence
from qa.question import Question
from qa.retrieve import Candidate
from qa.select import Selection
from qa.text import display, plain

_LISTED = 5  # documents of a place whose states are told one by one
_HELD = 0.6  # presence from which on a title counts as holding a word
_NAMED = 0.7  # share of the topic that a title must hold for the question to be about its document
_BESIDE = 0.1  # how much less of it another document's title may hold
_QUOTED = 200  # characters of the clause said along with its state
_OF_ITSELF = re.compile(
    f"(?:{SELF}).{{0,30}}?(?:施行|实施|执行|生效|有效|试行|废止)|(?:有效|执行|试行)期(?:限?为|至|[一二三四五0-9])"
)
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
    state = _on_day(inquiry.question) + _STATE[found.validity.state]
    state = f"{place(candidate.text)}{where(candidate.text)}：{state}{until}。"
    quoted = said(selection)
    return replace(found, answer=state + (f"原文：{quoted}" if len(quoted) <= _QUOTED else ""))


def _on_day(question: Question) -> str:
    """Return the words for the day, where the question names one itself."""
    return f"到{question.day}，" if question.day else ""


def _about_document(candidate: Candidate) -> bool:
    """The topic's words stand in the titles above rather than in the clause."""
    features = candidate.features
    return features.context >= max(features.heading, features.sentence)


def titled(inquiry: Inquiry) -> Answer | None:
    """Tell the state of the documents that the question names: by 《…》, or by kind and topic."""
    question = inquiry.question
    if not (question.documents or question.asks("document")) or not question.asks("validity"):
        return None
    places = question.jurisdictions or tuple(inquiry.corpus.jurisdictions)
    sources = [source for place in places for source in inquiry.corpus.jurisdictions.get(place, ())]
    shares = {source: _share(question, inquiry.corpus.topic(source)) for source in sources}
    gone = _gone(inquiry, sources, max(shares.values(), default=0.0))
    if gone:
        return _ended(inquiry, gone)
    least = max(_NAMED, max(shares.values(), default=0.0) - _BESIDE)
    policies = [p for s, share in shares.items() if share >= least and (p := inquiry.corpus.policy(s))]
    ended = inquiry.corpus.citations.repeal
    telling = [
        p
        for p in policies
        if p.status != "issued" or document_period(p) or ended(p.source) or question.documents
    ]
    if 0 < len(telling) == len(policies) <= _LISTED:
        return _documents(inquiry, telling)
    return _written(inquiry, policies[0].source) if len(policies) == 1 and not telling else None


def _written(inquiry: Inquiry, source: str) -> Answer | None:
    """Say what a document writes of its own time, where that names no day (自印发之日起施行，有效期五年)."""
    for text in reversed(tuple(inquiry.corpus.clauses(source).values())):
        sentence = next((s for s in text.sentences if _OF_ITSELF.search(s.plain)), None)
        if sentence is not None and text.policy.verbatim:
            chosen = Selection(text, (sentence,), sentence.quantities, 1.0)
            return answer_from(inquiry.question, chosen, f"{place(text)}{where(text)}：{said(chosen)}")
    return None


def _share(question: Question, title: str) -> float:
    """Return the share of the topic that a document's title holds; none where another is named 《…》."""
    if question.documents:
        return float(any(plain(name) in title for name in question.documents))
    total = sum(term.weight for term in question.terms)
    return sum(t.weight * (presence(t, title) >= _HELD) for t in question.terms) / total if total else 0.0


def _gone(inquiry: Inquiry, sources: Sequence[str], held: float) -> Link | None:
    """Return the repeal of a document not in the store that the question names better than it does `held`."""
    links = inquiry.corpus.citations.ended_elsewhere(sources)
    fits = [(_share(inquiry.question, plain(link.reference.title)), link) for link in links]
    share, link = max(fits, key=lambda fit: fit[0], default=(0.0, None))
    return link if share >= _NAMED and share > held else None


def _ended(inquiry: Inquiry, link: Link) -> Answer | None:
    """Say that a document is repealed, by the sentence of the one that repeals it."""
    policy = inquiry.corpus.policy(link.citing)
    evidence, as_of = link.reference.evidence, inquiry.question.as_of
    if policy is None or evidence.span is None:
        return None
    clause = policy.clause(evidence.locator)
    cited = _cite(
        policy, evidence.locator, clause.title if clause else "", sentence_around(policy, evidence.span)
    )
    number = f"（{link.reference.number}）" if link.reference.number else ""
    ended = as_of is None or link.since is None or link.since <= as_of
    state = "已经废止" if ended else "将要废止"
    return Answer(
        question=inquiry.question.text,
        status="answered",
        answer=f"《{link.reference.title}》{number}{state}。《{policy.title}》写明：{display(cited.quote)}",
        citations=(cited,),
        validity=Validity("expired" if ended else "unknown"),
    )


def documents(inquiry: Inquiry, places: Sequence[str]) -> Answer | None:
    """Tell the state of the documents of `places`, asked without a topic; None when there are many."""
    sources = [source for place in places for source in inquiry.corpus.jurisdictions.get(place, ())]
    policies = [policy for source in sources if (policy := inquiry.corpus.policy(source))]
    if not 0 < len(policies) <= _LISTED:
        return None
    return _documents(inquiry, policies)


def _documents(inquiry: Inquiry, policies: Sequence[Policy]) -> Answer:
    repeals = {policy.source: inquiry.corpus.citations.repeal(policy.source) for policy in policies}
    valids = [period(policy, inquiry.question.as_of, repeals[policy.source]) for policy in policies]
    lines = [_state_of(policy, valid) for policy, valid in zip(policies, valids, strict=True)]
    ending = (_ending(inquiry, repeal) for repeal in repeals.values() if repeal)
    return Answer(
        question=inquiry.question.text,
        status="answered",
        answer="\n".join(lines),
        citations=tuple(c for policy in policies for c in (_own_words(policy), _heading(policy)) if c)
        + tuple(c for c in ending if c),
        validity=valids[0] if len({valid.state for valid in valids}) == 1 else Validity(),
    )


def _state_of(policy: Policy, valid: Validity) -> str:
    name = f"《{policy.title}》" if policy.title != policy.source else "这份文件"
    written = f"原文：{display(own.quote)}" if (own := _own_words(policy)) else ""
    if valid.state == "draft":
        return f"{name}目前是征求意见稿，尚未正式印发，还没有生效，内容以正式文件为准。"
    if policy.status == "repealed":
        return f"{name}已经废止。"
    if valid.state == "expired" and "废止" in valid.note:
        return f"{name}已经废止：{valid.note}"
    if valid.state == "expired":
        return f"{name}已过期：{valid.note}{written}"
    if valid.state == "in_force":
        return f"{name}仍然有效：{valid.note}{written}"
    if written:
        return f"{name}已正式印发。{written}"
    dated = f"，成文日期{policy.date}" if policy.date else ""
    return f"{name}已正式印发{dated}。各项措施的期限见条款，没有写明期限的请向主管单位确认。"


def _ending(inquiry: Inquiry, repeal: Repeal) -> Citation | None:
    """Cite the sentence of the later document that ends this one."""
    policy = inquiry.corpus.policy(repeal.source)
    if policy is None or repeal.span is None:
        return None
    clause = policy.clause(repeal.locator)
    return _cite(policy, repeal.locator, clause.title if clause else "", repeal.span)


def _own_words(policy: Policy) -> Citation | None:
    """Cite the sentence by which the document says from when and until when it holds."""
    found = document_period(policy)
    span = found[1].evidence.span if found else None
    if found is None or span is None:
        return None
    period = found[1]
    start = policy.text.rfind(period.sentence, 0, span.end + len(period.sentence))
    whole = Span(start, start + len(period.sentence))
    locator = period.evidence.locator
    title = next((clause.title for clause in policy.clauses if clause.locator == locator), "")
    return _cite(policy, locator, title, whole) if start >= 0 else None


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
    return _cite(policy, "标题", policy.title, whole)


def _cite(policy: Policy, locator: str, title: str, span: Span) -> Citation:
    return Citation(
        source=policy.source,
        policy=policy.title,
        number=policy.number.canonical if policy.number else None,
        locator=locator,
        title=title,
        quote=span.of(policy.text),
        start=span.start,
        end=span.end,
        verified=False,
        jurisdiction=policy.jurisdiction,
    )
