"""A record as bytes: made ready for the store, and as the store keeps it. Bytes travel between processes.

Making it ready is most of the work of taking a document in, and needs nothing but the record: it can be done
anywhere, by many at once.
"""

from dataclasses import dataclass

from graph import catalog
from graph.facts import Record
from graph.rdf.triples import nquads
from graph.records import decode, encode
from graph.review.applying import reviewed
from graph.review.corrections import decode as decode_decisions


@dataclass(frozen=True, slots=True)
class Prepared:
    """`record` as `graph.records` encodes it, `listing` its packed row of the catalog, `quads` N-Quads."""

    source: str
    record: bytes
    listing: bytes
    quads: bytes


@dataclass(frozen=True, slots=True)
class Kept:
    """A document as the store keeps it: the record as it was read, and the decisions of officials, if any."""

    record: bytes
    decisions: bytes

    def open(self) -> Record:
        """Return the record with the decisions. Raises ValueError when the bytes are none."""
        record = decode(self.record)
        return reviewed(record, decode_decisions(self.decisions)) if self.decisions else record


def prepare(record: Record, base: str) -> Prepared:
    """Make a record ready for a store whose IRIs begin with `base`."""
    return Prepared(
        record.policy.source,
        encode(record),
        catalog.pack(catalog.listing(record)),
        nquads(record, base).encode(),
    )
