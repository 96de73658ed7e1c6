"""Figures that are aimed at or must be kept: targets, limits, thresholds, terms."""

import re

from graph.figures.site import (
    JOINTS,
    Setting,
    Site,
    case_before,
    measured,
    near_of,
    needs_object,
    party_of,
    unnumbered,
)
from graph.figures.topics import is_party, split_topic
from graph.figures.words import any_of, either, has, pattern, words


def target(site: Site) -> Setting:
    """Read a target: 全区新增规模以上工业企业10家以上, 高技能人才700人."""
    near = re.split("[，；：]", near_of(site))[-1]
    full = site.text[site.part[0] : site.figure.lead]
    local = unnumbered(near.lstrip("、和及"))
    if "、" in local and len(near) < len(site.place.before) and not near.startswith("、"):
        local = local.rsplit("、", 1)[-1]
    local = re.sub("^(?:力争|确保|争取|计划|每年|全年|年均|并|至少|要)+", "", local)
    local = re.sub(
        r"(?:由|从)[\d.]+%?[^，、]{0,6}(?:提高|增加|提升|降低|下降|扩大|上升|增长)(?:至|到)?$", "", local
    )
    local = re.sub(
        "(?:实现|达到|达|突破|超过|增加到|提高到|扩大到|提高至|提升至|提升到|降至|控制在|稳定在|各|为|至少|控制|近|约|共|已|仅|均|已有|总数|累计)+$",
        "",
        local,
    )
    after = re.split("[，；。、]", site.place.after)[0]
    listed = re.search("([^：]*目标[^：]*)：", site.text[site.sentence[0] : site.figure.start])
    if listed and len(local) <= 16 and not has(local, "roles", "target"):
        verb = list(re.finditer("新增|培育|完成|建成|引进|新建", listed[1]))
        goal = listed[1][verb[-1].start() :] if verb else listed[1]
        return Setting(local, re.sub("目标.*$", "", goal))
    served = re.search("([^，]{0,16})为(每?[^，]{2,24}?)(?:配备|安排|确定|明确|选派|提供)$", full)
    if served:
        return Setting(served[2], after, re.sub("^(?:由|要求)", "", served[1]))
    base = re.search("的?([^的和，]+)的$", near)
    if base and site.figure.unit == "times":
        purpose = re.search("(?:建立|设立|组建|确定)([^，；（。]{2,16})", site.place.after)
        return Setting(purpose[1] if purpose else "", re.sub("^和", "", base[1]))
    if after and re.match("[^的以左]", after) and pattern("roles", "target").fullmatch(local[-2:]):
        local += after
    local = re.sub(
        "(?:由|从|(?:提高|调整|增加|达)?(?:至|到|为)?每[人生]每?[年月]?)$", "", local.removeprefix("将")
    )
    return _objective(site, local, full, after)


def _objective(site: Site, local: str, full: str, after: str) -> Setting:
    """Split verb, object and place of a target."""
    if not local and after:
        local = after
    place = pattern("recipients", "places").search(local) or pattern("recipients", "places").search(full)
    recipient = (
        place.group() if place else site.before_it if site.before_it in words("recipients", "places") else ""
    )
    condition = local[place.end() :] if place and local.startswith(place.group()) else local
    verb = pattern("roles", "target").match(condition)
    if site.figure.unit in ("person", "person_time"):
        if condition.endswith(("数", "率", "量")):
            return Setting(recipient, condition)
        if verb is None:
            earlier = list(pattern("roles", "target").finditer(full))
            carried = earlier[-1].group() if earlier else ""
            return Setting(condition if is_party(condition) else recipient, carried + condition)
        obj = re.sub("(?:培训|参与)$", "", condition[verb.end() :])
        return Setting(obj if is_party(obj) else recipient, condition)
    return Setting(recipient, condition)


def until(site: Site) -> Setting:
    """Read a term within which something is due: 3个月内补缴欠费."""
    after = re.split("[，；。]", site.place.after)[0]
    party = party_of(site.frame)
    recipient = party.recipient
    if site.frame and not is_party(recipient):
        heads = [m.end() for m in pattern("recipients", "subjects").finditer(recipient)]
        recipient = recipient[: heads[-1]] if heads else recipient
    about = re.search("对(?!于)([^，；。]{2,40})", site.between(site.sentence[0], site.part[0]))
    if not site.frame and about:
        heads = [m.end() for m in pattern("recipients", "subjects").finditer(about[1])]
        recipient = about[1][: heads[-1]] if heads else ""
    elif not site.frame:
        heads = [m.end() for m in pattern("recipients", "subjects").finditer(after)]
        bare = (
            heads
            and re.match("[向对由在将把与至到于从按经作出提是为]|培育|引进|新增|建成|完成|组织|实现", after)
            is None
        )
        if bare and heads[0] < min(len(after), 20):
            return Setting(after[: heads[0]], after[heads[0] :])
        asked = re.match("([^，；。]{2,16}?)(?:应当?|须|需要?|可|要|必须)(?:自|在|于)", site.place.before)
        recipient = asked[1] if asked and is_party(asked[1]) else ""
    later = re.split("[，；。]", site.text[site.part[1] + 1 : site.sentence[1]])[0]
    due = (after or later or measured(site.place.before)).strip(JOINTS)
    case = "" if site.frame else _measured_case(site)
    return Setting(recipient, f"{case}，{due}" if case and due else due)


def _measured_case(site: Site) -> str:
    """Return the measured case that tells this term from another (160千瓦以下的，…3日内…)."""
    case = case_before(site).whole
    return case.removesuffix("的") if re.search(r"\d", case) else ""


def limited(site: Site) -> Setting:
    """Read a time limit or a rate kept low: 将 X 审批时间压减至60个工作日以内."""
    before = re.split("[，；：]", near_of(site) or site.place.before)[-1].lstrip("、和及")
    if site.figure.family == "frequency":
        return _frequency(site)
    if re.match("(?:压缩|压减|缩短|降低|降|减少)", before) and site.place.before != before:
        before = re.split(r"(?:由|从)[\d一二三四五六七八九十]", site.place.before)[0]
    before = re.sub("(?:由|从)$", "", before)
    phrase = re.sub(
        "(?:由[^，]{1,20})?(?:压缩|压减|缩短|降低|降|减少|控制|精简|提速|稳定|上浮|下浮|下调|上调)?(?:至|到|为|在|不)?(?:[^，]{0,2}上)?$",
        "",
        before,
    )
    moved = re.search("(?:将|把|使)", phrase)
    lead, thing = (phrase[: moved.start()], phrase[moved.end() :]) if moved else ("", phrase)
    thing = re.sub(
        "^(?:确保|推动|实现|力争|逐步|原则上|平均每)+", "", re.split("年(?=[^，]*部门)", thing)[-1]
    )
    thing = thing.removeprefix("的")
    if len(thing) <= 2:
        thing = site.text[site.sentence[0] : site.part[0]].strip(JOINTS).split("，")[-1] or thing
    led = re.match("(?:鼓励|引导|支持|要求|督促)(.{2,24}?)(?:逐步|原则上|积极|主动)?$", lead)
    if led:
        return Setting(led[1], thing)
    cut = 0
    for match in re.finditer(
        either(["项目", "企业", "事项", "贷款", "个体工商户", "市场主体", "单位", "登记", "开办"]), thing
    ):
        if match.group() in ("项目", "企业", "个体工商户", "市场主体", "单位"):
            cut = match.end() if thing[match.end() : match.end() + 1] not in "投的、和" else cut
    if cut and len(thing) - cut > 0:
        return Setting(thing[:cut], thing[cut:])
    sentence = site.text[site.sentence[0] : site.figure.start]
    served = re.search("为(.{2,20}?)(?:提供|办理|配备)", sentence)
    recipient = served[1] if served and is_party(served[1]) else ""
    return Setting(recipient, thing)


def _frequency(site: Site) -> Setting:
    phrase = re.sub("(?:原则上|一般|每年|最多)+$", "", site.text[site.part[0] : site.figure.start])
    on = re.search("对(.{2,16}?)(?:开展|进行|实施|的)", phrase)
    return Setting(on[1] if on else "", phrase.strip(JOINTS), confidence=1.0 if on else 0.8)


def threshold(site: Site) -> Setting:
    """Read a condition that must be reached, outside a topic."""
    before = site.place.before
    after = re.split("[，；。）]", site.place.after)[0]
    if site.place.in_bracket:
        return Setting(
            site.before_it,
            after.removeprefix("时").strip(JOINTS) or measured(site.place.near),
            confidence=0.7,
        )
    each = re.search(
        "(?:^|(?<=[，；、]))[^，；、每的]{0,12}每[^，；、每]{1,8}$|每[^，；、每]{1,8}$", near_of(site)
    )
    if each:
        step = re.sub("^(?:并|再|可)?(?:按照?)?", "", each.group())
        return Setting(party_of(site.frame).recipient, step)
    single = re.match(r"的?([^，；。的\d]{2,20}?)(?:贷款|作为|列为|纳入|，|$)", site.place.after)
    headed = re.match(f"的([^，；。的\\d]{{2,16}}?(?:{any_of('recipients', 'subjects')}))", site.place.after)
    single = headed or single
    aged = re.match(f"的?[^，；。的\\d]{{0,8}}?(?:{any_of('recipients', 'subjects')})", site.place.after)
    if site.figure.unit == "years_of_age" and aged:
        return Setting(site.text[site.figure.lead : site.figure.end] + aged.group(), "", confidence=0.8)
    if site.figure.bound != "exact" and single and (is_party(single[1]) or "贷款" in single.group()):
        return Setting(single[1], re.sub("^(?:强化对|将|把|对)", "", measured(before)))
    base = re.search("按(?:照)?(?:不低于|不高于|不超过|不少于)?([^，]+?)的$", before)
    if base:
        purpose = re.search("(?:建立|设立|组建|确定)([^，；（。]{2,16})", site.place.after)
        return Setting(purpose[1] if purpose else "", base[1])
    near = near_of(site)
    phrase = measured(
        near
        if re.match("[、且和及或并]", near)
        else before[: len(before) - (site.figure.start - site.figure.lead)]
    )
    if needs_object(phrase, after):
        phrase = f"{phrase}{site.text[site.figure.lead : site.figure.end]}{after}"
    if phrase in ("近", "最近", "前", "后", "年", "应", "须", "可", "不", "过去"):
        phrase = re.split("[，；。]", site.text[site.part[0] : site.part[1]])[0].strip(JOINTS)
    party = party_of(site.frame)
    subject = split_topic(f"{phrase}的") if not party.recipient else party
    if subject.recipient and not party.recipient:
        return Setting(subject.recipient, subject.condition.removesuffix("的"), confidence=0.8)
    return Setting(party.recipient, phrase, confidence=0.8)
