"""The documents of the store, for those who keep it: find one, take one out."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Response
from fastapi.responses import RedirectResponse

from graph.queries import PolicyRow, policies
from graph.review.desk import doubtful
from graph.storage.durable import StoreError
from graph.storage.generations import Generation
from ui.http.signing import Refused, audited, signed_in
from ui.intake import remove
from ui.ledger.accounts import Account
from ui.pages.admin.room import view
from ui.service import Service

_TAB = "/admin/upload"
_HERE = "/admin/documents"


def router(service: Service) -> APIRouter:
    """Return the pages ``/admin/documents`` and ``/admin/documents/remove``."""
    routes = APIRouter(include_in_schema=False)
    Signed = Annotated[Account, Depends(signed_in(service))]  # noqa: N806 – a type

    @routes.get(_HERE)
    def documents(account: Signed, q: str = "", removed: str = "") -> Response:
        words = q.split()
        rows = [row for row in policies(service.generation()) if all(word in _words(row) for word in words)]
        return view("admin/documents.html", account, _TAB, rows=rows, q=q, removed=removed)

    @routes.get(_HERE + "/remove")
    def ask(account: Signed, source: str) -> Response:
        return _asked(service.generation(), account, source)

    @routes.post(_HERE + "/remove")
    def take_out(
        account: Signed, source: Annotated[str, Form()], typed: Annotated[str, Form()] = ""
    ) -> Response:
        generation = service.generation()
        if typed.strip() != source:
            return _asked(generation, account, source, "写的短名不对，没有删")
        if source not in generation:
            raise Refused(404, "没有这份文件", "可能刚被删去，请回到文件列表")
        settings = service.settings
        try:
            with audited(service, account, "remove", source, generation.record(source).policy.title):
                remove(source, settings.store, model=settings.model, by=account.name, keep=settings.keep)
        except StoreError as error:
            return _asked(generation, account, source, f"{error.what}。{error.remedy}")
        return RedirectResponse(f"{_HERE}?removed=1", status_code=303)

    return routes


def _words(row: PolicyRow) -> str:
    return " ".join(filter(None, (row.source, row.title, row.number, row.jurisdiction)))


def _asked(generation: Generation, account: Account, source: str, wrong: str = "") -> Response:
    if source not in generation:
        raise Refused(404, "没有这份文件", "可能刚被删去，请回到文件列表")
    record = generation.record(source)
    counts = (
        ("条款", len(record.policy.clauses)),
        ("单位", len(record.duties)),
        ("数据", len(record.quantities)),
        ("核对记录", len(generation.history(source))),
        ("尚未核对的可疑之处", doubtful(record)),
    )
    return view(
        "admin/remove.html", account, _TAB, 422 if wrong else 200,
        source=source, policy=record.policy, counts=counts, wrong=wrong,
    )  # fmt: skip
