"""The operator's search: the clause that answers stands first, and one clause with all that is said of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from qa.answers.base import Inquiry, answer_from, place, said, units_line, validity
from qa.answers.clause import BUDGET
from qa.corpus import ClauseText, Corpus, ancestors
from qa.kinds import kind_of
from qa.model import Amount, Answer, AnswerStatus, Citation, Validity
from qa.question import Question
from qa.select import Selection, select
from qa.text import display
from qa.verify import HOTLINE, verify
from qa.views import Hit

# answer: the answer stands on the clause. mentioned: it takes the thing up without the figure asked for.
# related: found by the same words. nearest: nothing answers, these come nearest. elsewhere: another
# place's clause, where the asked one has none.
Mark = Literal["answer", "mentioned", "related", "nearest", "elsewhere"]

SNIPPET = 90  # characters of a clause shown in the list
_LISTED = 60  # clauses of an answer that is itself a list; more are counted
_WHOM = 3  # units named as those to turn to


@dataclass(frozen=True, slots=True)
class Row:
    """A clause of the list; `number` is the document's, `snippet` plain text."""

    source: str
    locator: str
    title: str
    policy: str
    number: str | None
    jurisdiction: str | None
    snippet: str
    mark: Mark

    @property
    def key(self) -> tuple[str, str]:
        """Source and locator."""
        return self.source, self.locator


@dataclass(frozen=True, slots=True)
class Found:
    """What a text finds. `total` counts the clauses of the answer, of which `rows` may show fewer.

    `place` is the place looked in (none: all), `foreign` a named place that the store has nothing of,
    `whom` the units to turn to where nothing answers.
    """

    text: str
    status: AnswerStatus
    rows: tuple[Row, ...]
    total: int = 0
    place: str = ""
    foreign: str = ""
    whom: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A clause as an operator needs it while somebody waits; `words` is the clause word for word.

    `steps` is its place in the document, from the part down, as (label, title). `answer` stands on this
    clause; where `mark` is nearest or elsewhere it is no answer to what was typed.
    """

    source: str
    locator: str
    title: str
    policy: str
    number: str | None
    jurisdiction: str | None
    date: str | None
    steps: tuple[tuple[str, str], ...]
    words: str
    gist: str
    amounts: tuple[Amount, ...]
    surfaces: tuple[str, ...]
    lead_units: tuple[str, ...]
    responsible_units: tuple[str, ...]
    support_units: tuple[str, ...]
    validity: Validity
    mark: Mark
    answer: Answer

    @property
    def reading(self) -> str:
        """What is read to the caller."""
        return spoken_here(self.answer.reading)


def look_up(answer: Answer, hits: Sequence[Hit], corpus: Corpus, *, limit: int) -> list[Row]:
    """Return the clauses that an answer stands on, then the hits: each clause once, at most `limit` rows.

    An answer passes the gate of the answers before it is given; a search always finds something. So what
    is cited goes first, and where nothing is, hits are only the nearest.
    """
    stands = answer.status in ("answered", "no_figure")
    first: Mark = "mentioned" if answer.status == "no_figure" else "answer"
    cited = [_cited(citation, first) for citation in answer.citations[:_LISTED]] if stands else []
    # Which place is meant is still open: each place's clause may be the one.
    mark: Mark = "related" if stands or answer.status == "clarify" else "nearest"
    rows: dict[tuple[str, str], Row] = {}
    for row in (*cited, *(_hit(hit, corpus, mark) for hit in hits)):
        rows.setdefault(row.key, row)
    return list(rows.values())[: max(limit, len(cited))]


def beside(rows: Sequence[Row], wider: Answer, *, place: str, limit: int) -> list[Row]:
    """Put what others than `place` rule behind the nearest clause of it, marked as theirs."""
    others = [_cited(c, "elsewhere") for c in wider.citations if c.jurisdiction != place][: limit - 1]
    return [*rows[:1], *others, *rows[1:]][:limit]


def found(question: Question, answer: Answer, rows: Sequence[Row], corpus: Corpus) -> Found:
    """Return the rows with what is said above them."""
    foreign = "、".join(question.foreign) if not question.jurisdictions else ""
    if foreign:  # rules of one place are none for another
        rows = [replace(row, mark="elsewhere" if row.mark == "nearest" else row.mark) for row in rows]
    return Found(
        text=question.text,
        status=answer.status,
        rows=tuple(rows),
        total=len(answer.citations),
        place="、".join(question.jurisdictions),
        foreign=foreign,
        whom=_whom(answer, corpus) if question.jurisdictions else (),
        choices=answer.choices if answer.status == "clarify" else (),
    )


def mark_of(answer: Answer, text: ClauseText, question: Question) -> Mark:
    """Tell what a clause is to an answer."""
    if any((c.source, c.locator) == text.key for c in answer.citations):
        return "mentioned" if answer.status == "no_figure" else "answer"
    if answer.status != "no_basis":
        return "related"
    own = question.jurisdictions or question.foreign
    return "elsewhere" if own and text.jurisdiction not in own else "nearest"


def _whom(answer: Answer, corpus: Corpus) -> tuple[str, ...]:
    """Return the units that the nearest clause names, where nothing answers."""
    for pointer in answer.related if answer.status == "no_basis" else ():
        text = corpus.clause(pointer.source, pointer.locator)
        if text and (units := text.units("lead") or text.units("responsible")):
            return units[:_WHOM]
    return ()


def sheet(inquiry: Inquiry, text: ClauseText, answer: Answer, mark: Mark) -> Sheet:
    """Return all that is shown of a clause; `answer` is one that stands on it."""
    clause, policy = text.clause, text.policy
    titles = {c.locator: c.title for c in ancestors(clause, {c.locator: c for c in policy.clauses})}
    titles[clause.locator] = clause.title
    steps, path = [], ""
    for label in clause.locator.split("/"):
        path = f"{path}/{label}" if path else label
        steps.append((label, display(titles.get(path, ""))))
    return Sheet(
        source=policy.source,
        locator=clause.locator,
        title=display(clause.title),
        policy=policy.title,
        number=policy.number.canonical if policy.number else None,
        jurisdiction=policy.jurisdiction,
        date=inquiry.corpus.heads[policy.source].date,
        steps=tuple(steps),
        words=display(clause.text) if policy.verbatim else "",
        gist=text.gist,
        amounts=answer.amounts,
        surfaces=tuple(dict.fromkeys(q.surface for q in text.quantities)),
        lead_units=text.units("lead"),
        responsible_units=text.units("responsible"),
        support_units=text.units("support"),
        validity=validity(text, text.quantities, inquiry.question.as_of),
        mark=mark,
        answer=answer,
    )


def stands_on(answer: Answer, key: tuple[str, str]) -> bool:
    """Tell whether an answer is the answer of one clause: it bears it, or repeats the one that does."""
    if answer.status not in ("answered", "no_figure") or len({c.source for c in answer.citations}) > 1:
        return False
    return any((c.source, c.locator) == key for c in answer.citations[:1])


def told(inquiry: Inquiry, text: ClauseText) -> Answer:
    """Say what a clause says to a question, whether or not it is the best one; it passes the same gate."""
    kind = kind_of(inquiry.question)
    near = inquiry.retriever.closeness(inquiry.question, text)
    chosen = select(text, inquiry.question, inquiry.rarity(), near, kind=kind, budget=BUDGET[kind])
    chosen = chosen or Selection(text, text.sentences[:1], (), 0.0)
    words = said(chosen) if chosen.sentences else units_line(text)
    made = answer_from(inquiry.question, chosen, f"{place(text)}：{words}")
    return verify(made, inquiry.corpus)


def spoken_here(reading: str) -> str:
    """Return a reading text as the hotline says it: it does not send callers to itself."""
    shorter = reading.replace(f"，或者打{HOTLINE}", "")
    return shorter.replace(f"可以打{HOTLINE}咨询", "可以向主管部门咨询")


def _cited(citation: Citation, mark: Mark) -> Row:
    return Row(
        citation.source,
        citation.locator,
        display(citation.title),
        citation.policy,
        citation.number,
        citation.jurisdiction,
        (display(citation.quote) or citation.gist)[:SNIPPET],
        mark,
    )


def _hit(hit: Hit, corpus: Corpus, mark: Mark) -> Row:
    head = corpus.heads[hit.source]
    title = display(hit.title)
    return Row(hit.source, hit.locator, title, head.title, head.number, hit.jurisdiction, hit.snippet, mark)
