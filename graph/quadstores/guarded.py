"""Other people's queries on their way to a server: nothing but standard SPARQL goes out.

A server may know more than the standard: functions that read files, keywords that fetch pages. So each query
is read by Oxigraph's parser first, and names in the namespaces of Virtuoso's own functions are refused.
"""

import re
import time

from pyoxigraph import BlankNode, NamedNode, Triple
from pyoxigraph import Literal as RdfLiteral

from graph.quadstores.client import Client
from graph.quadstores.door import Limits, QueryError, Table, Term
from graph.quadstores.worked import worked
from graph.rdf.vocabulary import PREFIXES

_OWN = re.compile(r"<\s*(?:bif|sql|java|virt)", re.IGNORECASE)
_ESCAPED = re.compile(r"\\[uU][0-9A-Fa-f]{4}")


def asked(client: Client, sparql: str, limits: Limits) -> Table:
    """Run a query of other people on the server, within `limits`; raises StoreError."""
    end = time.monotonic() + limits.seconds
    # Escapes outside strings hide names; in strings the characters can stand as they are.
    if _OWN.search(sparql) or _ESCAPED.search(sparql):
        raise QueryError("只许用标准的 SPARQL 1.1", "SPARQL", "请去掉图数据库自己的函数和 \\u 转义")
    empty = worked(None, sparql, limits)
    query, seconds = _headed(sparql), max(0.1, end - time.monotonic())
    if empty.form == "graph":
        triples, cut = client.construct(query, seconds=seconds)
        terms = [(_term(row.subject), _term(row.predicate), _term(row.object)) for row in triples]
        return Table("graph", empty.columns, tuple(terms[: limits.rows]), cut or len(terms) > limits.rows)
    found = client.rows(query, seconds=seconds)
    if empty.form == "ask":
        cell = found.terms[0][0] if found.terms else None
        truth = "true" if cell and cell.value in ("true", "1") else "false"
        datatype = "http://www.w3.org/2001/XMLSchema#boolean"
        return Table("ask", empty.columns, ((Term("literal", truth, datatype),),), False)
    order = [found.columns.index(name) if name in found.columns else -1 for name in empty.columns]
    rows = [tuple(row[i] if i >= 0 else None for i in order) for row in found.terms[: limits.rows]]
    return Table("select", empty.columns, tuple(rows), found.cut or len(found.terms) > limits.rows)


def _headed(sparql: str) -> str:
    """Return the query with the usual prefixes that it does not declare itself."""
    wanted = {
        name: iri
        for name, iri in dict(PREFIXES).items()
        if f"{name}:" in sparql and not re.search(rf"(?i)\bprefix\s+{re.escape(name)}:", sparql)
    }
    return "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in wanted.items()) + sparql


def _term(node: NamedNode | BlankNode | RdfLiteral | Triple) -> Term:
    if isinstance(node, NamedNode):
        return Term("uri", node.value)
    if isinstance(node, RdfLiteral):
        return Term("literal", node.value, None if node.language else node.datatype.value, node.language)
    return Term("bnode", str(getattr(node, "value", node)))
