"""Records as bytes: whole, what answers need of them, and without the document's own sentences.

The stored form is JSON of the frozen dataclasses (msgspec): stable bytes for equal records, so
that the content address of an unchanged document does not move.
"""

import functools
import re
from collections.abc import Callable
from dataclasses import replace

import msgspec

from graph.facts import Duty, Evidence, FundingRule, Gist, Measure, Quantity, Record, Reference
from ingest.model import Clause, Finding, Policy, Span

# A phrase longer than this is shortened in a record without text: long phrases are the
# document's sentences, short ones are names and figures.
_PHRASE = 24
_NOWHERE = Span(0, 0)
_QUOTED = re.compile(r"“([^”]*)”")


def encode(record: Record) -> bytes:
    """Return the record as UTF-8 JSON; equal records give equal bytes."""
    return msgspec.json.encode(record, order="deterministic")


def decode(data: bytes) -> Record:
    """Return the record that `encode` wrote.

    Raises ValueError when the bytes are not one (msgspec says which field is wrong).
    """
    return msgspec.json.decode(data, type=Record)


class Core:
    """What answers are made of, out of a record: all of it takes twice as long to decode."""

    def __init__(
        self,
        policy: Policy,
        quantities: tuple[Quantity, ...],
        gists: tuple[Gist, ...],
        duties: Callable[[], tuple[Duty, ...]],
    ) -> None:
        self.policy, self.quantities, self.gists = policy, quantities, gists
        self._duties = duties

    @functools.cached_property
    def duties(self) -> tuple[Duty, ...]:
        """Who does what, decoded when a clause is first asked for it: of most documents none is."""
        return self._duties()


class _Core(msgspec.Struct):
    """A record of which only this is decoded, the duties left as they stand."""

    policy: Policy
    duties: msgspec.Raw = msgspec.Raw(b"[]")
    quantities: tuple[Quantity, ...] = ()
    gists: tuple[Gist, ...] = ()


def decode_core(data: bytes) -> Core:
    """Return what answers need of the record that `encode` wrote. Raises ValueError as `decode` does."""
    read = msgspec.json.decode(data, type=_Core)
    duties = read.duties.copy()
    return Core(read.policy, read.quantities, read.gists, lambda: _duties(duties))


def _duties(data: msgspec.Raw) -> tuple[Duty, ...]:
    return msgspec.json.decode(data, type=tuple[Duty, ...])


def core_of(record: Record) -> Core:
    """Return what answers need of a record that is at hand."""
    return Core(record.policy, record.quantities, record.gists, lambda: record.duties)


def without_text(record: Record) -> Record:
    """Return what may be carried of a document: facts and figures, not its sentences.

    Text, spans and lines go; clause headings, locators, units, figures and validity stay;
    recipients and conditions longer than 24 characters end in ``…``. Gists stay (own words). Decisions
    of officials are in the facts, their names and notes stay in the store.
    """
    return Record(
        policy=_policy(record.policy),
        duties=tuple(map(_duty, record.duties)),
        quantities=tuple(map(_quantity, record.quantities)),
        measures=tuple(map(_measure, record.measures)),
        references=tuple(map(_reference, record.references)),
        funding=tuple(map(_funding, record.funding)),
        gists=record.gists,
    )


def _short(phrase: str) -> str:
    return phrase if len(phrase) <= _PHRASE else phrase[: _PHRASE - 1] + "…"


def _place(evidence: Evidence) -> Evidence:
    return replace(evidence, span=None)


def _policy(policy: Policy) -> Policy:
    return replace(
        policy,
        text="",
        addressees=(),
        parts=tuple(replace(part, span=_NOWHERE) for part in policy.parts),
        clauses=tuple(map(_clause, policy.clauses)),
        paragraphs=(),
        lines=(),
        findings=tuple(map(_finding, policy.findings)),
        verbatim=False,
    )


def _clause(clause: Clause) -> Clause:
    return replace(
        clause, title=_short(clause.title), span=_NOWHERE, title_span=None, text="", pieces=(), units=()
    )


def _finding(finding: Finding) -> Finding:
    return replace(finding, message=_quoting(finding.message), span=None)


def _quoting(message: str) -> str:
    return _QUOTED.sub(lambda m: f"“{_short(m[1])}”", message)


def _duty(duty: Duty) -> Duty:
    return replace(
        duty,
        evidence=_place(duty.evidence),
        written=_short(duty.written),
        reason=_quoting(duty.reason),
        review=None,
    )


def _quantity(quantity: Quantity) -> Quantity:
    return replace(
        quantity,
        evidence=_place(quantity.evidence),
        surface=_short(quantity.surface),
        recipient=_short(quantity.recipient),
        condition=_short(quantity.condition),
        payer=_short(quantity.payer),
        sentence="",
        reason=_quoting(quantity.reason),
        review=None,
    )


def _measure(measure: Measure) -> Measure:
    stands = measure.validity_evidence
    return replace(
        measure,
        evidence=_place(measure.evidence),
        audience=_short(measure.audience),
        validity_evidence=_place(stands) if stands else None,
        reason=_quoting(measure.reason),
        review=None,
    )


def _reference(reference: Reference) -> Reference:
    return replace(
        reference,
        evidence=_place(reference.evidence),
        title=_short(reference.title),
        reason=_quoting(reference.reason),
        review=None,
    )


def _funding(rule: FundingRule) -> FundingRule:
    return replace(
        rule,
        evidence=_place(rule.evidence),
        payer=_short(rule.payer),
        surface=_short(rule.surface),
        reason=_quoting(rule.reason),
        review=None,
    )
