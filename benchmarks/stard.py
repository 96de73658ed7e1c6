"""STARD: lay questions over 60,018 statute articles.

    python -m benchmarks.stard --queries ../shared/bench/stard/queries_dev.jsonl [--engine all]

Prints nDCG@10, Recall@100, the time of a question (50th and 95th percentile, ms) and of building (s) for
three engines: tantivy's BM25 over single characters and pairs of characters, the embedding model's vectors
in a flat FAISS index, and both by a weighted sum, in which an article also gains by what else its law holds
on the question.  Both weights were fitted on the training questions with a model that had not seen them::

    python -m training --out build/held-out --hold-out 3 --dimensions 256 --steps 300
    python -m benchmarks.stard --queries ../shared/bench/stard/queries_train.jsonl --every 3 \\
        --model build/held-out --fit
"""

import argparse
import json
import lzma
import re
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import faiss
import numpy as np
import tantivy

from qa.encoder import Encoder, load_encoder
from qa.terms import tokens

DEPTH = 1000  # candidates of each engine that the fusion sees
DENSE_WEIGHT = 0.7  # fitted on held-out training questions, see above
LAW_WEIGHT = 0.5  # likewise: what the best articles of a law add to each of its articles
WITNESSES = 3  # articles that speak for their law
ARTICLE = re.compile(r"第[一二三四五六七八九十百千零]+条(?:之[一二三四五六七八九十]+)?$")
Ranked = list[tuple[int, float]]


@dataclass(frozen=True, slots=True)
class Question:
    """A question and the positions of its relevant articles in the collection."""

    text: str
    relevant: frozenset[int]


@dataclass(frozen=True, slots=True)
class Measured:
    """What one engine reached: quality between 0 and 1, times in the unit named."""

    engine: str
    ndcg: float
    recall: float
    p50_ms: float
    p95_ms: float
    build_s: float

    def row(self) -> str:
        """Return one line of the table."""
        return (
            f"{self.engine:8} {self.ndcg:8.4f} {self.recall:10.4f} {self.p50_ms:8.2f} {self.p95_ms:8.2f} "
            f"{self.build_s:8.1f}"
        )


class Lexical:
    """BM25 in tantivy; the text is cut beforehand, so tantivy's own cutting is at white space."""

    def __init__(self, texts: Sequence[str]) -> None:
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("body", tokenizer_name="whitespace", index_option="freq")
        builder.add_unsigned_field("number", stored=True)
        self._schema = builder.build()
        index = tantivy.Index(self._schema)
        writer = index.writer(heap_size=128_000_000, num_threads=1)
        for number, text in enumerate(texts):
            writer.add_document(tantivy.Document(body=" ".join(tokens(text)), number=number))
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        self._searcher = index.searcher()

    def search(self, question: str, count: int) -> Ranked:
        """Return the best `count` articles with their BM25 scores."""
        terms = [
            (tantivy.Occur.Should, tantivy.Query.term_query(self._schema, "body", gram, index_option="freq"))
            for gram in dict.fromkeys(tokens(question))
        ]
        hits = self._searcher.search(tantivy.Query.boolean_query(terms), count).hits
        return [(self._searcher.doc(address)["number"][0], score) for score, address in hits]


class Dense:
    """Cosine of the encoder's vectors, exact, in FAISS."""

    def __init__(self, texts: Sequence[str], encoder: Encoder) -> None:
        self._encoder = encoder
        self._index = faiss.IndexFlatIP(encoder.dimensions)
        self._index.add(encoder.encode(texts))

    def search(self, question: str, count: int) -> Ranked:
        """Return the best `count` articles with their cosines."""
        scores, numbers = self._index.search(self._encoder.encode([question]), count)
        return list(zip(numbers[0].tolist(), scores[0].tolist(), strict=True))


@dataclass(frozen=True, slots=True)
class Hybrid:
    """Weighted sum of both engines' scores, each spread over 0 to 1 among its candidates, and their laws'."""

    lexical: Lexical
    dense: Dense
    laws: Sequence[str]

    def search(self, question: str, count: int) -> Ranked:
        """Return the best `count` articles with their fused scores."""
        fused = fuse(self.dense.search(question, DEPTH), self.lexical.search(question, DEPTH), DENSE_WEIGHT)
        return with_laws(fused, self.laws, LAW_WEIGHT)[:count]


def fuse(dense: Ranked, lexical: Ranked, weight: float) -> Ranked:
    """Return the articles of both lists by ``weight`` × dense + (1 - ``weight``) × lexical score."""
    total: dict[int, float] = {}
    for ranked, share in ((dense, weight), (lexical, 1 - weight)):
        if ranked:
            top, bottom = ranked[0][1], ranked[-1][1]
            span = (top - bottom) or 1.0
            for number, score in ranked:
                total[number] = total.get(number, 0.0) + share * (score - bottom) / span
    return sorted(total.items(), key=lambda item: (-item[1], item[0]))


def with_laws(ranked: Ranked, laws: Sequence[str], weight: float) -> Ranked:
    """Return `ranked` with ``weight`` × the evidence for an article's law added to the article's score.

    The evidence is the mean score of the law's `WITNESSES` best articles; an article that is not there
    counts nothing.  A question's right articles mostly stand in one law, and a law that answers well in
    several places is the likelier one.  `laws` names the law of each article.
    """
    best: dict[str, list[float]] = {}
    for number, score in ranked:  # best first
        held = best.setdefault(laws[number], [])
        if len(held) < WITNESSES:
            held.append(score)
    raised = [(number, score + weight * sum(best[laws[number]]) / WITNESSES) for number, score in ranked]
    return sorted(raised, key=lambda item: (-item[1], item[0]))


def quality(ranked: Sequence[Ranked], questions: Sequence[Question]) -> tuple[float, float]:
    """Return mean nDCG@10 and mean Recall@100; a question without a relevant article counts zero."""
    gains, recalls = [], []
    discount = 1 / np.log2(np.arange(2, 12))
    for found, question in zip(ranked, questions, strict=True):
        numbers = [number for number, _ in found]
        best = float(discount[: len(question.relevant)].sum()) or 1.0
        gain = sum(discount[at] for at, number in enumerate(numbers[:10]) if number in question.relevant)
        gains.append(float(gain) / best)
        recalls.append(len(question.relevant.intersection(numbers[:100])) / max(1, len(question.relevant)))
    return float(np.mean(gains)), float(np.mean(recalls))


def measure(
    engine: str, search: Callable[[str, int], Ranked], questions: Sequence[Question], build_s: float
) -> Measured:
    """Ask every question one by one and return what was reached."""
    ranked, times = [], []
    search(questions[0].text, 100)  # the first question of a process pays for reading pages
    for question in questions:
        begun = time.perf_counter()
        ranked.append(search(question.text, 100))
        times.append(1000 * (time.perf_counter() - begun))
    ndcg, recall = quality(ranked, questions)
    p50, p95 = np.percentile(times, [50, 95])
    return Measured(engine, ndcg, recall, float(p50), float(p95), build_s)


def read_questions(path: Path, positions: dict[str, int], every: int) -> list[Question]:
    """Read each `every`-th question of a STARD file."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
    return [
        Question(row["question"], frozenset(positions[name] for name in row["relevant"] if name in positions))
        for row in rows[::every]
    ]


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmark; return the exit status (0, or 2 when a file is missing)."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.stard", description="STARD retrieval")
    parser.add_argument("--queries", type=Path, required=True, help="JSON lines: question, relevant")
    parser.add_argument("--corpus", type=Path, help="corpus.jsonl.xz (beside the questions)")
    parser.add_argument("--engine", choices=("lexical", "dense", "hybrid", "all"), default="all")
    parser.add_argument("--model", help="model folder or name (the bundled one)")
    parser.add_argument("--every", type=int, default=1, help="ask each N-th question only (%(default)s)")
    parser.add_argument("--fit", action="store_true", help="try fusion weights instead of measuring")
    options = parser.parse_args(arguments)
    corpus = options.corpus or options.queries.with_name("corpus.jsonl.xz")
    for path in (options.queries, corpus):
        if not path.is_file():
            print(f"benchmarks.stard: no file {path}", file=sys.stderr)
            return 2
    with lzma.open(corpus, "rt", encoding="utf-8") as lines:
        articles = [json.loads(line) for line in lines]
    positions = {article["id"]: number for number, article in enumerate(articles)}
    questions = read_questions(options.queries, positions, options.every)
    texts = [article["text"] for article in articles]
    laws = [ARTICLE.sub("", article["id"]) for article in articles]
    wanted = ("lexical", "dense", "hybrid") if options.engine == "all" or options.fit else (options.engine,)
    print(f"{len(questions)} questions, {len(texts)} articles")
    _run(wanted, texts, laws, questions, options.model, options.fit)
    return 0


def _run(
    wanted: Sequence[str],
    texts: Sequence[str],
    laws: Sequence[str],
    questions: Sequence[Question],
    model: str | None,
    fit: bool,
) -> None:
    begun = time.perf_counter()
    lexical = Lexical(texts) if {"lexical", "hybrid"} & set(wanted) else None
    lexical_s = time.perf_counter() - begun
    begun = time.perf_counter()
    dense = Dense(texts, load_encoder(model)) if {"dense", "hybrid"} & set(wanted) else None
    dense_s = time.perf_counter() - begun
    if fit and lexical and dense:
        _fit(lexical, dense, laws, questions)
        return
    print("engine    nDCG@10 Recall@100   p50 ms   p95 ms  build s")
    if lexical and "lexical" in wanted:
        print(measure("lexical", lexical.search, questions, lexical_s).row())
    if dense and "dense" in wanted:
        print(measure("dense", dense.search, questions, dense_s).row())
    if lexical and dense and "hybrid" in wanted:
        print(measure("hybrid", Hybrid(lexical, dense, laws).search, questions, lexical_s + dense_s).row())


def _fit(lexical: Lexical, dense: Dense, laws: Sequence[str], questions: Sequence[Question]) -> None:
    """Print what each pair of weights reaches."""
    lists = [(dense.search(each.text, DEPTH), lexical.search(each.text, DEPTH)) for each in questions]
    print(" dense   law    nDCG@10 Recall@100")
    for weight in np.linspace(0, 1, 11).tolist():
        fused = [fuse(*both, weight) for both in lists]
        for law in (0.0, 0.25, 0.5, 0.75, 1.0):
            ndcg, recall = quality([with_laws(ranked, laws, law) for ranked in fused], questions)
            print(f"{weight:6.2f} {law:5.2f} {ndcg:10.4f} {recall:10.4f}")


if __name__ == "__main__":
    sys.exit(main())
