"""Whether a measure is in force on a day, by what its document writes.

Only a written end ends a measure: 执行期限至…, 有效期…年, 所属期为…至…, 延至…. A year named as a goal
(2025年…达到10家) ends nothing. Where no period is written the state is unknown.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from graph.facts import Quantity
from graph.periods import Period, clause_period, days, document_period
from ingest.model import Clause, Policy, Span

State = Literal["in_force", "expired", "draft", "unknown"]
_CUT_OFF = re.compile("[至到]|[-－—–~～─]")


@dataclass(frozen=True, slots=True)
class Repeal:
    """A document ended by a later one of the store: which, where it says so, and from what day on.

    `since` is None where no day is known; `span` is the sentence, None for knowledge without text.
    """

    source: str
    title: str
    number: str
    locator: str
    since: date | None
    span: Span | None

    def holds(self, as_of: date | None) -> bool:
        """Tell whether the repeal has taken effect on a day; None asks whether there is one."""
        return as_of is None or self.since is None or self.since <= as_of


def validity_at(
    policy: Policy,
    clause: Clause | None,
    quantities: Iterable[Quantity],
    as_of: date | None,
    repeal: Repeal | None = None,
) -> tuple[State, str | None, str | None, Quantity | None]:
    """Return state, first day, last day (ISO 8601) and the figure that they rest on.

    Args:
        policy: the document; a draft is a draft on any day.
        clause: the clause asked about, or None for the document as a whole.
        quantities: the figures of the measure asked about; a period among them goes before the
            document's own.
        as_of: the day; None leaves the state of an issued document unknown.
        repeal: a later document that ends this one (``graph.citing``); before its day it changes nothing.

    A measure whose document gives no period that covers the day is ``unknown``, never in force.
    """
    if policy.status == "draft":
        return "draft", None, None, None
    figures = [q for q in quantities if clause is None or q.evidence.locator == clause.locator]
    found = next(_periods(figures), None) or (clause and clause_period(policy, clause))
    found = found or document_period(policy)
    (start, end), figure = found or ((None, None), None)
    if repeal and repeal.holds(as_of):
        last_day = repeal.since and repeal.since - timedelta(days=1)
        end = min(filter(None, (end, last_day)), default=None)
    first, last = (day.isoformat() if day else None for day in (start, end))
    if policy.status == "repealed" or (repeal and repeal.holds(as_of)):
        return "expired", first, last, figure
    return _state((start, end), as_of), first, last, figure


def _state(period: Period, as_of: date | None) -> State:
    start, end = period
    if as_of is None or end is None or (start is not None and as_of < start):
        return "unknown"
    return "expired" if end < as_of else "in_force"


def _periods(figures: Sequence[Quantity]) -> Iterator[tuple[Period, Quantity]]:
    """Yield the written periods among figures: an end first, then an interval."""
    for figure in figures:
        if ends_measure(figure) and isinstance(figure.value, str):
            first, last = days(figure.value)
            yield (first if "/" in figure.value else None, last), figure


def ends_measure(figure: Quantity) -> bool:
    """Tell whether a figure is the written end or period of a measure."""
    if figure.role == "valid_until":
        return True
    if figure.role == "deadline":
        squeezed, surface = ("".join(text.split()) for text in (figure.sentence, figure.surface))
        return re.search(f"延(?:期|长)?(?:至|到){re.escape(surface)}", squeezed) is not None
    return (
        figure.role == "valid_period"
        and "/" in str(figure.value)
        and _CUT_OFF.search(figure.surface) is not None
    )
