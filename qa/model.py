"""The answer and its parts, as docs/contract fixes them."""

from dataclasses import dataclass
from typing import Literal

AnswerStatus = Literal["answered", "no_figure", "no_basis", "clarify"]
ValidityState = Literal["in_force", "expired", "draft", "unknown"]


@dataclass(frozen=True, slots=True)
class Citation:
    """A clause that the answer stands on.

    `quote` is word for word: ``text[start:end] == quote`` in the stored document. For bundled
    knowledge without text the quote is empty, start and end are None, `verified` is False, and
    `gist` tells the clause in the editor's words.
    """

    source: str
    policy: str
    number: str | None
    locator: str
    title: str
    quote: str
    start: int | None
    end: int | None
    verified: bool
    jurisdiction: str | None = None
    gist: str = ""


@dataclass(frozen=True, slots=True)
class Amount:
    """A figure of the answer with its recipient and condition."""

    surface: str
    value: float | int | str
    unit: str
    role: str
    recipient: str
    condition: str
    source: str = ""
    locator: str = ""
    bound: str = "exact"
    periodicity: str = ""


@dataclass(frozen=True, slots=True)
class Validity:
    """Whether the cited measure is in force at the asked date; dates ISO 8601."""

    state: ValidityState = "unknown"
    valid_from: str | None = None
    until: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Pointer:
    """A clause pointed at, not stood on."""

    source: str
    locator: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes out to the person who asked."""

    question: str
    status: AnswerStatus
    answer: str
    citations: tuple[Citation, ...] = ()
    lead_units: tuple[str, ...] = ()
    responsible_units: tuple[str, ...] = ()
    support_units: tuple[str, ...] = ()
    amounts: tuple[Amount, ...] = ()
    number: float | int | None = None
    steps: tuple[str, ...] = ()
    validity: Validity = Validity()
    related: tuple[Pointer, ...] = ()
    resolved: str = ""  # the question as understood, when context filled it in
    choices: tuple[str, ...] = ()  # jurisdictions to choose from, follow-up chips
    sparql: str = ""  # a query over the graph that gives the same rows or number
    reading: str = ""  # what an operator reads aloud
    elapsed_ms: float = 0.0
    id: str | None = None
