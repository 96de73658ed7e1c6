"""The commands `user` and `audit`: accounts and keys of the service, and what was done with them."""

import argparse
import csv
import getpass
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import astuple, fields

from ui.commands.terminal import table
from ui.ledger import Ledger
from ui.ledger.accounts import ROLES, AccountError
from ui.ledger.audit import ACTIONS, OUTCOMES, AuditRow
from ui.ledger.database import LedgerError, local_time
from ui.ledger.keys import KeyRow
from ui.opening import person, settings_of
from ui.refusal import Refusal

_NEWEST = 50  # rows of the log that are printed


def user(args: argparse.Namespace) -> int:
    """Make, list, change and remove accounts; make and revoke keys."""
    ledger = Ledger(settings_of(args).ledger_file)
    if args.action != "list" and not args.name:
        raise Refusal(f"没有写名称：user {args.action} 名称", "运行 zhengwen user --help 看用法", status=2)
    with _explained():
        _DEEDS[args.action](ledger, args)
    return 0


def _add(ledger: Ledger, args: argparse.Namespace) -> None:
    password = _password()
    with ledger.together():
        account = ledger.accounts.add(args.name, password, args.role)
        _log(ledger, "user-add", account.name, args.role)
    print(f"已建账号 {account.name}（{ROLES[account.role]}），在 /sign-in 登录")


def _list(ledger: Ledger, _args: argparse.Namespace) -> None:
    people, keys = ledger.accounts.all(), ledger.keys.all()
    rows: list[tuple[str, ...]] = [
        (row.name, ROLES[row.role], f"建于 {local_time(row.made)}", f"上次登录 {local_time(row.seen) or '—'}")
        for row in people
    ]
    print(*table(rows), sep="\n", end="\n" if rows else "")
    print(f"账号 {len(people)} 个" if people else "还没有账号：zhengwen user add 姓名 --role admin")
    rows = [_key_row(key) for key in keys]
    print(*table(rows), f"密钥 {len(keys)} 个", sep="\n")


def _key_row(key: KeyRow) -> tuple[str, ...]:
    state = f"已停用 {local_time(key.revoked)}" if key.revoked else "在用"
    used = f"上次使用 {local_time(key.used) or '—'}"
    return str(key.id), key.name, ROLES[key.role], f"{key.start}…", used, state


def _change(ledger: Ledger, args: argparse.Namespace) -> None:
    password = _password()
    with ledger.together():
        ledger.accounts.change(args.name, password)
        _log(ledger, "password", args.name)
    print(f"已改 {args.name} 的密码，原来的登录都已失效")


def _remove(ledger: Ledger, args: argparse.Namespace) -> None:
    with ledger.together():
        ledger.accounts.remove(args.name)
        _log(ledger, "user-remove", args.name)
    print(f"已删去账号 {args.name}")


def _key(ledger: Ledger, args: argparse.Namespace) -> None:
    with ledger.together():
        key = ledger.keys.add(args.name, args.role, person())
        _log(ledger, "key-add", args.name, args.role)
    print(key)
    print("密钥只显示这一次，请现在保存。用法：请求头 Authorization: Bearer 密钥", file=sys.stderr)


def _revoke(ledger: Ledger, args: argparse.Namespace) -> None:
    with ledger.together():
        name = ledger.keys.revoke(int(args.name)) if args.name.isdecimal() else None
        if name is None:
            raise Refusal(f"没有在用的密钥 {args.name}", "编号用 zhengwen user list 看")
        _log(ledger, "key-revoke", name, f"编号 {args.name}")
    print(f"已停用 {name} 的密钥")


_DEEDS: dict[str, Callable[[Ledger, argparse.Namespace], None]] = {
    "add": _add,
    "list": _list,
    "password": _change,
    "remove": _remove,
    "key": _key,
    "revoke": _revoke,
}


def audit(args: argparse.Namespace) -> int:
    """Print the newest rows of the log, all of them as CSV, or whether it is whole."""
    ledger = Ledger(settings_of(args).ledger_file)
    with _explained():
        if args.verify:
            return _verify(ledger)
        if args.csv:
            rows = csv.writer(sys.stdout, lineterminator="\n")
            rows.writerow([field.name for field in fields(AuditRow)])
            rows.writerows(astuple(row) for row in ledger.audit.each())
            return 0
        shown = [
            (local_time(row.at), row.who, ACTIONS.get(row.action, row.action),
             OUTCOMES.get(row.outcome, row.outcome), f"{row.subject} {row.detail}".strip())
            for row in ledger.audit.rows(limit=_NEWEST)
        ]  # fmt: skip
        print("\n".join([*table(shown), f"操作记录 {ledger.audit.count()} 条"]))
    return 0


def _verify(ledger: Ledger) -> int:
    verdict = ledger.audit.verify()
    if verdict.broken is not None:
        raise Refusal(
            f"操作记录从第 {verdict.broken} 条起与印记不符，之前的 {verdict.rows} 条完好",
            "记录被改动过或文件已损坏：保留这个文件备查，用备份对照",
        )
    print(f"操作记录 {verdict.rows} 条，全部与印记相符", f"末条印记 {verdict.mark or '（无）'}", sep="\n")
    return 0


def _password() -> str:
    """Return a password typed twice without echo, or the first line of a pipe."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    first = getpass.getpass("密码：")
    if getpass.getpass("再输一次：") != first:
        raise Refusal("两次输入的密码不一样", "重新运行这个命令")
    return first


def _log(ledger: Ledger, action: str, subject: str, detail: str = "") -> None:
    ledger.audit.write(f"{person()}（命令行）", action, subject=subject, detail=detail)


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except AccountError as error:
        raise Refusal(error.what, error.remedy) from error
    except LedgerError as error:
        raise Refusal(f"{error.where}：{error.what}", error.remedy) from error
