"""The commands that keep the store: read in, remove, back up, export, query."""

import argparse
import sys
from pathlib import Path

from ui.opening import current, open_generation, person, settings_of, store_explained
from ui.refusal import Refusal

_OUTCOMES = {
    "added": "新增",
    "replaced": "更新",
    "unchanged": "未变",
    "skipped": "略过",
    "failed": "失败",
    "removed": "删去",
}


def ingest(args: argparse.Namespace) -> int:
    """Read documents into the store; one row a document."""
    from ingest.model import DocumentError
    from ui.commands.bar import Bar
    from ui.intake import ingest as take_in
    from ui.intake.incoming import is_address

    settings = settings_of(args)
    paths = [path if is_address(path) else Path(path) for path in args.paths]
    try:
        with store_explained():
            report = take_in(
                paths,
                settings.store,
                model=settings.model,
                progress=Bar(sys.stderr) if sys.stderr.isatty() else None,
                private=settings.fetch_private,
                by=person(),
                keep=settings.keep,
                workers=settings.workers,
            )
    except DocumentError as error:
        raise Refusal(f"{error.where}：{error.what}", error.remedy) from error
    for row in report.rows:
        if row.outcome == "failed":
            print(f"{_OUTCOMES[row.outcome]}  {row.source}  {row.error}", file=sys.stderr)
        elif not (args.quiet and row.outcome in ("unchanged", "skipped")):
            found = f"条款 {row.clauses}  单位 {row.duties}  数据 {row.quantities}  待查 {row.findings}"
            told = {"unchanged": "", "skipped": row.error}.get(row.outcome, found)
            print(f"{_OUTCOMES[row.outcome]}  {row.source}  {row.name}  {told}".rstrip())
    if not report.rows:
        raise Refusal("没有找到可以读的文件", "支持 txt、html、docx、pdf、ofd、zip、网址和扫描图片；检查路径")
    return 1 if report.failed else 0


def remove(args: argparse.Namespace) -> int:
    """Remove a document from the store."""
    from ui.intake import remove as take_out

    settings = settings_of(args)
    with store_explained():
        take_out(args.source, settings.store, model=settings.model, by=person(), keep=settings.keep)
    print(f"已删去 {args.source}")
    return 0


def backup(args: argparse.Namespace) -> int:
    """Write the whole store into one file, and accounts and records into one beside it."""
    from graph.storage.store import Store
    from ui.ledger import Ledger

    settings = settings_of(args)
    with store_explained():
        open_generation(settings)
        Store.open(settings.store).backup(args.file)
        print(f"已备份到 {args.file}（{args.file.stat().st_size:,} 字节）")
        if settings.ledger_file.exists():
            beside = _beside(args.file)
            Ledger(settings.ledger_file).copy(beside)
            print(f"账号与操作记录另存为 {beside}（{beside.stat().st_size:,} 字节）")
    return 0


def restore(args: argparse.Namespace) -> int:
    """Make the store anew from a backup."""
    from graph.storage.store import Store

    settings = settings_of(args)
    with store_explained():
        generation = current(Store.restore(settings.store, args.file, person(), settings.keep))
    print(f"已从 {args.file} 恢复，文件 {len(generation.sources)} 份，版本 {generation.name}")
    beside = _beside(args.file)
    if beside.exists():  # put back by hand: it may hold accounts that were removed since
        print(f"账号与操作记录没有动。要恢复：停止服务，把 {beside} 复制为 {settings.ledger_file}")
    return 0


def _beside(file: Path) -> Path:
    """Return where the accounts and records go that belong to a backup."""
    return file.with_name(file.name + ".service.sqlite3")


def sparql(args: argparse.Namespace) -> int:
    """Run a read-only query and print its rows; the first line names the columns."""
    from graph.queries import select
    from ui.results import as_csv, as_json, as_tsv

    settings = settings_of(args)
    query = sys.stdin.read() if args.query == "-" else args.query
    with store_explained():
        table = select(open_generation(settings), query, seconds=settings.sparql_seconds)
    sys.stdout.write({"csv": as_csv, "json": as_json, "tsv": as_tsv}[args.format](table).rstrip() + "\n")
    if table.truncated:
        print("提示：结果太多，只列出前一部分。", file=sys.stderr)
    return 0


def facts(args: argparse.Namespace) -> int:
    """Export the facts, or write the bundled knowledge (facts without text, a file a document)."""
    from graph import knowledge
    from graph.export import export

    settings = settings_of(args)
    with store_explained():
        generation = open_generation(settings)
        if args.without_text and args.output:
            args.output.mkdir(parents=True, exist_ok=True)
            for source in generation.sources:
                print(knowledge.write(generation.record(source), args.output))
            return 0
        pieces = export(generation, args.format, text=not args.without_text)
        if args.output is None:
            sys.stdout.writelines(pieces)
            return 0
        try:
            with args.output.open("w", encoding="utf-8", newline="") as out:
                out.writelines(pieces)
        except OSError as error:
            raise Refusal(f"写不了 {args.output}：{error.strerror}", "检查路径、权限和磁盘空间") from error
    return 0


def graph(args: argparse.Namespace) -> int:
    """Write the whole graph anew, where the settings say that it lies."""
    from graph.storage.journal import Cause
    from ui.intake import alter

    settings = settings_of(args)
    with store_explained():
        cause = Cause("start", person())
        name = alter(
            lambda d: d.rebuild(), settings.store, cause=cause, model=settings.model, keep=settings.keep
        )[1]
    print(f"已重写图谱，版本 {name}，位置 {settings.graph or settings.store}")
    return 0


def status(args: argparse.Namespace) -> int:
    """Print the generation and the documents of the store, a row a document."""
    from graph.queries import policies
    from ui import words
    from ui.commands.terminal import table

    settings = settings_of(args)
    with store_explained():
        generation = open_generation(settings)
        rows = policies(generation)
    print(
        f"知识库 {settings.store}  版本 {generation.name}",
        f"文件 {len(rows)} 份  条款 {sum(row.clauses for row in rows)} 条",
        sep="\n",
    )
    text = [
        (
            row.source,
            f"{row.clauses} 条",
            row.jurisdiction or "（未注明）",
            words.POLICY_STATUS[row.status],
            "有原文" if row.verbatim else "仅要点和数据",
            row.number or "（无文号）",
            row.title,
        )
        for row in rows
    ]
    print("\n".join(table(text)))
    return 0
