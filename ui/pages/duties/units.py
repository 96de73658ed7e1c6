"""职责追溯/单位: from a unit or a measure to who answers for what."""

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from graph import network
from graph.citing import Citations
from graph.facts import Role
from graph.queries import ROLES, UnitRow
from graph.tracing import Charge, charges, gave_over, heading, kin, on_whom, standing, took_over
from graph.units.names import parts, spoken_forms
from graph.units.reforms import change_between
from graph.validity import State
from ui.frame import page
from ui.http.exports import address, exported
from ui.http.problems import day
from ui.kept import KeptOne
from ui.pages.duties.picture import draw
from ui.pages.duties.roll import Roll, count
from ui.pages.ways import UNCLEAR, clause_link, document_link, unit_link, unit_way
from ui.service import Service
from ui.tables import Table
from ui.words import NO_LEAD
from ui.words import ROLES as ROLE_WORDS

NO_UNIT = "文件未写明承担单位"
_NEAREST = 10  # clauses that a search for a measure shows
_A_PAGE = 100  # units on a page
_SUGGESTED = 600  # units that the search field suggests
STANDING: Mapping[State, str] = MappingProxyType(
    {"in_force": "有效", "expired": "已过期", "draft": "征求意见稿"}
)
SECTIONS: tuple[tuple[Role, str], ...] = (
    ("lead", "牵头"),
    ("responsible", "责任"),
    ("support", "配合"),
    ("oversight", "监督"),
)


def router(service: Service, rolls: KeptOne[Roll]) -> APIRouter:
    """Return the pages ``/duties`` and ``/duties/unit``."""
    routes, repeals = APIRouter(include_in_schema=False), KeptOne(Citations)

    @routes.get("/duties")
    def find(request: Request, q: str = "", m: str = "", place: str = "", part: int = 1) -> Response:
        generation = service.generation()
        roll = rolls.of(generation)
        place = place if place in roll.choices else ""
        q, m = q.strip(), m.strip()[: service.settings.question_limit]
        rows, sure = roll.names(q, place) if q else (roll.of_place(place), False)
        if sure and "format" not in request.query_params:
            asked = {"asked": q} if change_between(parts(q).stem, rows[0].unit) else {}
            return RedirectResponse(unit_way(rows[0].jurisdiction, rows[0].unit, **asked), 303)
        table = _measures(service, roll, repeals.of(generation), m, place) if m else _listed(roll, rows)
        if file := exported(request, f"职责追溯-{m or q or place or '全部单位'}", table):
            return file
        parts_of = max(1, -(-len(table.rows) // _A_PAGE))
        part = min(max(part, 1), parts_of)
        return page(
            "duties/find.html", here="/duties", tab="/duties", q=q, m=m, place=place, regions=roll.choices,
            suggested=_suggested(roll, place), made=table.part((part - 1) * _A_PAGE, part * _A_PAGE),
            total=len(table.rows), part=part, parts=parts_of, files=address(request, "part"),
        )  # fmt: skip

    @routes.get("/duties/unit")
    def unit(
        request: Request, name: str = "", place: str = "", source: str = "", asked: str = "", as_of: str = ""
    ) -> Response:
        when = day(as_of) or date.today()
        generation = service.generation()
        roll = rolls.of(generation)
        if not roll.has(place, name):
            rows, _ = roll.names(name, place if place in roll.choices else "")
            if len(rows) == 1:
                return RedirectResponse(unit_way(rows[0].jurisdiction, rows[0].unit), 303)
            return page("duties/missing.html", 404, here="/duties", tab="", name=name, q=name)
        held = charges(generation, name, place, when, repeals.of(generation).repeal)
        shown = [charge for charge in held if source in ("", charge.source)]
        lists = [(role, word, _charges(name, role, word, shown)) for role, word in SECTIONS]
        found = network.partners(generation, name, place)
        partners = _partners(found)
        told = f"{name}-{roll.place_name(place)}"
        if file := exported(request, told, *(made for *_, made in lists if made.rows), partners):
            return file
        here = [row.unit for row in roll.of_place(place) if row.jurisdiction == place]
        return page(
            "duties/unit.html", here="/duties", tab="/duties", unit=roll.unit(place, name), lists=lists,
            place=roll.place_name(place), names=spoken_forms(name), partners=partners,
            picture=draw(network.around(name, place, found), (place, name)),
            document=roll.policies[source].title if source in roll.policies else "",
            whole=unit_way(place, name), day=when.isoformat(), files=address(request),
            shown=len(shown), held=len(held),
            no_lead=NO_LEAD if not any(roll.unit(place, each).lead for each in here) else "",
            kin=[(each, unit_way(place, each.unit)) for each in kin(name, here)],
            took=took_over(name), gave=gave_over(name), asked=asked,
            reform=change_between(parts(asked).stem, name) if asked and asked != name else None,
        )  # fmt: skip

    return routes


def _listed(roll: Roll, rows: Sequence[UnitRow]) -> Table:
    """Return units with the number of clauses that each has each role in."""
    return Table(
        "units",
        "单位和件数",
        ("单位", "地区", *(f"{ROLE_WORDS[role]}（件）" for role in ROLES)),
        tuple(
            (
                unit_link(row.jurisdiction, row.unit),
                roll.place_told(row.jurisdiction),
                *(count(row, role) for role in ROLES),
            )
            for row in rows
        ),
    )


def _charges(unit: str, role: Role, word: str, held: Sequence[Charge]) -> Table:
    """Return what is on a unit in one role, a row a clause, in document order."""
    return Table(
        role,
        word,
        ("序号", "条款", "事项", "数额和期限", "效力", "文件", "原文另写作"),
        tuple(
            (
                number,
                clause_link(charge.source, charge.locator),
                charge.heading,
                "；".join(charge.figures) or None,
                _standing(charge.state, charge.until),
                document_link(charge.source, charge.policy),
                charge.written if charge.written != unit else None,
            )
            for number, charge in enumerate((c for c in held if c.role == role), start=1)
        ),
    )


def _standing(state: State, until: str | None) -> str | None:
    """Say in a word whether a clause is in force; None where the document writes no period."""
    if state == "unknown":
        return None
    return STANDING[state] + (f"，至 {until}" if until else "")


def _partners(found: Sequence[network.Partner]) -> Table:
    """Return the units that stand in the same clauses, those with most first."""
    return Table(
        "partners",
        "协作单位",
        ("单位", "共同条款（件）", "本单位牵头（件）", "对方牵头（件）"),
        tuple((unit_link(row.jurisdiction, row.unit), row.clauses, row.leads, row.led) for row in found),
    )


def _measures(service: Service, roll: Roll, repeals: Citations, text: str, place: str) -> Table:
    """Return the clauses nearest to a text with the units of each, also those of its heading."""
    wanted = None if place in ("", UNCLEAR) else place
    generation, today = service.generation(), date.today()
    hits = service.library().search(text, jurisdiction=wanted, limit=_NEAREST)
    rows = []
    for hit in hits:
        if hit.source not in generation:
            continue  # taken out between the two looks at the store
        record = generation.record(hit.source)
        duties = on_whom(record, (hit.locator,))[hit.locator]
        home = record.policy.jurisdiction or hit.source
        clause = record.policy.clause(hit.locator)
        by_role = [
            tuple(unit_link(home, name) for name in dict.fromkeys(d.unit for d in duties if d.role == role))
            for role in ROLES
        ]
        rows.append(
            (
                clause_link(hit.source, hit.locator),
                heading(clause) if clause else hit.title,
                by_role[0] or (NO_LEAD if duties else NO_UNIT),
                *(units or None for units in by_role[1:]),
                _standing(*standing(record, clause, today, repeals.repeal(hit.source))),
                document_link(hit.source, record.policy.title),
                roll.place_name(home),
            )
        )
    names = (f"{ROLE_WORDS[role]}单位" for role in ROLES)
    return Table(
        "measures", "最相近的条款和承担单位", ("条款", "事项", *names, "效力", "文件", "地区"), tuple(rows)
    )


def _suggested(roll: Roll, place: str) -> list[tuple[str, str]]:
    """Return what the search field offers: the unit with its place, and its other names."""
    rows = roll.of_place(place)[:_SUGGESTED]
    return [
        (f"{row.unit} {roll.place_name(row.jurisdiction)}", "、".join(spoken_forms(row.unit))) for row in rows
    ]
