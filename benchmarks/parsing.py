"""How well documents are read: ``python -m benchmarks.parsing [--shared DIR] [--write docs/parsing.md]``.

Five policies against the hand-checked clauses; the national documents for exceptions, lines left
unclassed, and whether a page and its text give the same clause tree; what is found in each, and where
the time goes (`benchmarks.stages`).
"""

import argparse
import json
import re
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from benchmarks.stages import SHARED, table, timed
from graph.extract import extract
from graph.findings.report import findings
from ingest import parse, read
from ingest.model import LineKind, Policy

_WIDE = str.maketrans({",": "，", ":": "：", ";": "；", "(": "（", ")": "）"})


@dataclass(frozen=True, slots=True)
class Row:
    """One document's figures for the table."""

    name: str
    characters: int
    parts: int
    clauses: int
    titled: int
    units: int
    figures: int
    findings: str
    other: float
    same_tree: str
    milliseconds: float


def squeeze(text: str) -> str:
    return re.sub(r"\s+", "", text).translate(_WIDE)


def gold_figures(shared: Path) -> list[tuple[str, str]]:
    lines = (shared / "gold" / "clauses.jsonl").read_text("utf-8").splitlines()
    gold = {(row["source"], squeeze(row["locator"])): row for row in map(json.loads, lines)}
    found = {}
    for source in sorted({source for source, _ in gold}):
        policy = parse(read(shared / "corpus" / f"{source}.txt"))
        found.update({(source, squeeze(c.locator)): (c, policy) for c in policy.clauses})
    both = gold.keys() & found.keys()
    titles = sum(squeeze(found[k][0].title) == squeeze(gold[k]["title"]) for k in both)
    texts = sum(squeeze(found[k][0].text) == squeeze(gold[k]["text"]) for k in both)
    named = whole = 0
    for key in both:
        clause, policy = found[key]
        printed = squeeze("".join(span.of(policy.text) for span in clause.units))
        units = gold[key]["lead_as_written"] + gold[key]["responsible_as_written"]
        named += sum(squeeze(u) in printed for u in units)
        whole += len(units)
    return [
        ("clauses found", f"{len(both)} of {len(gold)}"),
        ("clauses invented", str(len(found.keys() - gold.keys()))),
        ("titles exact", f"{titles} of {len(gold)}"),
        ("texts equal but for white space", f"{texts} of {len(gold)}"),
        ("units inside unit spans", f"{named} of {whole}"),
    ]


def tree_of(policy: Policy) -> list[tuple[str, str]]:
    return [(c.locator, c.title) for c in policy.clauses]


def measure(path: Path) -> tuple[Row, int, int]:
    start = time.process_time()
    policy = parse(read(path))
    spent = 1000 * (time.process_time() - start)
    whole = sum(len(line.span) for line in policy.lines)
    other = sum(len(line.span) for line in policy.lines if line.kind is LineKind.OTHER)
    page = path.with_suffix(".html")
    same = ("yes" if tree_of(parse(read(page))) == tree_of(policy) else "no") if page.is_file() else ""
    record = extract(policy)
    told = [finding for finding in findings(record, in_store=False) if finding.severity != "note"]
    counts = Counter(finding.rule for finding in told)
    row = Row(
        path.stem,
        len(policy.text),
        len(policy.parts),
        len(policy.clauses),
        sum(bool(c.title) for c in policy.clauses),
        len(record.duties),
        len(record.quantities),
        ", ".join(f"{rule} {n}" for rule, n in sorted(counts.items())),
        100 * other / max(1, whole),
        same,
        spent,
    )
    return row, whole, other


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--write", type=Path)
    parser.add_argument("--rounds", type=int, default=3, help="of timing each stage")
    args = parser.parse_args(arguments)
    if not (args.shared / "corpus").is_dir():
        print(f"没有 {args.shared}：请用 --shared 给出参考资料的位置", file=sys.stderr)
        return 1
    figures = gold_figures(args.shared)
    rows, whole, other, failed = [], 0, 0, []
    paths = sorted((args.shared / "corpus-national").glob("*.txt"))
    for path in paths:
        try:
            row, characters, unclassed = measure(path)
        except Exception as error:  # noqa: BLE001 - the count of exceptions is what is measured
            failed.append(f"{path.stem}: {error!r}")
            continue
        rows.append(row)
        whole, other = whole + characters, other + unclassed
    pages = [row for row in rows if row.same_tree]
    same = sum(row.same_tree == "yes" for row in pages)
    seconds = sum(row.milliseconds for row in rows) / 1000
    size = sum(path.stat().st_size for path in paths) / 1e6
    figures += [
        ("national texts read without exception", f"{len(rows)} of {len(paths)}"),
        ("characters in lines classed other", f"{100 * other / max(1, whole):.2f} %"),
        (
            "pages with the same clause tree as their text",
            f"{same} of {len(pages)}",
        ),
        ("documents a second", f"{len(rows) / seconds:.0f}"),
        ("megabytes a second", f"{size / seconds:.2f}"),
        ("clauses a second", f"{sum(r.clauses for r in rows) / seconds:.0f}"),
    ]
    for name, value in figures:
        print(f"{name:48s} {value}")
    for failure in failed:
        print(f"exception: {failure}")
    times = table(timed(paths, args.rounds), len(paths), size)
    print("", *times, sep="\n")
    if args.write:
        args.write.write_text(report(figures, times, rows), "utf-8")
    return 1 if failed else 0


def report(figures: list[tuple[str, str]], times: list[str], rows: list[Row]) -> str:
    lines = [
        "# How documents are read",
        "",
        "Written by `python -m benchmarks.parsing --write docs/parsing.md`. The five policies are compared",
        "with the hand-checked clauses; the national documents show that nothing raises, that no text is",
        "left over, and that a web page and its text give the same clauses. Speed is that of one process, in",
        "processor time on a shared machine.",
        "",
        "| figure | value |",
        "|---|---|",
        *(f"| {name} | {value} |" for name, value in figures),
        "",
        "## Where the time goes",
        "",
        "Printed by `python -m benchmarks.stages` as well: all national documents, processor time, the",
        "quickest of some rounds. A document is read, taken for facts, written as RDF and indexed; findings",
        "are worked out when asked for.",
        "",
        *times,
        "",
        "## Each national document",
        "",
        "`other` is the share of characters in lines of no known class; `tree` says whether the web",
        "page gives the same locators and titles as the text (yes, no). Findings are errors and warnings;",
        "[findings.md](findings.md) says what the rules are.",
        "",
        "| document | characters | parts | clauses | titled | units | figures | other % | tree | findings |",
        "|---|--:|--:|--:|--:|--:|--:|--:|---|---|",
        *(
            f"| {r.name} | {r.characters} | {r.parts} | {r.clauses} | {r.titled} | {r.units} | {r.figures} "
            f"| {r.other:.2f} | {r.same_tree} | {r.findings} |"
            for r in rows
        ),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
