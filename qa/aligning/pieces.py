"""A document as the aligner sees it: its clauses in order, each with what it can be known by."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.facts import Duty, Quantity, Record
from graph.units.reach import reached
from qa.entries import ancestors, entries
from qa.index import Dense
from qa.text import plain

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Piece:
    """A clause that says something; `text` is its print, or the gist where the document's text is not held.

    `above` are the titles of what it stands below, from the part down. `plain` and `heading` are text and
    title in folded form. `duties` are its own and those that a list above or below gives it.
    """

    source: str
    locator: str
    number: str
    title: str
    text: str
    above: tuple[str, ...]
    heading: str
    plain: str
    figures: tuple[Quantity, ...]
    duties: tuple[Duty, ...]


@dataclass(frozen=True, slots=True)
class Side:
    """One of the documents: its clauses, and the vectors of their passages in one matrix.

    `first` tells where each clause's rows begin; a clause that the index does not hold has one of zeros.
    """

    source: str
    title: str
    jurisdiction: str
    pieces: tuple[Piece, ...]
    vectors: Vectors
    first: tuple[int, ...]


def side(record: Record, dense: Dense) -> Side:
    """Return a document ready for aligning."""
    policy = record.policy
    by_locator = {clause.locator: clause for clause in policy.clauses}
    parts = {part.label: part.title for part in policy.parts}
    figures: dict[str, list[Quantity]] = {}
    written: dict[str, list[Duty]] = {}
    for figure in record.quantities:
        figures.setdefault(figure.evidence.locator, []).append(figure)
    for duty in record.duties:
        written.setdefault(duty.evidence.locator, []).append(duty)
    duties = reached(policy.clauses, written)
    pieces = []
    for entry in entries(record):
        clause = by_locator[entry.locator]
        said = clause.text if policy.verbatim else entry.gist
        titles = (
            parts.get(entry.locator.split("/")[0], ""),
            *(c.title for c in ancestors(clause, by_locator)),
        )
        pieces.append(
            Piece(
                source=policy.source,
                locator=entry.locator,
                number=clause.number,
                title=clause.title,
                text=said,
                above=tuple(title for title in titles if title),
                heading=plain(clause.title),
                plain=plain(said),
                figures=tuple(figures.get(entry.locator, ())),
                duties=tuple(duties.get(entry.locator, ())),
            )
        )
    vectors, first = _vectors(dense, policy.source, [piece.locator for piece in pieces])
    return Side(policy.source, policy.title, policy.jurisdiction or "", tuple(pieces), vectors, first)


def _vectors(dense: Dense, source: str, locators: list[str]) -> tuple[Vectors, tuple[int, ...]]:
    matrix, owners = dense.rows(source)
    rows: dict[str, list[int]] = {}
    for row, owner in enumerate(owners):
        rows.setdefault(owner, []).append(row)
    blank = np.zeros((1, matrix.shape[1]), dtype=np.float32)
    found, first, at = [], [], 0
    for locator in locators:
        mine = matrix[rows[locator]] if locator in rows else blank
        found.append(mine)
        first.append(at)
        at += len(mine)
    return (np.concatenate(found) if found else blank[:0]), tuple(first)
