"""The desk of the official: doubtful facts, decisions on them, and what was decided."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol

from graph.facts import Record
from graph.review.applying import Item, review
from graph.review.changing import added, changed
from graph.review.corrections import Action, Correction, CorrectionError
from graph.review.keys import KINDS, Fact, Key, Kind, around, bare, facts
from graph.review.signs import doubts

Standing = Literal["holds", "superseded", "unmatched"]
_NAME = 40  # characters of a person's name
_NOTE = 500


class Shelf(Protocol):
    """A generation or a draft of the store."""

    @property
    def sources(self) -> tuple[str, ...]:
        """The short names of all documents."""

    def as_read(self, source: str) -> Record:
        """Return a document's record as the program read it."""

    def history(self, source: str) -> tuple[Correction, ...]:
        """Return what officials decided about it."""


class Desk(Shelf, Protocol):
    """A draft of the store, which can take decisions."""

    def correct(self, source: str, decisions: list[Correction]) -> None:
        """Add decisions to a document."""


@dataclass(frozen=True, slots=True)
class Row:
    """A fact for review, with the sentence that it stands in, as printed; rejected ones are told, too."""

    id: str
    source: str
    policy: str
    locator: str
    title: str
    kind: Kind
    fact: Fact
    sentence: str
    rejected: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """A decision with what became of it: it holds, a later one took its place, or its fact is not found."""

    id: str
    correction: Correction
    standing: Standing


def rows(shelf: Shelf, source: str | None = None, *, everything: bool = False) -> tuple[Row, ...]:
    """Return the facts to be looked at, the least sure first; with `everything` all facts.

    Raises StoreError for a source that is not in the store.
    """
    found = []
    for name in [source] if source else shelf.sources:
        record = shelf.as_read(name)
        decided = review(record, shelf.history(name))
        titles = {clause.locator: clause.title for clause in record.policy.clauses}
        wanted = (item for item in decided.items if everything or _doubtful(item))
        found += [_row(record, item, titles) for item in wanted]
    return tuple(sorted(found, key=lambda row: row.fact.confidence))


def _doubtful(item: Item) -> bool:
    return not item.decisions and item.fact.confidence < doubts().doubtful


def doubtful(record: Record) -> int:
    """Return how many facts of a record are doubtful and were decided by no one yet."""
    return sum(
        fact.review is None and fact.confidence < doubts().doubtful
        for kind in KINDS
        for fact in facts(record, kind)
    )


def _row(record: Record, item: Item, titles: Mapping[str, str]) -> Row:
    locator = item.fact.evidence.locator
    return Row(
        id=item.key.id,
        source=record.policy.source,
        policy=record.policy.title,
        locator=locator,
        title=titles.get(locator, ""),
        kind=item.key.kind,
        fact=item.fact,
        sentence=around(record, item.fact),
        rejected=item.rejected,
    )


def history(shelf: Shelf, source: str | None = None) -> tuple[Entry, ...]:
    """Return all decisions, document by document, in their order; raises StoreError as `rows` does."""
    found = []
    for name in [source] if source else shelf.sources:
        decisions = shelf.history(name)
        decided = review(shelf.as_read(name), decisions)
        last = {id(item.decisions[-1]) for item in decided.items if item.decisions}
        lost = {id(correction) for correction in decided.unmatched}
        for row in decisions:
            standing: Standing = (
                "unmatched" if id(row) in lost else "holds" if id(row) in last else "superseded"
            )
            found.append(Entry(row.key.id, row, standing))
    return tuple(found)


def decide(
    desk: Desk,
    ident: str,
    action: Action,
    *,
    by: str,
    on: str,
    note: str = "",
    fields: Mapping[str, str] | None = None,
) -> Correction:
    """Accept, change or reject a fact by its id, and keep the decision beside the document.

    `on` is an ISO date. Raises CorrectionError when the decision cannot be taken.
    """
    source = ident.rpartition(":")[0]
    if source not in desk.sources:
        raise CorrectionError(f"没有编号 {ident}", "编号见 zhengwen review 的第一列")
    record, decisions = desk.as_read(source), desk.history(source)
    items = review(record, decisions).items
    item = next((item for item in items if item.key.id == ident), None)
    if item is None:
        raise CorrectionError(f"没有编号 {ident}", "文件可能已更新，请重新运行 zhengwen review")
    if (action == "change") != bool(fields):
        raise CorrectionError(
            "改正要写明字段和新值" if action == "change" else "只有改正可以带字段", "如 对象=企业"
        )
    if action == "withdraw" and not item.decisions:
        raise CorrectionError("这一条还没有核对过", "没有可以撤回的决定")
    new = _signed(item.key, action, by, on, note, fields or {})
    if action == "change":
        changed(record, item.fact, _at(item), dict(new.fields))
    desk.correct(source, [new])
    return new


def _at(item: Item) -> Key:
    key = item.key
    return Key(key.source, item.fact.evidence.locator, key.kind, key.printed, key.quotation, key.order)


def add(
    desk: Desk,
    source: str,
    locator: str,
    kind: Kind,
    words: str,
    *,
    by: str,
    on: str,
    note: str = "",
    fields: Mapping[str, str] | None = None,
) -> Correction:
    """Add a unit or a figure that the program did not find; `words` must stand in the clause's text.

    Raises CorrectionError when they do not, or when a field cannot be so.
    """
    if source not in desk.sources:
        raise CorrectionError(f"没有文件 {source}", "用 zhengwen status 查看已有文件")
    record, decisions = desk.as_read(source), desk.history(source)
    fact = added(record, Key(source, locator, kind, bare(words), ""), fields or {})
    key = Key(source, locator, kind, bare(words), bare(around(record, fact)))
    items = review(record, decisions).items
    if any(item.key == key and not item.rejected for item in items):
        raise CorrectionError(f"{locator} 里已有“{words}”", "用 --change 改正已有的一条")
    new = _signed(key, "add", by, on, note, fields or {})
    desk.correct(source, [new])
    return new


def _signed(key: Key, action: Action, by: str, on: str, note: str, fields: Mapping[str, str]) -> Correction:
    by, note = by.strip(), note.strip()
    if not by or len(by) > _NAME or re.search(r"[\x00-\x1f]", by):
        raise CorrectionError("没有写明是谁核对的", f"写上姓名，不超过 {_NAME} 字")
    if len(note) > _NOTE:
        raise CorrectionError("说明太长", f"不超过 {_NOTE} 字")
    try:
        day = date.fromisoformat(on).isoformat()
    except ValueError:
        raise CorrectionError(f"“{on}”不是日期", "写成 2024-01-31 的样子") from None
    return Correction(key, action, by, day, note, _pairs(fields.items()))


def _pairs(fields: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value.strip()) for name, value in sorted(fields))
