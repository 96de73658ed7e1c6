"""The API keeps to its own description: requests made from it, and values that nobody expects."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

import pytest
from jsonschema import Draft202012Validator

from benchmarks.contract import try_out
from tests.served import fetch

HTTP = ("get", "post", "put", "patch", "delete")
ODD = {
    "nul": "奖\0励",
    "control": "\x01\x1b[2J",
    "newline": "奖\r\nset-cookie: a=b",
    "traversal": "../../../../etc/passwd",
    "traversal encoded": "..%2f..%2fetc%2fpasswd",
    "absolute": "/etc/passwd",
    "backslash": "..\\..\\x",
    "beyond the plane": "𠮷𪚥👩‍👩‍👧‍👦",
    "noncharacter": "\uffff\ufffe",
    "direction": "\u202e奖励\u202c\u2066x",
    "combining": "e" + "\u0301" * 300,
    "overlong": "奖" * 5_000,
    "markup": "<script>alert(1)</script>{{7*7}}${7*7}",
    "query": "' OR 1=1; DROP -- \" } UNION SELECT",
    "pattern": "(" * 100 + "a+" * 50,
    "number": "-1e309",
    "blank": "\u3000\u00a0 ",
}
SURROGATES = ("%ED%A0%80", "%FF%FE", "%C0%AF", "%00", "%F4%90%80%80")


@pytest.fixture(scope="module")
def described(five: str) -> dict[str, Any]:
    return fetch(f"{five}/openapi.json").json  # type: ignore[no-any-return]


def operations(described: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in described["paths"].items():
        for method in HTTP:
            if method in methods:
                yield path, method, methods[method]


def test_replies_keep_to_the_description(five: str) -> None:
    tried = list(try_out(five, 12))
    assert {each.name: each.breaches for each in tried if each.breaches} == {}
    assert len(tried) >= 20
    assert sum(each.sent for each in tried) >= 6 * len(tried)
    assert max(status for each in tried for status in each.statuses) < 500


def test_the_description_is_complete(described: dict[str, Any]) -> None:
    assert described["openapi"].startswith("3.1")
    assert described["info"]["description"]
    assert described["servers"] == [{"url": "/", "description": "This service"}]
    named = [operation["operationId"] for _, _, operation in operations(described)]
    assert len(named) == len(set(named))
    for path, method, operation in operations(described):
        where = f"{method} {path}"
        assert operation["summary"], where
        assert set(operation["tags"]) <= {tag["name"] for tag in described["tags"]}, where
        for parameter in operation.get("parameters", ()):
            assert parameter.get("description"), f"{where} {parameter['name']}"
    for name, part in described["components"]["schemas"].items():
        assert part.get("description") or part.get("title"), name
        for field, about in part.get("properties", {}).items():
            assert about.get("description") or "$ref" in about, f"{name}.{field}"


def test_every_error_is_a_problem_document(described: dict[str, Any]) -> None:
    for path, method, operation in operations(described):
        if path.startswith("/v1/"):
            continue  # those speak the form of another interface
        wrong = {s: answer for s, answer in operation["responses"].items() if int(s) >= 400}
        assert {"400", "414", "500", "503"} <= set(wrong), f"{method} {path}"
        for status, answer in wrong.items():
            assert list(answer["content"]) == ["application/problem+json"], f"{method} {path} {status}"
            assert answer["description"]


def test_examples_are_right(described: dict[str, Any]) -> None:
    """Every example passes the schema that it stands in."""
    seen = 0
    for schema in schemas(described):
        for example in schema.get("examples", ()):
            seen += 1
            Draft202012Validator({**schema, "components": described["components"]}).validate(example)
    assert seen > 60


def schemas(part: object) -> Iterator[dict[str, Any]]:
    if isinstance(part, Mapping):
        if isinstance(part.get("examples"), list):
            yield dict(part)
        for value in part.values():
            yield from schemas(value)
    elif isinstance(part, list):
        for value in part:
            yield from schemas(value)


def test_what_needs_the_key_says_so(described: dict[str, Any]) -> None:
    schemes = described["components"]["securitySchemes"]
    assert schemes["HTTPBearer"]["scheme"] == "bearer"
    locked = {f"{m} {p}" for p, m, operation in operations(described) if operation.get("security")}
    for path, method, _ in operations(described):
        writes = path.startswith(("/api/v1/documents", "/api/v1/review"))
        if writes:
            assert f"{method} {path}" in locked


@pytest.mark.parametrize("value", ODD.values(), ids=ODD)
def test_no_value_of_a_parameter_is_a_defect(five: str, described: dict[str, Any], value: str) -> None:
    for path, method, operation in operations(described):
        if method != "get":
            continue
        there = {p["name"]: p["in"] for p in operation.get("parameters", ())}
        address = re.sub(r"\{\w+\}", quote(value, safe=""), path)
        query = "&".join(f"{name}={quote(value, safe='')}" for name, at in there.items() if at == "query")
        for target in {address, f"{address}?{query}"}:
            reply = fetch(five + target)
            assert reply.status < 500, (target[:200], reply.text[:300])
            assert reply.headers["content-type"].startswith(("application/", "text/")), target[:200]


@pytest.mark.parametrize("code", SURROGATES)
def test_bytes_that_are_no_text_are_no_defect(five: str, described: dict[str, Any], code: str) -> None:
    for path, method, operation in operations(described):
        if method != "get":
            continue
        query = "&".join(f"{p['name']}={code}" for p in operation.get("parameters", ()) if p["in"] == "query")
        reply = fetch(five + re.sub(r"\{\w+\}", code, path) + "?" + query)
        assert reply.status < 500, (path, code)


BODIES = (
    b"", b"{", b"[]", b"null", b"1e999", b'"x"', b"{}", b"\xff\xfe{", b'{"question": "\\ud800"}',
    b'{"question": "\\u0000"}', b'{"question": NaN}', b'{"\\ud800": 1, "question": "x"}', b"[" * 5_000,
    b'{"question": ' + b"9" * 5_000 + b"}", b'{"question": "a", "question": "b"}',
    b'\xef\xbb\xbf{"question": "x"}',
    b'{"question": {"$ref": "x"}}', b'{"question": "x", "context": [null]}', b'{"question": "x", "as_of": 0}',
    b'{"question": "x", "as_of": "0000-00-00"}', b'{"question": "x", "jurisdiction": "\\u0000\\uffff"}',
    b'{"question": "\xe2\x80\x8b"}', b'{"question": "x", "id": "\\u202e"}',
)  # fmt: skip


@pytest.mark.parametrize(
    "path", ["/api/v1/ask", "/api/v1/review", "/api/v1/review/x", "/v1/chat/completions"]
)
def test_no_body_is_a_defect(five: str, path: str) -> None:
    for body in BODIES:
        reply = fetch(five + path, data=body, content_type="application/json")
        assert reply.status < 500, (body[:80], reply.text[:300])
        json.loads(reply.body)


def test_the_measurement_says_what_it_needs() -> None:
    command = [sys.executable, "-m", "benchmarks.contract", "--shared", "/nonexistent"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 2
    assert "--shared" in done.stderr
