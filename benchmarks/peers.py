"""Peers side by side: ``python -m benchmarks.peers [--store DIR] [--engines NAME …]``.

The same questions over the same clauses, each engine in a process of its own. Everybody is given the
jurisdictions that our reader finds in the question as a filter, the same cut of the text (words and
pairs of characters), and the units of the clause that comes first; a peer's answer is that clause,
pasted; for a list of duties it is the first five clauses, and where several places are named, the first
clause of each. Two rules of common RAG platforms are emulated as algorithms, since the platforms
themselves need servers and a language model. The top-5 list: whoever asks for a list gets the five
best hits, told as the whole (``LIST_LENGTH``, all peers). The citation by similarity (``rules``): hits are
ranked by a weighted sum of word overlap and cosine, refused below 0.2, and what is cited is whatever
is similar enough to the answer's text, by a threshold that is lowered until something passes; whether it
bears the answer is not asked. `list members` is the share of the clauses of a list that are cited,
`citations off` the share of citations that are none of the expected clauses.
Engines that are not installed are named and left out (extra ``bench``).
"""

import argparse
import importlib.util
import json
import math
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.facts import LIMIT, missing, options, stores, table
from qa.text import grams, plain, words

Row = dict[str, Any]
Ranked = list[tuple[int, float]]
Search = Callable[[str], Ranked]
LIST_LENGTH = 5
SINGLE = {"answered", "no_figure"}


def cut(text: str) -> list[str]:
    """Return the terms of a text: its words of two characters or more, and its pairs of characters."""
    text = plain(text)
    return [word for word in words(text) if len(word) > 1] + [f"_{gram}" for gram in grams(text)]


# The engines. Each takes the texts and returns a search for (position, score), best first.


def sqlite_fts5(texts: Sequence[str]) -> Search:
    """SQLite's full-text search, BM25."""
    base = sqlite3.connect(":memory:")
    base.execute("CREATE VIRTUAL TABLE clause USING fts5(body, tokenize=\"unicode61 tokenchars '_'\")")
    base.executemany(
        "INSERT INTO clause(rowid, body) VALUES (?, ?)",
        ((at, " ".join(cut(text))) for at, text in enumerate(texts)),
    )

    def search(question: str) -> Ranked:
        asked = " OR ".join('"' + term.replace('"', "") + '"' for term in dict.fromkeys(cut(question)))
        if not asked:
            return []
        sql = "SELECT rowid, -bm25(clause) FROM clause WHERE clause MATCH ? ORDER BY bm25(clause)"
        return [(int(at), float(score)) for at, score in base.execute(sql, (asked,))]

    return search


def tantivy_bare(texts: Sequence[str]) -> Search:
    """BM25 of tantivy, without our weights of fields and terms."""
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_text_field("body", tokenizer_name="whitespace", index_option="freq")
    builder.add_unsigned_field("number", stored=True)
    schema = builder.build()
    index = tantivy.Index(schema)
    writer = index.writer(num_threads=1)
    for at, text in enumerate(texts):
        writer.add_document(tantivy.Document(body=" ".join(cut(text)), number=at))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def search(question: str) -> Ranked:
        terms = [
            (tantivy.Occur.Should, tantivy.Query.term_query(schema, "body", term, index_option="freq"))
            for term in dict.fromkeys(cut(question))
        ]
        hits = searcher.search(tantivy.Query.boolean_query(terms), len(texts)).hits
        return [(searcher.doc(address)["number"][0], score) for score, address in hits]

    return search


def bm25s_bare(texts: Sequence[str]) -> Search:
    """The library bm25s."""
    import bm25s

    engine = bm25s.BM25()
    engine.index([cut(text) for text in texts], show_progress=False)

    def search(question: str) -> Ranked:
        numbers, scores = engine.retrieve([cut(question)], k=len(texts), show_progress=False)
        return [(int(at), float(score)) for at, score in zip(numbers[0], scores[0], strict=True)]

    return search


def rank_bm25_bare(texts: Sequence[str]) -> Search:
    """The library rank-bm25."""
    from rank_bm25 import BM25Okapi

    engine = BM25Okapi([cut(text) for text in texts])

    def search(question: str) -> Ranked:
        scores = engine.get_scores(cut(question))
        return sorted(enumerate(map(float, scores)), key=lambda pair: -pair[1])

    return search


def faiss_bare(texts: Sequence[str]) -> Search:
    """A flat FAISS index of our encoder's vectors, one a clause."""
    import faiss

    from qa.encoder import load_encoder

    encoder = load_encoder()
    index = faiss.IndexFlatIP(encoder.dimensions)
    index.add(encoder.encode([plain(text) for text in texts]))

    def search(question: str) -> Ranked:
        scores, numbers = index.search(encoder.encode([plain(question)]), len(texts))
        return list(zip(numbers[0].tolist(), scores[0].tolist(), strict=True))

    return search


def llama_index(texts: Sequence[str]) -> Search:
    """The BM25 retriever of LlamaIndex."""
    from llama_index.core.schema import TextNode
    from llama_index.retrievers.bm25 import BM25Retriever

    nodes = [TextNode(text=" ".join(cut(text)), id_=str(at)) for at, text in enumerate(texts)]
    cutting = {"skip_stemming": True, "token_pattern": r"\S+"}
    engine = BM25Retriever.from_defaults(nodes=nodes, similarity_top_k=len(nodes), **cutting)

    def search(question: str) -> Ranked:
        found = engine.retrieve(" ".join(cut(question)))
        return [(int(each.node.node_id), float(each.score or 0.0)) for each in found]

    return search


def haystack(texts: Sequence[str]) -> Search:
    """The in-memory BM25 retriever of Haystack."""
    from haystack import Document
    from haystack.document_stores.in_memory import InMemoryDocumentStore

    store = InMemoryDocumentStore(bm25_tokenization_regex=r"\S+")
    store.write_documents(
        [Document(id=str(at), content=" ".join(cut(text))) for at, text in enumerate(texts)]
    )

    def search(question: str) -> Ranked:
        found = store.bm25_retrieval(" ".join(cut(question)), top_k=len(texts))
        return [(int(each.id), float(each.score or 0.0)) for each in found]

    return search


def txtai_bm25(texts: Sequence[str]) -> Search:
    """The keyword index of txtai."""
    from txtai.scoring import ScoringFactory

    engine = ScoringFactory.create({"method": "bm25", "terms": True})
    engine.index([(at, cut(text), None) for at, text in enumerate(texts)])

    def search(question: str) -> Ranked:
        return [(int(at), float(score)) for at, score in engine.search(cut(question), len(texts))]

    return search


TOKEN_SHARE, REFUSE_BELOW = 0.7, 0.2  # of the sum by which the emulated platform ranks and refuses
CITE_TOKEN_SHARE, CITE_FROM, CITE_STEP, CITE_LEAST = 0.1, 0.63, 0.8, 0.3


def rules(texts: Sequence[str]) -> Search:
    """Rank by overlap of weighted words and cosine, as common RAG platforms do by default."""
    from qa.encoder import load_encoder

    encoder = load_encoder()
    vectors = encoder.encode([plain(text) for text in texts])
    bags = [Counter(cut(text)) for text in texts]
    frequency = Counter(term for bag in bags for term in bag)
    rarity = {term: math.log(1 + len(texts) / count) for term, count in frequency.items()}

    def search(question: str) -> Ranked:
        asked = Counter(cut(question))
        whole = sum(rarity.get(term, 1.0) for term in asked) or 1.0
        cosines = vectors @ encoder.encode([plain(question)])[0]
        scores = [
            TOKEN_SHARE * sum(rarity[term] for term in asked if term in bag) / whole
            + (1 - TOKEN_SHARE) * float(cosine)
            for bag, cosine in zip(bags, cosines, strict=True)
        ]
        return sorted(enumerate(scores), key=lambda pair: -pair[1])

    return search


def similar(texts: Sequence[str], answer: int, candidates: Sequence[int]) -> list[int]:
    """Return the candidates that the emulated platform cites for an answer, by likeness to it alone."""
    from qa.encoder import load_encoder

    encoder = load_encoder()
    vectors = encoder.encode([plain(texts[at]) for at in (answer, *candidates)])
    said = set(cut(texts[answer]))
    likeness = {}
    for at, vector in zip(candidates, vectors[1:], strict=True):
        overlap = len(said & set(cut(texts[at]))) / max(1, len(said))
        likeness[at] = CITE_TOKEN_SHARE * overlap + (1 - CITE_TOKEN_SHARE) * float(vectors[0] @ vector)
    threshold = CITE_FROM
    while threshold >= CITE_LEAST:
        cited = [at for at in candidates if likeness[at] >= threshold]
        if cited:
            return cited
        threshold *= CITE_STEP
    return []


@dataclass(frozen=True, slots=True)
class Engine:
    """A peer: how it is called, its package (none for what comes along), and how it is built."""

    label: str
    package: str
    build: Callable[[Sequence[str]], Search]


ENGINES = {
    "sqlite": Engine("SQLite FTS5", "", sqlite_fts5),
    "tantivy": Engine("tantivy, bare", "tantivy", tantivy_bare),
    "bm25s": Engine("bm25s", "bm25s", bm25s_bare),
    "rank-bm25": Engine("rank-bm25", "rank_bm25", rank_bm25_bare),
    "faiss": Engine("FAISS, bare, our encoder", "faiss", faiss_bare),
    "llamaindex": Engine("LlamaIndex BM25", "llama_index", llama_index),
    "haystack": Engine("Haystack BM25", "haystack", haystack),
    "txtai": Engine("txtai BM25", "txtai", txtai_bm25),
    "rules": Engine("RAG platform rules, emulated", "", rules),
}


def resident() -> float:
    """Return the megabytes of memory that this process holds."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def child_of_peer(name: str, given: Row) -> Row:
    """Build an engine, ask everything, and return rankings, milliseconds and memory."""
    passages = given["passages"]
    texts = [passage["text"] for passage in passages]
    cut("预热")  # the cutter's dictionary is everybody's
    began = time.perf_counter()
    search = ENGINES[name].build(texts)
    built = 1000 * (time.perf_counter() - began)
    search("预热")
    ranked, times = [], []
    for question in given["questions"]:
        wanted = set(question["jurisdictions"])
        began = time.perf_counter()
        found = search(question["text"])
        kept = [pair for pair in found if not wanted or passages[pair[0]]["jurisdiction"] in wanted]
        times.append(1000 * (time.perf_counter() - began))
        ranked.append(kept[:60])
    memory = resident()
    cited = []
    if name == "rules":
        for kept in ranked:
            first = [at for at, _ in kept[:LIST_LENGTH]]
            cited.append(similar(texts, first[0], first) if first else [])
    return {"ranked": ranked, "cited": cited, "times": times, "built": built, "memory": memory}


def child_of_ours(store: Path, given: Row) -> Row:
    """Ask everything of the service in one process."""
    from benchmarks.answers import asked, wire
    from qa.library import Library

    began = time.perf_counter()
    library = Library.open(store)
    built = 1000 * (time.perf_counter() - began)
    answers, times = [], []
    library.ask("预热")
    for row in given["rows"]:
        answer, spent = asked(library, row)
        answers.append(wire(answer, row["id"]))
        times.append(spent)
    return {"answers": answers, "times": times, "built": built, "memory": resident()}


def pasted(passages: list[Row], question: Row, kept: Ranked, cited: list[int] | None) -> Row:
    """Return the answer that pastes what was found first."""
    if not kept:
        return {"status": "no_basis", "citations": []}
    if question["kind"] == "list_by_unit":
        taken = [at for at, _ in kept[:LIST_LENGTH]]
    elif len(question["jurisdictions"]) > 1:
        best: dict[str, int] = {}
        for at, _ in kept:
            best.setdefault(passages[at]["jurisdiction"], at)
        taken = list(best.values())
    else:
        taken = [kept[0][0]]
    shown = taken if cited is None else list(dict.fromkeys([*taken, *cited]))
    top = passages[taken[0]]
    return {
        "status": "answered",
        "answer": "\n".join(passages[at]["text"] for at in taken),
        "citations": [{"source": passages[at]["source"], "locator": passages[at]["locator"]} for at in shown],
        "lead_units": top["lead"],
        "responsible_units": top["responsible"],
        "validity": {"state": "unknown"},
    }


@dataclass(frozen=True, slots=True)
class Result:
    """The figures of one engine; shares between 0 and 1."""

    label: str
    first: float
    lists: float
    members: float
    off: float
    refused: float
    passed: float
    hindsight: float
    median: float
    p95: float
    memory: float

    def cells(self) -> tuple[str, ...]:
        """Return the figures for the table."""
        shares = (
            *(self.first, self.lists, self.members, self.off),
            *(self.refused, self.passed, self.hindsight),
        )
        shown = tuple("–" if math.isnan(share) else f"{100 * share:.1f} %" for share in shares)
        return (self.label, *shown, f"{self.median:.2f}", f"{self.p95:.2f}", f"{self.memory:.0f}")

    def ratios(self, ours: "Result") -> tuple[str, ...]:
        """Return the figures as multiples of ours."""
        names = ("first", "lists", "refused", "passed", "median", "p95", "memory")
        return (self.label, *(f"{getattr(self, n) / (getattr(ours, n) or 1.0):.2f}" for n in names))


Judge = Callable[[Row, Row], dict[str, bool]]


def share(values: Sequence[bool]) -> float:
    """Return the share of true values."""
    return sum(values) / len(values) if values else math.nan


def cited_of(answer: Row) -> set[tuple[str, str]]:
    """Return the clauses that an answer cites."""
    return {(each["source"], each["locator"]) for each in answer["citations"]}


def expected_of(row: Row) -> set[tuple[str, str]]:
    """Return the clauses that a question expects."""
    return {(source, locator) for source, locator in row["expect"]["clauses"]}


def members(rows: list[Row], answers: list[Row]) -> float:
    """Return the share of the clauses of all lists that are cited."""
    lists = [(row, told) for row, told in zip(rows, answers, strict=True) if row["kind"] == "list_by_unit"]
    named = sum(len(expected_of(row) & cited_of(told)) for row, told in lists)
    return named / (sum(len(expected_of(row)) for row, _ in lists) or 1)


def off(rows: list[Row], answers: list[Row]) -> float:
    """Return the share of all citations that are none of the expected clauses."""
    wrong = sum(len(cited_of(told) - expected_of(row)) for row, told in zip(rows, answers, strict=True))
    return wrong / (sum(len(cited_of(told)) for told in answers) or 1)


def score(label: str, rows: list[Row], answers: list[Row], judge: Judge, about: Row, best: float) -> Result:
    """Score the answers of one engine."""
    results = [judge(row, answer) for row, answer in zip(rows, answers, strict=True)]
    passed = [bool(result) and all(result.values()) for result in results]
    single = [
        bool(result.get("first"))
        for row, result in zip(rows, results, strict=True)
        if row["expect"]["status"] in SINGLE and row["expect"]["clauses"] and row["kind"] != "list_by_unit"
    ]
    lists = [
        result.get("clauses", False) and result.get("precision", False)
        for row, result in zip(rows, results, strict=True)
        if row["kind"] == "list_by_unit"
    ]
    refused = [
        result.get("status", False) and result.get("nothing_cited", False)
        for row, result in zip(rows, results, strict=True)
        if row["expect"]["status"] == "no_basis"
    ]
    ordered = sorted(about["times"])
    return Result(
        label,
        share(single),
        share(lists),
        members(rows, answers),
        off(rows, answers),
        share(refused),
        share(passed),
        best,
        statistics.median(ordered),
        ordered[int(0.95 * len(ordered))],
        about["memory"],
    )


def with_best_threshold(rows: list[Row], answers: list[Row], tops: list[float], judge: Judge) -> float:
    """Return the pass rate if the engine refused below the score that suits these very questions best."""
    refusal = {"status": "no_basis", "citations": []}
    kept = [all(judge(row, answer).values()) for row, answer in zip(rows, answers, strict=True)]
    refused = [all(judge(row, refusal).values()) for row in rows]
    order = sorted(range(len(rows)), key=lambda at: tops[at])
    best = running = sum(kept)
    for at in order:
        running += refused[at] - kept[at]
        best = max(best, running)
    return best / len(rows)


def prepare(store: Path, shared: Path) -> Row:
    """Return clauses and questions as everybody is given them."""
    from benchmarks.answers import questions
    from qa import conversation
    from qa.library import Library

    library = Library.open(store)
    opened = library._opened
    passages = [
        {
            "source": source,
            "locator": locator,
            "jurisdiction": text.jurisdiction,
            "text": f"{text.clause.title}\n{text.text}",
            "lead": list(text.units("lead")),
            "responsible": list(text.units("responsible")),
        }
        for source in opened.corpus.heads
        for locator, text in opened.corpus.clauses(source).items()
    ]
    rows = [row for name in ("gold", "county") for row in questions(shared, name)]
    asked = []
    for row in rows:
        day = date.fromisoformat(row["as_of"]) if row.get("as_of") else None
        context = tuple(row.get("context") or ())
        turn = conversation.resolve(opened.reader, row["question"], context, as_of=day, jurisdiction=None)
        asked.append(
            {
                "kind": row["kind"],
                "text": " ".join((*context, row["question"])),
                "jurisdictions": list(turn.question.jurisdictions),
            }
        )
    return {"passages": passages, "rows": rows, "questions": asked}


def in_child(name: str, store: Path, file: Path) -> Row:
    """Measure one engine in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.peers", "--child", name, "--store", str(store), str(file)]
    env = os.environ | {"HAYSTACK_TELEMETRY_ENABLED": "False", "TOKENIZERS_PARALLELISM": "false"}
    done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT, check=False, env=env)
    if done.returncode:
        raise RuntimeError(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "failed")
    made: Row = json.loads(done.stdout.splitlines()[-1])
    return made


def compare(store: Path, shared: Path, wanted: Sequence[str]) -> tuple[list[Result], list[str]]:
    """Measure us and the wanted engines; return results, ours first, and what was left out."""
    from benchmarks.answers import scorer

    check, _ = scorer(shared)
    given = prepare(store, shared)
    rows, passages = given["rows"], given["passages"]

    def judge(row: Row, answer: Row) -> dict[str, bool]:
        return check(row, answer, None)

    results, left_out = [], []
    with tempfile.TemporaryDirectory() as room:
        file = Path(room) / "given.json"
        file.write_text(json.dumps(given, ensure_ascii=False), encoding="utf-8")
        about = in_child("ours", store, file)
        results.append(score("政问", rows, about["answers"], judge, about, math.nan))
        for name in wanted:
            engine = ENGINES[name]
            if engine.package and importlib.util.find_spec(engine.package) is None:
                left_out.append(f"{engine.label}: not installed")
                continue
            try:
                about = in_child(name, store, file)
            except (RuntimeError, subprocess.TimeoutExpired) as error:
                left_out.append(f"{engine.label}: {error}")
                continue
            answers = []
            tops = [kept[0][1] if kept else -math.inf for kept in about["ranked"]]
            for at, question in enumerate(given["questions"]):
                kept = about["ranked"][at]
                if name == "rules" and tops[at] < REFUSE_BELOW:
                    kept = []
                cited = about["cited"][at] if about["cited"] else None
                answers.append(pasted(passages, question, kept, cited))
            best = with_best_threshold(rows, answers, tops, judge)
            results.append(score(engine.label, rows, answers, judge, about, best))
    return results, left_out


def main(arguments: list[str] | None = None) -> int:
    """Run as a command."""
    parser = options(__doc__)
    parser.add_argument("--store", type=Path, help="a store with the five policies, instead of a new one")
    parser.add_argument("--engines", nargs="*", choices=tuple(ENGINES), default=tuple(ENGINES))
    parser.add_argument("--child", nargs=1, help=argparse.SUPPRESS)
    parser.add_argument("given", nargs="?", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args(arguments)
    if args.child:
        given = json.loads(args.given.read_text(encoding="utf-8"))
        name = args.child[0]
        made = child_of_ours(args.store, given) if name == "ours" else child_of_peer(name, given)
        print(json.dumps(made))
        return 0
    if missing(args.shared):
        return 1
    with stores(args.shared, {"five": args.store}) as lent:
        results, left_out = compare(lent["five"], args.shared, args.engines)
    head = ("engine", "right clause first", "complete lists", "list members", "citations off", "refusals")
    head += ("pass", "pass, best threshold")
    print(table((*head, "median ms", "p95 ms", "memory MB"), [each.cells() for each in results]))
    print("\nAs multiples of ours:\n")
    names = (*head[:3], "refusals", "pass", "median ms", "p95 ms", "memory")
    print(table(names, [each.ratios(results[0]) for each in results[1:]]))
    for line in left_out:
        print(f"\nLeft out: {line}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
