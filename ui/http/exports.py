"""Tables and the graph as files: ``?format=xlsx|csv`` on a page's own address, ``GET /api/v1/graph``."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Annotated, Literal
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse

from graph.export import export
from graph.storage.generations import Generation
from ui.http.problems import ProblemError
from ui.tables import Table, as_csv, as_xlsx

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_NAMES = ("format", "table")
_GRAPHS: Mapping[str, str] = MappingProxyType(
    {"ttl": "text/turtle", "jsonld": "application/ld+json", "nq": "application/n-quads"}
)


def address(request: Request, *without: str) -> str:
    """Return the page's own address less some parameters, ready for those of an export to be added."""
    dropped = (*_NAMES, *without)
    kept = [pair for pair in request.query_params.multi_items() if pair[0] not in dropped]
    return f"{quote(request.url.path)}?{urlencode(kept)}{'&' if kept else ''}"


def exported(request: Request, name: str, *tables: Table) -> Response | None:
    """Return the page's tables as a file where its address asks for one, else None.

    ``format=xlsx`` gives a workbook with a sheet a table, with ``table=KEY`` that table alone; ``format=csv``
    gives one table, the first unless `table` names another. `name` is the file's, without its ending.
    Raises ProblemError for another format or table.
    """
    form, key = (request.query_params.get(wanted, "") for wanted in _NAMES)
    if not form:
        return None
    chosen = [table for table in tables if key in ("", table.key)]
    if form not in ("xlsx", "csv"):
        raise ProblemError(422, f"没有格式 {form}", "可以要 xlsx 或 csv")
    if not chosen:
        raise ProblemError(404, f"这一页没有表 {key}", "、".join(table.key for table in tables) or "换一页")
    name = f"{name}-{chosen[0].title}" if key and len(tables) > 1 else name
    if form == "csv":
        return StreamingResponse(
            _batched(as_csv(chosen[0])),
            media_type="text/csv; charset=utf-8",
            headers=attachment(f"{name}.csv"),
        )
    host = str(request.base_url).rstrip("/")
    return Response(as_xlsx(chosen, host), media_type=XLSX, headers=attachment(f"{name}.xlsx"))


def attachment(name: str) -> dict[str, str]:
    """Return the header under which a browser keeps a file by its Chinese name (RFC 6266, RFC 8187)."""
    name = "".join("_" if char in '\\/:*?"<>|' or not char.isprintable() else char for char in name)
    ending = name.rpartition(".")[2]
    plain = f"zhengwen.{ending}" if not name.isascii() else name
    told = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    return {"content-disposition": told, "cache-control": "no-store"}


def _batched(lines: Iterator[str], size: int = 1 << 16) -> Iterator[str]:
    """Join small pieces: each piece of a stream costs a change of threads."""
    held: list[str] = []
    length = 0
    for line in lines:
        held.append(line)
        length += len(line)
        if length >= size:
            yield "".join(held)
            held, length = [], 0
    yield "".join(held)


def router(generation: Callable[[], Generation]) -> APIRouter:
    """Return the endpoint that gives the graph; it is sent as it is written, a document at a time."""
    routes = APIRouter(prefix="/api/v1", tags=["图谱"])

    @routes.get("/graph", summary="知识图谱：Turtle、JSON-LD 或 N-Quads", response_class=StreamingResponse)
    def graph(
        form: Annotated[Literal["ttl", "jsonld", "nq"], Query(alias="format", description="格式")] = "ttl",
        source: Annotated[str | None, Query(description="只要这份文件（文件简称）")] = None,
    ) -> StreamingResponse:
        current = generation()
        if source is not None and source not in current:
            raise ProblemError(404, f"没有文件 {source}", "文件简称见 /api/v1/policies")
        pieces = export(current, form, sources=None if source is None else (source,))
        headers = attachment(f"政问图谱{'-' + source if source else ''}.{form}")
        return StreamingResponse(_batched(pieces), media_type=_GRAPHS[form], headers=headers)

    return routes
