"""Review over HTTP: doubtful facts, decisions on them, and what was decided; all behind the key."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Literal

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from graph.review import desk
from graph.review.corrections import Correction, CorrectionError
from graph.storage.generations import Generation
from ui.http.problems import ProblemError
from ui.http.writing import explained, guard
from ui.review import add, decide, entry_out, row_out
from ui.settings import Settings


class ReviewRowOut(BaseModel):
    """A fact for review; `fact` says it in Chinese, `fields` are its values by their names."""

    id: str
    source: str
    policy: str
    locator: str
    title: str
    kind: str
    fact: str
    fields: dict[str, Any]
    confidence: float
    reason: str
    sentence: str
    rejected: bool
    review: dict[str, Any] | None = Field(description="谁、哪天、怎样定的")


class ReviewEntryOut(BaseModel):
    """A decision; `standing` is holds, superseded or unmatched."""

    id: str
    source: str
    locator: str
    kind: str
    printed: str
    quotation: str
    action: str
    fields: dict[str, str]
    by: str
    on: str
    note: str
    standing: str


class DecisionIn(BaseModel):
    """A decision on a fact; `fields` go with `change`, `on` is the day that the caller gives."""

    model_config = ConfigDict(extra="forbid")

    action: Literal["accept", "change", "reject"]
    by: str = Field(min_length=1, max_length=40)
    on: str = Field(pattern=r"^\d{4}-\d{2}-\d{2}$", description="YYYY-MM-DD")
    note: str = Field("", max_length=500)
    fields: dict[str, str] = Field(default_factory=dict, max_length=20)


class AdditionIn(BaseModel):
    """A unit or a figure that was not found; `words` must stand in the clause word for word."""

    model_config = ConfigDict(extra="forbid")

    source: str
    locator: str
    kind: Literal["duty", "quantity"]
    words: str = Field(min_length=1, max_length=200)
    by: str = Field(min_length=1, max_length=40)
    on: str = Field(pattern=r"^\d{4}-\d{2}-\d{2}$", description="YYYY-MM-DD")
    note: str = Field("", max_length=500)
    fields: dict[str, str] = Field(default_factory=dict, max_length=20)


def router(generation: Callable[[], Generation], settings: Settings) -> APIRouter:
    """Return the endpoints; `generation` is called anew for each request."""
    routes = APIRouter(prefix="/api/v1/review", tags=["核对"], dependencies=[Depends(guard(settings))])

    @routes.get("", summary="可疑的事实，最可疑的在前")
    def doubtful(source: str | None = None, everything: bool = False) -> list[ReviewRowOut]:
        with _told():
            found = desk.rows(generation(), source, everything=everything)
        return [ReviewRowOut.model_validate(row_out(row)) for row in found]

    @routes.get("/history", summary="核对记录")
    def history(source: str | None = None) -> list[ReviewEntryOut]:
        with _told():
            found = desk.history(generation(), source)
        return [ReviewEntryOut.model_validate(entry_out(entry)) for entry in found]

    @routes.post("", summary="补充漏读的单位或数据", status_code=201)
    def addition(given: AdditionIn) -> ReviewEntryOut:
        with _told():
            done = add(
                settings, given.source, given.locator, given.kind, given.words,
                by=given.by, on=given.on, note=given.note, fields=given.fields,
            )  # fmt: skip
        return _entry(done)

    @routes.post("/{id}", summary="确认、改正或驳回一条事实")
    def decision(id: str, given: DecisionIn) -> ReviewEntryOut:
        with _told():
            done = decide(
                settings, [(given.action, id, given.fields)], by=given.by, on=given.on, note=given.note
            )
        return _entry(done[0])

    return routes


def _entry(done: Correction) -> ReviewEntryOut:
    return ReviewEntryOut.model_validate(entry_out(desk.Entry(done.key.id, done, "holds")))


@contextmanager
def _told() -> Iterator[None]:
    try:
        with explained(404):
            yield
    except CorrectionError as error:
        raise ProblemError(
            404 if error.what.startswith("没有编号") else 422, error.what, error.remedy
        ) from error
