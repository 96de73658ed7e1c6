"""The audit log: who did what, when, about which document or fact, with which outcome. Rows are only added.

Each row bears a mark, the SHA-256 of the mark before it and of its own words: a row that was changed, taken
out or put in between shows. The rows at the end could be cut off unseen; whoever keeps the last mark
elsewhere (``zhengwen audit --verify`` prints it) sees that, too.
"""

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, fields

from ui.ledger.database import Database

ACTIONS = {  # what is written by our own modules, as pages tell it
    "sign-in": "登录",
    "sign-out": "退出",
    "password": "改密码",
    "user-add": "新建账号",
    "user-remove": "删除账号",
    "key-add": "新建密钥",
    "key-revoke": "停用密钥",
    "ingest": "读入文件",
    "remove": "删去文件",
    "accept": "核对：确认",
    "change": "核对：改正",
    "reject": "核对：驳回",
    "add": "核对：补充",
    "withdraw": "核对：撤回",
    "rollback": "退回版本",
    "export": "导出",
}
WRITES = (
    "ingest",
    "remove",
    "accept",
    "change",
    "reject",
    "add",
    "withdraw",
    "rollback",
)  # what changes the store
OUTCOMES = {"done": "成功", "refused": "被拒绝", "failed": "失败"}
_FIELDS = ("at", "who", "action", "subject", "outcome", "detail", "request")


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One row; `at` is UTC, `subject` the document, fact or account it was done to, `request` its number."""

    id: int
    at: str
    who: str
    action: str
    subject: str
    outcome: str
    detail: str
    request: str
    mark: str


@dataclass(frozen=True, slots=True)
class Filter:
    """Which rows: what is empty lets all through; from the moment `since` until before `until`, UTC."""

    who: str = ""
    actions: tuple[str, ...] = ()
    subject: str = ""
    outcome: str = ""
    since: str = ""
    until: str = ""

    def clause(self) -> tuple[str, list[str]]:
        """Return the condition in SQL with its values."""
        rules = {
            "who = ?": self.who, "instr(subject, ?)": self.subject,
            "outcome = ?": self.outcome, "at >= ?": self.since, "at < ?": self.until,
        }  # fmt: skip
        chosen = {rule: value for rule, value in rules.items() if value}
        places = ", ".join("?" * len(self.actions))
        among = [f"action IN ({places})"] if self.actions else []
        return " AND ".join([*chosen, *among]) or "1", [*chosen.values(), *self.actions]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the check of the whole log found: `broken` is the first row that does not fit, or None."""

    rows: int
    mark: str
    broken: int | None


EVERYTHING = Filter()


class Audit:
    """The log; raises LedgerError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def write(
        self,
        who: str,
        action: str,
        *,
        subject: str = "",
        outcome: str = "done",
        detail: str = "",
        request: str = "",
    ) -> None:
        """Add a row; when this returns it is on the disk. `action` and `outcome` are short English words."""
        with self._database.write() as rows:
            row = (
                self._database.stamp(),
                who[:80],
                action,
                subject[:300],
                outcome,
                detail[:500],
                request[:80],
            )
            last = rows.execute("SELECT mark FROM audit ORDER BY id DESC LIMIT 1").fetchone()
            rows.execute(
                "INSERT INTO audit (at, who, action, subject, outcome, detail, request, mark)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (*row, _mark(last["mark"] if last else "", row)),
            )

    def rows(
        self, chosen: Filter = EVERYTHING, *, before: int | None = None, limit: int = 100
    ) -> list[AuditRow]:
        """Return rows, the newest first, from below the number `before` on."""
        where, values = chosen.clause()
        with self._database.read() as rows:
            found = rows.execute(
                f"SELECT * FROM audit WHERE {where} AND id < ? ORDER BY id DESC LIMIT ?",  # noqa: S608  fixed words
                (*values, 2**62 if before is None else before, limit),
            ).fetchall()
        return [_row(row) for row in found]

    def each(self, chosen: Filter = EVERYTHING) -> Iterator[AuditRow]:
        """Yield all rows, the newest first, a thousand at a time."""
        before: int | None = None
        while page := self.rows(chosen, before=before, limit=1000):
            yield from page
            before = page[-1].id

    def count(self, chosen: Filter = EVERYTHING) -> int:
        """Return the number of rows."""
        where, values = chosen.clause()
        with self._database.read() as rows:
            number: int = rows.execute(f"SELECT count(*) FROM audit WHERE {where}", values).fetchone()[0]  # noqa: S608
        return number

    def ready(self) -> None:
        """Raise LedgerError unless a row could be written: asked before a deed that must be logged."""
        with self._database.write():
            pass

    def verify(self) -> Verdict:
        """Read the whole log and work out its marks anew."""
        before, number = "", 0
        with self._database.read() as rows:
            for row in rows.execute("SELECT * FROM audit ORDER BY id"):
                mark = _mark(before, tuple(row[name] for name in _FIELDS))
                if row["id"] != number + 1 or row["mark"] != mark:
                    return Verdict(number, before, number + 1)
                before, number = mark, number + 1
            last = rows.execute("SELECT seq FROM sqlite_sequence WHERE name = 'audit'").fetchone()
        cut = last is not None and last["seq"] != number
        return Verdict(number, before, number + 1 if cut else None)


def _row(row: sqlite3.Row) -> AuditRow:
    return AuditRow(*(row[field.name] for field in fields(AuditRow)))


def _mark(before: str, row: tuple[str, ...]) -> str:
    words = json.dumps([before, *row], ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(words.encode()).hexdigest()
