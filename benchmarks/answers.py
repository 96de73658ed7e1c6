"""How well questions are answered: ``python -m benchmarks.answers [--audit] [--failures N]``.

Asks the reference questions and our own sets (benchmarks/questions) of a store with the five policies
and of one with the national documents as well, all in one process, and scores the answers with
``score.py``: pass rates by kind, the check "quote", milliseconds a question, and the first answer of a
fresh process. ``--audit`` takes the answers apart sentence by sentence instead: each figure must stand
in a quotation that stands in the original file, or in a step.
"""

import argparse
import importlib.util
import json
import re
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.facts import LIMIT, missing, options, stores, table
from ingest.numerals import to_int
from qa.index import choose
from qa.library import Library
from qa.model import Answer
from qa.text import plain
from qa.verify import unfounded
from ui.settings import read_settings
from ui.wire import answer_json

Row = dict[str, Any]
Check = Callable[[Row, Row, dict[str, str] | None], dict[str, bool]]
OWN = Path(__file__).parent / "questions"
# National questions asked of the five alone show how often a foreign document is taken for an answer.
FOREIGN = ("five", "national")
PAIRS = (
    FOREIGN,
    ("five", "gold"),
    ("five", "county"),
    ("five", "hotline"),
    ("five", "street"),
    ("five", "street2"),
    ("five", "street3"),
    ("all", "gold"),
    ("all", "county"),
    ("all", "hotline"),
    ("all", "street"),
    ("all", "street2"),
    ("all", "street3"),
    ("all", "national"),
)
FIRST = """
import os, sys, time
began = time.perf_counter()
from pathlib import Path
from datetime import date
from qa.index import choose
from qa.library import Library
choose(os.environ.get("ZHENGWEN_INDEX"))
read = time.perf_counter()
Library.open(Path(sys.argv[1])).ask(sys.argv[2], as_of=date(2022, 7, 15))
done = time.perf_counter()
print(1000 * (read - began), 1000 * (done - read))
"""


def read_rows(path: Path) -> list[Row]:
    """Return the objects of a file of JSON lines."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def questions(shared: Path, name: str) -> list[Row]:
    """Return the reference questions (``gold``) or one of our own sets."""
    return read_rows(shared / "gold" / "questions.jsonl" if name == "gold" else OWN / f"{name}.jsonl")


def scorer(shared: Path) -> tuple[Check, Callable[[str], str]]:
    """Return the reference scorer's check of one answer, and its way of folding texts."""
    spec = importlib.util.spec_from_file_location("reference_score", shared / "gold" / "score.py")
    if spec is None or spec.loader is None:
        raise SystemExit(f"{shared / 'gold' / 'score.py'} cannot be read")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.check, module.squeeze


def originals(shared: Path, fold: Callable[[str], str]) -> dict[str, str]:
    """Return the texts of all reference documents, folded, by short name."""
    files = (p for folder in ("corpus", "corpus-national") for p in sorted((shared / folder).glob("*.txt")))
    return {file.stem: fold(file.read_text(encoding="utf-8")) for file in files}


def asked(library: Library, row: Row) -> tuple[Answer, float]:
    """Ask one row of a question set; return the answer and its milliseconds."""
    day = date.fromisoformat(row["as_of"]) if row.get("as_of") else None
    began = time.perf_counter()
    answer = library.ask(row["question"], context=tuple(row.get("context") or ()), as_of=day)
    return answer, 1000 * (time.perf_counter() - began)


def wire(answer: Answer, asked_id: str) -> Row:
    """Return an answer as it goes out."""
    made: Row = json.loads(answer_json(answer, asked_id=asked_id))
    return made


def quantile(values: Sequence[float], share: float) -> float:
    """Return the value below which `share` of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


@dataclass
class Run:
    """What became of one set asked of one store."""

    store: str
    name: str
    passed: int = 0
    kinds: dict[str, list[int]] = field(default_factory=dict)
    missed: Counter[str] = field(default_factory=Counter)
    times: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    answered: int = 0

    @property
    def total(self) -> int:
        """Number of questions asked."""
        return len(self.times)


def measure(
    library: Library, store: str, name: str, rows: list[Row], check: Check, texts: dict[str, str]
) -> Run:
    """Ask all rows once, in order, and score them."""
    run = Run(store, name)
    for row in rows:
        answer, spent = asked(library, row)
        run.answered += answer.status == "answered"
        result = check(row, wire(answer, row["id"]), texts)
        good = bool(result) and all(result.values())
        lacking = [check_name for check_name, held in result.items() if not held]
        run.passed += good
        run.times.append(spent)
        run.missed.update(lacking)
        counts = run.kinds.setdefault(row["kind"], [0, 0])
        counts[0] += good
        counts[1] += 1
        if answer.status == "answered" if (store, name) == FOREIGN else not good:
            first = [(c.source, c.locator) for c in answer.citations[:1]]
            wanted = row["expect"]["clauses"][:2]
            run.failures.append(
                f"{store} {row['id']} [{row['kind']}] {row['question']}\n    missed {', '.join(lacking)}; "
                f"{answer.status}, cited {first} for {wanted} {row['expect'].get('contains')}"
            )
    return run


def first_answer(store: Path, question: str, runs: int = 5) -> tuple[float, float]:
    """Return the milliseconds of reading the program in and of the first answer (medians)."""
    command = [sys.executable, "-c", FIRST, str(store), question]
    told = [
        subprocess.run(command, check=True, capture_output=True, text=True, timeout=LIMIT).stdout.split()
        for _ in range(runs)
    ]
    return statistics.median(float(t[0]) for t in told), statistics.median(float(t[1]) for t in told)


# The audit. Its way of finding figures shares nothing with qa.verify: Arabic numbers as they stand,
# and Chinese numerals in front of a measure word.

_ARABIC = re.compile(r"\d+(?:[.:：]\d+)*[%‰]?")
_CHINESE = re.compile(
    r"[一二三四五六七八九十百千两]+(?=[万亿]?(?:元|家|户|人|个月|个工作日|天|年|%|倍|次|批|类|项))"
)
_LIST_MARK = re.compile(r"(?m)^\s*\d+[.、]\s*")
_SENTENCE = re.compile(r"[^。；;！？!?\n]+[。；;！？!?]?")
GROUNDS = ("quote", "step", "count", "heading", "question", "validity", "hotline", "nowhere")


def figures(text: str) -> list[str]:
    """Return the figures of a text, folded; Chinese numerals as Arabic ones."""
    text = plain(_LIST_MARK.sub("", text))
    found = [match.group().replace("：", ":") for match in _ARABIC.finditer(text)]
    for match in _CHINESE.finditer(text):
        try:
            found.append(str(to_int(match.group().replace("两", "二"))))
        except ValueError:
            found.append(match.group())
    return found


@dataclass
class Audit:
    """Figures of the answers of one set, by the ground on which each stands."""

    store: str
    name: str
    answers: int = 0
    sentences: int = 0
    grounds: Counter[str] = field(default_factory=Counter)
    unfounded: int = 0  # by the service's own check
    failures: list[str] = field(default_factory=list)


def ground_of(figure: str, answer: Answer, texts: dict[str, str], fold: Callable[[str], str]) -> str:
    """Return on what a figure of the answer stands; quotations are read in the original files."""
    for citation in answer.citations:
        stands = citation.quote and fold(citation.quote) in texts.get(citation.source, "")
        if citation.verified and stands and figure in figures(citation.quote):
            return "quote"
    if any(figure in figures(step) for step in answer.steps):
        return "step"
    counts = {len(answer.citations), answer.number, len(answer.lead_units), len(answer.responsible_units)}
    if figure in {str(count) for count in counts}:
        return "count"
    several = len(answer.lead_units) + len(answer.responsible_units) > 1
    if several and figure.isdigit() and 0 < int(figure) < (answer.number or 0) == len(answer.citations):
        return "count"  # a unit's part of a list for several units
    heads = [
        text for c in answer.citations for text in (c.locator, c.title, c.policy, c.number or "") if text
    ]
    heads += [text for pointer in answer.related for text in (pointer.locator, pointer.title)]
    if any(figure in figures(head) or figure in _ARABIC.findall(plain(head)) for head in heads):
        return "heading"
    if figure in figures(answer.question) or figure in figures(answer.resolved):
        return "question"
    told = [answer.validity.note, answer.validity.valid_from or "", answer.validity.until or ""]
    if figure.lstrip("0") in {f.lstrip("0") for text in told for f in re.findall(r"\d+", text)}:
        return "validity"
    return "hotline" if figure == "12345" else "nowhere"


def audit(
    library: Library,
    store: str,
    name: str,
    rows: list[Row],
    texts: dict[str, str],
    fold: Callable[[str], str],
) -> Audit:
    """Take each answer apart and say on what each figure stands."""
    found = Audit(store, name)
    for row in rows:
        answer, _ = asked(library, row)
        found.answers += 1
        found.unfounded += bool(unfounded(answer, library._opened.corpus))
        for sentence in _SENTENCE.findall(_LIST_MARK.sub("", answer.answer)):
            found.sentences += 1
            for figure in figures(sentence):
                ground = ground_of(figure, answer, texts, fold)
                found.grounds[ground] += 1
                if ground == "nowhere":
                    found.failures.append(f"{store} {row['id']} {figure}: {sentence.strip()[:80]}")
    return found


def told_audits(audits: Sequence[Audit]) -> Iterator[str]:
    """Yield the tables of the audit."""
    head = ("store, questions", "answers", "sentences", "figures", *GROUNDS, "traced", "own check fails")
    rows = []
    for each in audits:
        total = sum(each.grounds.values())
        traced = 100 * (1 - each.grounds["nowhere"] / max(1, total))
        counts = [each.grounds[ground] for ground in GROUNDS]
        label = f"{each.store}, {each.name}"
        rows.append((label, each.answers, each.sentences, total, *counts, f"{traced:.2f} %", each.unfounded))
    yield table(head, rows)


def told_runs(runs: Sequence[Run], starts: dict[str, tuple[float, float]]) -> Iterator[str]:
    """Yield the tables of pass rates, times, and pass rates by kind."""
    foreign = [run for run in runs if (run.store, run.name) == FOREIGN]
    runs = [run for run in runs if run not in foreign]
    times = [spent for run in runs if run.store == "all" for spent in run.times]
    yield table(
        ("store, questions", "asked", "pass", "quote missed", "median ms", "p95 ms", "longest ms"),
        [
            (
                f"{run.store}, {run.name}",
                run.total,
                f"{100 * run.passed / max(1, run.total):.1f} %",
                run.missed["quote"],
                f"{statistics.median(run.times):.1f}",
                f"{quantile(run.times, 0.95):.1f}",
                f"{max(run.times):.0f}",
            )
            for run in runs
        ],
    )
    yield ""
    yield table(
        ("both stores", "asked", "value"),
        [
            ("all: median ms, all sets", len(times), f"{statistics.median(times):.1f}"),
            ("all: p95 ms, all sets", len(times), f"{quantile(times, 0.95):.1f}"),
            *(("five: national questions answered", run.total, run.answered) for run in foreign),
        ],
    )
    yield ""
    yield table(
        ("first answer of a fresh process", "reading the program in, ms", "open store and answer, ms"),
        [(store, f"{read:.0f}", f"{answer:.0f}") for store, (read, answer) in starts.items()],
    )
    yield ""
    kinds = sorted({kind for run in runs for kind in run.kinds})
    rows = []
    for kind in kinds:
        counts = [run.kinds.get(kind) for run in runs]
        rows.append((kind, *(f"{count[0]}/{count[1]}" if count else "" for count in counts)))
    yield table(("kind", *(f"{run.store}, {run.name}" for run in runs)), rows)
    yield ""
    checks = sorted({name for run in runs for name in run.missed})
    missed = [(name, *(run.missed[name] for run in runs)) for name in checks]
    yield table(("check missed", *(f"{run.store}, {run.name}" for run in runs)), missed)


def main(arguments: list[str] | None = None) -> int:
    """Run as a command."""
    parser = options(__doc__)
    parser.add_argument("--five", type=Path, help="a store with the five policies, instead of a new one")
    parser.add_argument("--all", type=Path, help="a store with the national documents as well")
    parser.add_argument("--audit", action="store_true", help="trace each figure of each answer")
    parser.add_argument("--failures", type=int, default=0, metavar="N", help="list N failures a set")
    args = parser.parse_args(arguments)
    if missing(args.shared):
        return 1
    choose(read_settings().index)
    check, fold = scorer(args.shared)
    texts = originals(args.shared, fold)
    runs: list[Run] = []
    audits: list[Audit] = []
    with stores(args.shared, {"five": args.five, "all": args.all}) as lent:
        starts = {} if args.audit else {n: first_answer(p, "鲁山县小升规奖励多少") for n, p in lent.items()}
        for store in lent:
            library = Library.open(lent[store])
            for name in (name for of, name in PAIRS if of == store):
                rows = questions(args.shared, name)
                if (store, name) == FOREIGN:
                    # Whatever these ask stands in no document of the store, except for what has no basis.
                    rows = [row for row in rows if row["expect"]["clauses"]]
                if args.audit:
                    audits.append(audit(library, store, name, rows, texts, fold))
                else:
                    runs.append(measure(library, store, name, rows, check, texts))
    print("\n".join(told_audits(audits) if args.audit else told_runs(runs, starts)))
    report(args, [*runs, *audits])
    return 0


def report(args: argparse.Namespace, found: Sequence[Run | Audit]) -> None:
    """List failures on standard error, as many of each set as asked for."""
    for each in found:
        for failure in each.failures[: args.failures]:
            print(failure, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
