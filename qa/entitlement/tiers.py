"""Fixed rewards of a clause: tiers of one thing, further rewards on top, steps, several named ones.

Tiers of the same thing are never added up: the highest whose thresholds are met counts. A further
reward (再给予, 另奖) adds to what stands before it. Steps and separately named rewards add up when
the question names them or asks for all.
"""

from collections.abc import Sequence
from dataclasses import replace

from qa.entitlement.given import Facts
from qa.entitlement.groups import Group, added, grouped, worth
from qa.entitlement.matching import contradicted, fits
from qa.entitlement.named import NAMED, named_sum
from qa.entitlement.offers import Offer
from qa.entitlement.reckoning import Reckoning, Verdict, ask_for, capped, missed, not_met, verdicts

_LEAD = 0.2  # how much better the chosen group must fit than the others


def fixed(found: Sequence[Offer], facts: Facts, whole: str) -> Reckoning | None:
    """Work out fixed rewards; None when neither a threshold, a step nor a named sum is asked about."""
    sums = [o for o in found if o.quantity.unit == "CNY" and not o.per and not o.stepwise]
    sums = [o for o in sums if o.quantity.role != "cap" or not _beside_rate(o, found)]
    usable = [offer for offer in sums if not contradicted(facts, offer)]
    if not usable:
        return None
    groups = grouped(usable)
    if facts.asks_sum or facts.steps or facts.all_steps:
        made = named_sum(groups, usable, facts, whole)
        if made is not None:
            return made
    return _best_group(groups, usable, facts)


def _beside_rate(offer: Offer, found: Sequence[Offer]) -> bool:
    return any(o.quantity.role == "per_unit_rate" and o.statement == offer.statement for o in found)


def _best_group(groups: Sequence[Group], usable: Sequence[Offer], facts: Facts) -> Reckoning | None:
    """Take the group whose thresholds the asker's figures answer, the better fitting one of several."""
    scores = dict(zip(map(id, usable), fits(facts.text, usable), strict=True))
    rated: list[tuple[float, Reckoning]] = []
    for group in groups:
        if group.steps:
            continue
        fit = max(scores[id(offer)] for offer in group.members)
        made = _tiers(group, facts)
        if made is not None and (made.figures or fit >= NAMED):
            rated.append((fit, made))
    if not rated:
        return None
    rated.sort(key=lambda pair: -pair[0])
    if len(rated) > 1 and rated[0][0] - rated[1][0] < _LEAD and rated[0][1].total != rated[1][1].total:
        return None
    return rated[0][1]


def _tiers(group: Group, facts: Facts) -> Reckoning | None:
    """Reckon one group: the highest tier that is met, and what comes on top."""
    checks = {id(offer): verdicts(offer, facts) for offer in group.members}
    told_of = [v for found in checks.values() for v in found if v.figure]
    if not told_of and not (facts.asks_sum and group.extra):
        return None
    met = [o for o in group.tiers if not o.unread and all(v.met for v in checks[id(o)])]
    part = [
        o
        for o in group.tiers
        if not any(v.met is False for v in checks[id(o)]) and any(v.met for v in checks[id(o)])
    ]
    base = max(met or part, key=worth, default=None)
    if base is None and all(any(v.met is False for v in checks[id(o)]) for o in group.tiers):
        lowest = min(group.tiers, key=worth)
        lost = next(v for v in checks[id(lowest)] if v.met is False)
        return not_met(lost, lowest, f"不能得{lowest.surface}")
    if base is None:
        return None
    extra = [o for o in group.extra if o.limits and not o.unread and all(v.met for v in checks[id(o)])]
    asked = [v.limit for o in (base, *group.extra) for v in checks[id(o)] if v.met is None]
    asked += [v.limit for o in group.tiers if worth(o) > worth(base) for v in checks[id(o)] if v.met is None]
    losses = [_loss(o, checks[id(o)], extra=o in group.extra) for o in _higher(group, base, extra)]
    beyond = [
        *_higher(group, base, extra),
        *(o for o in group.members if any(v.met is None for v in checks[id(o)])),
    ]
    spoken = tuple(q for o in beyond for q in (o.quantity, *(limit.quantity for limit in o.limits)))
    made = added([base, *extra], checks, asked=ask_for(asked), lost=tuple(filter(None, losses)))
    made = replace(made, spoken=spoken)
    return capped(made, [base, *extra])


def _higher(group: Group, base: Offer, extra: Sequence[Offer]) -> list[Offer]:
    """Return the rewards just out of reach: the next tier, and those on top that are not met."""
    above = sorted((o for o in group.tiers if worth(o) > worth(base)), key=worth)[:1]
    return above + [o for o in group.extra if o not in extra]


def _loss(offer: Offer, checks: Sequence[Verdict], *, extra: bool) -> str:
    lost = next((v for v in checks if v.met is False), None)
    if lost is None:
        return ""
    return missed(lost, f"不能{'再' if extra else ''}得{offer.surface}")
