"""What the documents of a store are to one another: who cites, amends or repeals whom, and since when.

Worked out when asked, from the titles and numbers of the generation at hand and never stored: the
order in which documents were read in does not matter, and removing one undoes what it did.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from graph.catalog import PolicyRow
from graph.facts import Evidence, Reference, Relation
from graph.periods import change_begins, sentence_around
from graph.quadstores.door import GraphAway
from graph.rdf.iris import named
from graph.resolving import Resolver
from graph.storage.generations import Generation
from graph.validity import Repeal


@dataclass(frozen=True, slots=True)
class Link:
    """A document of the store naming another of it; `since` for what is amended or repealed, if known."""

    citing: str
    title: str
    reference: Reference
    since: date | None = None


class Citations:
    """The references of one generation, resolved; made at first use and safe to keep with it."""

    def __init__(self, generation: Generation) -> None:
        self._generation = generation

    def cites(self, source: str) -> tuple[Reference, ...]:
        """Return what a document names, in its order; `target` where that is in the store."""
        if source not in self._heads:
            return ()
        found = self._generation.record(source).references
        return tuple(replace(reference, target=self._target(source, reference)) for reference in found)

    def cited_by(self, source: str, *relations: Relation) -> tuple[Link, ...]:
        """Return the documents that name this one (in these relations, none given: in any), by source."""
        known = self._repealing if relations == ("repeals",) else self._links
        named = [
            (citing, order)
            for citing, order, relation in known.get(source, ())
            if not relations or relation in relations
        ]
        return tuple(self._link(citing, order) for citing, order in named)

    def repeal(self, source: str) -> Repeal | None:
        """Return the first repeal of a document by another of the store, or None.

        A draft repeals nothing, and neither does a document older than the one named.
        """
        found = [self._repeal(link) for link in self.cited_by(source, "repeals") if self._holds(link, source)]
        return min(found, key=lambda repeal: repeal.since or date.min, default=None)

    def ended_elsewhere(self, sources: Iterable[str]) -> tuple[Link, ...]:
        """Return the repeals that `sources` write of documents which are not in the store."""
        asked = set(sources)
        return tuple(link for link in self._ended_elsewhere if link.citing in asked)

    def _holds(self, link: Link, source: str) -> bool:
        citing, repealed = self._heads[link.citing], self._heads[source]
        older = citing.date and repealed.date and citing.date < repealed.date
        return citing.status != "draft" and not older

    def _repeal(self, link: Link) -> Repeal:
        record = self._generation.record(link.citing)
        number = record.policy.number
        evidence = link.reference.evidence
        span = sentence_around(record.policy, evidence.span) if evidence.span else None
        return Repeal(
            link.citing, link.title, number.canonical if number else "", evidence.locator, link.since, span
        )

    @cached_property
    def _heads(self) -> dict[str, PolicyRow]:
        return self._generation.catalog.heads

    @cached_property
    def _resolver(self) -> Resolver:
        rows = self._heads.values()
        titles = [(row.title, row.source) for row in rows]
        return Resolver([*titles, *((row.number, row.source) for row in rows if row.number)])

    @cached_property
    def _homes(self) -> dict[str, frozenset[str]]:
        """The documents of each jurisdiction."""
        return _grouped((row.jurisdiction or "", row.source) for row in self._heads.values())

    def _target(self, source: str, reference: Reference) -> str | None:
        place = self._heads[source].jurisdiction
        home = self._homes[place] if place else frozenset()
        return self._resolver.target(reference, home, source)

    @cached_property
    def _links(self) -> dict[str, list[tuple[str, int, Relation]]]:
        """What names each document: (source, place among its references, relation), by source."""
        return self._named(self._citing(None))

    @cached_property
    def _repealing(self) -> dict[str, list[tuple[str, int, Relation]]]:
        """What repeals each document: asked at every answer, so no other references are looked at."""
        return self._named(self._citing("repeals"))

    @cached_property
    def _ended_elsewhere(self) -> tuple[Link, ...]:
        try:
            rows = self._generation.query('SELECT ?node WHERE { ?node pol:relation "repeals" }')
            sources = {source for (node,) in rows if (source := self._of(node))}
        except GraphAway:
            sources = self._read_through("repeals")
        return tuple(
            self._link(source, order)
            for source in sorted(sources)
            if self._heads[source].status != "draft"
            for order, reference in enumerate(self.cites(source))
            if reference.relation == "repeals" and not reference.target
        )

    def _named(self, citing: Iterable[str]) -> dict[str, list[tuple[str, int, Relation]]]:
        found: dict[str, list[tuple[str, int, Relation]]] = {}
        for source in citing:
            for order, reference in enumerate(self.cites(source)):
                if reference.target:
                    found.setdefault(reference.target, []).append((source, order, reference.relation))
        return found

    def _citing(self, relation: Relation | None) -> list[str]:
        """Return the documents with a reference that means one of the store; only these are read."""
        scope = f'?node pol:relation "{relation}"' if relation else "?node pol:relation ?relation"
        query = self._generation.query
        try:
            rows = query(f"SELECT ?node ?title WHERE {{ {scope} ; pol:citedTitle ?title }}")
            numbered = query(f"SELECT ?node ?number WHERE {{ {scope} ; eli:id_local ?number }}")
        except GraphAway:
            return sorted(self._read_through(relation))
        numbers = {row[0]: row[1] for row in numbered}
        found = set()
        for node, title in rows:
            source = self._of(node)
            cited = Reference(Evidence("", None), title or "", numbers.get(node), "cites")
            if source and self._target(source, cited):
                found.add(source)
        return sorted(found)

    def _of(self, reference: str | None) -> str:
        """Return the document that a reference stands in, by its IRI; empty for none of the store."""
        found = named(str(reference).rsplit("/reference/", 1)[0], self._generation.base)
        return found[0] if found and found[0] in self._heads else ""

    def _read_through(self, relation: Relation | None) -> set[str]:
        """Return the documents with a reference, by their records: slow, but never wrong."""
        return {
            source
            for source in self._heads
            if any(r.relation == relation or not relation for r in self._generation.record(source).references)
        }

    def _link(self, citing: str, order: int) -> Link:
        record = self._generation.record(citing)
        reference = record.references[order]
        since = None
        if reference.relation in ("amends", "repeals"):
            since = change_begins(record.policy, reference.evidence.span)
        reference = replace(reference, target=self._target(citing, reference))
        return Link(citing, record.policy.title, reference, since)


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for name, source in pairs:
        found.setdefault(name, set()).add(source)
    return {name: frozenset(sources) for name, sources in found.items()}
