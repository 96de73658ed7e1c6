"""The SPARQL that answers and pages need, by name. Results are complete and in document order."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

from pyoxigraph import Literal

from graph.facts import Role
from graph.generations import Generation
from graph.sparql import QueryError, Table, select
from graph.vocabulary import ROLE

__all__ = [
    "DutyRow",
    "FigureSum",
    "PolicyRow",
    "QueryError",
    "Table",
    "UnitCount",
    "UnitRow",
    "clause_counts",
    "count_by_unit_and_role",
    "duties_of_policy",
    "duties_of_unit",
    "figure_sums",
    "jurisdictions",
    "lead_units",
    "policies",
    "select",
    "units",
]

ROLES: tuple[Role, ...] = ("lead", "responsible", "support", "oversight")


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """A policy's heading; `date` ISO 8601, `status` issued, draft or repealed."""

    source: str
    title: str
    number: str | None
    issuer: str | None
    jurisdiction: str | None
    date: str | None
    status: str
    verbatim: bool


@dataclass(frozen=True, slots=True)
class UnitCount:
    """In how many clauses a unit has this role."""

    unit: str
    jurisdiction: str
    role: Role
    count: int


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit of one jurisdiction with the number of clauses it has each role in."""

    unit: str
    jurisdiction: str
    lead: int
    responsible: int
    support: int
    oversight: int


@dataclass(frozen=True, slots=True)
class DutyRow:
    """A unit's part in a clause; `clause_order` counts clauses, `order` units within clause and role."""

    source: str
    locator: str
    title: str
    unit: str
    jurisdiction: str
    role: Role
    order: int
    clause_order: int
    written: str


@dataclass(frozen=True, slots=True)
class FigureSum:
    """How many figures of a role and unit there are, and their sum (None where a sum means nothing)."""

    role: str
    unit: str
    count: int
    total: float | None


def policies(generation: Generation) -> list[PolicyRow]:
    """Return all policies, by source."""
    rows = generation.query("""
        SELECT ?source ?title ?number ?issuer ?jurisdiction ?date ?status ?verbatim WHERE { GRAPH ?policy {
          ?policy pol:source ?source ; eli:title ?title ; pol:status ?status ; pol:verbatim ?verbatim .
          OPTIONAL { ?policy eli:jurisdiction/skos:prefLabel ?jurisdiction }
          OPTIONAL { ?policy eli:id_local ?number }
          OPTIONAL { ?policy eli:date_document ?date }
          OPTIONAL { ?policy eli:passed_by/skos:prefLabel ?issuer }
        } }""")
    found = [
        PolicyRow(_str(r[0]), _str(r[1]), r[2], r[3], r[4], r[5], _str(r[6]), r[7] == "true") for r in rows
    ]
    return sorted(found, key=lambda row: row.source)


def clause_counts(generation: Generation) -> dict[str, int]:
    """Return the number of clauses of each policy, by source."""
    rows = generation.query("""
        SELECT ?source (COUNT(?clause) AS ?count) WHERE { GRAPH ?g {
          ?policy pol:source ?source . ?clause a eli:LegalResourceSubdivision
        } } GROUP BY ?source""")
    return {_str(row[0]): int(_str(row[1])) for row in rows}


def jurisdictions(generation: Generation) -> list[str]:
    """Return the names of all jurisdictions that have a policy, sorted."""
    rows = generation.query("SELECT DISTINCT ?name WHERE { ?policy eli:jurisdiction/skos:prefLabel ?name }")
    return sorted(_str(row[0]) for row in rows)


def count_by_unit_and_role(generation: Generation, jurisdiction: str | None = None) -> list[UnitCount]:
    """Return in how many clauses each unit has each role, by jurisdiction, unit, role."""
    rows = generation.query(
        """
        SELECT ?unit ?jurisdiction ?role (COUNT(DISTINCT ?clause) AS ?count) WHERE {
          ?place skos:prefLabel ?jurisdiction . ?node pol:inJurisdiction ?place ; skos:prefLabel ?unit .
          ?duty cv:hasParticipant ?node ; cv:role ?role . ?clause cv:hasParticipation ?duty .
        } GROUP BY ?unit ?jurisdiction ?role""",
        **_given(jurisdiction=jurisdiction),
    )
    found = [UnitCount(_str(r[0]), r[1] or jurisdiction or "", _role(r[2]), int(_str(r[3]))) for r in rows]
    return sorted(found, key=lambda row: (row.jurisdiction, row.unit, ROLES.index(row.role)))


def units(generation: Generation, jurisdiction: str | None = None) -> list[UnitRow]:
    """Return all units that have a part in a clause, with counts, by jurisdiction and name."""
    counts: dict[tuple[str, str], dict[Role, int]] = {}
    for row in count_by_unit_and_role(generation, jurisdiction):
        counts.setdefault((row.jurisdiction, row.unit), {})[row.role] = row.count
    return [
        UnitRow(unit, place, *(by_role.get(role, 0) for role in ROLES))
        for (place, unit), by_role in counts.items()
    ]


def duties_of_unit(
    generation: Generation, unit: str, roles: Iterable[Role] = ROLES, jurisdiction: str | None = None
) -> list[DutyRow]:
    """Return every clause that the unit (canonical name) has one of these roles in."""
    return _duties(generation, roles, unit=unit, jurisdiction=jurisdiction)


def duties_of_policy(generation: Generation, source: str, roles: Iterable[Role] = ROLES) -> list[DutyRow]:
    """Return every unit's part in every clause of a policy."""
    return _duties(generation, roles, source=source)


def lead_units(generation: Generation, source: str) -> tuple[str, ...]:
    """Return the units that lead a clause of the policy, each once, in document order."""
    return tuple(dict.fromkeys(row.unit for row in duties_of_policy(generation, source, ("lead",))))


def figure_sums(generation: Generation, source: str | None = None) -> list[FigureSum]:
    """Return count and sum of figures by role and unit; bounds count as their figure."""
    rows = generation.query(
        """
        SELECT ?source ?role ?unit (COUNT(?figure) AS ?count) (SUM(?value) AS ?total) WHERE { GRAPH ?g {
          ?policy pol:source ?source .
          ?figure pol:role ?role ; schema:value|schema:minValue|schema:maxValue ?value .
          OPTIONAL { ?figure schema:currency ?c } OPTIONAL { ?figure schema:unitCode|schema:unitText ?u }
          BIND(COALESCE(?c, ?u) AS ?unit)
        } } GROUP BY ?source ?role ?unit""",
        **_given(source=source),
    )
    counts: Counter[tuple[str, str]] = Counter()
    totals: dict[tuple[str, str], float | None] = {}
    for _, role, unit, count, total in rows:
        key = (_str(role), _str(unit))
        counts[key] += int(_str(count))
        before = totals.get(key, 0.0)
        totals[key] = None if before is None or total is None else before + float(total)
    return [FigureSum(*key, counts[key], totals[key]) for key in sorted(counts)]


def _duties(
    generation: Generation,
    roles: Iterable[Role],
    unit: str | None = None,
    jurisdiction: str | None = None,
    source: str | None = None,
) -> list[DutyRow]:
    wanted = frozenset(roles)
    rows = generation.query(
        """
        SELECT ?source ?locator ?title ?unit ?jurisdiction ?role ?order ?place ?written WHERE { GRAPH ?g {
          ?node skos:prefLabel ?unit ; pol:inJurisdiction/skos:prefLabel ?jurisdiction .
          ?duty cv:hasParticipant ?node ; cv:role ?role ; pol:order ?order ;
                pol:locator ?locator ; pol:written ?written .
          ?clause cv:hasParticipation ?duty .
          ?policy pol:source ?source .
          OPTIONAL { ?clause eli:title ?title ; pol:order ?place }
        } }""",
        **_given(unit=unit, jurisdiction=jurisdiction, source=source),
    )
    found = [
        DutyRow(
            r[0] or source or "", _str(r[1]), r[2] or "", r[3] or unit or "", r[4] or jurisdiction or "",
            _role(r[5]), int(_str(r[6])), int(r[7]) if r[7] else -1, _str(r[8]),
        )
        for r in rows
        if _role(r[5]) in wanted
    ]  # fmt: skip
    return sorted(found, key=lambda row: (row.source, row.clause_order, ROLES.index(row.role), row.order))


def _given(**names: str | None) -> dict[str, Literal]:
    return {name: Literal(value) for name, value in names.items() if value is not None}


def _str(value: str | None) -> str:
    return value or ""


def _role(iri: str | None) -> Role:
    return cast(Role, _str(iri).removeprefix(ROLE.iri))
