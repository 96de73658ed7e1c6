"""Texts nobody wrote: ``python -m benchmarks.fuzz [--runs 50000] [--seed N] [--shared DIR]``.

Documents are mixed from the building blocks of official ones, from broken copies of real texts, and from
anything Unicode has. Each is read and taken for facts; a share is written as RDF and checked for findings.
Nothing may raise, every span must be true, the same text must give the same bytes, and time must grow with
length only. A failing text is printed with its seed and number, so that it can be made again.
"""

import argparse
import random
import sys
import time
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from graph.extract import extract
from graph.facts import Record
from graph.findings.report import findings
from graph.rdf.triples import triples
from graph.records import decode, encode
from ingest import parse
from ingest.fold import fold
from ingest.model import RawDocument, Span

SHARED = Path(__file__).resolve().parents[2] / "shared"
_SHARE = 8  # one document in so many is read twice, written as RDF and checked for findings
_WORTH = 2000  # characters; shorter texts tell nothing about speed
_REPEATS = (2, 8)  # how often a slow text is repeated to see whether time grows with length
_STEEP = 2.5  # times slower a character, eight times the text against twice

_BLOCKS = tomllib.loads((Path(__file__).parent / "blocks.toml").read_text("utf-8"))
NUMBERS, UNITS, FIGURES, HEADS, TABLES = (
    _BLOCKS[name] for name in ("numbers", "units", "figures", "heads", "tables")
)
MARKS = list("，。；：、！？“”‘’（）()《》〈〉【】〔〕[]{}—-–·•.…,;:\"'%‰℃＋+×*/\\|｜_＿~～#&@$￥€`^=<>")
BLANKS = [
    "\t",
    " ",
    "　",
    "\u00a0",
    "\u200b",
    "\ufeff",
    "\u2028",
    "\x0b",
    "\x0c",
    "\x85",
    "\x00",
    "\x1f",
    "\x7f",
]
WORDS = (
    "支持企业发展加大力度落实政策奖励补贴对于新认定的高新技术按照规定给予一次性资金县市区省局委办年月日万元"
)


@dataclass(frozen=True, slots=True)
class Slow:
    """A document's time a character, and how to make it again."""

    microseconds: float
    number: int
    characters: int


def real_lines(shared: Path) -> list[str]:
    """Return the texts of the reference folders; without them the fuzzer mixes building blocks only."""
    paths = [*sorted((shared / "corpus").glob("*.txt")), *sorted((shared / "corpus-national").glob("*.txt"))]
    return [path.read_text("utf-8", "replace") for path in paths]


class Maker:
    """Makes documents out of one seed."""

    def __init__(self, seed: int | str, real: list[str]) -> None:
        self.dice, self.real = random.Random(seed), real
        self.kinds: list[Callable[[], str]] = [
            self.mixture, self.mixture, self.mixture, self.paragraphs, self.anything, self.nested,
            self.one_line, self.numbers_only, self.table, self.repeated,
        ]  # fmt: skip
        if real:
            self.kinds += [self.broken] * 4

    def document(self) -> str:
        """Return one text, line ends normalised as readers do."""
        text = self.dice.choice(self.kinds)()
        return text.replace("\r\n", "\n").replace("\r", "\n")

    def words(self, most: int = 30) -> str:
        """Return some characters that official texts are full of."""
        start = self.dice.randrange(len(WORDS))
        return (WORDS[start:] + WORDS)[: self.dice.randrange(1, most)]

    def piece(self) -> str:
        """Return one building block."""
        pool = self.dice.choice((NUMBERS, UNITS, FIGURES, MARKS, HEADS, TABLES, BLANKS, None, None, None))
        return self.dice.choice(pool) if pool else self.words()

    def line(self) -> str:
        """Return a line of a few blocks."""
        return "".join(self.piece() for _ in range(self.dice.randrange(0, 7)))

    def mixture(self) -> str:
        """Return lines of any blocks."""
        return "\n".join(self.line() for _ in range(self.dice.randrange(0, 30)))

    def paragraphs(self) -> str:
        """Return numbered clauses as documents have them, some lines broken in mid-sentence."""
        lines = []
        for _ in range(self.dice.randrange(1, 16)):
            body = "，".join(self.words() for _ in range(self.dice.randrange(1, 5))) + "。"
            line = self.dice.choice(NUMBERS) + self.words(12) + "。" + body + self.dice.choice(FIGURES)
            width = self.dice.randrange(8, 60)
            lines += (
                [line]
                if self.dice.random() < 0.5
                else [line[i : i + width] for i in range(0, len(line), width)]
            )
            if self.dice.random() < 0.6:
                lines += ["", self.dice.choice(UNITS)]
        return "\n".join(lines)

    def anything(self) -> str:
        """Return random characters of all planes, surrogates left out."""

        def char() -> str:
            code = self.dice.choice((0x80, 0x3000, 0xA000, 0x10000, 0x110000))
            code = self.dice.randrange(code)
            return "\n" if 0xD800 <= code < 0xE000 else chr(code)

        return "".join(char() for _ in range(self.dice.randrange(0, 600)))

    def nested(self) -> str:
        """Return numbers under numbers, level after level."""
        deep = self.dice.choice((5, 5, 20, 50, 50, 300, 3000))
        styles = self.dice.sample(NUMBERS, min(len(NUMBERS), self.dice.randrange(1, 12)))
        if self.dice.random() < 0.3:
            return "\n".join(
                ".".join("1" for _ in range(n % 40 + 1)) + " " + self.words(6) for n in range(deep)
            )
        return "\n".join(styles[n % len(styles)] + self.words(6) for n in range(deep))

    def one_line(self) -> str:
        """Return one very long line."""
        blocks = [self.piece() for _ in range(self.dice.randrange(1, 6))]
        return "".join(blocks * self.dice.choice((20, 200, 1500)))[
            : self.dice.choice((600, 600, 3000, 30000))
        ]

    def numbers_only(self) -> str:
        """Return nothing but numbers."""
        joint = self.dice.choice(("\n", "", " ", "、", "."))
        pool = [*NUMBERS, *"0123456789", "2024", "〇", "百", "万亿", "1.1.1.1"]
        return joint.join(self.dice.choice(pool) for _ in range(self.dice.randrange(0, 300)))

    def table(self) -> str:
        """Return rows of cells."""
        columns = self.dice.randrange(1, 9)
        cell = lambda: self.dice.choice(("", "5", "12.5", "合计", "甲镇", "10%", self.words(6)))  # noqa: E731
        joint = self.dice.choice(("\t", " | ", "|"))
        return "\n".join(
            joint.join(cell() for _ in range(columns)) for _ in range(self.dice.randrange(1, 80))
        )

    def repeated(self) -> str:
        """Return one block again and again: where a pattern goes back and forth, it shows."""
        block = "".join(self.piece() for _ in range(self.dice.randrange(1, 3)))
        return (block * 4000)[: self.dice.choice((500, 500, 500, 4000, 20000))]

    def broken(self) -> str:
        """Return a stretch of a real text with characters lost, doubled, moved and put in."""
        text = self.dice.choice(self.real)
        start = self.dice.randrange(max(1, len(text) - 200))
        chars = list(text[start : start + self.dice.randrange(100, 1500)])
        for _ in range(self.dice.randrange(1, 40)):
            at = self.dice.randrange(len(chars) + 1)
            match self.dice.randrange(5):
                case 0:
                    del chars[at : at + self.dice.randrange(1, 30)]
                case 1:
                    chars[at:at] = list(self.piece())
                case 2:
                    chars[at:at] = ["\n"]
                case 3:
                    chars[at:at] = chars[max(0, at - 20) : at]
                case _:
                    chars[at:at] = [self.dice.choice(MARKS + BLANKS)]
        return "".join(chars)


def violations(record: Record) -> Iterator[str]:
    """Yield what is untrue of a record: spans, pieces, names that stand twice."""
    policy = record.policy
    text, size = policy.text, len(policy.text)

    def outside(span: Span | None) -> bool:
        return span is not None and not 0 <= span.start <= span.end <= size

    if "\n".join(line.span.of(text) for line in policy.lines) != text:
        yield "lines do not make up the text"
    names = [clause.locator for clause in policy.clauses]
    if len(names) != len(set(names)):
        yield "a locator stands twice"
    for clause in policy.clauses:
        if clause.parent is not None and clause.parent not in names:
            yield f"{clause.locator} has no parent"
        if outside(clause.span) or any(outside(span) for span in (*clause.units, *clause.pieces)):
            yield f"{clause.locator} lies outside the text"
    for holder in (*policy.clauses, *policy.paragraphs):
        if "".join(piece.of(text) for piece in holder.pieces) != holder.text:
            yield "pieces do not make up a text"
    for finding in policy.findings:
        if outside(finding.span):
            yield f"finding {finding.rule} lies outside the text"
    printed = [
        *((duty.evidence.span, duty.written) for duty in record.duties),
        *((figure.evidence.span, figure.surface) for figure in record.quantities),
        *((rule.evidence.span, rule.surface) for rule in record.funding),
    ]
    for span, words in printed:
        if outside(span):
            yield f"“{words}” lies outside the text"
        elif span is not None and not _stands(_bare(words), _bare(span.of(text))):
            yield f"“{words}” does not stand at {span}: {span.of(text)!r}"


def _stands(words: str, printed: str) -> bool:
    """Say whether words begin and end a stretch of print; page numbers or a table may stand between."""
    rest = iter(printed)
    return words[:1] == printed[:1] and words[-1:] == printed[-1:] and all(char in rest for char in words)


def _bare(text: str) -> str:
    """Return a text as print reads: one form of each character, nothing that is blank."""
    return "".join(fold(text).replace("，", ",").split())


def examine(text: str, *, whole: bool) -> Iterator[str]:
    """Yield what goes wrong with a text; `whole` asks for a second reading, RDF and findings too."""
    raw = RawDocument(text, "0" * 64, "fuzz")
    record = extract(parse(raw))
    yield from violations(record)
    stored = encode(record)
    if decode(stored) != record:
        yield "the stored record is not the one that was written"
    if whole:
        if encode(extract(parse(raw))) != stored:
            yield "the same text gives another record"
        sum(1 for _ in triples(record))
        for finding in findings(record):
            if finding.span is not None and not 0 <= finding.span.start <= finding.span.end <= len(text):
                yield f"finding {finding.rule} lies outside the text"


def seconds_of(text: str) -> float:
    """Return the processor time of reading a text for facts."""
    start = time.process_time()
    extract(parse(RawDocument(text, "0" * 64, "fuzz")))
    return time.process_time() - start


def steepness(text: str) -> float:
    """Return how many times slower a character gets when a text is repeated eight times, not twice."""
    joint = "\n" if "\n" in text else ""
    short, long = (seconds_of(joint.join([text] * n)) / n for n in _REPEATS)
    return long / max(short, 1e-9)


def main(arguments: list[str]) -> int:
    """Run the fuzzer and print its figures; 1 when anything failed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--runs", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, help="one document, by its number; prints it")
    parser.add_argument("--shared", type=Path, default=SHARED)
    args = parser.parse_args(arguments)
    real, failed, slow, characters = real_lines(args.shared), 0, [], 0
    begin = time.perf_counter()
    for number in range(args.runs) if args.only is None else (args.only,):
        text = Maker(f"{args.seed}:{number}", real).document()
        if args.only is not None:
            print(text)
        start = time.process_time()
        try:
            wrong = list(examine(text, whole=args.only is not None or number % _SHARE == 0))
        except Exception as error:  # noqa: BLE001 - exceptions are what is counted
            wrong = [f"raised {error!r}"]
        spent = time.process_time() - start
        characters += len(text)
        if number % 1000 == 0:
            print(number, end="\r", file=sys.stderr, flush=True)
        if number % _SHARE and len(text) >= _WORTH:
            slow.append(Slow(1e6 * spent / len(text), number, len(text)))
        if wrong:
            failed += 1
            print(f"seed {args.seed} number {args.only or number}: {'; '.join(wrong[:3])}", flush=True)
    slow.sort(key=lambda row: -row.microseconds)
    for label, value in (
        ("documents", args.runs if args.only is None else 1),
        ("characters", characters),
        ("documents that failed", failed),
        ("seconds", f"{time.perf_counter() - begin:.0f}"),
    ):
        print(f"{label:32s} {value}")
    for row in slow[:10]:
        text = Maker(f"{args.seed}:{row.number}", real).document()
        steep = steepness(text[:20000])
        mark = "  grows faster than its length" if steep > _STEEP else ""
        told = f"{row.characters} characters, {row.microseconds:.0f} µs each, x{steep:.1f}{mark}"
        print(f"slow: number {row.number}, {told}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
