"""Which clauses a guide reads: the measure's own, what it stands in, what stands below and beside it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from data import table
from graph.facts import Measure, Quantity, Record
from ingest.model import Clause
from qa.entries import ancestors
from qa.text import display, plain

GIVEN = frozenset(
    {"reward", "subsidy", "per_unit_rate", "rent_waiver", "rent_half", "loan_limit", "tax_threshold"}
)
_MOST = 40  # clauses that rule on claiming, in one part of a document


@dataclass(frozen=True, slots=True)
class Scope:
    """The clauses around a measure, each group in document order."""

    own: tuple[Clause, ...]  # the clause asked about and all below it
    above: tuple[Clause, ...]  # what it stands in, from the top
    beside: tuple[Clause, ...]  # other items of the same clause
    rules: tuple[Clause, ...]  # what the same part of the document rules on claiming


@cache
def words(name: str) -> re.Pattern[str]:
    """Return the patterns of one list of ``guide.toml`` as one; KeyError when there is none."""
    loaded = table("lexicon", "guide.toml")
    group, _, key = name.rpartition(".")
    return re.compile("|".join((loaded[group] if group else loaded)[key]))


def scope(record: Record, clause: Clause) -> Scope:
    """Return the clauses that a guide to `clause` reads."""
    clauses = record.policy.clauses
    by_locator = {each.locator: each for each in clauses}
    above = tuple(ancestors(clause, by_locator))
    own = tuple(c for c in clauses if c is clause or clause in ancestors(c, by_locator))
    parent = above[-1] if above and is_clause(above[-1], record) else None
    beside = tuple(
        c for c in clauses if parent is not None and c not in own and parent in ancestors(c, by_locator)
    )
    taken = {each.locator for each in (*own, *above, *beside)}
    part = clause.locator.split("/")[0]
    whole = part if any(part == each.label for each in record.policy.parts) else ""
    rules = tuple(
        c
        for c in clauses
        if c.locator not in taken
        and (not whole or c.locator.split("/")[0] == part)
        and any(words("headings").search(plain(t.title)) for t in (c, *ancestors(c, by_locator)))
        and not any(claims(record, c))
    )
    return Scope(own, above, beside, rules[:_MOST])


def is_clause(clause: Clause, record: Record) -> bool:
    """Tell a clause with items of its own from a chapter: it has text, or units answer for it."""
    return bool(clause.text) or any(duty.evidence.locator == clause.locator for duty in record.duties)


def claims(record: Record, clause: Clause) -> Iterator[Measure]:
    """Yield the sentences of a clause by which something can be claimed."""
    for measure in record.measures:
        if measure.evidence.locator != clause.locator or measure.kind != "incentive":
            continue
        span = measure.evidence.span
        verbatim = span is not None and record.policy.verbatim
        gist = next((gist.text for gist in record.gists if gist.locator == clause.locator), "")
        said = plain(span.of(record.policy.text) if span and verbatim else gist)
        if words("never").search(said) or words("penal").search(said):
            continue
        given = any(q.role in GIVEN for q in figures(record, measure))
        if given or words("gives" if verbatim else "plainly").search(said):
            yield measure


def figures(record: Record, measure: Measure) -> Iterator[Quantity]:
    """Yield the figures of a measure's sentence; of its clause, for knowledge without text."""
    span = measure.evidence.span
    for quantity in record.quantities:
        if quantity.evidence.locator != measure.evidence.locator:
            continue
        at = quantity.evidence.span
        if span is None or at is None or span.start <= at.start < span.end:
            yield quantity


def titled(clause: Clause, above: Sequence[Clause]) -> str:
    """Return the clause's title, or that of the nearest clause above that has one."""
    return next((display(c.title) for c in (clause, *reversed(above)) if c.title), "")
