"""Decisions of officials on facts, and how facts and decisions are told: for command, API, pages."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from data import table
from graph.facts import Duty, FundingRule, Measure, Quantity, Reference
from graph.figures.words import unit_word
from graph.review import desk
from graph.review.corrections import Action, Correction
from graph.review.desk import Entry, Row
from graph.review.keys import Fact, Kind
from graph.storage.journal import Cause
from ui.settings import Settings

Decision = tuple[Action, str, dict[str, str]]


def decide(
    settings: Settings, decisions: Sequence[Decision], *, by: str, on: str, note: str = ""
) -> list[Correction]:
    """Take decisions (action, id, new fields) in one generation: all of them or none.

    Raises CorrectionError, StoreError.
    """
    from ui.intake import alter

    return alter(
        lambda draft: [
            desk.decide(draft, ident, action, by=by, on=on, note=note, fields=fields)
            for action, ident, fields in decisions
        ],
        settings.store,
        cause=Cause("review", by),
        model=settings.model,
        keep=settings.keep,
    )[0]


def add(
    settings: Settings,
    source: str,
    locator: str,
    kind: Kind,
    words: str,
    *,
    by: str,
    on: str,
    note: str = "",
    fields: dict[str, str],
) -> Correction:
    """Add a unit or a figure that was not found; raises CorrectionError, StoreError."""
    from ui.intake import alter

    return alter(
        lambda draft: desk.add(draft, source, locator, kind, words, by=by, on=on, note=note, fields=fields),
        settings.store,
        cause=Cause("review", by),
        model=settings.model,
        keep=settings.keep,
    )[0]


class _Said:
    """The Chinese words for fields and values: `data/lexicon/review.toml`."""

    def __init__(self) -> None:
        words = table("lexicon", "review.toml")
        self.kinds: dict[str, str] = words["kinds"]
        self.actions: dict[str, str] = words["actions"]
        self.fields: dict[str, str] = words["fields"]
        self.values: dict[str, str] = words["values"]
        self.english = {word: name for name, word in self.fields.items()} | {"角色": "role"}
        self._values = {word: name for name, word in self.values.items()}

    def value(self, field: str, word: str) -> str:
        """Return the word of a closed vocabulary in its own form; other words stay as they are."""
        closed = self.english.get(field, field) in ("role", "bound", "periodicity", "kind", "relation")
        return self._values.get(word, word) if closed else word


@cache
def said() -> _Said:
    """Return the words (read once a process)."""
    return _Said()


def shown(value: str) -> str:
    """Return a value as an official reads it."""
    return said().values.get(value, value)


def told(fact: Fact) -> str:
    """Say a fact in one line."""
    match fact:
        case Duty():
            written = f"，原文“{''.join(fact.written.split())}”" if fact.written != fact.unit else ""
            return f"{fact.unit}（{shown(fact.role)}{written}）"
        case Quantity():
            details = (("对象", fact.recipient), ("条件", fact.condition), ("出资方", fact.payer))
            more = "".join(f"；{name}：{value}" for name, value in details if value)
            value = f"{fact.value}{unit_word(fact.unit)}"
            return f"{''.join(fact.surface.split())}（{shown(fact.role)}，{shown(fact.bound)} {value}）{more}"
        case Measure():
            period = "—".join(day or "" for day in (fact.valid_from, fact.valid_until))
            more = f"；适用对象：{fact.audience}" if fact.audience else ""
            return shown(fact.kind) + more + (f"；{period}" if period != "—" else "")
        case Reference():
            return f"{shown(fact.relation)}《{fact.title}》{fact.number or ''}"
        case FundingRule():
            return f"{fact.payer} {fact.share}"


def row_out(row: Row) -> dict[str, Any]:
    """Return a fact for review as JSON names it."""
    hidden = ("evidence", "validity_evidence", "review", "confidence", "reason", "sentence")
    fields = {name: getattr(row.fact, name) for name in row.fact.__dataclass_fields__ if name not in hidden}
    mark = row.fact.review
    return {
        "id": row.id,
        "source": row.source,
        "policy": row.policy,
        "locator": row.locator,
        "title": row.title,
        "kind": row.kind,
        "fact": told(row.fact),
        "fields": fields,
        "confidence": row.fact.confidence,
        "reason": row.fact.reason,
        "sentence": row.sentence,
        "rejected": row.rejected,
        "review": {
            "state": mark.state,
            "by": mark.by,
            "on": mark.on,
            "note": mark.note,
            "before": dict(mark.before),
        }
        if mark
        else None,
    }


def entry_out(entry: Entry) -> dict[str, Any]:
    """Return a decision as JSON names it."""
    row = entry.correction
    return {
        "id": entry.id,
        "source": row.key.source,
        "locator": row.key.locator,
        "kind": row.key.kind,
        "printed": row.key.printed,
        "quotation": row.key.quotation,
        "action": row.action,
        "fields": dict(row.fields),
        "by": row.by,
        "on": row.on,
        "note": row.note,
        "standing": entry.standing,
    }
