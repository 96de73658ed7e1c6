"""What each command does; the heavy rooms are imported by the command that needs them."""

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ui.doors import Library
from ui.refusal import Refusal
from ui.settings import Settings, SettingsError, read_settings

if TYPE_CHECKING:  # imported by the commands that need it
    from graph.generations import Generation
    from graph.store import Store


def _settings(args: argparse.Namespace) -> Settings:
    try:
        return read_settings(
            store=args.store, host=getattr(args, "host", None), port=getattr(args, "port", None)
        )
    except SettingsError as error:
        raise Refusal(error.what, error.remedy, status=2) from error


def open_library(settings: Settings) -> Library:
    """Open the knowledge of the store; an empty store gets the bundled knowledge first."""
    from qa.library import Library as Opened

    _furnish(settings)
    return Opened.open(settings.store, model=settings.model)


def _furnish(settings: Settings) -> None:
    """Put the bundled knowledge into a store that has nothing yet."""
    from graph.store import Store

    if Store.open(settings.store, budget=0).generation is None:
        from ui.intake import start

        start(settings.store, model=settings.model)


def ask(args: argparse.Namespace) -> int:
    """Answer one question, or a file of questions."""
    if bool(args.question) == bool(args.batch):
        raise Refusal(
            "问题和 --batch 要写一个，也只能写一个", 'zhengwen ask "鲁山县小升规奖励多少"', status=2
        )
    settings = _settings(args)
    if args.batch:
        return _ask_batch(args, settings)
    question = check_question(args.question, settings)
    day = args.as_of or date.today()
    with store_explained():
        answer = open_library(settings).ask(question, as_of=day, jurisdiction=args.jurisdiction)
    if args.json:
        from ui.wire import answer_json

        print(answer_json(answer))
    else:
        from ui.terminal import answer_lines

        print("\n".join(answer_lines(answer)))
    return 1 if answer.status == "no_basis" else 0


def check_question(question: str, settings: Settings) -> str:
    """Return the question without surrounding white space; raise Refusal when empty or too long."""
    question = question.strip()
    if not question:
        raise Refusal("问题是空的", "写一句完整的话再问", status=2)
    if len(question) > settings.question_limit:
        raise Refusal(
            f"问题太长（{len(question)} 字，上限 {settings.question_limit} 字）",
            "拆成几个短问题再问",
            status=2,
        )
    return question


def _ask_batch(args: argparse.Namespace, settings: Settings) -> int:
    from ui.wire import answer_json

    rows = list(_batch_rows(args.batch))
    with store_explained():
        library = open_library(settings)
    for where, row in rows:
        answer = library.ask(
            _field(row, "question", str, where),
            context=tuple(_field(row, "context", list, where) or ()),
            as_of=_as_of(row, where) or args.as_of or date.today(),
            jurisdiction=row.get("jurisdiction") or args.jurisdiction,
        )
        asked_id = row.get("id")
        print(answer_json(answer, asked_id=None if asked_id is None else str(asked_id)), flush=True)
    return 0


def _batch_rows(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    remedy = '每行写一个 JSON 对象，至少有 "question"'
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise Refusal(
            f"读不了 {path}：{reason(error)}", "检查路径，文件应是 UTF-8 的 JSONL", status=2
        ) from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        where = f"{path} 第 {number} 行"
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise Refusal(f"{where}不是 JSON", remedy, status=2) from error
        if not isinstance(row, dict) or not str(row.get("question") or "").strip():
            raise Refusal(f"{where}没有问题", remedy, status=2)
        yield where, row


def _field(row: dict[str, Any], name: str, kind: type, where: str) -> Any:
    value = row.get(name)
    if value is not None and not isinstance(value, kind):
        raise Refusal(f'{where}的 "{name}" 类型不对', "照 docs/contract.md 的样子写", status=2)
    return value


def _as_of(row: dict[str, Any], where: str) -> date | None:
    text = _field(row, "as_of", str, where)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise Refusal(f"{where}的日期“{text}”不对", "写成 2022-07-15 的样子", status=2) from error


def unit(args: argparse.Namespace) -> int:
    """Print what a unit leads and answers for, completely."""
    with store_explained():
        view = open_library(_settings(args)).unit(args.name)
    if view is None:
        raise Refusal(f"知识库里没有“{args.name}”这个单位", "写上区县，如“县财政局”，或用 zhengwen ask 提问")
    if args.json:
        from ui.wire import unit_out

        print(unit_out(view).model_dump_json())
    else:
        from ui.terminal import unit_lines

        print("\n".join(unit_lines(view)))
    return 0


_OUTCOMES = {"added": "新增", "replaced": "更新", "unchanged": "未变", "failed": "失败", "removed": "删去"}


def ingest(args: argparse.Namespace) -> int:
    """Read documents into the store; one row a document."""
    from ingest.model import DocumentError
    from ui.intake import ingest as take_in

    settings = _settings(args)
    progress = _progress if sys.stderr.isatty() else None
    try:
        with store_explained():
            paths = [Path(path) for path in args.paths]
            report = take_in(paths, settings.store, model=settings.model, progress=progress)
    except DocumentError as error:
        raise Refusal(f"{error.where}：{error.what}", error.remedy) from error
    for row in report.rows:
        if row.outcome == "failed":
            print(f"{_OUTCOMES[row.outcome]}  {row.source}  {row.error}", file=sys.stderr)
        elif not (args.quiet and row.outcome == "unchanged"):
            found = f"条款 {row.clauses}  单位 {row.duties}  数据 {row.quantities}  待查 {row.findings}"
            told = "" if row.outcome == "unchanged" else found
            print(f"{_OUTCOMES[row.outcome]}  {row.source}  {row.name}  {told}".rstrip())
    if not report.rows:
        raise Refusal("没有找到可以读的文件", "支持 txt、html、docx、pdf；检查路径")
    return 1 if report.failed else 0


def _progress(done: int, total: int, name: str) -> None:
    """Show how far a batch is, on a terminal's error stream."""
    end = "\r" if done < total else "\n"
    print(f"\x1b[2K{done}/{total} {name}", end=end, file=sys.stderr, flush=True)


def remove(args: argparse.Namespace) -> int:
    """Remove a document from the store."""
    from ui.intake import remove as take_out

    settings = _settings(args)
    with store_explained():
        take_out(args.source, settings.store, model=settings.model)
    print(f"已删去 {args.source}")
    return 0


def serve(args: argparse.Namespace) -> int:
    """Serve the web pages and the HTTP API until interrupted."""
    from ui.app import create_app
    from ui.app import serve as run

    settings = _settings(args)
    run(lambda: create_app(settings), settings)
    return 0


def reason(error: Exception) -> str:
    """Say in Chinese why a file could not be used."""
    if isinstance(error, FileNotFoundError):
        return "没有这个文件"
    if isinstance(error, PermissionError):
        return "没有权限"
    if isinstance(error, IsADirectoryError):
        return "这是文件夹"
    if isinstance(error, UnicodeDecodeError):
        return "不是 UTF-8 文本"
    return str(error)


@contextmanager
def files_explained(path: Path) -> Iterator[None]:
    """Turn a file error about `path` into a Refusal."""
    try:
        yield
    except OSError as error:
        raise Refusal(f"{path}：{reason(error)}", "检查路径和权限后再试") from error


def sparql(args: argparse.Namespace) -> int:
    """Run a read-only query and print its rows; the first line names the columns."""
    from graph.queries import select
    from ui.results import as_csv, as_json, as_tsv

    settings = _settings(args)
    query = sys.stdin.read() if args.query == "-" else args.query
    with store_explained():
        table = select(open_generation(settings), query, seconds=settings.sparql_seconds)
    sys.stdout.write({"csv": as_csv, "json": as_json, "tsv": as_tsv}[args.format](table).rstrip() + "\n")
    if table.truncated:
        print("提示：结果太多，只列出前一部分。", file=sys.stderr)
    return 0


def open_generation(settings: Settings) -> "Generation":
    """Return the current generation of the store; raise Refusal where nothing was read in yet."""
    from graph.store import Store

    with store_explained():
        _furnish(settings)
        return current(Store.open(settings.store))


def current(store: "Store") -> "Generation":
    """Return the store's current generation; raise StoreError where nothing was read in yet."""
    from graph.durable import StoreError

    if store.generation is None:
        raise StoreError("还没有文件", store.path, "先用 zhengwen ingest 读入文件")
    return store.generation


@contextmanager
def store_explained() -> Iterator[None]:
    """Turn an error of the store into a Refusal."""
    from graph.durable import StoreError

    try:
        yield
    except StoreError as error:
        raise Refusal(f"{error.where}：{error.what}", error.remedy) from error
