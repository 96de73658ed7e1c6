"""What the service itself remembers: accounts, sessions, keys, the audit log, feedback. One SQLite file."""

from pathlib import Path

from ui.ledger.accounts import SCRYPT, Accounts, Cost
from ui.ledger.audit import Audit
from ui.ledger.database import Clock, Database, now
from ui.ledger.feedback import Feedback
from ui.ledger.keys import Keys
from ui.ledger.sessions import Sessions
from ui.ledger.throttle import Throttle


class Ledger:
    """All that is kept in the file at `path`; it is opened, and made if missing, at the first use.

    Every call raises LedgerError (a StoreError) when the file cannot be read or written. `together`
    joins several calls in one transaction: all of them are kept or none.
    """

    def __init__(self, path: Path, clock: Clock = now, cost: Cost = SCRYPT) -> None:
        database = Database(path, clock)
        self.path = path
        self.clock = clock
        self.accounts = Accounts(database, cost)
        self.sessions = Sessions(database)
        self.keys = Keys(database)
        self.throttle = Throttle(database)
        self.audit = Audit(database)
        self.feedback = Feedback(database)
        self.together = database.write
        self.copy = database.copy
        self.close = database.close
