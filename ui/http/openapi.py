"""The API's description of itself (OpenAPI 3.1): every error, every limit, examples throughout."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import TypeAdapter

from ui.http.problems import ASSISTANT, MEDIA_TYPE, problem_body
from ui.settings import Settings
from ui.wire import Problem

_ABOUT = """\
政问就政策文件回答问题，每个回答附有逐字引用的条款。

Lists come in pages: `limit`, `offset`, the header `X-Total-Count`, and `Link` (RFC 8288) with `first`,
`prev`, `next`, `last`. Answers that depend on the documents alone bear a strong `ETag`; with
`If-None-Match` an unchanged one is 304. Errors are `application/problem+json` (RFC 9457) with `detail`
(what) and `remedy` (what to do). A 429 or 503 says in `Retry-After` when to come back. Names are never
changed; things are only added.
"""
_TAGS: Mapping[str, str] = MappingProxyType(
    {
        "提问": "Questions, searches, comparisons",
        "查阅": "Documents, clauses, units, findings",
        "申报指南": "What can be claimed by a clause, and how",
        "图谱": "The knowledge graph by SPARQL",
        "核对": "Doubtful facts and officials' decisions on them; with the key",
        "写入": "Documents in and out; with the key",
        "助手": "The same answers in the form that programs for language models expect",
        "服务": "Health of the service",
    }
)
_ALWAYS = (400, 413, 414, 429, 500, 503)
_ERRORS: Mapping[int, str] = MappingProxyType(
    {
        400: "The request cannot be read, or names a host that is not ours",
        401: "The key is wrong",
        403: "No key is set: this is shut",
        404: "There is no such thing",
        406: "Only the listed formats are given",
        408: "The body did not come in time, or the query took too long",
        409: "Another program is writing",
        413: "The body is too large",
        414: "The address is too long",
        415: "The body is of another format",
        422: "A field is wrong",
        429: "Too many requests from this address; Retry-After says when to come back",
        500: "A defect of the service",
        503: "Not ready, or too much to do; Retry-After says when to come back",
    }
)
# By the names of parameters and fields; used where the type fits. The document is an invented one.
_EXAMPLES: Mapping[str, Any] = MappingProxyType(
    {
        "answer": "示例县：对购置新设备的企业，按投资额的10%给予补助，最高不超过50万元。",
        "as_of": "2024-07-15",
        "by": "张三",
        "choices": ["示例县", "样板区"],
        "clauses": 12,
        "condition": "投资额",
        "context": ["示例县有哪些补助？"],
        "date": "2024-01-31",
        "detail": "问题是空的",
        "elapsed_ms": 20.8,
        "end": 105,
        "id": "q-1",
        "issuer": "示例县人民政府办公室",
        "jurisdiction": "示例县",
        "lead_units": ["县工业和信息化局"],
        "locator": "正文/一",
        "on": "2024-07-15",
        "policy": "示例县人民政府办公室关于印发示例办法的通知",
        "q": "设备更新补助",
        "query": "SELECT ?title WHERE { ?p dct:title ?title } LIMIT 5",
        "question": "示例县设备更新补助多少？",
        "quote": "对购置新设备的企业，按投资额的10%给予补助，最高不超过50万元。",
        "reading": "按示例县的文件，对购置新设备的企业，按投资额的百分之十给予补助。",
        "recipient": "购置新设备的企业",
        "remedy": "写一句完整的话再问",
        "responsible_units": ["县财政局", "县商务局"],
        "source": "demo",
        "start": 55,
        "surface": "10%",
        "topic": "设备更新补助",
        "words": "对购置新设备的企业，按投资额的10%给予补助",
    }
)
_FIELDS: Mapping[str, str] = MappingProxyType(  # for fields and parameters that say nothing themselves
    {
        "as_of": "Day for which validity is told; default today",
        "cited": "The clauses that the answer cited: source and locator",
        "end": "The character after the last",
        "id": "Told to the caller alone",
        "instead_of": "Id of the earlier one that this takes the place of",
        "jurisdiction": "A place",
        "locator": "Place of the clause in its document",
        "note": "Why; may be empty",
        "question": "The question as asked",
        "source": "Short name of the document",
        "start": "First character in the decoded document",
        "status": "Status of the answer",
        "title": "Title as printed",
        "useful": "Whether it helped",
        "why": "Why it did or did not",
    }
)
_BY_PLACE: Mapping[str, Any] = MappingProxyType(
    {"/api/v1/units/{name}": "县财政局", "/api/v1/documents": "通知.pdf", "/api/v1/review/{id}": "q1a2b3c4"}
)
_ASSISTANT_ERROR = {
    "description": "An error in OpenAI's form",
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "description": "What is wrong",
            "type": "object",
            "required": ["message", "type", "param", "code"],
            "properties": {
                "message": {"type": "string", "description": "What is wrong, and what to do (Chinese)"},
                "type": {"type": "string", "description": "invalid_request_error, server_error, …"},
                "param": {"type": "null", "description": "null"},
                "code": {"type": ["string", "null"], "description": "invalid_api_key, not_found, …"},
            },
        }
    },
}
_PAGED = {
    "X-Total-Count": {"description": "Rows in all", "schema": {"type": "integer", "minimum": 0}},
    "Link": {"description": "Other pages (RFC 8288)", "schema": {"type": "string"}},
}
_TAGGED = {
    "ETag": {"description": "Strong; send it back in If-None-Match", "schema": {"type": "string"}},
    "Cache-Control": {"description": "private, no-cache", "schema": {"type": "string"}},
}
_LATER = {"Retry-After": {"description": "Seconds", "schema": {"type": "integer", "minimum": 1}}}
_FRESH = ("/examples", "/policies", "/clauses", "/units", "/search", "/findings", "/compare", "/guides")


def install(api: FastAPI, settings: Settings) -> None:
    """Make `api` describe itself as told here; worked out when first asked for."""

    def described() -> dict[str, Any]:
        if api.openapi_schema is None:
            schema = get_openapi(
                title=api.title,
                version=api.version,
                summary=api.summary,
                description=_ABOUT,
                routes=api.routes,
                tags=[{"name": name, "description": about} for name, about in _TAGS.items()],
                servers=[{"url": "/", "description": "This service"}],
                license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
            )
            api.openapi_schema = _completed(schema, settings)
        return api.openapi_schema

    api.openapi = described  # type: ignore[method-assign]


def _completed(schema: dict[str, Any], settings: Settings) -> dict[str, Any]:
    parts = schema.setdefault("components", {}).setdefault("schemas", {})
    parts["Problem"] = TypeAdapter(Problem).json_schema()
    parts["AssistantError"] = _ASSISTANT_ERROR
    for name in ("HTTPValidationError", "ValidationError"):
        parts.pop(name, None)
    for path, method, operation in _operations(schema):
        operation["operationId"] = _named(path, method)
        _add_errors(path, operation)
        _add_headers(path, method, operation)
        for parameter in operation.get("parameters", ()):
            parameter.setdefault("description", _FIELDS.get(parameter["name"], ""))
            _exemplify(parameter["schema"], _BY_PLACE.get(path, _EXAMPLES.get(parameter["name"])))
            if parameter["name"] in ("q", "topic"):
                parameter["schema"]["maxLength"] = settings.question_limit
    for part in parts.values():
        for name, field in part.get("properties", {}).items():
            _exemplify(field, _EXAMPLES.get(name))
            if "$ref" not in field and name in _FIELDS:
                field.setdefault("description", _FIELDS[name])
    parts["AskIn"]["properties"]["question"]["maxLength"] = settings.question_limit
    return schema


def _operations(schema: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def _named(path: str, method: str) -> str:
    words = path.replace("/api/v1", "").replace("{", "by_").replace("}", "").replace(":path", "")
    return "_".join([method, *words.strip("/").replace(".", "_").split("/")])


def _add_errors(path: str, operation: dict[str, Any]) -> None:
    """Name every error that an operation may answer with, in the one form that they have."""
    answers = operation["responses"]
    if path.startswith(ASSISTANT):
        _add_their_errors(operation)
        return
    wrong = {int(status) for status in answers if status.isdecimal() and int(status) >= 400}
    wrong |= {400, 414, 500, 503} if path in ("/healthz", "/readyz") else {*_ALWAYS, 422}
    if "{" in path:
        wrong.add(404)
    if path.startswith(("/api/v1", "/sparql")):
        wrong |= {404, 406}
    if "security" in operation:
        wrong |= {401, 403, 409}
    if operation.get("requestBody"):
        wrong |= {408, 415}
    for status in sorted(wrong):
        told = {"description": _ERRORS[status], "content": {MEDIA_TYPE: _problem(status)}}
        answers[str(status)] = {**told, "headers": _LATER} if status in (429, 503) else told


def _add_their_errors(operation: dict[str, Any]) -> None:
    """Name the errors of an operation in OpenAI's form."""
    wrong = {*_ALWAYS, 401, 404} | ({408, 415} if operation.get("requestBody") else set())
    operation["responses"].pop("422", None)
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/AssistantError"}}}
    for status in sorted(wrong):
        told = {"description": _ERRORS[status], "content": content}
        operation["responses"][str(status)] = {**told, "headers": _LATER} if status in (429, 503) else told


def _problem(status: int) -> dict[str, Any]:
    example = problem_body(status, "问题是空的", "写一句完整的话再问").model_dump(exclude_none=True)
    return {"schema": {"$ref": "#/components/schemas/Problem"}, "example": example}


def _add_headers(path: str, method: str, operation: dict[str, Any]) -> None:
    """Tell the headers of paging and of freshness where an operation has them."""
    answers = operation["responses"]
    if method != "get" or "200" not in answers:
        return
    headers = answers["200"].setdefault("headers", {})
    if any(parameter["name"] == "offset" for parameter in operation.get("parameters", ())):
        headers.update(_PAGED)
    if path.removeprefix("/api/v1").startswith(_FRESH):
        headers.update(_TAGGED)
        answers["304"] = {"description": "It is as you have it", "headers": dict(_TAGGED)}
        operation.setdefault("parameters", []).append(
            {
                "name": "If-None-Match",
                "in": "header",
                "required": False,
                "description": "ETag of the answer that the caller has",
                "schema": {"type": "string"},
                "example": '"2f1c0d7e"',
            }
        )


def _exemplify(schema: dict[str, Any], value: Any) -> None:
    kinds = {schema.get("type"), *(each.get("type") for each in schema.get("anyOf", ()))}
    fits = {str: "string", int: "integer", float: "number", list: "array"}.get(type(value))
    if fits == "array" and schema.get("items", {}).get("type") != "string":
        return
    if value is not None and fits in kinds and not {"enum", "const"} & {*schema}:
        schema.setdefault("examples", [value])
