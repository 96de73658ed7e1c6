"""Findings over HTTP: ``GET /api/v1/findings``, the rows of ``zhengwen check``."""

from collections.abc import Callable
from contextlib import suppress
from threading import Lock, Thread
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from graph.findings.page import GRAVITY
from graph.findings.report import Row, of_generation
from graph.storage.durable import StoreError
from graph.storage.generations import Generation
from ingest.model import Severity
from ui.doors import Provider
from ui.http.etags import fresh
from ui.http.paging import MOST, Offset, linked
from ui.http.problems import ProblemError


class FindingOut(BaseModel):
    """One finding; `line` counts from 1, `start` and `end` are characters; null for a whole document."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    source: str = Field(description="Short name of the document")
    policy: str = Field(description="Title of the document")
    severity: Severity = Field(description="error, warning or note")
    rule: str = Field(description="Name of the rule, see docs/findings.md")
    message: str = Field(description="What is odd (Chinese)")
    advice: str = Field(description="What to do (Chinese)")
    locator: str = Field(description="Clause; empty for a whole document")
    line: int | None = Field(description="Line of the text, from 1")
    quote: str = Field(description="The words, as printed")
    start: int | None = Field(description="First character of the words in the decoded document")
    end: int | None = Field(description="The character after them")


class FindingsOut(BaseModel):
    """A page of findings; `total` counts all that the filters leave."""

    total: int = Field(description="How many findings the filters leave")
    offset: int = Field(description="How many stand before this page")
    findings: list[FindingOut] = Field(description="The page")


class Rows:
    """The rows of one generation, worked out when first asked for and kept until the next one."""

    def __init__(self, generation: Callable[[], Generation]) -> None:
        self._generation, self._lock = generation, Lock()
        self._made: tuple[str, tuple[Row, ...]] = ("", ())  # replaced as a whole, so read without the lock
        self._thread: Thread | None = None

    def of(self, source: str | None) -> tuple[Row, ...]:
        """Return the rows of a document, or of all. Raises ProblemError for a document that is not there."""
        current = self._generation()
        if source is None:
            with self._lock:
                if self._made[0] != current.name:
                    self._made = current.name, tuple(of_generation(current))
                return self._made[1]
        if source not in current:
            raise ProblemError(404, f"没有文件 {source}", "文件简称见 /api/v1/policies")
        name, rows = self._made
        if name != current.name:
            return tuple(of_generation(current, (source,)))
        return tuple(row for row in rows if row.source == source)

    def soon(self, seconds: float) -> tuple[Row, ...] | None:
        """Return the rows of all documents if they are there within `seconds`; else they go on being made."""
        if self._made[0] != self._generation().name:
            if self._thread is None or not self._thread.is_alive():
                self._thread = Thread(target=self._make, daemon=True)
                self._thread.start()
            self._thread.join(seconds)
        name, rows = self._made
        return rows if name == self._generation().name else None

    def _make(self) -> None:
        with suppress(StoreError):  # told to whoever asks next
            self.of(None)


def router(library: Provider, generation: Callable[[], Generation]) -> APIRouter:
    """Return the endpoint; documents in the order of their short names, the gravest finding first."""
    routes, rows = APIRouter(prefix="/api/v1", tags=["查阅"]), Rows(generation)

    @routes.get("/findings", summary="文件里的可疑之处", dependencies=[Depends(fresh(library))])
    def findings(
        request: Request,
        response: Response,
        source: Annotated[str | None, Query(description="文件简称")] = None,
        rule: Annotated[str | None, Query(description="规则名")] = None,
        severity: Annotated[Severity | None, Query(description="列到哪一级：error、warning、note")] = None,
        offset: Offset = 0,
        limit: Annotated[int, Query(ge=1, le=MOST, description="Rows in a page")] = 100,
    ) -> FindingsOut:
        least = GRAVITY[severity or "note"]
        found = [
            row for row in rows.of(source) if GRAVITY[row.severity] <= least and rule in (None, row.rule)
        ]
        linked(request, response, total=len(found), limit=limit, offset=offset)
        page = [FindingOut.model_validate(row) for row in found[offset : offset + limit]]
        return FindingsOut(total=len(found), offset=offset, findings=page)

    return routes
