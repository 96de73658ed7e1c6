"""What officials decided about facts: one row a decision, kept for ever, in the order of the decisions."""

from dataclasses import dataclass
from typing import Literal

import msgspec

from graph.review.keys import Key

# withdraw takes the decision before it back: the fact stands again as it stood before that one.
Action = Literal["accept", "change", "reject", "add", "withdraw"]


class CorrectionError(Exception):
    """A decision that cannot be taken: what is wrong and what to do (in Chinese, for users)."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(f"{what}。{remedy}")
        self.what, self.remedy = what, remedy


@dataclass(frozen=True, slots=True)
class Correction:
    """A decision on one fact: by whom, on which day (ISO, as the caller says), and why.

    `fields` are the changed or added ones with their new values as text. The key of an added fact names
    the words that it is read from.
    """

    key: Key
    action: Action
    by: str
    on: str
    note: str = ""
    fields: tuple[tuple[str, str], ...] = ()


def encode(history: tuple[Correction, ...]) -> bytes:
    """Return a document's decisions as UTF-8 JSON; equal ones give equal bytes."""
    return msgspec.json.encode(history, order="deterministic")


def decode(data: bytes) -> tuple[Correction, ...]:
    """Return the decisions that `encode` wrote; raises ValueError for other bytes."""
    return msgspec.json.decode(data, type=tuple[Correction, ...])
