"""Other people's SPARQL: read-only, no SERVICE, limited in time, rows and memory.

What is no query is refused here; the limits are kept by the door that the graph lies behind.
"""

import re
import sys

from graph.quadstores.door import Limits, QueryError, Table, Term
from graph.storage.generations import Generation

__all__ = ["QueryError", "Table", "Term", "refuse", "select"]

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


def select(
    generation: Generation, sparql: str, *, seconds: float = 10.0, limit: int = 10_000, memory: int = 2 << 30
) -> Table:
    """Run a SELECT, ASK, CONSTRUCT or DESCRIBE over all policies.

    The usual prefixes are known. `seconds` of wall time, `limit` in rows, `memory` in bytes.
    Raises QueryError for a refused, wrong or stopped query.
    """
    refuse(sparql)
    return generation.graph.select(sparql, Limits(seconds, limit, memory))


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
