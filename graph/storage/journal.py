"""The journal of a store: one line a published generation, when, why, by whom, and what it changed.

STORE/HISTORY is JSON lines, only ever added to. A line is forced to disk before the pointer turns, so a
killed writer leaves at most a line of a generation that never came, or half a line: readers pass over
both, and the next writer of that number writes its own line after them. Times stand here and not in
manifests: what a generation holds does not depend on the clock.
"""

import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import msgspec

from graph.storage.durable import fsync
from graph.storage.generations import StoredDocument

What = Literal["", "start", "ingest", "remove", "review", "rollback", "restore"]


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a generation is made: the kind of work, who asked for it, `of`, the one gone back to, and the
    number of the `upload` that came with it, so that it is not read twice."""

    what: What = ""
    by: str = ""
    of: str = ""
    upload: str = ""


@dataclass(frozen=True, slots=True)
class Published:
    """A line of the journal: a generation, when it was published (UTC, ISO 8601; empty: not written down).

    `documents` counts all; `added`, `replaced`, `removed` are short names, against the one before.
    `kept` tells whether it is still there to go back to.
    """

    name: str
    at: str = ""
    cause: Cause = Cause()
    documents: int = 0
    added: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Turnover:
    """The documents (short names, sorted) in which one generation differs from another."""

    added: tuple[str, ...]
    replaced: tuple[str, ...]
    removed: tuple[str, ...]


def turnover(before: Iterable[StoredDocument], after: Iterable[StoredDocument]) -> Turnover:
    """Compare two lists of documents: a document is replaced when its record or its decisions are others."""
    old = {row.source: row for row in before}
    added, replaced = [], []
    for row in after:
        held = old.pop(row.source, None)
        if held is None:
            added.append(row.source)
        elif held is not row and (held.record, held.history) != (row.record, row.history):
            replaced.append(row.source)
    return Turnover(tuple(sorted(added)), tuple(sorted(replaced)), tuple(sorted(old)))


def line_of(
    name: str, cause: Cause, before: Iterable[StoredDocument], after: tuple[StoredDocument, ...]
) -> Published:
    """Return the line of a generation that is published now."""
    found = turnover(before, after)
    at = datetime.now(UTC).isoformat(timespec="seconds")
    return Published(name, at, cause, len(after), found.added, found.replaced, found.removed)


def append(path: Path, line: Published) -> None:
    """Add a line and force it to disk; what a killed or refused writer left half is ended first."""
    new = not path.exists()
    with path.open("ab") as stream:
        start = stream.tell()
        try:
            stream.write(_newline_missing(path, start) + msgspec.json.encode(line) + b"\n")
            stream.flush()
            os.fsync(stream.fileno())
        except BaseException:
            os.truncate(path, start)
            raise
    if new:
        fsync(path.parent)


def _newline_missing(path: Path, size: int) -> bytes:
    if size == 0:
        return b""
    with path.open("rb") as stream:
        stream.seek(size - 1)
        return b"" if stream.read(1) == b"\n" else b"\n"


def read(path: Path) -> dict[str, Published]:
    """Return the last line of each generation; lines that are no lines are passed over."""
    found: dict[str, Published] = {}
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return found
    for row in data.splitlines():
        try:
            line = msgspec.json.decode(row, type=Published)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            continue
        found[line.name] = replace(line, kept=False)
    return found
