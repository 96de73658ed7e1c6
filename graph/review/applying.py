"""Decisions put into a record: accepted, changed, rejected and added facts, and what no longer fits."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import cast

from graph.facts import Duty, FundingRule, Measure, Quantity, Record, Reference, Review, ReviewState
from graph.review.changing import added, changed
from graph.review.corrections import Correction, CorrectionError
from graph.review.keys import Fact, Key, Kind, keyed
from ingest.model import Finding

_STATES: dict[str, ReviewState] = {"accept": "accepted", "change": "changed", "add": "added"}
_WORDS = {"accepted": "核对", "changed": "改正", "added": "补充"}


@dataclass(slots=True)
class Item:
    """A fact on its way through the decisions; `read` is what the program read, None for an added one."""

    key: Key
    fact: Fact
    read: Fact | None
    rejected: bool = False
    decisions: list[Correction] = field(default_factory=list)
    before: list[tuple[Fact, bool]] = field(default_factory=list)  # how it stood before each of them

    def settle(self, correction: Correction, fact: Fact, *, rejected: bool) -> None:
        """Let a decision hold."""
        self.before.append((self.fact, self.rejected))
        self.decisions.append(correction)
        self.fact, self.rejected = fact, rejected

    def withdraw(self) -> bool:
        """Take the last decision back; tell whether there was one."""
        if not self.decisions:
            return False
        self.decisions.pop()
        self.fact, self.rejected = self.before.pop()
        return True


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A record as decided, with all its facts (rejected ones, too) and the decisions that fit none."""

    record: Record
    items: tuple[Item, ...]
    unmatched: tuple[Correction, ...]


def reviewed(record: Record, history: Sequence[Correction]) -> Record:
    """Return the record as officials decided; decisions that fit no fact become findings."""
    return review(record, history).record if history else record


def review(record: Record, history: Iterable[Correction]) -> Reviewed:
    """Put decisions into a record, in their order. Never raises: what does not fit is told."""
    items = [Item(key, fact, fact) for key, fact in keyed(record)]
    unmatched = []
    for correction in history:
        try:
            fits = _decide(record, items, correction)
        except CorrectionError:
            fits = False  # the text no longer says what the official wrote
        if not fits:
            unmatched.append(correction)
    lost = tuple(Finding("warning", "correction-unmatched", _lost(row), None) for row in unmatched)
    policy = replace(record.policy, findings=(*record.policy.findings, *lost)) if lost else record.policy
    if not any(item.decisions for item in items):
        return Reviewed(replace(record, policy=policy), tuple(items), tuple(unmatched))
    made = replace(
        record,
        policy=policy,
        duties=_ordered(cast("list[Duty]", _left(items, "duty"))),
        quantities=tuple(cast("list[Quantity]", _left(items, "quantity"))),
        measures=tuple(cast("list[Measure]", _left(items, "measure"))),
        references=tuple(cast("list[Reference]", _left(items, "reference"))),
        funding=tuple(cast("list[FundingRule]", _left(items, "funding"))),
    )
    return Reviewed(made, tuple(items), tuple(unmatched))


def find(items: Iterable[Item], key: Key) -> Item | None:
    """Return the fact that a key names, also when its clause got another number.

    The sentence must still be the same: an official decided on what stood there. Where one of the two
    has no text, place and printed words decide.
    """
    alike = [
        item
        for item in items
        if (item.key.kind, item.key.printed) == (key.kind, key.printed)
        and (item.key.quotation == key.quotation or not (item.key.quotation and key.quotation))
    ]
    here = [item for item in alike if item.key.locator == key.locator]
    for item in here:
        if item.key.order == key.order:
            return item
    elsewhere = [item for item in alike if item.key.quotation == key.quotation != ""]
    return elsewhere[0] if not here and len(elsewhere) == 1 else None


def _decide(record: Record, items: list[Item], correction: Correction) -> bool:
    """Put one decision into the items; tell whether it fits one."""
    item = find(items, correction.key)
    if correction.action == "add" and (item is None or item.read is not None):
        fact = _marked(added(record, correction.key, dict(correction.fields)), None, correction)
        item = item or _same_place(items, fact, correction.key.kind)
        if item is None:
            item = Item(correction.key, fact, None, rejected=True)  # until it is added, and once withdrawn
            items.insert(_position(items, item), item)
        item.settle(correction, fact, rejected=False)
    elif item is None:
        return False
    elif correction.action == "withdraw":
        return item.withdraw()
    elif correction.action == "reject":
        item.settle(correction, item.fact, rejected=True)
    else:
        key = replace(item.key, locator=item.fact.evidence.locator)
        fields = dict(correction.fields) if correction.action != "accept" else {}
        fact = changed(record, item.fact, key, fields) if fields else item.fact
        item.settle(correction, _marked(fact, item.read, correction), rejected=False)
    return True


def _marked(fact: Fact, read: Fact | None, correction: Correction) -> Fact:
    """Write on a fact who decided, and what had been read before."""
    state = _STATES[correction.action]
    if state == "accepted" and fact.review and fact.review.state != "accepted":
        state = fact.review.state  # accepting what was changed leaves it a changed one
    before: tuple[tuple[str, str], ...] = ()
    if read is not None:
        names = [name for name in read.__dataclass_fields__ if name not in _OWN]
        values = ((name, getattr(read, name), getattr(fact, name)) for name in names)
        before = tuple((name, str(old)) for name, old, new in values if old != new)
    mark = Review(state, correction.by, correction.on, correction.note, before)
    # Who it was stands in the review alone: reasons are shown to everyone.
    reason = f"{correction.on} 由工作人员{_WORDS[_STATES[correction.action]]}"
    return replace(fact, confidence=1.0, reason=reason, review=mark)


_OWN = (
    "evidence",
    "validity_evidence",
    "confidence",
    "reason",
    "review",
    "order",
    "sentence",
    "target",
    "stage",
)


def _same_place(items: list[Item], fact: Fact, kind: Kind) -> Item | None:
    """Return what the program itself reads where a fact was added (a later version may see it)."""
    return next(
        (i for i in items if i.key.kind == kind and i.read is not None and i.read.evidence == fact.evidence),
        None,
    )


def _position(items: list[Item], new: Item) -> int:
    """Return where an added fact goes: among those of its kind and clause, by its place in the text."""
    position = len(items)
    for index, item in enumerate(items):
        if item.key.kind != new.key.kind or item.fact.evidence.locator != new.fact.evidence.locator:
            continue
        mine, its = new.fact.evidence.span, item.fact.evidence.span
        if mine and its and its.start > mine.start:
            return index
        position = index + 1
    return position


def _left(items: Iterable[Item], kind: Kind) -> list[Fact]:
    return [item.fact for item in items if item.key.kind == kind and not item.rejected]


def _ordered(duties: list[Duty]) -> tuple[Duty, ...]:
    """Count the units of each clause and role anew, from 0."""
    counts: dict[tuple[str, str], int] = {}
    done = []
    for duty in duties:
        place = (duty.evidence.locator, duty.role)
        done.append(replace(duty, order=counts.get(place, 0)))
        counts[place] = counts.get(place, 0) + 1
    return tuple(done)


def _lost(correction: Correction) -> str:
    said = correction.key.printed or correction.key.quotation[:20]
    return (
        f"{correction.on} 对 {correction.key.locator}“{said}”的更正在文件现在的文字里无法对应，"
        "请用 zhengwen review --history 查看后重新核对"
    )
