"""What is indexed: one entry a clause that says something, with the texts it can be found by."""

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from graph.facts import Record
from graph.records import Core
from ingest.model import Clause, Policy
from qa.text import plain, sentences

_OPENING = 80  # characters of an untitled document's beginning that tell what it is about


@dataclass(frozen=True, slots=True)
class Entry:
    """A clause as the indexes see it.

    `context` is what stands above it (policy title, annex title, headings), `heading` its own
    title, `body` its text, `gist` the editor's words; all in the folded form of `qa.text.plain`.
    `passages` are the sentences of the body and of the gist, each to be embedded on its own; empty in
    entries that are read and not indexed.
    """

    source: str
    locator: str
    jurisdiction: str
    context: str
    heading: str
    body: str
    gist: str
    passages: tuple[str, ...]
    whole: bool  # whether the first passage is the clause as a whole


class Frame:
    """What the entries of one document share, worked out once."""

    def __init__(self, record: Record | Core) -> None:
        self._record = record
        self.policy = policy = record.policy
        self.gists = {gist.locator: gist.text for gist in record.gists}
        self.by_locator = {clause.locator: clause for clause in policy.clauses}
        self.items = items_of(policy)
        self._parts = {part.label: part.title for part in policy.parts}
        self._topic = topic(policy)

    @functools.cached_property
    def _dutied(self) -> frozenset[str]:
        return frozenset(duty.evidence.locator for duty in self._record.duties)

    def says(self, clause: Clause) -> bool:
        """Tell whether a clause has text, a gist or duties: only such a one has an entry."""
        return bool(clause.text or self.gists.get(clause.locator) or clause.locator in self._dutied)

    def lead_in(self, clause: Clause) -> tuple[int, int]:
        """Return the run of the text above that this item of a list continues; (0, 0) for none."""
        return lead_in(clause, self.by_locator, self.items.get(clause.parent or "", ()))

    def entry(self, clause: Clause, *, passages: bool = True) -> Entry:
        """Return the entry of a clause that says something; who indexes it asks for its passages."""
        gist = self.gists.get(clause.locator, "")
        part = self._parts.get(clause.locator.split("/")[0], "")
        above = [ancestor.title for ancestor in ancestors(clause, self.by_locator)]
        start, end = self.lead_in(clause)
        led = self.by_locator[clause.parent].text[start:end] if clause.parent and end else ""
        titles = dict.fromkeys([self._topic, part, *above, led])
        return Entry(
            source=self.policy.source,
            locator=clause.locator,
            jurisdiction=self.policy.jurisdiction or "",
            context=plain(" ".join(titles)),
            heading=plain(clause.title),
            body=plain(clause.text),
            gist=plain(gist),
            passages=tuple(_passages(clause, gist, led)) if passages else (),
            whole=bool(led or clause.title or clause.text),
        )


def entries(record: Record) -> Iterator[Entry]:
    """Yield an entry for each clause of `record` that has text, a gist or a bare title with duties."""
    frame = Frame(record)
    yield from (frame.entry(clause) for clause in record.policy.clauses if frame.says(clause))


def items_of(policy: Policy) -> dict[str, list[Clause]]:
    """Return the untitled clauses with text that stand below another, by the locator of that one."""
    found: dict[str, list[Clause]] = {}
    for clause in policy.clauses:
        if clause.parent and not clause.title and clause.text:
            found.setdefault(clause.parent, []).append(clause)
    return found


def topic(policy: Policy) -> str:
    """Return what a document is about: its title or, where print lost that, how its text begins."""
    if policy.title and policy.title != policy.source:
        return policy.title
    openings = (*(p.text for p in policy.paragraphs), *(c.text for c in policy.clauses))
    return next((text[:_OPENING] for text in openings if text), "")


def ancestors(clause: Clause, by_locator: dict[str, Clause]) -> list[Clause]:
    """Return the clauses above `clause`, from the top."""
    found: list[Clause] = []
    parent = clause.parent
    while parent is not None and parent in by_locator and len(found) < 16:
        found.insert(0, by_locator[parent])
        parent = by_locator[parent].parent
    return found


def announced(clause: Clause, items: Sequence[Clause]) -> int:
    """Return where the words of `clause` end that announce the `items` below it (：); 0 where none do."""
    if not items:
        return 0
    first = min(item.span.start for item in items)
    before = sum(len(piece) for piece in clause.pieces if piece.end <= first)
    return before if clause.text[:before].rstrip().endswith(("：", ":")) else 0


def lead_in(clause: Clause, by_locator: dict[str, Clause], items: Sequence[Clause]) -> tuple[int, int]:
    """Return the run of the text above that a list item continues (有下列情形之一的：); (0, 0) for none.

    `items` are the items of the clause above. Where its print tells no announcement, its last sentence.
    """
    parent = by_locator.get(clause.parent or "")
    if parent is None or not parent.text:
        return 0, 0
    end = announced(parent, items) or len(parent.text)
    body = parent.text[:end]
    return max(body.rstrip("。\n ").rfind("。"), body.rstrip("\n ").rfind("\n")) + 1, end


def _passages(clause: Clause, gist: str, lead_in: str) -> Iterator[str]:
    title = plain(f"{lead_in}{clause.title}")
    whole = " ".join(filter(None, (title, plain(clause.text))))
    if whole:
        yield whole
    for start, end in sentences(clause.text):
        yield f"{title} {plain(clause.text[start:end])}".strip()
    for start, end in sentences(gist):
        yield f"{title} {plain(gist[start:end])}".strip()
