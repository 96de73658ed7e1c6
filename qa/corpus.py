"""The documents of one generation as answering needs them: clause by clause, with their facts."""

import functools
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from threading import Lock

from graph.citing import Citations
from graph.facts import Duty, Quantity
from graph.queries import PolicyRow
from graph.records import Core
from graph.storage.generations import Generation
from graph.units.reach import reached
from graph.validity import Repeal
from ingest.model import Clause, Policy
from qa.entries import Entry, Frame, ancestors, announced, topic
from qa.text import plain, sentences

_CACHED = 256


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
    """A clause with everything an answer may say of it."""

    policy: Policy
    clause: Clause
    entry: Entry
    sentences: tuple[Sentence, ...]
    reach: Callable[[str], tuple[Duty, ...]]  # the duties of a clause of the document by its locator
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
    def duties(self) -> tuple[Duty, ...]:
        """Who does what, also by a list above or below the clause: the evidence tells where that stands."""
        return self.reach(self.clause.locator)

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
    """Reads documents of a generation, each once, and keeps the last ones used."""

    def __init__(self, generation: Generation) -> None:
        self._generation = generation
        self._cache: OrderedDict[str, _Clauses] = OrderedDict()
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
        found = self._document(source)
        return None if found is None else found.policy

    def topic(self, source: str) -> str:
        """Return what a document is about, in folded form; only an untitled one is read for it."""
        title = self.heads[source].title
        if title == source and (policy := self.policy(source)):
            title = topic(policy)
        return plain(title)

    def clause(self, source: str, locator: str) -> ClauseText | None:
        """Return a clause with its facts, or None."""
        return self.clauses(source).get(locator)

    def clauses(self, source: str) -> Mapping[str, ClauseText]:
        """Return the clauses of a document that say something, by locator, in document order."""
        found = self._document(source)
        return {} if found is None else found

    def leads(self, source: str) -> tuple[Duty, ...]:
        """Return who leads what in a document, in its order; what stands outside its clauses goes first."""
        found = self._document(source)
        return () if found is None else found.leads()

    def _document(self, source: str) -> "_Clauses | None":
        with self._lock:
            if source in self._cache:
                self._cache.move_to_end(source)
                return self._cache[source]
        if source not in self.heads:
            return None
        made = _Clauses(self._generation.core(source), self.citations.repeal(source))
        with self._lock:
            self._cache[source] = made
            while len(self._cache) > _CACHED:
                self._cache.popitem(last=False)
        return made


class _Clauses(Mapping[str, ClauseText]):
    """The clauses of a document by locator, in its order; each is worked out when it is first asked for.

    A question looks at one or two clauses of a document.
    """

    def __init__(self, record: Core, repeal: Repeal | None) -> None:
        self.policy = record.policy
        self._record, self._repeal = record, repeal
        self._frame, self._reach = Frame(record), _Reach(record)
        self._made: dict[str, ClauseText] = {}

    @functools.cached_property
    def _locators(self) -> tuple[str, ...]:
        said = (clause.locator for clause in self.policy.clauses if self._frame.says(clause))
        return tuple(dict.fromkeys(said))

    def __iter__(self) -> Iterator[str]:
        return iter(self._locators)

    def __len__(self) -> int:
        return len(self._locators)

    def __getitem__(self, locator: str) -> ClauseText:
        text = self._made.get(locator)
        if text is None:
            clause = self._frame.by_locator[locator]
            if not self._frame.says(clause) and locator not in self._locators:
                raise KeyError(locator)
            text = self._made[locator] = self._text(clause)
        return text

    def leads(self) -> tuple[Duty, ...]:
        """Return the duties of leading, by clause and in the order of their list."""
        order = {clause.locator: number for number, clause in enumerate(self.policy.clauses)}
        led = (duty for duty in self._record.duties if duty.role == "lead")
        return tuple(sorted(led, key=lambda duty: (order.get(duty.evidence.locator, -1), duty.order)))

    @functools.cached_property
    def _quantities(self) -> dict[str, list[Quantity]]:
        found: dict[str, list[Quantity]] = {}
        for quantity in self._record.quantities:
            found.setdefault(quantity.evidence.locator, []).append(quantity)
        return found

    def _text(self, clause: Clause) -> ClauseText:
        frame, policy = self._frame, self._record.policy
        held = tuple(self._quantities.get(clause.locator, ()))
        items = frame.items.get(clause.locator, ())
        gist = frame.gists.get(clause.locator, "")
        lead = None
        led = frame.lead_in(clause)
        if clause.parent and led[1]:
            above = tuple(self._quantities.get(clause.parent, ()))
            lead = _sentence(frame.by_locator[clause.parent], led, above)
        return ClauseText(
            policy=policy,
            clause=clause,
            entry=frame.entry(clause, passages=False),
            sentences=_sentences(policy, clause, gist, held),
            reach=self._reach,
            quantities=held,
            gist=gist,
            repeal=self._repeal,
            lead_in=lead,
            items=tuple(items),
            announced=announced(clause, items),
        )


class _Reach:
    """The duties that each clause of a document has, worked out when the first is asked for.

    Apart from the clauses, so that those hold no circle that only the garbage collector undoes.
    """

    def __init__(self, record: Core) -> None:
        self._record = record

    def __call__(self, locator: str) -> tuple[Duty, ...]:
        """Return the duties of a clause."""
        return self._reached.get(locator, ())

    @functools.cached_property
    def _reached(self) -> Mapping[str, tuple[Duty, ...]]:
        duties: dict[str, list[Duty]] = {}
        for duty in self._record.duties:
            duties.setdefault(duty.evidence.locator, []).append(duty)
        return reached(self._record.policy.clauses, duties)


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
