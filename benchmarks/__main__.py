"""All measurements, one after the other: ``python -m benchmarks [--shared DIR] [--quick] [--only PART …]``.

Each part is a command of its own, with a time limit; its tables are printed here and written to
docs/benchmarks.md under the command that prints them again. Exit status 1 when a part failed.
"""

import os
import platform
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from benchmarks.facts import missing, options, stores

PROJECT = Path(__file__).resolve().parent.parent
PAGE = PROJECT / "docs" / "benchmarks.md"
MARKDOWN = ("|", "As ", "Left out")  # how lines begin that are Markdown as they are


@dataclass(frozen=True, slots=True)
class Part:
    """A section: its title, what it says beforehand, its command, and how it is cut short.

    `stores` are the options by which ready-made stores are handed over; `quick` is None for a part that
    is left out when time is short.
    """

    name: str
    title: str
    about: str
    command: tuple[str, ...]
    stores: tuple[tuple[str, str], ...] = ()
    quick: tuple[str, ...] | None = ()
    limit: int = 600
    reference: bool = True  # takes --shared


PARTS = (
    Part(
        "facts",
        "Facts",
        "The facts of the five policies against the hand-checked clauses and figures.",
        ("benchmarks.facts",),
        (("--five", "five"),),
    ),
    Part(
        "confidence",
        "Confidence",
        "Facts by the confidence that they are given, with noise put into the five policies. The rules were "
        "made with these documents in view.",
        ("benchmarks.confidence",),
    ),
    Part(
        "answers",
        "Answers",
        "Scored by the reference scorer: `five` holds the five policies, `all` the national documents as "
        "well; `gold` are the reference questions, `county`, `hotline`, `street`, `street2`, `street3` and "
        "`national` our own. A question "
        "passes when every check holds. Each question is asked once, so times contain the first reading of "
        "a document. "
        "The service was developed with these questions in view, and ranking and abstention were fitted on "
        "ours: these are not scores on unseen questions. Each set was written from the documents and "
        "committed before the program was asked; what passed then, before anything was mended, is the "
        "figure to expect on unseen questions:\n\n"
        "| set, documents | questions | first run | at commit |\n"
        "|---|--:|--:|---|\n"
        "| hotline, five policies | 158 | 87.3 % | 67b2a8a |\n"
        "| street, five policies | 205 | 93.2 % | c5192f6 |\n"
        "| street, national documents beside them | 205 | 92.7 % | c5192f6 |\n"
        "| street2, five policies | 100 | 91.0 % | 5517772 |\n"
        "| street2, national documents beside them | 100 | 89.0 % | 5517772 |\n"
        "| street3, five policies | 68 | 95.6 % | a1905ac |\n"
        "| street3, national documents beside them | 68 | 94.1 % | a1905ac |\n"
        "| elsewhere, six invented policies of other provinces | 70 | 75.7 % | 8e27c9f |\n"
        "| elsewhere2, eight invented documents in other layouts | 45 | 75.6 % | 406fc31 |\n"
        "| elsewhere3, eight more, with tables of sums and duties | 71 | 70.4 % | 57d2ec6 |",
        ("benchmarks.answers",),
        (("--five", "five"), ("--all", "all")),
    ),
    Part(
        "elsewhere",
        "Answers on invented documents",
        "Questions on documents of provinces that the service was not made for, scored the same way; what "
        "passed on their first run stands above.",
        ("benchmarks.elsewhere",),
    ),
    Part(
        "aligning",
        "Documents side by side",
        "Clauses of the five policies that rule on the same measure, labelled by hand as 95 rows; half of "
        "them tuned the weights. Threshold and the rule for split measures were set with both halves in "
        "view. Most misses are broad clauses that take up, among much else, what the other document gives a "
        "clause of its own.",
        ("benchmarks.aligning",),
        (("--store", "five"),),
    ),
    Part(
        "audit",
        "Audit of figures",
        "Each answer sentence by sentence: on what does each figure stand? A quotation counts only if it "
        "stands in the original file. `count` is a number of things listed, `heading` a locator, title, "
        "number or date of a cited document. `own check fails` are answers that the service's own last "
        "gate would not have let out. The audit says that a figure stands somewhere in what is cited, not "
        "that it is the figure that the sentence is about.",
        ("benchmarks.answers", "--audit"),
        (("--five", "five"), ("--all", "all")),
    ),
    Part(
        "refusals",
        "Questions without an answer",
        "500 questions made by rule: places whose documents are not held, matters that none takes up, "
        "false premises, orders, nonsense. A false premise may be answered with the right figure, but must "
        "be told to be false. A wrong figure is one affirmed though forbidden, or any where none is right. "
        "Two limits: the abstention weights were fitted on the families foreign_topic and nonsense, so only "
        "the other three are unseen by them; and the false figures are chosen so that the clause does not "
        "print them. A false premise that borrows another figure of the same clause is not among the 500.",
        ("benchmarks.refusals",),
        (("--all", "all"),),
    ),
    Part(
        "peers",
        "Peers side by side",
        "The reference questions and our county set over the clauses of the five policies, one process an "
        "engine. Peers are given our reader's jurisdictions as a filter, our cut of words, and the units of "
        "the clause found first; the clause is pasted as the answer. Their time is the search alone, ours "
        "the whole checked answer. `pass, best threshold` refuses below the score that suits these very "
        "questions best. The emulated rules are those of common RAG platforms: weighted sum of word overlap "
        "and cosine, refusal below 0.2, citations by likeness to the answer, five hits for a list. `list "
        "members` is the share of the clauses of a list that are cited, `citations off` the share of "
        "citations that are none of the expected clauses. 349 "
        "questions, of them 24 lists and 15 to be refused. **The comparison is not blind**: our rules were "
        "developed with these questions in view and our ranking weights fitted on the county set, while the "
        "peers run as they come. On questions nobody has seen our lead will be smaller.",
        ("benchmarks.peers",),
        (("--store", "five"),),
        ("--engines", "sqlite", "tantivy", "rules"),
    ),
    Part(
        "cold",
        "One question from a cold start",
        "Wall time of `zhengwen ask … --json` as a new process, with the page cache warm and emptied.",
        ("benchmarks.cold",),
        (("--five", "five"), ("--all", "all")),
        ("--runs", "3"),
    ),
    Part(
        "ranking",
        "Ranking and abstention",
        "Our own questions. The first figures are those of the shipped weights, which were fitted on all of "
        "them; the second are held out: each fifth of the questions is judged by weights fitted on the "
        "other four. A line `said 0.6–0.7` tells how many questions got such a probability and how many of "
        "them can be answered.",
        ("benchmarks.ranking",),
        (("--store", "five"), ("--store", "all")),
        reference=False,
    ),
    Part(
        "stard",
        "Retrieval: STARD",
        "Lay questions over 60,018 statute articles. The model was trained on the articles and on other "
        "questions, not on these.",
        ("benchmarks.stard", "--queries", "{shared}/bench/stard/queries_dev.jsonl"),
        quick=None,
        reference=False,
    ),
    Part("parsing", "Reading documents", "More in [parsing.md](parsing.md).", ("benchmarks.parsing",)),
    Part(
        "renderings",
        "The five policies in other formats",
        "Each set as Word with automatic numbers, as a government web page, as a PDF with running heads, and "
        "as a scanned PDF (200 dots an inch, grey, 0.7 degrees askew), and read back. Headings, clauses "
        "(locator, title, text but for white space), duties and figures are those of the text.",
        ("benchmarks.renderings",),
        quick=("--without-scan",),
        limit=3600,
    ),
    Part(
        "docnumbers",
        "Document numbers",
        "Real document numbers, read and written back.",
        ("benchmarks.docnumbers", "{shared}/bench/docnumbers.txt"),
        reference=False,
    ),
    Part(
        "desk",
        "The operator's desk",
        "How often the first row holds an expected clause, for whole questions and for the same cut to three "
        "and two words; and from key to painted list in real Chromium, five and national documents in the "
        "store.",
        ("benchmarks.desk", "--keys", "200"),
        (("--five", "five"), ("--all", "all")),
    ),
    Part(
        "browsers",
        "Twenty browsers at once",
        "Real Chromium windows on the same two cores as the service: what a reader waits for contains the "
        "drawing of twenty windows; `of this the server` is the time of the HTTP request.",
        ("benchmarks.browsers",),
        (("--five", "five"),),
    ),
    Part(
        "load",
        "Twenty programs at once",
        "Questions over HTTP from twenty askers without a pause, the best round first to last.",
        ("benchmarks.load", "--rounds", "2"),
        (("--five", "five"), ("--all", "all")),
    ),
    Part(
        "faults",
        "Faults",
        "Whole commands and the running service killed at random moments, files damaged, the disk full, two "
        "writers, permission lost, the clock moved, readers and askers through publishes. What the "
        "columns mean is said in [reliability.md](reliability.md).",
        ("benchmarks.faults", "--runs", "20"),
        quick=("--runs", "3"),
        limit=3000,
        reference=False,
    ),
)


def machine() -> str:
    """Describe the machine by what decides: cores and memory."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    return f"{os.cpu_count()} cores, {memory:.0f} GiB of memory, no GPU, Python {platform.python_version()}"


def commit() -> str:
    """Name the commit that is measured, and whether anything was changed since."""
    command = ["git", "describe", "--always", "--dirty", "--exclude", "*"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"


def ran(part: Part, shared: Path, lent: dict[str, Path], quick: bool) -> tuple[str, bool]:
    """Run a part; return what it prints, and whether it did what it should."""
    words = [word.format(shared=shared) for word in part.command]
    if part.reference:
        words += ["--shared", str(shared)]
    for option, store in part.stores:
        words += [option, str(lent[store])]
    words += (part.quick or ()) if quick else ()
    command = [sys.executable, "-m", *words]
    try:
        done = subprocess.run(
            command, cwd=PROJECT, capture_output=True, text=True, timeout=part.limit, check=False
        )
    except subprocess.TimeoutExpired:
        return f"(not done after {part.limit} s)", False
    if done.returncode and not done.stdout:
        return (
            f"(failed: {done.stderr.strip().splitlines()[-1] if done.stderr.strip() else 'no reason'})",
            False,
        )
    return done.stdout.strip(), done.returncode == 0


def shown(text: str) -> str:
    """Return what a part prints as Markdown: tables as they are, other lines as fixed text."""
    lines: list[str] = []
    for markdown, group in groupby(text.splitlines(), key=lambda line: line.startswith(MARKDOWN)):
        held = [line for line in group if line.strip()]
        if held:
            lines += ["", *held] if markdown else ["", "```", *held, "```"]
    return "\n".join(lines[1:])


def section(part: Part, text: str) -> Iterator[str]:
    """Yield the lines of a section of the page."""
    words = " ".join(word.format(shared="../shared") for word in part.command)
    given = " ".join(f"{option} {store.upper()}" for option, store in part.stores if not part.reference)
    yield from ("", f"## {part.title}", "", part.about, "", f"    python -m {words} {given}".rstrip(), "")
    yield shown(text)


def main(arguments: list[str] | None = None) -> int:
    """Run as a command."""
    parser = options(__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="fewer runs; the long part left out; no page written"
    )
    parser.add_argument("--only", nargs="+", choices=[part.name for part in PARTS], metavar="PART")
    args = parser.parse_args(arguments)
    shared = args.shared.resolve()
    if missing(shared):
        return 1
    page = [
        "# Benchmarks",
        "",
        "Written by `make bench` (`python -m benchmarks`); each section names the command that prints its",
        f"figures. Commit {commit()}, measured on {machine()},",
        "shared with other work: times vary by a factor of two.",
    ]
    good = True
    with stores(shared, {"five": None, "all": None}) as lent:
        for part in PARTS:
            if (args.only and part.name not in args.only) or (args.quick and part.quick is None):
                continue
            began = time.perf_counter()
            text, fine = ran(part, shared, lent, args.quick)
            good &= fine
            state = "" if fine else ", NOT AS IT SHOULD BE"
            print(f"\n## {part.title} ({time.perf_counter() - began:.0f} s{state})\n\n{text}", flush=True)
            page += section(part, text)
    if not args.quick and not args.only:
        PAGE.write_text("\n".join(page) + "\n", encoding="utf-8")
        print(f"\n{PAGE.relative_to(PROJECT)} written")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
