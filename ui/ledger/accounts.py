"""Accounts of people: name, role, and the password as a salted scrypt hash that keeps its own cost."""

import hashlib
import hmac
import os
import re
import sqlite3
import threading
import unicodedata
from dataclasses import dataclass, field
from typing import Literal

from ui.ledger.database import Database

Role = Literal["admin", "editor"]
ROLES: dict[Role, str] = {"admin": "管理员", "editor": "编辑"}
SHORTEST, _LONGEST = 10, 200  # characters of a password
_NAME = re.compile(r"[\w][\w .@·-]{0,38}[\w]|[\w]")
# A hash takes 32 MiB and a quarter of a second. Two at a time, and few may wait: a flood of attempts must not
# take the threads that answer questions.
_HASHES = threading.BoundedSemaphore(2)
_ROOM = threading.BoundedSemaphore(8)


@dataclass(frozen=True, slots=True)
class Cost:
    """Parameters of scrypt (RFC 7914); memory is 128·n·r bytes."""

    n: int
    r: int
    p: int


# OWASP Password Storage Cheat Sheet: N=2^15, r=8, p=3 (32 MiB).
SCRYPT = Cost(2**15, 8, 3)


@dataclass(frozen=True, slots=True)
class Account:
    """Whoever acts: a person, or a program with a key (`program`).

    `csrf` is the token that forms of a person's session must bring back.
    """

    name: str
    role: Role
    program: bool = False
    csrf: str = field(default="", repr=False)

    def may(self, role: Role) -> bool:
        """Tell whether this account may do what `role` may: an admin may all."""
        return self.role == "admin" or self.role == role


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account as the list of accounts tells it; times are UTC texts, `seen` the last sign-in or empty."""

    name: str
    role: Role
    made: str
    changed: str
    seen: str


class AccountError(Exception):
    """A name or password that cannot be taken: what is wrong, what to do (Chinese)."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(f"{what}。{remedy}")
        self.what, self.remedy = what, remedy


class BusyError(AccountError):
    """Too many sign in at once."""

    def __init__(self) -> None:
        super().__init__("同时登录的人太多", "请稍后再试")


class Accounts:
    """The accounts of the ledger; raises AccountError for what a person can mend, LedgerError."""

    def __init__(self, database: Database, cost: Cost) -> None:
        self._database = database
        self._cost = cost

    def add(self, name: str, password: str, role: Role) -> Account:
        """Make an account."""
        name = plain(name)
        if not _NAME.fullmatch(name):
            raise AccountError(f"账号名“{name}”不能用", "用 1 到 40 个汉字、字母或数字")
        salt, digest = self._fresh(name, password)
        at, cost = self._database.stamp(), self._cost
        try:
            with self._database.write() as rows:
                rows.execute(
                    "INSERT INTO account (name, role, salt, n, r, p, digest, made, changed)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (name, role, salt, cost.n, cost.r, cost.p, digest, at, at),
                )
        except sqlite3.IntegrityError:
            raise AccountError(f"已有账号 {name}", "换一个名字，或用 zhengwen user password 改密码") from None
        return Account(name, role)

    def change(self, name: str, password: str) -> None:
        """Set a new password; all sessions of the account end."""
        name = self._known(name)
        salt, digest = self._fresh(name, password)
        cost = self._cost
        with self._database.write() as rows:
            rows.execute(
                "UPDATE account SET salt = ?, n = ?, r = ?, p = ?, digest = ?, changed = ? WHERE name = ?",
                (salt, cost.n, cost.r, cost.p, digest, self._database.stamp(), name),
            )
            rows.execute(
                "DELETE FROM session WHERE account = (SELECT id FROM account WHERE name = ?)", (name,)
            )

    def remove(self, name: str) -> None:
        """Take an account away, with its sessions; what it did stays in the audit log."""
        name = self._known(name)
        with self._database.write() as rows:
            if [row.name for row in self.all() if row.role == "admin"] == [name]:
                raise AccountError(f"{name} 是最后一个管理员", "先建另一个管理员账号")
            rows.execute("DELETE FROM account WHERE name = ?", (name,))

    def check(self, name: str, password: str) -> Account | None:
        """Return the account of a name and its password, else None, after the same work for any name.

        Raises BusyError where too many wait already.
        """
        if not _ROOM.acquire(blocking=False):
            raise BusyError
        try:
            return self._check(name, password)
        finally:
            _ROOM.release()

    def _check(self, name: str, password: str) -> Account | None:
        with self._database.read() as rows:
            row = rows.execute("SELECT * FROM account WHERE name = ?", (plain(name),)).fetchone()
        if row is None:
            _hash(password, b"\0" * 16, self._cost)
            return None
        cost = Cost(row["n"], row["r"], row["p"])
        if not hmac.compare_digest(_hash(password, row["salt"], cost), row["digest"]):
            return None
        if cost != self._cost:  # made when a hash was cheaper: renewed now that the password is at hand
            salt = os.urandom(16)
            with self._database.write() as rows:
                rows.execute(
                    "UPDATE account SET salt = ?, n = ?, r = ?, p = ?, digest = ?"
                    " WHERE id = ? AND digest = ?",
                    (salt, self._cost.n, self._cost.r, self._cost.p, _hash(password, salt, self._cost),
                     row["id"], row["digest"]),
                )  # fmt: skip
        return Account(row["name"], row["role"])

    def known(self, name: str) -> bool:
        """Tell whether there is an account of this name."""
        with self._database.read() as rows:
            found = rows.execute("SELECT 1 FROM account WHERE name = ?", (plain(name),)).fetchone()
        return found is not None

    def any(self) -> bool:
        """Tell whether there is an account at all."""
        with self._database.read() as rows:
            return rows.execute("SELECT 1 FROM account LIMIT 1").fetchone() is not None

    def all(self) -> list[AccountRow]:
        """Return all accounts, by name."""
        with self._database.read() as rows:
            found = rows.execute(
                "SELECT name, role, made, changed, coalesce((SELECT max(at) FROM audit WHERE who = name"
                " AND action = 'sign-in' AND outcome = 'done'), '') FROM account ORDER BY name"
            ).fetchall()
        return [AccountRow(*row) for row in found]

    def _known(self, name: str) -> str:
        with self._database.read() as rows:
            row = rows.execute("SELECT name FROM account WHERE name = ?", (plain(name),)).fetchone()
        if row is None:
            raise AccountError(f"没有账号 {name}", "用 zhengwen user list 看有哪些账号")
        return str(row["name"])

    def _fresh(self, name: str, password: str) -> tuple[bytes, bytes]:
        if len(password) < SHORTEST:
            raise AccountError(f"密码太短，至少 {SHORTEST} 个字符", "可以用几个不相干的词连成一句")
        if len(password) > _LONGEST:
            raise AccountError(f"密码太长，至多 {_LONGEST} 个字符", "换短一些的密码")
        if plain(password).casefold() == name.casefold() or len(set(password)) < 4:
            raise AccountError("密码太容易猜", "不要用账号名，也不要重复一两个字符")
        salt = os.urandom(16)
        return salt, _hash(password, salt, self._cost)


def plain(name: str) -> str:
    """Return a name in the one form that is kept and compared."""
    return unicodedata.normalize("NFKC", name).strip()


def _hash(password: str, salt: bytes, cost: Cost) -> bytes:
    secret = unicodedata.normalize("NFKC", password[: 4 * _LONGEST]).encode("utf-8", "surrogatepass")
    with _HASHES:
        return hashlib.scrypt(
            secret, salt=salt, n=cost.n, r=cost.r, p=cost.p, maxmem=256 * cost.n * cost.r, dklen=32
        )
