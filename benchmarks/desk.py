"""The operator's desk: ``python -m benchmarks.desk [--five STORE] [--all STORE] [--keys N]``.

Two tables. How often the first row, one of the first three, and any row of the list is a clause that the
questions expect (the reference set, our own set of calls): for the plain search and for the list of the
desk; the questions whole, and cut to three and two keywords by a rule that does not look at the index.
And milliseconds from a key to the painted list, in a real browser over all documents.
"""

import functools
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from benchmarks.answers import quantile, questions
from benchmarks.facts import missing, options, stores, table
from qa.library import Library
from qa.text import tagged
from tests.browsing import FLAGS, WIDE, chromium
from tests.served import served

Key = tuple[str, str]
Finder = Callable[[str, date], list[Key]]
SETS = ("gold", "hotline")
_ROWS = 10
_BETWEEN = 180  # milliseconds between keys: so long that each key gets its list
_WATCH = """() => {
  const field = document.querySelector("#desk-q"), list = document.querySelector("#desk-list");
  let at = 0;
  window.spent = [];
  field.addEventListener("input", () => { at = performance.now(); }, true);
  new MutationObserver(() => requestAnimationFrame(() => {
    if (at) window.spent.push(performance.now() - at);
    at = 0;
  })).observe(list, { childList: true });
}"""
_SPEECH = ("n", "v", "j", "l", "i", "a", "x", "e")  # words that say something of a topic
_ASKED = re.compile("多少|几|哪|什么|怎么|如何|是否|能不能|有没有|请问|可以|现在|单位|部门|文件|政策|规定")


def telling(text: str) -> list[str]:
    """Return the words of a question that say something of its topic, each once."""
    found = [w for w, tag in tagged(text) if len(w) > 1 and tag.startswith(_SPEECH) and not _ASKED.search(w)]
    return list(dict.fromkeys(found))


def keywords(question: str, places: Sequence[str], spread: Counter[str], count: int) -> str:
    """Cut a question down to `count` words in its own order: the place first, then the least common words.

    `spread` counts in how many questions of the set a word is used; of two as rare the longer one is kept.
    """
    named = next((form for place in places for form in (place, place[:2]) if form in question), "")
    words = telling(question.replace(named, " ") if named else question)
    kept = sorted(words, key=lambda word: (spread[word], -len(word)))[: count - bool(named)]
    return " ".join([named, *(word for word in words if word in kept)]).strip()


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


def found(library: Library, shared: Path, label: str) -> Iterator[list[str]]:
    """Yield the rows of the first table for one store."""
    places = [name for name in library.jurisdictions() if name]

    def searched(text: str, as_of: date) -> list[Key]:  # noqa: ARG001  a search knows no day
        return [(hit.source, hit.locator) for hit in library.search(text, limit=_ROWS)]

    def looked_up(text: str, as_of: date) -> list[Key]:
        return [row.key for row in library.look_up(text, as_of=as_of, limit=_ROWS).rows]

    for name in SETS:
        rows = [r for r in questions(shared, name) if r["expect"]["clauses"] and not r["context"]]
        spread = Counter(word for row in rows for word in telling(row["question"]))
        cuts: dict[str, Callable[[str], str]] = {
            "whole": lambda text: text,
            "three": functools.partial(keywords, places=places, spread=spread, count=3),
            "two": functools.partial(keywords, places=places, spread=spread, count=2),
        }
        for kind, cut in cuts.items():
            for way, find in (("search", searched), ("desk", looked_up)):
                got = hits(rows, find, cut)
                yield [label, name, kind, way, str(len(rows)), *(f"{100 * n / len(rows):.1f}" for n in got)]


def typed(store: Path, texts: Sequence[str], keys: int) -> list[float]:
    """Type `texts` into the desk of a service over `store`; return milliseconds from each key to its list."""
    with (
        served("ui.cli", "serve", "--port", "0", "--store", str(store)) as address,
        sync_playwright() as play,
    ):
        browser = play.chromium.launch(executable_path=chromium(), args=FLAGS)
        page = browser.new_page(viewport=WIDE, locale="zh-CN")
        page.goto(f"{address}/desk")
        page.locator("#desk-q").fill("预热")
        page.locator("#desk-list > li").first.wait_for()
        page.evaluate(_WATCH)
        for text in texts:
            page.locator("#desk-q").press("Control+a")
            for char in text[:keys]:
                page.keyboard.insert_text(char)
                page.wait_for_timeout(_BETWEEN)
            keys = max(0, keys - len(text))
        spent: list[float] = page.evaluate("window.spent")
        browser.close()
    return spent


def main(arguments: list[str] | None = None) -> int:
    """Run as a command."""
    parser = options(__doc__)
    parser.add_argument("--five", type=Path, help="a store with the five policies, instead of a new one")
    parser.add_argument("--all", type=Path, help="a store with the national documents as well")
    parser.add_argument("--keys", type=int, default=300, metavar="N", help="how many keys are typed")
    args = parser.parse_args(arguments)
    if missing(args.shared):
        return 1
    with stores(args.shared, {"five": args.five, "all": args.all}) as lent:
        rows = [row for name, path in lent.items() for row in found(Library.open(path), args.shared, name)]
        print(
            table(
                ("Store", "Set", "Text", "Way", "Questions", "First row %", "First three %", "List %"), rows
            )
        )
        asked = [row["question"] for row in questions(args.shared, "gold") if row["user"] == "operator"]
        spent = typed(lent["all"], asked, args.keys)
    print()
    told = [f"{quantile(spent, share):.0f}" for share in (0.5, 0.95)]
    print(table(("Key to list", "Keys", "p50 ms", "p95 ms", "Max ms"),
                [("all", len(spent), *told, f"{max(spent):.0f}")]))  # fmt: skip
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
