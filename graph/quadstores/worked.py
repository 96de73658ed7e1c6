"""One query in a process of its own: only so can one that runs too long or grows too large be stopped."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import msgspec

from graph.quadstores.door import Limits, QueryError, Table
from graph.rdf.vocabulary import PREFIXES

_WORKER = Path(__file__).with_name("worker.py")


@dataclass(frozen=True, slots=True)
class _Task:
    graph: str
    sparql: str
    prefixes: dict[str, str]
    limit: int
    memory: int


@dataclass(frozen=True, slots=True)
class _Result:
    table: Table | None = None
    error: str = ""


def worked(graph: Path | None, sparql: str, limits: Limits) -> Table:
    """Run a query over Oxigraph's files in `graph` (None: over nothing); raises QueryError."""
    task = _Task(str(graph or ""), sparql, dict(PREFIXES), limits.rows, limits.memory)
    try:
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-P", str(_WORKER)],
            input=msgspec.json.encode(task),
            capture_output=True,
            timeout=limits.seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise QueryError(
            f"查询超过 {limits.seconds:g} 秒，已停止", "SPARQL", "请缩小范围或加 LIMIT"
        ) from None
    if done.returncode:
        raise QueryError("查询占用内存过多或异常中止", "SPARQL", "请缩小范围或加 LIMIT")
    result = msgspec.json.decode(done.stdout, type=_Result)
    if result.table is None:
        raise QueryError(f"查询语句有误：{result.error}", "SPARQL", "请对照 SPARQL 1.1 语法修改")
    return result.table
