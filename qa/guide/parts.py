"""Sentences that tell how to claim: until when, where, with what, on which condition, by which steps."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from graph.facts import Record
from ingest.model import Clause
from qa.guide.model import Said
from qa.guide.scope import Scope, words
from qa.text import display, plain, sentences

PARTS = ("audience", "condition", "window", "where", "materials", "process")
_MOST = 12  # sentences under one heading


def told(record: Record, around: Scope, skip: Sequence[Said]) -> Mapping[str, tuple[Said, ...]]:
    """Return what the clauses say under each of `PARTS`, in document order; `skip` is told already.

    What a list continues (提交下列材料：) goes under the heading of the sentence that opens it. The opening
    of a list of benefits, and a cap over all of them, are conditions.
    """
    found: dict[str, list[Said]] = {part: [] for part in PARTS}
    opened: dict[str, tuple[str, ...]] = {}
    near, rules = (*around.above, *around.own, *around.beside), set(around.rules)
    for clause in (*near, *around.rules):
        under = opened.get(clause.parent or "", ())
        for said in statements(record, clause):
            if words("penal").search(said.words):
                continue
            parts = tuple(dict.fromkeys((*_titled(clause), *_worded(said.words), *under)))
            if not parts and clause not in rules and clause not in around.beside:
                frames = _frames(record, said) or (clause in around.above and _gives(said))
                parts = ("condition",) if frames else ()
            if said.words.endswith(("：", ":")):
                opened[clause.locator] = parts
            if any(_within(said, other) for other in skip):
                continue
            for part in parts:
                if len(found[part]) < _MOST:
                    found[part].append(replace(said, general=clause in rules))
    return {part: tuple(said) for part, said in found.items()}


def statements(record: Record, clause: Clause) -> Iterator[Said]:
    """Yield the sentences of a clause word for word; none for knowledge without text."""
    if not record.policy.verbatim:
        return
    for start, end in sentences(clause.text):
        span = clause.locate(start, end)
        yield Said(display(span.of(record.policy.text)), clause.locator, span.start, span.end)


def _gives(said: Said) -> bool:
    """Tell a sentence that the items below it, or the rows of its table, spell out."""
    return words("gives").search(plain(said.words)) is not None


def _within(said: Said, other: Said) -> bool:
    if said.start is None or other.start is None or other.end is None:
        return False
    return said.locator == other.locator and other.start <= said.start < other.end


def _frames(record: Record, said: Said) -> bool:
    """Tell the opening of a list, or a sentence that caps what is given elsewhere in the clause."""
    if said.words.endswith(("：", ":")):
        return True
    return any(
        q.role == "cap"
        and q.unit == "CNY"
        and q.evidence.locator == said.locator
        and q.evidence.span is not None
        and said.start is not None
        and said.end is not None
        and said.start <= q.evidence.span.start < said.end
        for q in record.quantities
    )


def _titled(clause: Clause) -> Iterator[str]:
    title = plain(clause.title)
    yield from (part for part in PARTS if title and words(f"titles.{part}").search(title))


def _worded(said: str) -> Iterator[str]:
    text = plain(said)
    yield from (part for part in PARTS if words(f"parts.{part}").search(text))
