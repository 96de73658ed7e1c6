"""版本: what changed the store and when, what differs between two versions, the way back, the backup."""

import shutil
import tempfile
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Response
from fastapi.responses import FileResponse, RedirectResponse
from starlette.background import BackgroundTask

from graph.changes import between
from graph.storage.durable import StoreError
from graph.storage.generations import Generation
from graph.storage.store import Store
from ui import versions
from ui.http.signing import Refused, audited, signed_in
from ui.intake import roll_back
from ui.ledger.accounts import Account
from ui.pages.admin.room import view
from ui.service import Service

_HERE = "/admin/generations"
_SHOWN = 200  # versions in the list
_INSIDE = 6  # so many replaced documents are compared at once; of more, each when it is asked for


def router(service: Service) -> APIRouter:
    """Return the pages below ``/admin/generations`` and the backup."""
    routes = APIRouter(include_in_schema=False)
    Signed = Annotated[Account, Depends(signed_in(service))]  # noqa: N806 – a type
    settings = service.settings

    @routes.get(_HERE)
    def history(account: Signed, made: str = "") -> Response:
        current = service.generation()
        lines = _store(service).history()
        return view(
            "admin/generations.html", account, _HERE, lines=lines[:_SHOWN], more=len(lines) > _SHOWN,
            current=current.name, documents=len(current.sources), keep=settings.keep, made=made,
            number=versions.number, when=versions.when, what=versions.what,
        )  # fmt: skip

    @routes.get(_HERE + "/diff")
    def diff(account: Signed, before: str, after: str = "", source: str = "") -> Response:
        older, newer = _kept(service, before), _kept(service, after or service.generation().name)
        return view(
            "admin/diff.html", account, _HERE, older=older.name, newer=newer.name, source=source,
            **_differences(older, newer, source), number=versions.number, signs=versions.SIGNS,
        )  # fmt: skip

    @routes.get(_HERE + "/rollback")
    def ask(account: Signed, to: str) -> Response:
        return _asked(service, account, to)

    @routes.post(_HERE + "/rollback")
    def go_back(account: Signed, to: Annotated[str, Form()], sure: Annotated[str, Form()] = "") -> Response:
        name = _kept(service, to).name
        if not sure:
            return _asked(service, account, to, "没有勾选确认，没有退回")
        try:
            with audited(service, account, "rollback", f"版本 {versions.number(name)}"):
                made = roll_back(
                    name, settings.store, model=settings.model, by=account.name, keep=settings.keep
                )
        except StoreError as error:
            return _asked(service, account, to, f"{error.what}。{error.remedy}")
        return RedirectResponse(f"{_HERE}?made={versions.number(made)}", status_code=303)

    @routes.post("/admin/backup")
    def backup(account: Signed) -> Response:
        folder = Path(tempfile.mkdtemp(prefix="zhengwen-"))
        name = f"zhengwen-{versions.number(service.generation().name)}.tar.gz"
        try:
            with audited(service, account, "export", "备份"):
                Store.open(settings.store, budget=0).backup(folder / name)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        clear = BackgroundTask(shutil.rmtree, folder, ignore_errors=True)
        return FileResponse(folder / name, filename=name, media_type="application/gzip", background=clear)

    return routes


def _store(service: Service) -> Store:
    return Store.open(service.settings.store, budget=0)


def _kept(service: Service, given: str) -> Generation:
    try:
        return _store(service).kept(versions.name_of(given))
    except StoreError as error:
        raise Refused(404, error.what, error.remedy) from error


def _asked(service: Service, account: Account, to: str, wrong: str = "") -> Response:
    older, current = _kept(service, to), service.generation()
    if older.name == current.name:
        raise Refused(422, "这就是现在的版本", "在版本记录里选一个更早的版本")
    return view(
        "admin/rollback.html", account, _HERE, 422 if wrong else 200, wrong=wrong, older=older.name,
        newer=current.name, number=versions.number, signs=versions.SIGNS, **_differences(current, older, ""),
    )  # fmt: skip


def _differences(before: Generation, after: Generation, source: str) -> dict[str, Any]:
    """Compare two versions for a page; many replaced documents are listed only, until one is asked for."""
    found = between(before, after)
    whole = bool(source) or len(found.replaced) <= _INSIDE
    documents = versions.compared(before, after, source or None, inside_too=whole)
    return {"found": documents, "whole": whole, "summary": versions.summary(documents, whole=whole)}
