"""Signing in and out, and one's own password."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse

from ui.frame import page
from ui.http.journal import request_id
from ui.http.signing import Refused, begin, foreign, leave, local, signed_in
from ui.ledger.accounts import SHORTEST, Account, AccountError, BusyError, plain
from ui.pages.admin.room import install, view
from ui.service import Service

_WRONG = "账号或密码不对。"
_TOO_MANY = "试得太多，请过 {} 秒再试。"


def router(service: Service) -> APIRouter:
    """Return ``/sign-in`` and ``/sign-out``."""
    install()
    routes = APIRouter(include_in_schema=False)
    ledger = service.ledger
    person = signed_in(service)

    def shown(next: str, name: str = "", wrong: str = "", status: int = 200) -> Response:
        first = not ledger.accounts.any()
        return page(
            "admin/sign-in.html", status, here="/admin", next=local(next), name=name, wrong=wrong, first=first
        )

    @routes.get("/sign-in")
    def form(next: str = "/admin") -> Response:
        return shown(next)

    @routes.post("/sign-in")
    def sign_in(
        request: Request,
        name: Annotated[str, Form(max_length=200)] = "",
        password: Annotated[str, Form(max_length=1000)] = "",
        next: Annotated[str, Form(max_length=2000)] = "/admin",
    ) -> Response:
        if foreign(request):
            raise Refused(403, "请求来自别的网站", "从本站的登录页登录")
        name, address = plain(name)[:80], _address(request)
        wait = ledger.throttle.begin(name, address)
        if wait:
            response = shown(next, name, _TOO_MANY.format(wait), 429)
            response.headers["retry-after"] = str(wait)
            return response
        try:
            account = ledger.accounts.check(name, password)
        except BusyError as error:
            return shown(next, name, f"{error.what}，{error.remedy}。", 503)
        # A name that is none may be a password in the wrong field: it is not written down.
        ledger.audit.write(
            name if ledger.accounts.known(name) else "（没有这个账号）",
            "sign-in", outcome="done" if account else "refused", detail=address, request=request_id(),
        )  # fmt: skip
        if account is None:
            return shown(next, name, _WRONG, 401)
        ledger.throttle.clear(name, address)
        answer = RedirectResponse(local(next), status_code=303)
        begin(service, request, answer, account)
        return answer

    @routes.get("/admin/password")
    def ask_anew(account: Annotated[Account, Depends(person)]) -> Response:
        return view("admin/password.html", account, "", wrong="", shortest=SHORTEST)

    @routes.post("/admin/password")
    def change(
        request: Request,
        account: Annotated[Account, Depends(person)],
        present: Annotated[str, Form(max_length=1000)] = "",
        password: Annotated[str, Form(max_length=1000)] = "",
        again: Annotated[str, Form(max_length=1000)] = "",
    ) -> Response:
        def told(wrong: str, status: int = 422) -> Response:
            return view("admin/password.html", account, "", status, wrong=wrong, shortest=SHORTEST)

        if password != again:
            return told("两次输入的新密码不一样。")
        address = _address(request)
        if wait := ledger.throttle.begin(account.name, address):
            return told(_TOO_MANY.format(wait), 429)
        try:
            known = ledger.accounts.check(account.name, present)
        except BusyError as error:
            return told(f"{error.what}，{error.remedy}。", 503)
        if known is None:
            ledger.audit.write(account.name, "password", outcome="refused", request=request_id())
            return told("现在的密码不对。")
        ledger.throttle.clear(account.name, address)
        try:
            with ledger.together():
                ledger.accounts.change(account.name, password)
                ledger.audit.write(account.name, "password", subject=account.name, request=request_id())
        except AccountError as error:
            return told(f"{error.what}。{error.remedy}。")
        answer = RedirectResponse("/admin?done=password", status_code=303)
        begin(service, request, answer, account)
        return answer

    @routes.post("/sign-out")
    def sign_out(request: Request, account: Annotated[Account, Depends(person)]) -> Response:
        answer = RedirectResponse("/sign-in", status_code=303)
        leave(service, request, answer)
        ledger.audit.write(account.name, "sign-out", request=request_id())
        return answer

    return routes


def _address(request: Request) -> str:
    return request.client.host if request.client else ""
