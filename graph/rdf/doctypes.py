"""文种: what kind of document a title names (data/ontology/types.ttl)."""

import functools
import re

import pyoxigraph
from pyoxigraph import NamedNode

import data
from graph.rdf.vocabulary import SKOS

# What may stand after the type in a title: （征求意见稿）, （2022年版）, ［试行］
_AFTER = re.compile(r"(?:\s|[（(〔\[［【][^（(〔\[［【]*[）)〕\]］】])+$")
_LOOKED_AT = 200  # characters at the end of a title


def document_type(title: str) -> NamedNode | None:
    """Return the type that the title ends in, or None when it ends in none that is known."""
    words = _AFTER.sub("", title[-_LOOKED_AT:])
    return next((node for label, node in _types() if words.endswith(label)), None)


@functools.cache
def _types() -> tuple[tuple[str, NamedNode], ...]:
    """Labels with their types, longest first."""
    quads = pyoxigraph.parse(path=str(data.path("ontology", "types.ttl")), format=pyoxigraph.RdfFormat.TURTLE)
    rows = [
        (quad.object.value, quad.subject)
        for quad in quads
        if quad.predicate in (SKOS.prefLabel, SKOS.altLabel)
        and isinstance(quad.object, pyoxigraph.Literal)
        and isinstance(quad.subject, NamedNode)
        and "#" in quad.subject.value
    ]
    return tuple(sorted(rows, key=lambda row: (-len(row[0]), row[0])))
