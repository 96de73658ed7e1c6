"""A document → rows of the collection: one a passage; the first of each clause also bears its words.

Words are a sparse vector made here, of the same terms as the embedded index has, so that any server ranks
alike: a clause's side of BM25 in the row, the question's side (rarity, weights) in the query. The server's
own full text cuts Chinese otherwise, knows no weight of a field, and counts rarity piece by piece.
"""

import functools
import hashlib
from collections import Counter
from collections.abc import Iterator

import numpy as np

from qa.indexed import Indexed, IndexedClause
from qa.milvus.server import Row

# BM25 as tantivy has it. Lengths are measured once, on the reference policies and 222 documents of other
# places: a row is never written anew only because the average of all clauses moved.
K1, B = 1.2, 0.75
USUAL_LENGTH = {"heading": 8.0, "body": 190.0, "gist": 20.0, "context": 100.0}
FORMAT = 2  # raised whenever a row is made otherwise; older collections are then made anew
NOTHING = 0xFFFF_FFFE  # the term that rows without words bear: no question has it


@functools.lru_cache(maxsize=1 << 18)
def term(field: str, token: str) -> int:
    """Return the number of a term in a field.

    Two terms may share one: with a million of them, one in four thousand does.
    """
    return int.from_bytes(hashlib.blake2b(f"{field}:{token}".encode(), digest_size=4).digest()) % NOTHING


def clause_number(version: int, locator: str) -> int:
    """Return the number by which the rows of a clause are found."""
    return _number(f"{version}\n{locator}")


def _number(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest()) >> 1


def weights(clause: IndexedClause) -> dict[int, float]:
    """Return the words of a clause, each with its side of BM25."""
    found: dict[int, float] = {}
    for field, usual in USUAL_LENGTH.items():
        held = clause.terms[field]
        norm = K1 * (1 - B + B * len(held) / usual)
        for token, times in Counter(held).items():
            found[term(field, token)] = (1 + K1) * times / (times + norm)
    return found


def rows(version: int, document: Indexed) -> Iterator[Row]:
    """Yield the rows of one version of a document."""
    vectors = document.vectors.astype(np.float32)
    nowhere = np.zeros(vectors.shape[1], dtype=np.float32)
    at = 0
    for order, clause in enumerate(document.clauses):
        words = weights(clause) or {NOTHING: 1.0}
        # A clause without a passage has words only; its row is told by a number below 0.
        places = range(at, at + clause.passages) or (-1 - order,)
        for place in places:
            yield {
                "id": _number(f"{version}\n{place}"),
                "clause": clause_number(version, clause.locator),
                "version": version,
                "place": clause.jurisdiction,
                "locator": clause.locator,
                "at": place,
                "lead": int(NOTHING not in words),
                "terms": words,
                "meaning": vectors[place] if place >= 0 else nowhere,
            }
            words = {NOTHING: 1.0}
        at += clause.passages
