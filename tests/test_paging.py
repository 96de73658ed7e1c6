"""Lists in pages with their links, and answers that are not sent twice."""

import re
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.served import Reply, fetch, served

FORMS = {  # a list, and how its rows are taken out of a reply
    "/api/v1/policies": lambda told: told,
    "/api/v1/units": lambda told: told,
    "/api/v1/clauses/lushan": lambda told: told,
    "/api/v1/search?q=" + quote("企业奖励"): lambda told: told,
    "/api/v1/findings?severity=note": lambda told: told["findings"],
    "/api/v1/units/" + quote("鲁山县财政局"): lambda told: told["duties"],
}


def links(reply: Reply) -> dict[str, str]:
    """Return the targets of a Link header by their relation (RFC 8288)."""
    told = re.findall(r'<([^>]*)>; rel="(\w+)"', reply.headers.get("link", ""))
    return {name: target for target, name in told}


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize("size", [1, 3, 100])
def test_the_pages_make_up_the_list(five: str, path: str, size: int) -> None:
    mark = "&" if "?" in path else "?"
    whole = FORMS[path](fetch(f"{five}{path}{mark}limit=100").json)
    total = int(fetch(five + path).headers["x-total-count"])
    gathered: list[Any] = []
    target: str | None = f"{path}{mark}limit={size}"
    seen = set()
    for _ in range(200):
        assert target is not None
        assert target not in seen
        seen.add(target)
        reply = fetch(five + target)
        assert reply.status == 200
        assert int(reply.headers["x-total-count"]) == total
        gathered += FORMS[path](reply.json)
        there = links(reply)
        assert all(each.startswith("/api/v1/") for each in there.values()), "no host is named"
        target = there.get("next")
        if target is None or len(gathered) >= 100:
            break
    assert gathered[:100] == whole[:100]
    if size < total:
        first, last = fetch(five + links(reply)["first"]), fetch(five + links(reply)["last"])
        assert FORMS[path](first.json) == whole[:size]
        assert 1 <= len(FORMS[path](last.json)) <= size
        assert "next" not in links(last)
        assert "prev" not in links(first)


def test_without_a_limit_the_list_is_whole_and_bare(five: str) -> None:
    for path in ("/api/v1/policies", "/api/v1/units", "/api/v1/clauses/lushan"):
        reply = fetch(five + path)
        assert isinstance(reply.json, list)
        assert len(reply.json) == int(reply.headers["x-total-count"])
        assert "link" not in reply.headers
    unit = fetch(five + "/api/v1/units/" + quote("鲁山县财政局")).json
    assert unit["total"] == len(unit["duties"])


def test_beyond_the_end_is_an_empty_page_with_a_way_back(five: str) -> None:
    reply = fetch(five + "/api/v1/policies?limit=2&offset=900")
    assert reply.json == []
    assert "next" not in links(reply)
    assert fetch(five + links(reply)["prev"]).json
    page = fetch(five + "/api/v1/units/" + quote("鲁山县财政局") + "?limit=1").json
    assert len(page["duties"]) == 1 < page["total"]


@pytest.mark.parametrize(
    "wrong", ["limit=0", "limit=-1", "limit=1001", "offset=-1", "limit=x", "offset=99999999999999999999"]
)
def test_wrong_pages_are_told(five: str, wrong: str) -> None:
    assert fetch(f"{five}/api/v1/policies?{wrong}").status == 422


LASTING = (
    "/api/v1/policies", "/api/v1/policies/lushan", "/api/v1/clauses/lushan?limit=2", "/api/v1/units",
    "/api/v1/findings", "/api/v1/search?q=" + quote("奖励"), "/api/v1/compare?topic=" + quote("奖励"),
    "/api/v1/clauses/lushan/" + quote("附件2/四/（三）"), "/api/v1/guides/lushan/" + quote("附件2/四/（三）"),
)  # fmt: skip


@pytest.mark.parametrize("path", LASTING)
def test_what_is_known_is_not_sent_again(five: str, path: str) -> None:
    first, second = fetch(five + path), fetch(five + path)
    tag = first.headers["etag"]
    assert re.fullmatch(r'"[0-9a-f]{32}"', tag), "a strong one"
    assert second.headers["etag"] == tag
    assert second.body == first.body, "the same tag, the same bytes"
    assert first.headers["cache-control"] == "private, no-cache"
    for given in (tag, f'"other", {tag}', f"W/{tag}"):
        known = fetch(five + path, if_none_match=given)
        assert (known.status, known.body) == (304, b"")
        assert known.headers["etag"] == tag
        assert "content-type" not in known.headers
    for given in ('"other"', "", tag.strip('"')):
        assert fetch(five + path, if_none_match=given).status == 200
    assert fetch(five + path, method="HEAD", if_none_match=tag).status == 304


def test_other_requests_have_other_tags(five: str) -> None:
    tags = {fetch(five + path).headers["etag"] for path in LASTING}
    assert len(tags) == len(LASTING)


def test_answers_and_errors_are_not_kept(five: str) -> None:
    asked = fetch(five + "/api/v1/ask", data={"question": "鲁山县小升规奖励多少？"})
    for reply in (asked, fetch(five + "/api/v1/policies/none"), fetch(five + "/api/v1/policies?limit=0")):
        assert reply.headers["cache-control"] == "no-store"
        assert "etag" not in reply.headers


def test_a_new_generation_has_new_tags(five_store: Path, tmp_path: Path) -> None:
    store, key = tmp_path / "store", "a-key-for-the-tests"
    shutil.copytree(five_store, store)
    with served("ui.cli", "serve", "--port", "0", "--store", str(store), ZHENGWEN_API_KEY=key) as site:
        before = fetch(site + "/api/v1/units").headers["etag"]
        assert fetch(site + "/api/v1/units", if_none_match=before).status == 304
        gone = fetch(site + "/api/v1/documents/lushan", method="DELETE", authorization=f"Bearer {key}")
        assert gone.status == 204
        after = fetch(site + "/api/v1/units", if_none_match=before)
        assert after.status == 200
        assert after.headers["etag"] != before
