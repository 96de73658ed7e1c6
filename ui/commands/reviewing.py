"""The command `zhengwen review`: doubtful facts, decisions on them, and what was decided."""

import argparse
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date

from graph.review import desk
from graph.review.corrections import CorrectionError
from graph.review.desk import Entry, Row
from graph.review.keys import Kind, printed
from ui.opening import open_generation, settings_of, store_explained
from ui.refusal import Refusal
from ui.review import Decision, add, decide, entry_out, row_out, said, shown, told
from ui.settings import Settings

_STANDING = {"holds": "有效", "superseded": "其后另有决定", "unmatched": "无法对应"}
_SHOWN = 60  # characters of the sentence in a list


def review(args: argparse.Namespace) -> int:
    """List doubtful facts, show the history, or take decisions."""
    decisions = tuple(_decisions(args))
    chosen = bool(decisions) + bool(args.add) + bool(args.history)
    if chosen > 1:
        raise Refusal("一次只能做一件事", "--accept、--change、--reject、--add、--history 选一个", status=2)
    settings = settings_of(args)
    with store_explained(), _explained():
        open_generation(settings)
        if decisions or args.add:
            return _write(args, settings, decisions)
        return _history(args, settings) if args.history else _list(args, settings)


def _list(args: argparse.Namespace, settings: Settings) -> int:
    found = desk.rows(open_generation(settings), args.source, everything=args.all)
    if args.json:
        for row in found:
            print(json.dumps(row_out(row), ensure_ascii=False))
        return 0
    for row in found:
        print("\n".join(_lines(row)))
    print(f"{'全部' if args.all else '可疑'}事实 {len(found)} 条" if found else "没有可疑的事实")
    return 0


def _lines(row: Row) -> Iterator[str]:
    state = "（已驳回）" if row.rejected else ""
    yield f"{row.id}  {row.fact.confidence:.2f}  {row.locator} {row.title}".rstrip() + state
    yield f"    {said().kinds[row.kind]}：{told(row.fact)}"
    if row.fact.reason:
        yield f"    缘由：{row.fact.reason}"
    if row.sentence:
        yield f"    原文：{_excerpt(row)}"


def _excerpt(row: Row) -> str:
    """Return the words around what the fact is read from."""
    words, wanted = "".join(row.sentence.split()), "".join(printed(row.fact).split())
    at = max(words.find(wanted), 0)
    start = max(0, min(at - _SHOWN // 2, len(words) - _SHOWN))
    end = start + _SHOWN
    return ("…" if start else "") + words[start:end] + ("…" if end < len(words) else "")


def _history(args: argparse.Namespace, settings: Settings) -> int:
    found = desk.history(open_generation(settings), args.source)
    for entry in found:
        print(
            json.dumps(entry_out(entry), ensure_ascii=False) if args.json else "\n".join(_entry_lines(entry))
        )
    if not args.json:
        lost = sum(entry.standing == "unmatched" for entry in found)
        print(f"核对记录 {len(found)} 条" + (f"，其中 {lost} 条无法对应，请重新核对" if lost else ""))
    return 0


def _entry_lines(entry: Entry) -> Iterator[str]:
    row = entry.correction
    standing = _STANDING[entry.standing]
    yield f"{entry.id}  {row.on}  {row.by}  {said().actions[row.action]}  {standing}"
    words = row.key.printed or row.key.quotation[:_SHOWN]
    yield f"    {row.key.locator} {said().kinds[row.key.kind]}：{words}"
    if row.fields:
        yield "    " + "，".join(f"{said().fields[name]}={shown(value)}" for name, value in row.fields)
    if row.note:
        yield f"    说明：{row.note}"


def _write(args: argparse.Namespace, settings: Settings, decisions: Sequence[Decision]) -> int:
    if not args.by:
        raise Refusal("没有写明是谁核对的", "加上 --by 姓名", status=2)
    on = (args.on or date.today()).isoformat()
    if args.add:
        source, locator, kind, words, fields = _addition(args.add)
        done = [add(settings, source, locator, kind, words, by=args.by, on=on, note=args.note, fields=fields)]
    else:
        done = decide(settings, decisions, by=args.by, on=on, note=args.note)
    for row in done:
        printed = row.key.printed or said().kinds[row.key.kind]
        print(f"已{said().actions[row.action]}  {row.key.id}  {row.key.locator} {printed}")
    return 0


def _decisions(args: argparse.Namespace) -> Iterator[Decision]:
    yield from (("accept", ident, {}) for ident in args.accept or ())
    yield from (("reject", ident, {}) for ident in args.reject or ())
    if args.change:
        yield "change", args.change[0], fields_of(args.change[1:])


def _addition(given: Sequence[str]) -> tuple[str, str, Kind, str, dict[str, str]]:
    if len(given) < 4:
        raise Refusal("补充一条要写四样", "--add 文件简称 条款位置 单位|数据 引文 字段=值", status=2)
    kinds: dict[str, Kind] = {"单位": "duty", "duty": "duty", "数据": "quantity", "quantity": "quantity"}
    if given[2] not in kinds:
        raise Refusal(f"不能补充“{given[2]}”", "写 单位 或 数据", status=2)
    return given[0], given[1], kinds[given[2]], given[3], fields_of(given[4:])


def fields_of(given: Iterable[str]) -> dict[str, str]:
    """Return ``字段=值`` words as English fields and values; raises Refusal for words without a sign."""
    found = {}
    for word in given:
        name, sign, value = word.partition("=")
        if not sign:
            raise Refusal(f"“{word}”不是 字段=值", "如 对象=小微企业", status=2)
        found[said().english.get(name.strip(), name.strip())] = said().value(name.strip(), value.strip())
    return found


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except CorrectionError as error:
        raise Refusal(error.what, error.remedy) from error
