"""概览: what stands, what waits, what was done last."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from ui.http.signing import signed_in
from ui.ledger.accounts import Account
from ui.pages.admin.room import view
from ui.service import Service


def router(service: Service) -> APIRouter:
    """Return the page ``/admin``."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/admin")
    def overview(account: Annotated[Account, Depends(signed_in(service))]) -> Response:
        return view("admin/overview.html", account, "/admin", generation=service.generation())

    return routes
