"""Where the time of taking documents in goes: ``python -m benchmarks.stages [--shared DIR] [--rounds 3]``.

The national documents, one process, processor time (other work on the machine does not count), the quickest
of some rounds after one to warm up. `lines` is part of reading a text into clauses, told apart from the rest.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pyoxigraph

from graph.extract import extract
from graph.facts import Record
from graph.figures.quantities import quantities
from graph.findings.report import findings
from graph.funding import funding
from graph.measures import measures
from graph.rdf.triples import triples
from graph.records import encode
from graph.references import references
from graph.review.doubts import assessed
from graph.units.duties import duties
from ingest import parse, read
from ingest.fold import fold, fold_stops
from ingest.lines import print_width, scan
from ingest.model import RawDocument

SHARED = Path(__file__).resolve().parents[2] / "shared"
DEMANDED = "findings (on demand)"


def _lines(raw: RawDocument) -> None:
    folded = fold_stops(fold(raw.text))
    print_width(scan(folded), folded)


def _write(records: Sequence[Record]) -> None:
    store = pyoxigraph.Store()
    for record in records:
        store.extend(triples(record))


class _Folder:
    """Stands for a draft of the store: named folders."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def part(self, name: str) -> Path:
        folder = self.path / name
        folder.mkdir(exist_ok=True)
        return folder


def _index(records: Sequence[Record]) -> None:
    from qa import index
    from qa.encoder import load_encoder
    from qa.indexed import indexed

    encoder = load_encoder(None)
    with tempfile.TemporaryDirectory() as folder:
        added = (indexed(record, encoder) for record in records)
        index.update(_Folder(Path(folder)), encoder, changed=(), added=added)


def stages(paths: Sequence[Path]) -> dict[str, Callable[[], object]]:
    """Return each stage as something to be timed, over all documents; what it needs is made beforehand."""
    raws = [read(path) for path in paths]
    policies = [parse(raw) for raw in raws]
    records = [extract(policy) for policy in policies]
    figures = [
        (clause, tuple(q for q in record.quantities if q.evidence.locator == clause.locator))
        for record in records
        for clause in record.policy.clauses
    ]
    return {
        "read": lambda: [read(path) for path in paths],
        "lines": lambda: [_lines(raw) for raw in raws],
        "tree": lambda: [parse(raw) for raw in raws],
        "units": lambda: [duties(policy) for policy in policies],
        "figures": lambda: [quantities(clause, policy) for policy in policies for clause in policy.clauses],
        "measures": lambda: [measures(clause, found) for clause, found in figures],
        "references": lambda: [(references(policy), funding(policy)) for policy in policies],
        "confidence": lambda: [assessed(record) for record in records],
        "encode": lambda: [encode(record) for record in records],
        "RDF": lambda: _write(records),
        "index": lambda: _index(records),
        DEMANDED: lambda: [findings(record) for record in records],
    }


def timed(paths: Sequence[Path], rounds: int) -> dict[str, float]:
    """Return the seconds of each stage, the quickest of `rounds`; `tree` without `lines`."""
    seconds: dict[str, float] = {}
    for name, stage in stages(paths).items():
        stage()
        spent = []
        for _ in range(rounds):
            start = time.process_time()
            stage()
            spent.append(time.process_time() - start)
        seconds[name] = min(spent)
    seconds["tree"] -= seconds["lines"]
    return seconds


def table(seconds: dict[str, float], documents: int, megabytes: float) -> list[str]:
    """Return milliseconds a document and share of each stage as lines of Markdown, and what they make up."""
    whole = sum(spent for name, spent in seconds.items() if name != DEMANDED)
    lines = ["| stage | ms a document | share |", "|---|--:|--:|"]
    for name, spent in seconds.items():
        share = f"{100 * spent / whole:.0f} %" if name != DEMANDED else ""
        lines.append(f"| {name} | {1000 * spent / documents:.2f} | {share} |")
    lines.append(f"| whole | {1000 * whole / documents:.2f} | 100 % |")
    rates = f"{documents / whole:.0f} documents a second, {megabytes / whole:.2f} megabytes a second"
    return [*lines, "", f"Taken in from beginning to end: {rates}."]


def main(arguments: list[str]) -> int:
    """Print seconds and share of each stage."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args(arguments)
    paths = sorted((args.shared / "corpus-national").glob("*.txt"))
    if not paths:
        print(f"没有 {args.shared}：请用 --shared 给出参考资料的位置", file=sys.stderr)
        return 1
    seconds = timed(paths, args.rounds)
    size = sum(path.stat().st_size for path in paths) / 1e6
    print("\n".join(table(seconds, len(paths), size)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
