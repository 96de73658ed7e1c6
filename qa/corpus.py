"""The documents of one generation as answering needs them: clause by clause, with their facts."""

import functools
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

from graph.citing import Citations
from graph.facts import Duty, Quantity, Record
from graph.queries import PolicyRow
from graph.storage.generations import Generation
from graph.units.reach import reached
from graph.validity import Repeal
from ingest.model import Clause, Policy
from qa.entries import Entry, ancestors, announced, entries, items_of, lead_in, topic
from qa.text import plain, sentences

_CACHED_RECORDS = 256


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a clause: its place in ``clause.text`` and the figures in it.

    For knowledge without text the sentence is one of the gist, and start and end refer to that.
    """

    start: int
    end: int
    plain: str
    quantities: tuple[Quantity, ...]


@dataclass(frozen=True, slots=True)
class ClauseText:
    """A clause with everything an answer may say of it.

    Among `duties` are those that a list above or below it gives it; their evidence tells where that stands.
    """

    policy: Policy
    clause: Clause
    entry: Entry
    sentences: tuple[Sentence, ...]
    duties: tuple[Duty, ...]
    quantities: tuple[Quantity, ...]
    gist: str
    repeal: Repeal | None = None  # by a later document of the store
    lead_in: Sentence | None = None  # the sentence above that an item of a list continues
    items: tuple[Clause, ...] = ()  # the untitled items that stand below the words that announce them
    announced: int = 0  # where in the text these words end (：); 0 where there are none

    @property
    def key(self) -> tuple[str, str]:
        """Source and locator."""
        return self.policy.source, self.clause.locator

    @property
    def jurisdiction(self) -> str:
        """The place whose government issued the document; empty when unknown."""
        return self.policy.jurisdiction or ""

    @property
    def text(self) -> str:
        """What sentences refer to: the clause's text, or the gist where the text is not held."""
        return self.clause.text if self.policy.verbatim else self.gist

    def units(self, role: str) -> tuple[str, ...]:
        """Return the units with this role, in the document's order, each once."""
        found = [d for d in self.duties if d.role == role]
        if len({d.evidence.locator for d in found}) < 2:
            found.sort(key=lambda duty: duty.order)
        return tuple(dict.fromkeys(duty.unit for duty in found))

    def written(self) -> tuple[Duty, ...]:
        """Return the duties that are written in this very clause."""
        return tuple(d for d in self.duties if d.evidence.locator == self.clause.locator)


class Corpus:
    """Reads records of a generation, each once, and keeps the last ones used."""

    def __init__(self, generation: Generation) -> None:
        self._generation = generation
        self._cache: OrderedDict[str, dict[str, ClauseText]] = OrderedDict()
        self._lock = Lock()
        self.citations = Citations(generation)

    @functools.cached_property
    def heads(self) -> dict[str, PolicyRow]:
        """The headings of all policies, by source: cheap, no document is read."""
        return self._generation.catalog.heads

    @functools.cached_property
    def jurisdictions(self) -> dict[str, tuple[str, ...]]:
        """The sources of each jurisdiction; documents without one stand under ``""``."""
        return self._generation.catalog.jurisdictions

    @functools.cached_property
    def titles(self) -> str:
        """The titles of all documents, folded, one after the other."""
        return " ".join(plain(head.title) for head in self.heads.values())

    def policy(self, source: str) -> Policy | None:
        """Return a document as it was read, or None."""
        return self._generation.record(source).policy if source in self.heads else None

    def topic(self, source: str) -> str:
        """Return what a document is about, in folded form; only an untitled one is read for it."""
        title = self.heads[source].title
        if title == source and (policy := self.policy(source)):
            title = topic(policy)
        return plain(title)

    def clause(self, source: str, locator: str) -> ClauseText | None:
        """Return a clause with its facts, or None."""
        return self.clauses(source).get(locator)

    def clauses(self, source: str) -> dict[str, ClauseText]:
        """Return the clauses of a document that say something, by locator, in document order."""
        with self._lock:
            if source in self._cache:
                self._cache.move_to_end(source)
                return self._cache[source]
        if source not in self.heads:
            return {}
        made = {
            text.clause.locator: text
            for text in _texts(self._generation.record(source), self.citations.repeal(source))
        }
        with self._lock:
            self._cache[source] = made
            while len(self._cache) > _CACHED_RECORDS:
                self._cache.popitem(last=False)
        return made


def _texts(record: Record, repeal: Repeal | None) -> list[ClauseText]:
    by_locator = {clause.locator: clause for clause in record.policy.clauses}
    gists = {gist.locator: gist.text for gist in record.gists}
    duties: dict[str, list[Duty]] = {}
    quantities: dict[str, list[Quantity]] = {}
    for duty in record.duties:
        duties.setdefault(duty.evidence.locator, []).append(duty)
    for quantity in record.quantities:
        quantities.setdefault(quantity.evidence.locator, []).append(quantity)
    reach = reached(record.policy.clauses, duties)
    texts = []
    items = items_of(record.policy)
    for entry in entries(record):
        clause = by_locator[entry.locator]
        gist = gists.get(entry.locator, "")
        held = tuple(quantities.get(entry.locator, ()))
        led = lead_in(clause, by_locator, items.get(clause.parent or "", ()))
        above = tuple(quantities.get(clause.parent or "", ()))
        lead = _sentence(by_locator[clause.parent], led, above) if clause.parent and led[1] else None
        texts.append(
            ClauseText(
                policy=record.policy,
                clause=clause,
                entry=entry,
                sentences=_sentences(record.policy, clause, gist, held),
                duties=reach.get(entry.locator, ()),
                quantities=held,
                gist=gist,
                repeal=repeal,
                lead_in=lead,
                items=tuple(items.get(entry.locator, ())),
                announced=announced(clause, items.get(entry.locator, ())),
            )
        )
    return texts


def _sentences(policy: Policy, clause: Clause, gist: str, held: tuple[Quantity, ...]) -> tuple[Sentence, ...]:
    if not policy.verbatim:
        return tuple(
            Sentence(start, end, plain(gist[start:end]), _mentioned(gist[start:end], held))
            for start, end in sentences(gist)
        )
    return tuple(_sentence(clause, bounds, held) for bounds in sentences(clause.text))


def _sentence(clause: Clause, bounds: tuple[int, int], held: tuple[Quantity, ...]) -> Sentence:
    start, end = bounds
    span = clause.locate(start, end)
    inside = tuple(
        q
        for q in held
        if q.evidence.span and span.start <= q.evidence.span.start and q.evidence.span.end <= span.end
    )
    return Sentence(start, end, plain(clause.text[start:end]), inside)


def _mentioned(text: str, held: tuple[Quantity, ...]) -> tuple[Quantity, ...]:
    flat = plain(text)
    return tuple(quantity for quantity in held if plain(quantity.surface) in flat)


__all__ = ["ClauseText", "Corpus", "Sentence", "ancestors"]
