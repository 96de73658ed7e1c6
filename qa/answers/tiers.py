"""Fixed rewards of a clause: tiers of one thing, further rewards on top, steps, several named ones.

Tiers of the same thing are never added up: the highest whose thresholds are met counts. A further
reward (再给予, 另奖) adds to what stands before it. Steps and separately named rewards add up when
the question names them or asks for all.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from graph.facts import Quantity
from qa.answers.matching import contradicted, fits, similar
from qa.answers.offers import Offer
from qa.answers.reckoning import Reckoning, Verdict, ask_for, capped, missed, verdicts, yuan
from qa.given import Facts, words
from qa.text import plain

_LONG = 48  # characters of a reward's purpose that are shown
_GIVING = re.compile(
    r"[，、]?(?:再|另外|另|额外)?(?:一次性)?(?:分别|各)?(?:给予|奖励|补助|补贴|发放|给|奖|补)*(?:一次性)?(?:资金|财政)?(?:奖励|补贴|补助|最高)?(?:不超过)?$"
)
_LEADING = re.compile(r"^[，、]*(?:对于|对)?")
_ALIKE = 0.6  # share of words in common that makes two rewards tiers of one thing
_NAMED = 1.0  # how well a phrase of the question must fit a reward to name it
_LEAD = 0.2  # how much better the chosen group must fit than the others


@dataclass(frozen=True, slots=True)
class Group:
    """Rewards for one thing: tiers (or one alone), or steps; `extra` are those on top."""

    tiers: tuple[Offer, ...]
    extra: tuple[Offer, ...] = ()
    steps: bool = False

    @property
    def members(self) -> tuple[Offer, ...]:
        """All rewards of the group."""
        return (*self.tiers, *self.extra)


def fixed(found: Sequence[Offer], facts: Facts, whole: str) -> Reckoning | None:
    """Work out fixed rewards; None when neither a threshold, a step nor a named sum is asked about."""
    sums = [o for o in found if o.quantity.unit == "CNY" and not o.per and not o.stepwise]
    sums = [o for o in sums if o.quantity.role != "cap" or not _beside_rate(o, found)]
    usable = [offer for offer in sums if not contradicted(facts, offer)]
    if not usable:
        return None
    groups = grouped(usable)
    if facts.asks_sum or facts.steps or facts.all_steps:
        made = _named(groups, usable, facts, whole)
        if made is not None:
            return made
    return _best_group(groups, usable, facts)


def _beside_rate(offer: Offer, found: Sequence[Offer]) -> bool:
    return any(o.quantity.role == "per_unit_rate" and o.statement == offer.statement for o in found)


def grouped(sums: Sequence[Offer]) -> list[Group]:
    """Put rewards for the same thing together."""
    groups: list[Group] = []
    for offer in sums:
        last = groups[-1] if groups else None
        before = last.members[-1] if last else None
        if last is None or before is None:
            groups.append(Group((offer,), steps=offer.staged))
        elif offer.row is not None and offer.row == before.row:
            if offer.staged or offer.limits or not last.tiers[0].limits:
                joined = offer.staged or bool(offer.limits)
                groups[-1:] = (
                    [Group((*last.tiers, offer), last.extra, last.steps)]
                    if joined
                    else [last, Group((offer,))]
                )
        elif offer.further and offer.statement - before.statement <= 1:
            groups[-1] = Group(last.tiers, (*last.extra, offer), last.steps)
        elif not last.steps and _same_thing(last, offer):
            groups[-1] = Group((*last.tiers, offer), last.extra)
        else:
            groups.append(Group((offer,), steps=offer.staged))
    return groups


def _same_thing(group: Group, offer: Offer) -> bool:
    """Tell whether `offer` is a further tier of what `group` gives."""
    last = group.tiers[-1]
    if not offer.limits or offer.row != last.row:
        return False
    if last.limits and not (_measured(last) & _measured(offer)):
        return False
    bare = [_bare(last), _bare(offer)]
    return similar(*bare) >= _ALIKE


def _measured(offer: Offer) -> frozenset[str]:
    named = [limit.measures | limit.manners | {limit.quantity.unit} for limit in offer.limits]
    return frozenset().union(*named)


def _bare(offer: Offer) -> str:
    said = offer.words
    for limit in offer.limits:
        said = (
            said.replace(limit.printed, " ")
            .replace(limit.words, " ")
            .replace(plain(limit.quantity.surface), " ")
        )
    return re.sub(r"[一二两]次性|给予|奖励|补助|补贴|达到|超过|的企业|的$", " ", said)


def _best_group(groups: Sequence[Group], usable: Sequence[Offer], facts: Facts) -> Reckoning | None:
    """Take the group whose thresholds the asker's figures answer, the better fitting one of several."""
    scores = dict(zip(map(id, usable), fits(facts.text, usable), strict=True))
    rated: list[tuple[float, Reckoning]] = []
    for group in groups:
        if group.steps:
            continue
        fit = max(scores[id(offer)] for offer in group.members)
        made = _tiers(group, facts)
        if made is not None and (made.figures or fit >= _NAMED):
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
    met = [o for o in group.tiers if all(v.met for v in checks[id(o)])]
    part = [
        o
        for o in group.tiers
        if not any(v.met is False for v in checks[id(o)]) and any(v.met for v in checks[id(o)])
    ]
    base = max(met or part, key=_worth, default=None)
    if base is None and all(any(v.met is False for v in checks[id(o)]) for o in group.tiers):
        return _none_met(group, checks, facts)
    if base is None:
        return None
    extra = [o for o in group.extra if all(v.met for v in checks[id(o)]) and o.limits]
    asked = [v.limit for o in (base, *group.extra) for v in checks[id(o)] if v.met is None]
    asked += [
        v.limit for o in group.tiers if _worth(o) > _worth(base) for v in checks[id(o)] if v.met is None
    ]
    losses = [_loss(o, checks[id(o)], extra=o in group.extra) for o in _higher(group, base, extra)]
    made = _sum([base, *extra], checks, asked=ask_for(asked), lost=tuple(filter(None, losses)))
    return capped(made, [base, *extra])


def _higher(group: Group, base: Offer, extra: Sequence[Offer]) -> list[Offer]:
    """Return the rewards just out of reach: the next tier, and those on top that are not met."""
    above = sorted((o for o in group.tiers if _worth(o) > _worth(base)), key=_worth)[:1]
    return above + [o for o in group.extra if o not in extra]


def _loss(offer: Offer, checks: Sequence[Verdict], *, extra: bool) -> str:
    lost = next((v for v in checks if v.met is False), None)
    if lost is None:
        return ""
    return missed(lost, f"不能{'再' if extra else ''}得{offer.surface}")


def _none_met(group: Group, checks: dict[int, list[Verdict]], facts: Facts) -> Reckoning:
    lowest = min(group.tiers, key=_worth)
    lost = next(v for v in checks[id(lowest)] if v.met is False)
    figure = lost.figure
    shown = figure.surface if figure else facts.text
    return Reckoning(
        Fraction(0),
        (),
        (f"{shown}，条件是{lost.limit.printed}，不符合",),
        (lost.limit.quantity, lowest.quantity),
        (figure,) if figure else (),
        missed=(missed(lost, f"不能得{lowest.surface}"),),
    )


def _named(groups: Sequence[Group], usable: Sequence[Offer], facts: Facts, whole: str) -> Reckoning | None:
    """Add up the rewards or steps that the phrases of the question name."""
    named = _phrases(usable, facts)
    homes = [next(g for g in groups if offer in g.members) for offer in named]
    stepped = next((group for group in homes if group.steps), None) or _only_steps(groups, usable, facts)
    if stepped is not None and (len({id(h) for h in homes}) <= 1):
        chosen = _steps_passed(stepped, [o for o in named if o in stepped.tiers], facts)
        return capped(_sum(chosen, {}), chosen) if chosen else None
    if not facts.asks_sum and not facts.steps and not facts.all_steps:
        return None
    if len(named) < (facts.steps or 1):
        named = _chain(usable, facts) or named
    if len(named) < 2 or any(o.limits for o in named) or facts.of("money", "percent"):
        return None
    if any(sum(o in group.tiers for o in named) > 1 for group in groups):
        return None  # tiers of one thing are never added up
    kept = named
    if words().has("clause.highest_only", whole):
        best = max(kept, key=_worth)
        made = _sum([best], {})
        return Reckoning(made.total, (*made.lines, "文件写明不重复享受，按最高一项计"), made.steps, made.used)
    return capped(_sum(kept, {}), kept)


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
    clear = sum(scores[id(o)] for o in best.tiers) / len(best.tiers) >= _NAMED
    return best if best.steps and clear else None


def _steps_passed(group: Group, named: list[Offer], facts: Facts) -> list[Offer]:
    """Return the steps that are passed: those named, the first so many, or all."""
    size = len(group.tiers)
    if facts.steps is not None and facts.steps <= size:
        return named if len(named) == facts.steps else list(group.tiers[: facts.steps])
    if len(named) > 1 or (len(named) == 1 and not facts.all_steps):
        return named if len(named) > 1 or facts.asks_sum else []
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
        if best >= _NAMED and scores.count(best) == 1:
            hits.add(scores.index(best))
    return [usable[i] for i in sorted(hits)]


def _sum(
    chosen: Sequence[Offer],
    checks: dict[int, list[Verdict]],
    *,
    asked: tuple[str, ...] = (),
    lost: tuple[str, ...] = (),
) -> Reckoning:
    """Add up fixed rewards, each with its condition as printed."""
    total = sum((_worth(offer) for offer in chosen), Fraction(0))
    lines: list[str] = []
    grounds: list[str] = []
    used: list[Quantity] = []
    for offer in chosen:
        met = [v for v in checks.get(id(offer), []) if v.met and v.figure]
        lines.append(_line(offer, met))
        grounds += [v.limit.printed for v in met]
        used += [offer.quantity, *(v.limit.quantity for v in met)]
    figures = [v.figure for found in checks.values() for v in found if v.figure]
    ground = f"（{'、'.join(dict.fromkeys(grounds))}）" if grounds else ""
    arithmetic = " + ".join(offer.surface for offer in chosen)
    result = f" = {yuan(total)}" if len(chosen) > 1 else ""
    return Reckoning(
        total,
        tuple(lines),
        (f"{arithmetic}{result}{ground}",),
        tuple(used),
        tuple(dict.fromkeys(figures)),
        asked,
        lost,
        at_most=any(offer.at_most for offer in chosen),
    )


def _line(offer: Offer, met: Sequence[Verdict]) -> str:
    """Say one reward: what for, how much, and which of the asker's figures meet its thresholds."""
    name = purpose(offer)
    why = []
    for verdict in met:
        shown = plain(verdict.limit.quantity.surface)
        told = verdict.figure.told if verdict.figure else ""
        why.append(f"{told}符合" if shown in name else f"{told}符合“{verdict.limit.printed}”")
    more = "再给" if offer.further else ""
    reason = "，".join(why)
    return f"{name}{more}{offer.surface}" + (f"（您说{reason}）" if why else "")


def purpose(offer: Offer) -> str:
    """Say what a reward is for, in the clause's words."""
    said = plain(offer.quantity.condition) if offer.row is not None else offer.words
    said = _GIVING.sub("", said)
    parts = _LEADING.sub("", said).split("，")
    while len(parts) > 1 and len("，".join(parts)) > _LONG:
        parts = parts[1:]
    said = _LEADING.sub("", "，".join(parts))
    if len(said) > _LONG:
        said = plain(offer.quantity.condition or offer.quantity.recipient)
    return f"{said}：" if 0 < len(said) <= _LONG else ""


def _worth(offer: Offer) -> Fraction:
    return Fraction(str(offer.quantity.value))
