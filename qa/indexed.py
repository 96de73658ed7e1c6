"""What the indexes take in of one document: made from its record alone, anywhere, by many at once."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.facts import Record
from qa.encoder import Encoder
from qa.entries import entries
from qa.lexicon import SOUND_LENGTHS
from qa.terms import FIELDS, is_pair, tokens

# Fields whose words are learnt, from so many characters on: short words of running text would mend too
# much, longer ones are rarely hit by chance.
_LEARNT = {"context": 2, "heading": 2, "body": 3}


@dataclass(frozen=True, slots=True)
class IndexedClause:
    """A clause: the terms of each field of `qa.terms.FIELDS`, and how many passages it has."""

    locator: str
    jurisdiction: str
    terms: dict[str, tuple[str, ...]]
    passages: int


@dataclass(frozen=True, slots=True)
class Indexed:
    """A document: its clauses, a vector for each of their passages, and the words that it teaches.

    `vectors` are rows of length 1 in 16 bits, in the order of the clauses; `learnt` are words that a
    question may be mended to.
    """

    source: str
    clauses: tuple[IndexedClause, ...]
    vectors: NDArray[np.float16]
    learnt: frozenset[str]

    @property
    def owners(self) -> tuple[str, ...]:
        """The clause of each vector, by its locator."""
        return tuple(clause.locator for clause in self.clauses for _ in range(clause.passages))


def indexed(record: Record, encoder: Encoder) -> Indexed:
    """Return what the indexes take in of a document."""
    held = tuple(entries(record))
    cut = functools.cache(lambda text: tuple(tokens(text)))  # clauses share what stands above them
    clauses = tuple(
        IndexedClause(
            entry.locator,
            entry.jurisdiction,
            {field: cut(getattr(entry, field)) for field in FIELDS},
            len(entry.passages),
        )
        for entry in held
    )
    passages = [passage for entry in held for passage in entry.passages]
    vectors = encoder.encode(passages).astype(np.float16)
    return Indexed(record.policy.source, clauses, vectors, _learnt(clauses))


def _learnt(clauses: Sequence[IndexedClause]) -> frozenset[str]:
    return frozenset(
        word
        for clause in clauses
        for field, least in _LEARNT.items()
        for word in clause.terms[field]
        if len(word) in SOUND_LENGTHS and len(word) >= least and not is_pair(word)
    )
