"""The HTTP API and the guard in front of it, over real HTTP on loopback."""

import contextlib
import http.client
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.served import fetch, served


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served("tests.small_service", str(tmp_path_factory.mktemp("none") / "store")) as address:
        yield address


def test_ask_has_the_keys_of_the_contract(site: str) -> None:
    reply = fetch(site + "/api/v1/ask", data={"question": "首次入库奖励多少？", "id": "q-1"})
    assert reply.status == 200
    answer = reply.json
    assert answer["id"] == "q-1"
    assert answer["status"] == "answered"
    assert answer["validity"] == {"state": "in_force", "from": None, "until": "2026-12-31", "note": ""}
    assert answer["lead_units"] == ["县统计局"]
    assert answer["amounts"][0]["value"] == 50000
    assert answer["elapsed_ms"] == 1.23
    citation = answer["citations"][0]
    assert citation["locator"] == "附件2/四/（三）"
    assert citation["end"] - citation["start"] == len(citation["quote"])
    wanted = {"id", "question", "status", "answer", "citations", "lead_units", "responsible_units", "amounts"}
    assert wanted | {"number", "steps", "validity", "related", "elapsed_ms"} <= set(answer)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"question": "   "}, "空"),
        ({"question": "奖" * 600}, "500"),
        ({"question": "奖励", "as_of": "2022-13-45"}, "日期"),
        ({"question": "奖励", "context": "不是列表"}, "context"),
        ({}, "question"),
    ],
)
def test_a_wrong_question_is_a_problem(site: str, body: dict[str, str], told: str) -> None:
    reply = fetch(site + "/api/v1/ask", data=body)
    assert reply.status == 422
    assert reply.headers["content-type"] == "application/problem+json"
    assert told in reply.json["detail"]
    assert reply.json["remedy"]


def test_reading(site: str) -> None:
    assert fetch(site + "/api/v1/policies").json[0]["source"] == "qingshi"
    assert fetch(site + "/api/v1/policies/qingshi").json["verbatim"] is True
    clause = fetch(site + "/api/v1/clauses/qingshi/" + quote("附件2/四/（三）")).json
    assert clause["ancestors"][0]["title"] == "保障措施"
    assert len(clause["siblings"]) == 3
    unit = fetch(site + "/api/v1/units/" + quote("县统计局")).json
    assert (unit["total"], unit["duties"][0]["role"]) == (1, "lead")
    hits = fetch(site + "/api/v1/search?limit=2&q=" + quote("奖励")).json
    assert len(hits) == 2
    assert fetch(site + "/readyz").json == {"status": "ready", "generation": "g-0001"}


@pytest.mark.parametrize(
    "path", ["/api/v1/policies/none", "/api/v1/clauses/qingshi/x", "/api/v1/units/x", "/api/v1/none", "/none"]
)
def test_not_found_is_a_problem(site: str, path: str) -> None:
    reply = fetch(site + path)
    assert reply.status == 404
    assert reply.headers["content-type"] == "application/problem+json"
    assert set(reply.json) == {"type", "title", "status", "detail", "remedy"}


def test_a_guide_as_json_and_as_a_page(site: str) -> None:
    place = "qingshi/" + quote("附件2/四/（三）")
    guide = fetch(f"{site}/api/v1/guides/{place}?as_of=2022-05-01").json
    assert guide["as_of"] == "2022-05-01"
    assert guide["items"][0]["gifts"][0]["figure"] == "5万元"
    assert guide["validity"]["from"] is None
    assert guide["missing"][0] == "window"
    page = fetch(f"{site}/guide/{place}")
    assert page.status == 200
    assert page.headers["content-type"].startswith("text/html")
    assert "unsafe" not in page.headers["content-security-policy"]
    assert "<script" not in page.text
    assert "&lt;b&gt;不是标记" in page.text
    assert "每户最高10万元" in page.text
    assert page.text.count("文件未写明") == 1
    assert "申报时间、到哪里申报、要什么材料、怎么办理、谁出钱" in page.text
    assert "已过" in page.text


def test_places_side_by_side(site: str) -> None:
    names = "".join("&jurisdiction=" + quote(place) for place in ("白河县", "青石县", "无名县"))
    reply = fetch(f"{site}/api/v1/compare?as_of=2022-05-01&topic=" + quote("首次入库奖励") + names)
    assert reply.status == 200
    assert [row["state"] for row in reply.json["rows"]] == ["silent", "found", "not_held"]
    assert reply.json["missing"] == ["白河县", "无名县"]
    assert reply.json["as_of"] == "2022-05-01"
    found = reply.json["rows"][1]
    assert found["citation"]["locator"] == "附件2/四/（三）"
    assert found["amounts"][0]["surface"] == "5万元"
    assert reply.json["rows"][0]["citation"] is None
    everywhere = fetch(f"{site}/api/v1/compare?topic=" + quote("奖励")).json
    assert [row["jurisdiction"] for row in everywhere["rows"]] == ["青石县", "白河县"]
    assert fetch(f"{site}/api/v1/compare?topic=").status == 422
    assert fetch(f"{site}/api/v1/compare?topic=x&as_of=1").status == 422
    assert fetch(f"{site}/api/v1/compare?topic=x" + "&jurisdiction=x" * 31).status == 422


def test_a_clause_without_a_guide_is_refused(site: str) -> None:
    task = "qingshi/" + quote("附件2/四/（一）")
    reply = fetch(f"{site}/api/v1/guides/{task}")
    assert reply.status == 404
    assert "工作任务" in reply.json["detail"]
    assert "县统计局" in reply.json["remedy"]
    page = fetch(f"{site}/guide/{task}")
    assert page.status == 404
    assert "工作任务" in page.text
    unknown = fetch(f"{site}/guide/none/" + quote("<b>x</b>", safe=""))
    assert unknown.status == 404
    assert "<b>" not in unknown.text
    assert fetch(f"{site}/api/v1/guides/{task}?as_of=2022-02-30").status == 422


def test_sparql_without_a_query_or_a_store(site: str) -> None:
    assert fetch(site + "/sparql").status == 400
    assert fetch(site + "/sparql", data=b"x", content_type="text/plain").status == 415
    reply = fetch(site + "/sparql?query=" + quote("ASK {}"))
    assert reply.status == 503
    assert "zhengwen ingest" in reply.json["remedy"]


def test_findings_with_filters_and_pages(five_store: Path) -> None:
    with served("ui.cli", "serve", "--port", "0", "--store", str(five_store)) as address:
        url = f"{address}/api/v1/findings"
        whole = fetch(url).json
        assert whole["total"] == len(whole["findings"])
        grave = fetch(f"{url}?severity=error").json
        assert {row["severity"] for row in grave["findings"]} == {"error"}
        lost = fetch(f"{url}?source=luoyang&rule=number-inferred").json["findings"]
        assert [(row["locator"], bool(row["advice"])) for row in lost] == [("附件2/五/15", True)]
        page = fetch(f"{url}?offset=1&limit=2").json
        assert page["findings"] == whole["findings"][1:3]
        assert fetch(f"{url}?source=none").status == 404
        assert fetch(f"{url}?severity=grave").status == 422


def test_sparql_over_a_store(five_store: Path) -> None:
    with served("ui.cli", "serve", "--port", "0", "--store", str(five_store)) as address:
        query = quote("SELECT (COUNT(?p) AS ?n) WHERE { ?p pol:source ?s }")
        reply = fetch(f"{address}/sparql?query={query}")
        assert reply.headers["content-type"] == "application/sparql-results+json"
        assert reply.json["results"]["bindings"][0]["n"]["value"] == "5"
        csv = fetch(f"{address}/sparql?query={query}", accept="text/csv")
        assert csv.text.split() == ["n", "5"]
        assert fetch(f"{address}/sparql?query={query}", accept="image/png").status == 406
        update = b"DELETE WHERE { ?s ?p ?o }"
        assert fetch(f"{address}/sparql", data=update, content_type="application/sparql-query").status == 400


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/upload", "/gradio_api/info", "/gradio_api/openapi.json", "/gradio_api/app_id",
        "/gradio_api/file=/etc/hostname", "/gradio_api/proxy=http://example.org", "/gradio_api/call/answer",
        "/gradio_api/run/answer", "/gradio_api/api/answer", "/monitoring", "/monitoring/summary", "/config",
        "/gradio_api//upload", "/gradio_api/run/predict/../../upload", "/svelte/x", "/login",
        "/docs/oauth2-redirect", "/redoc", "/batch/gradio_api/upload", "/batch/gradio_api/info",
        "/batch/gradio_api/file=/etc/hostname", "/batch/gradio_api/proxy=http://example.org", "/batch/x",
        "/batch/gradio_api/call/answered", "/batch/gradio_api/run/answered", "/batch/monitoring/summary",
        "/batch/gradio_api/queue/join", "/batch/gradio_api/run/predict/../../upload", "/batch/login",
        "/batch/config",
    ],
)  # fmt: skip
def test_what_gradio_leaves_open_is_shut(site: str, path: str) -> None:
    assert fetch(site + path).status == 404
    assert fetch(site + path, data=b"{}").status == 404


def test_headers_of_a_page(site: str) -> None:
    reply = fetch(site + "/")
    assert '<html lang="zh-CN">' in reply.text
    policy = reply.headers["content-security-policy"]
    assert "default-src 'none'; script-src 'self'; style-src 'self';" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<script(?! src=)|<style|\sstyle=|\son\w+=", reply.text)
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.headers["x-frame-options"] == "DENY"
    assert "server" not in reply.headers


def test_headers_of_the_page_that_gradio_lays_out(site: str) -> None:
    reply = fetch(site + "/batch/")
    assert '<html\n\tlang="zh-CN"' in reply.text
    for foreign in ("googleapis", "gstatic", "cdnjs", "raw.githubusercontent", "gradio.app"):
        assert foreign not in reply.text
    policy = reply.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "http" not in policy
    nonce = policy.split("'nonce-")[1].split("'")[0]
    assert reply.text.count("<script") == reply.text.count(f'<script nonce="{nonce}"')
    assert nonce not in fetch(site + "/batch/").headers["content-security-policy"]


def test_a_card_for_the_page(site: str) -> None:
    url = site + "/ask/card"
    told = fetch(
        url, data={"question": " 首次入库奖励多少？ ", "place": "没有这里", "earlier": ["", "奖" * 501]}
    )
    assert told.status == 200
    assert told.text.startswith('<article class="zw-turn"')
    assert "5万元" in told.text
    assert told.headers["cache-control"] == "no-store"
    assert "问题是空的" in fetch(url, data={"question": " "}).text
    assert "500 字" in fetch(url, data={"question": "奖" * 501}).text
    for wrong in ({}, {"question": "奖励", "more": 1}, {"question": "奖励", "earlier": ["奖励"] * 51}, []):
        refused = fetch(url, data=wrong)
        assert refused.status == 422
        assert refused.headers["content-type"] == "application/problem+json"
    assert fetch(url).status == 405


def test_a_large_body_is_refused(site: str) -> None:
    reply = fetch(site + "/api/v1/ask", data=b" " * 1_000_001, content_type="application/json")
    assert reply.status == 413
    assert reply.headers["content-type"] == "application/problem+json"


def test_api_description_needs_no_other_host(site: str) -> None:
    page = fetch(site + "/docs")
    assert page.status == 200
    assert "http:" not in page.text
    assert "https:" not in page.text
    assert "/api/v1/ask" in page.text
    assert "/api/v1/ask" in fetch(site + "/openapi.json").json["paths"]


KEY = "a-key-for-the-tests"
NOTICE = "青石县人民政府关于支持企业的通知\n\n一、奖励新企业\n对新入库企业奖励2万元。\n\n责任单位：县统计局\n"


@pytest.fixture(scope="module")
def writable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    store = tmp_path_factory.mktemp("writable") / "store"
    with served("tests.small_service", str(store), ZHENGWEN_API_KEY=KEY) as address:
        yield address


def test_documents_go_in_and_out_with_the_key(writable: str) -> None:
    site = writable + "/api/v1/documents"
    url = f"{site}?name={quote('青石.txt')}"
    added = fetch(url, data=NOTICE.encode(), authorization=f"Bearer {KEY}")
    assert (added.status, added.json["source"], added.json["outcome"]) == (201, "青石", "added")
    assert added.json["clauses"] == 1
    again = fetch(url, data=NOTICE.encode(), authorization=f"Bearer {KEY}")
    assert (again.status, again.json["outcome"]) == (200, "unchanged")
    query = quote('ASK { ?p pol:source "青石" }')
    assert fetch(f"{writable}/sparql?query={query}").json["boolean"] is True
    gone = f"{site}/{quote('青石')}"
    assert fetch(gone, method="DELETE", authorization=f"Bearer {KEY}").status == 204
    assert fetch(gone, method="DELETE", authorization=f"Bearer {KEY}").status == 404


@pytest.mark.parametrize("name", ["../escape.txt", "a/b.txt", "/etc/x.txt", ".hidden", "a\\b.txt", "x\0.txt"])
def test_a_document_name_is_no_path(writable: str, name: str) -> None:
    url = f"{writable}/api/v1/documents?name={quote(name, safe='')}"
    reply = fetch(url, data=b"x", authorization=f"Bearer {KEY}")
    assert reply.status == 422


def test_an_archive_is_not_taken_over_http(writable: str) -> None:
    reply = fetch(f"{writable}/api/v1/documents?name=a.ZIP", data=b"x", authorization=f"Bearer {KEY}")
    assert (reply.status, reply.json["detail"]) == (422, "一次只能上传一份文件")


def test_writing_needs_the_key(writable: str, site: str) -> None:
    for given in ({}, {"authorization": "Bearer wrong"}, {"authorization": f"Basic {KEY}"}):
        assert fetch(f"{writable}/api/v1/documents?name=a.txt", data=b"x", **given).status == 401
        assert fetch(f"{writable}/api/v1/documents/a", method="DELETE", **given).status == 401
    assert fetch(f"{site}/api/v1/documents?name=a.txt", data=b"x", authorization="Bearer x").status == 403


def test_a_large_body_in_pieces_is_refused_too(site: str) -> None:
    host = site.removeprefix("http://")
    with contextlib.closing(http.client.HTTPConnection(host, timeout=20)) as connection:
        pieces = (b"x" * 100_000 for _ in range(12))
        connection.request("POST", "/api/v1/ask", body=pieces, headers={"Content-Type": "application/json"})
        response = connection.getresponse()
        assert response.status == 413
        response.read()


def test_metrics_count_without_naming_anyone(site: str) -> None:
    fetch(site + "/api/v1/ask", data={"question": "首次入库奖励多少？"})
    text = fetch(site + "/metrics").text
    found = re.search(r'zhengwen_requests_total\{area="ask",status="200"\} (\d+)', text)
    assert found
    assert int(found[1]) >= 1
    assert 'zhengwen_request_seconds_bucket{area="ask",le="+Inf"}' in text
    assert "奖励" not in text
    chat = {"model": "zhengwen", "messages": [{"role": "user", "content": "首次入库奖励多少？"}]}
    fetch(site + "/v1/chat/completions", data=chat)
    text = fetch(site + "/metrics").text
    assert re.search(r'zhengwen_requests_total\{area="assistant",status="200"\} [1-9]', text)
    gauges = dict(re.findall(r"^(zhengwen_questions\w+|process_\w+) (\S+)$", text, re.M))
    assert float(gauges["zhengwen_questions_waiting"]) == 0
    assert float(gauges["process_resident_memory_bytes"]) > 10_000_000
