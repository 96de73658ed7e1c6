"""Review over HTTP: doubtful facts, decisions on them, and what was decided; all behind the key."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from graph.review import desk
from graph.review.corrections import Correction, CorrectionError
from ui.http.problems import ProblemError
from ui.http.reading import Paged
from ui.http.signing import audited, require
from ui.http.writing import explained
from ui.ledger.accounts import Account
from ui.review import add, decide, entry_out, row_out
from ui.service import Service


class ReviewRowOut(BaseModel):
    """A fact for review; `fact` says it in Chinese, `fields` are its values by their names."""

    id: str = Field(description="Id of the fact; holds as long as its sentence does")
    source: str = Field(description="Short name of the document")
    policy: str = Field(description="Title of the document")
    locator: str = Field(description="Clause that it stands in")
    title: str = Field(description="Title of the clause; may be empty")
    kind: str = Field(description="duty, quantity, …")
    fact: str = Field(description="What was read (Chinese)")
    fields: dict[str, Any] = Field(description="Its values by the names that a change takes")
    confidence: float = Field(description="How sure the reading is, 0 to 1")
    reason: str = Field(description="Why it is doubtful (Chinese); may be empty")
    sentence: str = Field(description="The words around it")
    rejected: bool = Field(description="An official said that it is no fact")
    review: dict[str, Any] | None = Field(description="谁、哪天、怎样定的")


class ReviewEntryOut(BaseModel):
    """A decision; `standing` is holds, superseded or unmatched."""

    id: str = Field(description="Id of the fact")
    source: str = Field(description="Short name of the document")
    locator: str = Field(description="Clause that it stands in")
    kind: str = Field(description="duty or quantity")
    printed: str = Field(description="The fact as printed")
    quotation: str = Field(description="The sentence that it was read from")
    action: str = Field(description="accept, change, reject or add")
    fields: dict[str, str] = Field(description="What was set")
    by: str = Field(description="Who decided")
    on: str = Field(description="On which day, ISO 8601")
    note: str = Field(description="Why; may be empty")
    standing: str = Field(description="holds, superseded or unmatched")


class DecisionIn(BaseModel):
    """A decision on a fact; `fields` go with `change`, `on` is the day that the caller gives."""

    model_config = ConfigDict(extra="forbid")

    action: Literal["accept", "change", "reject"] = Field(description="What is decided")
    by: str = Field("", max_length=40, description="谁核对的；已登录的人以账号名为准")
    on: str = Field(pattern=r"^\d{4}-\d{2}-\d{2}$", description="YYYY-MM-DD")
    note: str = Field("", max_length=500, description="Why")
    fields: dict[str, str] = Field(
        default_factory=dict, max_length=20, description="Values by the names that a row has"
    )


class AdditionIn(BaseModel):
    """A unit or a figure that was not found; `words` must stand in the clause word for word."""

    model_config = ConfigDict(extra="forbid")

    source: str = Field(description="Short name of the document")
    locator: str = Field(description="Clause that it stands in")
    kind: Literal["duty", "quantity"] = Field(description="A unit's part, or a figure")
    words: str = Field(min_length=1, max_length=200, description="The words of the clause that say it")
    by: str = Field("", max_length=40, description="谁核对的；已登录的人以账号名为准")
    on: str = Field(pattern=r"^\d{4}-\d{2}-\d{2}$", description="YYYY-MM-DD")
    note: str = Field("", max_length=500, description="Why")
    fields: dict[str, str] = Field(
        default_factory=dict, max_length=20, description="Values by the names that a row has"
    )


def router(service: Service) -> APIRouter:
    """Return the endpoints: for editors, with a key or a session."""
    settings, generation, allowed = service.settings, service.generation, require(service, "editor")
    routes = APIRouter(prefix="/api/v1/review", tags=["核对"], dependencies=[Depends(allowed)])

    @routes.get("", summary="可疑的事实，最可疑的在前")
    def doubtful(
        page: Paged,
        source: Annotated[str | None, Query(description="Short name of a document; none: all")] = None,
        everything: Annotated[bool, Query(description="All facts, not only doubtful ones")] = False,
    ) -> list[ReviewRowOut]:
        with _told():
            found = desk.rows(generation(), source, everything=everything)
        return [ReviewRowOut.model_validate(row_out(row)) for row in page.of(found)]

    @routes.get("/history", summary="核对记录")
    def history(
        page: Paged,
        source: Annotated[str | None, Query(description="Short name of a document; none: all")] = None,
    ) -> list[ReviewEntryOut]:
        with _told():
            found = desk.history(generation(), source)
        return [ReviewEntryOut.model_validate(entry_out(entry)) for entry in page.of(found)]

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
    def decision(
        id: Annotated[str, Path(description="Id of the fact")],
        given: DecisionIn,
        account: Annotated[Account, Depends(allowed)],
    ) -> ReviewEntryOut:
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
