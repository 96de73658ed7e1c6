"""Other people's SPARQL: read-only, no SERVICE, limited in time, rows and memory.

A query runs in a process of its own, since one that runs too long can only be stopped by
stopping its process. Oxigraph's query door takes no updates.
"""

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec

from graph.rdf.vocabulary import PREFIXES
from graph.storage.durable import StoreError
from graph.storage.generations import Generation

_WORKER = Path(__file__).with_name("sparql_worker.py")
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
# Tokens in which a keyword means nothing (SPARQL 1.1 §19.8), and words.
_TOKEN = re.compile(
    r"""
      <[^<>"{}|^`\\\x00-\x20]*>
    | '''(?:[^'\\]|\\.|'(?!''))*''' | \"""(?:[^"\\]|\\.|"(?!""))*\"""
    | '(?:[^'\\\n\r]|\\.)*' | "(?:[^"\\\n\r]|\\.)*"
    | \#[^\n\r]*
    | [?$@][\w-]+
    | (?P<prefix>[\w.-]*):(?:\\.|[\w.:%-])*
    | (?P<word>\w+)
    """,
    re.VERBOSE | re.DOTALL,
)
_UPDATES = {"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "COPY", "MOVE", "ADD"}
_QUERIES = {"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"}


class QueryError(StoreError):
    """A query that was refused or stopped: what, where, what to do (Chinese)."""


@dataclass(frozen=True, slots=True)
class Term:
    """An RDF term: `kind` as in SPARQL 1.1 Query Results JSON."""

    kind: Literal["uri", "literal", "bnode"]
    value: str
    datatype: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A query's result: SELECT rows, one row for ASK, three columns for CONSTRUCT and DESCRIBE.

    `truncated` tells that the row limit was reached and that there are more.
    """

    form: Literal["select", "ask", "graph"]
    columns: tuple[str, ...]
    terms: tuple[tuple[Term | None, ...], ...]
    truncated: bool

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """The rows as plain text; an unbound variable is the empty string."""
        return tuple(tuple(term.value if term else "" for term in row) for row in self.terms)


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


def select(
    generation: Generation, sparql: str, *, seconds: float = 10.0, limit: int = 10_000, memory: int = 2 << 30
) -> Table:
    """Run a SELECT, ASK, CONSTRUCT or DESCRIBE over all policies.

    The usual prefixes are known. `seconds` of wall time, `limit` in rows, `memory` in bytes.
    Raises QueryError for a refused, wrong or stopped query.
    """
    refuse(sparql)
    task = _Task(str(generation.part("graph")), sparql, dict(PREFIXES), limit, memory)
    try:
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-P", str(_WORKER)],
            input=msgspec.json.encode(task),
            capture_output=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise QueryError(f"查询超过 {seconds:g} 秒，已停止", "SPARQL", "请缩小范围或加 LIMIT") from None
    if done.returncode:
        raise QueryError("查询占用内存过多或异常中止", "SPARQL", "请缩小范围或加 LIMIT")
    result = msgspec.json.decode(done.stdout, type=_Result)
    if result.table is None:
        raise QueryError(f"查询语句有误：{result.error}", "SPARQL", "请对照 SPARQL 1.1 语法修改")
    return result.table


def refuse(sparql: str) -> None:
    """Raise QueryError for an update or a call to another server (SERVICE).

    SERVICE is a reserved word: outside strings, IRIs, comments, variables and prefixed names it
    can only be the call. Words that run into it (``1SERVICE``) count too, and the text is looked
    at with and without its code point escapes (SPARQL 1.1 §19.2), whichever a parser undoes.
    """
    plain = _ESCAPE.sub(lambda found: _character(found[1] or found[2]), sparql)
    for text in (sparql, plain):
        words: set[str] = set()
        for token in _TOKEN.finditer(text):
            word = (token["word"] or "").upper()
            words.add(word)
            if "SERVICE" in word or (token["prefix"] or "").upper().endswith("SERVICE"):
                raise QueryError("不允许用 SERVICE 访问其他服务器", "SPARQL", "请去掉 SERVICE 部分")
        if words & _UPDATES and not words & _QUERIES:
            raise QueryError("只允许查询，不允许修改数据", "SPARQL", "请用 SELECT、ASK 或 CONSTRUCT")


def _character(digits: str) -> str:
    number = int(digits, 16)
    return chr(number) if number <= sys.maxunicode else ""
