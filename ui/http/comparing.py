"""Places side by side over HTTP: ``GET /api/v1/compare``."""

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from qa.comparing import Comparison, Row
from ui.doors import Provider
from ui.http.etags import fresh
from ui.http.problems import Day, ProblemError, day
from ui.settings import Settings
from ui.wire import AmountOut, CitationOut, ValidityOut, validity_out

_MOST = 30  # places in one table


class RowOut(BaseModel):
    """One place of a comparison."""

    model_config = ConfigDict(frozen=True)

    jurisdiction: str = Field(description="The place")
    state: Literal["found", "silent", "not_held"] = Field(
        description="found; silent: its documents say nothing on it; not_held: no document of it in the store"
    )
    words: str = Field(description="What the clause says, white space dropped; empty unless found")
    citation: CitationOut | None = Field(description="The clause; null unless found")
    amounts: list[AmountOut] = Field(description="Its figures")
    lead_units: list[str] = Field(description="Units that the document writes as leading")
    responsible_units: list[str] = Field(description="The other units, in the document's order")
    validity: ValidityOut


class ComparisonOut(BaseModel):
    """A topic in several places, a row a place in the order asked."""

    model_config = ConfigDict(frozen=True)

    topic: str = Field(description="The topic as asked")
    kind: str = Field(description="What is asked of the clauses: amount, deadline, target, lead, …")
    as_of: str = Field(description="Day for which validity is told")
    rows: list[RowOut] = Field(description="One row for each place")
    missing: list[str] = Field(description="Places without a clause on it")


def comparison_out(comparison: Comparison, as_of: date) -> ComparisonOut:
    """Return a comparison for the wire."""
    return ComparisonOut(
        topic=comparison.topic,
        kind=comparison.kind,
        as_of=as_of.isoformat(),
        rows=[_row_out(row) for row in comparison.rows],
        missing=[row.jurisdiction for row in comparison.rows if row.state != "found"],
    )


def _row_out(row: Row) -> RowOut:
    return RowOut(
        jurisdiction=row.jurisdiction,
        state=row.state,
        words=row.words,
        citation=CitationOut.model_validate(row.citation) if row.citation else None,
        amounts=[AmountOut.model_validate(amount) for amount in row.amounts],
        lead_units=list(row.lead_units),
        responsible_units=list(row.responsible_units),
        validity=validity_out(row.validity),
    )


def router(library: Provider, settings: Settings) -> APIRouter:
    """Return the endpoint of the comparison."""
    routes = APIRouter(prefix="/api/v1", tags=["提问"])

    @routes.get("/compare", summary="几个地方的规定并列", dependencies=[Depends(fresh(library))])
    def compare(
        topic: Annotated[str, Query(min_length=1, description="What to compare, in everyday words")],
        jurisdiction: Annotated[
            list[str] | None, Query(description="A place; repeat it for each; none: all of the store")
        ] = None,
        as_of: Day = None,
    ) -> ComparisonOut:
        opened, when = library(), day(as_of) or date.today()
        if not topic.strip() or len(topic) > settings.question_limit:
            raise ProblemError(
                422, f"主题是空的，或超过 {settings.question_limit} 字", "写一个短句，如 首次入规奖励"
            )
        places = jurisdiction or list(opened.jurisdictions())
        if len(places) > _MOST:
            raise ProblemError(422, f"地方超过 {_MOST} 个", "用 jurisdiction 指明要比较的地方")
        return comparison_out(opened.compare(topic.strip(), places, as_of=when), when)

    return routes
