"""Which door the graph of this installation lies behind: ``ZHENGWEN_GRAPH``, read where a store is opened.

It is read here and not passed on, so that every program that opens a store finds its graph.
"""

import os
from functools import lru_cache
from urllib.parse import urlsplit

from graph.quadstores.door import Quadstore
from graph.quadstores.embedded import Embedded
from graph.storage.durable import StoreError


def chosen() -> Quadstore:
    """Return the door; raises StoreError for an address that is none."""
    names = ("GRAPH", "GRAPH_DATA", "GRAPH_USER", "GRAPH_PASSWORD")
    return _door(*(os.environ.get(f"ZHENGWEN_{name}", "").strip() for name in names))


@lru_cache(maxsize=16)
def _door(query: str, data: str, user: str, password: str) -> Quadstore:
    if not query:
        return Embedded()
    from graph.quadstores.client import Place
    from graph.quadstores.server import Server

    for name, address in (("GRAPH", query), ("GRAPH_DATA", data)):
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
            raise StoreError(
                f"设置 ZHENGWEN_{name} 不是图数据库的网址",
                "ZHENGWEN_GRAPH",
                "写成 http://127.0.0.1:8890/sparql 的样子；写入地址放在 ZHENGWEN_GRAPH_DATA",
            )
    return Server(Place(query, data, user, password))
