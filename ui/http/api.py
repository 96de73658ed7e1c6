"""The HTTP API of docs/contract. Endpoints are plain functions, so that FastAPI runs them in threads."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, FastAPI, Query, Response

from ui.doors import Library, Provider
from ui.http import (
    comparing,
    exports,
    feedback,
    findings,
    guides,
    problems,
    signing,
    sparql,
    trees,
    writing,
)
from ui.http.problems import ProblemError, day
from ui.http.reviewing import router as reviewing
from ui.service import Service
from ui.settings import Settings
from ui.wire import (
    AnswerOut,
    AskIn,
    ClauseOut,
    HitOut,
    PolicyOut,
    Problem,
    UnitOut,
    answer_out,
    clause_out,
    hit_out,
    policy_out,
    unit_out,
)

_ERRORS: Mapping[int | str, dict[str, Any]] = {
    status: {"model": Problem, "content": {problems.MEDIA_TYPE: {}}} for status in (404, 413, 422, 503)
}


def create_api(service: Service) -> FastAPI:
    """Return the API over what the service has open."""
    library, generation, settings = service.library, service.generation, service.settings
    api = FastAPI(
        title="政问",
        version="1",
        summary="就政策文件提问，得到有条款依据的回答",
        docs_url=None,
        redoc_url=None,
        responses=dict(_ERRORS),
    )
    problems.install(api)
    signing.install(api)
    api.include_router(_asking(library, settings))
    api.include_router(feedback.router(service))
    api.include_router(_reading(library))
    api.include_router(trees.router(generation))
    api.include_router(findings.router(generation))
    api.include_router(comparing.router(library, settings))
    api.include_router(guides.router(library))
    api.include_router(sparql.router(generation, settings))
    api.include_router(exports.router(generation))
    api.include_router(writing.router(service))
    api.include_router(_service(library))
    api.include_router(reviewing(service))
    return api


def _asking(library: Provider, settings: Settings) -> APIRouter:
    router = APIRouter(prefix="/api/v1", tags=["提问"])

    def checked(text: str) -> str:
        text = text.strip()
        if not text:
            raise ProblemError(422, "问题是空的", "写一句完整的话再问")
        if len(text) > settings.question_limit:
            raise ProblemError(422, f"问题超过 {settings.question_limit} 字", "拆成几个短问题再问")
        return text

    @router.post("/ask", summary="提问")
    def ask(asked: AskIn) -> AnswerOut:
        question = checked(asked.question)
        context = tuple(checked(earlier) for earlier in asked.context if earlier.strip())
        answer = library().ask(
            question,
            context=context,
            as_of=day(asked.as_of) or date.today(),
            jurisdiction=asked.jurisdiction or None,
        )
        return answer_out(answer, asked_id=asked.id)

    @router.get("/examples", summary="本库答得出的问题，可以当例子")
    def examples(jurisdiction: str | None = None) -> list[str]:
        return list(library().examples(jurisdiction or None))

    @router.get("/search", summary="按相关程度查找条款")
    def search(
        q: Annotated[str, Query(min_length=1, description="要找的话")],
        jurisdiction: str | None = None,
        limit: Annotated[int, Query(ge=1, le=100)] = 10,
    ) -> list[HitOut]:
        found = library().search(checked(q), jurisdiction=jurisdiction or None, limit=limit)
        return [hit_out(hit) for hit in found]

    return router


def _reading(library: Provider) -> APIRouter:
    router = APIRouter(prefix="/api/v1", tags=["查阅"])

    @router.get("/policies", summary="全部文件")
    def policies() -> list[PolicyOut]:
        return [policy_out(row) for row in library().policies()]

    @router.get("/policies/{source}", summary="一份文件")
    def policy(source: str) -> PolicyOut:
        for row in library().policies():
            if row.source == source:
                return policy_out(row)
        raise ProblemError(404, f"没有文件 {source}", "文件简称见 /api/v1/policies")

    @router.get("/clauses/{source}/{locator:path}", summary="一个条款：原文、位置、事实")
    def clause(source: str, locator: str) -> ClauseOut:
        view = library().clause(source, locator)
        if view is None:
            raise ProblemError(404, f"{source} 里没有条款 {locator}", "位置的写法如 附件2/四/（三）")
        return clause_out(view)

    @router.get("/units", summary="全部单位的规范名称")
    def units() -> list[str]:
        return list(library().units())

    @router.get("/units/{name}", summary="一个单位牵头和负责的全部条款")
    def unit(name: str) -> UnitOut:
        view = library().unit(name)
        if view is None:
            raise ProblemError(404, f"没有单位 {name}", "单位名称见 /api/v1/units")
        return unit_out(view)

    return router


def _service(library: Provider) -> APIRouter:
    router = APIRouter(tags=["服务"])

    @router.get("/healthz", summary="进程活着")
    def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @router.get("/readyz", summary="知识库已打开，可以回答")
    def readyz(response: Response) -> dict[str, str]:
        opened: Library = library()
        response.headers["cache-control"] = "no-store"
        return {"status": "ready", "generation": str(opened.generation)}

    return router
