"""Keys of programs that write through the API: shown once when made, kept as a hash only."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from ui.ledger.accounts import Account, AccountError, Role, plain
from ui.ledger.database import Database, moment, stamp

_PREFIX = "zw_"
_NOTED = timedelta(minutes=1)  # how often the last use is written down


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A key as the list tells it; `start` are its first characters, `used` and `revoked` may be empty."""

    id: int
    name: str
    role: Role
    start: str
    made: str
    maker: str
    used: str
    revoked: str


class Keys:
    """The keys of the ledger; raises LedgerError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, name: str, role: Role, maker: str) -> str:
        """Return a new key for the program `name`; it is shown now and never again."""
        name = plain(name)
        if not name or len(name) > 40 or not name.isprintable():
            raise AccountError("程序的名称不能用", "写 1 到 40 个字，如 公文系统")
        key = _PREFIX + secrets.token_urlsafe(32)
        with self._database.write() as rows:
            rows.execute(
                "INSERT INTO key (name, role, digest, start, made, maker) VALUES (?, ?, ?, ?, ?, ?)",
                (name, role, _digest(key), key[:8], self._database.stamp(), maker),
            )
        return key

    def find(self, key: str) -> Account | None:
        """Return the program whose key this is; None for unknown and revoked ones."""
        with self._database.read() as rows:
            row = rows.execute(
                "SELECT * FROM key WHERE digest = ? AND revoked = ''", (_digest(key),)
            ).fetchone()
        if row is None:
            return None
        at = self._database.now()
        if not row["used"] or at >= moment(row["used"]) + _NOTED:
            with self._database.write() as rows:
                rows.execute("UPDATE key SET used = ? WHERE id = ?", (stamp(at), row["id"]))
        return Account(row["name"], row["role"], program=True)

    def revoke(self, id: int) -> str | None:
        """End a key for good; return the program's name, None where there is no such key in use."""
        with self._database.write() as rows:
            row = rows.execute(
                "UPDATE key SET revoked = ? WHERE id = ? AND revoked = '' RETURNING name",
                (self._database.stamp(), id),
            ).fetchone()
        return row and str(row["name"])

    def any(self) -> bool:
        """Tell whether a key is in use."""
        with self._database.read() as rows:
            return rows.execute("SELECT 1 FROM key WHERE revoked = '' LIMIT 1").fetchone() is not None

    def all(self) -> list[KeyRow]:
        """Return all keys, the newest first."""
        with self._database.read() as rows:
            found = rows.execute(
                "SELECT id, name, role, start, made, maker, used, revoked FROM key ORDER BY id DESC"
            ).fetchall()
        return [KeyRow(*row) for row in found]


def _digest(key: str) -> bytes:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()
