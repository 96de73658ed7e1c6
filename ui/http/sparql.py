"""SPARQL 1.1 Protocol, queries only: ``GET|POST /sparql`` (https://www.w3.org/TR/sparql11-protocol/)."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from graph.sparql import QueryError, Table, select
from graph.storage.generations import Generation
from ui.http.problems import ProblemError
from ui.results import GRAPH_FORMATS, TABLE_FORMATS
from ui.settings import Settings

_FORM = "application/x-www-form-urlencoded"
_EXAMPLE = "SELECT ?title WHERE { ?policy dct:title ?title } LIMIT 5"
_TEXT = {"type": "string", "examples": [_EXAMPLE]}
_BODY = {
    "required": True,
    "content": {
        "application/sparql-query": {"schema": _TEXT},
        _FORM: {"schema": {"type": "object", "required": ["query"], "properties": {"query": _TEXT}}},
    },
}
_FORMATS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The rows; for CONSTRUCT and DESCRIBE the triples",
        "content": {
            kind: {"schema": {"type": "object" if kind.endswith("json") else "string"}}
            for kind in (*TABLE_FORMATS, *GRAPH_FORMATS)
        },
        "headers": {"X-Truncated": {"description": "Rows were cut", "schema": {"type": "string"}}},
    },
}


def router(generation: Callable[[], Generation], settings: Settings) -> APIRouter:
    """Return the endpoint; a query may run for `settings.sparql_seconds`."""
    routes = APIRouter(tags=["图谱"])

    def answer(query: str | None, accept: str) -> Response:
        if not query or not query.strip():
            raise ProblemError(400, "没有查询语句", "用参数 query 给出 SPARQL 查询")
        try:
            table = select(generation(), query, seconds=settings.sparql_seconds)
        except QueryError as error:
            raise ProblemError(400, error.what, error.remedy) from error
        return respond(table, accept)

    @routes.get("/sparql", summary="只读查询知识图谱", responses=_FORMATS)
    def get(
        request: Request, query: Annotated[str | None, Query(description="The query")] = None
    ) -> Response:
        return answer(query, request.headers.get("accept", ""))

    @routes.post(
        "/sparql",
        summary="只读查询知识图谱（查询语句在正文里）",
        responses=_FORMATS,
        openapi_extra={"requestBody": _BODY},
    )
    async def post(request: Request) -> Response:
        kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
        query: str | None
        if kind == "application/sparql-query":
            query = (await request.body()).decode("utf-8", "replace")
        elif kind == _FORM:
            value = (await request.form()).get("query")
            query = value if isinstance(value, str) else None
        else:
            raise ProblemError(
                415, f"不支持 {kind or '未写明格式'}", f"用 application/sparql-query 或 {_FORM}"
            )
        return await run_in_threadpool(answer, query, request.headers.get("accept", ""))

    return routes


def respond(table: Table, accept: str) -> Response:
    """Return a result in the first format of `accept` that fits its form (JSON, CSV, TSV, N-Triples)."""
    formats = GRAPH_FORMATS if table.form == "graph" else TABLE_FORMATS
    wanted = [part.split(";")[0].strip().lower() for part in accept.split(",")]
    kind = next((name for name in wanted if name in formats), None)
    if kind is None:
        if accept and not any(name in ("*/*", "application/*", "text/html", "") for name in wanted):
            raise ProblemError(406, f"给不了 {accept}", "可以要 " + "、".join(formats))
        kind = next(iter(formats))
    headers = {"x-truncated": "true"} if table.truncated else {}
    return Response(formats[kind](table), media_type=kind, headers=headers)
