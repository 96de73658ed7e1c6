"""What policies share: places and units, described once for all in a graph of their own.

Were they described in each policy's graph, a query over all graphs would meet each description once
a policy, and count everything that hangs on a unit that many times.
"""

from pyoxigraph import Literal, NamedNode, Quad, Store

from graph.rdf.vocabulary import CV, ELI, ORG, POL, SKOS

# What makes a policy's graph rest on a unit or a place.
_USES = (CV.hasParticipant, ELI.passed_by, ELI.jurisdiction)


def shared_iri(base: str) -> NamedNode:
    """Return the name of the graph of places and units."""
    return NamedNode(f"{base}/shared")


def forget(store: Store, policy: NamedNode, base: str) -> None:
    """Remove a policy's graph, and of the shared descriptions what no other policy rests on."""
    shared = shared_iri(base)
    used = {q.object for use in _USES for q in store.quads_for_pattern(None, use, None, policy)}
    nodes = {node for node in used if isinstance(node, NamedNode)}
    written = _written(store, policy)
    store.remove_graph(policy)
    for unit, name in written:
        if not _still_written(store, unit, name):
            store.remove(Quad(unit, SKOS.altLabel, name, shared))
    for node in sorted(nodes, key=lambda node: node.value):
        _drop_unused(store, node, shared)


def _written(store: Store, policy: NamedNode) -> set[tuple[NamedNode, Literal]]:
    names = {
        q.subject: q.object
        for q in store.quads_for_pattern(None, POL.written, None, policy)
        if isinstance(q.object, Literal)
    }
    return {
        (q.object, names[q.subject])
        for q in store.quads_for_pattern(None, CV.hasParticipant, None, policy)
        if isinstance(q.object, NamedNode) and q.subject in names
    }


def _still_written(store: Store, unit: NamedNode, name: Literal) -> bool:
    return any(
        Quad(q.subject, CV.hasParticipant, unit, q.graph_name) in store
        for q in store.quads_for_pattern(None, POL.written, name, None)
    )


def _drop_unused(store: Store, node: NamedNode, shared: NamedNode) -> None:
    uses = (*_USES, POL.inJurisdiction, ORG.resultingOrganization)
    if any(next(store.quads_for_pattern(None, use, node, None), None) for use in uses):
        return
    quads = list(store.quads_for_pattern(node, None, None, shared))
    for quad in quads:
        store.remove(quad)
    for quad in quads:
        # A unit may have been the last one to stand in its place.
        if quad.predicate == POL.inJurisdiction and isinstance(quad.object, NamedNode):
            _drop_unused(store, quad.object, shared)
        if quad.predicate == ORG.changedBy and isinstance(quad.object, NamedNode):
            _drop_event(store, quad.object, shared)


def _drop_event(store: Store, event: NamedNode, shared: NamedNode) -> None:
    """Remove a change that a unit went through, and the unit that came of it where no policy names that."""
    quads = list(store.quads_for_pattern(event, None, None, shared))
    for quad in quads:
        store.remove(quad)
    for quad in quads:
        if quad.predicate == ORG.resultingOrganization and isinstance(quad.object, NamedNode):
            _drop_unused(store, quad.object, shared)
