"""Application guides over HTTP, as JSON."""

from datetime import date

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from qa.guide import Guide
from qa.guide.model import Item
from qa.guide.telling import advice
from ui.doors import Provider
from ui.http.etags import fresh
from ui.http.problems import Day, ProblemError, day
from ui.http.reading import Locator, Source
from ui.wire import CitationOut, ValidityOut, validity_out


class _Wire(BaseModel):
    model_config = ConfigDict(frozen=True, from_attributes=True)


class SaidOut(_Wire):
    """Words of the document under one heading of the guide."""

    words: str = Field(description="text[start:end] of the document, white space dropped")
    locator: str = Field(description="Clause that they stand in")
    start: int | None = Field(description="First character; null for knowledge without text")
    end: int | None = Field(description="The character after the last")
    general: bool = Field(description="Said elsewhere in the document on claiming as such")


class GiftOut(_Wire):
    """One sum, rate or relief."""

    kind: str = Field(description="What it is, in Chinese: 奖励, 补贴, …")
    figure: str = Field(description="The figure as printed, with its bound")
    each: str = Field(description="What it is given for: 每人每月, 一次性, …; or empty")
    base: str = Field(description="What a rate is taken of; or empty")
    recipient: str = Field(description="To whom; may be empty")
    condition: str = Field(description="On what condition; may be empty")
    caps: list[str] = Field(description="Upper limits as printed")
    payer: str = Field(description="Who pays this sum; may be empty")
    stage: int | None = Field(description="Its place in a staged row, from 1")
    value: float | int | str = Field(description="In `unit`; yuan for money")
    unit: str = Field(description="CNY, percent, month, …")
    role: str = Field(description="reward, subsidy, cap, per_unit_rate, …")
    bound: str = Field(description="exact, at_least, at_most, below or above")
    locator: str = Field(description="Clause that it stands in")
    start: int | None = Field(description="First character of the figure")
    end: int | None = Field(description="The character after it")
    doubt: str = Field(description="Why the reading waits for an official (Chinese); empty when it does not")


class ItemOut(_Wire):
    """One sentence by which something can be claimed."""

    said: SaidOut
    audience: str = Field(description="Whom the sentence names; may be empty")
    gifts: list[GiftOut] = Field(description="Its sums, rates and reliefs")
    validity: ValidityOut


class GuideOut(_Wire):
    """An application guide; what the document does not give is listed in `missing`."""

    source: str = Field(description="Short name of the document")
    policy: str = Field(description="Title of the document")
    number: str | None = Field(description="Document number, canonical form")
    jurisdiction: str | None = Field(description="Place that it speaks for")
    status: str = Field(description="issued, draft or repealed")
    verbatim: bool = Field(description="False: made from an editor's gist, the text is not in the store")
    locator: str = Field(description="Clause that the guide is for")
    title: str = Field(description="Its title, or that of the nearest heading above")
    as_of: str | None = Field(description="Day for which validity is told")
    audience: list[str] = Field(description="Who may claim, as figures and sentences name them")
    who: list[SaidOut] = Field(description="Sentences that say who may claim")
    items: list[ItemOut] = Field(description="What can be claimed")
    conditions: list[SaidOut] = Field(description="Further conditions")
    window: list[SaidOut] = Field(description="When to apply")
    where: list[SaidOut] = Field(description="Where to apply")
    materials: list[SaidOut] = Field(description="What to hand in")
    process: list[SaidOut] = Field(description="How it is decided and paid")
    payers: list[SaidOut] = Field(description="Who pays")
    lead_units: list[str] = Field(description="Units that the document writes as leading")
    responsible_units: list[str] = Field(description="Units that answer for it, in the document's order")
    support_units: list[str] = Field(description="Units that support")
    units_locator: str = Field(description="Clause that names the units: this one, or one above it")
    validity: ValidityOut
    citations: list[CitationOut] = Field(description="Every sentence of the guide, with its place")
    missing: list[str] = Field(description="Parts not given: audience, amount, condition, validity, …")
    text: str = Field(description="The guide as plain text, for copying")


def guide_out(guide: Guide) -> GuideOut:
    """Return a guide for the wire."""
    fields = {name: getattr(guide, name) for name in GuideOut.model_fields}
    fields["items"] = [_item_out(item) for item in guide.items]
    fields["validity"] = validity_out(guide.validity)
    return GuideOut.model_validate(fields)


def _item_out(item: Item) -> ItemOut:
    return ItemOut(
        said=SaidOut.model_validate(item.said),
        audience=item.audience,
        gifts=[GiftOut.model_validate(gift) for gift in item.gifts],
        validity=validity_out(item.validity),
    )


def router(library: Provider) -> APIRouter:
    """Return the endpoints of the guides."""
    routes = APIRouter(tags=["申报指南"])

    @routes.get(
        "/api/v1/guides/{source}/{locator:path}",
        summary="一项措施的申报指南",
        dependencies=[Depends(fresh(library))],
    )
    def guide(source: Source, locator: Locator, as_of: Day = None) -> GuideOut:
        found = library().guide(source, locator, as_of=day(as_of) or date.today())
        if isinstance(found, Guide):
            return guide_out(found)
        if found is None:
            raise ProblemError(404, f"{source} 里没有条款 {locator}", "位置的写法如 附件2/四/（三）")
        raise ProblemError(404, found.reason, advice(found))

    return routes
