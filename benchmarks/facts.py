"""How well facts are extracted: ``python -m benchmarks.facts [--shared DIR] [--failures N]``.

Ingests the five policies into a temporary store, exports the facts as ``zhengwen facts`` does, and
prints the lines of ``score_facts.py``. Here too: where the reference folder lies, and how the other
measurements make stores and tables.
"""

import argparse
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

SHARED = Path(__file__).resolve().parents[2] / "shared"
LIMIT = 600  # seconds that any one command may take
FIGURE = re.compile(
    r"([\w ]+?) +([\d.]+%)"
)  # a line of the scorer's figures; its other lines are differences


def options(description: str | None) -> argparse.ArgumentParser:
    """Return a parser with the option that every measurement has."""
    parser = argparse.ArgumentParser(description=description.splitlines()[0] if description else None)
    parser.add_argument("--shared", type=Path, default=SHARED, help="the reference folder")
    return parser


def missing(shared: Path) -> bool:
    """Say so on standard error when the reference folder is not there."""
    if (shared / "corpus").is_dir():
        return False
    print(f"没有 {shared}：请用 --shared 给出参考资料的位置", file=sys.stderr)
    return True


def run(*words: str | Path) -> str:
    """Run ``zhengwen`` with these words and return what it prints."""
    command = [sys.executable, "-m", "ui.cli", *map(str, words)]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=LIMIT).stdout


def documents(shared: Path, name: str) -> list[Path]:
    """Return what a store of this name holds: ``five``, or ``all`` with the national texts as well."""
    paths = [shared / "corpus"]
    if name == "all":
        paths += sorted((shared / "corpus-national").glob("*.txt"))
    return paths


@contextmanager
def stores(shared: Path, given: dict[str, Path | None]) -> Iterator[dict[str, Path]]:
    """Lend the stores asked for by name; those that are not given are built and cleared away."""
    with tempfile.TemporaryDirectory(prefix="zhengwen-bench-") as room:
        lent = {}
        for name, path in given.items():
            lent[name] = path or Path(room) / name
            # A store that is given is only brought up to date: indexes of an older program are renewed.
            run("ingest", *documents(shared, name), "--store", lent[name], "--quiet")
        yield lent


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a Markdown table, the first column flush left, figures flush right."""
    lines = ["| " + " | ".join(head) + " |", "|---|" + "--:|" * (len(head) - 1)]
    lines += ["| " + " | ".join(map(str, row)) + " |" for row in rows]
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Run as a command."""
    parser = options(__doc__)
    parser.add_argument("--five", type=Path, help="a store with the five policies, instead of a new one")
    parser.add_argument("--failures", type=int, default=0, metavar="N", help="list the first N differences")
    args = parser.parse_args(arguments)
    if missing(args.shared):
        return 1
    with stores(args.shared, {"five": args.five}) as lent, tempfile.TemporaryDirectory() as room:
        facts = Path(room) / "facts.jsonl"
        facts.write_text(run("facts", "--format", "jsonl", "--store", lent["five"]), encoding="utf-8")
        script = args.shared / "gold" / "score_facts.py"
        command = [sys.executable, str(script), str(facts), "--failures", str(args.failures)]
        told = subprocess.run(command, check=True, capture_output=True, text=True, timeout=LIMIT).stdout
    figures = []
    for line in told.strip().splitlines():
        if found := FIGURE.fullmatch(line):
            figures.append(found.groups())
        else:
            print(line, file=sys.stderr)
    print(table(("figure", "value"), figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
