"""The two indexes behind one door: built into a draft of the store, opened from a generation."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from graph.facts import Record
from qa import dense, lexical
from qa.dense import DenseIndex
from qa.encoder import Encoder
from qa.entries import Entry, entries
from qa.lexical import LexicalIndex
from qa.lexicon import lexicon, sounds
from qa.text import words

LEXICAL, DENSE, SOUNDS = "lexical", "dense", "sounds"
FORMAT = 3  # raised whenever the indexed texts change; older indexes are then made anew


class Parts(Protocol):
    """A draft or a generation of the store: named folders."""

    def part(self, name: str) -> Path:
        """Return the folder of a part."""


@dataclass(frozen=True, slots=True)
class Index:
    """The opened indexes of one generation; `sounds` maps pinyin to known words."""

    lexical: LexicalIndex
    dense: DenseIndex
    sounds: dict[str, list[str]]


def signature(encoder: Encoder) -> str:
    """Name what indexes are made by: the embedding model and the format of this program."""
    return f"{encoder.name}/{FORMAT}"


def current(parts: Parts, encoder: Encoder) -> bool:
    """Tell whether the indexes in `parts` are there and made by this model and program."""
    return dense.maker(parts.part(DENSE)) == signature(encoder)


def update(draft: Parts, encoder: Encoder, *, changed: Iterable[str], records: Iterable[Record]) -> None:
    """Bring the draft's indexes up to date: take out `changed` sources, put in those of `records`."""
    gone = tuple(changed)
    fresh: list[Entry] = [entry for record in records for entry in entries(record)]
    lexical.update(draft.part(LEXICAL), removed=gone, added=fresh)
    dense.update(draft.part(DENSE), encoder, signature(encoder), removed=gone, added=fresh)
    _update_sounds(draft.part(SOUNDS), fresh)


def _update_sounds(folder: Path, fresh: Iterable[Entry]) -> None:
    """Keep the words of titles and of the lexicon by sound; words once learnt stay."""
    target = folder / "sounds.json"
    table: dict[str, list[str]] = json.loads(target.read_text("utf-8")) if target.exists() else {}
    known = {word for group in table.values() for word in group}
    learnt = {word for entry in fresh for word in words(f"{entry.context} {entry.heading}")}
    # Short words of running text would mend too much; longer ones are rarely hit by chance.
    learnt |= {word for entry in fresh for word in words(entry.body) if len(word) > 2}
    added = sounds((learnt | set(lexicon().vocabulary())) - known)
    if not added:
        return
    for sound, group in added.items():
        table[sound] = sorted({*table.get(sound, ()), *group})
    new = target.with_suffix(".new")
    new.write_text(json.dumps(table, ensure_ascii=False, sort_keys=True), "utf-8")
    new.replace(target)


def open_index(generation: Parts) -> Index:
    """Open the indexes of a published generation."""
    table = json.loads((generation.part(SOUNDS) / "sounds.json").read_text("utf-8"))
    return Index(LexicalIndex(generation.part(LEXICAL)), DenseIndex(generation.part(DENSE)), table)
