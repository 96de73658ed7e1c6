"""A server of the two standards over Oxigraph in memory: by the book where Virtuoso has ways of its own."""

import base64
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pyoxigraph as ox

from graph.quadstores.client import Place

_USER, _PASSWORD = "writer", "一个口令"


class _Handler(BaseHTTPRequestHandler):
    store: ox.Store
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        """Stay silent."""

    def do_POST(self) -> None:
        if urlsplit(self.path).path == "/data":
            self._write(keep=True)
            return
        form = parse_qs(self._body().decode())
        try:
            found = self.store.query(form["query"][0], use_default_graph_as_union=True)
        except SyntaxError as error:
            self._reply(400, str(error).encode())
            return
        if isinstance(found, ox.QueryTriples):
            self._reply(200, found.serialize(format=ox.RdfFormat.N_TRIPLES), "application/n-triples")
        else:
            body = found.serialize(format=ox.QueryResultsFormat.JSON)
            self._reply(200, body, "application/sparql-results+json")

    def do_PUT(self) -> None:
        self._write(keep=False)

    def do_GET(self) -> None:
        graph = self._graph()
        if not self.store.contains_named_graph(graph):
            self._reply(404)
            return
        rows = [quad.triple for quad in self.store.quads_for_pattern(None, None, None, graph)]
        body = ox.serialize(rows, format=ox.RdfFormat.N_TRIPLES) or b""
        self._reply(200, body, "application/n-triples")

    def do_DELETE(self) -> None:
        if self._allowed():
            known = self.store.contains_named_graph(self._graph())
            self.store.remove_graph(self._graph())
            self._reply(204 if known else 404)

    def _write(self, keep: bool) -> None:
        body, graph = self._body(), self._graph()
        if self._allowed():
            if not keep:
                self.store.clear_graph(graph)
            self.store.load(body, ox.RdfFormat.TURTLE, to_graph=graph)
            self._reply(204)

    def _allowed(self) -> bool:
        wanted = base64.b64encode(f"{_USER}:{_PASSWORD}".encode()).decode()
        if self.headers["authorization"] == f"Basic {wanted}":
            return True
        self._reply(401, challenge='Basic realm="graphs", charset="UTF-8"')
        return False

    def _graph(self) -> ox.NamedNode:
        return ox.NamedNode(parse_qs(urlsplit(self.path).query)["graph"][0])

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers["content-length"]))

    def _reply(
        self, status: int, body: bytes | None = b"", kind: str = "text/plain", challenge: str = ""
    ) -> None:
        self.send_response(status)
        if challenge:
            self.send_header("www-authenticate", challenge)
        self.send_header("content-type", kind)
        if status != 204:
            self.send_header("content-length", str(len(body or b"")))
        self.end_headers()
        if status != 204:
            self.wfile.write(body or b"")


@contextmanager
def standard_server() -> Iterator[Place]:
    """Run a server with an empty store."""
    handler = type("Handler", (_Handler,), {"store": ox.Store()})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as running:
        running.daemon_threads = True
        threading.Thread(target=running.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{running.server_address[1]}"
        yield Place(f"{address}/query", f"{address}/data", _USER, _PASSWORD)
        running.shutdown()
