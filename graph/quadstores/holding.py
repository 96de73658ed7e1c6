"""What a server says that it holds: one literal in a graph of its own, written first and last.

A writer takes the revision away before it touches anything and gives the new one when all is there. So a
reader that finds its own revision after a query, with the mark that it found before, has read nothing else.
"""

import msgspec
from pyoxigraph import Literal, NamedNode

from graph.quadstores.client import Client
from graph.storage.durable import StoreError

_SAYS = NamedNode("http://purl.org/dc/terms/identifier")
# Beyond this many a repair writes everything anew.
_NAMED = 1_000


class Holding(msgspec.Struct, frozen=True):
    """What the server holds, or is on the way to.

    `store` names the store that it belongs to, `revision` what it holds (empty: being written, or left so
    by a writer that died), `mark` this very writing. Beginning with `origin` the documents `sources` were
    written, and the places `places` (key and name); both None where that was too much to tell.
    """

    store: str
    revision: str
    mark: str
    origin: str = ""
    sources: tuple[str, ...] | None = None
    places: tuple[tuple[str, str], ...] | None = None

    def told_shortly(self) -> "Holding":
        """Return it as it is written."""
        if len(self.sources or ()) + len(self.places or ()) <= _NAMED:
            return self
        return msgspec.structs.replace(self, sources=None, places=None)


def holding_graph(base: str) -> NamedNode:
    """Return the name of the graph that tells what the server holds."""
    return NamedNode(f"{base}/state")


def held(client: Client, base: str) -> Holding | None:
    """Return what the server holds of the store with these names; None for nothing."""
    name = holding_graph(base)
    rows = client.rows(f"SELECT ?said {{ GRAPH {name} {{ {name} {_SAYS} ?said }} }}").terms
    if not rows:
        return None
    said = rows[0][0]
    try:
        return msgspec.json.decode(said.value if said else "", type=Holding)
    except msgspec.MsgspecError as error:
        raise StoreError(
            "图数据库里的版本记录读不懂", client.place.query, "换一个图数据库，或升级政问"
        ) from error


def hold(client: Client, base: str, holding: Holding) -> None:
    """Write what the server holds."""
    name = holding_graph(base)
    said = Literal(msgspec.json.encode(holding.told_shortly()).decode())
    client.write(name, [f"{name} {_SAYS} {said} .".encode()])
