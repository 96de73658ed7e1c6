"""Review over HTTP: doubtful facts, decisions on them, and what was decided; all behind the key."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from graph.review import desk
from graph.review.corrections import Correction, CorrectionError
from ui.http.problems import ProblemError
from ui.http.signing import audited, require
from ui.http.writing import explained
from ui.ledger.accounts import Account
from ui.review import add, decide, entry_out, row_out
from ui.service import Service


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
    by: str = Field("", max_length=40, description="谁核对的；已登录的人以账号名为准")
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
    by: str = Field("", max_length=40, description="谁核对的；已登录的人以账号名为准")
    on: str = Field(pattern=r"^\d{4}-\d{2}-\d{2}$", description="YYYY-MM-DD")
    note: str = Field("", max_length=500)
    fields: dict[str, str] = Field(default_factory=dict, max_length=20)


def router(service: Service) -> APIRouter:
    """Return the endpoints: for editors, with a key or a session."""
    settings, generation, allowed = service.settings, service.generation, require(service, "editor")
    routes = APIRouter(prefix="/api/v1/review", tags=["核对"], dependencies=[Depends(allowed)])

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
    def addition(given: AdditionIn, account: Annotated[Account, Depends(allowed)]) -> ReviewEntryOut:
        by, subject = _by(given.by, account), f"{given.source} {given.locator}"
        with audited(service, account, "add", subject, given.words), _told():
            done = add(
                settings, given.source, given.locator, given.kind, given.words,
                by=by, on=given.on, note=given.note, fields=given.fields,
            )  # fmt: skip
        return _entry(done)

    @routes.post("/{id}", summary="确认、改正或驳回一条事实")
    def decision(id: str, given: DecisionIn, account: Annotated[Account, Depends(allowed)]) -> ReviewEntryOut:
        by = _by(given.by, account)
        with audited(service, account, given.action, id) as note, _told():
            done = decide(settings, [(given.action, id, given.fields)], by=by, on=given.on, note=given.note)
            note(f"{done[0].key.source} {done[0].key.locator} {id}", done[0].key.printed)
        return _entry(done[0])

    return routes


def _by(given: str, account: Account) -> str:
    """Return who decides: whoever is signed in; a program must say for whom it speaks."""
    if not account.program:
        return account.name
    if not given.strip():
        raise ProblemError(422, "by：没有写明是谁核对的", "写上核对人的姓名")
    return given


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
