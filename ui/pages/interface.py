"""接口: the list of the API's endpoints, for people."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from ui.frame import page
from ui.service import Service


def router(_service: Service) -> APIRouter:
    """Return the page ``/docs``."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/docs")
    def docs(request: Request) -> HTMLResponse:
        rows = [
            (method.upper(), path, operation.get("summary", ""))
            for path, methods in request.app.openapi()["paths"].items()
            for method, operation in methods.items()
        ]
        return page("interface.html", here="", rows=rows)

    return routes
