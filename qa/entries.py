"""What is indexed: one entry a clause that says something, with the texts it can be found by."""

from collections.abc import Iterator
from dataclasses import dataclass

from graph.facts import Record
from ingest.model import Clause, Policy
from qa.text import plain, sentences

_OPENING = 80  # characters of an untitled document's beginning that tell what it is about


@dataclass(frozen=True, slots=True)
class Entry:
    """A clause as the indexes see it.

    `context` is what stands above it (policy title, annex title, headings), `heading` its own
    title, `body` its text, `gist` the editor's words; all in the folded form of `qa.text.plain`.
    `passages` are the sentences of the body and of the gist, each to be embedded on its own.
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


def entries(record: Record) -> Iterator[Entry]:
    """Yield an entry for each clause of `record` that has text, a gist or a bare title with duties."""
    policy = record.policy
    gists = {gist.locator: gist.text for gist in record.gists}
    dutied = {duty.evidence.locator for duty in record.duties}
    parts = {part.label: part.title for part in policy.parts}
    by_locator = {clause.locator: clause for clause in policy.clauses}
    for clause in policy.clauses:
        gist = gists.get(clause.locator, "")
        if not (clause.text or gist or clause.locator in dutied):
            continue
        part = parts.get(clause.locator.split("/")[0], "")
        above = [ancestor.title for ancestor in ancestors(clause, by_locator)]
        lead_in = _lead_in(clause, by_locator)
        titles = dict.fromkeys([topic(policy), part, *above, lead_in])
        yield Entry(
            source=policy.source,
            locator=clause.locator,
            jurisdiction=policy.jurisdiction or "",
            context=plain(" ".join(titles)),
            heading=plain(clause.title),
            body=plain(clause.text),
            gist=plain(gist),
            passages=tuple(_passages(clause, gist, lead_in)),
            whole=bool(lead_in or clause.title or clause.text),
        )


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


def _lead_in(clause: Clause, by_locator: dict[str, Clause]) -> str:
    """Return what a list item continues: the last sentence of the text above it (有下列情形之一的：)."""
    parent = by_locator.get(clause.parent or "")
    if parent is None or not parent.text:
        return ""
    start, end = sentences(parent.text)[-1]
    return parent.text[start:end]


def _passages(clause: Clause, gist: str, lead_in: str) -> Iterator[str]:
    title = plain(f"{lead_in}{clause.title}")
    whole = " ".join(filter(None, (title, plain(clause.text))))
    if whole:
        yield whole
    for start, end in sentences(clause.text):
        yield f"{title} {plain(clause.text[start:end])}".strip()
    for start, end in sentences(gist):
        yield f"{title} {plain(gist[start:end])}".strip()
