"""The command ``check``: what an official should look at in each document, the gravest first."""

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import groupby

from graph.findings.page import GRAVITY
from graph.findings.report import Row, of_generation
from ui import words
from ui.opening import open_generation, settings_of, store_explained
from ui.refusal import Refusal

_LINES = 6  # places of one finding that are listed


def check(args: argparse.Namespace) -> int:
    """Print the findings of one document or of all; notes are counted only, unless they are asked for."""
    with store_explained():
        generation = open_generation(settings_of(args))
        if args.source is not None and args.source not in generation:
            raise Refusal(f"没有文件 {args.source}", "用 zhengwen status 查看已有文件")
        sources = generation.sources if args.source is None else (args.source,)
        rows = list(of_generation(generation, sources))
    if args.json:
        shown = [row for row in rows if GRAVITY[row.severity] <= GRAVITY[args.severity or "note"]]
        print(json.dumps([asdict(row) for row in shown], ensure_ascii=False, indent=1))
        return 0
    print("\n".join(report_lines(rows, GRAVITY[args.severity or "warning"])))
    print(_summary(rows, len(sources)))
    return 0


def _summary(rows: Sequence[Row], documents: int) -> str:
    counts = Counter[str](row.severity for row in rows)
    told = "，".join(f"{word} {counts[severity]} 处" for severity, word in words.SEVERITY.items())
    touched = len({row.source for row in rows if row.severity != "note"})
    return f"检查了 {documents} 份文件：{told}；{touched} 份有错误或警告"


def report_lines(rows: Sequence[Row], least: int) -> Iterator[str]:
    """Yield the report, gravest documents first; findings less grave than `least` are only counted."""
    documents = [list(group) for _, group in groupby(rows, key=lambda row: row.source)]
    documents.sort(key=lambda found: (min(GRAVITY[row.severity] for row in found), found[0].source))
    for found in documents:
        shown = [row for row in found if GRAVITY[row.severity] <= least]
        if not shown:
            continue
        yield f"{found[0].source}  {found[0].policy}"
        for same in _alike(shown):
            yield from _finding(same)
        if hidden := Counter(row.rule for row in found if GRAVITY[row.severity] > least):
            yield f"  另有较轻的 {hidden.total()} 处：{'、'.join(sorted(hidden))}"
        yield ""
    quiet = sum(all(GRAVITY[row.severity] > least for row in found) for found in documents)
    if quiet:
        yield f"另有 {quiet} 份文件只有提示，用 --severity note 列出"


def _alike(rows: Sequence[Row]) -> list[list[Row]]:
    """Put rows together that say the same of several places, in the order of the first."""
    found: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        found.setdefault((row.rule, row.message), []).append(row)
    return list(found.values())


def _finding(same: Sequence[Row]) -> Iterator[str]:
    first = same[0]
    places = [f"第 {row.line} 行 {row.locator}".rstrip() for row in same[:_LINES] if row.line]
    more = f" 等 {len(same)} 处" if len(same) > _LINES else ""
    where = "、".join(places) + more if places else "整份文件"
    yield f"  {words.SEVERITY[first.severity]}  {where}  {first.rule}"
    quote = f"（原文“{first.quote}”）" if len(first.quote) > 1 and first.quote not in first.message else ""
    yield f"        {first.message}{quote}。{first.advice}。".replace("。。", "。")
