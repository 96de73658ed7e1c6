"""What people thought of an answer: 有用 or 没用, why, question, clauses cited; personal data masked."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ui.ledger.database import Database
from ui.masking import mask

_MOST = 100_000  # rows that are kept: anyone may press the button


@dataclass(frozen=True, slots=True)
class FeedbackRow:
    """One opinion; `at` is UTC, `cited` are "source locator", `status` the answer's, texts are masked."""

    id: int
    at: str
    useful: bool
    why: str
    question: str
    cited: tuple[str, ...]
    status: str
    generation: str


class Feedback:
    """The opinions; raises LedgerError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self,
        *,
        useful: bool,
        question: str,
        why: str = "",
        cited: Sequence[str] = (),
        status: str = "",
        generation: str = "",
        instead_of: int | None = None,
    ) -> int:
        """Keep an opinion and return its number; `cited` are "source locator", `status` is the answer's.

        `instead_of` is the number of an opinion that this one takes the place of.
        """
        with self._database.write() as rows:
            rows.execute("DELETE FROM feedback WHERE id IS ?", (instead_of,))
            number: int = rows.execute(
                "INSERT INTO feedback (at, useful, why, question, cited, status, generation)"
                " VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id",
                (
                    self._database.stamp(),
                    int(useful),
                    mask(why)[:500],
                    mask(question)[:1000],
                    json.dumps([place[:300] for place in cited[:20]], ensure_ascii=False),
                    status[:40],
                    generation[:40],
                ),
            ).fetchone()[0]
            rows.execute("DELETE FROM feedback WHERE id <= ?", (number - _MOST,))
        return number

    def rows(
        self, *, useful: bool | None = None, since: str = "", before: int | None = None, limit: int = 100
    ) -> list[FeedbackRow]:
        """Return opinions, the newest first, since a moment (UTC), below the number `before`."""
        chosen = (0, 1) if useful is None else (int(useful), int(useful))
        with self._database.read() as rows:
            found = rows.execute(
                "SELECT * FROM feedback WHERE useful IN (?, ?) AND at >= ? AND id < ?"
                " ORDER BY id DESC LIMIT ?",
                (*chosen, since, 2**62 if before is None else before, limit),
            ).fetchall()
        return [
            FeedbackRow(
                row["id"], row["at"], bool(row["useful"]), row["why"], row["question"],
                tuple(json.loads(row["cited"])), row["status"], row["generation"],
            )
            for row in found
        ]  # fmt: skip

    def each(self) -> Iterator[FeedbackRow]:
        """Yield all opinions, the newest first."""
        before: int | None = None
        while page := self.rows(before=before, limit=1000):
            yield from page
            before = page[-1].id

    def counts(self, since: str = "") -> tuple[int, int]:
        """Return how many found an answer useful, and how many did not, since a moment (UTC)."""
        with self._database.read() as rows:
            useful, total = rows.execute(
                "SELECT coalesce(sum(useful), 0), count(*) FROM feedback WHERE at >= ?", (since,)
            ).fetchone()
        return useful, total - useful
