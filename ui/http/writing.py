"""The writing side of the HTTP API: documents in and out, with a key."""

import re
import secrets
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.concurrency import run_in_threadpool

from graph.storage.durable import StoreBusy, StoreError
from ingest.model import DocumentError
from ui.http.problems import ProblemError
from ui.intake import Report, ingest, remove
from ui.settings import Settings
from ui.wire import DocumentOut

_NAME = re.compile(r"[^\W_][\w.（）()〔〕\[\]《》“”、，\- ]{0,150}")  # a file name, never a path
_STATUS = {"added": 201, "replaced": 200, "unchanged": 200}


def guard(settings: Settings) -> Callable[..., None]:
    """Return what an endpoint depends on that needs the key; without ZHENGWEN_API_KEY it refuses everyone."""
    bearer = HTTPBearer(auto_error=False, description="ZHENGWEN_API_KEY")

    def allowed(given: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]) -> None:
        key = settings.api_key
        if key is None:
            raise ProblemError(403, "没有开放写入", "请管理员设置 ZHENGWEN_API_KEY")
        shown = given.credentials.encode() if given else b""
        if not secrets.compare_digest(shown, key.get_secret_value().encode()):
            raise ProblemError(401, "密钥不对", "用请求头 Authorization: Bearer 密钥")

    return allowed


def router(settings: Settings) -> APIRouter:
    """Return the endpoints; without ZHENGWEN_API_KEY they refuse everyone."""
    routes = APIRouter(prefix="/api/v1/documents", tags=["写入"], dependencies=[Depends(guard(settings))])

    @routes.post("", summary="读入一份文件（正文是文件本身）", status_code=201)
    async def add(
        request: Request,
        response: Response,
        name: Annotated[str, Query(description="文件名，带扩展名", max_length=200)],
    ) -> DocumentOut:
        if not _NAME.fullmatch(name) or ".." in name:
            raise ProblemError(422, f"文件名“{name}”不能用", "只写文件名，不写路径，如 通知.pdf")
        if name.lower().endswith(".zip"):  # the answer tells of one document
            raise ProblemError(422, "一次只能上传一份文件", "请解压后逐份上传")
        report = await run_in_threadpool(_take_in, name, await request.body(), settings)
        row = report.rows[0]
        if row.outcome == "failed":
            raise ProblemError(422, row.error, "改正文件后再传")
        response.status_code = _STATUS[row.outcome]
        return DocumentOut.model_validate(row)

    @routes.delete("/{source}", summary="删去一份文件", status_code=204)
    def take_out(source: str) -> None:
        with explained(404):
            remove(source, settings.store, model=settings.model, keep=settings.keep, by="API")

    return routes


def _take_in(name: str, body: bytes, settings: Settings) -> Report:
    with tempfile.TemporaryDirectory(prefix="zhengwen-") as folder, explained(503):
        path = Path(folder) / name
        path.write_bytes(body)
        return ingest([path], settings.store, model=settings.model, keep=settings.keep, by="API")


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
