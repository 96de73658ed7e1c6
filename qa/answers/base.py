"""What every answer is made of: citations, amounts, units, validity, and the words around them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from graph.facts import Quantity
from graph.measures import validity_at
from graph.storage.generations import Generation
from graph.validity import Repeal
from ingest.model import Clause, Policy
from qa.corpus import ClauseText, Corpus
from qa.model import Amount, Answer, Citation, Pointer, Validity, ValidityState
from qa.question import Question, Term
from qa.retrieve import Candidate, Retriever
from qa.select import Selection, select
from qa.text import display, plain

NO_LEAD = "文件未明确牵头单位"
DRAFT = "该文件是征求意见稿，尚未正式印发。"


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A question on its way through the answer modules, with what they look things up in."""

    question: Question
    generation: Generation
    corpus: Corpus
    retriever: Retriever
    excluded: frozenset[tuple[str, str]] = frozenset()  # clauses that an earlier answer stood on (除了这个)
    ground: frozenset[tuple[str, str]] = (
        frozenset()
    )  # clauses of the earlier answer that a follow-up leans on

    def rarity(self) -> dict[Term, float]:
        """Return how much each word of the topic says."""
        return {term: self.retriever.rarity(term) for term in self.question.terms}

    def find(self, jurisdictions: Sequence[str] | None, limit: int = 20) -> list[Candidate]:
        """Return the clauses that fit the question, best first."""
        found = self.retriever.find(
            self.question, jurisdictions=jurisdictions, limit=limit + len(self.excluded)
        )
        return [candidate for candidate in found if candidate.key not in self.excluded][:limit]

    def select(self, candidate: Candidate, kind: str, budget: int) -> Selection | None:
        """Choose the sentences of a candidate that answer the question."""
        closeness = self.retriever.closeness(self.question, candidate.text)
        return select(candidate.text, self.question, self.rarity(), closeness, kind=kind, budget=budget)


def cite(text: ClauseText, start: int | None = None, end: int | None = None) -> Citation:
    """Cite a clause: the given stretch of its text, the whole of it by default, or its title alone."""
    policy, clause = text.policy, text.clause
    span = None
    if policy.verbatim:
        if clause.text:
            span = clause.locate(start or 0, len(clause.text) if end is None else end)
        else:
            span = clause.title_span
    return Citation(
        source=policy.source,
        policy=policy.title,
        number=policy.number.canonical if policy.number else None,
        locator=clause.locator,
        title=clause.title,
        quote=span.of(policy.text) if span else "",
        start=span.start if span else None,
        end=span.end if span else None,
        verified=False,
        jurisdiction=policy.jurisdiction,
        gist=text.gist,
    )


def cite_through(text: ClauseText, start: int, last: Clause) -> Citation:
    """Cite a clause from `start` on with the items below it, down to the end of `last`: one run of print."""
    first = cite(text, start)
    end = last.locate(0, len(last.text)).end
    if first.start is None or end <= first.start:
        return first
    return replace(first, quote=text.policy.text[first.start : end], end=end)


def cite_units(text: ClauseText) -> Citation:
    """Cite the list of units of a clause, or the clause where it has none of its own."""
    found, units = cite(text), text.clause.units
    if not text.policy.verbatim or not units:
        return found
    end = units[0].end
    for span in units[1:]:
        if not text.policy.text[end : span.start].strip():  # 责任单位：… on the next line
            end = span.end
    start = units[0].start
    return replace(found, quote=text.policy.text[start:end], start=start, end=end)


def amount(quantity: Quantity, text: ClauseText) -> Amount:
    """Return a figure as the answer carries it."""
    return Amount(
        surface=plain(quantity.surface),
        value=quantity.value,
        unit=quantity.unit,
        role=quantity.role,
        recipient=display(quantity.recipient),
        condition=display(quantity.condition),
        source=text.policy.source,
        locator=text.clause.locator,
        bound=quantity.bound,
        periodicity=quantity.periodicity,
    )


def validity(text: ClauseText, quantities: Iterable[Quantity], as_of: date | None) -> Validity:
    """Tell whether the measure is in force at `as_of`."""
    found = validity_at(text.policy, text.clause, tuple(quantities), as_of, text.repeal)
    return _validity(found, text.repeal, as_of)


def period(policy: Policy, as_of: date | None, repeal: Repeal | None) -> Validity:
    """Tell whether the document as a whole is in force at `as_of`."""
    return _validity(validity_at(policy, None, (), as_of, repeal), repeal, as_of)


def _validity(
    found: tuple[ValidityState, str | None, str | None, Quantity | None],
    repeal: Repeal | None,
    as_of: date | None,
) -> Validity:
    state, start, until, evidence = found
    note = ""
    if state == "draft":
        note = DRAFT
    elif state == "expired" and repeal and repeal.holds(as_of):
        note = _repealed(repeal)
    elif evidence is not None and until:
        note = f"文件写明的期限：{plain(evidence.surface)}。"
    return Validity(state, start, until, note)


def _repealed(repeal: Repeal) -> str:
    """Name the document that repealed this one, its clause, and from when on."""
    number = f"（{repeal.number}）" if repeal.number else ""
    since = f"自{repeal.since.isoformat()}起" if repeal.since else ""
    return f"这份文件{since}已被《{display(repeal.title)}》{number}废止（见{repeal.locator}）。"


def caution(valid: Validity) -> str:
    """Return the warning that must stand in the answer itself: a draft, or an end that has passed."""
    if valid.state == "draft":
        return f"注意：{DRAFT}"
    if valid.state == "expired":
        ended = "不再执行" if "废止" in valid.note else "过期"
        return f"注意：{valid.note.removesuffix('。')}，现在已经{ended}。"
    if valid.state == "in_force" and valid.note:
        return f"{valid.note.removesuffix('。')}，目前仍在期限内。"
    return ""


def units_line(text: ClauseText) -> str:
    """Say who leads and who answers for a clause; a lead only where one is written."""
    lead, responsible, support = (text.units(role) for role in ("lead", "responsible", "support"))
    if not lead and not responsible and not support:
        return "这一条没有写明责任单位。"
    parts = [f"牵头单位：{'、'.join(lead)}" if lead else NO_LEAD]
    if responsible:
        parts.append(f"责任单位{'' if lead else '依次为'}：{'、'.join(responsible)}")
    if support:
        parts.append(f"配合单位：{'、'.join(support)}")
    return "；".join(parts) + f"。{_elsewhere(text)}"


def _elsewhere(text: ClauseText) -> str:
    """Say that units stand above the clause or below it, where they do."""
    places = {d.evidence.locator for d in text.duties} - {text.clause.locator}
    if not places:
        return ""
    below = all(place.startswith(f"{text.clause.locator}/") for place in places)
    if below:
        return "（按下设各项所写汇总）"
    return "（牵头单位写在上一级条款）" if text.written() else "（写在上一级条款）"


def place(text: ClauseText) -> str:
    """Name the jurisdiction in front of what is said of it; the document where it has none."""
    return text.jurisdiction or f"《{text.policy.title}》"


def full_name(jurisdiction: str, unit: str) -> str:
    """Name a unit with its place, the level said once: 鲁山县 + 县财政局 → 鲁山县财政局."""
    return f"{jurisdiction}{unit.removeprefix(jurisdiction[-1:])}"


def where(text: ClauseText) -> str:
    """Name the clause for people: locator and title."""
    title = f"“{display(text.clause.title)}”" if text.clause.title else ""
    return f"{text.clause.locator}{title}"


def said(selection: Selection) -> str:
    """Return the chosen sentences for reading, white space dropped, closed by a full stop."""
    words = display(selection.said).strip("；;，, ")
    return words if words.endswith(("。", "！", "？", "”", "）")) else f"{words}。"


def pointers(candidates: Iterable[Candidate], skip: Iterable[tuple[str, str]] = ()) -> tuple[Pointer, ...]:
    """Point at clauses that are near, but not what the answer stands on."""
    done = set(skip)
    return tuple(
        Pointer(c.text.policy.source, c.text.clause.locator, c.text.clause.title)
        for c in candidates
        if c.key not in done
    )


def answer_from(
    question: Question,
    selection: Selection,
    words: str,
    *,
    figures: Sequence[Quantity] | None = None,
    others: Sequence[Candidate] = (),
) -> Answer:
    """Build an answer that stands on one clause."""
    text = selection.text
    shown = selection.figures if figures is None else figures
    valid = validity(text, [q for s in selection.sentences for q in s.quantities], question.as_of)
    return Answer(
        question=question.text,
        status="answered",
        answer="\n".join(filter(None, (words, caution(valid)))),
        citations=(cite(text, selection.start, selection.end) if selection.sentences else cite(text),),
        lead_units=text.units("lead"),
        responsible_units=text.units("responsible"),
        support_units=text.units("support"),
        amounts=tuple(amount(q, text) for q in shown),
        validity=valid,
        related=pointers(others[:3], [text.key]),
    )
