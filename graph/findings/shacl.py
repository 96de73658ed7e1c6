"""SHACL without pyshacl: the shapes of data/ontology/shapes.ttl as SPARQL, a hundred times as fast.

Only what our shapes use is known: targets by class or property, simple paths, counts, lengths, patterns,
lists, bounds, and constraints in SPARQL. `graph.rdf.shapes` asks the same of pyshacl; tests compare both.
"""

from collections.abc import Container, Iterator
from dataclasses import dataclass
from functools import cache
from typing import cast

import pyoxigraph as ox

import data
from graph.facts import Record
from graph.rdf.triples import triples
from ingest.model import Finding, Severity, Span

_SH = "http://www.w3.org/ns/shacl#"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_SEVERITY: dict[str, Severity] = {"Violation": "error", "Warning": "warning", "Info": "note"}
_PLACE = """
PREFIX oa: <http://www.w3.org/ns/oa#> PREFIX prov: <http://www.w3.org/ns/prov#>
SELECT ?node ?start ?end
WHERE { ?node prov:wasDerivedFrom?/oa:hasSelector ?at . ?at oa:start ?start ; oa:end ?end }
ORDER BY ?start LIMIT 1"""
_HELD = """
PREFIX eli: <http://data.europa.eu/eli/ontology#> PREFIX pol: <https://zhengwen.example/def/pol#>
SELECT ?node ?value WHERE { ?node pol:locator ?value ; a eli:LegalResourceSubdivision }"""


@dataclass(frozen=True, slots=True)
class Constraint:
    """One question to a document's graph: whoever comes back as ``?node`` breaks the rule."""

    rule: str
    severity: Severity
    message: str
    query: str


class _Shapes:
    """The shapes file, read by pyoxigraph."""

    def __init__(self) -> None:
        self.store = ox.Store()
        self.store.load(data.path("ontology", "shapes.ttl").read_bytes(), format=ox.RdfFormat.TURTLE)

    def values(self, node: object, name: str) -> list[object]:
        found = self.store.quads_for_pattern(node, ox.NamedNode(_SH + name), None, None)  # type: ignore[arg-type]
        return [quad.object for quad in found]

    def text(self, node: object, name: str) -> str | None:
        found = self.values(node, name)
        return str(found[0].value) if found else None  # type: ignore[attr-defined]

    def items(self, node: object) -> Iterator[str]:
        """Yield the members of an RDF list as SPARQL terms."""
        while isinstance(node, ox.BlankNode):
            first, rest = (
                next(self.store.quads_for_pattern(node, ox.NamedNode(_RDF + name), None, None)).object
                for name in ("first", "rest")
            )
            yield str(first)
            node = rest

    def constraints(self) -> Iterator[Constraint]:
        prefixes = "".join(
            f"PREFIX {self.text(node, 'prefix')}: <{self.text(node, 'namespace')}>\n"
            for quad in self.store.quads_for_pattern(None, ox.NamedNode(_SH + "declare"), None, None)
            for node in [quad.object]
        )
        for kind, triple in (("targetClass", "?this a {}"), ("targetSubjectsOf", "?this {} ?any")):
            for quad in self.store.quads_for_pattern(None, ox.NamedNode(_SH + kind), None, None):
                target = triple.format(quad.object)
                for shape in self.values(quad.subject, "property"):
                    for query in self._property(shape, target):
                        yield self._named(shape, query)
                for shape in self.values(quad.subject, "sparql"):
                    yield self._named(shape, prefixes + self._asked(shape, target))

    def _named(self, shape: object, query: str) -> Constraint:
        severity = (self.text(shape, "severity") or _SH + "Violation").removeprefix(_SH)
        rule = str(shape).rstrip(">").rpartition("#")[2]
        return Constraint(rule, _SEVERITY[severity], self.text(shape, "message") or rule, query)

    def _property(self, shape: object, target: str) -> Iterator[str]:
        """Yield a query for each constraint of a property shape."""
        path = str(self.values(shape, "path")[0])

        def ask(condition: str) -> str:
            return f"SELECT DISTINCT (?this AS ?node) WHERE {{ {target} . {condition} }}"

        if (least := self.text(shape, "minCount")) and int(least):
            yield ask(f"FILTER NOT EXISTS {{ ?this {path} ?value }}")
        if most := self.text(shape, "maxCount"):
            yield (
                f"SELECT (?this AS ?node) WHERE {{ {target} . ?this {path} ?value }} "
                f"GROUP BY ?this HAVING (COUNT(DISTINCT ?value) > {int(most)})"
            )
        tests = []
        if length := self.text(shape, "minLength"):
            tests.append(f"STRLEN(STR(?value)) < {int(length)}")
        if pattern := self.text(shape, "pattern"):
            tests.append(f"!REGEX(STR(?value), {ox.Literal(pattern)})")
        if (bound := self.text(shape, "minExclusive")) is not None:
            tests.append(f"!(?value > {bound})")
        if allowed := self.values(shape, "in"):
            tests.append(f"?value NOT IN ({', '.join(self.items(allowed[0]))})")
        for test in tests:
            yield ask(f"?this {path} ?value FILTER({test})")
        for other in self.values(shape, "lessThanOrEquals"):
            yield ask(f"?this {path} ?value ; {other} ?upper FILTER(!(?value <= ?upper))")

    def _asked(self, shape: object, target: str) -> str:
        """Return a constraint in SPARQL with its focus node found inside the same query."""
        head, _, body = (self.text(shape, "select") or "").replace("$this", "?this").partition("WHERE {")
        return f"{head} WHERE {{ {{ SELECT DISTINCT ?this WHERE {{ {target} }} }} {body}"


@cache
def constraints() -> tuple[Constraint, ...]:
    """Return the questions that the shapes ask (once a process)."""
    return tuple(_Shapes().constraints())


def check(record: Record, skip: Container[str] = ()) -> tuple[Finding, ...]:
    """Return what the shapes find in the record, as `graph.rdf.shapes.check` does.

    Rules in `skip` are left out.
    """
    graph = ox.Store()
    graph.extend(triples(record))
    asked = (constraint for constraint in constraints() if constraint.rule not in skip)
    found = {finding for constraint in asked for finding in _broken(graph, constraint)}
    return tuple(sorted(found, key=lambda f: (f.span or Span(0, 0), f.rule, f.message)))


def _ask(graph: ox.Store, query: str, **values: object) -> ox.QuerySolutions:
    bindings = {ox.Variable(name): term for name, term in values.items()}
    found = graph.query(query, use_default_graph_as_union=True, substitutions=bindings)  # type: ignore[arg-type]
    return cast(ox.QuerySolutions, found)


def _broken(graph: ox.Store, constraint: Constraint) -> Iterator[Finding]:
    solutions = _ask(graph, constraint.query)
    names = [variable.value for variable in solutions.variables]
    for row in solutions:
        message, node = constraint.message, row["node"] if "node" in names else None
        for name in names:
            term = row[name]
            if term is None:
                continue
            message = message.replace(f"{{?{name}}}", str(term.value))
            node = node if node is not None or name != "value" else term
        if node is not None:
            yield Finding(constraint.severity, constraint.rule, message, _place(graph, node))


def _place(graph: ox.Store, node: object) -> Span | None:
    """Return where a fact, clause or quotation stands, by its selector or its evidence's."""
    if isinstance(node, ox.Literal):
        node = next((row["node"] for row in _ask(graph, _HELD, value=node)), None)
    if node is None:
        return None
    row = next(iter(_ask(graph, _PLACE, node=node)), None)
    return Span(int(row["start"].value), int(row["end"].value)) if row else None
