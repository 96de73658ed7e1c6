"""The SPARQL that answers and pages need, by name. Results are complete and in document order."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

from pyoxigraph import Literal

from graph.facts import Role
from graph.rdf.iris import policy_iri
from graph.rdf.vocabulary import POL, ROLE
from graph.sparql import QueryError, Table, select
from graph.storage.generations import Generation

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
        SELECT ?source ?title ?number ?issuer ?jurisdiction ?date ?status ?verbatim WHERE {
          ?policy pol:source ?source ; eli:title ?title ; pol:status ?status ; pol:verbatim ?verbatim .
          OPTIONAL { ?policy eli:jurisdiction/skos:prefLabel ?jurisdiction }
          OPTIONAL { ?policy eli:id_local ?number }
          OPTIONAL { ?policy eli:date_document ?date }
          OPTIONAL { ?policy eli:passed_by/skos:prefLabel ?issuer }
        }""")
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
    names = _units(generation, jurisdiction)
    some = f"VALUES ?node {{ {_listed(names)} }}" if jurisdiction else ""
    # Counted by the shortcuts: each joins a clause and a unit once, whatever the list repeats.
    rows = generation.query(
        f"SELECT ?node ?shortcut (COUNT(?clause) AS ?count) WHERE {{ {some} VALUES ?shortcut"
        " { pol:leadUnit pol:responsibleUnit pol:supportUnit pol:oversightUnit }"
        " ?clause ?shortcut ?node } GROUP BY ?node ?shortcut"
    )
    found = [
        UnitCount(*names[_str(node)], _shortcut(shortcut), int(_str(count)))
        for node, shortcut, count in rows
        if node in names
    ]
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
    nodes = _listed(_units(generation, jurisdiction, unit))
    return _duties(generation, roles, f"VALUES ?node {{ {nodes} }} GRAPH ?g") if nodes else []


def duties_of_policy(generation: Generation, source: str, roles: Iterable[Role] = ROLES) -> list[DutyRow]:
    """Return every unit's part in every clause of a policy."""
    if source not in generation:
        return []
    return _duties(generation, roles, f"GRAPH {policy_iri(source, generation.base)}")


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


def _duties(generation: Generation, roles: Iterable[Role], scope: str) -> list[DutyRow]:
    """Return the duties within `scope`, the opening of a GRAPH block.

    Title and place of the clause are asked for apart: a duty may stand outside any clause, and
    OPTIONAL within GRAPH makes Oxigraph walk through all clauses there are.
    """
    wanted = frozenset(roles)
    clauses = {
        duty: (_str(title), int(_str(place)))
        for duty, title, place in generation.query(
            f"SELECT ?duty ?title ?place WHERE {{ {scope} {{ ?duty cv:hasParticipant ?node ."
            " ?clause cv:hasParticipation ?duty ; eli:title ?title ; pol:order ?place } }"
        )
    }
    rows = generation.query(
        f"SELECT ?duty ?node ?source ?locator ?role ?order ?written WHERE {{ {scope} {{"
        " ?duty cv:hasParticipant ?node ; cv:role ?role ; pol:order ?order ; pol:locator ?locator ;"
        " pol:written ?written . ?policy pol:source ?source } }"
    )
    names = _named(generation, {_str(row[1]) for row in rows})
    found = []
    for duty, node, source, locator, iri, order, written in rows:
        role, (title, place) = _role(iri), clauses.get(duty, ("", -1))
        if role in wanted:
            what = (_str(source), _str(locator), title, *names[_str(node)])
            found.append(DutyRow(*what, role, int(_str(order)), place, _str(written)))
    return sorted(found, key=lambda row: (row.source, row.clause_order, ROLES.index(row.role), row.order))


def _units(
    generation: Generation, jurisdiction: str | None, unit: str | None = None
) -> dict[str, tuple[str, str]]:
    """Return name and jurisdiction of units by their IRI."""
    rows = generation.query(
        """
        SELECT ?node ?unit ?jurisdiction WHERE {
          ?node pol:inJurisdiction ?place ; skos:prefLabel ?unit . ?place skos:prefLabel ?jurisdiction .
        }""",
        **_given(unit=unit, jurisdiction=jurisdiction),
    )
    return {_str(r[0]): (r[1] or unit or "", r[2] or jurisdiction or "") for r in rows}


def _named(generation: Generation, nodes: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Return name and jurisdiction of these units by their IRI."""
    rows = generation.query(
        f"SELECT ?node ?unit ?jurisdiction WHERE {{ VALUES ?node {{ {_listed(nodes)} }}"
        " ?node skos:prefLabel ?unit ; pol:inJurisdiction ?place . ?place skos:prefLabel ?jurisdiction }"
    )
    return {_str(node): (_str(unit), _str(jurisdiction)) for node, unit, jurisdiction in rows}


def _listed(nodes: Iterable[str]) -> str:
    return " ".join(f"<{node}>" for node in nodes)


def _given(**names: str | None) -> dict[str, Literal]:
    return {name: Literal(value) for name, value in names.items() if value is not None}


def _str(value: str | None) -> str:
    return value or ""


def _shortcut(iri: str | None) -> Role:
    return cast(Role, _str(iri).removeprefix(POL.iri).removesuffix("Unit"))


def _role(iri: str | None) -> Role:
    return cast(Role, _str(iri).removeprefix(ROLE.iri))
