"""Whom a figure concerns, on what condition, and who pays: the reading for each role."""

import re
from dataclasses import replace

from graph.figures.aims import limited, target, threshold, until
from graph.figures.offers import capped, given, lasting, loan, rate, share
from graph.figures.site import GIVEN, JOINTS, Setting, Site, measured, near_of, needs_object, party_of
from graph.figures.topics import Party, is_party, split_topic
from graph.figures.words import pattern

# 试点地区要于12月底前，…: who must act by the day, and then what.
_TOLD = re.compile("(?P<who>[^期延]{0,24}?)(?:应当?|须|需|要|将|必须|务必|请)?(?:于|在|到)")


def setting(site: Site) -> Setting:
    """Return the setting of a figure by its role and the frame that it stands in."""
    if site.role == "funding_share":
        return share(site)
    due = site.role == "deadline" and site.figure.family == "date"
    if site.role == "tax_threshold" or (site.frame and site.place.in_topic and not due):
        return _in_topic(site)
    if site.figure.family in ("date", "period"):
        return _dated(site)
    terse = site.figure.family == "duration" and re.fullmatch("[最长多不超过享受可为]*", site.place.before)
    if site.role == "limit" and not (terse and site.frame):
        return limited(site)
    if site.role == "fee_rate":
        return limited(site)
    if site.role in ("cap", "limit"):  # 给予补贴，最长不超过3年
        return capped(site)
    if site.role == "per_unit_rate":
        return rate(site)
    if site.role == "loan_limit":
        return loan(site)
    if site.role == "valid_period":
        return lasting(site)
    if site.role in GIVEN or (site.role == "other" and site.frame):
        return given(site)
    if site.role == "deadline":
        return until(site)
    if site.role == "threshold":
        return threshold(site)
    return target(site)


def _in_topic(site: Site) -> Setting:
    """Read a figure that stands inside a condition: 主营业务收入同比增长10%以上的企业."""
    frame, figure = site.frame, site.figure
    party = split_topic(frame.topic) if frame else Party("", "", "")
    recipient = party_of(frame).recipient if frame and frame.prior else party.recipient
    if recipient and not party.whole.startswith(recipient) and "的" in recipient:
        recipient = recipient.rsplit("的", 1)[-1]
    after = re.split("[，；）]|的(?=[^，]*$)|且|并(?!购)", site.place.after)[0]
    if figure.family in ("date", "period"):
        rest = re.split("的(?=[^的]*$)", frame.topic)[0] if frame else after
        offset = rest.find(site.text[figure.start : figure.end])
        tail = rest[offset + figure.end - figure.start :] if offset >= 0 else after
        tail = tail.removeprefix("期间")
        return Setting(recipient, tail.strip(JOINTS))
    phrase = measured(site.text[max(site.part[0], frame.start if frame else 0) : figure.lead])
    near = near_of(site)
    if site.place.in_bracket or re.match("[、且和及或并]", near):
        phrase = measured(near)
    if figure.family == "duration" and recipient and recipient in site.place.after[: len(recipient) + 2]:
        return Setting(recipient, phrase)
    if needs_object(phrase, after) and figure.unit != "years_of_age":
        phrase = f"{phrase}{site.text[figure.lead : figure.end]}{after}"
    elif recipient != phrase:
        phrase = phrase.removeprefix(recipient)
    return Setting(recipient, phrase, confidence=1.0 if recipient else 0.8)


def _dated(site: Site) -> Setting:
    """Read what falls into a date or period, or is due by it."""
    figure, text = site.figure, site.text
    start, end = site.part
    before = text[start : figure.start]
    after = re.sub("^（[^（）]*）", "", text[figure.end : end])
    if site.role == "deadline" and (told := _TOLD.fullmatch(before)) and not after.strip("，。；起止 "):
        due = _subject_first(re.split("[，；。]", text[end + 1 : site.sentence[1]])[0])
        return replace(due, recipient=told[1]) if is_party(told[1]) and not due.recipient else due
    frame_party = party_of(site.frame)
    if frame_party.recipient and not is_party(frame_party.recipient):
        frame_party = replace(frame_party, recipient="")
    bare_lead = re.fullmatch("(?:并|力争|确保|争取|计划|原则上)*(?:到|至|于|在|从|自)?", before)
    if site.role == "valid_until" or (not bare_lead and (not after.strip("，。；） ") and len(before) > 1)):
        phrase = re.sub("(?:最长)?(?:可)?(?:延期?|延长)?(?:至|到|为|在|止|截至|截止|于)*$", "", before).strip(
            JOINTS
        )
        phrase = re.sub("^(?:从|自)$", "", phrase)
        if re.fullmatch(
            "(?:该|本|此)?(?:项)?(?:政策)?(?:执行期|有效期|实施期|执行|实施|期限|执行时间|政策)?(?:限|间)?(?:暂定|截止)?",
            phrase,
        ):
            phrase = text[site.sentence[0] : start].strip(JOINTS) or phrase
            phrase = re.split("[；]", phrase)[-1]
        return Setting(frame_party.recipient, phrase)
    if not after.strip("，。；起以来止 "):
        if site.frame and site.frame.start >= figure.end:
            party = split_topic(site.frame.topic)
            head = re.sub("^[^的]{2}的", "", party.condition) or site.frame.topic
            return Setting(party.recipient, head)
        if text[start - 1 : start] == "：" and start > site.sentence[0]:
            return Setting("", re.split("[，；]", text[site.sentence[0] : start].strip(JOINTS))[-1])
        following = re.split("[，；。]", text[end + 1 : site.sentence[1]])[0]
        return _subject_first(following)
    if bare_lead:
        return _subject_first(after)
    if re.match("(?:[^，]{0,12}[在于至到]|.*年)$", before) or len(before) > 24:
        return _subject_first(after)
    phrase = (
        re.sub("^(?:按照|按|根据|对|将)", "", before)
        + text[figure.start : figure.end]
        + re.split("[、，；]", after)[0]
    )
    return Setting("", phrase.strip(JOINTS), confidence=0.8)


def _subject_first(phrase: str) -> Setting:
    """Split a statement into the place or party that it is about and what is said of it."""
    phrase = phrase.strip(JOINTS).removeprefix("，")
    phrase = re.sub("^(?:力争|确保|争取|起|以来)", "", phrase)
    place = pattern("recipients", "places").match(phrase)
    if place:
        return Setting(place.group(), phrase[place.end() :])
    moved = re.match("(?:将|把|使|推动)(?:所有|全部)?(.{2,30}?)(?=纳入|列入|提升|提高|压缩|降|增)", phrase)
    if moved and is_party(moved[1]):
        return Setting(moved[1], phrase[moved.end() :])
    about = re.match("对(.{2,24}?)(?:上一?年度|[^，]{0,6}完成情况|工作|开展|进行)", phrase)
    if about and len(about[1]) > 3:
        return Setting(about[1], phrase)
    plan = re.match("([^，]{4,30}?)(新增[^，]*目标)", phrase)
    if plan:
        return Setting(plan[1], plan[2])
    return Setting("", phrase)
