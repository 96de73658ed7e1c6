"""SPARQL 1.1 Protocol, queries only: ``GET|POST /sparql`` (https://www.w3.org/TR/sparql11-protocol/)."""

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from ui.doors import Provider
from ui.problems import ProblemError
from ui.settings import Settings


def router(library: Provider, settings: Settings) -> APIRouter:
    """Return the endpoint; a query may run for `settings.sparql_seconds`."""
    routes = APIRouter(tags=["图谱"])

    def answer(query: str | None) -> Response:
        if not query or not query.strip():
            raise ProblemError(400, "没有查询语句", "用参数 query 给出 SPARQL 查询")
        raise ProblemError(503, "图谱查询还没有接上", f"稍后再试（每次最多 {settings.sparql_seconds} 秒）")

    @routes.get("/sparql", summary="只读查询知识图谱")
    def get(query: str) -> Response:
        return answer(query)

    @routes.post("/sparql", summary="只读查询知识图谱（查询语句在正文里）")
    async def post(request: Request) -> Response:
        kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
        if kind == "application/sparql-query":
            query: str | None = (await request.body()).decode("utf-8", "replace")
        elif kind == "application/x-www-form-urlencoded":
            value = (await request.form()).get("query")
            query = value if isinstance(value, str) else None
        else:
            raise ProblemError(
                415, f"不支持 {kind or '未写明的格式'}", "用 application/sparql-query 或表单参数 query"
            )
        return await run_in_threadpool(answer, query)

    return routes
