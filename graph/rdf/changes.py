"""Units named by a name that a reform ended: who took their duties over, and by what ground."""

from collections.abc import Iterator
from functools import lru_cache

from pyoxigraph import Literal, NamedNode

from graph.rdf.iris import slug, unit_iri
from graph.rdf.vocabulary import DCT, ORG, RDF, SKOS, XSD
from graph.units.names import parts
from graph.units.reforms import is_office, old_fields

Triple = tuple[NamedNode, NamedNode, NamedNode | Literal]


def events(unit: str, place: str, base: str) -> Iterator[Triple]:
    """Yield the changes that a unit of a place went through, as the register of reforms knows them.

    Nothing for a unit whose name is of today. `place` is a `place_key`.
    """
    for number, (name, year, ground) in enumerate(_successors(unit)):
        old, new = unit_iri(unit, place, base), unit_iri(name, place, base)
        event = NamedNode(f"{base}/change/{place}/{slug(unit)}/{number}")
        yield old, ORG.changedBy, event
        yield event, RDF.type, ORG.ChangeEvent
        yield event, ORG.originalOrganization, old
        yield event, ORG.resultingOrganization, new
        yield event, DCT.date, Literal(str(year), datatype=XSD.integer)
        yield event, DCT.description, Literal(ground)
        yield new, RDF.type, ORG.Organization
        yield new, SKOS.prefLabel, Literal(name)


@lru_cache(maxsize=8192)
def _successors(unit: str) -> tuple[tuple[str, int, str], ...]:
    """Return name, year and ground of each successor (县扶贫办 → 县乡村振兴局)."""
    name = parts(unit)
    if name.branch or not is_office(unit):
        return ()
    head = unit[: unit.find(name.stem)]
    return tuple(
        (head + change.new.forms[0] + name.type_, change.year, change.ground)
        for change in old_fields().get(name.stem, ())
    )
