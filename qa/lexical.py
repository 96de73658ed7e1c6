"""The lexical index: BM25 over words and character pairs, on disk, incremental (tantivy).

Text is cut before it is stored, so that one cutter serves questions and documents alike.
"""

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import tantivy

from qa.indexed import Indexed
from qa.terms import FIELDS, rarest, weighed

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


class Writer:
    """Changes the index in a folder; nothing of it is seen before `commit`."""

    def __init__(self, folder: Path, removed: Iterable[str]) -> None:
        """Begin by taking the clauses of `removed` sources out."""
        folder.mkdir(parents=True, exist_ok=True)
        index = tantivy.Index(_schema(), path=str(folder), reuse=True)
        self._writer = index.writer(heap_size=HEAP_BYTES, num_threads=1)
        for source in removed:
            self._writer.delete_documents_by_term("source", source)

    def add(self, document: Indexed) -> None:
        """Put the clauses of a document in."""
        for clause in document.clauses:
            row = tantivy.Document()
            row.add_text("source", document.source)
            row.add_text("locator", clause.locator)
            row.add_text("jurisdiction", clause.jurisdiction)
            for field, terms in clause.terms.items():
                row.add_text(field, " ".join(terms))
            self._writer.add_document(row)

    def commit(self) -> None:
        """Write everything to disk."""
        self._writer.commit()
        self._writer.wait_merging_threads()
