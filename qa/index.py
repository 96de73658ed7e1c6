"""The index behind one door: built with a draft of the store, opened with a generation.

Words and meaning are searched in files of the store's folder or, where `choose` named one, on a Milvus
server. Words by sound are always a file.
"""

import json
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from graph.facts import Record
from qa import dense, lexical
from qa.dense import DenseHit, DenseIndex, Vectors
from qa.encoder import Encoder
from qa.entries import Entry, entries
from qa.lexical import LexicalHit, LexicalIndex
from qa.lexicon import lexicon, sounds
from qa.milvus.server import Address, parse
from qa.text import words

if TYPE_CHECKING:  # only where a server was chosen
    from qa.milvus.reading import Reader

LEXICAL, DENSE, SOUNDS, MILVUS = "lexical", "dense", "sounds", "milvus"
FORMAT = 3  # raised whenever the indexed texts change; older indexes are then made anew


class Parts(Protocol):
    """A draft or a generation of the store: named folders."""

    def part(self, name: str) -> Path:
        """Return the folder of a part."""


class Lexical(Protocol):
    """Clauses by their words."""

    @property
    def size(self) -> int:
        """Number of clauses indexed."""

    def frequency(self, term: str, fields: Sequence[str] = ...) -> int:
        """Return in how many clauses `term` may stand."""

    def search(
        self,
        terms: Iterable[tuple[str, float]],
        *,
        jurisdictions: Sequence[str] | None = None,
        sources: Sequence[str] | None = None,
        limit: int,
    ) -> list[LexicalHit]:
        """Return the best clauses for weighted `terms`, within jurisdictions or sources when given."""


class Dense(Protocol):
    """Clauses by what their passages mean."""

    @property
    def size(self) -> int:
        """Number of passages indexed."""

    def search(self, vector: Vectors, *, sources: Sequence[str] | None, limit: int) -> list[DenseHit]:
        """Return the clauses whose passages lie nearest to `vector`, within `sources` when given."""

    def scores(self, vector: Vectors, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], float]:
        """Return the cosine of the best passage of each clause in `keys`."""

    def passages(self, vector: Vectors, source: str, locator: str) -> list[float]:
        """Return the cosine of each passage of a clause, in the order in which they were indexed."""

    def rows(self, source: str) -> tuple[Vectors, tuple[str, ...]]:
        """Return the vectors of a document's passages and the clause that each belongs to."""


@dataclass(frozen=True, slots=True)
class Index:
    """The opened indexes of one generation; `sounds` maps pinyin to known words.

    `check` raises IndexUnreachable when this index cannot be asked now, or not all of it.
    """

    lexical: Lexical
    dense: Dense
    sounds: dict[str, list[str]]
    check: Callable[[], None] = lambda: None


_chosen: list[Address] = []  # the server of this process; none: files


def choose(setting: str | None) -> None:
    """Search on the server that `setting` names (see qa.milvus.server.parse), or in files, from now on.

    Called once by whoever reads the settings, before anything is opened. Raises ValueError.
    """
    _chosen[:] = [parse(setting)] if setting else []


def signature(encoder: Encoder) -> str:
    """Name what indexes are made by: the embedding model and the format of this program."""
    return f"{encoder.name}/{FORMAT}"


def current(parts: Parts, encoder: Encoder) -> bool:
    """Tell whether the indexes in `parts` are there and made by this model and program.

    Raises IndexUnreachable when the server does not answer.
    """
    if _chosen:
        from qa.milvus import writing

        return writing.current(parts.part(MILVUS), _chosen[0], signature(encoder))
    return dense.maker(parts.part(DENSE)) == signature(encoder)


def update(draft: Parts, encoder: Encoder, *, changed: Iterable[str], records: Iterable[Record]) -> None:
    """Bring the draft's indexes up to date: take out `changed` sources, put in those of `records`.

    Raises IndexUnreachable when the server does not answer.
    """
    gone = tuple(changed)
    fresh: list[Entry] = [entry for record in records for entry in entries(record)]
    # What the one kind of index does not keep up with would be taken for true by the other one day.
    for other in (LEXICAL, DENSE) if _chosen else (MILVUS,):
        shutil.rmtree(draft.part(other))
    if _chosen:
        from qa.milvus import writing

        folder = draft.part(MILVUS)
        writing.update(folder, _chosen[0], encoder, signature(encoder), removed=gone, added=fresh)
    else:
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
    if _chosen:
        from qa.milvus.reading import MilvusDense, MilvusLexical

        reader = _reader(generation)
        return Index(MilvusLexical(reader), MilvusDense(reader), table, reader.check)
    return Index(LexicalIndex(generation.part(LEXICAL)), DenseIndex(generation.part(DENSE)), table)


def open_dense(generation: Parts) -> Dense:
    """Open what finds clauses by meaning alone."""
    if _chosen:
        from qa.milvus.reading import MilvusDense

        return MilvusDense(_reader(generation))
    return DenseIndex(generation.part(DENSE))


def _reader(generation: Parts) -> "Reader":
    from qa.milvus.reading import opened

    return opened(generation.part(MILVUS), _chosen[0])
