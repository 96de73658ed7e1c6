"""The commands that answer: ask, guide, unit, serve."""

import argparse
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from ui.opening import open_library, settings_of, store_explained
from ui.refusal import Refusal
from ui.settings import Settings


def ask(args: argparse.Namespace) -> int:
    """Answer one question, or a file of questions."""
    if bool(args.question) == bool(args.batch):
        raise Refusal("问题和 --batch 要写一个，也只能写一个", 'zhengwen ask "问题"', status=2)
    settings = settings_of(args)
    if args.batch:
        return _ask_batch(args, settings)
    question = check_question(args.question, settings)
    day = args.as_of or date.today()
    with store_explained():
        answer = open_library(settings).ask(question, as_of=day, jurisdiction=args.jurisdiction)
    if args.json:
        from ui.wire import answer_json

        print(answer_json(answer))
    elif args.read:
        print(answer.reading)
    elif args.sparql:
        if not answer.sparql:
            raise Refusal(
                "这个回答不是从关系图里数出来的，没有对应的查询", "清单、计数和单位名单才有查询语句"
            )
        print(answer.sparql)
    else:
        from ui.commands.terminal import answer_lines

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
        with store_explained():
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


def guide(args: argparse.Namespace) -> int:
    """Print the application guide to a clause: named by document and place, or found by a question."""
    from qa.guide import Guide
    from qa.guide.telling import advice

    if len(args.what) > 2:
        raise Refusal("参数太多", 'zhengwen guide 文件简称 条款位置，或 zhengwen guide "问题"', status=2)
    settings = settings_of(args)
    day = args.as_of or date.today()
    with store_explained():
        library = open_library(settings)
        where = tuple(args.what)
        if len(where) == 1:
            answer = library.ask(check_question(where[0], settings), as_of=day)
            if not answer.citations:
                raise Refusal(
                    answer.answer.partition("\n")[0].rstrip("。"), "换个问法，或写文件简称和条款位置"
                )
            where = (answer.citations[0].source, answer.citations[0].locator)
        found = library.guide(where[0], where[1], as_of=day)
    if found is None:
        raise Refusal(
            f"{where[0]} 里没有条款 {where[1]}", "文件简称见 zhengwen status，位置的写法如 附件2/四/（三）"
        )
    if not isinstance(found, Guide):
        raise Refusal(f"{where[0]} {where[1]}：{found.reason}", advice(found))
    if args.json:
        from ui.http.guides import guide_out

        print(guide_out(found).model_dump_json(by_alias=True))
    else:
        print(found.text)
    return 0


def unit(args: argparse.Namespace) -> int:
    """Print what a unit leads and answers for, completely."""
    with store_explained():
        view = open_library(settings_of(args)).unit(args.name)
    if view is None:
        raise Refusal(f"知识库里没有“{args.name}”这个单位", "写上区县，如“县财政局”，或用 zhengwen ask 提问")
    if args.json:
        from ui.wire import unit_out

        print(unit_out(view).model_dump_json())
    else:
        from ui.commands.terminal import unit_lines

        print("\n".join(unit_lines(view)))
    return 0


def serve(args: argparse.Namespace) -> int:
    """Serve the web pages and the HTTP API until interrupted."""
    from ui.app import create_app
    from ui.app import serve as run

    settings = settings_of(args)
    with store_explained():
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
