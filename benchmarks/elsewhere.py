"""Questions on invented documents of other provinces: ``python -m benchmarks.elsewhere [--failures 20]``.

The documents are those of tests/made_policies; `elsewhere` asks about six of them, `elsewhere2` and
`elsewhere3` about eight each in other layouts. All sets were written from the documents before the
program was asked.
"""

import sys
import tempfile
from pathlib import Path

from benchmarks.answers import asked, questions, scorer, wire
from benchmarks.facts import missing, options, table
from qa.library import Library
from ui.intake import ingest

MADE = Path(__file__).resolve().parent.parent / "tests" / "made_policies"
FOLDERS = {"elsewhere": "elsewhere", "elsewhere2": "layouts", "elsewhere3": "elsewhere3"}


def library(name: str, folder: Path) -> Library:
    """Read the documents that the questions of a set are about into a store in `folder`."""
    wanted = {source for row in questions(folder, name) for source, _ in row["expect"]["clauses"]}
    for source in wanted:
        text = (MADE / FOLDERS[name] / f"{source}.policy").read_text("utf-8")
        (folder / f"{source}.txt").write_text(text, "utf-8")
    ingest([folder], folder / "store")
    return Library.open(folder / "store")


def main(arguments: list[str] | None = None) -> int:
    """Run as a command."""
    parser = options(__doc__)
    parser.add_argument("--failures", type=int, default=0, metavar="N", help="list N answers that fail")
    args = parser.parse_args(arguments)
    if missing(args.shared):
        return 1
    check, _ = scorer(args.shared)
    lines, failed = [], []
    for name in FOLDERS:
        with tempfile.TemporaryDirectory() as folder:
            opened = library(name, Path(folder))
            rows = questions(args.shared, name)
            results = [check(row, wire(asked(opened, row)[0], row["id"]), None) for row in rows]
        passed = sum(all(result.values()) for result in results)
        lines.append((name, len(rows), f"{100 * passed / len(rows):.1f} %"))
        judged = zip(rows, results, strict=True)
        failed += [(row, result) for row, result in judged if not all(result.values())]
    print(table(("set", "questions", "passed"), lines))
    for row, result in failed[: args.failures]:
        missed = ", ".join(name for name, held in result.items() if not held)
        print(f"{row['id']} {row['question']}: {missed}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
