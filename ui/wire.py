"""The answer and the views as JSON, exactly as docs/contract names the keys (the edge: pydantic)."""

from pydantic import BaseModel, ConfigDict, Field

from qa.model import Answer, AnswerStatus, Validity, ValidityState
from qa.views import ClauseView, Hit, PolicyRow, UnitView


class _Wire(BaseModel):
    model_config = ConfigDict(frozen=True, from_attributes=True)


class CitationOut(_Wire):
    """A clause the answer stands on; `quote` is word for word when `verified`."""

    source: str
    policy: str
    number: str | None
    locator: str
    title: str
    quote: str
    start: int | None
    end: int | None
    verified: bool
    jurisdiction: str | None
    gist: str = Field(description="编者要点，不是原文")


class AmountOut(_Wire):
    """A figure of the answer."""

    surface: str
    value: float | int | str
    unit: str
    role: str
    recipient: str
    condition: str
    source: str
    locator: str


class ValidityOut(_Wire):
    """Whether the cited measure is in force; dates ISO 8601."""

    state: ValidityState
    valid_from: str | None = Field(alias="from")
    until: str | None
    note: str


class PointerOut(_Wire):
    """A clause pointed at."""

    source: str
    locator: str
    title: str


class AnswerOut(_Wire):
    """The answer of the contract."""

    id: str | None
    question: str
    status: AnswerStatus
    answer: str
    citations: list[CitationOut]
    lead_units: list[str]
    responsible_units: list[str]
    amounts: list[AmountOut]
    number: float | int | None
    steps: list[str]
    validity: ValidityOut
    related: list[PointerOut]
    resolved: str
    choices: list[str]
    elapsed_ms: float


class HitOut(_Wire):
    """A clause found by a search."""

    source: str
    locator: str
    title: str
    jurisdiction: str | None
    score: float
    snippet: str


class PolicyOut(_Wire):
    """A document of the store in one row."""

    source: str
    title: str
    number: str | None
    issuer: str | None
    jurisdiction: str | None
    date: str | None
    status: str
    clauses: int
    verbatim: bool


class DutyOut(_Wire):
    """A unit's part in a clause."""

    unit: str
    role: str
    written: str
    note: str


class QuantityOut(_Wire):
    """A figure in a clause."""

    surface: str
    kind: str
    value: float | int | str
    unit: str
    role: str
    bound: str
    recipient: str
    condition: str
    payer: str
    periodicity: str


class ClauseOut(_Wire):
    """A clause word for word, with its place and its facts."""

    source: str
    policy: str
    locator: str
    number: str
    title: str
    text: str
    gist: str = Field(description="编者要点，不是原文")
    ancestors: list[PointerOut]
    siblings: list[PointerOut]
    duties: list[DutyOut]
    quantities: list[QuantityOut]
    validity: ValidityOut


class UnitDutyOut(_Wire):
    """A clause that a unit has a part in."""

    source: str
    locator: str
    title: str
    role: str


class UnitOut(_Wire):
    """A unit and its complete list of duties, with their number."""

    name: str
    names: list[str]
    total: int
    duties: list[UnitDutyOut]


class DocumentOut(_Wire):
    """What became of a document that was sent in."""

    source: str
    name: str
    outcome: str
    clauses: int
    duties: int
    quantities: int
    findings: int


class AskIn(BaseModel):
    """A question; `context` holds the earlier questions of the conversation, oldest first."""

    model_config = ConfigDict(extra="forbid")

    question: str = Field(min_length=1)
    context: list[str] = Field(default_factory=list, max_length=20)
    as_of: str | None = Field(None, pattern=r"^\d{4}-\d{2}-\d{2}$", description="YYYY-MM-DD")
    jurisdiction: str | None = Field(None, max_length=50)
    id: str | None = Field(None, max_length=200)


class Problem(_Wire):
    """An error as RFC 9457 problem details; `remedy` says what to do."""

    type: str
    title: str
    status: int
    detail: str
    remedy: str


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
        amounts=[AmountOut.model_validate(a) for a in answer.amounts],
        number=answer.number,
        steps=list(answer.steps),
        validity=validity_out(answer.validity),
        related=[PointerOut.model_validate(p) for p in answer.related],
        resolved=answer.resolved,
        choices=list(answer.choices),
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


def unit_out(view: UnitView) -> UnitOut:
    """Return a unit with its complete list of duties for the wire."""
    duties = [UnitDutyOut.model_validate(d) for d in view.duties]
    return UnitOut(name=view.name, names=list(view.names), total=len(duties), duties=duties)
