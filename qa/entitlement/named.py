"""Rewards and steps that a question names, or asks for all together, added up."""

import re
from collections.abc import Sequence

from qa.entitlement.given import Facts, Given, words
from qa.entitlement.groups import Group, added, worth
from qa.entitlement.matching import closeness, core_fits, fits
from qa.entitlement.offers import Offer
from qa.entitlement.reckoning import Reckoning, capped

NAMED = 1.0  # how well a phrase of the question must fit a reward to name it
_COUNTED = 1.5  # how well a counted thing must fit a reward to be what it is for


def named_sum(groups: Sequence[Group], usable: Sequence[Offer], facts: Facts, whole: str) -> Reckoning | None:
    """Add up the rewards or steps that the phrases of the question name."""
    named = _phrases(usable, facts)
    staged = [group for group in groups if group.steps]
    if staged and (facts.steps or facts.all_steps):  # steps of one row, never with other rewards
        row = _meant(groups, facts)
        return _stages(row, _phrases(row.tiers, facts), facts) if row is not None else None
    if (facts.steps or facts.all_steps) and len({offer.statement for offer in named}) > 1:
        return None
    homes = [next(g for g in groups if offer in g.members) for offer in named]
    stepped = next((group for group in homes if group.steps), None) or _only_steps(groups, usable, facts)
    if stepped is not None and (len({id(h) for h in homes}) <= 1):
        return _stages(stepped, [o for o in named if o in stepped.tiers], facts)
    if not facts.asks_sum and not facts.steps and not facts.all_steps:
        return None
    if len(named) < (facts.steps or 1):
        named = _chain(usable, facts) or named
    if len(named) < 2 or any(o.limits for o in named) or facts.of("money", "percent"):
        return None
    counts = [f for f in facts.of("count") if f.value > 1 and not (f.unit == "个" and f.value == len(named))]
    if any(_counted(figure, named) for figure in counts):
        return None  # several of one kind, and the clause does not say that each gets it
    if any(sum(o in group.tiers for o in named) > 1 for group in groups):
        return None  # tiers of one thing are never added up
    if words().has("clause.highest_only", whole):
        best = max(named, key=worth)
        made = added([best], {})
        return Reckoning(made.total, (*made.lines, "文件写明不重复享受，按最高一项计"), made.steps, made.used)
    return capped(added(named, {}), named)


def _meant(groups: Sequence[Group], facts: Facts) -> Group | None:
    """Return the staged row that the question is about: the best fitting of all rewards."""
    if len(groups) == 1:
        return groups[0]
    scores = closeness(facts.text, ["，".join(dict.fromkeys(o.words for o in g.members)) for g in groups])
    best = max(scores)
    row = groups[scores.index(best)]
    return row if row.steps and best >= NAMED and scores.count(best) == 1 else None


def _stages(row: Group, named: list[Offer], facts: Facts) -> Reckoning | None:
    """Add up the steps of one row that are passed."""
    chosen = _steps_passed(row, named, facts)
    assumed = chosen != named and not facts.all_steps
    asked = ("以上按这几步都已通过计算，请补充通过了哪几步",) if assumed else ()
    return capped(added(chosen, {}, asked=asked), chosen) if chosen else None


def _counted(figure: Given, named: Sequence[Offer]) -> bool:
    return any(
        score >= _COUNTED for noun in (figure.before, figure.after) for score, _ in core_fits(noun, named)
    )


def _chain(usable: Sequence[Offer], facts: Facts) -> list[Offer]:
    """Return the steps that one sentence gives one by one (完成股改奖…，通过辅导奖…，上市奖…)."""
    statements = {offer.statement for offer in usable}
    if len(statements) != 1 or any(offer.limits or offer.further for offer in usable):
        return []
    whole = facts.all_steps and (facts.steps in (None, len(usable)))
    return list(usable) if whole or facts.steps == len(usable) else []


def _only_steps(groups: Sequence[Group], usable: Sequence[Offer], facts: Facts) -> Group | None:
    """Return the staged reward that the question is about, when it says 两步都过了 or asks for all."""
    staged = [group for group in groups if group.steps]
    if not staged or facts.of("money", "percent", "count"):
        return None
    if len(staged) == 1 and len(groups) == 1:
        return staged[0]
    scores = dict(zip(map(id, usable), fits(facts.text, usable), strict=True))
    ranked = sorted(groups, key=lambda g: -sum(scores[id(o)] for o in g.tiers) / len(g.tiers))
    best = ranked[0]
    clear = sum(scores[id(o)] for o in best.tiers) / len(best.tiers) >= NAMED
    return best if best.steps and clear else None


def _steps_passed(group: Group, named: list[Offer], facts: Facts) -> list[Offer]:
    """Return the steps that are passed: those named, those up to the one named, the first so many, or all."""
    size = len(group.tiers)
    if facts.steps is not None and facts.steps <= size:
        return named if len(named) == facts.steps else list(group.tiers[: facts.steps])
    if len(named) > 1:
        return named
    if named and not facts.all_steps:  # all in all: who has come to a step has passed those before it
        return list(group.tiers[: group.tiers.index(named[0]) + 1]) if facts.asks_sum else []
    return list(group.tiers) if facts.all_steps or facts.asks_sum else []


def _phrases(usable: Sequence[Offer], facts: Facts) -> list[Offer]:
    """Match each phrase of the question to the reward that it fits best; keep the document's order."""
    marks = "|".join(map(re.escape, words().list("question.parting")))
    hits: set[int] = set()
    for phrase in re.split(marks, facts.text):
        if len(phrase) < 2:
            continue
        scores = fits(phrase, usable)
        best = max(scores)
        if best >= NAMED and scores.count(best) == 1:
            hits.add(scores.index(best))
    return [usable[i] for i in sorted(hits)]
