"""The writing side of the HTTP API: documents in and out, with a key."""

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi import Path as PathParameter
from starlette.concurrency import run_in_threadpool

from graph.storage.durable import StoreBusy, StoreError
from ingest.model import DocumentError
from ui.http.problems import ProblemError
from ui.http.signing import audited, require
from ui.intake import Report, ingest, remove
from ui.ledger.accounts import Account
from ui.service import Service
from ui.settings import Settings
from ui.wire import DocumentOut

_NAME = re.compile(r"[^\W_][\w.（）()〔〕\[\]《》“”、，\- ]{0,150}")  # a file name, never a path
_BODY = {
    "required": True,
    "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
}
_STATUS = {"added": 201, "replaced": 200, "unchanged": 200}


def router(service: Service) -> APIRouter:
    """Return the endpoints: for editors, with a key or a session."""
    routes = APIRouter(prefix="/api/v1/documents", tags=["写入"])
    settings, allowed = service.settings, require(service, "editor")

    @routes.post(
        "",
        summary="读入一份文件（正文是文件本身）",
        status_code=201,
        responses={200: {"description": "Replaced or unchanged", "model": DocumentOut}},
        openapi_extra={"requestBody": _BODY},
    )
    async def add(
        request: Request,
        response: Response,
        name: Annotated[str, Query(description="文件名，带扩展名", max_length=200)],
        account: Annotated[Account, Depends(allowed)],
    ) -> DocumentOut:
        if not _NAME.fullmatch(name) or ".." in name:
            raise ProblemError(422, f"文件名“{name}”不能用", "只写文件名，不写路径，如 通知.pdf")
        if name.lower().endswith(".zip"):  # the answer tells of one document
            raise ProblemError(422, "一次只能上传一份文件", "请解压后逐份上传")
        body = await request.body()

        def logged() -> Report:
            with audited(service, account, "ingest", name) as note:
                report = _take_in(name, body, settings, account.name)
                note(report.rows[0].source, report.rows[0].outcome)
                if report.rows[0].outcome == "failed":
                    raise ProblemError(422, report.rows[0].error, "改正文件后再传")
            return report

        row = (await run_in_threadpool(logged)).rows[0]
        response.status_code = _STATUS[row.outcome]
        return DocumentOut.model_validate(row)

    @routes.delete("/{source}", summary="删去一份文件", status_code=204)
    def take_out(
        source: Annotated[str, PathParameter(description="Short name of the document")],
        account: Annotated[Account, Depends(allowed)],
    ) -> None:
        with audited(service, account, "remove", source), explained(404):
            remove(source, settings.store, model=settings.model, keep=settings.keep, by=account.name)

    return routes


def _take_in(name: str, body: bytes, settings: Settings, by: str) -> Report:
    with tempfile.TemporaryDirectory(prefix="zhengwen-") as folder, explained(503):
        path = Path(folder) / name
        path.write_bytes(body)
        return ingest([path], settings.store, model=settings.model, keep=settings.keep, by=by, workers="1")


@contextmanager
def explained(status: int) -> Iterator[None]:
    """Tell errors of reading and storing as problems; `status` is that of a store error."""
    try:
        yield
    except StoreBusy as error:
        raise ProblemError(409, error.what, error.remedy) from error
    except StoreError as error:
        raise ProblemError(status, error.what, error.remedy) from error
    except DocumentError as error:
        raise ProblemError(422, error.what, error.remedy) from error
