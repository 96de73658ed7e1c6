"""职责追溯/单位×文件: in how many clauses of each document a unit has which role."""

from collections.abc import Collection, Mapping, Sequence

from fastapi import APIRouter, Request, Response

from graph.facts import Role
from graph.queries import ROLES
from ui.frame import page
from ui.http.exports import address, exported
from ui.kept import KeptOne
from ui.pages.duties.roll import Roll
from ui.pages.ways import UNCLEAR, unit_link, unit_way
from ui.service import Service
from ui.tables import Cell, Link, Table
from ui.words import ROLES as ROLE_WORDS

_A_PAGE = 8  # documents beside each other
_UNITS = 60  # units below each other


def router(service: Service, rolls: KeptOne[Roll]) -> APIRouter:
    """Return the page ``/duties/matrix``."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/duties/matrix")
    def show(
        request: Request, place: str = "", role: str = "", q: str = "", part: int = 1, rows: int = 1
    ) -> Response:
        roll = rolls.of(service.generation())
        place = place if place in roll.choices else ""
        roles = tuple(each for each in ROLES if role in ("", each)) or ROLES
        q = q.strip()
        sources = [
            source for source in roll.sources_of(place) if q in roll.policies[source].title or q == source
        ]
        others = sum(place in ("", row.jurisdiction or UNCLEAR) for row in roll.policies.values()) - len(
            sources
        )
        if "format" in request.query_params:
            made = matrix(roll, place, roles, sources)
            return exported(request, f"单位×文件-{place or '全部地区'}", made) or Response(status_code=204)
        parts = max(1, -(-len(sources) // _A_PAGE))
        part = min(max(part, 1), parts)
        shown = sources[(part - 1) * _A_PAGE : part * _A_PAGE]
        made = matrix(roll, place, roles, shown)
        rows_parts = max(1, -(-len(made.rows) // _UNITS))
        rows = min(max(rows, 1), rows_parts)
        return page(
            "duties/matrix.html", here="/duties", tab="/duties/matrix", place=place, regions=roll.choices,
            role=role, roles=[(each, ROLE_WORDS[each]) for each in ROLES], q=q, sources=shown,
            made=made.part((rows - 1) * _UNITS, rows * _UNITS), all_units=len(made.rows),
            all_documents=len(sources), others=others, first=(part - 1) * _A_PAGE + 1, part=part, parts=parts,
            rows=rows, rows_parts=rows_parts, files=address(request, "part", "rows"),
        )  # fmt: skip

    return routes


def matrix(roll: Roll, place: str, roles: Collection[Role], sources: Sequence[str]) -> Table:
    """Return the units of a place by documents; only units with a share in one of them.

    With one role a cell is a number, with several it names each (牵头2 责任5); none is empty.
    """
    column = {source: at for at, source in enumerate(sources)}
    counts: dict[tuple[str, str], dict[str, dict[Role, int]]] = {}
    for share in roll.shares:
        if roll.in_place(share.jurisdiction, place) and share.source in column and share.role in roles:
            held = counts.setdefault((share.jurisdiction, share.unit), {})
            held.setdefault(share.source, {})[share.role] = share.count
    order = sorted(counts, key=lambda unit: (-sum(sum(c.values()) for c in counts[unit].values()), unit))
    rows = tuple(
        (
            unit_link(*unit),
            roll.place_told(unit[0]),
            *(_cell(unit, source, counts[unit].get(source), len(roles)) for source in sources),
        )
        for unit in order
    )
    return Table(
        "matrix", "单位×文件", ("单位", "地区", *(roll.policies[source].title for source in sources)), rows
    )


def _cell(unit: tuple[str, str], source: str, held: Mapping[Role, int] | None, roles: int) -> Cell:
    if not held:
        return None
    way = unit_way(*unit, source=source)
    if roles == 1:
        return Link(sum(held.values()), way)
    return Link(" ".join(f"{ROLE_WORDS[role]}{held[role]}" for role in ROLES if role in held), way)
