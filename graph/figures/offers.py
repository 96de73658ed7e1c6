"""Figures that are given: rewards, subsidies, rates of a base, caps, loans, shares of the cost."""

import re
from dataclasses import replace

from graph.figures.frames import gives
from graph.figures.parties import adjoining, own_recipient, payer_of, unit_base
from graph.figures.site import JOINTS, Setting, Site, case_before, near_of, party_of, topic_before
from graph.figures.topics import Party, first_subject, is_party, split_topic
from graph.figures.words import any_of


def given(site: Site) -> Setting:
    """Read a reward, subsidy or relief from the frame, or from a name right before the figure."""
    party = party_of(site.frame) if site.frame else case_before(site)
    own = own_recipient(site)
    recipient, condition = party.recipient, party.condition
    if re.fullmatch("每[人户生名位孩]每?[年月天日]?", condition):
        condition = ""
    step = adjoining(site)
    if step:
        condition = f"{condition}，{step}" if condition else step
    base = unit_base(site)
    if base and condition and condition in base:
        base = ""
    label, each, rest = base.partition("每")
    if own and each and label and own.endswith(label):
        base = each + rest
    if re.search("单张|面额|面值", site.place.before):
        return Setting("", _programme(site), payer_of(site), 0.8)
    if own and base and base not in condition:
        return Setting(own, f"{condition}，{base}" if condition else base, payer_of(site))
    if own and own not in recipient:
        work = condition if site.frame else _programme(site)
        return Setting(own, "" if own in work else work, payer_of(site))
    if own:
        return Setting(own, condition, payer_of(site), 0.9)
    if base and base not in condition:
        condition = f"{condition}，{base}" if condition else base
    if not (site.frame and site.frame.topic) and not base:
        return Setting("", _labelled(site) or _programme(site), payer_of(site), 0.6)
    return Setting(recipient, condition, payer_of(site), 1.0 if recipient else 0.8)


def lasting(site: Site) -> Setting:
    """Read how long something is given: 给予三年房租优惠, 设立6个月的缓缴期."""
    party = party_of(site.frame)
    if site.frame is None:
        about = re.search("对([^，；。]{2,40})，", site.between(site.sentence[0], site.part[0]))
        party = split_topic(about[1]) if about else party
    served = re.search("为([^，；。]{2,30}?)提供(?:最长|不超过)*$", site.place.before)
    if served and is_party(served[1]):
        party = Party(served[1], "", served[1])
    obj = re.match("的?([^，；。（][^，；。]{1,39})", site.place.after)
    local = re.sub("(?:为|是|：|暂定)+$", "", re.split("[，；：]", near_of(site))[-1])
    whole = "，" not in party.whole and not party.whole.endswith("的") and len(party.whole) < 24
    condition = obj[1] if obj else party.condition or local
    return Setting(party.whole if whole else party.recipient, condition, payer_of(site), 0.9)


def share(site: Site) -> Setting:
    """Read who bears what part of a cost: 由市、县两级按6:4分担."""
    before = re.split("[，；：]", site.place.before)[-1]
    if re.match("再?(?:给予|予以)", before):
        return Setting(
            party_of(site.frame).recipient, re.sub("^再?(?:给予|予以)", "", before), confidence=0.7
        )
    fund = "(?P<fund>[^由从]*(?:资金|经费|费用|奖金|补贴))"
    match = re.match("(?P<fund>.*?)(?:由|从)(?P<payer>.+)$", before) or re.match(
        f"{fund}(?P<payer>.+)$", before
    )
    if match:
        payer = re.sub("(?:各自?|分别|共同)?(?:承担|负担|分担)?(?:(?:按照?|以).*)?$", "", match["payer"])
        return Setting("", match["fund"], payer)
    payer = re.sub("(?:各自?|分别|共同|再)?(?:承担|负担|分担)?(?:(?:按照?|以).*)?$", "", before).strip(JOINTS)
    payer = payer.removeprefix("其中")
    return Setting("", "", payer if len(payer) > 1 else "", 0.8)


def rate(site: Site) -> Setting:
    """Read a rate of a base: 按照贷款余额增量的1%给予奖励."""
    party = party_of(site.frame)
    base = re.split("[，；：、]", site.place.before)[-1]
    if site.frame and site.frame.predicate > site.part[0]:
        base = site.text[site.frame.predicate : site.figure.start]
    base = (
        base[: len(base) - (site.figure.start - site.figure.lead)]
        if site.figure.lead < site.figure.start
        else base
    )
    found = re.search("(?:按照|依照|按|以)(?!规定)(?:不超过|不高于)?(?P<base>[^，；]*?)的?$", base)
    thing = (
        (found["base"] or base[: found.start()])
        if found
        else re.sub("^.*?(?:给予|予以|可?享受|资金|并)", "", base).removesuffix("的")
    )
    thing = re.sub("(?:给予|予以|补贴|补助|奖励|减免|返还|贴息|分别|一次性|减)+$", "", thing)
    thing = re.sub("^可?(?:返还|减免|抵扣)(?!比例|标准)", "", thing)
    if not thing:
        back = re.match(
            "的?(?:比例|标准)?(?:给予|予以)?(?:返还|补贴|补助|减免|抵扣|贴补)([^，；。的]{2,12}的?[^，；。]{2,16})",
            site.place.after,
        )
        thing = back[1] if back else ""
    thing = re.sub("^(?:将|把)", "", thing)
    thing = re.sub(
        r"(?:由|为|从)?(?:[\d.]+%)?(?:降低|提|提高|下调|上调|调整|增加|上浮|下浮|增发|加发)?(?:至|到|为|由|从)?$",
        "",
        thing,
    )
    thing = re.sub("(?:再|另|可)+$", "", thing)
    heading = re.search("([^，；：]*(?:比例|标准))：", site.text[site.sentence[0] : site.figure.start])
    label = own_recipient(site)
    if heading and label:
        return Setting(label, heading[1], payer_of(site))
    thing = "" if thing in ("财政", "减") else re.sub("(?:按照?|分别|不低于|不高于|不超过)+$", "", thing)
    handed = re.match(
        "的?(?:比例|标准)?(?:给予|奖励|发给)([^，；。]{2,12}?)(?:一次性)?(?:奖励|补助|补贴|资助)",
        site.place.after,
    )
    if handed and is_party(handed[1]) and not party.recipient:
        party = Party(handed[1], party.condition, party.whole)
    condition = f"{party.condition}，按照{thing}" if party.condition and thing else thing or party.condition
    if site.frame is None and not party.recipient and is_party(condition):
        return Setting(condition, "", payer_of(site), 0.7)
    cut = first_subject(condition) if site.frame is None and not party.recipient else 0
    if is_party(condition[:cut]) and len(condition) - cut > 2:
        return Setting(condition[:cut], condition[cut:], payer_of(site), 0.7)
    return Setting(party.recipient, condition, payer_of(site), 1.0 if party.recipient else 0.7)


def capped(site: Site) -> Setting:
    """Read a cap: its condition is the rate or sum that it limits."""
    party = party_of(site.frame)
    own = own_recipient(site)
    limited = _limited_offer(site)
    local = re.split("[，；：]", near_of(site))[-1]
    for _ in range(3):
        local = re.sub(
            "(?:给予|予以|奖励|补助|补贴|资助|每年|年度|累计|总额|合计|最高|全年|当年|奖补|资金|金额|额度|可|原则上|支持)+$",
            "",
            local,
        )
    local = re.sub("^(?:给予|予以|按照|的)", "", local)
    local = local.strip(JOINTS)
    condition = limited or party.condition
    if not own and not party.recipient and site.frame is None:
        party = replace(party, recipient=topic_before(site).recipient)
    if site.figure.family == "duration" and local.endswith(("期限", "时间", "时长")):
        return Setting(own or party.recipient, local, payer_of(site))
    if (
        limited
        and local
        and not own
        and len(local) <= 10
        and not re.match("[的，)）]", local)
        and local not in limited
    ):
        condition = f"{limited}，{local}"
    return Setting(
        own or party.recipient, condition, payer_of(site), 1.0 if limited or party.recipient else 0.7
    )


def _limited_offer(site: Site) -> str:
    """Return the words of the offer that a cap limits, from its own part of the sentence."""
    for figure, what in reversed(site.earlier):
        if what not in ("per_unit_rate", "reward", "subsidy"):
            continue
        frame_start = site.frame.predicate if site.frame else site.sentence[0]
        start = max(
            site.text.rfind("，", 0, figure.start) + 1,
            site.text.rfind("；", 0, figure.start) + 1,
            frame_start,
        )
        stop = min(
            (i for i in (site.text.find(mark, figure.end) for mark in "，；。") if i >= 0),
            default=site.sentence[1],
        )
        offer = site.text[start : min(stop, site.figure.lead)].strip(JOINTS)
        return re.sub("^并|(?:给予|予以)$", "", offer)
    return ""


def loan(site: Site) -> Setting:
    """Read the ceiling of a loan: to whom, what kind, by whom."""
    before = site.place.before
    match = re.search("(?:向|给|为|对)(?P<to>[^，；]{2,40}?)(?:发放|提供|给予|办理)", before)
    lender = re.match("(?:鼓励|引导|支持|推动|指导)(?P<who>[^，；]{2,24}?)(?:向|给|为|对)", before)
    thing = re.split("[，；。、]", site.place.after)[0].removeprefix("的")
    thing = re.sub("^(?:确定|办理|申请|以[上内下])$", "", thing)
    party = party_of(site.frame) if site.frame else case_before(site)
    raised = re.match("(?:提高|增加|提升|调整)", thing) or re.search(
        r"(?:由|从)[\d.]+[万亿]?元[^，]*$", before
    )
    if not match and raised:
        kind = re.split(r"(?:由|从)(?:[\d]|$)", before)[0].strip(JOINTS)
        cut = 0 if party.recipient else first_subject(kind)
        cut = 0 if "贷款" in kind[:cut] else cut
        return Setting(party.recipient or kind[:cut], kind[cut:], confidence=0.8)
    if not match and not thing:
        own = own_recipient(site)
        local = re.sub("(?:最高|额度|限额|为|可|贷)+$", "", re.split("[，；：、]", near_of(site))[-1])
        case = "，".join(filter(None, (party.condition, local)))
        return Setting(own or party.recipient, "" if own else case, confidence=0.8)
    return Setting(
        match["to"] if match else party.recipient, thing or party.condition, lender["who"] if lender else ""
    )


def _labelled(site: Site) -> str:
    """Return the thing named at the start of the figure's own part (半失能老人每人每月补助…), or ''."""
    match = re.match(
        "(?P<label>[^，；：、每\\d]{2,12})(?:每[人户个名位生家](?:每?[年月日天])?|户均|人均|亩均)",
        near_of(site),
    )
    named = (
        match
        and not gives(match["label"])
        and not re.search("^[对按为给并再从由]|的$|标准|财政|[到至按以由]$", match["label"])
    )
    return match["label"] if match and named else ""


def _programme(site: Site) -> str:
    """Return what the money is for when no topic says so: the work that the sentence opens."""
    before = site.text[site.sentence[0] : site.part[0]]
    rule = re.match(
        "([^，；]{2,30}?(?:标准|基数|金额|额度|费|金))(?:提高|调整|达|为|是|按|每|不|最|：)",
        site.place.before,
    )
    if rule:
        return rule[1]
    face = re.search("(?:发放|面额|单张|[^，]{0,12}面值)[^，]*$", site.place.before)
    if face and re.search("券|面[额值]|单张|红包", face.group() + site.place.after):
        return (face.group() + site.text[site.figure.start : site.part[1]]).strip(JOINTS).removeprefix("发放")
    work = re.findall("(?:开展|实施|参加|推行|举办|开办|组织)([^，；。]{2,20})", before)
    if work:
        return re.sub(".*的(?=..)", "", str(work[-1]))
    if not gives(site.place.part):
        return site.text[site.part[0] : site.part[1]].strip(JOINTS)
    piece = re.split("[，；]", before.strip(JOINTS))[-1]
    if gives(piece) and re.search("\\d[^，；]*$", piece):  # the offer before, not what this one is for
        own = site.text[site.part[0] : site.figure.lead]
        return re.sub(f"(?:{any_of('give', 'verbs')}|一次性)+$", "", own).strip(JOINTS) or piece
    return piece
