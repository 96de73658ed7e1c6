"""What is on a unit: each clause by role with its figures, its share in each document, its other names."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date

from graph.facts import Duty, Record, Role
from graph.queries import ROLES, duties_of_unit
from graph.storage.generations import Generation
from graph.units.names import parts
from graph.units.reach import reached
from graph.units.reforms import Change, change_between, changes, is_office, old_fields, succeeds
from graph.validity import Repeal, State, validity_at
from ingest.model import Clause

_HEAD = 30  # characters of its text that stand for a clause without a title


@dataclass(frozen=True, slots=True)
class Charge:
    """A clause that is on a unit: in which role, in which document, with the figures that stand in it.

    `policy` is the document's title; `written` how the document prints the unit; `heading` the clause's
    title, or the beginning of its text; `state` and `until` (ISO 8601) as in graph.validity.
    """

    role: Role
    source: str
    policy: str
    locator: str
    heading: str
    figures: tuple[str, ...]
    written: str
    state: State
    until: str | None


@dataclass(frozen=True, slots=True)
class Share:
    """In how many clauses of a document a unit has a role."""

    unit: str
    jurisdiction: str
    source: str
    role: Role
    count: int


@dataclass(frozen=True, slots=True)
class Kin:
    """The same body by the name before or after a reform; `later` when it is the name after it."""

    unit: str
    later: bool
    ground: str


def charges(
    generation: Generation,
    unit: str,
    jurisdiction: str,
    as_of: date | None = None,
    repeal: Callable[[str], Repeal | None] = lambda _source: None,
) -> list[Charge]:
    """Return every clause that is on the unit, once for each of its roles, in document order.

    Validity is told for the day `as_of`; `repeal` gives what ended a document (graph.citing).
    """
    found: dict[tuple[Role, str, str], Charge] = {}
    for row in duties_of_unit(generation, unit, jurisdiction=jurisdiction):
        key = (row.role, row.source, row.locator)
        if key in found:
            continue
        record = generation.record(row.source)
        clause = record.policy.clause(row.locator)
        state, until = standing(record, clause, as_of, repeal(row.source))
        told = heading(clause) if clause else row.title
        held = figures(record, row.locator)
        found[key] = Charge(*key[:2], record.policy.title, row.locator, told, held, row.written, state, until)
    return sorted(found.values(), key=lambda charge: ROLES.index(charge.role))


def standing(
    record: Record, clause: Clause | None, as_of: date | None, repeal: Repeal | None
) -> tuple[State, str | None]:
    """Return whether a clause is in force on a day, and its last day where one is written."""
    state, _, until, _ = validity_at(record.policy, clause, record.quantities, as_of, repeal)
    return state, until


def heading(clause: Clause) -> str:
    """Return a clause's title, or the beginning of its text."""
    return clause.title or (clause.text[:_HEAD] + "……" if len(clause.text) > _HEAD else clause.text)


def figures(record: Record, locator: str) -> tuple[str, ...]:
    """Return the figures of a clause as printed, white space dropped, each once, in its order."""
    found = ("".join(q.surface.split()) for q in record.quantities if q.evidence.locator == locator)
    return tuple(dict.fromkeys(found))


def on_whom(record: Record, locators: Collection[str]) -> dict[str, tuple[Duty, ...]]:
    """Return who has a part in these clauses, also where that is written above or below them."""
    own: dict[str, list[Duty]] = {}
    for duty in record.duties:
        own.setdefault(duty.evidence.locator, []).append(duty)
    found = reached(record.policy.clauses, own)
    return {locator: found.get(locator, ()) for locator in locators}


def shares(generation: Generation) -> list[Share]:
    """Return each unit's share in each document, by jurisdiction, unit, document and role."""
    found = [
        Share(unit, row.place, source, role, count)
        for source, row in generation.catalog.items()
        for unit, counts in row.units.items()
        for role, count in zip(ROLES, counts, strict=True)
        if count
    ]
    return sorted(found, key=lambda s: (s.jurisdiction, s.unit, s.source, ROLES.index(s.role)))


def kin(unit: str, others: Iterable[str]) -> list[Kin]:
    """Return which of `others`, units of the same place, are this body before or after a reform."""
    found = []
    for other in others:
        after, before = succeeds(other, unit), succeeds(unit, other)
        if other != unit and (after or before):
            old, new = (unit, other) if after else (other, unit)
            change = change_between(parts(old).stem, new)
            found.append(Kin(other, after, change.ground if change else ""))
    return found


def took_over(unit: str) -> tuple[Change, ...]:
    """Return the reforms by which a unit of this name took over other bodies' duties, the earliest first."""
    stem = parts(unit).stem
    went = [c for c in changes() if stem in (*c.new.forms, *c.new.also)] if is_office(unit) else []
    return tuple(sorted(went, key=lambda change: change.year))


def gave_over(unit: str) -> tuple[Change, ...]:
    """Return the reforms by which the duties of a unit of this name went to other bodies."""
    return old_fields().get(parts(unit).stem, ()) if is_office(unit) else ()
