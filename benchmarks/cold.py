"""How long one question takes from a cold start: ``python -m benchmarks.cold [--runs 10] [--drop-all]``.

Runs ``zhengwen ask "…" --json`` as a new process again and again, with the files in the page cache and
without them. Before a run without, the pages of the store, of the project (model, lexicon), of
site-packages and of Python itself are given back with ``posix_fadvise(DONTNEED)``; pages that another
process has mapped stay. ``--drop-all`` writes /proc/sys/vm/drop_caches instead, where that is permitted:
it empties the cache for everything on the machine.
"""

import os
import statistics
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.facts import LIMIT, missing, options, stores, table

QUESTION = "鲁山县小升规首次入库奖励多少？哪个局牵头？"
PROJECT = Path(__file__).resolve().parent.parent
DROP = Path("/proc/sys/vm/drop_caches")


def files(store: Path) -> Iterator[Path]:
    """Yield the files that a question may read: the store, the project, packages, and Python."""
    parts = ("data", "graph", "ingest", "qa", "ui")
    roots = {store, *(PROJECT / part for part in parts)}
    roots |= {Path(sysconfig.get_path(name)) for name in ("purelib", "platlib", "stdlib")}
    for root in sorted(roots):
        for folder, _, names in os.walk(root):
            yield from (Path(folder, name) for name in names)
    yield Path(sys.executable).resolve()


def advise(paths: list[Path]) -> str:
    """Give back the cached pages of the files; return how that was done."""
    for path in paths:
        try:
            handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
        except OSError:  # a link, or gone since it was listed
            continue
        try:
            os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
        finally:
            os.close(handle)
    return "posix_fadvise(DONTNEED) on store, model, packages, Python"


def drop(_paths: list[Path]) -> str:
    """Empty the page cache of the whole machine."""
    DROP.write_text("3")
    return "/proc/sys/vm/drop_caches"


def command(store: Path) -> list[str]:
    """Return the command ``zhengwen ask``, of this very project whatever is installed beside it."""
    words = ["ask", QUESTION, "--json", "--as-of", "2022-07-15", "--store", str(store)]
    return [sys.executable, "-m", "ui.cli", *words]


def timed(store: Path) -> float:
    """Run the command and return its seconds; raise if it does not answer.

    Python may keep compiled modules, as it does wherever it is not told otherwise.
    """
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    began = time.perf_counter()
    done = subprocess.run(
        command(store), check=True, capture_output=True, text=True, timeout=LIMIT, env=env, cwd=PROJECT
    )
    spent = time.perf_counter() - began
    if '"answered"' not in done.stdout:
        raise SystemExit(f"no answer: {done.stdout[:200]}")
    return spent


def series(store: Path, runs: int, before: Callable[[list[Path]], str] | None) -> tuple[list[float], str]:
    """Return the seconds of `runs` processes, and how the cache was emptied before each."""
    timed(store)  # compiles the modules, fills the cache
    paths = list(files(store)) if before else []
    os.sync()  # pages that are not on disk yet cannot be given back
    seconds, how = [], "page cache warm"
    for _ in range(runs):
        if before:
            how = before(paths)
        seconds.append(timed(store))
    return seconds, how


def main(arguments: list[str] | None = None) -> int:
    """Run as a command."""
    parser = options(__doc__)
    parser.add_argument("--five", type=Path, help="a store with the five policies, instead of a new one")
    parser.add_argument("--all", type=Path, help="a store with the national documents as well")
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--drop-all", action="store_true", help="empty the cache of the whole machine")
    args = parser.parse_args(arguments)
    if missing(args.shared):
        return 1
    before = drop if args.drop_all else advise
    lines = []
    with stores(args.shared, {"five": args.five, "all": args.all}) as lent:
        for name, store in lent.items():
            for emptied in (None, before):
                seconds, how = series(store, args.runs, emptied)
                figures = (min(seconds), statistics.median(seconds), max(seconds))
                lines.append((f"{name}; {how}", args.runs, *(f"{value:.2f}" for value in figures)))
    print(table(("store; cache", "runs", "least s", "median s", "most s"), lines))
    return 0


if __name__ == "__main__":
    sys.exit(main())
