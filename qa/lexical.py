"""The lexical index: BM25 over words and character pairs, on disk, incremental (tantivy).

Text is cut before it is stored, so that one cutter serves questions and documents alike.
"""

import functools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import tantivy

from qa.entries import Entry
from qa.text import grams, words

# Weight of a field: a clause's own title says most about it.
FIELDS = {"heading": 2.0, "body": 1.0, "gist": 1.0, "context": 0.6}
GRAM_WEIGHT = 0.4  # a pair of characters says less than a word
_PAIR = 2
HEAP_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class LexicalHit:
    """A clause found by its words; `score` is BM25."""

    source: str
    locator: str
    score: float


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in ("source", "locator", "jurisdiction"):
        builder.add_text_field(
            name, stored=name != "jurisdiction", tokenizer_name="raw", index_option="basic"
        )
    for name in FIELDS:
        builder.add_text_field(name, stored=False, tokenizer_name="whitespace", index_option="freq")
    return builder.build()


def tokens(text: str) -> list[str]:
    """Return the index terms of `text`: its words of two characters or more, and its character pairs."""
    return [word for word in words(text) if len(word) > 1] + [f"_{gram}" for gram in grams(text)]


def weighed(terms: Iterable[tuple[str, float]]) -> dict[str, float]:
    """Return the index terms of weighted `terms`, each with its weight."""
    weights: dict[str, float] = {}
    for text, weight in terms:
        for token in tokens(text):
            factor = weight * (GRAM_WEIGHT if token.startswith("_") else 1.0)
            weights[token] = max(weights.get(token, 0.0), factor)
    return weights


def rarest(term: str, count: Callable[[str], int]) -> int:
    """Return in how many clauses `term` may stand, by the `count` of each of its index terms."""
    # A word of two characters that the cutter left whole nowhere counts as its pair does.
    counts = [count(token) or (count(f"_{token}") if len(token) == _PAIR else 0) for token in tokens(term)]
    return min(counts, default=0)


class LexicalIndex:
    """An opened index; searching is safe from several threads."""

    def __init__(self, folder: Path) -> None:
        self._index = tantivy.Index.open(str(folder))
        self._index.reload()
        self._searcher = self._index.searcher()
        self._counted = functools.lru_cache(maxsize=65536)(self._count)  # an opened index does not change

    @property
    def size(self) -> int:
        """Number of clauses indexed."""
        return int(self._searcher.num_docs)

    def frequency(self, term: str, fields: Sequence[str] = ("heading", "body", "gist")) -> int:
        """Return in how many clauses `term` may stand: the count of its rarest word, in title or text.

        A word of two characters that the cutter never left whole in a clause (普惠|托育 cut otherwise)
        counts as its pair of characters does.
        """
        return self._counted(term, tuple(fields))

    def _count(self, term: str, fields: tuple[str, ...]) -> int:
        def count(token: str) -> int:
            return max(int(self._searcher.doc_freq(field, token)) for field in fields)

        return rarest(term, count)

    def search(
        self,
        terms: Iterable[tuple[str, float]],
        *,
        jurisdictions: Sequence[str] | None = None,
        sources: Sequence[str] | None = None,
        limit: int,
    ) -> list[LexicalHit]:
        """Return the best clauses for weighted `terms`, within jurisdictions or sources when given."""
        schema = self._index.schema
        should = [
            (
                tantivy.Occur.Should,
                tantivy.Query.boost_query(
                    tantivy.Query.term_query(schema, field, token, "freq"), factor * boost
                ),
            )
            for token, factor in weighed(terms).items()
            for field, boost in FIELDS.items()
        ]
        if not should:
            return []
        query = tantivy.Query.boolean_query(should)
        for field, names in (("jurisdiction", jurisdictions), ("source", sources)):
            if names is not None:
                query = self._within(query, field, names)
        found = self._searcher.search(query, limit).hits
        hits = []
        for score, address in found:
            stored = self._searcher.doc(address)
            hits.append(LexicalHit(stored["source"][0], stored["locator"][0], float(score)))
        return hits

    def _within(self, query: tantivy.Query, field: str, names: Sequence[str]) -> tantivy.Query:
        schema = self._index.schema
        inside = [
            (tantivy.Occur.Should, tantivy.Query.term_query(schema, field, name, "basic")) for name in names
        ]
        scope = tantivy.Query.const_score_query(tantivy.Query.boolean_query(inside), 0.0)
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, query), (tantivy.Occur.Must, scope)])


def update(folder: Path, *, removed: Iterable[str], added: Iterable[Entry]) -> None:
    """Take the clauses of `removed` sources out of the index in `folder` and put `added` in."""
    folder.mkdir(parents=True, exist_ok=True)
    index = tantivy.Index(_schema(), path=str(folder), reuse=True)
    writer = index.writer(heap_size=HEAP_BYTES, num_threads=1)
    for source in removed:
        writer.delete_documents_by_term("source", source)
    for entry in added:
        document = tantivy.Document()
        document.add_text("source", entry.source)
        document.add_text("locator", entry.locator)
        document.add_text("jurisdiction", entry.jurisdiction)
        for field in FIELDS:
            document.add_text(field, " ".join(tokens(getattr(entry, field))))
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()
