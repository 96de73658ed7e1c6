"""What stands on facts of every kind: how sure they are, and what officials decided about them."""

from collections.abc import Iterator
from typing import Protocol

from pyoxigraph import Literal, NamedNode

from graph.facts import Review
from graph.rdf.iris import slug
from graph.rdf.literals import figure, moment, text
from graph.rdf.vocabulary import DCT, POL, PROV, RDF, SKOS

Triple = tuple[str, NamedNode, NamedNode | Literal | str]  # names and text as N-Quads writes them


class Marked(Protocol):
    """A fact of any kind."""

    @property
    def confidence(self) -> float:
        """From 0 to 1."""

    @property
    def reason(self) -> str:
        """Why it is doubtful, or who is sure of it."""

    @property
    def review(self) -> Review | None:
        """What an official decided."""


def marks(node: str, fact: Marked, policy: str) -> Iterator[Triple]:
    """Yield confidence, reason and review of the fact named `node`, in the graph of `policy`."""
    if fact.confidence < 1:
        yield node, POL.confidence, figure(float(fact.confidence))
        if fact.reason:
            yield node, POL.reason, text(fact.reason)
    mark = fact.review
    if mark is None:
        return
    review = f"{node[:-1]}/review>"
    person = f"{policy[:-1]}/person/{slug(mark.by)}>"
    yield node, POL.review, review
    yield review, RDF.type, POL.Review
    yield review, POL.decision, text(mark.state)
    yield review, PROV.wasAttributedTo, person
    yield review, PROV.generatedAtTime, moment(mark.on)
    yield person, RDF.type, PROV.Agent
    yield person, SKOS.prefLabel, text(mark.by)
    if mark.note:
        yield review, DCT.description, text(mark.note)
    for name, value in mark.before:
        yield review, POL.before, text(f"{name}={value}")
