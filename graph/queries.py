"""The SPARQL that answers and pages need, by name. Results are complete and in document order."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

from pyoxigraph import Literal

from graph.catalog import ROLES, Counts, PolicyRow
from graph.facts import Role
from graph.rdf.iris import policy_iri
from graph.rdf.vocabulary import POL, ROLE
from graph.sparql import QueryError, Table, select
from graph.storage.generations import Generation

__all__ = [
    "ROLES",
    "DutyRow",
    "FigureSum",
    "PolicyRow",
    "QueryError",
    "Table",
    "UnitCount",
    "UnitRow",
    "count_by_unit_and_role",
    "duties_of_policy",
    "duties_of_unit",
    "figure_sums",
    "jurisdictions",
    "policies",
    "select",
    "units",
]


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
    return list(generation.catalog.heads.values())


def jurisdictions(generation: Generation) -> list[str]:
    """Return the names of all jurisdictions that have a policy, sorted."""
    return sorted({row.jurisdiction for row in policies(generation) if row.jurisdiction})


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
    counts: dict[tuple[str, str], Counts] = {}
    for row in generation.catalog.values():
        if jurisdiction in (None, row.place):
            for unit, own in row.units.items():
                held = counts.get((row.place, unit))
                counts[row.place, unit] = own if held is None else _sum(held, own)
    return [UnitRow(unit, place, *counts[place, unit]) for place, unit in sorted(counts)]


def _sum(one: Counts, other: Counts) -> Counts:
    return one[0] + other[0], one[1] + other[1], one[2] + other[2], one[3] + other[3]


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


def figure_sums(generation: Generation, source: str | None = None) -> list[FigureSum]:
    """Return count and sum of figures by role and unit; bounds count as their figure."""
    # No OPTIONAL: Virtuoso groups wrongly by what may be unbound.
    one = f"VALUES ?source {{ {Literal(source)} }}" if source is not None else ""
    rows = generation.query(
        f"""
        SELECT ?source ?role ?unit (COUNT(?figure) AS ?count)
          (SUM(IF(isNumeric(?value), ?value, 0)) AS ?total) (SUM(IF(isNumeric(?value), 0, 1)) AS ?others)
        WHERE {{ {one} GRAPH ?g {{
          ?policy pol:source ?source .
          ?figure pol:role ?role ; schema:value|schema:minValue|schema:maxValue ?value ;
            schema:currency|schema:unitCode|schema:unitText ?unit
        }} FILTER(STRSTARTS(STR(?g), "{generation.base}/")) }} GROUP BY ?source ?role ?unit"""
    )
    counts: Counter[tuple[str, str]] = Counter()
    totals: dict[tuple[str, str], float | None] = {}
    for _, role, unit, count, total, others in rows:
        key = (_str(role), _str(unit))
        counts[key] += int(_str(count))
        before = totals.get(key, 0.0)
        totals[key] = None if before is None or int(_str(others)) else before + float(_str(total))
    return [FigureSum(*key, counts[key], totals[key]) for key in sorted(counts)]


def _duties(generation: Generation, roles: Iterable[Role], scope: str) -> list[DutyRow]:
    """Return the duties within `scope`, the opening of a GRAPH block.

    Title and place of the clause are asked for apart: a duty may stand outside any clause, and
    OPTIONAL within GRAPH makes Oxigraph walk through all clauses there are.
    """
    wanted = frozenset(roles)
    only = " ".join(f"?duty cv:role <{ROLE.iri}{role}> ." for role in wanted) if len(wanted) == 1 else ""
    clauses = {
        duty: (_str(title), int(_str(place)))
        for duty, title, place in generation.query(
            f"SELECT ?duty ?title ?place WHERE {{ {scope} {{ ?duty cv:hasParticipant ?node . {only}"
            " ?clause cv:hasParticipation ?duty ; eli:title ?title ; pol:order ?place } }"
        )
    }
    rows = generation.query(
        f"SELECT ?duty ?node ?source ?locator ?role ?order ?written WHERE {{ {scope} {{ {only}"
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
    nodes = "?node pol:inJurisdiction ?place ; skos:prefLabel ?unit . ?place skos:prefLabel ?jurisdiction"
    scope = ""
    if jurisdiction is not None:  # one place has a few dozen units, one name may stand in thousands of places
        places = generation.query(f"SELECT ?place WHERE {{ ?place skos:prefLabel {Literal(jurisdiction)} }}")
        scope = f"VALUES ?place {{ {_listed(_str(row[0]) for row in places)} }}"
    elif unit is not None:
        named = generation.query(f"SELECT ?node WHERE {{ ?node skos:prefLabel {Literal(unit)} }}")
        scope = f"VALUES ?node {{ {_listed(_str(row[0]) for row in named)} }}"
    rows = generation.query(f"SELECT ?node ?unit ?jurisdiction WHERE {{ {scope} {nodes} }}")
    own = f"{generation.base}/"  # a server may hold the graphs of another store beside ours
    return {
        _str(r[0]): (_str(r[1]), _str(r[2]))
        for r in rows
        if unit in (None, r[1]) and _str(r[0]).startswith(own)
    }


def _named(generation: Generation, nodes: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Return name and jurisdiction of these units by their IRI."""
    rows = generation.query(
        f"SELECT ?node ?unit ?jurisdiction WHERE {{ VALUES ?node {{ {_listed(nodes)} }}"
        " ?node skos:prefLabel ?unit ; pol:inJurisdiction ?place . ?place skos:prefLabel ?jurisdiction }"
    )
    return {_str(node): (_str(unit), _str(jurisdiction)) for node, unit, jurisdiction in rows}


def _listed(nodes: Iterable[str]) -> str:
    return " ".join(f"<{node}>" for node in nodes)


def _str(value: str | None) -> str:
    return value or ""


def _shortcut(iri: str | None) -> Role:
    return cast(Role, _str(iri).removeprefix(POL.iri).removesuffix("Unit"))


def _role(iri: str | None) -> Role:
    return cast(Role, _str(iri).removeprefix(ROLE.iri))
