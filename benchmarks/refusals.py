"""What is answered that must not be: ``python -m benchmarks.refusals [--worst 20]``.

Asks the 500 made-up questions of `benchmarks.questions.refuse` of a store with the five policies and
the national documents, and counts by family: what status the answers have, how many give any figure,
how many affirm a figure that they must not, and how many leave a false figure of the question standing.
``--worst N`` lists offending answers, the worst first.
"""

import re
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.answers import asked
from benchmarks.facts import missing, options, stores, table
from benchmarks.questions.refuse import Row, rows
from qa.library import Library
from qa.model import Answer
from qa.text import plain

STATUSES = ("no_basis", "no_figure", "clarify", "answered")
FAULTS = ("affirmed", "figure", "uncorrected", "answered")  # worst first
_UNIT = "元|家|户|人|个|年|月|日|天|分|岁|级|平方米|公里|毫升|分贝|条|项|次|倍"
_FIGURE = re.compile(
    rf"\d+(?:\.\d+)?(?:[%‰]|[万亿]?(?:{_UNIT}))|[一二三四五六七八九十百千两]+(?:万?元|年|个月|天)"
)
_DENIAL = re.compile(
    "不是|并非|并不是|不为|没有|未写明|未规定|未提到|不符|不一致|有误|不对|不正确|查不到|找不到"
)
_SENTENCE = re.compile(r"[^。；;！？!?\n]+")


@dataclass(frozen=True, slots=True)
class Judged:
    """One answer and what is wrong with it; `faults` is empty when nothing is."""

    row: Row
    status: str
    text: str
    cited: tuple[tuple[str, str], ...]
    faults: tuple[str, ...]
    has_figure: bool


def names(text: str, figure: str) -> bool:
    """Tell whether `figure` stands in `text`, not as the end of a longer number."""
    return bool(re.search(rf"(?<![\d.]){re.escape(plain(figure))}", plain(text)))


def affirmed(answer: Answer, forbidden: Iterable[str]) -> bool:
    """Tell whether a sentence of the answer says a forbidden figure without denying it."""
    for sentence in _SENTENCE.findall(answer.answer):
        if not _DENIAL.search(sentence) and any(names(sentence, figure) for figure in forbidden):
            return True
    return False


def denies(answer: Answer) -> bool:
    """Tell whether the answer denies anything in its own words, quotations apart."""
    quoted = plain("\n".join(citation.quote for citation in answer.citations))
    own = (s for s in _SENTENCE.findall(answer.answer) if plain(s.rpartition("：")[2]) not in quoted)
    return any(_DENIAL.search(sentence) for sentence in own)


def judge(row: Row, answer: Answer) -> Judged:
    """Say what is wrong with the answer to a question that no document answers as it is asked.

    A false premise may be answered, with the right figure, if the answer says that the premise is false.
    """
    said = [figure for figure in _FIGURE.findall(plain(answer.answer)) if not names(row["question"], figure)]
    given = answer.status == "answered" and bool(said)
    faults = []
    if answer.status != "no_basis" and affirmed(answer, row["forbid"]):
        faults.append("affirmed")
    if row["kind"] == "false_premise":
        if answer.status == "answered" and not denies(answer):
            faults.append("uncorrected")
    elif given:
        faults.append("figure")
    elif answer.status == "answered":
        faults.append("answered")
    cited = tuple((c.source, c.locator) for c in answer.citations[:2])
    return Judged(row, answer.status, answer.answer, cited, tuple(faults), given)


def measure(library: Library) -> list[Judged]:
    """Ask all rows and judge the answers."""
    return [judge(row, asked(library, dict(row))[0]) for row in rows()]


def told(judged: list[Judged]) -> str:
    """Return the table, a line a family and one for all."""
    lines = []
    for kind in (*dict.fromkeys(each.row["kind"] for each in judged), "all"):
        of = [each for each in judged if kind in (each.row["kind"], "all")]
        status = Counter(each.status for each in of)
        faults = Counter(fault for each in of for fault in each.faults)
        lines.append(
            (
                kind,
                len(of),
                *(status[name] for name in STATUSES),
                sum(each.has_figure for each in of),
                faults["affirmed"],
                faults["uncorrected"],
                faults["figure"],
                f"{100 * sum(bool({'affirmed', 'figure'} & set(e.faults)) for e in of) / len(of):.1f} %",
            )
        )
    head = ("family", "asked", *STATUSES, "answered with a figure", "forbidden figure affirmed")
    return table((*head, "premise left standing", "figure where none is right", "wrong figure"), lines)


def main(arguments: list[str] | None = None) -> int:
    """Run as a command."""
    parser = options(__doc__)
    parser.add_argument("--all", type=Path, help="a store with the five policies and the national documents")
    parser.add_argument("--worst", type=int, default=0, metavar="N", help="list N offending answers")
    args = parser.parse_args(arguments)
    if missing(args.shared):
        return 1
    with stores(args.shared, {"all": args.all}) as lent:
        judged = measure(Library.open(lent["all"]))
    print(told(judged))
    wrong = [each for each in judged if each.faults]
    wrong.sort(key=lambda each: min(FAULTS.index(fault) for fault in each.faults))
    for each in wrong[: args.worst]:
        text = each.text.replace("\n", " / ")[:160]
        cited = ", ".join(f"{source} {locator}" for source, locator in each.cited)
        print(
            f"{each.row['id']} {', '.join(each.faults)}: {each.row['question']}\n    {cited}: {text}",
            file=sys.stderr,
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
