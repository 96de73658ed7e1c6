"""How sure each fact is: the signs that speak against it, from evidence that reading left behind."""

import re
from collections.abc import Iterator
from dataclasses import replace

from graph.facts import Duty, FundingRule, Measure, Quantity, Record, Reference
from graph.review import figures, places, units
from graph.review.keys import Fact
from graph.review.signs import Sign, doubts, told

_NUMBER = re.compile(r"\s*[（(][^（）()]{1,20}[〔［\[【][^（）()]{0,12}号")
_SHARE = re.compile(r"(?:\d+(?:\.\d+)?%[、和]?)+|\d+(?:\.\d+)?(?::\d+(?:\.\d+)?)+|全部|分级")


def assessed(record: Record) -> Record:
    """Return the record with confidence and reason of every fact; decided ones stay as they are."""
    return _Assessor(record).record()


class _Assessor:
    """What the facts of one record are held against."""

    def __init__(self, record: Record) -> None:
        self.given = record
        self.text = record.policy.text
        self.clauses = {clause.locator: clause for clause in record.policy.clauses}
        self.whole = places.of_document(record.policy)
        self.unsure = places.unsure(record.policy)
        self.local = places.of_clauses(record.policy)
        self.acting = {duty.evidence.locator for duty in record.duties}
        self.garbled, self.joined = units.garbled(record.duties), units.joined(record.duties)
        self.rows = figures.rows(record.quantities)

    def record(self) -> Record:
        given = self.given
        return replace(
            given,
            duties=tuple(map(self.duty, given.duties)),
            quantities=tuple(map(self.quantity, given.quantities)),
            measures=tuple(map(self.measure, given.measures)),
            references=tuple(map(self.reference, given.references)),
            funding=tuple(map(self.funding, given.funding)),
        )

    def around(self, fact: Fact) -> tuple[Sign, ...]:
        signs, span = self.whole + self.local.get(fact.evidence.locator, ()), fact.evidence.span
        if not self.unsure or span is None:
            return signs
        if any(place.start < span.end and span.start < place.end for place in self.unsure):
            return (*signs, ("scanned-unsure",))
        return signs

    def duty(self, duty: Duty) -> Duty:
        clause = self.clauses.get(duty.evidence.locator)
        signs = [*units.of_duty(duty, clause, self.garbled, self.joined), *self.around(duty)]
        if not signs or duty.review:
            return duty
        confidence, reason = told(tuple(signs))
        return replace(duty, confidence=confidence, reason=reason)

    def quantity(self, quantity: Quantity) -> Quantity:
        signs = [*figures.of_figure(quantity, self.text), *self.around(quantity)]
        if row := self.rows.get((quantity.sentence, quantity.surface)):
            signs.append(row)
        if not signs or quantity.review:
            return quantity
        # What the reading itself was unsure of is in its confidence; an unknown role is told by a sign.
        base = 1.0 if quantity.role == "other" else quantity.confidence
        confidence, reason = told(tuple(signs), base)
        return replace(quantity, confidence=confidence, reason=reason)

    def measure(self, measure: Measure) -> Measure:
        signs = list(self.around(measure))
        if measure.kind == "incentive" and not measure.audience:
            signs.append(("no-audience",))
        if measure.kind == "task" and not self._acted(measure.evidence.locator):
            signs.append(("no-actor",))
        if not signs or measure.review:
            return measure
        confidence, reason = told(tuple(signs))
        return replace(measure, confidence=confidence, reason=reason)

    def _acted(self, locator: str) -> bool:
        """Tell whether a clause, or one that it stands in, names a unit."""
        while locator:
            if locator in self.acting:
                return True
            locator = locator.rpartition("/")[0]
        return False

    def reference(self, reference: Reference) -> Reference:
        signs = [*self._of_reference(reference), *self.around(reference)]
        if not signs or reference.review:
            return reference
        confidence, reason = told(tuple(signs))
        return replace(reference, confidence=confidence, reason=reason)

    def _of_reference(self, reference: Reference) -> Iterator[Sign]:
        limits, span = doubts().limits, reference.evidence.span
        if not limits["title_short"] <= len(reference.title) <= limits["title_long"]:
            yield ("title-odd",)
        if span and not reference.number and _NUMBER.match(self.text, span.end):
            yield ("number-unread",)

    def funding(self, rule: FundingRule) -> FundingRule:
        signs = list(self.around(rule))
        if not _SHARE.fullmatch(rule.share):
            signs.append(("share-unread",))
        if not signs or rule.review:
            return rule
        confidence, reason = told(tuple(signs))
        return replace(rule, confidence=confidence, reason=reason)
