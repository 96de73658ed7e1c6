"""Coordinated figures, each given its own item: 分别给予50万元、30万元; three nodes, three sums."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache

from graph.facts import QuantityRole
from graph.figures.frames import Frame
from graph.figures.parties import own_recipient
from graph.figures.rows import Item, carried_verb, is_level, is_rank, items, rows, steps, years
from graph.figures.site import GIVEN, Found, Setting
from graph.figures.topics import Party, is_party, split_topic
from graph.figures.words import any_of

_SPOKEN: tuple[QuantityRole, ...] = ("threshold", "per_unit_rate", "fee_rate", "limit", "other")


def in_rows(text: str, sentence: tuple[int, int], read: Sequence[Found]) -> Iterator[Found]:
    """Give each figure of a coordinated row its own item."""
    by_figure = {item.site.figure: item for item in _labelled(_bounded(text, read))}
    spoken: list[str] = []
    for group in rows(text, [item.site.figure for item in by_figure.values()]):
        members = [by_figure[figure] for figure in group]
        spoken = _spoken(text, sentence, members) or spoken
        if len(members) > 1 and members[0].role in _SPOKEN and len(spoken) == len(members):
            for i, member in enumerate(members):
                condition = _joined(replace(members[0].setting, condition=_named(members[0])), spoken[i])
                yield replace(
                    member,
                    role=members[0].role,
                    setting=replace(member.setting, condition=condition),
                    stage=i + 1,
                )
        elif len(members) == 1 or members[0].role not in GIVEN:
            yield from members
        else:
            yield from _row(text, sentence, members, read)


def _bounded(text: str, read: Sequence[Found]) -> Iterator[Found]:
    """Let a row that 分别 deals out share the bound said with its first figure (分别不超过30个和10个)."""
    previous: Found | None = None
    for item in read:
        figure = item.site.figure
        if previous and figure.bound == "exact" and previous.site.figure.bound != "exact":
            first = previous.site.figure
            lead = text[item.site.sentence[0] : first.lead]
            dealt = re.search("分别[^，；。]{0,4}$", lead) or text[first.lead : first.start].endswith("分别")
            if len(rows(text, [first, figure])) == 1 and dealt:
                item = replace(item, site=replace(item.site, figure=replace(figure, bound=first.bound)))
        yield item
        previous = item


@cache
def _label() -> re.Pattern[str]:
    """辅导备案奖励, 过会奖: a step and a verb of giving, right before its sum."""
    verbs = "|".join(any_of("give", name) for name in ("verbs", "reward", "subsidy"))
    return re.compile(
        f"(?:其中|[，、；和])*(?P<label>[^，、；。：每\\d]{{2,16}}?(?<!的))(?:[户人亩]均)?(?:{verbs}|一次性|再|最高)+$"
    )


def _labelled(read: Iterable[Found]) -> Iterator[Found]:
    """Give sums that each have a step of their own their stage (辅导备案奖励200万元、成功上市奖励700万元)."""
    run: list[tuple[Found, str]] = []
    for item in read:
        near = re.split("[，；：]", item.site.place.near)[-1]
        said = _label().match(near) if item.role in ("reward", "subsidy") else None
        label = said["label"] if said else ""
        alike = not run or run[-1][0].role == item.role
        if label and alike and not is_party(label) and not _WHO_OR_HOW.search(label):
            run.append((item, label))
            continue
        yield from _in_stages(run)
        run = []
        yield item
    yield from _in_stages(run)


# What is no step: who pays, to whom, and how the whole is dealt out.
_WHO_OR_HOW = re.compile("财政|政府|^由?(?:[省市县区][、和]?)+级?$|[省市县区]级$|对|给|^分|^按|^每")


def _in_stages(run: Sequence[tuple[Found, str]]) -> Iterator[Found]:
    for i, (item, label) in enumerate(run):
        if len(run) < 2 or label in item.setting.condition:
            yield item
            continue
        condition = f"{item.setting.condition}，{label}" if item.setting.condition else label
        yield replace(item, setting=replace(item.setting, condition=condition), stage=i + 1)


def _spoken(text: str, sentence: tuple[int, int], members: Sequence[Found]) -> list[str]:
    """Return the items that 分别 deals out before a row: 一级、二级、三级医院起付线分别为…."""
    part = re.split("[，；：]", text[sentence[0] : members[0].site.figure.lead])[-1]
    dealt = part.partition("分别")[0] if len(members) > 1 and "分别" in part else ""
    found = items(dealt, len(members)) if dealt else []
    return [item.phrase for item in found]


def _named(member: Found) -> str:
    """Return what a row of figures measures, without the items dealt out before it."""
    return "" if "、" in member.setting.condition else member.setting.condition.removesuffix("分别")


def _row(
    text: str, sentence: tuple[int, int], members: Sequence[Found], read: Sequence[Found]
) -> Iterator[Found]:
    count, dealt = len(members), False
    frame = members[0].site.frame
    begin = frame.start if frame else sentence[0]
    lead = text[begin : members[0].site.figure.lead]
    party = split_topic(frame.topic) if frame else Party("", "", "")
    whole = frame.topic if frame else ""
    stages = steps(text[frame.predicate : members[0].site.figure.lead] if frame else lead, count) or steps(
        lead, count
    )
    stages = stages or years(lead, count)
    named = items(party.recipient, count)
    # 已认定和新认定的甲企业和乙企业: only the recipients are as many as the sums
    found = (items(whole, count) or named) if whole else []
    within = carried_verb(items(party.condition, count))
    spoken_for = items(re.split("[，；：]", lead)[-1].partition("分别")[0], count) if "分别" in lead else []
    sums = _threshold_row(read, frame, count)
    own = own_recipient(members[0].site)  # 分别给予依托单位…: named apart from the row of things
    handed = own and re.search(f"(?:给予|奖励|补助|补贴|资助){re.escape(own)}", lead)
    if not handed or not party.recipient or own in party.recipient:
        own = ""
    for i, member in enumerate(members):
        alike = i > 0 and member.role in ("cap", "per_unit_rate")
        new = members[0].setting if alike else member.setting
        if stages and stages[i].startswith("第") and new.condition:  # 按租金的100%，第一年
            new = replace(new, condition=f"{new.condition}，{stages[i]}")
        elif stages:
            new = _staged(new, stages[i], frame)
        elif sums:
            new = replace(new, condition=sums[i])
        elif within and not named and not is_rank(within[i].own):
            new = replace(new, recipient=party.recipient, condition=within[i].phrase)
        elif found and own:
            new, dealt = replace(new, recipient=own, condition=found[i].phrase), True
        elif found:
            new, dealt = _itemised(new, found[i], named, i, text[sentence[0] : begin]), True
        elif spoken_for:
            condition = _joined(members[0].setting, spoken_for[i].own)
            new = replace(new, recipient=party.recipient or new.recipient, condition=condition)
        elif "分别" in lead:
            new = replace(new, confidence=min(new.confidence, 0.6))
        if new.recipient in ("", party.recipient) and not dealt:
            new = replace(new, recipient=members[0].setting.recipient)
        payer = member.setting.payer or members[0].setting.payer
        spoken = replace(member.site.place, near=members[0].site.place.near)
        yield replace(
            member, site=replace(member.site, place=spoken), setting=replace(new, payer=payer), stage=i + 1
        )


def _joined(old: Setting, item: str) -> str:
    """Add an item to a condition (成套、单台设备分别最高…)."""
    condition = re.sub("，[^，]*分别$", "", old.condition)
    return f"{condition}，{item}" if condition and item not in condition else item


def _staged(old: Setting, step: str, frame: Frame | None) -> Setting:
    """Give a sum its step: 按照受理、发行、上市三个节点."""
    recipient, condition = old.recipient, old.condition
    if frame and frame.topic.endswith("的"):
        return replace(old, condition=f"{condition}，{step}" if condition else step)
    if frame and not condition:
        recipient = frame.topic or recipient
    if frame and condition and f"{condition}的{recipient}" == frame.topic:
        recipient = frame.topic
    return replace(old, recipient=recipient, condition=step)


def _itemised(old: Setting, item: Item, parties: list[Item], i: int, earlier: str) -> Setting:
    """Give a sum its item of an enumeration in the topic."""
    if parties and re.fullmatch("[A-Z甲乙丙丁][类级档]", item.own) and is_party(parties[i].phrase):
        return replace(old, recipient=parties[i].phrase)
    if is_rank(item.own) and old.recipient and item.own not in old.recipient:
        return replace(old, condition=item.own)
    if is_rank(item.own):
        rest = re.sub("(?:对|获得|获|被评为|评为|的|奖项|荣获)+", "", item.phrase.replace(item.own, ""))
        heads = any_of("recipients", "heads")
        named = re.search(f".*(?:{heads})", rest)
        if not named:
            named_before = re.search(f"对([^，；]*(?:{heads}))", earlier)
            return replace(
                old, recipient=named_before[1] if named_before else old.recipient, condition=item.own
            )
        return replace(old, recipient=named.group(), condition=item.own)
    if parties:
        return replace(old, recipient=parties[i].phrase)
    if is_level(item.own):
        party = split_topic(item.phrase)
        return replace(old, recipient=party.recipient, condition=party.condition)
    return replace(old, condition=item.own)


def _threshold_row(read: Sequence[Found], frame: Frame | None, count: int) -> list[str]:
    """Return the conditions of a row of sums that answers a row of thresholds."""
    inside = [
        f for f in read if f.site.frame == frame and frame and f.site.place.in_topic and f.role == "threshold"
    ]
    if len(inside) != count or frame is None:
        return []
    text = inside[0].site.text
    if len({f.site.figure.unit for f in inside}) > 1 or len(rows(text, [f.site.figure for f in inside])) > 1:
        return []
    measure, first = inside[0].setting.condition, inside[0].site.figure.start
    begin = text.rfind(measure, frame.start, first) if measure else first
    prefix = text[begin:first] if begin >= 0 else measure
    return [f"{prefix}{text[f.site.figure.start : f.site.figure.end]}" for f in inside]
