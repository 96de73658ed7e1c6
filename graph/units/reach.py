"""How far a unit list reaches: from a clause down to items without one, from items up to their heading."""

from collections.abc import Iterable, Mapping, Sequence

from graph.facts import Duty
from ingest.model import Clause


def reached(clauses: Sequence[Clause], own: Mapping[str, Sequence[Duty]]) -> dict[str, tuple[Duty, ...]]:
    """Return for each locator the duties that an official would name for the clause.

    Those written in it come first. An item without any has those of the nearest clause above that has some;
    one that names bodies and no lead has the lead written above it. A heading without text of its own and
    without units has those of the clauses below it. What is not the clause's own keeps its own evidence, so
    its locator tells where it is written.
    """
    by_locator = {clause.locator: clause for clause in clauses}
    below: dict[str, list[Duty]] = {}
    found: dict[str, tuple[Duty, ...]] = {}
    for clause in clauses:
        written = tuple(own.get(clause.locator, ()))
        above = _above(clause, by_locator, own)
        if not written:
            found[clause.locator] = above
        elif _role(written, "lead"):
            found[clause.locator] = written
        else:
            found[clause.locator] = (*_role(above, "lead"), *written)
        if clause.parent is not None:
            below.setdefault(clause.parent, []).extend(written)
    for locator, duties in below.items():
        heading = by_locator.get(locator)
        if heading is not None and not heading.text and not found.get(locator):
            found[locator] = _once(duties)
    return found


def _above(
    clause: Clause, by_locator: Mapping[str, Clause], own: Mapping[str, Sequence[Duty]]
) -> tuple[Duty, ...]:
    """Return the duties of the nearest clause above that has some."""
    parent = clause.parent
    while parent is not None and parent in by_locator:
        if written := own.get(parent):
            return tuple(written)
        parent = by_locator[parent].parent
    return ()


def _role(duties: Iterable[Duty], role: str) -> tuple[Duty, ...]:
    return tuple(duty for duty in duties if duty.role == role)


def _once(duties: Iterable[Duty]) -> tuple[Duty, ...]:
    return tuple({(duty.unit, duty.role): duty for duty in reversed(list(duties))}.values())[::-1]
