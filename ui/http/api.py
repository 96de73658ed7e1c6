"""The HTTP API of docs/contract. Endpoints are plain functions, so that FastAPI runs them in threads."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Query, Request, Response

from ui.doors import Library, Provider
from ui.http import (
    assistant,
    comparing,
    exports,
    feedback,
    findings,
    guides,
    openapi,
    problems,
    reading,
    signing,
    sparql,
    trees,
    writing,
)
from ui.http.etags import fresh
from ui.http.paging import linked
from ui.http.problems import ProblemError, day, wants_json
from ui.http.reviewing import router as reviewing
from ui.service import Service
from ui.settings import Settings
from ui.wire import AnswerOut, AskIn, HitOut, answer_out, hit_out

_FOUND = 100  # clauses that a search gives at most


def create_api(service: Service) -> FastAPI:
    """Return the API over what the service has open."""
    library, generation, settings = service.library, service.generation, service.settings
    api = FastAPI(
        title="政问",
        version="1",
        summary="就政策文件提问，得到有条款依据的回答",
        docs_url=None,
        redoc_url=None,
    )
    problems.install(api)
    signing.install(api)
    only_json = [Depends(wants_json)]
    api.include_router(_asking(library, settings), dependencies=only_json)
    api.include_router(feedback.router(service), dependencies=only_json)
    api.include_router(reading.router(library, generation), dependencies=only_json)
    api.include_router(trees.router(generation), dependencies=[*only_json, Depends(fresh(library))])
    api.include_router(findings.router(library, generation), dependencies=only_json)
    api.include_router(comparing.router(library, settings), dependencies=only_json)
    api.include_router(guides.router(library))
    api.include_router(assistant.router(library, settings))
    api.include_router(sparql.router(generation, settings))
    api.include_router(exports.router(generation))
    api.include_router(writing.router(service), dependencies=only_json)
    api.include_router(_service(library))
    api.include_router(reviewing(service), dependencies=only_json)
    openapi.install(api, settings)
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

    @router.get("/examples", summary="本库答得出的问题，可以当例子", dependencies=[Depends(fresh(library))])
    def examples(
        jurisdiction: Annotated[str | None, Query(description="Questions on this place alone")] = None,
    ) -> list[str]:
        return list(library().examples(jurisdiction or None))

    @router.get("/search", summary="按相关程度查找条款", dependencies=[Depends(fresh(library))])
    def search(
        request: Request,
        response: Response,
        q: Annotated[str, Query(min_length=1, description="What to look for, in everyday words")],
        jurisdiction: Annotated[
            str | None, Query(max_length=50, description="Place to take when the words name none")
        ] = None,
        limit: Annotated[int, Query(ge=1, le=_FOUND, description="Rows in a page")] = 10,
        offset: Annotated[int, Query(ge=0, le=_FOUND, description="Rows left out before the page")] = 0,
    ) -> list[HitOut]:
        found = library().search(checked(q), jurisdiction=jurisdiction or None, limit=_FOUND)
        linked(request, response, total=len(found), limit=limit, offset=offset)
        return [hit_out(hit) for hit in found[offset : offset + limit]]

    return router


def _service(library: Provider) -> APIRouter:
    router = APIRouter(tags=["服务"])

    @router.get("/healthz", summary="进程活着")
    async def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @router.get("/readyz", summary="知识库已打开，可以回答")
    def readyz(response: Response) -> dict[str, str]:
        opened: Library = library()
        opened.ready()
        response.headers["cache-control"] = "no-store"
        return {"status": "ready", "generation": str(opened.generation)}

    return router
