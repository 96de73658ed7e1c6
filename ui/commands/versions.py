"""The commands about versions of the store: history, diff, rollback."""

import argparse
import json
from collections.abc import Iterator
from dataclasses import asdict

from graph.storage.generations import Generation
from graph.storage.journal import Published
from graph.storage.store import Store
from ui import versions
from ui.commands.terminal import table
from ui.opening import open_generation, person, settings_of, store_explained
from ui.refusal import Refusal

_NAMED = 3  # documents that a line of the history names


def history(args: argparse.Namespace) -> int:
    """Print the versions, the newest first."""
    settings = settings_of(args)
    with store_explained():
        open_generation(settings)
        lines = Store.open(settings.store, budget=0).history()
    if args.json:
        for line in lines:
            print(json.dumps(asdict(line), ensure_ascii=False))
        return 0
    print("\n".join(table([_row(line) for line in lines])))
    return 0


def _row(line: Published) -> tuple[str, ...]:
    return (
        versions.number(line.name),
        versions.when(line.at) or "（时间未记录）",
        versions.what(line),
        line.cause.by or "—",
        "保留" if line.kept else "已清理",
        _moved(line),
    )


def _moved(line: Published) -> str:
    groups = (("新增", line.added), ("更新", line.replaced), ("删去", line.removed))
    return "  ".join(
        f"{word} {len(names)} 份：{'、'.join(names[:_NAMED])}{'…' if len(names) > _NAMED else ''}"
        for word, names in groups
        if names
    )


def diff(args: argparse.Namespace) -> int:
    """Print what differs between two versions."""
    settings = settings_of(args)
    with store_explained():
        current = open_generation(settings)
        store = Store.open(settings.store, budget=0)
        before = _kept(store, args.before)
        after = _kept(store, args.after) if args.after else current
        found = versions.compared(before, after)
    if args.json:
        print(json.dumps([asdict(row) for row in found], ensure_ascii=False, indent=1))
        return 0
    for document in found:
        print(f"{versions.SIGNS[document.sign]}  {document.source}  {document.title}")
        print(
            "".join(f"{line}\n" for row in (*document.clauses, *document.facts) for line in _lines(row)),
            end="",
        )
    print(versions.summary(found))
    return 0


def _lines(row: versions.Line) -> Iterator[str]:
    yield f"    {row.place}  {row.what}{versions.SIGNS[row.sign]}"
    if row.before:
        yield f"      - {row.before}"
    if row.after:
        yield f"      + {row.after}"


def _kept(store: Store, given: str) -> Generation:
    name = versions.name_of(given)
    if not name:
        raise Refusal(f"“{given}”不是版本号", "写成 12 或 g000012 的样子，用 zhengwen history 查看", status=2)
    return store.kept(name)


def rollback(args: argparse.Namespace) -> int:
    """Publish the content of an older version as a new one."""
    from ui.intake import roll_back

    settings = settings_of(args)
    name = versions.name_of(args.target)
    if not name:
        raise Refusal(f"“{args.target}”不是版本号", "用 zhengwen history 查看", status=2)
    with store_explained():
        open_generation(settings)
        made = roll_back(name, settings.store, model=settings.model, by=person(), keep=settings.keep)
    print(f"已回到版本 {versions.number(name)} 的内容，新版本 {versions.number(made)}")
    return 0
