"""SHACL: a record's graph against data/ontology/shapes.ttl, told as findings.

rdflib and pyshacl are imported when first needed: they cost a second. Call from one thread at a
time (rdflib's SPARQL is not safe when first used from several).
"""

from typing import TYPE_CHECKING, Any

import pyoxigraph

import data
from graph.facts import Record
from graph.rdf.triples import triples
from graph.rdf.vocabulary import OA, POL, PROV, XSD
from ingest.model import Finding, Severity, Span

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node

_SHACL = "http://www.w3.org/ns/shacl#"
_SEVERITIES: tuple[tuple[str, Severity], ...] = (
    ("Violation", "error"),
    ("Warning", "warning"),
    ("Info", "note"),
)


def check(record: Record) -> tuple[Finding, ...]:
    """Return what the shapes find in the record: rule is the shape's name, span where it stands.

    Sorted by place, then rule. A record without findings is well-formed RDF of its kind.
    """
    return check_graph(as_graph(record))


def check_graph(graph: "Graph") -> tuple[Finding, ...]:
    """Return what the shapes find in an rdflib graph of one policy."""
    from pyshacl import validate
    from rdflib import RDF, Graph, URIRef

    shapes = Graph().parse(data.path("ontology", "shapes.ttl"), format="turtle")
    _, report, _ = validate(graph, shacl_graph=shapes, inference="none", advanced=False)
    found = {
        _finding(graph, report, shapes, row)
        for row in report.subjects(RDF.type, URIRef(_SHACL + "ValidationResult"))
    }
    return tuple(sorted(found, key=lambda f: (f.span or Span(0, 0), f.rule, f.message)))


def _finding(graph: "Graph", report: "Graph", shapes: "Graph", row: "Node") -> Finding:
    def value(name: str) -> Any:
        from rdflib import URIRef

        return report.value(row, URIRef(_SHACL + name))

    # A constraint in SPARQL is named by itself, any other by its shape.
    rule = value("sourceConstraint") or value("sourceShape")
    severity = _severity(value("resultSeverity"), shapes, rule)
    place = value("value") if value("sourceConstraint") else value("focusNode")
    return Finding(severity, str(rule).rpartition("#")[2], str(value("resultMessage")), _span(graph, place))


def _severity(stated: Any, shapes: "Graph", rule: Any) -> Severity:
    from rdflib import URIRef

    own = shapes.value(rule, URIRef(_SHACL + "severity")) or stated
    return next((ours for theirs, ours in _SEVERITIES if str(own) == _SHACL + theirs), "error")


def _span(graph: "Graph", node: Any) -> Span | None:
    """Return where a fact, clause or quotation stands, by its selector or its evidence's."""
    from rdflib import Literal, URIRef

    if node is None or isinstance(node, Literal):
        node = graph.value(predicate=URIRef(POL.locator.value), object=node) if node is not None else None
    for place in (node, node and graph.value(node, URIRef(PROV.wasDerivedFrom.value))):
        if place is None:
            continue
        for selector in graph.objects(place, URIRef(OA.hasSelector.value)):
            start, end = (graph.value(selector, URIRef(term.value)) for term in (OA.start, OA.end))
            if start is not None and end is not None:
                return Span(int(str(start)), int(str(end)))
    return None


def as_graph(record: Record) -> "Graph":
    """Return a record's quads as one rdflib graph."""
    from rdflib import Graph, Literal, URIRef

    def node(term: object) -> Any:
        if isinstance(term, pyoxigraph.NamedNode):
            return URIRef(term.value)
        literal = term if isinstance(term, pyoxigraph.Literal) else pyoxigraph.Literal(str(term))
        # To rdflib "a" and "a"^^xsd:string are two terms; the shapes write the first.
        kind = literal.datatype
        return Literal(literal.value, datatype=None if kind == XSD.string else URIRef(kind.value))

    graph = Graph()
    graph.addN((node(q.subject), node(q.predicate), node(q.object), graph) for q in triples(record))
    return graph
