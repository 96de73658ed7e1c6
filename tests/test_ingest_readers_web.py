"""Web addresses against a real server on the loopback: what is taken, refused, and never reached."""

import gzip
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from ingest.model import DocumentError
from ingest.readers import web
from tests.small_pdf import make_pdf
from ui.intake import ingest
from ui.settings import read_settings

TITLE = "云岭县人民政府关于支持茶产业的通知"
PAGE = f"""<html><head><title>{TITLE}_云岭县</title></head><body><div id="zoom">
<p>{TITLE}</p><p>一、奖励标准</p><p>新建茶园每亩补助800元，由县农业农村局牵头，县财政局配合。</p>
<p>二、组织保障</p><p>各部门要抓好落实，及时总结经验。</p>
<p>附件：<a href="../files/申报表.doc">申报表</a> <a href="/b.pdf">说明</a></p></div></body></html>"""


class Site:
    """What the server gives for each path, and what it was asked."""

    def __init__(self) -> None:
        self.pages: dict[str, tuple[int, dict[str, str], bytes]] = {}
        self.asked: list[str] = []
        self.agents: set[str] = set()
        self.slow = 0.0

    def put(self, path: str, body: bytes | str, status: int = 200, **headers: str) -> None:
        data = body.encode() if isinstance(body, str) else body
        self.pages[path] = (status, {k.replace("_", "-"): v for k, v in headers.items()}, data)


@contextmanager
def serving(site: Site) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append(self.path)
            site.agents.add(self.headers["User-Agent"])
            status, headers, body = site.pages.get(self.path, (404, {}, b"none"))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            for at in range(0, len(body), 1 << 16):
                time.sleep(site.slow)
                try:
                    self.wfile.write(body[at : at + (1 << 16)])
                except OSError:
                    return

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
def address(site: Site) -> Iterator[str]:
    with serving(site) as found:
        yield found


def refused(url: str, *, private: bool = True) -> DocumentError:
    with pytest.raises(DocumentError) as caught:
        web.fetch(url, private=private)
    assert caught.value.what
    assert caught.value.remedy
    return caught.value


def test_a_page_becomes_a_document_with_its_address_and_attachments(
    site: Site, address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graph.knowledge.bundled", tuple)
    site.put("/zwgk/art_12.html", PAGE.encode("gbk"), Content_Type="text/html; charset=gbk")
    url = f"{address}/zwgk/art_12.html"
    [row] = ingest([url], tmp_path / "s", private=True).rows
    assert (row.outcome, row.clauses) == ("added", 2)
    from graph.storage.store import Store

    generation = Store.open(tmp_path / "s").generation
    assert generation is not None
    policy = generation.record(row.source).policy
    assert (policy.title, policy.url) == (TITLE, url)
    told = [f.message for f in policy.findings if f.rule == "attachment"]
    assert [message.partition("：")[2] for message in told] == [
        f"{address}/files/申报表.doc",
        f"{address}/b.pdf",
    ]
    [again] = ingest([url], tmp_path / "s", private=True).rows
    assert (again.outcome, again.source) == ("unchanged", row.source)
    site.put(
        "/zwgk/art_12.html", PAGE.replace("800", "900").encode("gbk"), Content_Type="text/html; charset=gbk"
    )
    assert [r.outcome for r in ingest([url], tmp_path / "s", private=True).rows] == ["replaced"]
    assert site.agents == {web.AGENT}


def test_the_kind_is_told_by_the_bytes(site: Site, address: str, tmp_path: Path) -> None:
    pdf = make_pdf([[(60.0, 700.0, "一、总则企业是发展的主体。")]])
    site.put("/down?id=7", pdf, Content_Type="text/html")
    site.put("/plain", "某县办法\n一、总则\n内容在此。", Content_Type="text/plain; charset=utf-8")
    site.put("/page.jsp?id=1", PAGE, Content_Type="text/html; charset=utf-8")
    report = ingest(
        [f"{address}/down?id=7", f"{address}/plain", f"{address}/page.jsp?id=1"], tmp_path / "s", private=True
    )
    assert [(row.outcome, row.clauses) for row in report.rows] == [("added", 1), ("added", 1), ("added", 2)]


def test_a_failing_address_does_not_stop_the_rest(site: Site, address: str, tmp_path: Path) -> None:
    site.put("/a.html", PAGE)
    report = ingest([f"{address}/none.html", f"{address}/a.html"], tmp_path / "s", private=True)
    assert [row.outcome for row in report.rows] == ["failed", "added"]
    assert "404" in report.rows[0].error


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://localhost/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.1/",
        "http://192.168.1.1/",
        "http://172.16.0.1/",
        "http://100.64.0.1/",
        "http://0.0.0.0/",
        "http://[fe80::1]/",
        "http://[fd00::1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/",
        "http://224.0.0.1/",
        "http://240.0.0.1/",
    ],
)
def test_addresses_that_are_not_public_are_refused(url: str) -> None:
    assert "内部网络" in refused(url, private=False).what


@pytest.mark.parametrize("target", ["93.184.216.34", "2606:2800:220:1::1", "1.1.1.1", "64:ff9b::5db8:d822"])
def test_public_addresses_are_told_as_such(target: str) -> None:
    assert web.is_public(target)


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://example.org/a",
        "http://",
        "http://a:b@example.org/",
        "http://a:99999/",
        "http://[x/",
    ],
)
def test_what_is_no_web_address_is_refused(url: str) -> None:
    assert "网址不对" in refused(url).what


def test_a_redirect_into_the_inner_network_is_refused(
    site: Site, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server of the test stands for a public one; only the place that it points to is inner."""
    monkeypatch.setattr(web, "is_public", lambda target: target == "127.0.0.1")
    for number, target in enumerate(("http://10.1.2.3/a", "http://127.0.0.2:1/", "file:///etc/passwd")):
        site.put(f"/{number}", b"", 302, Location=target)
        assert refused(f"{address}/{number}", private=False).what in (
            "网址指向内部网络，不能读取",
            "网址不对",
        )


def test_a_name_is_resolved_once_and_that_address_is_connected_to(
    site: Site, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS rebinding: the second answer of the name server would be an inner address; none is asked for."""
    port = int(address.rpartition(":")[2])
    answers = iter(["127.0.0.1", "10.0.0.9"])
    known: dict[str, int] = {}
    real = socket.getaddrinfo

    def lying(host: Any, *rest: Any, **more: Any) -> Any:
        known[str(host)] = known.get(str(host), 0) + 1
        return real(next(answers) if host == "rebind.example" else host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", lying)
    monkeypatch.setattr(web, "is_public", lambda target: target == "127.0.0.1")
    reply = web._get(f"http://rebind.example:{port}/robots.txt", False, time.monotonic() + 5, 1000)
    assert reply.status == 404
    assert known["rebind.example"] == 1
    assert "内部网络" in refused(f"http://rebind.example:{port}/", private=False).what


def test_redirects_are_followed_and_counted(site: Site, address: str) -> None:
    site.put("/a", b"", 301, Location="/b")
    site.put("/b", b"", 302, Location="c?x=1")
    site.put("/c?x=1", PAGE)
    assert web.fetch(f"{address}/a", private=True).address == f"{address}/c?x=1"
    site.put("/loop", b"", 302, Location="/loop")
    assert "转来转去" in refused(f"{address}/loop").what


def test_robots_txt_is_respected(site: Site, address: str) -> None:
    site.put("/robots.txt", "User-agent: *\nDisallow: /inner/\n")
    site.put("/inner/a.html", PAGE)
    site.put("/open.html", PAGE)
    assert "robots.txt" in refused(f"{address}/inner/a.html").what
    assert "/inner/a.html" not in site.asked
    assert web.fetch(f"{address}/open.html", private=True).data == PAGE.encode()
    site.put("/robots.txt", "", 503)
    assert "503" in refused(f"{address}/open.html").what


def test_limits_of_size_and_time(site: Site, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "MAX_BYTES", 1 << 20)
    site.put("/big", b"x" * (3 << 20))
    assert "超过 1 MB" in refused(f"{address}/big").what
    site.put("/claims", b"x", Content_Length="99999999999")
    refused(f"{address}/claims")
    site.put("/bomb", gzip.compress(b"a" * (50 << 20)), Content_Encoding="gzip")
    assert "超过 1 MB" in refused(f"{address}/bomb").what
    monkeypatch.setattr(web, "SECONDS", 0.5)
    site.slow = 0.2
    site.put("/drip", b"x" * (16 << 16))
    began = time.monotonic()
    assert "没有读完" in refused(f"{address}/drip").what
    assert time.monotonic() - began < 10


def test_a_packed_reply_is_unpacked(site: Site, address: str) -> None:
    site.put("/a", gzip.compress(PAGE.encode()), Content_Encoding="gzip")
    assert web.fetch(f"{address}/a", private=True).data == PAGE.encode()


def test_a_server_that_is_not_there_or_talks_nonsense(site: Site, address: str) -> None:
    with socket.socket() as shut:
        shut.bind(("127.0.0.1", 0))
        assert "连不上" in refused(f"http://127.0.0.1:{shut.getsockname()[1]}/").what
    assert "找不到" in refused("http://no-such-host.invalid/").what
    site.put("/empty", b"")
    assert "空" in refused(f"{address}/empty").what


def test_short_names_are_stable_and_usable() -> None:
    names = {
        web.short_name(url)
        for url in (
            "https://www.example.gov.cn/zwgk/2024/art_5.html",
            "https://www.example.gov.cn/view.jsp?id=5",
            "https://www.example.gov.cn/view.jsp?id=6",
            "http://example.gov.cn:8080/",
            "http://example.gov.cn/" + "长" * 200,
        )
    }
    assert len(names) == 5
    assert "example.gov.cn-zwgk-2024-art_5" in names
    assert all(name and not set(name) & set(" /\\#?") and len(name) <= 90 for name in names)


def test_the_setting_is_off_unless_set(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_settings().fetch_private is False
    monkeypatch.setenv("ZHENGWEN_FETCH_PRIVATE", "1")
    assert read_settings().fetch_private is True
