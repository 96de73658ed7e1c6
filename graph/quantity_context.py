"""Whom a figure concerns, on what condition, and who pays."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from graph.facts import QuantityRole
from graph.quantity_figures import Figure
from graph.quantity_frames import Frame, Party, gives, is_party, simple, split_topic
from graph.quantity_roles import Place
from graph.quantity_words import either, has, pattern, words


@dataclass(frozen=True, slots=True)
class Setting:
    """Recipient, condition and payer of a figure, and how sure they are."""

    recipient: str = ""
    condition: str = ""
    payer: str = ""
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Site:
    """A figure with all that its setting is read from (ranges are of `text`, folded)."""

    text: str
    figure: Figure
    role: QuantityRole
    place: Place
    sentence: tuple[int, int]
    part: tuple[int, int]
    frame: Frame | None
    earlier: tuple[tuple[Figure, QuantityRole], ...]  # figures before it in the same frame
    before_it: str = ""  # recipient of the figure before it in the same part

    def between(self, start: int, end: int) -> str:
        """Return ``text[start:end]``."""
        return self.text[start:end]


GIVEN: tuple[QuantityRole, ...] = ("reward", "subsidy", "cap", "per_unit_rate", "rent_waiver", "rent_half", "loan_limit")
_JOINTS = "，、；：。 "


def setting(site: Site) -> Setting:
    """Return the setting of a figure by its role and the frame that it stands in."""
    if site.role == "funding_share":
        return _share(site)
    if site.role == "tax_threshold" or (site.frame and site.place.in_topic):
        return _in_topic(site)
    if site.figure.family in ("date", "period"):
        return _dated(site)
    if site.role in ("fee_rate", "limit"):
        return _limited(site)
    if site.role == "cap":
        return _capped(site)
    if site.role == "per_unit_rate":
        return _rate(site)
    if site.role == "loan_limit":
        return _loan(site)
    if site.role in GIVEN or (site.role in ("valid_period", "other") and site.frame):
        return _given(site)
    if site.role == "deadline":
        return _until(site)
    if site.role == "threshold":
        return _threshold(site)
    return _target(site)


def party_of(frame: Frame | None) -> Party:
    """Return recipient and condition of a frame, kept together where both are short."""
    if frame is None:
        return Party("", "", "")
    party = split_topic(frame.topic)
    if frame.prior:
        condition = frame.topic if re.search("的|且|达", frame.topic) else party.condition
        return Party(party_of(replace(frame, topic=frame.prior, prior="")).recipient, condition, frame.topic)
    return replace(party, recipient=party.whole, condition="") if simple(party) else party


def measured(before: str) -> str:
    """Return the measured thing at the end of `before`: 主营业务收入同比增长, without 达到 and 实现."""
    phrase = re.split("[，；：（]", before)[-1]
    phrase = re.split("(?<!合)并且|且|或者|(?<=[^合])并(?=[实营年销缴纳取])", phrase)[-1]
    phrase = re.sub("^(?:实现|对|将|把|以及|和|其中|同时|经|凡)", "", phrase)
    phrase = re.sub("(?:首次)?(?:达到|达|满|超过|突破|为|在|实现)$", lambda m: "首次" if m.group().startswith("首次") else "", phrase)
    return phrase.strip(_JOINTS)


def _near(site: Site) -> str:
    """Return the words between the figure before and this one's bound word."""
    near = site.place.near
    return near[: len(near) - (site.figure.start - site.figure.lead)]


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
        return Setting(recipient, tail.strip(_JOINTS))
    phrase = measured(site.text[max(site.part[0], frame.start if frame else 0) : figure.lead])
    near = _near(site)
    if site.place.in_bracket or re.match("[、且和及或并]", near):
        phrase = measured(near)
    if figure.family == "duration" and recipient and recipient in site.place.after[: len(recipient) + 2]:
        return Setting(recipient, phrase)
    if _needs_object(phrase, after):
        phrase = f"{phrase}{site.text[figure.lead : figure.end]}{after}"
    return Setting(recipient, phrase, confidence=1.0 if recipient else 0.8)


def _needs_object(phrase: str, after: str) -> bool:
    """Tell whether the measured thing follows the figure (签订 1 年以上劳动合同)."""
    return re.match("[^的（、，和及或且]", after) is not None and len(phrase) <= 8 and len(after) <= 14


def _share(site: Site) -> Setting:
    before = re.split("[，；：]", site.place.before)[-1]
    match = re.match("(?P<fund>.*?)(?:由|从)(?P<payer>.+)$", before)
    if match:
        payer = re.sub("(?:各自?|分别|共同)?(?:承担|负担|分担)?(?:按照?|以)?$", "", match["payer"])
        return Setting("", match["fund"], payer)
    payer = re.sub("(?:各自?|分别|共同|再)?(?:承担|负担|分担)?(?:按照?|以)?$", "", before).strip(_JOINTS)
    return Setting("", "", payer if len(payer) > 1 else "", 0.8)


def _dated(site: Site) -> Setting:
    """Read what falls into a date or period, or is due by it."""
    figure, text = site.figure, site.text
    start, end = site.part
    before = text[start : figure.start]
    after = text[figure.end : end]
    frame_party = party_of(site.frame)
    if frame_party.recipient and not is_party(frame_party.recipient):
        frame_party = replace(frame_party, recipient="")
    bare_lead = re.fullmatch("(?:并|力争|确保|争取|计划|原则上)*(?:到|至|于|在|从|自)?", before)
    if site.role == "valid_until" or not bare_lead and (not after.strip("，。；） ") and len(before) > 1):
        phrase = re.sub("(?:最长)?(?:可)?(?:延期?|延长)?(?:至|到|为|在|止|截至|截止|于)*$", "", before).strip(_JOINTS)
        phrase = re.sub("^(?:从|自)$", "", phrase)
        if re.fullmatch("(?:该|本|此)?(?:项)?(?:政策)?(?:执行期|有效期|实施期|执行|实施|期限|执行时间|政策)?(?:限|间)?(?:暂定|截止)?", phrase):
            phrase = text[site.sentence[0] : start].strip(_JOINTS) or phrase
            phrase = re.split("[；]", phrase)[-1]
        return Setting(frame_party.recipient, phrase)
    if not after.strip("，。；起以来止 "):
        if site.frame and site.frame.start >= figure.end:
            party = split_topic(site.frame.topic)
            head = party.condition.removeprefix("发放的") or site.frame.topic
            return Setting(party.recipient, head)
        following = re.split("[，；。]", text[end + 1 : site.sentence[1]])[0]
        return _subject_first(following)
    if bare_lead:
        return _subject_first(after)
    if re.match("(?:[^，]{0,12}[在于至到]|.*年)$", before) or len(before) > 24:
        return _subject_first(after)
    phrase = re.sub("^(?:按照|按|根据|对|将)", "", before) + text[figure.start : figure.end] + re.split("[、，；]", after)[0]
    return Setting("", phrase.strip(_JOINTS), confidence=0.8)


def _subject_first(phrase: str) -> Setting:
    """Split a statement into the place or party that it is about and what is said of it."""
    phrase = phrase.strip(_JOINTS).removeprefix("，")
    phrase = re.sub("^(?:力争|确保|争取|起|以来)", "", phrase)
    place = re.match(f"(?:{either(words('recipients', 'places'))})", phrase)
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


def _limited(site: Site) -> Setting:
    """Read a time limit or a rate kept low: 将 X 审批时间压减至60个工作日以内."""
    before = re.split("[，；：]", _near(site) or site.place.before)[-1].lstrip("、和及")
    if site.figure.family == "frequency":
        return _frequency(site)
    if re.match("(?:压缩|压减|缩短|降低|降|减少)", before) and site.place.before != before:
        before = re.split(r"(?:由|从)[\d一二三四五六七八九十]", site.place.before)[0]
    before = re.sub("(?:由|从)$", "", before)
    phrase = re.sub("(?:由[^，]{1,20})?(?:压缩|压减|缩短|降低|降|减少|控制|精简|提速|稳定)?(?:至|到|为|在|不)?(?:[^，]{0,2}上)?$", "", before)
    moved = re.search("(?:将|把|使)", phrase)
    lead, thing = (phrase[: moved.start()], phrase[moved.end() :]) if moved else ("", phrase)
    thing = re.sub("^(?:确保|推动|实现|力争|逐步|原则上|平均每)+", "", re.split("年(?=[^，]*部门)", thing)[-1])
    if len(thing) <= 2:
        thing = site.text[site.sentence[0] : site.part[0]].strip(_JOINTS).split("，")[-1] or thing
    led = re.match("(?:鼓励|引导|支持|要求|督促)(.{2,24}?)(?:逐步|原则上|积极|主动)?$", lead)
    if led:
        return Setting(led[1], thing)
    cut = 0
    for match in re.finditer(either(["项目", "企业", "事项", "贷款", "个体工商户", "市场主体", "单位", "登记", "开办"]), thing):
        if match.group() in ("项目", "企业", "个体工商户", "市场主体", "单位"):
            cut = match.end() if thing[match.end() : match.end() + 1] not in "投的、和" else cut
    if cut and 0 < len(thing) - cut:
        return Setting(thing[:cut], thing[cut:])
    sentence = site.text[site.sentence[0] : site.figure.start]
    served = re.search("为(.{2,20}?)(?:提供|办理|配备)", sentence)
    recipient = served[1] if served and is_party(served[1]) else ""
    return Setting(recipient, thing)


def _frequency(site: Site) -> Setting:
    phrase = re.sub("(?:原则上|一般|每年|最多)+$", "", site.text[site.part[0] : site.figure.start])
    on = re.search("对(.{2,16}?)(?:开展|进行|实施|的)", phrase)
    return Setting(on[1] if on else "", phrase.strip(_JOINTS), confidence=1.0 if on else 0.8)


def _local(site: Site) -> str:
    """Return the words between the last joint and the figure."""
    return re.split("[，；：、]", site.place.near)[-1]


def own_recipient(site: Site) -> str:
    """Return a recipient named right before the figure (高级工每人每年6000元, 每户企业…最高), or ''."""
    local = re.split("[，；：]", _near(site))[-1]
    each = re.match(r"(?:同一|单个|单户|单家|每[家户个名位人]|每)[^，、每]*?(?:企业|主体|申请人|对象|公司|单位|机构|个人|人员|学员|商户|户|家庭|项目|平台|园区|人)(?=每|年|累计|最|不|给|奖|补|按|当|全|享|总|同|可|每|$)", local)
    if each:
        return "" if re.fullmatch("每[人户家个名]|(?:同一|单个|每个)项目", each.group()) else each.group()
    handed = re.search("(?:给予|奖励|补贴|补助|资助|发放给)([^，、；一最]{2,16}?)(?:按|每|最高|不超过|一次性|$)", local)
    if handed and is_party(handed[1]):
        return handed[1]
    aged = re.search(r"(?:\d+(?:[—\-－–至]\d+)?周?岁|百岁)(?:及?以上)?(?:的?老年人|的?老人)?(?=(?:每人)?(?:每[年月])?(?:发放|给予|补贴)?$)", site.text[site.part[0] : site.figure.lead])
    if aged:
        return aged.group()
    label = local.split("、")[-1]
    for _ in range(4):
        label = re.sub(_trailing_words(), "", label)
    label = re.sub(
        "^(?:其中|对|按照|按|给予|奖励|分别|和|及|以及|的|并|给|予以|再|补贴|补助|资助|为|发放|向|免收|减免|免除|减收)+", "", label
    )
    return label if 2 <= len(label) <= 36 and is_party(label) and not re.search("的$|^申", label) and not has(label, "recipients", "anaphora") else ""


def _trailing_words() -> str:
    own = either([*words("give", "verbs"), *words("give", "nouns"), *words("periods", "per_person_year"), "每人", "每年", "每月", "每生", "每户", "每家", "每名", "每个", "每位", "一次性", "财政", "资金", "按照", "按", "最高", "不超过", "再", "分别", "可", "标准", "为", "的"])
    return f"(?:{own})+$"


def _given(site: Site) -> Setting:
    """Read a reward, subsidy or relief from the frame, or from a name right before the figure."""
    party = party_of(site.frame)
    own = own_recipient(site)
    recipient, condition = party.recipient, party.condition
    if site.role == "valid_period" and site.frame:
        obj = re.match("(?:的)?([^，；。]{2,16})", site.place.after)
        return Setting(party.whole if len(party.whole) < 24 else recipient, obj[1] if obj else condition, _payer(site))
    base = _unit_base(site)
    if base and condition and condition in base:
        base = ""
    if re.search("单张|面额", site.place.before):
        return Setting("", _programme(site), _payer(site), 0.8)
    if own and base and base not in condition:
        return Setting(own, f"{condition}，{base}" if condition else base, _payer(site))
    if own and own not in recipient:
        return Setting(own, condition if site.frame else _programme(site), _payer(site))
    if own:
        return Setting(own, condition, _payer(site), 0.9)
    if base and base not in condition:
        condition = f"{condition}，{base}" if condition else base
    if not site.frame and not base:
        return Setting("", _programme(site), _payer(site), 0.6)
    return Setting(recipient, condition, _payer(site), 1.0 if recipient else 0.8)


def _unit_base(site: Site) -> str:
    """Return what each payment is for: 每新增一家企业奖励…, 每增长1%奖励…"""
    each = re.search("每(?:个?[亩吨辆台套间株头只场项件条张篇款]|公里|平方米|千瓦时?|个?床位|个岗位|节|课时|吨|立方米)(?=[^，；、]{0,10}$)", site.place.before)
    if each:
        return each.group()
    match = re.search("每(?:新增|引进|培育|增长|增加|招引|新建|认定|吸纳|培训|招收|招用|招聘|带动|发展|超过?|签约|建成|提高|完成)[^，；、]*?(?=给予|奖励|补贴|补助|奖|补|，|$)", site.place.before)
    return match.group() if match else ""


def _programme(site: Site) -> str:
    """Return what the money is for when no topic says so: the work that the sentence opens."""
    before = site.text[site.sentence[0] : site.part[0]]
    rule = re.match("([^，；]{2,30}?(?:标准|基数|金额|额度|费|金))(?:为|是|按|每|不|最|：)", site.place.before)
    if rule:
        return rule[1]
    face = re.search("(?:发放|面额|单张)[^，]*$", site.place.before)
    if face:
        return (face.group() + site.text[site.figure.start : site.part[1]]).strip(_JOINTS).removeprefix("发放")
    work = re.findall("(?:开展|实施|参加|推行|举办|开办|组织)([^，；。]{2,20})", before)
    if work:
        return re.sub(".*的(?=..)", "", str(work[-1]))
    if not gives(site.place.part):
        return site.text[site.part[0] : site.part[1]].strip(_JOINTS)
    return before.strip(_JOINTS).split("，")[-1]


def _rate(site: Site) -> Setting:
    """Read a rate of a base: 按照贷款余额增量的1%给予奖励."""
    party = party_of(site.frame)
    base = re.split("[，；：、]", site.place.before)[-1]
    if site.frame and site.frame.predicate > site.part[0]:
        base = site.text[site.frame.predicate : site.figure.start]
    base = base[: len(base) - (site.figure.start - site.figure.lead)] if site.figure.lead < site.figure.start else base
    found = re.search("(?:按照|依照|按|以)(?!规定)(?:不超过|不高于)?(?P<base>[^，；]*?)的?$", base)
    thing = found["base"] if found else re.sub("^.*?(?:给予|予以|可?享受|资金|并)", "", base).removesuffix("的")
    thing = re.sub("(?:给予|予以|补贴|补助|奖励|减免|返还|贴息|分别|一次性|减)+$", "", thing)
    thing = "" if thing in ("财政", "减") else thing
    condition = f"{party.condition}，按照{thing}" if party.condition and thing else thing or party.condition
    return Setting(party.recipient, condition, _payer(site), 1.0 if party.recipient else 0.7)


def _capped(site: Site) -> Setting:
    """Read a cap: its condition is the rate or sum that it limits."""
    party = party_of(site.frame)
    own = own_recipient(site)
    limited = _limited_offer(site)
    local = re.split("[，；：]", _near(site))[-1]
    for _ in range(3):
        local = re.sub("(?:给予|予以|奖励|补助|补贴|资助|每年|年度|累计|总额|合计|最高|奖补|资金|金额|额度|可|原则上|支持)+$", "", local)
    local = re.sub("^(?:给予|予以|按照|的)", "", local)
    condition = limited or party.condition
    if site.figure.family == "duration" and local.endswith(("期限", "时间", "时长")):
        return Setting(own or party.recipient, local, _payer(site))
    if limited and local and not own and len(local) <= 10 and not re.match("[的，)）]", local) and local not in limited:
        condition = f"{limited}，{local}"
    return Setting(own or party.recipient, condition, _payer(site), 1.0 if limited or party.recipient else 0.7)


def _limited_offer(site: Site) -> str:
    """Return the words of the offer that a cap limits, from its own part of the sentence."""
    for figure, what in reversed(site.earlier):
        if what not in ("per_unit_rate", "reward", "subsidy"):
            continue
        frame_start = site.frame.predicate if site.frame else site.sentence[0]
        start = max(site.text.rfind("，", 0, figure.start) + 1, site.text.rfind("；", 0, figure.start) + 1, frame_start)
        stop = min((i for i in (site.text.find(mark, figure.end) for mark in "，；。") if i >= 0), default=site.sentence[1])
        return site.text[start : min(stop, site.figure.lead)].strip(_JOINTS)
    return ""


def _loan(site: Site) -> Setting:
    before = site.place.before
    match = re.search("(?:向|给|为|对)(?P<to>[^，；]{2,40}?)(?:发放|提供|给予|办理)", before)
    lender = re.match("(?:鼓励|引导|支持|推动|指导)(?P<who>[^，；]{2,24}?)(?:向|给|为|对)", before)
    thing = re.split("[，；。]", site.place.after)[0].removeprefix("的")
    party = party_of(site.frame)
    raised = re.match("(?:提高|增加|提升|调整)", thing) or re.search(r"(?:由|从)[\d.]+[万亿]?元[^，]*$", before)
    if not match and raised:
        return Setting(party.recipient, re.split(r"(?:由|从)(?:[\d]|$)", before)[0].strip(_JOINTS), confidence=0.8)
    if not match and not thing:
        own = own_recipient(site)
        local = re.sub("(?:最高|额度|限额|为|可|贷)+$", "", re.split("[，；：、]", _near(site))[-1])
        return Setting(own or party.recipient, "" if own else local, confidence=0.8)
    return Setting(match["to"] if match else party.recipient, thing or party.condition, lender["who"] if lender else "")


def _payer(site: Site) -> str:
    """Return who pays, where the sentence says so; '' when it does not."""
    tiers = "(?:[两三]级)?"
    level = r"(?:中央|国家|省|市|县|区|州|旗|镇|乡|属地)[级本]?"
    payer = rf"((?:{level}(?:[、和与及]{level})*){tiers}(?:地方)?财政)"
    if site.frame:
        match = re.search(rf"{payer}(?:专项)?(?:资金)?$", site.frame.before)
        if match:
            return match[1]
        led = re.match("(?:鼓励|引导|支持)(.{2,20})$", site.frame.before)
        if led:
            return led[1]
    given = re.search(rf"(?:由)?{payer}(?:专项)?(?:资金)?(?:给予|予以|按|一次性|再|分别|各|奖励|补助|补贴)", site.text[site.frame.predicate if site.frame else site.part[0] : site.figure.start])
    if given:
        return given[1]
    return ""


def _threshold(site: Site) -> Setting:
    before = site.place.before
    after = re.split("[，；。）]", site.place.after)[0]
    if site.place.in_bracket:
        return Setting(site.before_it, after.removeprefix("时").strip(_JOINTS) or measured(site.place.near), confidence=0.7)
    each = re.search("每[^，；、每]{1,8}$", _near(site))
    if each:
        return Setting(party_of(site.frame).recipient, each.group())
    single = re.match(r"的?([^，；。的\d]{2,20}?)(?:贷款|作为|列为|纳入|，|$)", site.place.after)
    if site.figure.bound != "exact" and single:
        return Setting(single[1], re.sub("^(?:强化对|将|把|对)", "", measured(before)))
    base = re.search("按(?:照)?([^，]+?)的$", before)
    if base:
        purpose = re.search("(?:建立|设立|组建|确定)([^，；（。]{2,16})", site.place.after)
        return Setting(purpose[1] if purpose else "", base[1])
    near = _near(site)
    phrase = measured(near if re.match("[、且和及或并]", near) else before[: len(before) - (site.figure.start - site.figure.lead)])
    if _needs_object(phrase, after):
        phrase = f"{phrase}{site.text[site.figure.lead : site.figure.end]}{after}"
    party = party_of(site.frame)
    subject = split_topic(f"{phrase}的") if not party.recipient else party
    if subject.recipient and not party.recipient:
        return Setting(subject.recipient, subject.condition.removesuffix("的"), confidence=0.8)
    return Setting(party.recipient, phrase, confidence=0.8)


def _until(site: Site) -> Setting:
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
        if heads and heads[0] < len(after):
            return Setting(after[: heads[0]], after[heads[0] :])
    return Setting(recipient, after or measured(site.place.before))


def _target(site: Site) -> Setting:
    """Read a target: 全区新增规模以上工业企业10家以上, 高技能人才700人."""
    near = re.split("[，；：]", _near(site))[-1]
    full = site.text[site.part[0] : site.figure.lead]
    local = near.lstrip("、和及")
    local = re.sub("^(?:力争|确保|争取|计划|每年|全年|年均|并|至少|要)+", "", local)
    local = re.sub(r"(?:由|从)[\d.]+%?[^，、]{0,6}(?:提高|增加|提升|降低|下降|扩大|上升|增长)(?:至|到)?$", "", local)
    local = re.sub("(?:实现|达到|达|突破|超过|增加到|提高到|扩大到|提高至|提升至|提升到|降至|控制在|稳定在|各|为|至少|控制|近|约|共|已|仅|均|已有|总数|累计)+$", "", local)
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
    local = re.sub("(?:由|从|(?:提高|调整|增加|达)?(?:至|到|为)?每人每?[年月]?)$", "", local.removeprefix("将"))
    return _objective(site, local, full, after)


def _objective(site: Site, local: str, full: str, after: str) -> Setting:
    """Split verb, object and place of a target."""
    if not local and after:
        local = after
    place = pattern("recipients", "places").search(local) or pattern("recipients", "places").search(full)
    recipient = place.group() if place else site.before_it if site.before_it in words("recipients", "places") else ""
    condition = local[place.end() :] if place and local.startswith(place.group()) else local
    verb = pattern("roles", "target").match(condition)
    if site.figure.unit in ("person", "person_time"):
        if condition.endswith(("数", "率", "量")):
            return Setting(recipient, condition)
        if verb is None:
            earlier = list(pattern("roles", "target").finditer(full))
            carried = earlier[-1].group() if earlier else ""
            return Setting(condition, carried + condition)
        obj = re.sub("(?:培训|参与)$", "", condition[verb.end() :])
        return Setting(obj, condition)
    return Setting(recipient, condition)
