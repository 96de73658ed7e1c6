"""What dates, periods and durations are for: deadline, period of force, threshold, limit, relief of rent."""

import re

from graph.facts import QuantityRole
from graph.figures.amounts import Figure
from graph.figures.place import Place
from graph.figures.words import any_of, has

# 缓缴政策执行期到…, 活动截止期至…: what goes on, then its end.
# 一年内没有发生事故, 3年内不再受理: a stretch of time in which something is not; no day to keep.
_FREE_OF = re.compile("(?:均|都|也)?(?:没有|没|未(?:发生|受|被|有|出现|因)|无|不得|不再|不予受理|不能)")
_PERIOD_END = re.compile(
    "(?:缓缴|减免|执行|实施|有效|施行|试行|优惠|政策|活动)[^，]{0,6}(?:期|期限|至|到)[^，]{0,4}$"
)


# 注册时间为5月31日前: a day in the claimant's past, not one to act by.
_HAPPENED = re.compile(
    "(?:注册|成立|登记|设立|毕业|入职|开工|参保|出生)[^，；]{0,4}(?:时间|日期)[^，；]{0,3}$"
)


def dated(figure: Figure, place: Place) -> QuantityRole:
    """Return what a date or an interval is for."""
    before = place.before
    relative = figure.bound == "at_most" and re.match("的|已[^，；]*的", place.after)
    if figure.family == "date" and relative:
        return "threshold"
    if figure.family == "date" and _PERIOD_END.search(before) and "自" not in before[-6:]:
        return "valid_until"
    if figure.family == "date" and has(before[-12:], "roles", "until"):
        return "valid_until"
    if re.fullmatch("(?:截至|截止)(?:到|至)?", before):
        return "valid_period"
    if re.match("(?:止|为止)", place.after) and figure.family == "date":
        return "valid_until"
    if figure.family == "period":
        named = re.search(
            f"(?:{any_of('roles', 'window')})[^，；]{{0,8}}(?:时间|期限|日期|期)[^，；]{{0,4}}$", before
        )
        does = re.match(f"(?:期间)?(?:集中|统一|分批)?(?:{any_of('roles', 'window')})", place.after)
        return "deadline" if named or does else "valid_period"
    if figure.bound == "at_least":
        starts = re.match("(?:正式)?(?:施行|执行|实施|试行)", place.after) or re.search("自$", before)
        return "valid_period" if starts and not place.in_topic else "threshold"
    if figure.bound == "at_most" and _HAPPENED.search(before):
        return "threshold"
    if figure.bound == "at_most":
        free = _FREE_OF.match(place.after)
        return "threshold" if free or (place.in_topic and place.before) else "deadline"
    if re.search("(?:到|至|截至|截止|延至|于)(?:日期?|时间)?(?:为|到|至)?$", before) and not re.search(
        "[从自]", before[-8:]
    ):
        return "deadline"
    return "valid_period"


def lasting(figure: Figure, place: Place) -> QuantityRole:
    """Return what a duration is for."""
    around = place.before[-10:] + place.after[:8]
    if not place.in_topic and has(around, "roles", "rent"):
        beside = place.near[-12:] + "▢" + place.after[:4]
        if has(beside, "roles", "half"):
            return "rent_half"
        if has(beside, "roles", "waive"):
            return "rent_waiver"
    if place.in_topic or place.relative:
        return "threshold"
    given = has(place.part, "give", "verbs", "nouns")
    if figure.bound in ("below", "above"):
        return "threshold"
    if re.search("连(?:续)?(?:补|奖|奖励|补贴|补助|支持)$", place.before):
        return "valid_period"
    bounded = figure.bound == "at_most" and figure.lead < figure.start
    if bounded and not given:
        return "limit"
    if (
        figure.bound == "at_most"
        and place.in_predicate
        and re.match("(?:可)?(?:按|给予|每|免|减|由)", place.after)
    ):
        return "valid_period"
    if bounded and given and not has(place.before, "roles", "limit"):
        return "cap"
    if has(place.before, "roles", "limit") or has(place.after[:10], "roles", "limit"):
        return "limit"
    if figure.unit == "working_day" and figure.bound == "exact":
        return "limit"
    if (
        re.search("(?:有效期|执行期|试行期?|为期|缓缴|期限)[^，]{0,6}$", place.before)
        or re.match("(?:的)?[^，]{0,8}(?:优惠|过渡期|保护期|支持|免租)", place.after)
        or (given and figure.bound == "exact")
    ):
        return "valid_period"
    if figure.bound == "at_most":
        return "threshold" if _FREE_OF.match(place.after) else "deadline"
    if has(place.before[-10:], "roles", "condition") or figure.bound == "at_least":
        return "threshold"
    return "valid_period" if has(place.part, "roles", "validity") else "other"
