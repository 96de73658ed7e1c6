"""The answer and the views as JSON, exactly as docs/contract names the keys (the edge: pydantic)."""

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, Field

from graph.catalog import PolicyRow
from ingest.model import Clause
from qa.model import Answer, AnswerStatus, Validity, ValidityState
from qa.views import ClauseView, Hit, UnitDuty, UnitView


class _Wire(BaseModel):
    model_config = ConfigDict(frozen=True, from_attributes=True)


class CitationOut(_Wire):
    """A clause the answer stands on; `quote` is word for word when `verified`."""

    source: str = Field(description="Short name of the document")
    policy: str = Field(description="Title of the document")
    number: str | None = Field(description="Document number, canonical form")
    locator: str = Field(description="Printed numbering from the part down, joined by slashes")
    title: str = Field(description="Title of the clause; may be empty")
    quote: str = Field(description="A raw slice of the stored text; empty without a text")
    start: int | None = Field(description="First character of the quotation in the decoded document")
    end: int | None = Field(description="The character after the quotation")
    verified: bool = Field(description="The quotation was compared with the stored text and stands there")
    jurisdiction: str | None = Field(description="Place that the document speaks for")
    gist: str = Field(description="An editor's plain words on the clause; never the document's")


class AmountOut(_Wire):
    """A figure of the answer."""

    surface: str = Field(description="As printed, white space dropped")
    value: float | int | str = Field(description="In `unit`; yuan for money; a string for ratios and dates")
    unit: str = Field(description="CNY, percent, month, …")
    role: str = Field(description="What the figure is for: reward, subsidy, cap, threshold, …")
    recipient: str = Field(description="Whom it concerns; may be empty")
    condition: str = Field(description="On what condition, or what a rate is taken of; may be empty")
    source: str = Field(description="Document that it stands in")
    locator: str = Field(description="Clause that it stands in")
    bound: str = Field(description="exact, at_least, at_most, below or above")
    periodicity: str = Field(description="How often it is due: once, per_year, per_person, …; or empty")


class ValidityOut(_Wire):
    """Whether the cited measure is in force; dates ISO 8601."""

    state: ValidityState = Field(description="On the day asked about")
    valid_from: str | None = Field(alias="from", description="First day, where one is written")
    until: str | None = Field(description="Last day, where one is written")
    note: str = Field(description="What the document says of it (Chinese)")


class PointerOut(_Wire):
    """A clause pointed at."""

    source: str = Field(description="Short name of the document")
    locator: str = Field(description="Place of the clause in it")
    title: str = Field(description="Title of the clause; may be empty")


class AnswerOut(_Wire):
    """The answer of the contract."""

    id: str | None = Field(description="The id of the request")
    question: str = Field(description="The question as asked")
    status: AnswerStatus = Field(description="answered, no_figure, no_basis or clarify")
    answer: str = Field(description="Plain text or simple Markdown, Chinese")
    citations: list[CitationOut] = Field(
        description="The clauses that the answer stands on, the bearing one first"
    )
    lead_units: list[str] = Field(description="Units that the document writes as leading")
    responsible_units: list[str] = Field(description="Units that answer for it, in the document's order")
    support_units: list[str] = Field(description="Units that the document writes as supporting (配合)")
    amounts: list[AmountOut] = Field(description="The figures of the answer")
    number: float | int | None = Field(description="A count, or a sum worked out, in yuan")
    steps: list[str] = Field(description="How the number came about")
    validity: ValidityOut
    related: list[PointerOut] = Field(description="Clauses near by, not stood on")
    resolved: str = Field(description="The question as understood, where earlier ones filled it in")
    choices: list[str] = Field(description="Places to choose from")
    sparql: str = Field(description="A query that gives the same rows or number; empty where there is none")
    reading: str = Field(description="Two sentences to read aloud, figures written for speech")
    elapsed_ms: float = Field(description="Milliseconds spent on the answer")


class HitOut(_Wire):
    """A clause found by a search."""

    source: str = Field(description="Short name of the document")
    locator: str = Field(description="Place of the clause in it")
    title: str = Field(description="Title of the clause; may be empty")
    jurisdiction: str | None = Field(description="Place that the document speaks for")
    score: float = Field(description="Higher is better; compare within one search only")
    snippet: str = Field(description="Beginning of the clause's text")


class PolicyOut(_Wire):
    """A document of the store in one row."""

    source: str = Field(description="Short name of the document")
    title: str = Field(description="Title as printed")
    number: str | None = Field(description="Document number, canonical form")
    issuer: str | None = Field(description="Who issued it")
    jurisdiction: str | None = Field(description="Place that it speaks for")
    date: str | None = Field(description="Date of the document, ISO 8601")
    status: str = Field(description="issued, draft or repealed")
    clauses: int = Field(description="How many clauses it has")
    verbatim: bool = Field(description="Whether its text is in the store")


class DutyOut(_Wire):
    """A unit's part in a clause."""

    unit: str = Field(description="Canonical name")
    role: str = Field(description="lead, responsible, support or oversight")
    written: str = Field(description="As the document prints it")
    note: str = Field(description="Why the two names differ; empty when they do not")


class QuantityOut(_Wire):
    """A figure in a clause."""

    surface: str = Field(description="As printed")
    kind: str = Field(
        description="money, rate, ratio, duration, date, period, target, threshold or frequency"
    )
    value: float | int | str = Field(description="In `unit`; yuan for money; a string for ratios and dates")
    unit: str = Field(description="CNY, percent, month, …")
    role: str = Field(description="What the figure is for")
    bound: str = Field(description="exact, at_least, at_most, below or above")
    recipient: str = Field(description="Whom it concerns; may be empty")
    condition: str = Field(description="On what condition, or what a rate is taken of; may be empty")
    payer: str = Field(description="Who pays; may be empty")
    periodicity: str = Field(description="How often it is due, or empty")


class ClauseOut(_Wire):
    """A clause word for word, with its place and its facts."""

    source: str = Field(description="Short name of the document")
    policy: str = Field(description="Title of the document")
    locator: str = Field(description="Place of the clause in it")
    number: str = Field(description="Number as printed")
    title: str = Field(description="Title as printed; may be empty")
    text: str = Field(description="Running text; empty without a text")
    gist: str = Field(description="An editor's plain words; never the document's")
    ancestors: list[PointerOut] = Field(description="The clauses that it stands in, from the top")
    siblings: list[PointerOut] = Field(description="The clauses beside it, with itself")
    duties: list[DutyOut] = Field(description="Who does what")
    quantities: list[QuantityOut] = Field(description="The figures in it")
    validity: ValidityOut


class ClauseRowOut(_Wire):
    """A clause in the list of its document's."""

    source: str = Field(description="Short name of the document")
    locator: str = Field(description="Place of the clause in it")
    number: str = Field(description="Number as printed")
    title: str = Field(description="Title as printed; may be empty")
    text: str = Field(description="Running text; empty for a heading, and without a text")
    inferred: bool = Field(description="The number was lost in print and is inferred from its neighbours")


class UnitDutyOut(_Wire):
    """A clause that a unit has a part in."""

    source: str = Field(description="Short name of the document")
    locator: str = Field(description="Place of the clause in it")
    title: str = Field(description="Title of the clause; may be empty")
    role: str = Field(description="lead, responsible, support or oversight")


class UnitOut(_Wire):
    """A unit and its complete list of duties, with their number."""

    name: str = Field(description="Canonical name")
    names: list[str] = Field(description="Other ways to say it")
    total: int = Field(description="How many duties there are")
    duties: list[UnitDutyOut] = Field(description="All of them, or those of the page that was asked for")


class DocumentOut(_Wire):
    """What became of a document that was sent in."""

    source: str = Field(description="Short name of the document")
    name: str = Field(description="Name of the file")
    outcome: str = Field(description="added, replaced or unchanged")
    clauses: int = Field(description="How many clauses were read")
    duties: int = Field(description="How many duties")
    quantities: int = Field(description="How many figures")
    findings: int = Field(description="How many places that look wrong")


class AskIn(BaseModel):
    """A question; `context` holds the earlier questions of the conversation, oldest first."""

    model_config = ConfigDict(extra="forbid")

    question: str = Field(min_length=1, description="As a person would ask it")
    context: list[str] = Field(
        default_factory=list, max_length=20, description="Earlier questions, oldest first"
    )
    as_of: str | None = Field(
        None,
        pattern=r"^\d{4}-\d{2}-\d{2}$",
        description="Day for which validity is told; default today",
        json_schema_extra={"format": "date"},
    )
    jurisdiction: str | None = Field(
        None, max_length=50, description="Place to take when the question names none"
    )
    id: str | None = Field(None, max_length=200, description="Given back in the answer")


class Problem(_Wire):
    """An error as RFC 9457 problem details; `remedy` says what to do."""

    type: str = Field(description="about:blank")
    title: str = Field(description="Name of the status (Chinese)")
    status: int = Field(description="HTTP status")
    detail: str = Field(description="What is wrong (Chinese)")
    remedy: str = Field(description="What to do (Chinese)")
    request_id: str | None = Field(
        None, description="Of errors of the service itself: ask the operator with it"
    )


def validity_out(validity: Validity) -> ValidityOut:
    """Return the validity with the contract's key ``from``."""
    told = {"from": validity.valid_from, "until": validity.until, "note": validity.note}
    return ValidityOut.model_validate({"state": validity.state, **told})


def answer_out(answer: Answer, *, asked_id: str | None = None) -> AnswerOut:
    """Return the answer as the contract has it; `asked_id` is echoed where the answer has none."""
    return AnswerOut(
        id=answer.id if answer.id is not None else asked_id,
        question=answer.question,
        status=answer.status,
        answer=answer.answer,
        citations=[CitationOut.model_validate(c) for c in answer.citations],
        lead_units=list(answer.lead_units),
        responsible_units=list(answer.responsible_units),
        support_units=list(answer.support_units),
        amounts=[AmountOut.model_validate(a) for a in answer.amounts],
        number=answer.number,
        steps=list(answer.steps),
        validity=validity_out(answer.validity),
        related=[PointerOut.model_validate(p) for p in answer.related],
        resolved=answer.resolved,
        choices=list(answer.choices),
        sparql=answer.sparql,
        reading=answer.reading,
        elapsed_ms=round(answer.elapsed_ms, 2),
    )


def answer_json(answer: Answer, *, asked_id: str | None = None) -> str:
    """Return the answer as one line of JSON."""
    return answer_out(answer, asked_id=asked_id).model_dump_json(by_alias=True)


def hit_out(hit: Hit) -> HitOut:
    """Return a search hit for the wire."""
    return HitOut.model_validate(hit)


def policy_out(policy: PolicyRow) -> PolicyOut:
    """Return a document row for the wire."""
    return PolicyOut.model_validate(policy)


def clause_out(view: ClauseView) -> ClauseOut:
    """Return a clause with its place and facts for the wire."""
    clause = view.clause
    return ClauseOut(
        source=view.source,
        policy=view.policy,
        locator=clause.locator,
        number=clause.number,
        title=clause.title,
        text=clause.text,
        gist=view.gist,
        ancestors=[PointerOut(source=view.source, locator=c.locator, title=c.title) for c in view.ancestors],
        siblings=[PointerOut(source=view.source, locator=c.locator, title=c.title) for c in view.siblings],
        duties=[DutyOut.model_validate(d) for d in view.duties],
        quantities=[QuantityOut.model_validate(q) for q in view.quantities],
        validity=validity_out(view.validity),
    )


def clause_row_out(source: str, clause: Clause) -> ClauseRowOut:
    """Return a row of a document's clauses for the wire."""
    return ClauseRowOut(
        source=source,
        locator=clause.locator,
        number=clause.number,
        title=clause.title,
        text=clause.text,
        inferred=clause.inferred,
    )


def unit_out(view: UnitView, page: Sequence[UnitDuty] | None = None) -> UnitOut:
    """Return a unit for the wire, with its complete list of duties or a page of it."""
    duties = [UnitDutyOut.model_validate(d) for d in (view.duties if page is None else page)]
    return UnitOut(name=view.name, names=list(view.names), total=len(view.duties), duties=duties)
