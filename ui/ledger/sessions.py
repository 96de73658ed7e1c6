"""Sessions of people who signed in: a random token in the browser, only its SHA-256 here."""

import hashlib
import secrets
from dataclasses import replace
from datetime import timedelta

from ui.ledger.accounts import Account
from ui.ledger.database import Database, moment, stamp

IDLE = timedelta(hours=2)
ABSOLUTE = timedelta(hours=12)
_NOTED = timedelta(minutes=1)  # how often the last use is written down


class Sessions:
    """The sessions of the ledger; raises LedgerError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, account: Account) -> str:
        """Return the token of a new session; sessions that have run out are cleared away."""
        token, at = secrets.token_urlsafe(32), self._database.now()
        with self._database.write() as rows:
            rows.execute(
                "DELETE FROM session WHERE made < ? OR seen < ?", (stamp(at - ABSOLUTE), stamp(at - IDLE))
            )
            rows.execute(
                "INSERT INTO session SELECT ?, id, ?, ? FROM account WHERE name = ?",
                (_digest(token), stamp(at), stamp(at), account.name),
            )
        return token

    def find(self, token: str) -> Account | None:
        """Return whose session a token is, with the token for its forms; None when it has run out."""
        at = self._database.now()
        with self._database.read() as rows:
            row = rows.execute(
                "SELECT name, role, session.made, seen FROM session JOIN account ON id = account"
                " WHERE session.digest = ?",
                (_digest(token),),
            ).fetchone()
        if row is None or at >= moment(row["made"]) + ABSOLUTE or at >= moment(row["seen"]) + IDLE:
            return None
        if at >= moment(row["seen"]) + _NOTED:
            with self._database.write() as rows:
                rows.execute("UPDATE session SET seen = ? WHERE digest = ?", (stamp(at), _digest(token)))
        return replace(Account(row["name"], row["role"]), csrf=csrf(token))

    def end(self, token: str) -> None:
        """End a session."""
        with self._database.write() as rows:
            rows.execute("DELETE FROM session WHERE digest = ?", (_digest(token),))


def csrf(token: str) -> str:
    """Return what forms of a session must bring back: bound to it, and it cannot be found from it."""
    return hashlib.sha256(b"csrf " + token.encode()).hexdigest()


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
