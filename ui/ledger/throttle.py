"""Sign-in made slower after failures, by name and by address; nobody is locked out for good.

The wait for a name stays short, for anyone can fail under another's name; that for an address may grow.
"""

from datetime import datetime, timedelta

from ui.ledger.database import Database, moment, stamp

FREE = 3  # failures before the first wait
_KEPT = timedelta(hours=1)  # failures older than this count no more
_LONGEST = {"name": 16, "address": 300}  # seconds


class Throttle:
    """The failed attempts of the last hour; raises LedgerError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, name: str, address: str) -> int:
        """Return how many seconds to wait; at 0 an attempt is counted (as failed, until `clear`).

        Counted before the password is looked at: attempts at the same moment count one by one.
        """
        at, subjects = self._database.now(), _subjects(name, address)
        with self._database.write() as rows:
            rows.execute("DELETE FROM attempt WHERE at < ?", (stamp(at - _KEPT),))
            wait = 0
            for kind, subject in subjects.items():
                count, last = rows.execute(
                    "SELECT count(*), max(at) FROM attempt WHERE subject = ?", (subject,)
                ).fetchone()
                wait = max(wait, _wait(kind, count, last, at))
            if not wait:
                rows.executemany(
                    "INSERT INTO attempt VALUES (?, ?)",
                    [(subject, stamp(at)) for subject in subjects.values()],
                )
        return wait

    def clear(self, name: str, address: str) -> None:
        """Forget the attempts of a name and an address: someone has signed in."""
        with self._database.write() as rows:
            rows.executemany(
                "DELETE FROM attempt WHERE subject = ?",
                [(subject,) for subject in _subjects(name, address).values()],
            )


def _subjects(name: str, address: str) -> dict[str, str]:
    return {"name": f"name {name.casefold()[:80]}", "address": f"address {address}"}


def _wait(kind: str, count: int, last: str | None, at: datetime) -> int:
    """Return the seconds left of the wait after `count` failures, the last one at `last`."""
    if count < FREE or last is None:
        return 0
    whole = min(2 ** min(count - FREE, 20), _LONGEST[kind])
    left = whole - (at - moment(last)).total_seconds()
    return max(0, -int(-left // 1))
