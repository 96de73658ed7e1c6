"""The process that runs one query: a task as JSON on standard input, its result on standard output.

Started by path, so that it imports nothing but Oxigraph.
"""

import json
import resource
import sys
from collections.abc import Iterator
from typing import Any

import pyoxigraph

_Term = dict[str, str | None] | None
_SIZE = 20_000_000  # characters of a result: it is held whole by whoever asked


def main() -> None:
    """Answer the task; any error of the query is a result too."""
    task = json.load(sys.stdin)
    resource.setrlimit(resource.RLIMIT_DATA, (task["memory"], task["memory"]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    result: dict[str, Any]
    try:
        result = {"table": _run(task)}
    except (SyntaxError, ValueError, OSError) as error:
        result = {"table": None, "error": str(error)}
    json.dump(result, sys.stdout, ensure_ascii=False)


def _run(task: dict[str, Any]) -> dict[str, Any]:
    graph = task["graph"]
    store = pyoxigraph.Store.read_only(graph) if graph else pyoxigraph.Store()
    found = store.query(task["sparql"], prefixes=task["prefixes"], use_default_graph_as_union=True)
    limit: int = task["limit"]
    if isinstance(found, pyoxigraph.QueryBoolean):
        truth = pyoxigraph.Literal(bool(found))
        return {"form": "ask", "columns": ["boolean"], "terms": [[_term(truth)]], "truncated": False}
    if isinstance(found, pyoxigraph.QueryTriples):
        columns = ["subject", "predicate", "object"]
        terms = ([_term(t.subject), _term(t.predicate), _term(t.object)] for t in found)
        form = "graph"
    else:
        columns = [variable.value for variable in found.variables]
        width = range(len(columns))
        terms = ([_term(row[i]) for i in width] for row in found)
        form = "select"
    rows, more = _within(terms, limit)
    return {"form": form, "columns": columns, "terms": rows, "truncated": more}


def _within(terms: Iterator[list[_Term]], limit: int) -> tuple[list[list[_Term]], bool]:
    """Return the rows that there is room for, and whether there are more."""
    rows: list[list[_Term]] = []
    size = 0
    for row in terms:
        size += sum(len(term["value"] or "") for term in row if term)
        if len(rows) == limit or size > _SIZE:
            return rows, True
        rows.append(row)
    return rows, False


def _term(term: object) -> _Term:
    if term is None:
        return None
    if isinstance(term, pyoxigraph.NamedNode):
        return {"kind": "uri", "value": term.value}
    if isinstance(term, pyoxigraph.Literal):
        datatype = None if term.language else term.datatype.value
        return {"kind": "literal", "value": term.value, "datatype": datatype, "language": term.language}
    return {"kind": "bnode", "value": str(getattr(term, "value", term))}


if __name__ == "__main__":
    main()
