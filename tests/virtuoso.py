"""A Virtuoso of the tests' own: in a folder of its own, on free ports of this machine, never a service."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from graph.quadstores.client import Client, Place

_SETTINGS = """
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
[TempDatabase]
DatabaseFile = {folder}/virtuoso-temp.db
TransactionFile = {folder}/virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DirsAllowed = {folder}
NumberOfBuffers = 20000
[HTTPServer]
ServerPort = 127.0.0.1:{web}
ServerThreads = 10
[SPARQL]
ResultSetMaxRows = {rows}
"""


def present() -> bool:
    """Tell whether the program is installed."""
    return shutil.which("virtuoso-t") is not None


@contextmanager
def virtuoso(folder: Path, rows: int = 10_000) -> Iterator[Place]:
    """Run a server with an empty database; `rows` is the most that it gives of a result."""
    sql, web = _free_ports(2)
    settings = folder / "virtuoso.ini"
    settings.write_text(_SETTINGS.format(folder=folder, sql=sql, web=web, rows=rows), encoding="ascii")
    command = ["virtuoso-t", "+foreground", "+configfile", str(settings)]
    with (folder / "output").open("wb") as output:
        running = subprocess.Popen(command, stdout=output, stderr=output, cwd=folder)
        try:
            address = f"http://127.0.0.1:{web}"
            _answers(f"{address}/sparql", running, folder)
            # The user and the password of every new database (SQL too, but on the loopback alone).
            yield Place(f"{address}/sparql", f"{address}/sparql-graph-crud-auth", "dba", "dba")
        finally:
            running.terminate()
            running.wait(60)


def clear(place: Place) -> None:
    """Take away all graphs of stores."""
    from pyoxigraph import NamedNode

    client = Client(place)
    rows = client.rows("SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }").terms
    for (name,) in rows:
        if name and "openlinksw" not in name.value and "/ns/ldp" not in name.value:
            client.drop(NamedNode(name.value))


def _answers(address: str, running: subprocess.Popen[bytes], folder: Path) -> None:
    end = time.monotonic() + 120
    while time.monotonic() < end:
        try:
            if httpx.get(address, params={"query": "ASK {}"}, trust_env=False).status_code == 200:
                return
        except httpx.HTTPError:
            pass
        assert running.poll() is None, (folder / "output").read_text("utf-8", "replace")
        time.sleep(0.1)
    raise AssertionError((folder / "virtuoso.log").read_text("utf-8", "replace"))


def _free_ports(count: int) -> list[int]:
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return ports
