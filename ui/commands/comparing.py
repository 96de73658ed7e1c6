"""The command ``compare``: two or three documents measure by measure, what differs first."""

import argparse
import json
from collections.abc import Iterator

from qa.aligning.sheet import Row, Sheet, compared
from ui.compared import badge, heading, naming, told
from ui.opening import open_generation, settings_of, store_explained
from ui.refusal import Refusal

MOST = 3


def compare(args: argparse.Namespace) -> int:
    """Print what differs between documents; measures that are the same are only counted."""
    sources = tuple(dict.fromkeys(args.source))
    if not 2 <= len(sources) <= MOST:
        raise Refusal("要两份或三份不同的文件", "例如 zhengwen compare 文件甲 文件乙")
    with store_explained():
        generation = open_generation(settings_of(args))
        for source in sources:
            if source not in generation:
                raise Refusal(f"没有文件 {source}", "用 zhengwen status 查看已有文件")
        sheet = compared(generation, sources)
    if args.json:
        print(json.dumps([_row(row, sheet) for row in sheet.rows], ensure_ascii=False, indent=1))
        return 0
    print("\n".join(report_lines(sheet)))
    return 0


def report_lines(sheet: Sheet) -> Iterator[str]:
    """Yield the report: each measure that differs with its places and what changed, then the counts."""
    names, counts = naming(sheet), sheet.counts
    for row in sheet.rows:
        if row.state == "same":
            continue
        places = ["、".join(cell.piece.locator for cell in cells) or "没有" for cells in row.cells]
        yield f"{heading(row)}  [{badge(row, names)}]"
        yield "  " + "  ".join(f"{name} {place}" for name, place in zip(names, places, strict=True))
        for change in told(row, names):
            values = "，".join(f"{name} {value}" for name, value in zip(names, change.values, strict=True))
            yield f"  {change.what}：{values}"
    only = "，".join(f"只在{name} {sheet.only(at)} 项" for at, name in enumerate(names))
    yield f"相同 {counts['same']} 项，不同 {counts['different']} 项，{only}"


def _row(row: Row, sheet: Sheet) -> dict[str, object]:
    return {
        "state": row.state,
        "differs": list(row.kinds),
        "clauses": [[cell.piece.locator for cell in cells] for cells in row.cells],
        "changes": [
            {"kind": change.kind, "role": change.label, "values": list(change.values)}
            for change in row.changes
        ],
        "documents": [side.source for side in sheet.sides],
    }
