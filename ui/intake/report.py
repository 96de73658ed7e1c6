"""What became of what was handed in: a row a file, and the generation that it is in."""

from dataclasses import dataclass
from typing import Literal

Outcome = Literal["added", "replaced", "unchanged", "skipped", "failed", "removed"]


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one file."""

    source: str
    name: str
    outcome: Outcome
    clauses: int = 0
    duties: int = 0
    quantities: int = 0
    findings: int = 0
    error: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a batch, a row a file, and the generation it is in."""

    rows: tuple[Row, ...]
    generation: str

    @property
    def failed(self) -> tuple[Row, ...]:
        """Rows of the files that could not be read."""
        return tuple(row for row in self.rows if row.outcome == "failed")
