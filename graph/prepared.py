"""A record made ready for the store: all that a draft writes of a document, as bytes.

Making it is most of the work of taking a document in, and needs nothing but the record: it can be done
anywhere, by many at once.
"""

from dataclasses import dataclass

from pyoxigraph import RdfFormat, serialize

from graph import catalog
from graph.facts import Record
from graph.rdf.triples import triples
from graph.records import encode


@dataclass(frozen=True, slots=True)
class Prepared:
    """`record` as `graph.records` encodes it, `listing` its packed row of the catalog, `quads` N-Quads."""

    source: str
    record: bytes
    listing: bytes
    quads: bytes


def prepare(record: Record, base: str) -> Prepared:
    """Make a record ready for a store whose IRIs begin with `base`."""
    return Prepared(
        record.policy.source,
        encode(record),
        catalog.pack(catalog.listing(record)),
        serialize(triples(record, base), format=RdfFormat.N_QUADS) or b"",
    )
