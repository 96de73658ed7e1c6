"""Rewards per head: per person, per mu, per machine, times the counts given, for the span of time given.

A count goes to the reward that counts the same thing, the longest name winning (高级技师 before 技师).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from qa.entitlement.given import Facts, Given, words
from qa.entitlement.matching import contradicted, core_fits
from qa.entitlement.offers import Offer
from qa.entitlement.reckoning import (
    Reckoning,
    addition,
    ask_for,
    capped,
    digits,
    judge,
    not_met,
    scope,
    verdicts,
    yuan,
)
from qa.lexicon import lexicon
from qa.text import plain

_ENOUGH = 1.5  # how well a counted thing must fit a reward: a shared name of two characters or more
_SHORT = 14  # characters of a counted thing's name that are shown


def heads(found: Sequence[Offer], facts: Facts) -> Reckoning | None:
    """Sums per person, per mu …, times the counts given, for the years or months given."""
    each = [offer for offer in found if offer.per and not offer.stepwise and not contradicted(facts, offer)]
    counts = [figure for figure in facts.of("count") if not figure.about]
    matched = _matched(each, counts)
    if not matched or (len(matched) == 1 and matched[0][1].value == 1 and not facts.asks_sum):
        return None
    matched = [(_tier(offer, each, facts), figure, name) for offer, figure, name in matched]
    for offer, _, _ in matched:
        if lost := [verdict for verdict in verdicts(offer, facts) if verdict.met is False]:
            return not_met(lost[0], offer, f"不能按{offer.surface}计算")
    total, lines, steps, parts = Fraction(0), [], [], []
    spans = [_span(offer, facts) for offer, _, _ in matched]
    for (offer, figure, name), span in zip(matched, spans, strict=True):
        value = Fraction(str(offer.quantity.value))
        part = value * figure.value * span.times
        total += part
        arithmetic = f"{offer.surface} × {figure.surface.replace(' ', '')}{span.printed} = {yuan(part)}"
        steps.append(f"{arithmetic}（{name}）" if name else arithmetic)
        lines.append(f"{name}{arithmetic}" if name else arithmetic)
        parts.append(yuan(part))
    if len(parts) > 1:
        steps.append(addition(parts, total))
    lines += dict.fromkeys(span.note for span in spans if span.note)
    made = Reckoning(
        total,
        tuple(lines),
        tuple(steps),
        tuple(offer.quantity for offer, _, _ in matched),
        tuple(figure for _, figure, _ in matched),
        ask_for(
            limit for offer, _, _ in matched for limit in offer.limits if judge(limit, facts).met is None
        ),
        span=spans[0].each if len({span.each for span in spans}) == 1 else "",
        spoken=tuple(offer.term.quantity for offer, _, _ in matched if offer.term),
        scope=scope(matched[0][0]) if len(matched) == 1 else "",
    )
    return capped(made, [offer for offer, _, _ in matched])


def _tier(offer: Offer, each: Sequence[Offer], facts: Facts) -> Offer:
    """Take the tier whose thresholds are met (10人以上每人…，10人以下每人…) if those of `offer` are not."""
    if not any(v.met is False for v in verdicts(offer, facts)):
        return offer
    others = [o for o in each if o.limits and o.per == offer.per]
    siblings = [o for o in others if all(v.met for v in verdicts(o, facts))]
    return siblings[0] if len(siblings) == 1 else offer


@dataclass(frozen=True, slots=True)
class _Span:
    """How often a monthly or yearly sum is paid; `each` is 每月 or 每年 when no span was given."""

    times: Fraction = Fraction(1)
    printed: str = ""
    each: str = ""
    note: str = ""


def _span(offer: Offer, facts: Facts) -> _Span:
    """Read the span of time given against the longest that the clause allows."""
    periodicity = offer.quantity.periodicity
    monthly = "month" in periodicity or "每月" in offer.near
    yearly = "year" in periodicity or "每年" in offer.near
    if not monthly and not yearly:
        return _Span()
    unit, size, each = ("个月", 1, "每月") if monthly else ("年", 12, "每年")
    spans = [figure.value for figure in facts.of("duration") if figure.unit == "month"]
    term = offer.term
    longest = None
    if term is not None:
        longest = Fraction(str(term.quantity.value)) * (12 if term.quantity.unit == "year" else 1)
    if not spans or (yearly and spans[-1] == size):
        return _Span(each=each, note=term.printed if term else "")
    months, note = spans[-1], ""
    if term is not None and longest is not None and months > longest:
        months, note = longest, f"{term.printed}，超过的不算"
    times = months / size
    return _Span(times, f" × {digits(times)}{unit}", note=note)


def _matched(each: Sequence[Offer], counts: Sequence[Given]) -> list[tuple[Offer, Given, str]]:
    """Match counts to the rewards that count the same thing, the longest name winning."""
    if not each or not counts:
        return []
    lists = words()
    ahead = [_best(figure.before, figure, each) for figure in counts]
    behind = [_best(figure.after, figure, each) for figure in counts]
    forward, backward = sum(b is not None for b in behind), sum(b is not None for b in ahead)
    backs = backward > forward or (backward == forward and all(f.unit in lists.people for f in counts))
    first, second = (ahead, behind) if backs else (behind, ahead)
    matched: list[tuple[Offer, Given, str]] = []
    for i, figure in enumerate(counts):
        hit = first[i] or (second[i] if max(forward, backward) == 0 or len(counts) == 1 else None)
        if hit is not None:
            matched.append((hit[0], figure, hit[1]))
    if matched or len(each) > 1:
        return matched
    return [(each[0], f, "") for f in counts if _generic(f, each[0])][:1]


def _best(noun: str, figure: Given, each: Sequence[Offer]) -> tuple[Offer, str] | None:
    own = words().same_unit(figure.unit)
    usable = [o for o in each if own == o.per or "个" in (own, o.per)]
    if not usable or len(noun) < 1:
        return None
    official = " ".join(
        plain(form) for phrase in lexicon().phrases(noun) if not phrase.official for form in phrase.forms
    )
    for said in (noun, f"{noun} {official}"):
        scores = core_fits(said, usable)
        best = max(scores)
        if best[0] >= _ENOUGH and [score for score, _ in scores].count(best[0]) == 1:
            return usable[scores.index(best)], best[1] if len(best[1]) <= _SHORT else ""
    return None


def _generic(figure: Given, offer: Offer) -> bool:
    """A count that names nothing (10人) counts whatever the only reward counts."""
    if words().same_unit(figure.unit) != offer.per:
        return False
    noun = figure.after
    for word in words().list("question.anyone"):
        noun = noun.replace(word, "")
    return not noun or offer.per != "人"
