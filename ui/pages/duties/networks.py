"""职责追溯/协同网络: who works with whom in a place or a document, as a picture and as tables."""

from collections.abc import Mapping

from fastapi import APIRouter, Request, Response

from graph import network
from graph.queries import ROLES
from graph.storage.generations import Generation
from ui.frame import page
from ui.http.exports import address, exported
from ui.kept import Kept, KeptOne
from ui.pages.duties.picture import Picture, Unit, draw, ties
from ui.pages.duties.roll import Roll
from ui.pages.ways import unit_link
from ui.service import Service
from ui.tables import Table
from ui.words import ROLES as ROLE_WORDS

_A_PAGE = 50


def router(service: Service, rolls: KeptOne[Roll]) -> APIRouter:
    """Return the page ``/duties/network``."""
    routes, drawn = APIRouter(include_in_schema=False), Kept(_made, most=16)

    @routes.get("/duties/network")
    def show(request: Request, place: str = "", source: str = "", part: int = 1) -> Response:
        generation = service.generation()
        roll = rolls.of(generation)
        place = place if place in roll.choices else roll.busiest
        sources = roll.sources_of(place)
        source = source if source in sources else ""
        picture, units, pairs = drawn.of(generation, "\n".join([source] if source else sources))
        told = roll.policies[source].title if source else place
        if file := exported(request, f"协同网络-{told}", units, pairs):
            return file
        parts = max(1, -(-len(pairs.rows) // _A_PAGE))
        part = min(max(part, 1), parts)
        return page(
            "duties/network.html", here="/duties", tab="/duties/network", place=place, regions=roll.choices,
            source=source, documents=[(each, roll.policies[each].title) for each in sources], told=told,
            picture=picture, units=units.part(0, _A_PAGE), all_units=len(units.rows),
            pairs=pairs.part((part - 1) * _A_PAGE, part * _A_PAGE), all_pairs=len(pairs.rows),
            part=part, parts=parts, files=address(request, "part"),
        )  # fmt: skip

    return routes


def _made(generation: Generation, sources: str) -> tuple[Picture, Table, Table]:
    """Return the picture, the units and the pairs of some documents (a line each)."""
    joined = network.cooperation(generation, sources.splitlines())
    rows = sorted(joined.nodes(data=True), key=lambda row: (-row[1]["lead"], -joined.degree(row[0]), row[0]))
    units = Table(
        "units",
        "单位在网络里的位置",
        ("单位", "协作单位（个）", *(f"{ROLE_WORDS[role]}（件）" for role in ROLES)),
        tuple(
            (unit_link(*unit), joined.degree(unit), *(held[role] for role in ROLES)) for unit, held in rows
        ),
    )
    pairs = Table(
        "pairs",
        "两两协作",
        ("单位甲", "单位乙", "共同条款（件）", "甲牵头（件）", "乙牵头（件）"),
        tuple(
            (
                unit_link(*tie.one),
                unit_link(*tie.other),
                tie.weight,
                _led(tie.led, tie.one),
                _led(tie.led, tie.other),
            )
            for tie in ties(joined)
        ),
    )
    return draw(joined), units, pairs


def _led(led: Mapping[Unit, int], unit: Unit) -> int | None:
    return led.get(unit) or None
