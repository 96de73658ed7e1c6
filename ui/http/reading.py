"""What is read from the store over HTTP: documents, clauses, units; every list in pages."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Path

from graph.storage.generations import Generation
from ui.doors import Provider
from ui.http.etags import fresh
from ui.http.paging import Page
from ui.http.problems import ProblemError
from ui.wire import (
    ClauseOut,
    ClauseRowOut,
    PolicyOut,
    UnitOut,
    clause_out,
    clause_row_out,
    policy_out,
    unit_out,
)

Source = Annotated[str, Path(description="Short name of the document, as /api/v1/policies lists it")]
Locator = Annotated[str, Path(description="Printed numbering from the part down, joined by slashes")]
Paged = Annotated[Page, Depends()]


def router(library: Provider, generation: Callable[[], Generation]) -> APIRouter:
    """Return the endpoints; both are called anew for each request."""
    routes = APIRouter(prefix="/api/v1", tags=["查阅"], dependencies=[Depends(fresh(library))])

    @routes.get("/policies", summary="全部文件")
    def policies(page: Paged) -> list[PolicyOut]:
        return [policy_out(row) for row in page.of(library().policies())]

    @routes.get("/policies/{source}", summary="一份文件")
    def policy(source: Source) -> PolicyOut:
        for row in library().policies():
            if row.source == source:
                return policy_out(row)
        raise _unknown(source)

    @routes.get("/clauses/{source}", summary="一份文件的全部条款，按文件里的顺序")
    def clauses(source: Source, page: Paged) -> list[ClauseRowOut]:
        opened = generation()
        if source not in opened:
            raise _unknown(source)
        return [clause_row_out(source, row) for row in page.of(opened.record(source).policy.clauses)]

    @routes.get("/clauses/{source}/{locator:path}", summary="一个条款：原文、位置、事实")
    def clause(source: Source, locator: Locator) -> ClauseOut:
        view = library().clause(source, locator)
        if view is None:
            raise ProblemError(404, f"{source} 里没有条款 {locator}", "位置的写法如 附件2/四/（三）")
        return clause_out(view)

    @routes.get("/units", summary="全部单位的规范名称")
    def units(page: Paged) -> list[str]:
        return page.of(library().units())

    @routes.get("/units/{name}", summary="一个单位牵头和负责的全部条款")
    def unit(
        name: Annotated[str, Path(description="Any name of the unit, with its place where several fit")],
        page: Paged,
    ) -> UnitOut:
        view = library().unit(name)
        if view is None:
            raise ProblemError(404, f"没有单位 {name}", "单位名称见 /api/v1/units")
        return unit_out(view, page.of(view.duties))

    return routes


def _unknown(source: str) -> ProblemError:
    return ProblemError(404, f"没有文件 {source}", "文件简称见 /api/v1/policies")
