"""A client of any SPARQL 1.1 server: the Protocol for queries, the Graph Store HTTP Protocol for writing."""

import json
import time
import weakref
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from graph.quadstores.door import GraphAway, Term
from graph.storage.durable import StoreError

if TYPE_CHECKING:  # imported where a server is asked for
    import httpx

# Triples of one request: a server holds a request in memory, and some refuse large ones.
_CHUNK = 20_000
# The most bytes that are taken of one answer.
_MOST = 256 << 20
# Limits of rows are round numbers: a result of such a size is looked at twice.
_ROUND = 1_000
_BOOLEAN = "http://www.w3.org/2001/XMLSchema#boolean"
_TABLE = "application/sparql-results+json"
_TRIPLES = "application/n-triples, text/plain;q=0.5"


class GraphUnreachable(GraphAway):
    """The server does not answer, or not as a SPARQL 1.1 server does."""


class GraphTooSlow(GraphAway):
    """The server did not answer in time."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a server is: address of its query door, of its graph store, and who writes there."""

    query: str
    data: str
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a SELECT; an ASK has one row. `cut` tells that the server said it left some out."""

    columns: tuple[str, ...]
    terms: list[tuple[Term | None, ...]]
    cut: bool


def incomplete(place: Place, count: int) -> GraphUnreachable:
    """Return the error of a server that gives only some of the rows."""
    remedy = "请调大图数据库的结果行数上限（Virtuoso：ResultSetMaxRows）和查询时限"
    return GraphUnreachable(f"图数据库只给出 {count} 行，不完整", place.query, remedy)


class Client:
    """Talks to one server; safe to share between threads."""

    def __init__(self, place: Place) -> None:
        self.place = place

    @cached_property
    def _http(self) -> "httpx.Client":
        import httpx

        http = httpx.Client(auth=_auth(self.place), timeout=httpx.Timeout(600, connect=5), trust_env=False)
        weakref.finalize(self, http.close)
        return http

    def rows(self, query: str, *, seconds: float = 60.0) -> Rows:
        """Run a SELECT or ASK. Raises GraphUnreachable, GraphTooSlow, StoreError (refused)."""
        headers, body = self._ask(query, _TABLE, seconds)
        try:
            found = json.loads(body)
            if "boolean" in found:
                truth = Term("literal", str(found["boolean"]).lower(), _BOOLEAN)
                return Rows(("boolean",), [(truth,)], cut=False)
            columns = tuple(found["head"]["vars"])
            terms = [tuple(_term(row.get(name)) for name in columns) for row in found["results"]["bindings"]]
        except (ValueError, KeyError, TypeError) as error:
            raise self._strange("不是 SPARQL 查询结果") from error
        return Rows(columns, terms, _cut(headers, len(terms)))

    def construct(self, query: str, *, seconds: float = 60.0) -> tuple[list[Triple], bool]:
        """Run a CONSTRUCT or DESCRIBE: its triples, and whether some were left out."""
        headers, body = self._ask(query, _TRIPLES, seconds)
        found = self._parsed(body)
        # Virtuoso says nothing when it ends such a result at its limit, which is a round number.
        return found, _cut(headers, len(found)) or (len(found) >= _ROUND and len(found) % _ROUND < 2)

    def read(self, graph: NamedNode) -> list[Triple]:
        """Return a graph whole, empty where there is none; raises GraphUnreachable where some is left out."""
        reply = self._call("GET", graph, headers={"accept": _TRIPLES})
        found = [] if reply.status_code == 404 else self._parsed(reply.content)
        if len(found) >= _ROUND:
            rows = self.rows(f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH {graph} {{ ?s ?p ?o }} }}").terms
            if not rows or rows[0][0] is None or int(rows[0][0].value) != len(found):
                raise incomplete(self.place, len(found))
        return found

    def write(self, graph: NamedNode, lines: Sequence[bytes], *, add: bool = False) -> None:
        """Make a graph consist of these lines of N-Triples; with `add` they come to those that there are."""
        for start in range(0, len(lines), _CHUNK):
            body = b"\n".join((*lines[start : start + _CHUNK], b""))
            method = "POST" if add or start else "PUT"
            # N-Triples is Turtle, and Turtle is what every server takes.
            self._call(method, graph, content=body, headers={"content-type": "text/turtle; charset=utf-8"})

    def drop(self, graph: NamedNode) -> None:
        """Take a graph away, where there is one."""
        self._call("DELETE", graph)

    def _ask(self, query: str, accept: str, seconds: float) -> "tuple[httpx.Headers, bytes]":
        import httpx

        end, body = time.monotonic() + seconds, bytearray()
        # So that a server that knows the word (Virtuoso, milliseconds) ends what we no longer wait for.
        form = {"query": query, "timeout": str(int(seconds * 1000))}
        try:
            with self._http.stream(
                "POST",
                self.place.query,
                data=form,
                headers={"accept": accept},
                timeout=httpx.Timeout(seconds, connect=min(5.0, seconds)),
            ) as reply:
                for piece in reply.iter_bytes():
                    body += piece
                    if time.monotonic() > end:
                        raise GraphTooSlow(
                            f"查询超过 {seconds:g} 秒，已停止", "SPARQL", "请缩小范围或加 LIMIT"
                        )
                    if len(body) > _MOST:
                        raise StoreError("查询结果太大", "SPARQL", "请缩小范围或加 LIMIT")
        except httpx.TimeoutException as error:
            if isinstance(error, httpx.ConnectTimeout):
                raise self._lost(error) from error
            raise GraphTooSlow(
                f"查询超过 {seconds:g} 秒，已停止", "SPARQL", "请缩小范围或加 LIMIT"
            ) from error
        except httpx.HTTPError as error:
            raise self._lost(error) from error
        if reply.status_code != 200:
            raise self._refused(reply.status_code, bytes(body))
        if "x-sql-state" in reply.headers:  # what Virtuoso had found when its time was up, told here alone
            raise GraphTooSlow(f"查询超过 {seconds:g} 秒，已停止", "SPARQL", "请缩小范围或加 LIMIT")
        return reply.headers, bytes(body)

    def _call(self, method: str, graph: NamedNode, **given: Any) -> "httpx.Response":
        import httpx

        try:
            reply = self._http.request(method, self.place.data, params={"graph": graph.value}, **given)
        except httpx.HTTPError as error:
            raise self._lost(error) from error
        if reply.is_success or (reply.status_code == 404 and method in ("GET", "DELETE")):
            return reply
        raise self._refused(reply.status_code, reply.content)

    def _parsed(self, body: bytes) -> list[Triple]:
        if (
            b"@prefix" not in body[:1000]
            and not body.lstrip().startswith((b"<", b"_", b"#"))
            and body.strip()
        ):
            raise self._strange("不是 N-Triples")
        try:
            return [quad.triple for quad in parse(body, format=RdfFormat.TURTLE)]
        except SyntaxError as error:
            raise self._strange("不是 N-Triples") from error

    def _lost(self, error: Exception) -> GraphUnreachable:
        said = f"（{type(error).__name__}）"
        return GraphUnreachable(
            f"图数据库连不上{said}", self.place.query, "请检查图数据库是否在运行，稍后再试"
        )

    def _strange(self, what: str) -> GraphUnreachable:
        return GraphUnreachable(f"图数据库的回答{what}", self.place.query, "请检查 ZHENGWEN_GRAPH 的地址")

    def _refused(self, status: int, body: bytes) -> StoreError:
        if status in (401, 403):
            remedy = "请检查 ZHENGWEN_GRAPH_USER 和 ZHENGWEN_GRAPH_PASSWORD"
            return GraphUnreachable(f"图数据库不许访问（{status}）", self.place.data, remedy)
        said = " ".join(body[:500].decode("utf-8", "replace").split())
        if status == 400:
            return StoreError(f"图数据库不接受这个查询：{said}", "SPARQL", "请对照 SPARQL 1.1 语法修改")
        return GraphUnreachable(f"图数据库出错（{status}）：{said}", self.place.query, "请查看图数据库的日志")


def _cut(headers: "httpx.Headers", count: int) -> bool:
    """Tell whether Virtuoso ended a result at its own limit of rows; it says so here alone."""
    most = headers.get("x-sparql-maxrows", "")
    return most.isdecimal() and count >= int(most)


def _term(cell: dict[str, str] | None) -> Term | None:
    if cell is None:
        return None
    kind, value, datatype = cell["type"], cell["value"], cell.get("datatype")
    if kind == "uri":
        return Term("uri", value)
    if kind == "bnode":
        return Term("bnode", value)
    if datatype == _BOOLEAN and value in ("0", "1"):  # the same value, written the shorter way
        value = "true" if value == "1" else "false"
    language = cell.get("xml:lang") or None
    return Term("literal", value, None if language else datatype or _STRING, language)


_STRING = "http://www.w3.org/2001/XMLSchema#string"


def _auth(place: Place) -> "httpx.Auth | None":
    """Answer whichever challenge the server sets: Digest, or Basic."""
    if not place.user:
        return None
    import httpx

    class Challenged(httpx.DigestAuth):
        basic: str = ""

        def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
            if not self.basic:
                flow = super().auth_flow(request)
                reply = yield next(flow)
                offers = reply.headers.get_list("www-authenticate") if reply.status_code == 401 else []
                if not any(offer.lower().startswith("basic") for offer in offers):
                    try:
                        request = flow.send(reply)
                    except StopIteration:
                        return
                    yield request
                    return
                own = httpx.BasicAuth(place.user, place.password)
                self.basic = next(own.auth_flow(request)).headers["authorization"]
            request.headers["authorization"] = self.basic
            yield request

    return Challenged(place.user, place.password)
