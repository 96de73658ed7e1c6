"""职责追溯: whose duty a measure is, what is on a unit, who works with whom."""

from fastapi import APIRouter

from ui.kept import KeptOne
from ui.pages.duties import comparing, findings, matrix, networks, query, units
from ui.pages.duties.roll import Roll
from ui.service import Service


def router(service: Service) -> APIRouter:
    """Return the pages ``/duties`` and all below it; they share what is known of the units."""
    rolls = KeptOne(Roll.of)
    routes = APIRouter()
    for pages in (units, networks, matrix):
        routes.include_router(pages.router(service, rolls))
    for others in (comparing, findings, query):
        routes.include_router(others.router(service))
    return routes
