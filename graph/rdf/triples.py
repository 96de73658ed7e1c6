"""A record as RDF: one named graph a policy, in the standard vocabularies of docs/model.md.

Places and units go into the graph that all policies share (see graph.rdf.shared).

Statements are written as lines of N-Quads, which is how they travel and how Oxigraph takes them in
fastest. There are no blank nodes, so the same record always gives the same lines and writing a document
twice changes nothing.
"""

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from graph.facts import Duty, Evidence, FundingRule, Measure, Quantity, Record, Reference, Role
from graph.periods import document_period
from graph.rdf.changes import events
from graph.rdf.doctypes import document_type
from graph.rdf.iris import place, place_key, policy_iri, slug, unit_iri
from graph.rdf.literals import day, figure, limit, ordinal, text, truth, whole
from graph.rdf.marks import Marked, marks
from graph.rdf.shared import shared_iri
from graph.rdf.vocabulary import (
    CPSV,
    CV,
    DCT,
    DEFAULT_BASE,
    ELI,
    OA,
    ORG,
    POL,
    PROV,
    RDF,
    ROLE,
    SCHEMA,
    SKOS,
)
from ingest.model import Annex, Clause, Policy

_LANGUAGE = NamedNode("http://publications.europa.eu/resource/authority/language/ZHO")
# UN/CEFACT Recommendation 20 codes; units without one are written out as schema:unitText.
_UNIT_CODES = {"percent": "P1", "permille": "NX", "month": "MON", "year": "ANN", "day": "DAY"}


def nquads(record: Record, base: str = DEFAULT_BASE) -> str:
    """Return the record as N-Quads, in the graphs that `policy_iri` and `shared_iri` name."""
    return "".join(_Writer(record, base).write())


def triples(record: Record, base: str = DEFAULT_BASE) -> Iterator[Quad]:
    """Yield the record's quads, in the graphs that `policy_iri` and `shared_iri` name."""
    return parse(nquads(record, base), RdfFormat.N_QUADS, lenient=True)


_SHORTCUTS: dict[Role, str] = {
    "lead": "leadUnit",
    "responsible": "responsibleUnit",
    "support": "supportUnit",
    "oversight": "oversightUnit",
}
# Predicates as they stand in the middle of a line.
_WRITTEN = {
    space[term]: f" {space[term]} "
    for space in (CPSV, CV, DCT, ELI, OA, ORG, POL, PROV, RDF, SCHEMA, SKOS)
    for term in space.terms
}


class _Writer:
    """Collects one record's lines; nodes that are named twice are written once.

    Subjects and objects are given as N-Quads writes them.
    """

    def __init__(self, record: Record, base: str) -> None:
        self.record = record
        self.base = base
        self.graph = policy_iri(record.policy.source, base)
        self.policy = str(self.graph)
        self.own = f" {self.graph} .\n"
        self.common = f" {shared_iri(base)} .\n"
        self.place = place_key(record.policy)
        self.labels = {part.label for part in record.policy.parts}
        self.lines: list[str] = []
        self.written: set[str] = set()

    def add(self, subject: str, predicate: NamedNode, value: NamedNode | Literal | str) -> None:
        self.lines.append(f"{subject}{_WRITTEN[predicate]}{value}{self.own}")

    def say(self, subject: str, predicate: NamedNode, words: str) -> None:
        self.add(subject, predicate, text(words))

    def share(self, subject: str, predicate: NamedNode, value: NamedNode | Literal | str) -> None:
        self.lines.append(f"{subject}{_WRITTEN[predicate]}{value}{self.common}")

    def mark(self, node: str, fact: Marked) -> None:
        if fact.confidence < 1 or fact.review:
            for subject, predicate, value in marks(node, fact, self.policy):
                self.add(subject, predicate, value)

    def first(self, node: str) -> bool:
        """Tell whether `node` is named for the first time."""
        if node in self.written:
            return False
        self.written.add(node)
        return True

    def node(self, kind: str, order: int | str) -> str:
        return f"{self.policy[:-1]}/{kind}/{order}>"

    def at(self, locator: str) -> str:
        """Name a part or a clause."""
        return str(place(self.graph, locator))

    def write(self) -> list[str]:
        record = self.record
        self.heading(record.policy)
        for part in record.policy.parts:
            self.part(part)
        for order, clause in enumerate(record.policy.clauses):
            self.clause(order, clause)
        for order, duty in enumerate(record.duties):
            self.duty(order, duty)
        for order, quantity in enumerate(record.quantities):
            self.quantity(order, quantity)
        for order, measure in enumerate(record.measures):
            self.measure(order, measure)
        for order, reference in enumerate(record.references):
            self.reference(order, reference)
        for order, rule in enumerate(record.funding):
            self.funding(order, rule)
        for gist in record.gists:
            self.say(self.at(gist.locator), POL.gist, gist.text)
        return self.lines

    def heading(self, policy: Policy) -> None:
        node = self.policy
        self.add(node, RDF.type, ELI.LegalResource)
        self.say(node, POL.source, policy.source)
        self.say(node, ELI.title, policy.title)
        self.say(node, POL.status, policy.status)
        self.add(node, POL.verbatim, truth(policy.verbatim))
        # A draft or a repealed document is surely not in force; of an issued one only its dates tell.
        if policy.status != "issued":
            self.add(node, ELI.in_force, ELI["InForce-notInForce"])
        kind = document_type(policy.title)
        if kind:
            self.add(node, ELI.type_document, kind)
        if policy.number:
            self.say(node, ELI.id_local, policy.number.canonical)
            self.say(node, ELI.number, str(policy.number.serial))
        if policy.issuer:
            self.add(node, ELI.passed_by, self.unit(policy.issuer))
        if policy.date:
            self.add(node, ELI.date_document, day(policy.date))
        if policy.jurisdiction:
            self.add(node, ELI.jurisdiction, self.territory())
        self.force(policy)
        for addressee in policy.addressees:
            self.say(node, POL.addressee, addressee)
        expression, file = self.node("text", "zho"), self.node("file", policy.sha256 or "none")
        self.add(node, ELI.is_realized_by, expression)
        self.add(expression, RDF.type, ELI.LegalExpression)
        self.add(expression, ELI.language, _LANGUAGE)
        self.add(expression, ELI.is_embodied_by, file)
        self.add(file, RDF.type, ELI.Format)
        self.say(file, POL.sha256, policy.sha256)
        if policy.url:
            self.say(file, DCT.source, policy.url)

    def force(self, policy: Policy) -> None:
        """Write the days that the document gives for itself (本办法自…施行，有效期五年)."""
        found = document_period(policy) if policy.text and policy.status != "draft" else None
        begin, end = found[0] if found else (None, None)
        if begin:
            self.add(self.policy, ELI.first_date_entry_in_force, day(begin.isoformat()))
        if end:
            self.add(self.policy, ELI.date_no_longer_in_force, day(end.isoformat()))

    def territory(self) -> str:
        node = f"<{self.base}/place/{self.place}>"
        if self.first(node):
            self.share(node, RDF.type, DCT.Location)
            self.share(
                node, SKOS.prefLabel, text(self.record.policy.jurisdiction or self.record.policy.source)
            )
            if self.place.isdecimal() and self.record.policy.jurisdiction:
                self.share(node, SKOS.notation, text(self.place))  # GB/T 2260
        return node

    def part(self, part: Annex) -> None:
        node = self.at(part.label)
        if node == self.policy:
            return
        self.add(node, RDF.type, ELI.LegalResource)
        self.add(node, ELI.is_annex_of, self.policy)
        self.say(node, ELI.title, part.title)
        self.say(node, POL.label, part.label)

    def clause(self, order: int, clause: Clause) -> None:
        node = self.at(clause.locator)
        self.add(node, RDF.type, ELI.LegalResourceSubdivision)
        self.add(node, ELI.is_part_of, self.parent(clause))
        self.say(node, ELI.number, clause.number)
        self.say(node, ELI.title, clause.title)
        self.say(node, POL.locator, clause.locator)
        self.add(node, POL.order, whole(order))
        if number := ordinal(clause.number):
            self.add(node, POL.ordinal, whole(number))
        if clause.inferred:
            self.add(node, POL.inferred, truth(True))
        if len(clause.span) and self.record.policy.text:
            self.add(node, PROV.wasDerivedFrom, self.span(clause.span.start, clause.span.end))

    def parent(self, clause: Clause) -> str:
        if clause.parent:
            return self.at(clause.parent)
        label = clause.locator.partition("/")[0]
        return self.at(label) if label in self.labels else self.policy

    def unit(self, name: str) -> str:
        node = str(unit_iri(name, self.place, self.base))
        if self.first(node):
            self.share(node, RDF.type, POL.UnitGroup if name.startswith("各") else CV.PublicOrganisation)
            self.share(node, SKOS.prefLabel, text(name))
            self.share(node, POL.inJurisdiction, self.territory())
            for subject, predicate, value in events(name, self.place, self.base):
                self.share(str(subject), predicate, value)
        return node

    def duty(self, order: int, duty: Duty) -> None:
        node, unit = self.node("duty", order), self.unit(duty.unit)
        clause = self.at(duty.evidence.locator)
        self.add(clause, CV.hasParticipation, node)
        self.add(clause, POL[_SHORTCUTS[duty.role]], unit)
        self.add(node, RDF.type, CV.Participation)
        self.add(node, CV.role, ROLE[duty.role])
        self.add(node, CV.hasParticipant, unit)
        self.add(node, POL.order, whole(duty.order))
        self.say(node, POL.locator, duty.evidence.locator)
        self.say(node, POL.written, duty.written)
        if duty.written != duty.unit:
            self.share(unit, SKOS.altLabel, text(duty.written))
        if duty.note:
            self.say(node, POL.note, duty.note)
        self.mark(node, duty)
        self.evidence(node, duty.evidence)

    def quantity(self, order: int, quantity: Quantity) -> None:
        node = self.node("figure", order)
        money = quantity.kind == "money"
        self.add(self.at(quantity.evidence.locator), POL.quantity, node)
        self.add(node, RDF.type, SCHEMA.MonetaryAmount if money else SCHEMA.QuantitativeValue)
        if quantity.kind == "target":
            self.add(node, RDF.type, POL.Target)
        self.add(node, limit(quantity.bound), figure(quantity.value))
        if money:
            self.say(node, SCHEMA.currency, quantity.unit)
        elif quantity.unit in _UNIT_CODES:
            self.say(node, SCHEMA.unitCode, _UNIT_CODES[quantity.unit])
        else:
            self.say(node, SCHEMA.unitText, quantity.unit)
        self.add(node, POL.order, whole(order))
        self.say(node, POL.locator, quantity.evidence.locator)
        self.say(node, POL.printed, quantity.surface)
        self.say(node, POL.kind, quantity.kind)
        self.say(node, POL.role, quantity.role)
        self.say(node, POL.bound, quantity.bound)
        self.details(node, order, quantity)
        self.evidence(node, quantity.evidence)

    def details(self, node: str, order: int, quantity: Quantity) -> None:
        if quantity.recipient:
            self.add(node, DCT.audience, self.audience(quantity.recipient))
        if quantity.condition:
            requirement = self.node("condition", order)
            self.add(node, CV.holdsRequirement, requirement)
            self.add(requirement, RDF.type, CV.Requirement)
            self.say(requirement, DCT.description, quantity.condition)
        if quantity.payer:
            self.say(node, POL.payer, quantity.payer)
        if quantity.periodicity:
            self.say(node, POL.periodicity, quantity.periodicity)
        if quantity.stage is not None:
            self.add(node, POL.stage, whole(quantity.stage))
        self.mark(node, quantity)
        following = self.record.quantities[order + 1 : order + 2]
        if quantity.kind == "rate" and following and _caps(following[0], quantity):
            self.add(node, POL.cap, self.node("figure", order + 1))
        if quantity.role == "deadline":
            self.add(self.at(quantity.evidence.locator), POL.deadline, figure(quantity.value))

    def audience(self, name: str) -> str:
        node = self.node("audience", slug(name))
        if self.first(node):
            self.add(node, RDF.type, DCT.AgentClass)
            self.say(node, SKOS.prefLabel, name)
        return node

    def measure(self, order: int, measure: Measure) -> None:
        node, clause = self.node("measure", order), self.at(measure.evidence.locator)
        kinds = {
            "incentive": (POL.Incentive, CPSV.PublicService),
            "task": (POL.Task, PROV.Plan),
            "rule": (POL.Rule,),
        }
        for kind in kinds[measure.kind]:
            self.add(node, RDF.type, kind)
        self.add(node, CV.hasLegalResource, clause)
        if measure.audience:
            self.add(node, DCT.audience, self.audience(measure.audience))
        if measure.valid_from or measure.valid_until:
            period = self.node("valid", order)
            self.add(node, DCT.valid, period)
            self.add(period, RDF.type, DCT.PeriodOfTime)
            if measure.valid_from:
                self.add(period, SCHEMA.startDate, day(measure.valid_from))
            if measure.valid_until:
                self.add(period, SCHEMA.endDate, day(measure.valid_until))
            self.evidence(period, measure.validity_evidence or measure.evidence)
        self.mark(node, measure)
        self.evidence(node, measure.evidence)

    def reference(self, order: int, reference: Reference) -> None:
        node = self.node("reference", order)
        self.add(self.at(reference.evidence.locator), POL.reference, node)
        self.add(node, RDF.type, POL.Reference)
        self.say(node, POL.relation, reference.relation)
        self.say(node, POL.citedTitle, reference.title)
        if reference.number:
            self.say(node, ELI.id_local, reference.number)
        if reference.target:
            cited = str(policy_iri(reference.target, self.base))
            self.add(node, POL.cited, cited)
            self.add(self.policy, ELI[reference.relation], cited)
        self.mark(node, reference)
        self.evidence(node, reference.evidence)

    def funding(self, order: int, rule: FundingRule) -> None:
        node = self.node("funding", order)
        self.add(self.at(rule.evidence.locator), POL.fundingShare, node)
        self.add(node, RDF.type, POL.FundingShare)
        self.say(node, POL.payer, rule.payer)
        self.say(node, POL.ratio, rule.share)
        self.say(node, POL.printed, rule.surface)
        self.mark(node, rule)
        self.evidence(node, rule.evidence)

    def evidence(self, fact: str, evidence: Evidence) -> None:
        span = evidence.span
        if span is None or not self.record.policy.text:
            self.add(fact, PROV.wasDerivedFrom, self.at(evidence.locator))
        else:
            self.add(fact, PROV.wasDerivedFrom, self.span(span.start, span.end))

    def span(self, start: int, end: int) -> str:
        """Name a place in the text; its quotation is what really stands there, not what should."""
        node = self.node("span", f"{start}-{end}")
        if self.first(node):
            selector = f"{node[:-1]}/selector>"
            self.add(node, RDF.type, OA.SpecificResource)
            self.add(node, OA.hasSource, self.node("text", "zho"))
            self.add(node, OA.hasSelector, selector)
            self.add(selector, RDF.type, OA.TextPositionSelector)
            self.add(selector, RDF.type, OA.TextQuoteSelector)
            self.add(selector, OA.start, whole(start))
            self.add(selector, OA.end, whole(end))
            self.say(selector, OA.exact, self.record.policy.text[start:end])
        return node


def _caps(cap: Quantity, rate: Quantity) -> bool:
    same = cap.evidence.locator == rate.evidence.locator and cap.sentence == rate.sentence
    return same and cap.role == "cap" and cap.kind == "money"
