"""Asking a large store in one process: ``python -m benchmarks.scale.asking STORE --notices N``; prints JSON.

Opens the library, asks, and says what memory it then holds; then the two engines are searched bare, with
the same questions over the same files; then one notice more is read in, asked for, and taken out again.
"""

import argparse
import json
import os
import random
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.scale.documents import counties, notice
from benchmarks.scale.questions import Asked, questions
from data import path

REGISTER = path("registry", "places.tsv")
LIMIT = 40  # clauses asked of a bare search: as many as the product asks for
STEPS = 4  # how often the operator's search is called while a question is typed
UNSEEN = 71  # a turn that no measured size comes to: field and year of the notice that is added


def main(arguments: list[str] | None = None) -> int:
    """Run as a command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("store", type=Path)
    parser.add_argument("--notices", type=int, required=True, help="how many notices the store holds")
    parser.add_argument("--each", type=int, default=200, help="questions of a kind")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--read-only", action="store_true", help="add nothing to the store")
    args = parser.parse_args(arguments)
    asked = questions(args.notices, REGISTER, args.seed, args.each)
    before, began = memory(), time.perf_counter()
    from qa.library import Library
    from ui import tidying

    tidying.seldom()  # as the service does
    library = Library.open(args.store)
    library.ask(asked[-1].question)
    told: dict[str, Any] = {"opened_s": time.perf_counter() - began}
    asked.pop()
    told["kinds"], told["wrong"] = answers(library, asked)
    told["memory"] = {name: value - before[name] for name, value in memory().items()}
    texts = [each.question for each in asked if each.kind in ("amount", "lead")]
    told["bare"] = bare(args.store, texts)
    if not args.read_only:
        told["added"] = added(library, args.store, args.seed)
    json.dump(told, sys.stdout, ensure_ascii=False)
    return 0


def memory() -> dict[str, int]:
    """Return the bytes of this process: resident in all, and those that are no file's pages."""
    rows = (line.split(":") for line in Path("/proc/self/status").read_text("utf-8").splitlines())
    held = {name: int(value.split()[0]) * 1024 for name, value in rows if name in ("VmRSS", "RssAnon")}
    return {"resident": held["VmRSS"], "own": held["RssAnon"]}


def quantiles(seconds: Iterable[float]) -> dict[str, float]:
    """Return median, p95 and most of some times, in milliseconds."""
    ordered = sorted(1000 * second for second in seconds)
    return {
        "asked": len(ordered),
        "p50": ordered[len(ordered) // 2],
        "p95": ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))],
        "most": ordered[-1],
    }


def answers(library: Any, asked: Sequence[Asked]) -> tuple[dict[str, dict[str, float]], list[str]]:
    """Ask all, each once; return times and the share right by kind, and some that went wrong."""
    seconds: dict[str, list[float]] = defaultdict(list)
    right: dict[str, int] = defaultdict(int)
    wrong: list[str] = []
    for each in asked:
        if each.kind == "typed":
            size = len(each.question)
            for step in range(1, STEPS + 1):
                found, spent = timed(lambda: library.look_up(each.question[: size * step // STEPS]))  # noqa: B023 – called at once
                seconds["typed"].append(spent)
            good = bool(found.rows) and found.rows[0].key == each.clause
        else:
            answer, spent = timed(lambda: library.ask(each.question))  # noqa: B023 – called at once
            seconds[each.kind].append(spent)
            good = fits(each, answer)
        right[each.kind] += good
        if not good:
            wrong.append(each.question)
    share = {kind: right[kind] / sum(each.kind == kind for each in asked) for kind in seconds}
    return {kind: {**quantiles(seconds[kind]), "right": share[kind]} for kind in seconds}, wrong[:20]


def fits(asked: Asked, answer: Any) -> bool:
    """Tell whether an answer is what the notices say."""
    return (
        (not asked.status or answer.status == asked.status)
        and all(word in answer.answer for word in asked.contains)
        and (asked.number is None or answer.number == asked.number)
        and (asked.clause is None or asked.clause in {(c.source, c.locator) for c in answer.citations})
    )


def timed(call: Callable[[], Any]) -> tuple[Any, float]:
    """Return what `call` returns, and its seconds."""
    began = time.perf_counter()
    found = call()
    return found, time.perf_counter() - began


def bare(store: Path, texts: Sequence[str]) -> dict[str, dict[str, float]]:
    """Search the vectors with FAISS alone and the texts with tantivy alone."""
    folder = store / "generations" / (store / "CURRENT").read_text("utf-8").strip()
    by_meaning, by_words = _vectors(folder / "dense", texts), _words(folder / "lexical", texts)
    both = [one + other for one, other in zip(by_meaning, by_words, strict=True)]
    rows = {"faiss": by_meaning, "tantivy": by_words, "both": both}
    return {name: quantiles(seconds) for name, seconds in rows.items()}


def _vectors(folder: Path, texts: Sequence[str]) -> list[float]:
    import faiss
    import numpy as np

    from qa.encoder import load_encoder

    indexes = []
    for body in sorted(folder.glob("s*.npy")):
        coarse = body.with_suffix(".faiss")
        if coarse.exists():
            index = faiss.read_index(str(coarse), faiss.IO_FLAG_MMAP)
            faiss.extract_index_ivf(index).nprobe = 48
        else:
            rows = np.load(body)
            index = faiss.IndexScalarQuantizer(
                rows.shape[1], faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
            )
            index.add(np.asarray(rows, dtype=np.float32))
        indexes.append(index)
    vectors = load_encoder(None).encode(list(texts)).astype(np.float32)
    return [timed(lambda: [i.search(v[None, :], LIMIT) for i in indexes])[1] for v in vectors]  # noqa: B023 – called at once


def _words(folder: Path, texts: Sequence[str]) -> list[float]:
    import tantivy

    from qa.terms import FIELDS, tokens

    index = tantivy.Index.open(str(folder))
    index.reload()
    searcher, schema = index.searcher(), index.schema

    def query(text: str) -> tantivy.Query:
        return tantivy.Query.boolean_query(
            [
                (tantivy.Occur.Should, tantivy.Query.term_query(schema, field, token, "freq"))
                for token in dict.fromkeys(tokens(text))
                for field in FIELDS
            ]
        )

    return [timed(lambda: searcher.search(query(text), LIMIT))[1] for text in texts]  # noqa: B023 – called at once


def added(library: Any, store: Path, seed: int) -> dict[str, float]:
    """Read in one notice more; return seconds until it is published and until it answers.

    It is taken out again.
    """
    from ui.intake import ingest, remove

    places = counties(REGISTER)
    random.Random(seed).shuffle(places)
    found: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as room:
        for place in places[:2]:  # the first one loads what reading needs
            fresh = notice(place, UNSEEN, random.Random(f"{seed}/{place}/added"), "added")
            file = Path(room, "added.txt")
            file.write_text(fresh.text, encoding="utf-8")
            probe = fresh.probes[0]
            began = time.perf_counter()
            ingest([file], store)
            published = time.perf_counter()
            library.refresh()
            answer = library.ask(probe.question)
            found = {"published_s": published - began, "answered_s": time.perf_counter() - began}
            if "added" not in {citation.source for citation in answer.citations}:
                raise SystemExit(f"not answered from the notice that was added: {probe.question}")
            remove("added", store)
            library.refresh()
    return found


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "2")
    sys.exit(main())
