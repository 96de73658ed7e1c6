"""上传: documents sent in, the line they wait in, and what became of each."""

import atexit
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from ui.frame import page
from ui.http.jobs import ENDED, Full, Jobs
from ui.http.signing import Refused, signed_in
from ui.intake.incoming import is_address
from ui.ledger.accounts import Account
from ui.pages.admin.batches import OUTCOMES, Batch
from ui.pages.admin.room import view
from ui.pages.admin.spool import Spool
from ui.pages.admin.taking import read
from ui.service import Service

_HERE = "/admin/upload"
_LONGEST_ADDRESS = 2000
_STATES = {"waiting": "排队", "running": "正在读", "done": "完成", "failed": "没有完成", "stopped": "已取消"}


def router(service: Service) -> APIRouter:
    """Return the page ``/admin/upload``; what the line holds is on disk and outlives the service."""
    routes = APIRouter(include_in_schema=False)
    spool = Spool(service.settings.store / "spool")
    jobs: Jobs[Batch] = Jobs(lambda job: read(service, jobs, spool, job), drop=spool.drop, note=spool.note)
    for job in spool.left():
        jobs.resume(job)
    atexit.register(jobs.close)
    person = signed_in(service)
    Signed = Annotated[Account, Depends(person)]  # noqa: N806 – a type

    @routes.get(_HERE)
    def upload(account: Signed) -> Response:
        return _shown(service, jobs, account)

    @routes.get(_HERE + "/line")
    def line(account: Signed) -> Response:
        """The line alone, for the page's script."""
        return page("admin/upload_line.html", here="/admin", csrf=account.csrf, **_line(jobs))

    @routes.post(_HERE)
    async def send(request: Request, account: Signed) -> Response:
        form = await request.form()
        files = [(file.filename, file.file) for file in form.getlist("files")
                 if isinstance(file, UploadFile) and file.filename]  # fmt: skip
        address = str(form.get("address") or "").strip()
        if bool(files) == bool(address):
            told = "文件和网址一次只能传一样" if files else "没有选文件，也没有写网址"
            return _shown(service, jobs, account, told, "选好文件或写上网址，再按“上传并读入”", 422)
        if address and (not is_address(address) or len(address) > _LONGEST_ADDRESS):
            return _shown(service, jobs, account, "网址不对", "网址以 http:// 或 https:// 开头", 422)
        service.ledger.audit.ready()
        sent = ((name or "", stream) for name, stream in files)
        job = await run_in_threadpool(
            lambda: spool.accept(account.name, sent, address, preview="preview" in form)
        )
        try:
            jobs.add(job)
        except Full:
            await run_in_threadpool(spool.drop, job)
            return _shown(service, jobs, account, "排队的太多", "等前面的读完再传，这次的文件没有收下", 503)
        return RedirectResponse(_HERE, status_code=303)

    @routes.post(_HERE + "/{id}", dependencies=[Depends(person)])
    def manage(id: str, action: Annotated[str, Form()]) -> Response:
        job = jobs.find(id)
        if job is None:
            raise Refused(404, "没有这一批", "可能已经清除，请回到上传页")
        batch = job.content
        if action == "off":
            jobs.call_off(job)
        elif action in ("again", "publish") and job.state in ENDED and batch.folder.exists():
            batch.preview = batch.preview and action != "publish"
            try:
                jobs.again(job)
            except Full:
                raise Refused(503, "排队的太多", "等前面的读完再试") from None
        return RedirectResponse(_HERE, status_code=303)

    return routes


def _shown(
    service: Service, jobs: Jobs[Batch], account: Account, what: str = "", remedy: str = "", status: int = 200
) -> HTMLResponse:
    return view(
        "admin/upload.html", account, _HERE, status, what=what, remedy=remedy,
        limit=service.settings.upload_limit, **_line(jobs),
    )  # fmt: skip


def _line(jobs: Jobs[Batch]) -> dict[str, Any]:
    rows = jobs.all()
    return {
        "jobs": rows,
        "ahead": {job.id: jobs.ahead(job) for job in rows if job.state == "waiting"},
        "busy": any(job.state not in ENDED for job in rows),
        "ended": ENDED,
        "states": _STATES,
        "outcomes": OUTCOMES,
    }
