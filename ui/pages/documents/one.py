"""The page of one document: its heading, what surrounds it, and the whole text with its facts marked."""

from collections.abc import Iterator
from datetime import date
from urllib.parse import quote

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse
from markupsafe import Markup

from graph.facts import Relation
from graph.queries import ROLES
from qa.dossier import RELATIONS, Dossier, Named
from ui.frame import page
from ui.pages.documents.kept import KeptDocuments
from ui.pages.documents.listing import TODAY
from ui.pages.ways import document, unit_link
from ui.tables import Table
from ui.words import POLICY_STATUS, SEVERITY, validity_line
from ui.words import ROLES as ROLE_WORDS

_NAMES: dict[Relation, str] = {
    "repeals": "废止的文件",
    "amends": "修改的文件",
    "based_on": "依据的文件",
    "applies": "贯彻落实的文件",
    "cites": "提到的其他文件",
}
_NAMED_BY: dict[Relation, str] = {
    "repeals": "废止本文件",
    "amends": "修改本文件",
    "based_on": "以本文件为依据",
    "applies": "贯彻落实本文件",
    "cites": "提到本文件",
}


def router(kept: KeptDocuments) -> APIRouter:
    """Return the page ``/documents/{source}``."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/documents/")
    def slash() -> Response:
        return RedirectResponse("/documents", status_code=301)

    @routes.get("/documents/{source}")
    def one(source: str) -> Response:
        today = date.today()
        found = kept.dossier(source, today)
        if found is None:
            return page("documents/missing.html", status=404, here="/documents", source=source)
        contents, text = kept.text(source, today)
        head = found.head
        return page(
            "documents/one.html",
            here="/documents",
            head=head,
            place=quote(source, safe=""),
            printed_as=POLICY_STATUS[head.status],
            today=TODAY[found.validity.state],
            validity="" if found.validity.state == "unknown" else validity_line(found.validity),
            state=found.validity.state,
            names=tuple(_grouped(found)),
            named_by=[(_NAMED_BY[link.reference.relation], link) for link in found.named_by],
            document=document,
            units=_units(found),
            findings=found.findings,
            severity=SEVERITY,
            contents=Markup(contents),  # noqa: S704  every text of the document is escaped where it is written
            text=Markup(text),  # noqa: S704  likewise
            kinds=_kinds(),
        )

    return routes


def _kinds() -> tuple[tuple[str, str], ...]:
    """The kinds of mark that the legend switches, with their words."""
    return (("figure", "金额和数值"), ("date", "日期和期限"), ("unit", "单位"), ("reference", "引用的文件"))


def _grouped(found: Dossier) -> Iterator[tuple[str, list[Named]]]:
    for relation in RELATIONS:
        if named := [each for each in found.names if each.reference.relation == relation]:
            yield _NAMES[relation], named


def _units(found: Dossier) -> Table:
    rows = tuple(
        (unit_link(share.jurisdiction, share.unit), *(count or None for count in share.counts))
        for share in found.units
    )
    columns = ("单位", *(ROLE_WORDS[role] for role in ROLES))
    return Table("units", "各单位在几条里承担什么", columns, rows)
