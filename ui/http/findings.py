"""Findings over HTTP: ``GET /api/v1/findings``, the rows of ``zhengwen check``."""

from collections.abc import Callable
from threading import Lock
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict

from graph.findings.page import GRAVITY
from graph.findings.report import Row, of_generation
from graph.storage.generations import Generation
from ingest.model import Severity
from ui.http.problems import ProblemError


class FindingOut(BaseModel):
    """One finding; `line` counts from 1, `start` and `end` are characters; null for a whole document."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    source: str
    policy: str
    severity: Severity
    rule: str
    message: str
    advice: str
    locator: str
    line: int | None
    quote: str
    start: int | None
    end: int | None


class FindingsOut(BaseModel):
    """A page of findings; `total` counts all that the filters leave."""

    total: int
    offset: int
    findings: list[FindingOut]


class _Rows:
    """The rows of one generation, worked out when first asked for and kept until the next one."""

    def __init__(self, generation: Callable[[], Generation]) -> None:
        self._generation, self._lock = generation, Lock()
        self._name = ""
        self._rows: tuple[Row, ...] = ()

    def of(self, source: str | None) -> tuple[Row, ...]:
        current = self._generation()
        if source is not None and source not in current:
            raise ProblemError(404, f"没有文件 {source}", "文件简称见 /api/v1/policies")
        with self._lock:
            if self._name != current.name:
                if source is not None:
                    return tuple(of_generation(current, (source,)))
                self._rows = tuple(of_generation(current))
                self._name = current.name
            return tuple(row for row in self._rows if source in (None, row.source))


def router(generation: Callable[[], Generation]) -> APIRouter:
    """Return the endpoint; documents in the order of their short names, the gravest finding first."""
    routes, rows = APIRouter(prefix="/api/v1", tags=["查阅"]), _Rows(generation)

    @routes.get("/findings", summary="文件里的可疑之处")
    def findings(
        source: Annotated[str | None, Query(description="文件简称")] = None,
        rule: Annotated[str | None, Query(description="规则名")] = None,
        severity: Annotated[Severity | None, Query(description="列到哪一级：error、warning、note")] = None,
        offset: Annotated[int, Query(ge=0)] = 0,
        limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    ) -> FindingsOut:
        least = GRAVITY[severity or "note"]
        found = [
            row for row in rows.of(source) if GRAVITY[row.severity] <= least and rule in (None, row.rule)
        ]
        page = [FindingOut.model_validate(row) for row in found[offset : offset + limit]]
        return FindingsOut(total=len(found), offset=offset, findings=page)

    return routes
