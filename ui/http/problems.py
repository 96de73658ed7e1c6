"""Errors of the HTTP API as RFC 9457 problem details."""

import json
from collections.abc import Mapping
from datetime import date
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.routing import Match

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
    408: "超时",
    409: "正被占用",
    413: "内容太大",
    414: "地址太长",
    415: "格式不支持",
    422: "请求的内容不对",
    429: "请求太多",
    431: "请求头太长",
    500: "服务出错",
    503: "还没有准备好",
}
_FAULTS = {  # pydantic's kinds of faults, in the users' language
    "missing": "缺少这一项",
    "extra_forbidden": "没有这个字段",
    "json_invalid": "不是 JSON",
    "model_attributes_type": "应为 JSON 对象",
    "dict_type": "应为 JSON 对象",
    "list_type": "应为列表",
    "string_type": "应为文字",
    "string_unicode": "有不成字的编码",
    "string_too_short": "太短，至少 {min_length} 个字符",
    "string_too_long": "太长，至多 {max_length} 个字符",
    "string_pattern_mismatch": "写法不对，应合 {pattern}",
    "too_long": "太多，至多 {max_length} 项",
    "int_parsing": "应为整数",
    "int_type": "应为整数",
    "bool_parsing": "应为 true 或 false",
    "greater_than_equal": "不能小于 {ge}",
    "less_than_equal": "不能大于 {le}",
    "literal_error": "只能是 {expected}",
    "enum": "只能是 {expected}",
}
_LONGEST = 400  # characters of a detail: what was sent wrongly is not sent back at length
Day = Annotated[
    str | None,
    Query(description="Day for which validity is told; default today", json_schema_extra={"format": "date"}),
]
ASSISTANT = "/v1/"  # below it errors have another form
_CODES = {401: "invalid_api_key", 404: "not_found", 429: "rate_limit_exceeded", 503: "overloaded"}
_REMEDIES = {404: "检查地址，可用的接口列在 /docs", 405: "可用的接口和方法列在 /docs"}


class ProblemError(Exception):
    """An error to be told to the caller: status, what is wrong, what to do."""

    def __init__(self, status: int, detail: str, remedy: str) -> None:
        super().__init__(detail)
        self.status, self.detail, self.remedy = status, detail, remedy


def problem(status: int, detail: str, remedy: str) -> JSONResponse:
    """Return the response for an error."""
    body = problem_body(status, detail, remedy).model_dump(exclude_none=True)
    return JSONResponse(body, status_code=status, media_type=MEDIA_TYPE)


def problem_body(status: int, detail: str, remedy: str) -> Problem:
    """Return what a response for an error holds."""
    title = _TITLES.get(status, HTTPStatus(status).phrase)
    return Problem(
        type="about:blank", title=title, status=status, detail=_plain(detail), remedy=_plain(remedy),
        request_id=(request_id() or None) if status >= 500 else None,
    )  # fmt: skip


def as_error(problem: bytes) -> tuple[int, bytes]:
    """Return a problem document in the form of OpenAI's errors, with the status that goes with it."""
    read = json.loads(problem)
    status = 400 if read["status"] == HTTPStatus.UNPROCESSABLE_ENTITY else read["status"]
    kind = "invalid_request_error" if status < 500 else "server_error"
    told = {
        "message": f"{read['detail']}。{read['remedy']}。",
        "type": "rate_limit_error" if status == HTTPStatus.TOO_MANY_REQUESTS else kind,
        "param": None,
        "code": _CODES.get(status),
    }
    return status, json.dumps({"error": told}, ensure_ascii=False).encode()


def _plain(text: str) -> str:
    """Return a text that can be sent: lone surrogates have no UTF-8."""
    text = text if len(text) <= _LONGEST else text[:_LONGEST] + "……"
    return text.encode("utf-8", "replace").decode()


def wants_json(request: Request) -> None:
    """Refuse a caller that takes no JSON (RFC 9110, 12.5.1); for endpoints that give nothing else."""
    accept = ",".join(request.headers.getlist("accept"))
    if accept.strip() and not any(map(_takes_json, accept.split(","))):
        raise ProblemError(406, f"给不了 {accept}", "这里只有 application/json")


def _takes_json(part: str) -> bool:
    kind, *parameters = (piece.strip().lower() for piece in part.split(";"))
    refused = any(piece.replace(" ", "") in ("q=0", "q=0.0", "q=0.00", "q=0.000") for piece in parameters)
    return kind in ("*/*", "application/*", "application/json", MEDIA_TYPE) and not refused


def _allowed(request: Request) -> str:
    """Return the methods that the address of a request knows, whichever route they belong to."""
    known = {
        method
        for method in ("DELETE", "GET", "PATCH", "POST", "PUT")
        for route in request.app.routes
        if route.matches({**request.scope, "method": method})[0] == Match.FULL
    }
    return ", ".join(sorted(known | ({"HEAD"} if "GET" in known else set())))


def _faulty(fault: Mapping[str, Any]) -> str:
    """Say in Chinese where a request is wrong, and how."""
    place = ".".join(str(part) for part in fault["loc"] if part not in ("body", "query", "path")) or "正文"
    told = _FAULTS.get(fault["type"])
    return f"{place}：{told.format(**fault.get('ctx', {})) if told else fault['msg']}"


def _is_json(request: Request) -> bool:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json"))


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

    async def http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101  registered for this class alone
        if error.status_code == HTTPStatus.NOT_MODIFIED:
            return Response(status_code=304, headers=error.headers)
        remedy = _REMEDIES.get(error.status_code, "接口说明见 /docs")
        response = problem(error.status_code, _TITLES.get(error.status_code, str(error.detail)), remedy)
        for name, value in (error.headers or {}).items():
            response.headers[name] = value
        if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            response.headers["allow"] = _allowed(request)
        return response

    async def invalid(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)  # noqa: S101  registered for this class alone
        fault = error.errors()[0]
        if fault["loc"] == ("body",) and fault["type"] != "missing" and not _is_json(request):
            kind = request.headers.get("content-type", "未写明格式")
            return problem(415, f"不支持 {kind}", "正文用 application/json")
        return problem(422, _faulty(fault), "字段和类型见 /openapi.json")

    async def defect(_request: Request, _error: Exception) -> JSONResponse:
        return problem(500, "服务内部出错，已写入日志", "稍后再试；若仍不行，请把 request_id 告诉管理员")

    api.add_exception_handler(ProblemError, told)
    api.add_exception_handler(StoreError, store)
    api.add_exception_handler(HTTPException, http)
    api.add_exception_handler(RequestValidationError, invalid)
    api.add_exception_handler(Exception, defect)
