"""How far confidence can be trusted: ``python -m benchmarks.confidence [--shared DIR] [--seeds N]``.

Noise is put into the five policies: print lines broken, blanks, characters as recognition mistakes them,
other words for roles and offers. The facts read from each are held against the hand-checked ones, and
counted by their confidence. A digit mistaken for another digit leaves no sign and is not among the noise.
"""

import difflib
import json
import random
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from benchmarks.facts import missing, options, table
from graph.extract import extract
from graph.facts import Duty, Quantity
from graph.figures.text import fold
from ingest import parse, read

Gold = dict[tuple[str, str], list[dict[str, object]]]
Noise = Callable[[str, random.Random], str]
STEPS = (0.9, 0.7, 0.5, 0.0)
# Pairs that recognition mistakes: look-alike characters, letters for digits.
ALIKE = dict(
    zip(
        "0015日未己人土县局财政部市区发员企元万千办委业",
        "OolS曰末已入士具居肘攻邪巿巨友贝仝无方干力季亚",
        strict=True,
    )
)
OTHER = (
    ("牵头单位", "主办单位"),
    ("责任单位", "承办单位"),
    ("给予", "发给"),
    ("奖励", "奖赏"),
    ("补贴", "贴补"),
    ("不超过", "不突破"),
    ("最高", "顶格"),
    ("力争", "争取"),
    ("有效期", "管用期"),
)


def broken(text: str, chance: random.Random) -> str:
    """Break lines at the width of a page, wherever that falls in words and numbers."""
    width = chance.randint(20, 42)
    return re.sub(rf"[^\n]{{{width}}}(?=[^\n])", r"\g<0>\n", text)


def blanks(text: str, chance: random.Random) -> str:
    """Put blanks between characters."""
    return "".join(c + " " if c != "\n" and chance.random() < 1 / 60 else c for c in text)


def mistaken(text: str, chance: random.Random) -> str:
    """Mistake characters for look-alikes, drop a few marks."""

    def one(char: str) -> str:
        if char in ALIKE and chance.random() < 0.02:
            return ALIKE[char]
        return "" if char in "，、；（）" and chance.random() < 0.01 else char

    return "".join(map(one, text))


def reworded(text: str, chance: random.Random) -> str:
    """Say roles and offers in other words."""
    for word, other in OTHER:
        text = re.sub(word, lambda m, o=other: o if chance.random() < 0.3 else m.group(), text)  # type: ignore[misc]
    return text


NOISES: dict[str, Noise] = {
    "as printed": lambda text, _: text,
    "lines broken": broken,
    "blanks": blanks,
    "mistaken characters": mistaken,
    "other words": reworded,
    "all of these": lambda text, chance: blanks(
        broken(mistaken(reworded(text, chance), chance), chance), chance
    ),
}


def right_duty(duty: Duty, gold: dict[str, object] | None) -> bool:
    """Tell whether the unit has this role in the checked clause; roles that gold lacks are not judged."""
    return gold is not None and _squeezed(duty.unit) in map(_squeezed, gold[duty.role])  # type: ignore[call-overload]


def right_figure(quantity: Quantity, gold: list[dict[str, object]]) -> bool:
    """Tell whether a checked figure of the clause has this value, unit, role, and about these words."""
    return any(
        str(quantity.value) == str(row["value"])
        and (quantity.unit, quantity.role) == (row["unit"], row["role"])
        and _close(quantity.recipient, row["recipient"]) + _close(quantity.condition, row["condition"]) > 1.2
        for row in gold
    )


def _squeezed(text: object) -> str:
    return re.sub(r"\s", "", fold(str(text)).text)


def _close(one: object, other: object) -> float:
    return difflib.SequenceMatcher(None, _squeezed(one), _squeezed(other), autojunk=False).ratio()


def judged(shared: Path, noise: Noise, seed: int) -> Iterator[tuple[str, float, bool]]:
    """Yield kind, confidence and rightness of every fact of the five policies under a noise."""
    clauses = {(row["source"], row["locator"]): row for row in _rows(shared, "clauses")}
    figures = defaultdict(list)
    for row in _rows(shared, "quantities"):
        figures[row["source"], row["locator"]].append(row)
    for path in sorted((shared / "corpus").glob("*.txt")):
        raw = read(path)
        # A seed of text is the same on every machine.
        record = extract(parse(replace(raw, text=noise(raw.text, random.Random(f"{seed}{path.stem}")))))
        for duty in record.duties:
            if duty.role in ("lead", "responsible"):
                key = (raw.source, duty.evidence.locator)
                yield "duty", duty.confidence, right_duty(duty, clauses.get(key))
        for quantity in record.quantities:
            key = (raw.source, quantity.evidence.locator)
            yield "figure", quantity.confidence, right_figure(quantity, figures.get(key, []))


def _rows(shared: Path, name: str) -> list[dict[str, object]]:
    lines = (shared / "gold" / f"{name}.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def main(arguments: list[str] | None = None) -> int:
    """Run as a command; exit status 1 when facts of 0.9 and more are right less than 95 % of the time."""
    parser = options(__doc__)
    parser.add_argument("--seeds", type=int, default=5, metavar="N", help="noisy copies of each document")
    args = parser.parse_args(arguments)
    if missing(args.shared):
        return 1
    rows, whole = [], Counter[tuple[str, float, bool]]()
    for name, noise in NOISES.items():
        counts = Counter[tuple[str, float, bool]]()
        for seed in range(args.seeds if name != "as printed" else 1):
            for kind, confidence, right in judged(args.shared, noise, seed):
                counts[kind, next(step for step in STEPS if confidence >= step), right] += 1
        whole += counts
        rows += [(f"{name}: {kind}", *_shares(counts, kind)) for kind in ("duty", "figure")]
    rows += [(f"together: {kind}", *_shares(whole, kind)) for kind in ("duty", "figure")]
    print(table(("right of all, by confidence", *(f"from {step}" for step in STEPS)), rows))
    sure = [
        sum(n for (_, step, fine), n in whole.items() if step == 0.9 and fine in of)
        for of in ((True,), (True, False))
    ]
    print(f"As a whole, {100 * sure[0] / sure[1]:.1f} % of the {sure[1]} facts of 0.9 and more are right.")
    return 0 if sure[0] >= 0.95 * sure[1] else 1


def _shares(counts: Counter[tuple[str, float, bool]], kind: str) -> Iterator[str]:
    for step in STEPS:
        right, wrong = counts[kind, step, True], counts[kind, step, False]
        yield f"{100 * right / (right + wrong):.1f} % of {right + wrong}" if right + wrong else "none"


if __name__ == "__main__":
    sys.exit(main())
