"""SPARQL that a person can run: it gives the very rows or the number that an answer tells."""

from collections.abc import Iterable, Sequence

from pyoxigraph import Literal

from graph.facts import Role


def duties(
    units: Iterable[tuple[str, str]],
    roles: Sequence[Role],
    *,
    within: Sequence[tuple[str, str]] = (),
    count: bool = False,
) -> str:
    """Return the query for the clauses in which units have one of these roles, a row a clause.

    `units` are (place, canonical name) pairs; `within` keeps to parts of documents, by short
    name and label (none: all); with `count` the query gives the number of clauses.
    """
    parts = " ".join(f"({_literal(source)} {_literal(part)})" for source, part in within)
    kept = f"  VALUES (?source ?part) {{ {parts} }}\n" if within else ""
    pairs = " ".join(f"({_literal(place)} {_literal(unit)})" for place, unit in units)
    body = (
        f"{kept}"
        f"  VALUES (?place ?unit) {{ {pairs} }}\n"
        f"  VALUES ?role {{ {' '.join('role:' + role for role in roles)} }}\n"
        "  ?node skos:prefLabel ?unit ; pol:inJurisdiction/skos:prefLabel ?place .\n"
        "  GRAPH ?policy {\n"
        "    ?duty cv:hasParticipant ?node ; cv:role ?role ; pol:locator ?locator .\n"
        "    ?policy pol:source ?source\n"
        "  }\n"
    )
    if within:
        body += '  FILTER(?locator = ?part || STRSTARTS(?locator, CONCAT(?part, "/")))\n'
    if count:
        return (
            f"SELECT (COUNT(*) AS ?number) WHERE {{\n  SELECT DISTINCT ?source ?locator WHERE {{\n{body}}} }}"
        )
    return (
        'SELECT ?source ?locator (GROUP_CONCAT(DISTINCT ?unit; separator="、") AS ?units) WHERE {\n'
        f"{body}}} GROUP BY ?source ?locator ORDER BY ?source ?locator"
    )


def leads(places: Sequence[str]) -> str:
    """Return the query for the units that lead any clause in the documents of `places`."""
    return (
        "SELECT DISTINCT ?unit WHERE {\n"
        f"  VALUES ?place {{ {' '.join(map(_literal, places))} }}\n"
        "  GRAPH ?policy {\n"
        "    ?policy eli:jurisdiction ?where .\n"
        "    ?duty cv:role role:lead ; cv:hasParticipant ?node\n"
        "  }\n"
        "  ?where skos:prefLabel ?place .\n"
        "  ?node skos:prefLabel ?unit\n"
        "} ORDER BY ?unit"
    )


def units_of_clause(source: str, locator: str, roles: Sequence[Role] = ()) -> str:
    """Return the query for the units of one clause, with their roles, in the document's order.

    `roles` keep to some roles (none: all).
    """
    some = f"  VALUES ?role {{ {' '.join('role:' + role for role in roles)} }}\n" if roles else ""
    return (
        f"SELECT ?role ?unit WHERE {{\n{some}"
        "  GRAPH ?policy {\n"
        f"    ?policy pol:source {_literal(source)} .\n"
        f"    ?duty pol:locator {_literal(locator)} ;\n"
        "      cv:hasParticipant ?node ; cv:role ?role ; pol:order ?order\n"
        "  }\n"
        "  ?node skos:prefLabel ?unit\n"
        "} ORDER BY ?role ?order"
    )


def _literal(value: str) -> str:
    return str(Literal(value))
