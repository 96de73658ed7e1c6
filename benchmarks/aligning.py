"""How rightly clauses are paired: ``python -m benchmarks.aligning [--shared DIR] [--store DIR] [--fit]``.

Pairs labelled by hand (tests/aligned_pairs.tsv): half for tuning the weights of data/aligning.toml, half
held out. ``--fit`` fits the weights to the first half and writes them. The time is that of two invented
documents of 200 clauses each, indexing left out.
"""

import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.facts import missing, options, table
from data import path
from graph.storage.store import Store
from qa.aligning.align import sides
from qa.aligning.likeness import SIGNS, Weights, likeness, signs, weights
from qa.aligning.matching import groups
from qa.aligning.pieces import Side
from qa.aligning.sheet import compared
from ui.intake import ingest

LABELS = Path(__file__).resolve().parent.parent / "tests" / "aligned_pairs.tsv"
KEPT = 0.005  # ridge: few labels, and signs that say nearly the same


@dataclass(frozen=True, slots=True)
class Label:
    """What a reader said: this clause of one document and its partners in the other."""

    use: str
    one: str
    locator: str
    other: str
    partners: frozenset[str]


def labels() -> list[Label]:
    """Return the labelled clauses."""
    rows = [line.split("\t") for line in LABELS.read_text("utf-8").splitlines() if line[:1] != "#"]
    return [
        Label(use, one, at, other, frozenset(partners.split()) - {"-"})
        for use, one, at, other, partners in rows
    ]


def judged(label: Label, opened: dict[str, Side], threshold: float | None = None) -> tuple[int, int, int]:
    """Return how many partners were found rightly, found wrongly, and missed."""
    one, other = opened[label.one], opened[label.other]
    least = weights().threshold if threshold is None else threshold
    found = {
        other.pieces[j].locator
        for group in groups(likeness(one, other), least)
        if any(one.pieces[i].locator == label.locator for i in group.one)
        for j in group.other
    }
    right = len(found & label.partners)
    return right, len(found) - right, len(label.partners) - right


def examples(use: str, opened: dict[str, Side], given: Weights | None) -> tuple[NDArray[np.float64], ...]:
    """Return signs and truth of each labelled clause with every clause of the other document."""
    rows, truth = [], []
    for label in labels():
        if label.use != use:
            continue
        one, other = opened[label.one], opened[label.other]
        at = [piece.locator for piece in one.pieces].index(label.locator)
        rows.append(signs(one, other, given)[at])
        truth += [float(piece.locator in label.partners) for piece in other.pieces]
    return np.concatenate(rows), np.array(truth)


def fit(opened: dict[str, Side]) -> Weights:
    """Fit the weights by logistic regression (Newton's method), first without `beside`, then with it."""
    given: Weights | None = None
    for _ in range(3):
        found, truth = examples("tuning", opened, given)
        inputs = np.column_stack([found, np.ones(len(found))])
        ridge = KEPT * len(found) / 100 * np.diag([1.0] * len(SIGNS) + [0.0])
        told = np.zeros(inputs.shape[1])
        for _ in range(50):
            chance = 1 / (1 + np.exp(-inputs @ told))
            slope = inputs.T @ (truth - chance) - ridge @ told
            told = told + np.linalg.solve((inputs.T * (chance * (1 - chance))) @ inputs + ridge, slope)
        given = Weights(tuple(told[:-1].tolist()), float(told[-1]), 0.2)
    assert given is not None
    return given


def written(given: Weights) -> str:
    """Return the weights as the file that holds them."""
    lines = [f"{name} = {value:.3f}" for name, value in zip(SIGNS, given.signs, strict=True)]
    return "\n".join(
        [
            "# Fitted to half of tests/aligned_pairs.tsv by `python -m benchmarks.aligning --fit`.",
            "# Signs: qa/aligning/likeness.py. From `threshold` on two clauses are told as one measure.",
            f"constant = {given.constant:.3f}",
            f"threshold = {given.threshold}",
            "",
            "[signs]",
            *lines,
            "",
        ]
    )


def shares(use: str, opened: dict[str, Side], threshold: float | None = None) -> tuple[str, ...]:
    """Return a row of the table: pairs, precision, recall, clauses rightly told as without partner."""
    mine = [label for label in labels() if label.use == use]
    told = [judged(label, opened, threshold) for label in mine]
    right, wrong, missed = (sum(row[at] for row in told) for at in range(3))
    alone = [row for label, row in zip(mine, told, strict=True) if not label.partners]
    return (
        str(len(mine)),
        str(right + missed),
        f"{100 * right / max(1, right + wrong):.1f} %",
        f"{100 * right / max(1, right + missed):.1f} %",
        f"{sum(row[1] == 0 for row in alone)} of {len(alone)}",
    )


def invented(place: str, step: int) -> Iterator[str]:
    """Yield the lines of an invented notice of 200 clauses; `step` changes every so many figures."""
    goods = ("茶叶", "竹木", "陶瓷", "蜂蜜", "柑橘", "丝绸", "药材", "水产", "家具", "灯具")
    deeds = ("种植", "加工", "冷藏", "运输", "展销", "出口", "检测", "设计", "认证", "培训")
    yield f"{place}人民政府办公室关于扶持特色产业的通知"
    yield ""
    for n in range(200):
        what, deed = goods[n % 10], deeds[n // 10 % 10]
        sum_of = 5 + n % 7 + (n % step == 0)
        yield f"第{n + 1}条 对从事{what}{deed}的第{n // 100 + 1}批经营主体，年度投入达到{20 + n}万元的，"
        yield f"由财政给予{sum_of}万元补助，{what}协会协助核实{deed}情况，每年{n % 12 + 1}月底前公布结果。"


def seconds(folder: Path) -> float:
    """Return how long the comparison of two documents of 200 clauses takes."""
    store = folder / "long"
    for name, place, step in (("a", "甲山县", 3), ("b", "乙水县", 5)):
        (folder / f"{name}.txt").write_text("\n".join(invented(place, step)), "utf-8")
    ingest([folder / "a.txt", folder / "b.txt"], store)
    generation = Store.open(store).generation
    assert generation is not None
    times = []
    for _ in range(3):
        began = time.perf_counter()
        found = compared(generation, ("a", "b"))
        times.append(time.perf_counter() - began)
        assert len(found.rows) >= 200, len(found.rows)
    return min(times)


def main(arguments: list[str] | None = None) -> int:
    """Run as a command; exit status 1 when the held-out half is paired worse than 85 %."""
    parser = options(__doc__)
    parser.add_argument("--store", type=Path, metavar="DIR", help="a store of the five policies, ready-made")
    parser.add_argument("--fit", action="store_true", help="fit the weights and write them")
    args = parser.parse_args(arguments)
    if missing(args.shared):
        return 1
    with tempfile.TemporaryDirectory() as folder:
        store = args.store or Path(folder) / "store"
        if args.store is None:
            ingest([args.shared / "corpus"], store)
        generation = Store.open(store).generation
        assert generation is not None
        named = tuple(dict.fromkeys(name for label in labels() for name in (label.one, label.other)))
        opened = dict(zip(named, sides(generation, named), strict=True))
        if args.fit:
            path("aligning.toml").write_text(written(fit(opened)), "utf-8")
            weights.cache_clear()
        rows = [(use, *shares(use, opened)) for use in ("tuning", "held")]
        head = ("half", "clauses", "pairs", "precision", "recall", "without partner, told so")
        print(table(head, rows))
        print(f"Two documents of 200 clauses are compared in {seconds(Path(folder)):.2f} s.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
