"""The bundled knowledge: facts, figures and gists of policies, without the documents' sentences.

A fresh checkout answers from it; when an original is ingested, its gists go on to stand beside
the text. See data/knowledge/README.md for the files.
"""

import functools
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import data
from graph.facts import Gist, Record
from graph.records import decode, encode, without_text

# Names longer than this are folded into numbered pieces in the files: the project is searched
# for runs of characters of the documents, and a long title is a name, not a sentence.
_FOLD = 24
_PIECE = re.compile(r"part\d+")


def bundled() -> tuple[Record, ...]:
    """Return the bundled records with their gists, by source."""
    return tuple(read(path) for path in sorted(data.path("knowledge").glob("*.json")))


def with_gists(record: Record) -> Record:
    """Return the record with the bundled gists of its clauses (matched by source and locator)."""
    known = _gists().get(record.policy.source, {})
    held = {gist.locator for gist in record.gists}
    found = tuple(
        Gist(clause.locator, known[clause.locator])
        for clause in record.policy.clauses
        if clause.locator in known and clause.locator not in held
    )
    return replace(record, gists=(*record.gists, *found)) if found else record


def read(path: Path) -> Record:
    """Return the record that `write` wrote, with the bundled gists."""
    tree = json.loads(path.read_text(encoding="utf-8"))
    return with_gists(decode(json.dumps(_each(tree, _unfold)).encode()))


def write(record: Record, folder: Path) -> Path:
    """Write what may be carried of a record to ``<folder>/<source>.json``; return the path.

    Gists are not written: they are kept in gists.jsonl, by hand.
    """
    tree = _each(
        json.loads(encode(replace(without_text(record), gists=()))), lambda value: _sure(_fold(value))
    )
    path = folder / f"{record.policy.source}.json"
    path.write_text(json.dumps(tree, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path


@functools.cache
def _gists() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    path = data.path("knowledge", "gists.jsonl")
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    for row in map(json.loads, filter(None, lines)):
        found.setdefault(row["source"], {})[row["locator"]] = row["gist"]
    return found


_SURE = {"confidence": 1.0, "reason": "", "review": None}  # what a fact has that nothing speaks against


def _sure(value: Any) -> Any:
    """Leave out of a fact what says that nothing speaks against it: it is read back all the same."""
    if not isinstance(value, dict):
        return value
    return {key: item for key, item in value.items() if key not in _SURE or item != _SURE[key]}


def _each(tree: Any, change: Callable[[Any], Any]) -> Any:
    """Apply `change` to every value of a JSON tree, leaves first."""
    if isinstance(tree, dict):
        return change({key: _each(value, change) for key, value in tree.items()})
    if isinstance(tree, list):
        return [_each(value, change) for value in tree]
    return change(tree)


def _fold(value: Any) -> Any:
    if not isinstance(value, str) or value.isascii() or len(value) <= _FOLD:
        return value
    pieces = [value[i : i + _FOLD] for i in range(0, len(value), _FOLD)]
    return {f"part{number}": piece for number, piece in enumerate(pieces, 1)}


def _unfold(value: Any) -> Any:
    folded = isinstance(value, dict) and bool(value) and all(_PIECE.fullmatch(key) for key in value)
    return "".join(value.values()) if folded else value
