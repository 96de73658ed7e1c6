"""Ledgers for tests: a clock that is set by hand, hashes that cost little."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from ui.ledger import Ledger
from ui.ledger.accounts import Cost

CHEAP = Cost(16, 8, 1)
PASSWORD = "清晨的河边有雾和鸟鸣"  # noqa: S105  of a test


class Hand:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def later(self, **by: float) -> None:
        self.now += timedelta(**by)


def made(path: Path, clock: Hand | None = None) -> Ledger:
    """Return a ledger with an admin 李明 and an editor 王芳, both with the password PASSWORD."""
    ledger = Ledger(path, clock or Hand(), CHEAP)
    ledger.accounts.add("李明", PASSWORD, "admin")
    ledger.accounts.add("王芳", PASSWORD, "editor")
    return ledger
