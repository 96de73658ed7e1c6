"""The tables of the ledger, version by version: a file of any earlier version is brought up step by step.

Times are UTC, ``2022-07-15T08:00:00.000Z``, so that their order as texts is their order in time.
"""

# Never change a step that has been released: add one. `PRAGMA user_version` counts the steps taken.
STEPS = (
    """
    CREATE TABLE account (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE COLLATE NOCASE,
        role TEXT NOT NULL CHECK (role IN ('admin', 'editor')),
        salt BLOB NOT NULL, n INTEGER NOT NULL, r INTEGER NOT NULL, p INTEGER NOT NULL, digest BLOB NOT NULL,
        made TEXT NOT NULL, changed TEXT NOT NULL
    ) STRICT;
    CREATE TABLE session (
        digest BLOB PRIMARY KEY,
        account INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
        made TEXT NOT NULL, seen TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX session_account ON session (account);
    CREATE TABLE key (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL,
        role TEXT NOT NULL CHECK (role IN ('admin', 'editor')),
        digest BLOB NOT NULL UNIQUE,
        start TEXT NOT NULL,
        made TEXT NOT NULL, maker TEXT NOT NULL, used TEXT NOT NULL DEFAULT '',
        revoked TEXT NOT NULL DEFAULT ''
    ) STRICT;
    CREATE TABLE attempt (subject TEXT NOT NULL, at TEXT NOT NULL) STRICT;
    CREATE INDEX attempt_subject ON attempt (subject, at);
    CREATE TABLE audit (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        at TEXT NOT NULL, who TEXT NOT NULL, action TEXT NOT NULL, subject TEXT NOT NULL,
        outcome TEXT NOT NULL, detail TEXT NOT NULL, request TEXT NOT NULL, mark TEXT NOT NULL
    ) STRICT;
    CREATE INDEX audit_who ON audit (who, id);
    CREATE INDEX audit_action ON audit (action, id);
    CREATE INDEX audit_at ON audit (at);
    CREATE TRIGGER audit_stands BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
    CREATE TRIGGER audit_stays BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
    CREATE TABLE feedback (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        at TEXT NOT NULL, useful INTEGER NOT NULL CHECK (useful IN (0, 1)),
        why TEXT NOT NULL, question TEXT NOT NULL, cited TEXT NOT NULL,
        status TEXT NOT NULL, generation TEXT NOT NULL
    ) STRICT;
    CREATE INDEX feedback_at ON feedback (at);
    """,
)
