"""Yes or no: the asker's figures held against a clause's thresholds, where no sum can be worked out.

A figure is held only against thresholds for the same thing: measure, kind of percentage, kind of
time and period must agree. Where it stays open which threshold is meant, nothing is said.
"""

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

from qa.corpus import ClauseText
from qa.entitlement.given import Facts, Given, words
from qa.entitlement.limits import Limit, is_limit, read_limit
from qa.entitlement.matching import closeness, contradicted
from qa.entitlement.offers import behind_of, offers, places
from qa.entitlement.reckoning import holds
from qa.entitlement.verdict import ASKED_FOR, NAMED, NEAR, Condition, Decision, Held
from qa.text import HAN, grams, plain

_MARKS = re.compile(r"[，。；、？！,;?!：:\s]")
_NUMBER = r"(?:\d+|[一二两三四五六七八九十几半])"
_PERIOD = re.compile(
    rf"(?P<other>(?:{_NUMBER}|近|前)年|{_NUMBER}个?季度|{_NUMBER}个?月(?!份)|年半|\d-\d+月)"
    r"|(?P<quarter>季)|(?P<month>月)|(?P<year>年)"
)
_ONE = {"一个季度": "quarter", "1个季度": "quarter", "三个月": "quarter", "3个月": "quarter"}
_ONE |= {"一个月": "month", "1个月": "month", "一年": "year", "1年": "year"}
_NAMED_QUARTER = re.compile("[一二三四1-4]季度")
_FILED = re.compile("(?:按|报|每)(?:月|季)")
_PERIODS = {"per_month": "month", "per_year": "year", "per_quarter": "quarter", "": ""}
_SAID = {"month": "按月算", "quarter": "按季度算"}
_WHETHER = re.compile(rf"([{HAN}])[不没]\1")
_TOPIC = 0.75  # share of the best sentence's fit that the threshold's sentence must reach
_CLEAR = 1.25  # how much better one sentence must fit than another to be the one meant


def asks_whether(facts: Facts) -> bool:
    """Tell whether the question wants yes or no: 能免吗, 给不给, 能拿不."""
    if words().has("question.whether", facts.text) or _WHETHER.search(facts.text):
        return True
    ends = words().list("question.whether_end")
    return any(phrase.endswith(ends) for phrase in _MARKS.split(facts.text) if len(phrase) > 2)


def decide(text: ClauseText, facts: Facts, named: Sequence[tuple[int, int]] = ()) -> Decision | None:
    """Hold the figures of a question against the thresholds of a clause; None where none agrees.

    `named` are the stretches of the question that name places.
    """
    if not asks_whether(facts) or not facts.figures:
        return None
    conditions = list(_conditions(text))
    if not conditions or not _claims_stand(text, facts):
        return None
    own = [figure for figure in facts.figures if not _wanted(figure)]
    agreed: list[Held] = []
    for figure in own:
        mine = _agreeing(figure, conditions, facts)
        if mine is None:
            return None
        agreed += mine
    fits = closeness(facts.text, [sentence.plain for sentence in text.sentences])
    best = _sentence(agreed, fits)
    if best is None or fits[best] < _TOPIC * max(fits):
        return None
    held = [h for h in agreed if h.condition.sentence == best]
    if any(contradicted(facts, offer) for h in held for offer in h.condition.offers):
        return None
    chosen = _tiers(held)
    if not chosen or not _sure(chosen):
        return None
    return Decision(tuple(chosen), text.sentences[best], tuple(end for _, end in named))


def _conditions(text: ClauseText) -> Iterator[Condition]:
    """Yield the thresholds of a clause with the sentence and the rewards they belong to."""
    whole = plain(text.text)
    found = list(places(whole, text.quantities))
    given = offers(text)
    last: Limit | None = None
    for i, (quantity, start) in enumerate(found):
        if start < 0 or not is_limit(quantity):
            continue
        sentence = next((n for n, s in enumerate(text.sentences) if quantity in s.quantities), None)
        tied = tuple(offer for offer in given if any(quantity == limit.quantity for limit in offer.limits))
        last = read_limit(whole, quantity, start, behind_of(whole, found, i), last)
        if sentence is None or (quantity.role == "target" and not tied):
            continue
        end = start + len(plain(quantity.surface))
        front = re.split(r"[，。；（(：:]|[且并](?=.)", behind_of(whole, found, i))[-1]
        back = re.split(r"[，。；、（()）]|[且并]", whole[end : end + 14])[0]
        grant = "" if tied else _grant(text.sentences[sentence].plain, plain(quantity.surface))
        yield Condition(
            limit=last,
            sentence=sentence,
            period=_period(front) or _period(last.words),
            spans=_spans(front, back),
            around=f"{front}{back}",
            grant=grant,
            offers=tied,
        )


def _spans(before: str, after: str) -> frozenset[str]:
    """Return what a span of time measures, by the nearest words that say so."""
    spans = words().spans
    return spans(before[-4:]) or spans(after) or spans(before[-8:])


def _grant(sentence: str, surface: str) -> str:
    """Return the words of a sentence that say what is granted: 免征增值税."""
    behind = sentence.partition(surface)[2]
    for phrase in re.split(r"[，。；]", behind):
        starts = [phrase.find(word) for word in words().list("clause.granting") if word in phrase]
        if starts:
            said = phrase[min(starts) :]
            return said if 2 < len(said) <= 2 * NAMED else ""
    return ""


def _claims_stand(text: ClauseText, facts: Facts) -> bool:
    """A sum that the asker takes for granted must be one of the clause's: else it is to be corrected."""
    printed = {Fraction(str(q.value)) for q in text.quantities if isinstance(q.value, int | float)}
    claims = [*facts.claimed, *(f for f in facts.figures if _wanted(f))]
    return all(claim.value in printed or claim.value * 10 in printed for claim in claims)


def _wanted(figure: Given) -> bool:
    """A figure that names the reward, none of the asker's own: 20万奖励, 千分之二的奖."""
    if figure.kind not in ("money", "percent") or words().measures(figure.before[-NEAR:]):
        return False
    named = figure.after.startswith(words().list("question.wanted"))
    return named and ASKED_FOR.search(figure.after[:6]) is None


def _agreeing(figure: Given, conditions: Sequence[Condition], facts: Facts) -> list[Held] | None:
    """Hold a figure against all thresholds for the same thing; None where it stays open if one is met."""
    period = _told_period(figure, facts)
    held: list[Held] = []
    for condition in conditions:
        if not _same_thing(figure, condition, conditions):
            continue
        wanted = condition.period
        if figure.kind == "money" and period != wanted and period and (wanted or period != "year"):
            continue
        met = holds(condition.limit.quantity, figure)
        if met is None:
            return None
        shown = _SAID.get(wanted, "") if figure.kind == "money" and not period else ""
        held.append(Held(condition, figure, met, shown))
    return held


def _same_thing(figure: Given, condition: Condition, conditions: Sequence[Condition]) -> bool:
    """Tell whether a figure and a threshold measure the same."""
    limit = condition.limit
    quantity, lists = limit.quantity, words()
    if figure.kind == "money":
        return quantity.unit == figure.unit and bool(limit.measures & figure.measures)
    if figure.kind == "percent":
        return quantity.unit in ("percent", "permille") and _same_share(figure, condition, conditions)
    near = f"{figure.before}，{figure.after[:6]}"
    if figure.kind == "duration":
        if quantity.unit not in ("year", "month", "day") or (quantity.unit == "day") != (
            figure.unit == "day"
        ):
            return False
        if quantity.bound == "exact" and not re.search(r"[满达]|不少于|至少", limit.words[-4:]):
            return False
        return bool(_spans(figure.before, figure.after[:6]) & condition.spans)
    unit = lists.unit_of(plain(quantity.surface))
    if not unit or lists.same_unit(figure.unit) not in (unit, "个"):
        return False
    measures = lists.measures(condition.around)
    if measures & lists.measures(near):
        return True
    return bool(set(grams(condition.around)) & set(grams(near)))


def _same_share(figure: Given, condition: Condition, conditions: Sequence[Condition]) -> bool:
    """Tell whether two percentages are of one kind (growth, share) and of one thing."""
    lists, limit = words(), condition.limit
    manners = lists.manners(figure.before[-NEAR:]) or lists.manners(figure.after[:6]) or figure.manners
    if not limit.manners or not manners:
        near = set(grams(f"{figure.before}{figure.after[:6]}"))
        return not limit.manners and not manners and bool(near & set(grams(condition.around)))
    if not manners & limit.manners:
        return False
    own = _measured(f"{figure.before[-14:]}，{figure.after[:6]}") or (
        frozenset() if "share" in manners else figure.measures
    )
    wanted = _measured(condition.around) or limit.measures
    if own and wanted:
        return bool(own & wanted)
    alike = [c for c in conditions if c.limit.manners & manners and c.limit.quantity.unit == "percent"]
    return len({c.limit.measures for c in alike}) == 1


def _measured(said: str) -> frozenset[str]:
    """Return what is measured, the words for its share (投在) left out."""
    for word in words().list("manner.share"):
        said = said.replace(word, "，")
    return words().measures(said)


def _told_period(figure: Given, facts: Facts) -> str:
    """Return the period that a sum is for: said beside it, else how it is filed (按季报税)."""
    if figure.period:
        return _PERIODS[figure.period]
    front = _MARKS.split(facts.text[: figure.start].rstrip())[-1]
    said = _period(front) or _period(re.sub(r"^.{0,2}?(?=[/每一]|$)", "", figure.after[:4]))
    if said:
        return said
    filed = {_period(match[0]) for match in _FILED.finditer(facts.text)}
    return filed.pop() if len(filed) == 1 else ""


def _period(said: str) -> str:
    """Return the period that was named last: month, quarter, year, other (两个月), or none."""
    found = ""
    for match in _PERIOD.finditer(said):
        if match["other"] and _NAMED_QUARTER.fullmatch(match[0]):
            found = "quarter"
        elif match["other"]:
            found = _ONE.get(match[0], "other" if not re.fullmatch(r"\d+月", match[0]) else "month")
        else:
            found = next(name for name in ("quarter", "month", "year") if match[name])
    return found


def _sentence(agreed: Sequence[Held], fits: Sequence[float]) -> int | None:
    """Return the sentence meant: the only one, or the one that fits clearly best."""
    ranked = sorted({h.condition.sentence for h in agreed}, key=lambda n: -fits[n])
    if not ranked:
        return None
    if len(ranked) > 1 and fits[ranked[0]] < _CLEAR * fits[ranked[1]]:
        return None
    return ranked[0]


def _tiers(held: Sequence[Held]) -> list[Held]:
    """Of several tiers for one figure keep the highest that is met and the next one that is not."""
    chosen: list[Held] = []
    for figure in dict.fromkeys(h.figure for h in held):
        mine = [h for h in held if h.figure == figure]
        upward = [h for h in mine if not h.downward and not isinstance(h.value, str)]
        met = sorted((h for h in upward if h.met), key=lambda h: h.size)[-1:]
        lost = sorted((h for h in upward if not h.met), key=lambda h: h.size)[:1]
        bands = [h for h in mine if isinstance(h.value, str)]
        inside = [h for h in bands if h.met] or bands[:1]
        chosen += [*met, *lost, *(h for h in mine if h.downward), *([] if met or lost else inside)]
    return chosen


def _sure(chosen: Sequence[Held]) -> bool:
    """Two figures that were held against one threshold leave open which is meant."""
    for held in chosen:
        rivals = [h for h in chosen if h.condition is held.condition and h.figure is not held.figure]
        if any(rival.met != held.met for rival in rivals):
            return False
    return len(chosen) <= 4
