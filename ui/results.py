"""SPARQL results as text: JSON, CSV, TSV (SPARQL 1.1), N-Triples for graphs."""

import csv
import io
import json
from collections.abc import Callable, Mapping
from types import MappingProxyType

from graph.sparql import Table, Term


def as_json(table: Table) -> str:
    """Return the rows as SPARQL 1.1 Query Results JSON."""
    if table.form == "ask":
        return json.dumps({"head": {}, "boolean": table.rows[0][0] == "true"})
    bindings = [
        {name: _binding(term) for name, term in zip(table.columns, row, strict=True) if term}
        for row in table.terms
    ]
    return json.dumps(
        {"head": {"vars": table.columns}, "results": {"bindings": bindings}}, ensure_ascii=False
    )


def _binding(term: Term) -> dict[str, str]:
    told = {"type": term.kind, "value": term.value}
    if term.language:
        told["xml:lang"] = term.language
    elif term.datatype:
        told["datatype"] = term.datatype
    return told


def as_csv(table: Table) -> str:
    """Return the rows as CSV with a header line (SPARQL 1.1 Query Results CSV)."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(table.columns)
    writer.writerows(table.rows)
    return out.getvalue()


def as_tsv(table: Table) -> str:
    """Return the rows as SPARQL 1.1 Query Results TSV."""
    lines = ["\t".join("?" + name for name in table.columns)]
    lines += ["\t".join(_written(term) if term else "" for term in row) for row in table.terms]
    return "\n".join(lines) + "\n"


def as_triples(table: Table) -> str:
    """Return the three columns of a graph as N-Triples, which is Turtle too."""
    return "".join(" ".join(_written(term) for term in row if term) + " .\n" for row in table.terms)


def _written(term: Term) -> str:
    """Return a term in N-Triples syntax (https://www.w3.org/TR/n-triples/)."""
    if term.kind == "uri":
        return f"<{term.value}>"
    if term.kind == "bnode":
        return f"_:{term.value}"
    text = term.value.replace("\\", "\\\\").replace('"', '\\"')
    text = text.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")
    if term.language:
        return f'"{text}"@{term.language}'
    return f'"{text}"^^<{term.datatype}>' if term.datatype else f'"{text}"'


TABLE_FORMATS: Mapping[str, Callable[[Table], str]] = MappingProxyType(
    {
        "application/sparql-results+json": as_json,
        "application/json": as_json,
        "text/csv": as_csv,
        "text/tab-separated-values": as_tsv,
    }
)
GRAPH_FORMATS: Mapping[str, Callable[[Table], str]] = MappingProxyType(
    {
        "application/n-triples": as_triples,
        "text/turtle": as_triples,
        "text/plain": as_triples,
        "text/csv": as_csv,
    }
)
