"""Reading a policy for facts: the one place where all kinds of fact come together."""

from dataclasses import replace

from graph.facts import Quantity, Record
from graph.figures.quantities import quantities
from graph.funding import funding
from graph.measures import measures
from graph.references import references
from graph.review.doubts import assessed
from graph.units.duties import duties
from ingest.model import Policy


def extract(policy: Policy) -> Record:
    """Return the record of `policy`: its duties, quantities, measures, references and funding rules.

    Each fact has its confidence. Never raises for bad text; doubts about the text become findings of the
    record's policy.
    """
    found, doubts = duties(policy)
    figures = tuple(q for clause in policy.clauses for q in quantities(clause, policy))
    by_clause: dict[str, list[Quantity]] = {}
    for figure in figures:
        by_clause.setdefault(figure.evidence.locator, []).append(figure)
    return assessed(
        Record(
            policy=replace(policy, findings=(*policy.findings, *doubts)),
            duties=found,
            quantities=figures,
            measures=tuple(
                m
                for clause in policy.clauses
                for m in measures(clause, tuple(by_clause.get(clause.locator, ())))
            ),
            references=references(policy),
            funding=funding(policy),
        )
    )
