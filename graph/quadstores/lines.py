"""A document's N-Quads as lines of N-Triples, its own and those that it shares: cut, not parsed."""

from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from graph.rdf.vocabulary import DCT, RDF, SKOS

_LOCATION = f" {RDF.type} {DCT.Location} .".encode()


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines of N-Triples, each once; `shared` are those about places and units."""

    own: tuple[bytes, ...] = ()
    shared: frozenset[bytes] = frozenset()

    @classmethod
    def of(cls, quads: bytes, shared: NamedNode) -> "Lines":
        """Sort N-Quads by whether they stand in the graph `shared`."""
        tail = f" {shared} .".encode()
        own: dict[bytes, None] = {}
        common = set()
        for line in filter(None, quads.split(b"\n")):
            if line.endswith(tail):
                common.add(line[: -len(tail)] + b" .")
            else:
                own[line[: line.rindex(b" <")] + b" ."] = None
        return cls(tuple(own), frozenset(common))

    def places(self) -> Iterator[tuple[str, str]]:
        """Yield key and name of the place that the shared lines are about: there is one, or none."""
        for line in self.shared:
            if line.endswith(_LOCATION):
                node = line[: -len(_LOCATION)]
                label = node + f" {SKOS.prefLabel} ".encode()
                for other in self.shared:
                    if other.startswith(label):
                        (named,) = parse(other, RdfFormat.N_TRIPLES)
                        name = named.object.value if isinstance(named.object, Literal) else ""
                        yield node.decode().strip("<>").rsplit("/", 1)[-1], name
