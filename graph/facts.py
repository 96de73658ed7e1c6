"""The facts that the graph holds, each with the place in the text that it rests on.

Vocabulary of kinds, roles, bounds and units: docs/model.md. Money is in yuan.
"""

from dataclasses import dataclass
from typing import Literal

from ingest.model import Policy, Span

Role = Literal["lead", "responsible", "support", "oversight"]
Bound = Literal["exact", "at_least", "at_most", "below", "above"]
QuantityKind = Literal[
    "money", "rate", "ratio", "duration", "date", "period", "target", "threshold", "frequency"
]
QuantityRole = Literal[
    "reward", "subsidy", "cap", "threshold", "per_unit_rate", "fee_rate", "funding_share", "tax_threshold",
    "loan_limit", "rent_waiver", "rent_half", "limit", "deadline", "valid_period", "valid_until", "target",
    "other",
]  # fmt: skip
Periodicity = Literal[
    "", "once", "per_year", "per_month", "per_quarter", "per_person", "per_person_year", "per_person_month"
]
MeasureKind = Literal["incentive", "task", "rule"]
Relation = Literal["based_on", "applies", "repeals", "amends", "cites"]
# What an official's decision left in the facts; a rejected fact is among them no more.
ReviewState = Literal["accepted", "changed", "added"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a fact stands: locator of the clause and the span in the policy's text.

    `span` is None for bundled knowledge without text. For facts of closing paragraphs the
    locator is the part's label (``正文``).
    """

    locator: str
    span: Span | None


@dataclass(frozen=True, slots=True)
class Review:
    """An official's decision on a fact: who, when (ISO date, as given) and why.

    `before` holds, as (field, value), what the program had read where the official changed it.
    """

    state: ReviewState
    by: str
    on: str
    note: str = ""
    before: tuple[tuple[str, str], ...] = ()


# Every fact has `confidence` (0 to 1; 1 when nothing speaks against it), `reason` (Chinese, why it is
# doubtful; empty when it is not) and `review` (None until an official has looked at it).


@dataclass(frozen=True, slots=True)
class Duty:
    """A unit's part in a clause.

    `unit` is the canonical name; `written` what the document prints; `note` says why they
    differ (empty when they do not). `order` counts from 0 within the clause and role.
    """

    evidence: Evidence
    unit: str
    role: Role
    order: int
    written: str
    note: str = ""
    confidence: float = 1.0
    reason: str = ""
    review: Review | None = None


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure in a clause, with what it is about.

    `surface` is number + unit + trailing bound word as printed; `value` is a number in `unit`
    (yuan for CNY; percent, permille, month, household, …) or a string for ratios (``1:1``) and
    dates (ISO 8601, intervals with ``/``, ``--01-31`` for a yearly day).
    `sentence` is the sentence it stands in.
    """

    evidence: Evidence
    surface: str
    kind: QuantityKind
    value: float | int | str
    unit: str
    role: QuantityRole
    bound: Bound
    recipient: str = ""
    condition: str = ""
    payer: str = ""
    periodicity: Periodicity = ""
    sentence: str = ""
    stage: int | None = None  # position in a staged or coordinated row (三个节点, 一、二、三等奖)
    confidence: float = 1.0
    reason: str = ""
    review: Review | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """A sentence that gives (incentive), asks (task) or allows (rule) something."""

    evidence: Evidence
    kind: MeasureKind
    audience: str = ""
    valid_from: str | None = None
    valid_until: str | None = None
    validity_evidence: Evidence | None = None
    confidence: float = 1.0
    reason: str = ""
    review: Review | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """Another document that this one names."""

    evidence: Evidence
    title: str
    number: str | None
    relation: Relation
    target: str | None = None  # source of the document in the store, when resolved
    confidence: float = 1.0
    reason: str = ""
    review: Review | None = None


@dataclass(frozen=True, slots=True)
class FundingRule:
    """Who pays, said for the whole document in a paragraph outside any clause."""

    evidence: Evidence
    payer: str
    share: str  # ``50%``, ``1:1``, ``全部``
    surface: str
    confidence: float = 1.0
    reason: str = ""
    review: Review | None = None


@dataclass(frozen=True, slots=True)
class Gist:
    """Our own plain-language sentence about a clause: an editor's, never the document's."""

    locator: str
    text: str


@dataclass(frozen=True, slots=True)
class Record:
    """A document with all that is known of it: the unit of storing, replacing and removing."""

    policy: Policy
    duties: tuple[Duty, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    measures: tuple[Measure, ...] = ()
    references: tuple[Reference, ...] = ()
    funding: tuple[FundingRule, ...] = ()
    gists: tuple[Gist, ...] = ()
