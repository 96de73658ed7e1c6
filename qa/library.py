"""The library: a store opened for answering. One object a process; safe for several threads."""

import functools
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from graph.quadstores.door import StaleGraph
from graph.queries import ROLES, DutyRow, PolicyRow, UnitRow, duties_of_unit
from graph.queries import units as unit_rows
from graph.storage.generations import Generation
from graph.storage.store import Store, StoreError
from graph.units.matching import UnitMatcher
from graph.units.names import spoken_forms
from graph.units.reforms import succeeds
from qa import answers, conversation, desk
from qa.aloud import reading
from qa.answers.base import Inquiry, validity
from qa.comparing import Comparison, compare
from qa.corpus import Corpus, ancestors
from qa.encoder import load_encoder
from qa.examples import examples
from qa.guide import Guide, NoGuide, make
from qa.index import current, open_index
from qa.lexicon import intents, lexicon
from qa.model import Answer
from qa.places import PlaceFinder
from qa.question import Reader
from qa.retrieve import Retriever
from qa.text import display
from qa.typed import Typed, letters
from qa.verify import verify
from qa.views import ClauseView, Hit, UnitDuty, UnitView

_KEPT = 500  # views and guides of clauses: those that are asked for are asked for again
_LOOKS, _PAUSE = 20, 0.05  # how often and how long apart a new generation is looked for, seconds
_PLACES = 20  # places up to which a unit's duties are asked for place by place
_SNIPPET = 90  # characters of a clause shown in a list of hits


class StaleIndexError(StoreError):
    """The store's indexes were made by another model or an older program and must be made anew."""


class _Opened:
    """Everything that belongs to one generation."""

    def __init__(self, generation: Generation, model: str | None) -> None:
        self.generation = generation
        self.corpus = Corpus(generation)
        encoder = load_encoder(model)
        if not current(generation, encoder):
            raise StaleIndexError(
                "索引是用另一个模型或旧版本程序建立的", generation.path, "请运行 zhengwen ingest 重新建立"
            )
        index = open_index(generation)
        self.retriever = Retriever(self.corpus, index.lexical, index.dense, encoder)
        self.check = index.check
        matcher = UnitMatcher(generation.catalog.units)
        places = PlaceFinder(name for name in self.corpus.jurisdictions if name)
        self.reader = Reader(places, matcher, lexicon(), intents(), index.sounds)
        self.examples: dict[str | None, tuple[str, ...]] = {}
        corpus = self.corpus
        self.view = functools.lru_cache(_KEPT)(lambda source, locator: _view(corpus, source, locator))
        self.guide = functools.lru_cache(_KEPT)(
            lambda source, locator, as_of: make(generation.record(source), corpus, locator, as_of)
        )
        self._sounds = index.sounds

    @functools.cached_property
    def units(self) -> list[UnitRow]:
        """All units of all places; no question needs them."""
        return unit_rows(self.generation)

    @functools.cached_property
    def typed(self) -> Typed:
        """What is typed with the input method off; made when it first is."""
        return Typed(self._sounds, (name for name in self.corpus.jurisdictions if name))

    def heard(self, text: str) -> str:
        """Return what an operator typed, pinyin turned into words."""
        return self.typed.read(text) if letters(text) else text


def _view(corpus: Corpus, source: str, locator: str) -> ClauseView | None:
    policy = corpus.policy(source)
    clause = policy.clause(locator) if policy else None
    if policy is None or clause is None:
        return None
    text = corpus.clause(source, locator)
    by_locator = {c.locator: c for c in policy.clauses}
    return ClauseView(
        source=source,
        policy=policy.title,
        clause=clause,
        ancestors=tuple(ancestors(clause, by_locator)),
        siblings=tuple(
            c for c in policy.clauses if c.parent == clause.parent and _part(c.locator) == _part(locator)
        ),
        duties=text.written() if text else (),
        quantities=text.quantities if text else (),
        gist=text.gist if text else "",
        validity=validity(text, text.quantities, None) if text else answers.UNKNOWN,
    )


class Library:
    """Answers questions from one generation of a store, and moves to newer ones on request."""

    def __init__(self, store: Store, model: str | None) -> None:
        self._store, self._model = store, model
        if store.generation is None:
            raise StoreError("数据文件夹是空的", store.path, "请先导入文件：zhengwen ingest 文件或文件夹")
        self._opened = _Opened(store.generation, model)

    @classmethod
    def open(cls, store_path: Path, *, model: str | None = None) -> "Library":
        """Open the store at `store_path`; `model` names another embedding model than the bundled one.

        Raises StoreError when the store is empty or damaged beyond repair, StaleIndexError when its
        indexes were made by another model or an older program.
        """
        return cls(Store.open(store_path), model)

    @property
    def generation(self) -> str:
        """Name of the generation that is being read."""
        return self._opened.generation.name

    @property
    def warnings(self) -> tuple[str, ...]:
        """What was wrong with the store when it was opened."""
        return self._store.warnings

    def refresh(self) -> bool:
        """Move to a newer generation if there is one; questions under way finish on the old one.

        Where it cannot be opened, StoreError is raised and the old one goes on until the next try.
        """
        self._store.refresh()
        newer = self._store.generation
        if newer is None or newer.name == self.generation:
            return False
        self._opened = _Opened(newer, self._model)
        return True

    def ready(self) -> None:
        """Raise StoreError where a question cannot be answered now: as when a server does not answer."""
        self._opened.check()
        try:
            self._opened.generation.graph.check()
        except StaleGraph:
            if not self._follow():
                raise

    def _follow(self) -> bool:
        """Wait a moment for the generation that the graph has already moved on to."""
        for _ in range(_LOOKS):
            if self.refresh():
                return True
            time.sleep(_PAUSE)
        return False

    def ask(
        self,
        question: str,
        *,
        context: Sequence[str] = (),
        as_of: date | None = None,
        jurisdiction: str | None = None,
    ) -> Answer:
        """Answer a question; `context` holds the earlier questions, oldest first.

        `as_of` is the day for which validity is told (none: validity of dated measures stays
        unknown); `jurisdiction` stands in when the question names no place.
        """
        try:
            return self._ask(question, context, as_of, jurisdiction)
        except StaleGraph:  # a graph on a server moves on under those who read it
            if not self._follow():
                raise
            return self._ask(question, context, as_of, jurisdiction)

    def _ask(
        self, question: str, context: Sequence[str], as_of: date | None, jurisdiction: str | None
    ) -> Answer:
        began = time.perf_counter()
        opened = self._opened
        turn = conversation.resolve(opened.reader, question, context, as_of=as_of, jurisdiction=jurisdiction)
        before: frozenset[tuple[str, str]] = frozenset()
        if context and (turn.aside or turn.leaning):
            last = self._ask(context[-1], context[:-1], as_of, jurisdiction)
            before = frozenset((c.source, c.locator) for c in last.citations)
        inquiry = Inquiry(
            turn.question,
            opened.generation,
            opened.corpus,
            opened.retriever,
            excluded=before if turn.aside else frozenset(),
            ground=before if turn.leaning else frozenset(),
        )
        found = verify(answers.respond(inquiry), opened.corpus)
        aloud = reading(found, opened.corpus)
        elapsed = round((time.perf_counter() - began) * 1000, 1)
        return replace(found, resolved=turn.resolved, reading=aloud, elapsed_ms=elapsed)

    def search(self, query: str, *, jurisdiction: str | None = None, limit: int = 10) -> list[Hit]:
        """Return the clauses nearest to `query`, best first."""
        opened = self._opened
        question = opened.reader.read(query, jurisdiction=jurisdiction)
        found = opened.retriever.find(question, jurisdictions=question.jurisdictions or None, limit=limit)
        return [
            Hit(
                source=c.text.policy.source,
                locator=c.text.clause.locator,
                title=c.text.clause.title,
                jurisdiction=c.text.policy.jurisdiction,
                score=round(c.score, 4),
                snippet=display(c.text.text)[:_SNIPPET],
            )
            for c in found
        ]

    def look_up(
        self, text: str, *, jurisdiction: str | None = None, as_of: date | None = None, limit: int = 10
    ) -> desk.Found:
        """Return the clauses for what an operator has typed so far: what answers first, then the nearest.

        `jurisdiction` stands in when the text names no place. Where that place has nothing on it, the
        clauses of other places are told as theirs.
        """
        opened = self._opened
        text = opened.heard(text)
        question = opened.reader.read(text, as_of=as_of, jurisdiction=jurisdiction)
        answer = self.ask(text, as_of=as_of, jurisdiction=jurisdiction)
        hits = self.search(text, jurisdiction=jurisdiction, limit=limit)
        rows = desk.look_up(answer, hits, opened.corpus, limit=limit)
        if answer.status == "no_basis" and jurisdiction and not any(p.known for p in question.places):
            wider = self.ask(text, as_of=as_of)
            rows = desk.beside(rows, wider, place=jurisdiction, limit=limit)
        return desk.found(question, answer, rows, opened.corpus)

    def sheet(
        self,
        source: str,
        locator: str,
        *,
        text: str = "",
        jurisdiction: str | None = None,
        as_of: date | None = None,
    ) -> desk.Sheet | None:
        """Return a clause with what it says to what was typed (its title, where nothing was), or None."""
        opened = self._opened
        clause = opened.corpus.clause(source, locator)
        if clause is None:
            return None
        text = opened.heard(text.strip()) or display(clause.clause.title) or locator
        question = opened.reader.read(text, as_of=as_of, jurisdiction=jurisdiction)
        inquiry = Inquiry(question, opened.generation, opened.corpus, opened.retriever)
        answer = self.ask(text, as_of=as_of, jurisdiction=jurisdiction)
        mark = desk.mark_of(answer, clause, question)
        if mark not in ("nearest", "elsewhere") and not desk.stands_on(answer, clause.key):
            own = self.ask(text, as_of=as_of, jurisdiction=clause.policy.jurisdiction)
            if desk.stands_on(own, clause.key):
                answer = own
            else:
                answer = desk.told(inquiry, clause)
                answer = replace(answer, reading=reading(answer, opened.corpus))
        return desk.sheet(inquiry, clause, answer, mark)

    def policies(self) -> list[PolicyRow]:
        """Return the documents of the store, by source."""
        return list(self._opened.corpus.heads.values())

    def jurisdictions(self) -> list[str]:
        """Return the places that the documents speak for."""
        return [name for name in self._opened.corpus.jurisdictions if name]

    def clause(self, source: str, locator: str) -> ClauseView | None:
        """Return a clause with its surroundings, or None."""
        return self._opened.view(source, locator)

    def guide(self, source: str, locator: str, *, as_of: date | None = None) -> Guide | NoGuide | None:
        """Return the application guide to a clause, or why there is none; None for an unknown clause."""
        opened = self._opened
        if source not in opened.corpus.heads:
            return None
        return opened.guide(source, locator, as_of)

    def compare(self, topic: str, jurisdictions: Sequence[str], *, as_of: date | None = None) -> Comparison:
        """Put what places rule on a topic side by side; a place may be named as people name it."""
        opened = self._opened
        places = [
            place
            if place in opened.corpus.jurisdictions
            else next(iter(opened.reader.read(place).jurisdictions), place)
            for place in jurisdictions
        ]
        question = opened.reader.read(topic, as_of=as_of)
        return compare(Inquiry(question, opened.generation, opened.corpus, opened.retriever), places)

    def units(self) -> list[str]:
        """Return the canonical names of all units."""
        return sorted({row.unit for row in self._opened.units})

    def unit(self, name: str) -> UnitView | None:
        """Return a unit by any of its names, or None when none or more than one fits.

        A name with its place (鲁山县财政局) gives that place's unit; one without gives the units of
        this name in all places.
        """
        opened = self._opened
        found = {(row.jurisdiction, row.unit) for row in opened.units if row.unit == name}
        if not found:
            mentions = opened.reader.units(name)
            found = {pair for mention in mentions for pair in mention.candidates}
        held = opened.generation.catalog.units
        found |= {
            (place, other)
            for place, unit in tuple(found)
            for other in held[place]
            if succeeds(other, unit) or succeeds(unit, other)
        }

        def duties(name: str, place: str | None = None) -> list[DutyRow]:
            return duties_of_unit(opened.generation, name, ROLES, place)

        names = {unit for _, unit in found}
        names -= {old for old in names if any(succeeds(new, old) for new in names)}
        if len(names) != 1:
            return None
        unit = names.pop()
        if len(found) > _PLACES:  # 财政局 of every county: one query is quicker than one a county
            every = [row for each in sorted({unit for _, unit in found}) for row in duties(each)]
            rows = [row for row in every if (row.jurisdiction, row.unit) in found]
        else:
            rows = [row for place, each in sorted(found) for row in duties(each, place)]
        told = tuple(UnitDuty(row.source, row.locator, row.title, row.role) for row in rows)
        return UnitView(unit, spoken_forms(unit), told)

    def examples(self, place: str | None = None) -> tuple[str, ...]:
        """Return questions that the store answers, of one place or of all; made once a generation."""
        opened = self._opened
        if place not in opened.examples:
            opened.examples[place] = examples(opened.corpus, self.ask, place)
        return opened.examples[place]


def _part(locator: str) -> str:
    return locator.split("/")[0]
