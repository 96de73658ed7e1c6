"""Reforms that renamed or merged bodies: who took duties over from whom, and by what ground."""

from dataclasses import dataclass
from functools import cache

from data import table
from graph.units.names import is_group, parts
from graph.units.words import Field, unit_words


@dataclass(frozen=True, slots=True)
class Change:
    """Former fields, the field that took their duties over, the year, and the ground in Chinese."""

    old: tuple[str, ...]
    new: Field
    year: int
    ground: str


@cache
def changes() -> tuple[Change, ...]:
    """Load ``data/registry/reforms.toml`` (once a process).

    Raises StopIteration when a row names a field that ``units.toml`` does not have.
    """
    rows = table("registry", "reforms.toml")["change"]
    fields = unit_words().fields
    return tuple(
        Change(
            tuple(row["old"]),
            next(f for f in fields if row["new"] in f.forms),
            row["year"],
            row["ground"],
        )
        for row in rows
    )


@cache
def old_fields() -> dict[str, tuple[Change, ...]]:
    """Return each former field with the changes that it went through first, the earliest first."""
    found: dict[str, list[Change]] = {}
    for change in sorted(changes(), key=lambda c: c.year):
        for old in change.old:
            found.setdefault(old, []).append(change)
    return {old: tuple(went) for old, went in found.items()}


def later(old: str) -> tuple[Change, ...]:
    """Return the changes that a former field's successors went through in turn (扶贫 → … → 农业农村)."""
    direct = old_fields().get(old, ())
    further = [c for d in direct for form in d.new.forms for c in old_fields().get(form, ())]
    return tuple(c for c in dict.fromkeys(further) if c not in direct)


def successors(old: str) -> tuple[str, ...]:
    """Return the written forms of the fields that took a former field's duties over, at once or later."""
    return tuple(form for c in (*old_fields().get(old, ()), *later(old)) for form in c.new.forms)


def change_between(said: str, unit: str) -> Change | None:
    """Return the last change that lies between a field as said (工商, 市场监管) and a unit's, or None."""
    if not is_office(unit):
        return None
    stem = parts(unit).stem
    for old, new in ((said, stem), (stem, said)):
        for change in (*old_fields().get(old, ()), *later(old)):
            if any(form in new for form in change.new.forms) or new in change.new.also:
                return change
    return None


def succeeds(new: str, old: str) -> bool:
    """Say whether unit `new` took over the duties of unit `old` of the same place."""
    a, b = parts(new), parts(old)
    same = not a.level or not b.level or (a.level, a.place) == (b.level, b.place) or bool(a.branch)
    return same and is_office(new) and is_office(old) and any(f in a.stem for f in successors(b.stem))


def is_office(unit: str) -> bool:
    """Say whether a unit is an office of government, which reforms rename (县工商联 is none)."""
    kinds = unit_words().spoken_type["部门"]
    return parts(unit).type_ in (*kinds, "委员会", "办公室", "总局", "会") and not is_group(unit)
