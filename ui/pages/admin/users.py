"""用户与密钥: accounts of people and keys of programs, for admins."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Response
from fastapi.responses import RedirectResponse

from ui.http.journal import request_id
from ui.http.signing import signed_in
from ui.ledger.accounts import SHORTEST, Account, AccountError, Role
from ui.pages.admin.room import notice, view
from ui.service import Service

_TAB = "/admin/users"


def router(service: Service) -> APIRouter:
    """Return ``/admin/users`` and what its forms are sent to."""
    routes = APIRouter(prefix=_TAB, include_in_schema=False)
    ledger = service.ledger
    Admin = Annotated[Account, Depends(signed_in(service, "admin"))]  # noqa: N806  a type
    Text = Annotated[str, Form(max_length=1000)]  # noqa: N806

    def shown(
        account: Account, *, status: int = 200, done: str = "", wrong: str = "", key: str = ""
    ) -> Response:
        return view(
            "admin/users.html", account, _TAB, status, people=ledger.accounts.all(), keys=ledger.keys.all(),
            shortest=SHORTEST, done=notice(done), wrong=wrong, key=key,
        )  # fmt: skip

    def deed(
        account: Account, action: str, subject: str, do: Callable[[], None], detail: str = ""
    ) -> Response:
        """Do it and log it, both or neither; then the page anew, so that reloading does nothing twice."""
        try:
            with ledger.together():
                do()
                ledger.audit.write(account.name, action, subject=subject, detail=detail, request=request_id())
        except AccountError as error:
            return shown(account, status=422, wrong=f"{error.what}。{error.remedy}。")
        return RedirectResponse(f"{_TAB}?done={action}", status_code=303)

    @routes.get("")
    def users(account: Admin, done: str = "") -> Response:
        return shown(account, done=done)

    @routes.post("/add")
    def add(
        account: Admin, name: Text = "", password: Text = "", role: Annotated[Role, Form()] = "editor"
    ) -> Response:
        return deed(
            account, "user-add", name, lambda: _nothing(ledger.accounts.add(name, password, role)), role
        )

    @routes.post("/password")
    def password(account: Admin, name: Text = "", password: Text = "") -> Response:
        return deed(account, "password", name, lambda: ledger.accounts.change(name, password))

    @routes.post("/remove")
    def remove(account: Admin, name: Text = "") -> Response:
        return deed(account, "user-remove", name, lambda: ledger.accounts.remove(name))

    @routes.post("/key")
    def key(account: Admin, name: Text = "", role: Annotated[Role, Form()] = "editor") -> Response:
        try:
            with ledger.together():
                made = ledger.keys.add(name, role, account.name)
                ledger.audit.write(account.name, "key-add", subject=name, detail=role, request=request_id())
        except AccountError as error:
            return shown(account, status=422, wrong=f"{error.what}。{error.remedy}。")
        return shown(account, key=made)  # no way back to it: it is shown once

    @routes.post("/revoke")
    def revoke(account: Admin, id: Annotated[int, Form()]) -> Response:
        name = next((row.name for row in ledger.keys.all() if row.id == id), "")
        return deed(account, "key-revoke", name, lambda: _nothing(ledger.keys.revoke(id)), f"编号 {id}")

    return routes


def _nothing(_made: object) -> None:
    """Let go of what a deed returns."""
