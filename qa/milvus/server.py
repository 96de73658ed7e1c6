"""A Milvus server: where it is, what is asked of it, and its errors told in words.

The same client speaks to a cluster and to milvus-lite (a path that ends in ``.db``, opened by this process).
"""

import functools
import logging
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

from graph.storage.durable import StoreError

Row = dict[str, Any]
READ_SECONDS, WRITE_SECONDS = 10.0, 120.0
MOST = 16_384  # rows that one call may bring
LONGEST = 65_535  # bytes of a name, the most that a server takes
TERMS, MEANING = "terms", "meaning"
# The client would knock every ten seconds while nothing is asked, for which a server may hang up on it.
_QUIET = {"grpc.keepalive_time_ms": 60_000, "grpc.keepalive_permit_without_calls": 0}
_ADDRESS = re.compile(r"milvus:(https?://\S+|\S+\.db)")


class IndexUnreachable(StoreError):  # noqa: N818 – a state, told as one
    """The index server does not answer, refuses, or its client is not installed."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server is; `shown` leaves out name and password."""

    uri: str
    token: str = field(default="", repr=False)
    database: str = ""

    @property
    def shown(self) -> str:
        """The address as users may see it."""
        return f"Milvus {self.uri}" + (f"/{self.database}" if self.database else "")


def parse(setting: str) -> Address:
    """Return the address in a setting; raises ValueError.

    ``milvus:http://[NAME:PASSWORD@]HOST:PORT[/DATABASE]`` is a server, ``milvus:FILE.db`` milvus-lite.
    """
    found = _ADDRESS.fullmatch(setting)
    if not found:
        raise ValueError(setting)
    if not found[1].startswith("http"):
        return Address(found[1])
    parts = urlsplit(found[1])
    if not parts.hostname:
        raise ValueError(setting)
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    port = f":{parts.port}" if parts.port else ""
    token = f"{unquote(parts.username)}:{unquote(parts.password or '')}" if parts.username else ""
    return Address(f"{parts.scheme}://{host}{port}", token, parts.path.strip("/"))


class Server:
    """A connection, shared by all threads; every method raises IndexUnreachable."""

    def __init__(self, address: Address) -> None:
        self.address = address
        # In this process there is no network to give up on, but much Python to wait for.
        self._patience = READ_SECONDS if address.uri.startswith("http") else WRITE_SECONDS
        with self._told():
            from pymilvus import DataType, MilvusClient

            for noisy in ("pymilvus", "milvus_lite"):  # their errors are ours to tell
                logging.getLogger(noisy).setLevel(logging.CRITICAL)
            self._types: Any = DataType
            self._client: Any = MilvusClient(
                address.uri,
                token=address.token,
                db_name=address.database,
                timeout=READ_SECONDS,
                grpc_options=_QUIET,
            )

    def collections(self) -> list[str]:
        """Return the names of all collections."""
        with self._told():
            return list(self._client.list_collections(timeout=READ_SECONDS))

    def create(self, name: str, dimensions: int) -> None:
        """Make an empty collection and load it."""
        types = self._types
        with self._told():
            schema = self._client.create_schema(auto_id=False, enable_dynamic_field=False)
            schema.add_field("id", types.INT64, is_primary=True)
            schema.add_field("clause", types.INT64)
            schema.add_field("version", types.INT64)
            schema.add_field("place", types.VARCHAR, max_length=LONGEST)
            schema.add_field("locator", types.VARCHAR, max_length=LONGEST)
            schema.add_field("at", types.INT64)
            schema.add_field("lead", types.INT64)
            schema.add_field(TERMS, types.SPARSE_FLOAT_VECTOR)
            schema.add_field(MEANING, types.FLOAT_VECTOR, dim=dimensions)
            indexes = self._client.prepare_index_params()
            indexes.add_index(TERMS, index_type="SPARSE_INVERTED_INDEX", metric_type="IP")
            indexes.add_index(MEANING, index_type="FLAT", metric_type="IP")
            for scalar in ("clause", "version", "place"):
                indexes.add_index(scalar, index_type="INVERTED")
            self._client.create_collection(
                name, schema=schema, consistency_level="Bounded", timeout=WRITE_SECONDS
            )
            # Of an empty collection: waiting for each would only take its time.
            self._client.create_index(name, indexes, timeout=WRITE_SECONDS, sync=False)
            self._client.load_collection(name, timeout=WRITE_SECONDS)

    def load(self, name: str) -> bool:
        """Make a collection ready for searching; tell whether it is there."""
        with self._told():
            if not self._client.has_collection(name, timeout=READ_SECONDS):
                return False
            self._client.load_collection(name, timeout=WRITE_SECONDS)
            return True

    def drop(self, name: str) -> None:
        """Remove a collection."""
        with self._told():
            self._client.drop_collection(name, timeout=WRITE_SECONDS)

    def insert(self, name: str, rows: Sequence[Row]) -> None:
        """Add rows; never tried twice, since that might add them twice."""
        with self._told():
            self._client.insert(name, list(rows), timeout=WRITE_SECONDS, retry_times=0)

    def delete(self, name: str, condition: str) -> None:
        """Remove the rows of which `condition` is true."""
        with self._told():
            self._client.delete(name, filter=condition, timeout=WRITE_SECONDS)

    def settle(self, name: str) -> None:
        """Let milvus-lite index what was added: it reads loose rows one by one. A cluster does so itself."""
        if not self.address.uri.startswith("http") or "lite" in str(self._version).lower():
            with self._told():
                self._client.flush(name, timeout=WRITE_SECONDS)

    @functools.cached_property
    def _version(self) -> str:
        with self._told():
            return str(self._client.get_server_version(timeout=READ_SECONDS))

    def count(self, name: str, condition: str, seconds: float | None = None) -> int:
        """Return of how many rows `condition` is true, after everything that was ever written."""
        with self._told():
            found = self._client.query(
                name,
                filter=condition,
                output_fields=["count(*)"],
                consistency_level="Strong",
                timeout=seconds or self._patience,
            )
            return int(found[0]["count(*)"])

    def query(self, name: str, condition: str, fields: Sequence[str], consistency: str) -> list[Row]:
        """Return `fields` of the rows of which `condition` is true: fewer than MOST, or it raises."""
        with self._told():
            found = self._client.query(
                name,
                filter=condition,
                output_fields=list(fields),
                limit=MOST,
                consistency_level=consistency,
                timeout=self._patience,
            )
            if len(found) >= MOST:
                raise ValueError(f"more than {MOST - 1} rows: {condition[:80]}")
            return [dict(row) for row in found]

    def search(
        self,
        name: str,
        column: str,
        vector: Sequence[float] | Mapping[int, float],
        condition: str,
        limit: int,
        consistency: str,
    ) -> list[tuple[Row, float]]:
        """Return the rows with the highest product with `vector` in `column`, and the product, best first."""
        with self._told():
            (found,) = self._client.search(
                name,
                data=[vector],
                anns_field=column,
                filter=condition,
                limit=min(limit, MOST),
                output_fields=["version", "locator", "at"],
                consistency_level=consistency,
                timeout=self._patience,
            )
            return [(dict(hit["entity"]), float(hit["distance"])) for hit in found]

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Turn whatever the client raises into an error that says what to do."""
        try:
            yield
        except IndexUnreachable:
            raise
        except ImportError as error:
            raise IndexUnreachable(
                f"缺少 Milvus 的客户端（{error.name}）",
                self.address.shown,
                "请安装：pip install 'zhengwen[milvus]'",
            ) from error
        # The client raises its own errors, gRPC's, and plain ones of Python, without a common parent.
        except Exception as error:
            raise IndexUnreachable(
                f"索引服务器没有应答或拒绝了请求（{_first_line(error)}）", self.address.shown, self._remedy()
            ) from error

    def _remedy(self) -> str:
        if self.address.uri.startswith("http"):
            return "请检查服务器是否在运行、地址和密码是否正确（ZHENGWEN_INDEX），恢复后重试"
        return "请检查文件夹是否可写、有没有别的程序打开着它：这种文件只能由一个程序打开（ZHENGWEN_INDEX）"


def _first_line(error: Exception) -> str:
    details = getattr(error, "details", None)  # of gRPC, whose own text is a page
    told = details() if callable(details) else getattr(error, "message", "")
    return (str(told or error).strip() or type(error).__name__).splitlines()[0][:200]


_connecting = threading.Lock()


def connect(address: Address) -> Server:
    """Return the connection to a server, made at the first call; raises IndexUnreachable."""
    with _connecting:
        return _connected(address)


@functools.lru_cache(maxsize=8)
def _connected(address: Address) -> Server:
    return Server(address)
