"""What the guard lets through: names, addresses, rates, queues, slow clients, headers."""

import asyncio
import socket
from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Message, Receive, Scope, Send

from tests.served import Reply, fetch, served
from ui.http.callers import Callers
from ui.http.guard import Guard
from ui.http.limits import Buckets, BusyError, Gate
from ui.http.metrics import Metrics
from ui.settings import Settings

ORIGIN = "https://portal.example.org"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A service behind a proxy of this machine, with few requests a minute and little patience."""
    with served(
        "tests.small_service",
        str(tmp_path_factory.mktemp("none") / "store"),
        ZHENGWEN_PROXIES="127.0.0.1 10.0.0.0/8",
        ZHENGWEN_HOSTS="zw.example.org, *.gov.example.org",
        ZHENGWEN_CORS_ORIGINS=ORIGIN,
        ZHENGWEN_RATE="6",
        ZHENGWEN_READ_SECONDS="1",
        ZHENGWEN_HTTPS="1",
        ZHENGWEN_API_KEY="a-key-for-the-tests",
    ) as address:
        yield address


def asked(site: str, path: str = "/api/v1/policies", **headers: str) -> Reply:
    return fetch(site + path, **headers)


def is_problem(reply: Reply, status: int) -> None:
    assert reply.status == status
    assert reply.headers["content-type"] == "application/problem+json"
    assert set(reply.json) == {"type", "title", "status", "detail", "remedy"}
    assert reply.json["status"] == status


# Addresses and rates


def test_an_address_that_asks_too_often_waits_and_others_do_not(site: str) -> None:
    replies = [asked(site, x_forwarded_for="203.0.113.7") for _ in range(8)]
    assert [reply.status for reply in replies] == [200] * 6 + [429] * 2
    is_problem(replies[-1], 429)
    assert 1 <= int(replies[-1].headers["retry-after"]) <= 10
    assert asked(site, x_forwarded_for="203.0.113.8").status == 200
    spoofed = asked(site, x_forwarded_for="198.51.100.1, 203.0.113.7")
    assert spoofed.status == 429, "what a client writes itself in front of its address does not help"
    assert asked(site, "/healthz", x_forwarded_for="203.0.113.7").status == 200
    assert asked(site, "/metrics", x_forwarded_for="203.0.113.7").status == 200


def test_a_program_of_this_machine_is_not_counted(site: str) -> None:
    assert {asked(site).status for _ in range(20)} == {200}


@given(st.lists(st.floats(0, 30), max_size=60), st.integers(1, 120))
def test_a_bucket_never_gives_more_than_the_rate(pauses: list[float], rate: int) -> None:
    now = [0.0]
    buckets = Buckets(rate, lambda: now[0])
    given_out = 0
    for pause in pauses:
        now[0] += pause
        wait = buckets.take("203.0.113.7")
        given_out += wait == 0
        assert wait >= 0
        assert given_out <= rate + now[0] * rate / 60 + 1e-6
        if wait:
            later = Buckets(rate, lambda: now[0])
            later._held = type(later._held)(buckets._held)
            now[0] += wait
            assert later.take("203.0.113.7") == 0, "who waits as told is let in"
            now[0] -= wait


def test_buckets_take_bounded_room_and_a_household_has_one() -> None:
    buckets = Buckets(1, lambda: 0.0)
    for number in range(12_000):
        buckets.take(f"2001:db8:{number:x}::1")
    assert len(buckets) == 10_000
    assert buckets.take("2001:db8:ffff:1::1") == 0
    assert buckets.take("2001:db8:ffff:1:2:3:4:5") > 0
    assert buckets.take("::ffff:203.0.113.9") == 0
    assert buckets.take("203.0.113.9") > 0
    assert {Buckets(0).take("203.0.113.9") for _ in range(9)} == {0}


def scope_of(peer: str, forwarded: str | None = None, **headers: str) -> Scope:
    told = {**({"x-forwarded-for": forwarded} if forwarded is not None else {}), **headers}
    raw = [(name.encode(), value.encode()) for name, value in told.items()]
    return {"type": "http", "client": (peer, 1), "headers": raw, "scheme": "http", "method": "GET"}


@pytest.mark.parametrize(
    ("peer", "forwarded", "caller"),
    [
        ("203.0.113.1", "198.51.100.9", "203.0.113.1"),  # no proxy of ours
        ("10.1.1.1", "198.51.100.9", "198.51.100.9"),
        ("10.1.1.1", "1.2.3.4, 198.51.100.9", "198.51.100.9"),
        ("10.1.1.1", "198.51.100.9, 10.2.2.2", "198.51.100.9"),
        ("10.1.1.1", "nonsense", "10.1.1.1"),
        ("10.1.1.1", "198.51.100.9, nonsense", "10.1.1.1"),
        ("10.1.1.1", None, "10.1.1.1"),
        ("::ffff:10.1.1.1", "2001:db8::7", "2001:db8::7"),
        ("10.1.1.1", "10.3.3.3", "10.3.3.3"),
    ],
)
def test_only_trusted_proxies_are_believed(peer: str, forwarded: str | None, caller: str) -> None:
    callers = Callers(Settings(proxies=(ip_network("10.0.0.0/8"),)))
    placed = callers.placed(scope_of(peer, forwarded, **{"x-forwarded-proto": "https"}))
    assert placed["client"][0] == caller
    assert placed["scheme"] == ("http" if peer == "203.0.113.1" else "https")


def test_a_proxy_nobody_named_is_counted_as_one_caller() -> None:
    callers = Callers(Settings())
    assert callers.exempt(scope_of("127.0.0.1"))
    assert callers.exempt(scope_of("::1"))
    assert not callers.exempt(scope_of("127.0.0.1", "198.51.100.9"))
    assert not callers.exempt(scope_of("203.0.113.1"))


# Names


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("zw.example.org", 200), ("ZW.example.org:8443", 200), ("a.gov.example.org", 200),
        ("localhost:1", 200), ("127.0.0.1", 200), ("[::1]:7860", 200), ("192.0.2.1", 200),
        ("evil.example.com", 400), ("gov.example.org", 400), ("zw.example.org.evil.com", 400),
        ("127.0.0.1.evil.com", 400), ("zw.example.org@evil.com", 400), ("", 400),
    ],
)  # fmt: skip
def test_another_host_name_is_refused(site: str, host: str, status: int) -> None:
    """A page whose name was turned to point at us (DNS rebinding) calls us by its own name."""
    reply = asked(site, host=host)
    assert reply.status == status
    if status == 400:
        is_problem(reply, 400)


def test_a_service_on_all_addresses_knows_its_machine() -> None:
    callers = Callers(Settings(host="0.0.0.0"))  # noqa: S104  nothing listens
    assert callers.known(socket.gethostname())
    assert callers.known("10.9.8.7:80")
    assert callers.known(None)
    assert not callers.known("evil.example.com")
    assert Callers(Settings(hosts=("*",))).known("evil.example.com")


# Other sites


def test_pages_of_other_sites_may_read_only_if_named(site: str) -> None:
    path = "/api/v1/policies"
    reply = asked(site, path, origin=ORIGIN)
    assert reply.headers["access-control-allow-origin"] == ORIGIN
    assert "access-control-allow-credentials" not in reply.headers
    assert "ETag" in reply.headers["access-control-expose-headers"]
    assert reply.headers["vary"] == "Origin"
    stranger = asked(site, path, origin="https://evil.example.com")
    assert "access-control-allow-origin" not in stranger.headers
    assert stranger.headers["vary"] == "Origin"
    assert "access-control-allow-origin" not in asked(site, "/", origin=ORIGIN).headers
    asks = {"access_control_request_method": "POST", "access_control_request_headers": "content-type"}
    preflight = fetch(site + "/api/v1/ask", method="OPTIONS", origin=ORIGIN, **asks)
    assert preflight.status == 204
    assert "POST" in preflight.headers["access-control-allow-methods"]
    refused = fetch(site + "/api/v1/ask", method="OPTIONS", origin="https://evil.example.com", **asks)
    assert "access-control-allow-origin" not in refused.headers
    assert refused.status == 405


def test_nobody_is_named_unless_the_operator_does(five: str) -> None:
    reply = asked(five, origin=ORIGIN)
    assert reply.status == 200
    assert not [name for name in reply.headers if name.startswith("access-control")]
    assert "strict-transport-security" not in reply.headers


# Methods, formats, sizes


@pytest.mark.parametrize("path", ["/api/v1/policies", "/", "/healthz", "/docs", "/api/v1/none", "/none"])
def test_head_is_a_get_without_its_body(five: str, path: str) -> None:
    head, whole = fetch(five + path, method="HEAD"), fetch(five + path)
    assert head.body == b""
    assert head.status == whole.status
    assert head.headers["content-type"] == whole.headers["content-type"]
    if path != "/":  # a nonce is in it
        assert head.headers["content-length"] == str(len(whole.body))


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/api/v1/ask", "POST"), ("DELETE", "/api/v1/policies", "GET, HEAD"),
        ("PUT", "/sparql", "GET, HEAD, POST"), ("POST", "/healthz", "GET, HEAD"),
        ("TRACE", "/api/v1/units", "GET, HEAD"),
    ],
)  # fmt: skip
def test_a_wrong_method_names_the_right_ones(five: str, method: str, path: str, allowed: str) -> None:
    reply = fetch(five + path, method=method)
    is_problem(reply, 405)
    assert reply.headers["allow"] == allowed


@pytest.mark.parametrize("accept", ["image/png", "text/html", "application/json;q=0", "text/csv, image/*"])
def test_who_takes_no_json_is_told(five: str, accept: str) -> None:
    is_problem(asked(five, accept=accept), 406)


@pytest.mark.parametrize("accept", ["*/*", "application/*", "text/html, application/json;q=0.1", ""])
def test_who_takes_json_gets_it(five: str, accept: str) -> None:
    assert asked(five, accept=accept).status == 200


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "application/x-www-form-urlencoded", ""])
def test_another_format_of_a_question_is_told(five: str, kind: str) -> None:
    is_problem(fetch(five + "/api/v1/ask", data=b'{"question": "x"}', content_type=kind), 415)


def test_a_long_address_is_refused(five: str) -> None:
    is_problem(fetch(five + "/api/v1/search?q=" + "x" * 20_000), 414)
    is_problem(fetch(five + "/api/v1/search?q=" + "x" * 300_000), 431)


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/policies/..%2f..%2fetc%2fpasswd", "/api/v1/clauses/..%2f..%2fetc/passwd",
        "/zw/../settings.py", "/zw/..%2fsettings.py", "/zw/%2e%2e/settings.py", "/zw/..%5csettings.py",
        "/zw//etc/passwd", "/zw/%00", "/guide/..%2f..%2fetc%2fpasswd/x", "/documents/..%2f..%2fx",
        "/assets/..%2f..%2f..%2fetc%2fpasswd", "/static/..%2f..%2fpackage.json",
        "/api/v1/guides/%2fetc%2fpasswd/x", "/api/v1/clauses/lushan/%2e%2e/%2e%2e/etc/passwd",
    ],
)  # fmt: skip
def test_no_path_leads_out(five: str, path: str) -> None:
    host, port = five.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as plain:  # urllib would tidy the path
        plain.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        reply = b"".join(iter(lambda: plain.recv(65_536), b""))
    assert reply.split(b" ", 2)[1] == b"404", reply[:300]
    assert b"root:" not in reply


# Slow clients


def test_a_head_that_never_ends_is_cut_off(site: str) -> None:
    host, port = site.removeprefix("http://").split(":")
    for began in (b"", b"GET /healthz HTTP/1.1\r\nHost: x\r\n", b"GET /he"):
        with socket.create_connection((host, int(port)), timeout=10) as slow:
            slow.sendall(began)
            assert slow.recv(1000) == b"", "the service hangs up"


def test_the_second_request_of_a_connection_has_to_end_too(site: str) -> None:
    host, port = site.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as slow:
        slow.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        told = b""
        while b'"ok"' not in told:
            told += slow.recv(4000)
        slow.sendall(b"GET /hea")
        assert slow.recv(1000) == b""


@pytest.mark.parametrize("path", ["/api/v1/ask", "/api/v1/documents?name=a.txt"])
def test_a_body_that_never_ends_is_refused(site: str, path: str) -> None:
    host, port = site.removeprefix("http://").split(":")
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n"
    with socket.create_connection((host, int(port)), timeout=20) as slow:
        slow.sendall(head.encode() + b"Authorization: Bearer a-key-for-the-tests\r\n\r\n{")
        reply = slow.recv(4000)
        assert reply.startswith(b"HTTP/1.1 408"), reply[:200]


# Many at once


def test_the_gate_lets_few_in_and_tells_the_rest() -> None:
    async def run() -> None:
        gate, inside, most = Gate(2, 3, seconds=30), 0, 0
        done = asyncio.Event()

        async def visitor() -> str:
            nonlocal inside, most
            try:
                async with gate.passed():
                    inside += 1
                    most = max(most, inside)
                    await done.wait()
                    inside -= 1
                return "in"
            except BusyError:
                return "busy"

        visits = [asyncio.create_task(visitor()) for _ in range(10)]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        done.set()
        told = await asyncio.gather(*visits)
        assert most == 2
        assert (told.count("in"), told.count("busy")) == (5, 5)
        async with gate.passed() as leave:
            leave()
            leave()
        assert gate._free._value == 2, "nothing is given back twice"

    asyncio.run(run())


def test_a_full_queue_is_told_and_health_is_never_queued(tmp_path: Path) -> None:
    """The guard itself over an application that answers when it is let."""

    async def run() -> None:
        let, began = asyncio.Event(), asyncio.Event()

        async def slow(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["path"] == "/api/v1/ask":
                began.set()
                await let.wait()
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"x"})

        settings = Settings(store=tmp_path, concurrency=1, queue=0)
        guard = Guard(slow, slow, settings=settings, metrics=Metrics())
        first = asyncio.create_task(call(guard, "/api/v1/ask"))
        await began.wait()
        status, headers = await call(guard, "/api/v1/ask")
        assert status == 503
        assert headers["retry-after"].isdigit()
        for path in ("/healthz", "/readyz", "/metrics", "/api/v1/policies"):
            assert (await call(guard, path))[0] == 200
        let.set()
        assert (await first)[0] == 200

    asyncio.run(run())


def test_slow_queries_hold_up_no_question(tmp_path: Path) -> None:
    async def run() -> None:
        let, inside = asyncio.Event(), 0

        async def slow(scope: Scope, receive: Receive, send: Send) -> None:
            nonlocal inside
            if scope["path"] in ("/sparql", "/duties/query"):
                inside += 1
                await let.wait()
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"x"})

        guard = Guard(
            slow, slow, settings=Settings(store=tmp_path, concurrency=1, queue=0), metrics=Metrics()
        )
        queries = [asyncio.create_task(call(guard, path)) for path in 10 * ("/sparql", "/duties/query")]
        while inside < 2:
            await asyncio.sleep(0)
        for _ in range(20):
            assert (await call(guard, "/api/v1/ask"))[0] == 200
        assert inside == 2
        let.set()
        assert [status for status, _ in await asyncio.gather(*queries)] == [200] * 20

    asyncio.run(run())


async def call(app: Any, path: str) -> tuple[int, dict[str, str]]:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"{}", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http", "method": "POST", "path": path, "raw_path": path.encode(), "query_string": b"",
        "headers": [(b"host", b"localhost")], "client": ("127.0.0.1", 1), "scheme": "http",
    }  # fmt: skip
    await app(scope, receive, send)
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], headers


# Headers


@pytest.mark.parametrize("path", ["/", "/docs", "/api/v1/policies", "/none", "/healthz", "/zw/base.css"])
def test_every_response_bears_the_headers(site: str, path: str) -> None:
    headers = asked(site, path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["strict-transport-security"] == "max-age=31536000"
    assert "camera=()" in headers["permissions-policy"]
    assert "default-src 'none'" in headers["content-security-policy"]
    assert headers["referrer-policy"] == "same-origin"
    assert "server" not in headers
