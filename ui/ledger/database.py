"""The ledger's SQLite file: opened at the first use, brought up to date, safe for threads and processes.

One connection, one lock: the ledger is asked a few times a second at most. Other processes (another
service, ``zhengwen user``) are kept apart by SQLite itself: readers never wait (WAL), writers wait in turn.
"""

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from graph.storage.durable import StoreError
from ui.ledger.schema import STEPS
from ui.times import CHINA

Clock = Callable[[], datetime]

_MARK = 0x5A575345  # "ZWSE" in the file's head: a database of another program is none of ours
_WAIT = 10  # seconds that a writer waits for another one


class LedgerError(StoreError):
    """The ledger cannot be read or written: what, where, what to do (in Chinese, for users)."""


def now() -> datetime:
    """Return the time of the machine, UTC."""
    return datetime.now(UTC)


def stamp(moment: datetime) -> str:
    """Return a moment (with a time zone) as the tables write it: UTC, milliseconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def moment(written: str) -> datetime:
    """Return the moment that `stamp` wrote."""
    return datetime.fromisoformat(written)


def local_time(written: str) -> str:
    """Return what `stamp` wrote as people read it: China's time, to the second; nothing for nothing."""
    return moment(written).astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S") if written else ""


class Database:
    """The file at `path`. Everything raises LedgerError when it cannot be read or written."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self.path = path
        self._clock = clock
        self._lock = threading.RLock()
        self._connection: sqlite3.Connection | None = None
        self._inode = 0

    def stamp(self) -> str:
        """Return the present time as the tables write it."""
        return stamp(self._clock())

    def now(self) -> datetime:
        """Return the present time."""
        return self._clock()

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """Give the connection for reading."""
        with self._lock, self._told():
            yield self._open()

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """Give the connection in a transaction; leaving it keeps all, an exception keeps nothing.

        Within another `write` of the same thread it is part of that one.
        """
        with self._lock, self._told():
            connection = self._open()
            if connection.in_transaction:
                yield connection
                return
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):
                    connection.execute("ROLLBACK")
                raise

    def copy(self, path: Path) -> None:
        """Write a whole copy to `path` while others go on; it takes its name when it is complete."""
        temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        with self._lock, self._told():
            source = self._open()
            temporary.touch(mode=0o600)
            try:
                target = sqlite3.connect(temporary)
                try:
                    source.backup(target)
                    target.execute("PRAGMA journal_mode = DELETE")  # one file, nothing beside it
                finally:
                    target.close()
                temporary.replace(path)
            finally:
                temporary.unlink(missing_ok=True)

    def close(self) -> None:
        """Let go of the file; the next use opens it again."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _open(self) -> sqlite3.Connection:
        """Return the connection; where the file was taken away or put back from a copy, a new one."""
        if self._connection is not None:
            if _inode(self.path) == self._inode:
                return self._connection
            self.close()
        self.path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))  # no one else reads hashes and names
        connection = sqlite3.connect(
            self.path, timeout=_WAIT, isolation_level=None, check_same_thread=False, cached_statements=256
        )
        try:
            connection.row_factory = sqlite3.Row
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")  # what was acknowledged outlives a power cut
            self._bring_up(connection)
        except BaseException:
            connection.close()
            raise
        self._connection, self._inode = connection, _inode(self.path)
        return connection

    def _bring_up(self, connection: sqlite3.Connection) -> None:
        if (
            _number(connection, "user_version") == len(STEPS)
            and _number(connection, "application_id") == _MARK
        ):
            return
        connection.execute("BEGIN IMMEDIATE")
        try:
            version, mark = _number(connection, "user_version"), _number(connection, "application_id")
            tables = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
            if mark != _MARK and (version or tables):
                raise LedgerError("这是别的程序的数据库", self.path, "用 ZHENGWEN_LEDGER 指定另一个文件")
            if version > len(STEPS):
                raise LedgerError(
                    "这个文件由更新的版本写成", self.path, "升级政问，或用 ZHENGWEN_LEDGER 另指文件"
                )
            for step in STEPS[version:]:
                for statement in _statements(step):
                    connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {_MARK}")
            connection.execute(f"PRAGMA user_version = {len(STEPS)}")
            connection.execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):
                connection.execute("ROLLBACK")
            raise

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.IntegrityError:  # a rule of the tables, for the caller to explain
            raise
        except sqlite3.Error as error:
            name = getattr(error, "sqlite_errorname", "")
            what, remedy = next(
                (told for start, told in _TOLD.items() if name.startswith(start)),
                (f"读写失败（{error}）", _DISK),
            )
            if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
                self.close()  # a copy that is put in its place is seen at the next use
            raise LedgerError(what, self.path, remedy) from error
        except OSError as error:
            raise LedgerError(f"读写失败（{error.strerror}）", self.path, _DISK) from error


_DISK = "检查文件夹的权限和磁盘空间；回答问题不受影响"
_DAMAGED = ("账号与记录文件已损坏", "停止服务，用备份替换它；没有备份就移走它，再建账号。回答问题不受影响")
_TOLD = {  # names of SQLite's result codes: https://www.sqlite.org/rescode.html
    "SQLITE_BUSY": ("账号与记录文件正被占用", "稍后再试"),
    "SQLITE_CORRUPT": _DAMAGED,
    "SQLITE_NOTADB": _DAMAGED,
    "SQLITE_FULL": ("磁盘空间不足", "清理磁盘后重试"),
    "SQLITE_READONLY": ("账号与记录文件不可写", _DISK),
    "SQLITE_CANTOPEN": ("账号与记录文件打不开", _DISK),
}


def _statements(script: str) -> Iterator[str]:
    """Yield the statements of a script one by one: `executescript` would end the transaction."""
    held = ""
    for line in script.splitlines(keepends=True):
        held += line
        if sqlite3.complete_statement(held):
            yield held
            held = ""


def _number(connection: sqlite3.Connection, name: str) -> int:
    value: int = connection.execute(f"PRAGMA {name}").fetchone()[0]
    return value


def _inode(path: Path) -> int:
    try:
        return path.stat().st_ino
    except FileNotFoundError:
        return 0
