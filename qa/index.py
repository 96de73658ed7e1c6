"""The index behind one door: built with a draft of the store, opened with a generation.

Words and meaning are searched in files of the store's folder or, where `choose` named one, on a Milvus
server. Words by sound are always a file.
"""

import json
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from qa import dense, lexical, segments
from qa.dense import DenseHit, DenseIndex, Vectors
from qa.encoder import Encoder
from qa.indexed import Indexed
from qa.lexical import LexicalHit, LexicalIndex
from qa.lexicon import lexicon, sounds
from qa.milvus.server import Address, parse
from qa.segments import Owned

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


def update(draft: Parts, encoder: Encoder, *, changed: Iterable[str], added: Iterable[Indexed]) -> None:
    """Bring the draft's indexes up to date: take out `changed` sources, put in the documents of `added`.

    `added` is read once, a document at a time, so that it may be as long as it likes. Raises
    IndexUnreachable when the server does not answer.
    """
    gone = tuple(changed)
    # What the one kind of index does not keep up with would be taken for true by the other one day.
    for other in (LEXICAL, DENSE) if _chosen else (MILVUS,):
        shutil.rmtree(draft.part(other))
    learnt = set(lexicon().vocabulary())

    def passing() -> Iterator[Indexed]:
        for document in added:
            learnt.update(document.learnt)
            yield document

    if _chosen:
        from qa.milvus import writing

        folder = draft.part(MILVUS)
        writing.update(
            folder, _chosen[0], encoder.dimensions, signature(encoder), removed=gone, added=passing()
        )
    else:
        words = lexical.Writer(draft.part(LEXICAL), gone)
        owned = (_owned(document, words) for document in passing())
        segments.update(draft.part(DENSE), signature(encoder), encoder.dimensions, removed=gone, added=owned)
        words.commit()
    _update_sounds(draft.part(SOUNDS), learnt)


def _owned(document: Indexed, words: lexical.Writer) -> Owned:
    """Let a document's words be written on the way of its vectors."""
    words.add(document)
    return Owned(document.source, document.vectors, document.owners)


def _update_sounds(folder: Path, learnt: Set[str]) -> None:
    """Keep the words of titles and of the lexicon by sound; words once learnt stay."""
    target = folder / "sounds.json"
    table: dict[str, list[str]] = json.loads(target.read_text("utf-8")) if target.exists() else {}
    added = sounds(learnt - {word for group in table.values() for word in group})
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
