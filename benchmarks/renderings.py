"""The five policies in four formats: ``python -m benchmarks.renderings [--shared DIR] [--without-scan]``.

Each is set as Word with automatic numbers, as a government web page, as a PDF with running heads and as
a scanned PDF, and read back. A row says how many clauses (locator, title, text but for white space),
duties of units and figures are the same as those of the text, and how many digits are missing.
"""

import re
import sys
import time
from collections import Counter
from dataclasses import dataclass

from benchmarks.facts import missing, options
from benchmarks.rendered import Paragraphs, paragraphs, pictures, portable, printer, scanned, web, word
from graph.extract import extract
from graph.facts import Record
from ingest import parse, read
from ingest.fold import fold
from ingest.readers import read_bytes

SOURCES = ("zhanhe", "lushan", "shifanqu", "shangjie", "luoyang")
FLOOR = 0.97  # share of the figures that recognition must keep
Facts = Counter[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Same:
    """How much of a document was read back the same: parts found and parts wanted, and what is not."""

    heading: bool  # title, number, issuer, date, place, status
    clauses: tuple[int, int]
    duties: tuple[int, int]
    figures: tuple[int, int]
    digits: int  # digits of the text that are missing
    lost: tuple[tuple[str, ...], ...]
    invented: tuple[tuple[str, ...], ...]

    @property
    def whole(self) -> bool:
        """Nothing is missing and nothing was added."""
        return self.heading and not (self.lost or self.invented or self.digits)


def squeezed(text: str) -> str:
    """Return text without white space and with variants of a character made alike."""
    return re.sub(r"\s+", "", fold(text))


def facts(record: Record) -> tuple[Facts, Facts, Facts]:
    """Return what is compared: clauses, duties and figures, each as words."""
    clauses = Counter((c.locator, squeezed(c.title), squeezed(c.text)) for c in record.policy.clauses)
    duties = Counter((d.evidence.locator, d.role, d.unit) for d in record.duties)
    figures = Counter(
        (q.evidence.locator, q.role, squeezed(q.surface), str(q.value), q.unit, q.bound)
        for q in record.quantities
    )
    return clauses, duties, figures


def compare(found: Record, wanted: Record) -> Same:
    """Compare what was read back with what the text says."""
    pairs = list(zip(facts(found), facts(wanted), strict=True))
    lost = [row for have, want in pairs for row in (want - have).elements()]
    extra = [row for have, want in pairs for row in (have - want).elements()]
    counts = [((have & want).total(), want.total()) for have, want in pairs]
    digits = [Counter(re.findall(r"\d", squeezed(r.policy.text))) for r in (wanted, found)]
    heads = [
        (p.title, p.number and p.number.canonical, p.issuer, p.date, p.jurisdiction, p.status)
        for p in (found.policy, wanted.policy)
    ]
    return Same(heads[0] == heads[1], *counts, (digits[0] - digits[1]).total(), tuple(lost), tuple(extra))


def read_back(data: bytes, name: str) -> Record:
    """Read a file and extract its facts."""
    return extract(parse(read_bytes(data, name)))


def renderings(source: str, lines: Paragraphs, title: str, pdf: bytes, *, scan: bool) -> dict[str, bytes]:
    """Return the files of one document by file name."""
    files = {f"{source}.docx": word(lines), f"{source}.html": web(lines, title), f"{source}.pdf": pdf}
    if scan:
        files[f"{source}-scan.pdf"] = scanned(pictures(pdf))
    return files


def main(arguments: list[str] | None = None) -> int:
    """Run as a command; 1 when a format loses anything, or recognition too much."""
    parser = options(__doc__)
    parser.add_argument("--without-scan", action="store_true", help="leave recognition out: minutes")
    parser.add_argument("--only", nargs="+", choices=SOURCES, default=SOURCES)
    args = parser.parse_args(arguments)
    if missing(args.shared):
        return 1
    wanted = {s: extract(parse(read(args.shared / "corpus" / f"{s}.txt"))) for s in args.only}
    lines = {source: paragraphs(record.policy) for source, record in wanted.items()}
    with printer() as browser:
        pdfs = portable(list(lines.values()), browser)
    print(
        "| document | heading | clauses | units | figures | digits missing | seconds |",
        "|---|---|---|---|---|--:|--:|",
        sep="\n",
    )
    good = True
    for (source, record), pdf in zip(wanted.items(), pdfs, strict=True):
        files = renderings(source, lines[source], record.policy.title, pdf, scan=not args.without_scan)
        for name, data in files.items():
            began = time.perf_counter()
            same = compare(read_back(data, name), record)
            spent = time.perf_counter() - began
            scan = name.endswith("-scan.pdf")
            good &= same.figures[0] >= FLOOR * same.figures[1] if scan else same.whole
            cells = [f"{a} of {b}" for a, b in (same.clauses, same.duties, same.figures)]
            cells.insert(0, "yes" if same.heading else "no")
            print(f"| {name} | {' | '.join(cells)} | {same.digits} | {spent:.1f} |", flush=True)
            for sign, rows in (("-", same.lost), ("+", same.invented)):
                for row in rows[:8]:
                    print(f"  {sign} {' '.join(cell[-60:] for cell in row)}", file=sys.stderr)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
