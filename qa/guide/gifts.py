"""What a sentence gives: each sum with its condition, cap, base and stage, out of the graph's figures."""

import re
from collections.abc import Iterable, Iterator

from graph.facts import Quantity
from graph.review.signs import doubts
from qa.corpus import ClauseText
from qa.entitlement.offers import Offer, offers
from qa.figurewords import GIVEN as KINDS
from qa.figurewords import PERIODS, base, bounded
from qa.guide.model import Gift
from qa.guide.scope import GIVEN
from qa.said import figures, stands
from qa.text import display, plain

_EACH = re.compile(r"[，、]?(?P<each>每[^，。；]{1,10})$")
_LEADING = re.compile(r"^(?:按照?|给予|并|且|其中|，|、)+")


def gifts(text: ClauseText, held: Iterable[Quantity], grounds: str) -> Iterator[Gift]:
    """Yield what the figures `held` of a clause give, in its order.

    A gift whose words bring in a figure that does not stand in `grounds` is left out: the sentence
    itself is quoted anyway.
    """
    quantities = list(held)
    tied = {_key(offer.quantity): offer for offer in offers(text)}
    capped = {_key(cap.quantity) for offer in tied.values() for cap in offer.caps}
    allowed = figures([grounds])
    for quantity in quantities:
        lone_cap = quantity.role == "cap" and _key(quantity) not in capped
        if quantity.role not in GIVEN and not lone_cap:
            continue
        gift = _gift(quantity, tied.get(_key(quantity)))
        said = f"{gift.figure}{gift.each}{gift.base}{gift.recipient}{gift.condition}{''.join(gift.caps)}"
        if all(stands(figure, allowed) for figure in figures([said])):
            yield gift


def _gift(quantity: Quantity, offer: Offer | None) -> Gift:
    condition, of = display(quantity.condition), ""
    if quantity.role == "per_unit_rate":
        condition, of = base(condition)
    elif quantity.role == "tax_threshold":
        condition, of = "", condition
    each = PERIODS.get(quantity.periodicity, "") if quantity.role != "tax_threshold" else ""
    if found := _EACH.search(condition):
        condition = condition[: found.start()].strip("，、")
        each = found["each"] if found["each"] not in each else each
    span = quantity.evidence.span
    return Gift(
        kind=("再" if offer and offer.further else "") + KINDS.get(quantity.role, ""),
        figure=bounded(quantity),
        each=each,
        base=of,
        recipient=display(quantity.recipient),
        condition=condition,
        caps=tuple(dict.fromkeys(_cap(words) for words in _caps(offer))),
        payer=display(quantity.payer),
        stage=quantity.stage,
        value=quantity.value,
        unit=quantity.unit,
        role=quantity.role,
        bound=quantity.bound,
        locator=quantity.evidence.locator,
        start=span.start if span else None,
        end=span.end if span else None,
        doubt=quantity.reason if _doubtful(quantity) else "",
    )


def _doubtful(quantity: Quantity) -> bool:
    return quantity.review is None and quantity.confidence < doubts().doubtful


def _caps(offer: Offer | None) -> Iterator[str]:
    if offer is not None:
        yield from (cap.printed for cap in offer.caps)
        if offer.term is not None:
            yield offer.term.printed


def _cap(printed: str) -> str:
    return _LEADING.sub("", display(printed))


def _key(quantity: Quantity) -> tuple[int, str]:
    """Name a figure by its place: reckoning may read its role anew."""
    span = quantity.evidence.span
    return (span.start if span else -1), plain(quantity.surface) + ("" if span else quantity.role)
