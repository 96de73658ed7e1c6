"""Documents from web addresses: public ones only, within limits of size and time, as robots.txt allows.

The name is resolved once, the address checked, and that very address connected to: a name that
points elsewhere a moment later (DNS rebinding) gains nothing.
"""

import contextlib
import http.client
import ipaddress
import re
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from urllib.parse import quote, unquote, urljoin, urlsplit, urlunsplit
from urllib.robotparser import RobotFileParser

from ingest.model import DocumentError, Finding, RawDocument

AGENT = "zhengwen/0.1 (reads policy documents; respects robots.txt)"
MAX_BYTES = 64 * 1024 * 1024
MAX_REDIRECTS = 5
SECONDS = 60.0  # for one document, redirects and robots.txt together
_ROBOTS_BYTES = 512 * 1024  # RFC 9309, 2.5: at least 500 KiB are to be read
_SAVE = "请用浏览器打开，保存为文件后再读入"
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9_-]+)", re.I)


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address gave: bytes, the address after redirects, and the charset that the server states."""

    data: bytes
    address: str
    charset: str | None


@dataclass(frozen=True, slots=True)
class _Reply:
    status: int
    headers: http.client.HTTPMessage
    body: bytes


def fetch(address: str, *, private: bool = False) -> Fetched:
    """Return what stands at a web address; `private` also lets addresses of an inner network through.

    Raises DocumentError (what, where, remedy) for anything but a document: address refused, not
    reachable, forbidden by robots.txt, too large, too slow, or an error of the server.
    """
    until = time.monotonic() + SECONDS
    here = address
    rules: dict[str, RobotFileParser] = {}
    for _ in range(MAX_REDIRECTS + 1):
        here = _clean(here, address)
        _ask_robots(here, private, until, rules)
        reply = _get(here, private, until, MAX_BYTES)
        if reply.status in (301, 302, 303, 307, 308) and reply.headers.get("Location"):
            here = urljoin(here, reply.headers["Location"])
            continue
        if reply.status != 200:
            raise DocumentError(
                f"网站答复 {reply.status}，没有给出文件", address, "请检查网址，或" + _SAVE[1:]
            )
        if not reply.body.strip():
            raise DocumentError("网址的内容是空的", address, _SAVE)
        stated = _CHARSET.search(reply.headers.get("Content-Type", ""))
        return Fetched(reply.body, here, stated[1] if stated else None)
    raise DocumentError(f"网址转来转去超过 {MAX_REDIRECTS} 次", address, _SAVE)


def short_name(address: str) -> str:
    """Return the short name of a document at an address: host and path, the same at every reading."""
    parts = urlsplit(address)
    host = (parts.hostname or "").removeprefix("www.")
    path = re.sub(r"\.\w{1,5}$", "", unquote(parts.path).strip("/"))
    name = re.sub(r"[^\w.]+", "-", f"{host}-{path}").strip("-.")
    mark = sha256(f"{parts.scheme}{parts.netloc}{parts.path}?{parts.query}".encode()).hexdigest()[:8]
    return f"{name[:72]}-{mark}" if parts.query or len(name) > 80 else name


def with_attachments(raw: RawDocument, page: str) -> RawDocument:
    """Return a page's document with its attachments as absolute addresses, each told as a finding."""
    links = tuple(dict.fromkeys(_absolute(page, link) for link in raw.attachments))
    told = tuple(Finding("note", "attachment", f"网页附有文件，没有读入：{link}") for link in links if link)
    return replace(raw, attachments=tuple(filter(None, links)), findings=(*raw.findings, *told))


def _absolute(page: str, link: str) -> str:
    try:
        return urljoin(page, link)
    except ValueError:
        return ""


def _clean(address: str, given: str) -> str:
    """Return an address that can be sent: http or https, no user name, everything odd encoded."""
    wrong = DocumentError("网址不对", given, "请写完整的网址，以 http:// 或 https:// 开头")
    try:
        parts = urlsplit(address.strip())
        port, host = parts.port, (parts.hostname or "").encode("idna").decode("ascii")
    except (ValueError, UnicodeError):
        raise wrong from None
    if parts.scheme not in ("http", "https") or not host or parts.username or parts.password:
        raise wrong
    name = f"[{host}]" if ":" in host else host
    netloc = f"{name}:{port}" if port else name
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    return urlunsplit((parts.scheme, netloc, path, quote(parts.query, safe="/%:@!$&'()*+,;=~-._?"), ""))


def _ask_robots(address: str, private: bool, until: float, rules: dict[str, RobotFileParser]) -> None:
    """Raise DocumentError where the site's robots.txt forbids this page (RFC 9309)."""
    parts = urlsplit(address)
    site = f"{parts.scheme}://{parts.netloc}"
    if site not in rules:
        rules[site] = RobotFileParser()
        rules[site].parse(_robots(site, private, until))
    if not rules[site].can_fetch(AGENT, address):
        raise DocumentError("网站的 robots.txt 不许程序读取这一页", address, _SAVE)


def _robots(site: str, private: bool, until: float) -> list[str]:
    here = f"{site}/robots.txt"
    for _ in range(MAX_REDIRECTS + 1):
        reply = _get(here, private, until, _ROBOTS_BYTES, whole=False)
        if 300 <= reply.status < 400 and reply.headers.get("Location"):
            here = _clean(urljoin(here, reply.headers["Location"]), here)
            continue
        if reply.status >= 500:  # RFC 9309, 2.3.1.4: all is forbidden while the server is at fault
            raise DocumentError(f"网站答复 {reply.status}，暂时无法读取", site, "请稍后再试")
        return reply.body.decode("utf-8", "replace").splitlines() if reply.status == 200 else []
    return []


def _get(address: str, private: bool, until: float, limit: int, *, whole: bool = True) -> _Reply:
    """Return the reply to one request; of a body over `limit` the head, or DocumentError when `whole`."""
    parts = urlsplit(address)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    targets = _resolved(parts.hostname or "", port, private, address)
    try:
        with _connected(targets, parts.scheme, parts.hostname or "", port, until) as connection:
            target = urlunsplit(("", "", parts.path or "/", parts.query, ""))
            headers = {"User-Agent": AGENT, "Accept": "*/*", "Accept-Encoding": "identity"}
            connection.request("GET", target, headers={"Host": parts.netloc, **headers})
            with connection.getresponse() as reply:
                body = _body(reply, limit) if reply.status == 200 else b""
            if time.monotonic() >= until:  # the socket was shut: that looks like the end of the body
                raise TimeoutError
    except (OSError, http.client.HTTPException, zlib.error) as error:
        if time.monotonic() >= until:
            raise DocumentError(
                f"网址在 {SECONDS:.0f} 秒内没有读完", address, "请稍后再试，或" + _SAVE[1:]
            ) from error
        fault = "证书不可信" if isinstance(error, ssl.SSLError) else "网址连不上"
        raise DocumentError(fault, address, "请检查网址和网络，或" + _SAVE[1:]) from error
    if len(body) > limit and whole:
        raise DocumentError(f"网址的内容超过 {limit // 1024 // 1024} MB", address, "请下载后拆分再读入")
    return _Reply(reply.status, reply.headers, body[:limit])


def _resolved(host: str, port: int, private: bool, address: str) -> list[str]:
    """Return the addresses of a host; raise DocumentError if one of them is not public."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise DocumentError("找不到这个网站", address, "请检查网址和网络") from error
    targets = list(dict.fromkeys(str(row[4][0]) for row in found))
    if not private and not all(map(is_public, targets)):
        raise DocumentError(
            "网址指向内部网络，不能读取", address, "确需读取内网网页时，请设置 ZHENGWEN_FETCH_PRIVATE=1"
        )
    return targets


def is_public(target: str) -> bool:
    """Say whether an IP address is one of the public internet, whatever form it is wrapped in."""
    ip = ipaddress.ip_address(target.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and ip in ipaddress.ip_network("64:ff9b::/96"):  # RFC 6052
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast


@contextlib.contextmanager
def _connected(
    targets: list[str], scheme: str, host: str, port: int, until: float
) -> Iterator[http.client.HTTPConnection]:
    """Connect to one of the checked addresses; the socket is shut when the time is up."""
    raw = _socket(targets, port, until)
    watch = threading.Timer(max(0.0, until - time.monotonic()), _shut, [raw.fileno()])
    watch.daemon = True
    watch.start()
    try:
        sock = raw
        if scheme == "https":
            sock = ssl.create_default_context().wrap_socket(raw, server_hostname=host)
        connection = http.client.HTTPConnection(host, port)
        connection.sock = raw = sock
        yield connection
    finally:
        watch.cancel()
        watch.join()  # before the file number is free for another file
        raw.close()


def _socket(targets: list[str], port: int, until: float) -> socket.socket:
    fault: OSError = TimeoutError()
    for target in targets:
        left = until - time.monotonic()
        if left <= 0:
            break
        try:
            return socket.create_connection((target, port), timeout=min(15.0, left))
        except OSError as error:
            fault = error
    raise fault


def _shut(number: int) -> None:
    """Shut the socket of a file number under the one who is reading from it."""
    with contextlib.suppress(OSError), socket.socket(fileno=socket.dup(number)) as sock:
        sock.shutdown(socket.SHUT_RDWR)


def _body(reply: http.client.HTTPResponse, limit: int) -> bytes:
    """Read a body, unpacked if the server packed it unasked, and no further than just over `limit`."""
    packed = reply.headers.get("Content-Encoding", "").strip().lower() in ("gzip", "x-gzip", "deflate")
    unpack = zlib.decompressobj(zlib.MAX_WBITS | 32) if packed else None
    out = bytearray()
    while len(out) <= limit and (piece := reply.read(65_536)):
        out += piece if unpack is None else unpack.decompress(piece, limit + 1 - len(out))
    if len(out) <= limit and reply.length:  # the server said more than it gave
        raise http.client.IncompleteRead(b"", reply.length)
    return bytes(out)
