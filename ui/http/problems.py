"""Errors of the HTTP API as RFC 9457 problem details."""

from datetime import date
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from graph.storage.durable import StoreError
from ui.http.journal import request_id
from ui.wire import Problem

MEDIA_TYPE = "application/problem+json"
_TITLES = {
    400: "请求不对",
    401: "需要密钥",
    403: "没有开放",
    404: "没有找到",
    405: "方法不对",
    406: "给不了这种格式",
    408: "查询超时",
    409: "正被占用",
    413: "内容太大",
    415: "格式不支持",
    422: "请求的内容不对",
    429: "请稍候",
    503: "还没有准备好",
}
_REMEDIES = {404: "检查地址，可用的接口列在 /docs", 405: "可用的接口和方法列在 /docs"}


class ProblemError(Exception):
    """An error to be told to the caller: status, what is wrong, what to do."""

    def __init__(self, status: int, detail: str, remedy: str) -> None:
        super().__init__(detail)
        self.status, self.detail, self.remedy = status, detail, remedy


def problem(status: int, detail: str, remedy: str) -> JSONResponse:
    """Return the response for an error."""
    title = _TITLES.get(status, HTTPStatus(status).phrase)
    body = Problem(
        type="about:blank", title=title, status=status, detail=detail, remedy=remedy,
        request_id=(request_id() or None) if status >= 500 else None,
    )  # fmt: skip
    return JSONResponse(body.model_dump(exclude_none=True), status_code=status, media_type=MEDIA_TYPE)


def day(text: str | None) -> date | None:
    """Return the day that a request names, or None; raise ProblemError for what is no day."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise ProblemError(422, f"as_of：{text} 不是日期", "写成 2022-07-15 的样子") from None


def install(api: FastAPI) -> None:
    """Make every error of `api` a problem document."""

    async def told(_request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, ProblemError)  # noqa: S101  registered for this class alone
        return problem(error.status, error.detail, error.remedy)

    async def store(_request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, StoreError)  # noqa: S101  registered for this class alone
        return problem(503, error.what, error.remedy)

    async def http(_request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)  # noqa: S101  registered for this class alone
        remedy = _REMEDIES.get(error.status_code, "接口说明见 /docs")
        response = problem(error.status_code, _TITLES.get(error.status_code, str(error.detail)), remedy)
        for name, value in (error.headers or {}).items():
            response.headers[name] = value
        return response

    async def invalid(_request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)  # noqa: S101  registered for this class alone
        fault = error.errors()[0]
        place = ".".join(str(part) for part in fault["loc"] if part != "body") or "正文"
        return problem(422, f"{place}：{fault['msg']}", "字段和类型见 /openapi.json")

    async def defect(_request: Request, _error: Exception) -> JSONResponse:
        return problem(500, "服务内部出错，已写入日志", "稍后再试；若仍不行，请把 request_id 告诉管理员")

    api.add_exception_handler(ProblemError, told)
    api.add_exception_handler(StoreError, store)
    api.add_exception_handler(HTTPException, http)
    api.add_exception_handler(RequestValidationError, invalid)
    api.add_exception_handler(Exception, defect)
