"""Doubtful facts for the page: kept ready document by document, and decided many at once."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from graph.review import desk
from graph.review.applying import review
from graph.review.corrections import Action, Correction, CorrectionError
from graph.review.desk import Row
from graph.storage.generations import Generation, StoredDocument
from graph.storage.journal import Cause
from graph.storage.store import Draft
from ui.intake import alter
from ui.review import told
from ui.settings import Settings


@dataclass(frozen=True, slots=True)
class Wanted:
    """A decision that someone wants taken; `seen` says how many decisions on the fact they knew of."""

    id: str
    action: Action
    seen: int = 0
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of it: saved, decided meanwhile by another (`other`), or refused; `told` says why."""

    id: str
    state: str
    told: str = ""


class Queue:
    """The doubtful facts of the current generation; a document is looked at again only when it changed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: dict[str, tuple[StoredDocument, tuple[Row, ...], int]] = {}

    def rows(self, generation: Generation, source: str = "", kind: str = "") -> tuple[Row, ...]:
        """Return what is to be looked at, the least sure first; of one document, of one kind."""
        held = self._look(generation)
        found = [row for name, (_, rows, _) in held.items() if source in ("", name) for row in rows]
        return tuple(sorted((r for r in found if kind in ("", r.kind)), key=lambda row: row.fact.confidence))

    def counts(self, generation: Generation) -> dict[str, int]:
        """Return how many facts of each document are to be looked at."""
        return {name: len(rows) for name, (_, rows, _) in self._look(generation).items() if rows}

    def decided(self, generation: Generation) -> int:
        """Return how many decisions were taken in all."""
        return sum(count for _, _, count in self._look(generation).values())

    def _look(self, generation: Generation) -> dict[str, tuple[StoredDocument, tuple[Row, ...], int]]:
        with self._lock:
            held = {}
            for document in generation.documents:
                known = self._held.get(document.source)
                if known is None or known[0] != document:
                    rows = desk.rows(generation, document.source)
                    known = (document, rows, len(generation.history(document.source)))
                held[document.source] = known
            self._held = held
            return held


def alike(rows: Sequence[Row]) -> dict[str, tuple[str, ...]]:
    """Return for each fact the ids of those of its document that say the same for the same reason."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for row in rows:
        groups.setdefault((row.source, row.kind, told(row.fact), row.fact.reason), []).append(row.id)
    return {ident: tuple(ids) for ids in groups.values() for ident in ids}


def save(settings: Settings, wanted: Sequence[Wanted], *, by: str, on: str) -> list[Taken]:
    """Take decisions in one generation; each stands for itself.

    One whose fact was decided by someone else meanwhile is not taken and told. Raises StoreError.
    """

    def change(draft: Draft) -> list[Taken]:
        return [_take(draft, row, by=by, on=on) for row in wanted]

    return alter(change, settings.store, cause=Cause("review", by), model=settings.model, keep=settings.keep)[
        0
    ]


def _take(draft: Draft, row: Wanted, *, by: str, on: str) -> Taken:
    last = _standing(draft, row.id)
    if last is not None and len(last) != row.seen:
        who = f"{last[-1].by}（{last[-1].on}）" if last else "别人"
        done = "已由" + who + "核对" if len(last) > row.seen else f"{who}撤回了核对"
        return Taken(row.id, "other", f"{done}，你的决定没有存。刷新后再看")
    try:
        desk.decide(draft, row.id, row.action, by=by, on=on, fields=row.fields)
    except CorrectionError as error:
        return Taken(row.id, "refused", f"{error.what}。{error.remedy}")
    return Taken(row.id, "saved")


def _standing(draft: Draft, ident: str) -> list[Correction] | None:
    """Return the decisions that stand behind a fact; None where there is no such fact."""
    source = ident.rpartition(":")[0]
    if source not in draft.sources:
        return None
    items = review(draft.as_read(source), draft.history(source)).items
    return next((item.decisions for item in items if item.key.id == ident), None)
