"""Rewards that grow with a sum of the asker's: rent for months, rates of a sum.

Every part of a sum keeps its arithmetic as a line, with the figures as the clause prints them.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from qa.entitlement.given import Facts, Given, words
from qa.entitlement.matching import contradicted, fits
from qa.entitlement.offers import Offer
from qa.entitlement.reckoning import (
    Reckoning,
    Verdict,
    addition,
    ask_for,
    not_met,
    scope,
    verdicts,
    yuan,
)
from qa.text import grams, plain

_NAMED = 1.0  # how well a question must fit a reward for some kind of asker only
_ALIKE = 2  # pairs of characters that a base and a sum given share at least
_CLEAR = 0.5  # how much better the chosen one of several rewards must fit


def rent(found: Sequence[Offer], facts: Facts) -> Reckoning | None:
    """Rent waived for some months and halved for others, for the rent that was given."""
    rents = [offer for offer in found if offer.quantity.role in ("rent_waiver", "rent_half")]
    paid = [f for f in facts.of("money") if "rent" in f.measures and f.unit == "CNY" and not f.about]
    if not rents or len(paid) != 1 or any(contradicted(facts, offer) for offer in rents):
        return None
    first = rents[0].statement
    rents = [offer for offer in rents if offer.quantity.unit == "month"]
    later = [
        o for o in rents if o.statement != first and o.further and fits(facts.text, [o, rents[0]])[0] < _NAMED
    ]
    rents = [o for o in rents if o.statement == first or (o.further and o not in later)]
    asked = [f"另有“{offer.words}{offer.surface}”，是否属于，请补充" for offer in later]
    monthly = paid[0].value / (12 if paid[0].period == "per_year" else 1)
    total, lines, steps = Fraction(0), [], []
    if paid[0].period == "per_year":
        steps.append(f"{yuan(paid[0].value)} ÷ 12个月 = 每月{yuan(monthly)}")
    for offer in rents:
        months = Fraction(str(offer.quantity.value))
        half = offer.quantity.role == "rent_half"
        part = monthly * months / (2 if half else 1)
        total += part
        what = "减半收取" if half else "免收"
        halved = " ÷ 2" if half else ""
        steps.append(f"{yuan(monthly)} × {offer.surface}{halved} = {yuan(part)}（{what}{offer.surface}房租）")
        lines.append(f"{what}{offer.surface}房租，省{yuan(part)}")
    if len(rents) > 1:
        steps.append(addition([(s.split(" = ")[-1].split("（")[0]) for s in steps[-len(rents) :]], total))
    if not paid[0].period:
        asked.append("按每月租金计算，是否如此，请确认")
    used = tuple(offer.quantity for offer in (*rents, *later))
    return Reckoning(total, tuple(lines), tuple(steps), used, (paid[0],), tuple(asked), scope=scope(rents[0]))


def rates(found: Sequence[Offer], facts: Facts) -> Reckoning | None:
    """A share of a sum that was given, with the caps of the clause."""
    all_rates = [
        o for o in found if o.quantity.role == "per_unit_rate" and o.quantity.unit in ("percent", "permille")
    ]
    fitting = [
        (offer, figure) for offer in all_rates if not offer.stepwise for figure in _bases(offer, facts)
    ]
    fitting = [(offer, figure) for offer, figure in fitting if not contradicted(facts, offer)]
    if not fitting:
        return None
    judged = [(o, f, verdicts(o, facts)) for o, f in fitting]
    open_ = [item for item in judged if not any(v.met is False for v in item[2])]
    if not open_:
        offer, _, checks = judged[0]
        lost = next(v for v in checks if v.met is False)
        return not_met(lost, offer, f"不能按{offer.surface}计算")
    chosen = _clearest([(o, f) for o, f, _ in open_], facts)
    if chosen is None:
        return None
    offer, figure = chosen
    checks = next(v for o, f, v in open_ if o is offer and f is figure)
    return _share(offer, figure, checks)


def _share(offer: Offer, figure: Given, checks: Sequence[Verdict]) -> Reckoning:
    """Work out one rate: base × rate, at most its caps."""
    per = 1000 if offer.quantity.unit == "permille" else 100
    raw = figure.value * Fraction(str(offer.quantity.value)) / per
    printed = yuan(figure.value)
    base = printed if any(c.isdigit() for c in figure.surface) else f"{figure.surface}（{printed}）"
    steps = [f"{base} × {offer.surface} = {yuan(raw)}"]
    total, line = raw, f"{base} × {offer.surface} = {yuan(raw)}"
    caps = [
        cap
        for cap in offer.caps
        if cap.quantity.unit == "CNY" and not words().has("clause.per_head_cap", cap.words)
    ]
    tight = min(caps, key=lambda cap: Fraction(str(cap.quantity.value)), default=None)
    used = [offer.quantity, *(cap.quantity for cap in caps)]
    if tight is not None:
        limit = Fraction(str(tight.quantity.value))
        if raw > limit:
            total = limit
            steps.append(
                f"{yuan(raw)} > {plain(tight.quantity.surface)}（{tight.printed}），按{yuan(limit)}计"
            )
            line += f"，超过“{tight.printed}”，按{yuan(limit)}计"
        else:
            line += f"，没有超过“{tight.printed}”"
        rest = [cap.printed for cap in caps if cap is not tight]
        line += f"（另有：{'、'.join(rest)}）" if rest else ""
    met = [v for v in checks if v.met and v.figure]
    for verdict in met:
        assert verdict.figure is not None  # noqa: S101 - narrowed by the line above
        line += f"；{verdict.figure.surface}符合“{verdict.limit.printed}”"
        used.append(verdict.limit.quantity)
    unknown = [v.limit for v in checks if v.met is None]
    used += [limit.quantity for limit in unknown]
    figures = (figure, *(v.figure for v in met if v.figure))
    return Reckoning(
        total,
        (line,),
        tuple(steps),
        tuple(used),
        figures,
        ask_for(unknown),
        at_most=offer.at_most,
        scope=scope(offer),
    )


def _bases(offer: Offer, facts: Facts) -> list[Given]:
    """Return the sums given that a rate may be taken of."""
    lists = words()
    # The words nearest to the rate name its base: 按设备投资额的8%, 给予8%的设备补助.
    pieces = [offer.inherited, *re.split(r"按照?|，|。", offer.words.rstrip("的")), offer.after]
    nearest = [pieces[-2], pieces[-1], *reversed(pieces[:-2])]
    text = next((piece for piece in nearest if lists.measures(piece)), "")
    wanted = lists.measures(text)
    money = [f for f in facts.of("money") if f.unit == "CNY" and not f.about and f.period != "per_month"]
    if not wanted:  # no known measure: the same words must stand on both sides (展位费)
        own = set(grams(offer.words[-24:]))
        return [f for f in money if len(own & set(grams(f"{f.before}{f.after}"))) >= _ALIKE][:1]
    money = [f for f in money if f.measures & wanted or (not f.measures and not _promised(f))]
    if len(money) > 1:
        money = [f for f in money if f.measures & wanted] or money
        shared = [len(set(grams(text)) & set(grams(f"{f.before}{f.after}"))) for f in money]
        money = [f for f, s in zip(money, shared, strict=True) if s == max(shared)]
    return money[:1]


def _promised(figure: Given) -> bool:
    """A sum that the asker speaks of as given or wanted (给我100万) is no base to reckon from."""
    return words().has("clause.giving", f"{figure.before}{figure.after}") or not figure.before


def _clearest(fitting: Sequence[tuple[Offer, Given]], facts: Facts) -> tuple[Offer, Given] | None:
    """Take the rate that fits the question best; None when two fit alike."""
    if len(fitting) == 1:
        return fitting[0]
    scores = fits(facts.text, [_with_base(offer) for offer, _ in fitting])
    ranked = sorted(zip(scores, range(len(fitting)), strict=True), key=lambda pair: (-pair[0], pair[1]))
    if ranked[0][0] - ranked[1][0] >= _CLEAR:
        return fitting[ranked[0][1]]
    general = [item for item in fitting if not item[0].words.startswith(("其中", "对其中"))]
    if len(general) == 1:
        return general[0]
    tiers = [item for item in fitting if item[0].limits and all(v.met for v in verdicts(item[0], facts))]
    return max(tiers, key=lambda item: Fraction(str(item[0].quantity.value)), default=None)


def _with_base(offer: Offer) -> Offer:
    """Add the base that a rate shares with the one before it, so that it tells the two apart no more."""
    shared = re.split(r"按照?", offer.inherited)[-1] if offer.inherited else ""
    return replace(offer, words=f"{offer.words} {shared}")
