"""The application guide 申报指南: what a measure gives, to whom, how and until when."""

from dataclasses import dataclass

from qa.model import Citation, Validity


@dataclass(frozen=True, slots=True)
class Said:
    """Words of the document under one heading of the guide.

    `words` are ``text[start:end]`` of the document, white space dropped; start and end are None for
    knowledge without text, where `words` are the editor's. `general` marks what the document rules on
    claiming elsewhere: whether it applies is for the reader to see.
    """

    words: str
    locator: str
    start: int | None = None
    end: int | None = None
    general: bool = False


@dataclass(frozen=True, slots=True)
class Gift:
    """One sum, rate or relief: what, to whom, on what condition, within which cap.

    `figure` is the printed figure with its bound, `each` what it is given for (每人每月), `base` what a
    rate is taken of or a threshold measures, `caps` the upper limits as printed, `stage` its place in a
    staged row, from 1; `doubt` says why the reading is unsure and waits for an official (empty: it does not).
    """

    kind: str
    figure: str
    each: str
    base: str
    recipient: str
    condition: str
    caps: tuple[str, ...]
    payer: str
    stage: int | None
    value: float | int | str
    unit: str
    role: str
    bound: str
    locator: str
    start: int | None = None
    end: int | None = None
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One sentence by which something can be claimed, with its sums and its own period."""

    said: Said
    audience: str
    gifts: tuple[Gift, ...]
    validity: Validity


@dataclass(frozen=True, slots=True)
class Guide:
    """What a person needs to claim a measure; parts that the document does not give are in `missing`."""

    source: str
    policy: str
    number: str | None
    jurisdiction: str | None
    status: str
    verbatim: bool
    locator: str
    title: str
    as_of: str | None
    items: tuple[Item, ...]
    audience: tuple[str, ...]
    who: tuple[Said, ...]
    conditions: tuple[Said, ...]
    window: tuple[Said, ...]
    where: tuple[Said, ...]
    materials: tuple[Said, ...]
    process: tuple[Said, ...]
    payers: tuple[Said, ...]
    lead_units: tuple[str, ...]
    responsible_units: tuple[str, ...]
    support_units: tuple[str, ...]
    units_locator: str
    validity: Validity
    citations: tuple[Citation, ...]
    missing: tuple[str, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class NoGuide:
    """A clause by which nothing can be claimed: why, and who answers for it."""

    source: str
    locator: str
    title: str
    reason: str
    units: tuple[str, ...] = ()
