"""职责追溯/单位: from a unit or a measure to who answers for what."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from ui.pages.frame import page
from ui.service import Service


def router(_service: Service) -> APIRouter:
    """Return the pages ``/duties`` and ``/duties/unit``."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/duties")
    def find() -> HTMLResponse:
        return page("duties/find.html", here="/duties", tab="/duties")

    return routes
