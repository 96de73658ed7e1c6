"""The graph as a network: who works with whom.

networkx is imported when first needed. Nodes are what people name: units as (jurisdiction, name).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from graph.queries import ROLES, DutyRow, duties_of_policy, duties_of_unit
from graph.storage.generations import Generation

if TYPE_CHECKING:
    import networkx


@dataclass(frozen=True, slots=True)
class Partner:
    """A unit that shares clauses with another; `clauses` counts them, `led` those this one leads.

    `leads` counts those that the other one leads.
    """

    unit: str
    jurisdiction: str
    clauses: int
    led: int
    leads: int = 0


def cooperation(generation: Generation, sources: Iterable[str] | None = None) -> "networkx.Graph":
    """Return who works with whom: an edge joins two units that share clauses.

    Edge `weight` counts the shared clauses, `led` by unit those that one of the two leads; node `lead`,
    `responsible`, `support` and `oversight` count the unit's own.
    """
    import networkx

    network = networkx.Graph()
    for rows in _clauses(generation, sources):
        units = list(dict.fromkeys((row.jurisdiction, row.unit) for row in rows))
        for unit in units:
            network.add_node(unit)
            for role in ROLES:
                has = any((r.jurisdiction, r.unit, r.role) == (*unit, role) for r in rows)
                network.nodes[unit][role] = network.nodes[unit].get(role, 0) + has
        leaders = {(row.jurisdiction, row.unit) for row in rows if row.role == "lead"}
        for one, other in combinations(units, 2):
            if not network.has_edge(one, other):
                network.add_edge(one, other, weight=0, led=Counter())
            network.edges[one, other]["weight"] += 1
            network.edges[one, other]["led"].update(leaders & {one, other})
    return network


def partners(generation: Generation, unit: str, jurisdiction: str) -> list[Partner]:
    """Return the units that share clauses with this one, most shared first, then by name."""
    shared: Counter[str] = Counter()
    led: Counter[str] = Counter()
    leads: Counter[str] = Counter()
    sources = dict.fromkeys(row.source for row in duties_of_unit(generation, unit, jurisdiction=jurisdiction))
    for rows in _clauses(generation, sources):
        here = {row.unit for row in rows if row.jurisdiction == jurisdiction}
        if unit in here:
            others = here - {unit}
            leaders = {row.unit for row in rows if row.jurisdiction == jurisdiction and row.role == "lead"}
            shared.update(others)
            led.update(leaders & others)
            leads.update(others if unit in leaders else ())
    found = [Partner(name, jurisdiction, count, led[name], leads[name]) for name, count in shared.items()]
    return sorted(found, key=lambda partner: (-partner.clauses, partner.unit))


def around(unit: str, jurisdiction: str, found: Iterable[Partner]) -> "networkx.Graph":
    """Return a unit with its partners as a network like that of `cooperation`, less the ties among them."""
    import networkx

    one = (jurisdiction, unit)
    network = networkx.Graph()
    network.add_node(one)
    for partner in found:
        other = (partner.jurisdiction, partner.unit)
        led = Counter({one: partner.leads, other: partner.led})
        network.add_edge(one, other, weight=partner.clauses, led=+led)
    return network


def _clauses(generation: Generation, sources: Iterable[str] | None) -> Iterable[list[DutyRow]]:
    for source in sources if sources is not None else generation.sources:
        clauses: defaultdict[str, list[DutyRow]] = defaultdict(list)
        for row in duties_of_policy(generation, source):
            clauses[row.locator].append(row)
        yield from clauses.values()
