"""The process that runs one query: a task as JSON on standard input, its result on standard output.

Started by path, so that it imports nothing but Oxigraph.
"""

import json
import resource
import sys
from itertools import islice
from typing import Any

import pyoxigraph


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
        rows = [[_term(t.subject), _term(t.predicate), _term(t.object)] for t in islice(found, limit + 1)]
        form = "graph"
    else:
        columns = [variable.value for variable in found.variables]
        width = range(len(columns))
        rows = [[_term(row[i]) for i in width] for row in islice(found, limit + 1)]
        form = "select"
    return {"form": form, "columns": columns, "terms": rows[:limit], "truncated": len(rows) > limit}


def _term(term: object) -> dict[str, str | None] | None:
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
