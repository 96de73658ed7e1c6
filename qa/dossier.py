"""What is known of one document besides its text: validity, units, the documents around it, findings."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from graph.citing import Link
from graph.facts import Record, Reference, Relation
from graph.findings.report import Row, rows
from graph.queries import ROLES, DutyRow, PolicyRow, duties_of_policy
from qa.model import Validity
from qa.register import Register

RELATIONS: tuple[Relation, ...] = ("repeals", "amends", "based_on", "applies", "cites")


@dataclass(frozen=True, slots=True)
class UnitShare:
    """In how many clauses of the document a unit has each role; roles in the order of ROLES."""

    unit: str
    jurisdiction: str
    counts: tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Named:
    """A document that this one names, once a relation; `locators` are the clauses that name it."""

    reference: Reference
    locators: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dossier:
    """A document with all that the store knows of it."""

    head: PolicyRow
    record: Record
    validity: Validity
    units: tuple[UnitShare, ...]
    names: tuple[Named, ...]
    named_by: tuple[Link, ...]
    findings: tuple[Row, ...]


def dossier(register: Register, source: str, as_of: date) -> Dossier | None:
    """Return what is known of a document, or None where the store has none of this name."""
    head = register.heads.get(source)
    if head is None:
        return None
    record = register.generation.record(source)
    record = replace(record, references=register.citations.cites(source))
    return Dossier(
        head=head,
        record=record,
        validity=register.validity(source, as_of),
        units=_units(duties_of_policy(register.generation, source)),
        names=_names(record.references),
        named_by=_once(register.citations.cited_by(source)),
        findings=rows(record),
    )


def _units(duties: Iterable[DutyRow]) -> tuple[UnitShare, ...]:
    """Count clauses by unit and role; who leads most stands first, then who answers for most."""
    clauses: dict[tuple[str, str], tuple[set[str], ...]] = {}
    for duty in duties:
        held = clauses.setdefault((duty.unit, duty.jurisdiction), (set(), set(), set(), set()))
        held[ROLES.index(duty.role)].add(duty.locator)
    counted = [
        UnitShare(*unit, (len(held[0]), len(held[1]), len(held[2]), len(held[3])))
        for unit, held in clauses.items()
    ]
    return tuple(sorted(counted, key=lambda share: tuple(-count for count in share.counts)))


def _names(references: Iterable[Reference]) -> tuple[Named, ...]:
    found: dict[tuple[Relation, str], list[Reference]] = {}
    for reference in references:
        found.setdefault((reference.relation, reference.target or reference.title), []).append(reference)
    named = [
        Named(same[0], tuple(dict.fromkeys(reference.evidence.locator for reference in same)))
        for same in found.values()
    ]
    return tuple(sorted(named, key=lambda each: RELATIONS.index(each.reference.relation)))


def _once(links: Iterable[Link]) -> tuple[Link, ...]:
    """Return the first link of each document and relation, the gravest relation first."""
    first = {(link.reference.relation, link.citing): link for link in reversed(tuple(links))}
    return tuple(
        sorted(first.values(), key=lambda link: (RELATIONS.index(link.reference.relation), link.citing))
    )
