"""Slips planted in sound documents, and how many are told: ``python -m benchmarks.slips [--rounds 3]``.

Each slip goes alone into a document, at a place drawn by lot; it is told when the document has a finding
that it did not have before. The documents are the invented ones of the tests and the five policies. The
rules were made with slips of these kinds in view: this shows where they fail, not how they fare on slips
that nobody thought of.
"""

import argparse
import random
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from graph.extract import extract
from graph.findings.report import findings
from ingest import parse
from ingest.model import RawDocument

SHARED = Path(__file__).resolve().parents[2] / "shared"
MADE = Path(__file__).resolve().parents[1] / "tests" / "made_policies"

# What is looked for in a text, and what is put in its place.
Slip = tuple[str, Callable[[re.Match[str]], str]]
SLIPS: dict[str, Slip] = {
    "a day that does not exist": (r"\d{1,2}月\d{1,2}日", lambda _: "2月31日"),
    "a period turned round": (r"自?20\d\d年\d{1,2}月\d{1,2}日至20\d\d年", lambda m: m[0][:-5] + "2001年"),
    "a letter in a number": (r"(?<=[^\d.])[1-9]0+(?=万元)", lambda m: m[0].replace("0", "O", 1)),
    "bounds turned round": (r"(?<=[^\d.])\d+(?=万元)", lambda m: f"{int(m[0]) + 5}万元至{m[0]}"),
    "a mark left from a template": (r"(?<=。)对", lambda _: "由XX局对"),
    "words twice": (r"[\u4e00-\u9fff]{6}", lambda m: m[0] * 2),
    "a closing mark lost": (r"[》）](?=[\u4e00-\u9fff])", lambda _: ""),
    "a number of a clause lost": (r"(?m)^[三四五六]、", lambda _: ""),
    "a number of a clause wrong": (r"(?m)^四、", lambda _: "六、"),
    "an article that is not there": (r"(?<=。)鼓励", lambda _: "依照本办法第九十九条，鼓励"),
    "a unit misspelt": (r"工业和信息化局", lambda _: "工业和信急化局"),
    "two units run together": (r"(?<=局)、(?=[县区市][\u4e00-\u9fff]{2,8}局)", lambda _: ""),
    "another place's unit": (r"(?<=[：、])[县区]财政局", lambda _: "市生态环境局漠河分局"),
    "words and digits apart": (r"(?<=[^\d.])\d+万元", lambda _: "伍万元（60000元）"),
}


def texts(shared: Path) -> Iterator[str]:
    """Yield the sound documents: invented ones and the five policies."""
    for path in sorted([*MADE.rglob("*.policy"), *MADE.glob("*.txt"), *(shared / "corpus").glob("*.txt")]):
        yield path.read_text("utf-8")


def told(text: str) -> dict[tuple[str, str], int]:
    """Return the findings of a text by rule and message, with their places."""
    record = extract(parse(RawDocument(text, "0" * 64, "slip")))
    found = findings(record, in_store=False)
    return {(f.rule, f.message): f.span.start if f.span else 0 for f in found}


def main(arguments: list[str]) -> int:
    """Print how many slips of each kind were told."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--rounds", type=int, default=3, help="places tried in each document")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--missed", action="store_true", help="print what was missed")
    args = parser.parse_args(arguments)
    dice, sound = random.Random(args.seed), list(texts(args.shared))
    before = [told(text).keys() for text in sound]
    print("| slip | planted | told |", "|---|--:|--:|", sep="\n")
    for name, (pattern, slip) in SLIPS.items():
        planted = found = 0
        for text, known in zip(sound, before, strict=True):
            places = list(re.finditer(pattern, text))
            for match in dice.sample(places, min(args.rounds, len(places))):
                wrong = text[: match.start()] + slip(match) + text[match.end() :]
                fresh = told(wrong).keys() - known
                planted += 1
                found += bool(fresh)
                if args.missed and not fresh:
                    print(f"missed: {name}: {wrong[max(0, match.start() - 20) : match.end() + 20]!r}")
        print(f"| {name} | {planted} | {found} |")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
