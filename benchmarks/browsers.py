"""How the chat does under real browsers: ``python -m benchmarks.browsers [--windows 20] [--questions 5]``.

Opens windows of Chromium on the chat and lets all ask at once, each its questions of the gold set one after
the other, as fast as answers come; before, each question is asked once over the API, as benchmarks.load does
(``--cold``: not). A question is timed in the page, from the press to the card; the request apart, from the
browser's own record of it. First loads are of windows without a cache, one by one before the crowd. Stops by
itself after ``--limit`` seconds. Chromium runs on the same cores as the service: ``--aside 10`` lets it stand
back (its niceness), which comes nearer to browsers on machines of their own.
"""

import asyncio
import json
import os
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from playwright.async_api import Browser, BrowserContext, Error, Page, async_playwright

from benchmarks.facts import missing, options, stores, table
from benchmarks.serving import Running, running
from tests.browsing import FLAGS, WIDE, chromium
from tests.served import fetch

_PATIENCE = 30  # seconds that a window waits for one answer
_USABLE = "#zw-box textarea"
_ASK = """(question) => new Promise((done) => {
  const box = document.querySelector("#zw-box textarea");
  const turns = document.querySelector("#zw-turns");
  const before = turns.querySelectorAll(".zw-turn").length;
  box.value = question;
  box.dispatchEvent(new Event("input", { bubbles: true }));
  setTimeout(() => {
    const began = performance.now();
    const watch = new MutationObserver(() => {
      const cards = turns.querySelectorAll(".zw-turn");
      if (cards.length === before) return;
      watch.disconnect();
      const card = cards[cards.length - 1].querySelector(".zw-a");
      done([performance.now() - began, card.dataset.status]);
    });
    watch.observe(turns, { childList: true });
    document.querySelector("#zw-send").click();
  }, 0);
})"""
_SERVER = """() => performance.getEntriesByType("resource")
  .filter((entry) => entry.name.endsWith("/ask/card"))
  .map((entry) => entry.responseEnd - entry.requestStart)"""


@dataclass
class Seen:
    """Milliseconds from the press to the card, and of the request alone; what came to nothing."""

    cards: list[float] = field(default_factory=list)
    server: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


async def load(browser: Browser, address: str) -> tuple[BrowserContext, Page, float]:
    """Open the chat in a window without a cache; return the milliseconds until the box takes words."""
    context = await browser.new_context(viewport=WIDE, locale="zh-CN", reduced_motion="reduce")  # type: ignore[arg-type]
    page = await context.new_page()
    began = time.perf_counter()
    await page.goto(address + "/", wait_until="commit")
    await page.wait_for_selector(_USABLE, timeout=_PATIENCE * 1000)
    spent = (time.perf_counter() - began) * 1000
    await page.wait_for_selector("#zw-turns", state="attached")
    return context, page, spent


async def ask(page: Page, questions: Sequence[str], seen: Seen) -> None:
    """Ask the questions in a window, one after the other."""
    for question in questions:
        try:
            spent, status = await asyncio.wait_for(page.evaluate(_ASK, question), _PATIENCE)
        except (Error, TimeoutError) as error:
            seen.failed.append(f"{question}: {type(error).__name__}")
            return
        (seen.cards.append(spent) if status != "failed" else seen.failed.append(question))
    seen.server.extend(await page.evaluate(_SERVER))


async def crowd(service: Running, questions: Sequence[Sequence[str]], loads: int, limit: float) -> None:
    """Measure first loads one by one, then all windows at once, and print both."""
    address = service.address
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        alone = []
        for _ in range(loads + 1):
            context, _page, spent = await load(browser, address)
            alone.append(spent)
            await context.close()
        opened = [await load(browser, address) for _ in questions]
        seen, began, worked = Seen(), time.perf_counter(), service.worked()
        jobs = [ask(page, own, seen) for (_, page, _), own in zip(opened, questions, strict=True)]
        try:
            await asyncio.wait_for(asyncio.gather(*jobs), limit)
        except TimeoutError:
            seen.failed.append(f"stopped after {limit:.0f} s")
        spent, worked = time.perf_counter() - began, service.worked() - worked
        await browser.close()
    rows = [
        ("first load of the service", 1, f"{alone[0]:.0f}", ""),
        ("first load, one window", loads, *_p(alone[1:])),
        ("question to card", len(seen.cards), *_p(seen.cards)),
        ("of this the request", len(seen.server), *_p(seen.server)),
    ]
    print(table(("ms", "count", "p50", "p95"), rows))
    asked = sum(map(len, questions))
    print(
        f"windows {len(questions)}, answered {len(seen.cards)} of {asked}, failed {len(seen.failed)}", end=""
    )
    print(f", {spent:.1f} s, {len(seen.cards) / spent:.1f} answers a second", end="")
    print(f", the server {1000 * worked / asked:.1f} ms of processor a question")
    for what in seen.failed[:10]:
        print("failed:", what)


def _p(values: list[float]) -> tuple[str, str]:
    if len(values) < 2:
        return "", ""
    cuts = statistics.quantiles(values, n=20, method="inclusive")
    return f"{statistics.median(values):.0f}", f"{cuts[18]:.0f}"


def main(arguments: list[str] | None = None) -> int:
    """Run as a command."""
    parser = options(__doc__)
    parser.add_argument("--five", type=Path, help="a store with the five policies, instead of a new one")
    parser.add_argument("--windows", type=int, default=20)
    parser.add_argument("--questions", type=int, default=5, help="that each window asks")
    parser.add_argument("--loads", type=int, default=5, help="first loads that are measured alone")
    parser.add_argument("--limit", type=float, default=120, help="seconds after which all is stopped")
    parser.add_argument("--cold", action="store_true", help="no question was asked before")
    parser.add_argument("--aside", type=int, default=0, metavar="N", help="niceness of Chromium")
    args = parser.parse_args(arguments)
    if missing(args.shared):
        return 1
    lines = (args.shared / "gold" / "questions.jsonl").read_text("utf-8").splitlines()
    gold = [row["question"] for row in map(json.loads, lines) if not row.get("context")]
    each = [
        [gold[(window * args.questions + number) % len(gold)] for number in range(args.questions)]
        for window in range(args.windows)
    ]
    with stores(args.shared, {"five": args.five}) as lent:
        for name, store in lent.items():
            print(name)
            with running(store, rate="0") as service:
                for question in () if args.cold else dict.fromkeys(gold):
                    fetch(service.address + "/api/v1/ask", data={"question": question})
                os.nice(args.aside)  # what is started from here on
                asyncio.run(crowd(service, each, args.loads, args.limit))
    return 0


if __name__ == "__main__":
    sys.exit(main())
