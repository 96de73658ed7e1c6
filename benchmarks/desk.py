"""The operator's desk: ``python -m benchmarks.desk [--shared DIR] [--five STORE] [--all STORE] [--keys N]``.

Two tables. How often the first row, and one of the first three, is a clause that the reference
questions (and our own set of calls) expect: for the plain search and for the list of the desk, asked as
they are and cut to three and to two keywords. And milliseconds from a key to the list in a real browser.
"""

import argparse
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

from benchmarks.answers import questions
from benchmarks.facts import missing, options, stores, table
from qa.library import Library
from qa.text import tagged

Key = tuple[str, str]
Finder = Callable[[str, date], list[Key]]
SETS = ("gold", "hotline")
_ROWS = 10
_SPEECH = ("n", "v", "j", "l", "i", "a", "x", "e")  # words that say something of a topic
_ASKED = re.compile("多少|几|哪|什么|怎么|如何|是否|能不能|有没有|请问|可以|现在|单位|部门|文件|政策|规定")


def keywords(question: str, places: Sequence[str], count: int) -> str:
    """Cut a question down to `count` words in its own order: the place first, then its longest words."""
    named = next((place[:2] for place in places if place[:2] in question), "")
    rest = question.replace(named, " ") if named else question
    words = [w for w, tag in tagged(rest) if len(w) > 1 and tag.startswith(_SPEECH) and not _ASKED.search(w)]
    words = list(dict.fromkeys(words))
    longest = sorted(words, key=lambda word: -len(word))[: count - bool(named)]
    return " ".join([named, *(word for word in words if word in longest)]).strip()


def hits(rows: Sequence[dict[str, Any]], find: Finder, cut: Callable[[str], str]) -> tuple[int, int, int]:
    """Return for how many questions the first row, one of three, one of all is an expected clause."""
    first = three = any_row = 0
    for row in rows:
        expected = {tuple(pair) for pair in row["expect"]["clauses"]}
        keys = find(cut(row["question"]), date.fromisoformat(row["as_of"]))
        first += keys[:1] != [] and keys[0] in expected
        three += not expected.isdisjoint(keys[:3])
        any_row += not expected.isdisjoint(keys)
    return first, three, any_row


def found(library: Library, shared: Any, label: str) -> Iterator[list[str]]:
    """Yield the rows of the first table for one store."""
    places = [name for name in library.jurisdictions() if name]

    def searched(text: str, as_of: date) -> list[Key]:
        return [(hit.source, hit.locator) for hit in library.search(text, limit=_ROWS)]

    def looked_up(text: str, as_of: date) -> list[Key]:
        return [row.key for row in library.look_up(text, as_of=as_of, limit=_ROWS).rows]

    cuts: dict[str, Callable[[str], str]] = {
        "whole": lambda text: text,
        "three": lambda text: keywords(text, places, 3),
        "two": lambda text: keywords(text, places, 2),
    }
    for name in SETS:
        rows = [r for r in questions(shared, name) if r["expect"]["clauses"] and not r["context"]]
        for kind, cut in cuts.items():
            for way, find in (("search", searched), ("desk", looked_up)):
                got = hits(rows, find, cut)
                yield [label, name, kind, way, str(len(rows)), *(f"{100 * n / len(rows):.1f}" for n in got)]
