"""Fit and check the weights of ranking and abstention.

    python -m benchmarks.ranking --store FIVE --store ALL [--fit]

Reads our own question sets (benchmarks/questions), never the gold set. Ranking weights: listwise
softmax over the proposed clauses of each question. Abstention: logistic regression, answerable
questions against made-up ones that no document answers. The figures printed are held out: the
questions are cut into five folds by the checksum of their name, a question and what is made of it in
one fold in every store, and each fold is judged by weights fitted on the other four. The weights that
--fit writes are then fitted on all of them. Give two stores: one with the five reference policies, one
with the national documents as well, so that the weights hold for small and larger stores.
"""

import argparse
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np

from benchmarks.questions.refuse import rows as refusals
from data import path
from qa import conversation
from qa.lexicon import lexicon
from qa.library import Library
from qa.question import Question
from qa.retrieve import Candidate
from qa.support import Gaps, gaps
from qa.weights import weights

SETS = ("county", "hotline", "street", "street2", "national")
FOLDS = 5
FEATURES = (
    "lexical",
    "dense",
    "inner",
    "coverage",
    "sentence",
    "heading",
    "context",
    "titled",
    "value",
    "figure",
)
SUPPORT = (
    "figure",
    "dense",
    "inner",
    "coverage",
    "sentence",
    "heading",
    "context",
    "value",
    "absent",
    "unknown",
    "lead",
)


@dataclass(frozen=True, slots=True)
class Case:
    """A question with its proposed clauses' features and which of them are right."""

    features: np.ndarray
    right: np.ndarray
    gaps: Gaps
    answerable: bool
    repeats: np.ndarray  # which clauses say the same as the one found first
    fold: int  # a question and what is made of it fall into the same fold in every store


def questions() -> Iterator[tuple[dict[str, Any], bool]]:
    """Yield question rows and whether they can be answered."""
    for name in SETS:
        for line in (Path(__file__).parent / "questions" / f"{name}.jsonl").read_text("utf-8").splitlines():
            row = json.loads(line)
            if row["kind"] in ("list_by_unit", "count", "compare", "ambiguous", "validity"):
                continue
            yield row, row["expect"]["status"] != "no_basis"
    for row in refusals():
        if row["kind"] in ("foreign_topic", "nonsense"):
            yield dict(row), False
    yield from ((row, False) for row in elsewhere())


def elsewhere() -> Iterator[dict[str, Any]]:
    """Ask one place's questions of places whose only document is about other things.

    The notices of Zhanhe and Lushan treat rents, taxes, jobs and small firms' growth; the other
    three documents treat specialised firms alone. Topics that both take up are left out.
    """
    shared_topics = (
        "正文/三",
        "附件1/五",
        "附件1/四",
        "附件2/四/（七）",
        "附件2/四/（四）",
        "附件2/四/（九）",
        "附件3",
    )
    for line in (Path(__file__).parent / "questions" / "county.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        clauses = row["expect"]["clauses"]
        if (
            row["context"]
            or row["kind"] in ("list_by_unit", "count", "compare", "ambiguous", "eligibility")
            or not clauses
        ):
            continue
        if any(s not in ("zhanhe", "lushan") or loc.startswith(shared_topics) for s, loc in clauses):
            continue
        for other in ("洛阳", "上街", "示范区"):
            asked = re.sub("(鲁山县?|湛河区?)", other, row["question"])
            if asked != row["question"]:
                yield row | {"question": asked}


def cases(library: Library) -> list[Case]:
    """Compute the features of every question's proposed clauses."""
    opened = library._opened
    made = []
    for row, answerable in questions():
        day = date.fromisoformat(row["as_of"]) if row.get("as_of") else None
        turn = conversation.resolve(
            opened.reader, row["question"], row["context"], as_of=day, jurisdiction=None
        )
        found = opened.retriever.find(
            turn.question, jurisdictions=turn.question.jurisdictions or None, limit=60
        )
        if not found or not turn.question.terms:
            continue
        wanted = {(s, loc) for s, loc in row["expect"]["clauses"]} if answerable else set()
        right = np.array([candidate.key in wanted for candidate in found], dtype=float)
        if answerable and not right.any():
            continue
        features = np.array([[getattr(c.features, name) for name in FEATURES] for c in found])
        made.append(
            Case(
                features,
                right,
                _gaps(library, turn.question, found),
                answerable,
                np.array([c.repeats(found[0]) for c in found]),
                crc32(row["id"].encode()) % FOLDS,
            )
        )
    return made


def _gaps(library: Library, question: Question, found: list[Candidate]) -> Gaps:
    rarity = {term: library._opened.retriever.rarity(term) for term in question.terms}
    return gaps(question, found[:20], rarity, lexicon())


def fit_ranking(
    train: list[Case], rounds: int = 3000, rate: float = 0.05, decay: float = 0.002
) -> np.ndarray:
    """Return the weights that raise the right clauses above the others (softmax, non-negative)."""
    w = np.array([weights().ranking.get(name, 0.1) for name in FEATURES]) * 4
    size = max(len(case.features) for case in train)
    features = np.zeros((len(train), size, len(FEATURES)))
    right, there = np.zeros((len(train), size)), np.zeros((len(train), size), dtype=bool)
    for i, case in enumerate(train):
        features[i, : len(case.features)] = case.features
        right[i, : len(case.right)] = case.right
        there[i, : len(case.features)] = True
    for _ in range(rounds):
        scores = np.where(there, features @ w, -np.inf)
        p = np.exp(scores - scores.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        target = p * right
        target /= np.maximum(target.sum(axis=1, keepdims=True), 1e-12)
        gradient = decay * w + np.tensordot(p - target, features, axes=([0, 1], [0, 1])) / len(train)
        w = np.maximum(w - rate * gradient, 0.0)
    return w


def fit_support(train: list[Case], w: np.ndarray, rounds: int = 8000, rate: float = 0.3) -> np.ndarray:
    """Return logistic coefficients and intercept over the best clause's features."""
    rows, labels = support_rows(train, w)
    balance = np.where(labels > 0, 0.5 / labels.mean(), 0.5 / (1 - labels.mean()))
    theta = np.zeros(rows.shape[1])
    for _ in range(rounds):
        p = 1 / (1 + np.exp(-rows @ theta))
        gradient = rows.T @ (balance * (p - labels)) / len(rows)
        gradient[:-1] += 0.002 * theta[:-1]
        theta -= rate * gradient
    return theta


def support_rows(given: list[Case], w: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return feature rows of the top clause of each case, with its label."""
    rows, labels = [], []
    for case in given:
        best = case.features[int(np.argmax(case.features @ w))]
        values = dict(zip(FEATURES, best, strict=True)) | {
            "absent": case.gaps.absent,
            "unknown": case.gaps.unknown,
            "lead": _lead(case, w),
        }
        rows.append([values[name] for name in SUPPORT] + [1.0])
        labels.append(float(case.answerable))
    return np.array(rows), np.array(labels)


def _lead(case: Case, w: np.ndarray) -> float:
    """Return how far the best clause is ahead, as `qa.support.gaps` measures it."""
    scores = case.features @ (w / w.max())
    top = int(np.argmax(scores))
    others = np.delete(scores, np.flatnonzero(case.repeats) if top == 0 else [])
    others = np.sort(others)[::-1]
    return float(min(1.0, others[0] - others[1])) if len(others) > 1 else 1.0


@dataclass(slots=True)
class Outcome:
    """How cases were judged: `first` for answerable ones, probability and label of all."""

    first: list[bool]
    p: list[float]
    labels: list[float]


def judge(given: list[Case], w: np.ndarray, theta: np.ndarray) -> Outcome:
    """Judge cases by weights."""
    first = [bool(c.right[int(np.argmax(c.features @ w))]) for c in given if c.answerable]
    rows, labels = support_rows(given, w)
    return Outcome(first, list(1 / (1 + np.exp(-rows @ theta))), list(labels))


def held_out(given: list[Case]) -> Outcome:
    """Judge each fold by weights fitted on the other folds."""
    told = Outcome([], [], [])
    for fold in range(FOLDS):
        train = [c for c in given if c.fold != fold]
        w = fit_ranking([c for c in train if c.answerable])
        one = judge([c for c in given if c.fold == fold], w, fit_support(train, w))
        told.first += one.first
        told.p += one.p
        told.labels += one.labels
    return told


def report(told: Outcome, name: str) -> None:
    """Print how often a right clause comes first, how answerable questions are told apart, the curve."""
    p, labels = np.array(told.p), np.array(told.labels)
    print(f"{name}: {len(told.first)} answerable, right clause first {100 * np.mean(told.first):.1f} %")
    for threshold in (0.2, 0.3, 0.4, 0.5, 0.6, 0.7):
        kept, refused = np.mean(p[labels > 0] >= threshold), np.mean(p[labels == 0] < threshold)
        print(
            f"  threshold {threshold}: answered {100 * kept:.1f} % of answerable, "
            f"refused {100 * refused:.1f} % of others"
        )
    for low in np.arange(0.0, 1.0, 0.1):
        inside = (p >= low) & (p < low + 0.1)
        if inside.any():
            print(
                f"  said {low:.1f}–{low + 0.1:.1f}: {inside.sum()} questions, "
                f"answerable {100 * labels[inside].mean():.0f} %"
            )


def main() -> None:
    """Run as a command."""
    parser = argparse.ArgumentParser(description="Fit and check the weights of ranking and abstention.")
    parser.add_argument(
        "--store", type=Path, required=True, action="append", help="may be given more than once"
    )
    parser.add_argument("--fit", action="store_true", help="write data/ranking.toml")
    args = parser.parse_args()
    given = [case for store in args.store for case in cases(Library.open(store))]
    w = np.array([weights().ranking.get(n, 0.1) for n in FEATURES])
    theta = np.array([weights().support.get(n, 0.0) for n in SUPPORT] + [weights().intercept])
    report(judge(given, w, theta), "weights in use, on what they were fitted on")
    report(held_out(given), f"held out, {FOLDS} folds")
    if args.fit:
        w = fit_ranking([c for c in given if c.answerable])
        write(w, fit_support(given, w))


def write(w: np.ndarray, theta: np.ndarray) -> None:
    """Write the weights; ranking is scaled so that the largest weight is 1."""
    lines = [
        "# Fitted by `python -m benchmarks.ranking --fit` on benchmarks/questions; not to be edited by hand.",
        "",
        "[ranking]",
    ]
    lines += [f"{name} = {value:.4f}" for name, value in zip(FEATURES, w / w.max(), strict=True)]
    lines += ["", "[support]"]
    lines += [f"{name} = {value:.4f}" for name, value in zip((*SUPPORT, "intercept"), theta, strict=True)]
    lines += [f"threshold = {weights().threshold}"]
    path("ranking.toml").write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
