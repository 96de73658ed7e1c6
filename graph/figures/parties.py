"""Words right before a figure that name who gets it, what it is counted by, and who pays."""

import re
from functools import cache

from graph.figures.site import Site, near_of
from graph.figures.topics import is_party
from graph.figures.words import any_of, either, has, words


def own_recipient(site: Site) -> str:
    """Return a recipient named right before the figure (高级工每人每年6000元, 每户企业…最高), or ''."""
    local = re.split("[，；：]", near_of(site))[-1]
    each = _per_party().match(local)
    if (
        not each
        and site.role == "cap"
        and all(f.family != "money" or f.end <= site.part[0] for f, _ in site.earlier)
    ):
        each = _per_party().match(site.text[site.part[0] : site.figure.lead])
    if each and not re.fullmatch("每[人户家个名]|(?:同一|单个|每个)项目", each.group()):
        return each.group()
    handed = re.search(
        "(?:给予|奖励|补贴|补助|资助|发放给)([^，、；一最按][^，、；一最]{1,15}?)(?:按|每|最高|不超过|一次性|$)",
        local,
    )
    plain = "每[人户家个名位]|(?:标准|额度|金额|资金|比例|期限).*"
    if handed and is_party(handed[1]) and not re.fullmatch(plain, handed[1]):
        return handed[1]
    aged = re.search(
        r"(?:\d+(?:周?岁)?(?:[—\-－–至~～]\d+)?周?岁|百岁)(?:及?以上)?(?:的?老年人|的?老人)?"
        r"(?=(?:每人)?(?:每[年月餐天日次])?(?:发放|给予|补贴|补助)?(?:[^，；、。每\d]{0,4}[津补]贴)?(?:为|各)?$)",
        site.text[site.part[0] : site.figure.lead],
    )
    if aged:
        return aged.group()
    label = re.split("、|(?:标准|额度|金额|比例|限额)(?:分别)?(?:为|是)", local)[-1]
    grade = re.match(
        "[A-Z一二三四五六七八九十甲乙丙丁特]{1,2}(?:级|类|档)(?:每[户人家])?(?=给予|补|奖|不|最|$)", label
    )
    if grade:
        return grade.group()
    for _ in range(4):
        label = re.sub(_trailing_words(), "", label)
    label = re.sub(
        "^(?:其中|对|按照|按|给予|奖励|分别|和|及|以及|的|并|给|予以|再|补贴|补助|资助|为|发放|向|免收|减免|免除|减收)+",
        "",
        label,
    )
    return (
        label
        if 2 <= len(label) <= 36
        and is_party(label)
        and not re.search("的$|^申|^每个?(?:产品|品牌|作品|设备|专利|商标|线路|航线)", label)
        and not has(re.sub("^其[他它余]", "", label), "recipients", "anaphora")
        else ""
    )


@cache
def _trailing_words() -> str:
    own = either(
        [
            *words("give", "verbs"),
            *words("give", "nouns"),
            *words("periods", "per_person_year"),
            "每人",
            "每年",
            "每月",
            "每生",
            "每户",
            "每家",
            "每名",
            "每学期",
            "每学年",
            "每天",
            "每日",
            "户均",
            "人均",
            "每个",
            "每位",
            "一次性",
            "财政",
            "资金",
            "按照",
            "按",
            "最高",
            "不超过",
            "再",
            "分别",
            "可",
            "标准",
            "为",
            "的",
        ]
    )
    return f"(?:{own})+$"


@cache
def _per_party() -> re.Pattern[str]:
    """每家企业, 单个项目, 同一申请人."""
    return re.compile(
        f"(?:同一|单个|单户|单家|每[家户个名位人]|每)[^，、每]*?(?:{any_of('recipients', 'each')})"
        "(?=每|年|累计|最|不|给|奖|补|按|当|全|享|总|同|可|一|获|$)"
    )


def payer_of(site: Site) -> str:
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
    given = re.search(
        rf"(?:由)?{payer}(?:专项)?(?:资金)?(?:给予|予以|按|一次性|再|分别|各|奖励|补助|补贴)",
        site.text[site.frame.predicate if site.frame else site.part[0] : site.figure.start],
    )
    if given:
        return given[1]
    return ""


def unit_base(site: Site) -> str:
    """Return what each payment is for: 每新增一家企业奖励…, 每增长1%奖励…"""
    each = _per_named().search(site.place.before) or _per_thing().search(site.place.before)
    if each:
        return _named_before(each.group(), near_of(site))
    start = max(site.part[0], site.frame.predicate if site.frame else 0)
    match = _per_step().search(site.text[start : site.figure.start])
    return re.sub("^(?:并|再|可)?(?:按照?)?", "", match.group()) if match else ""


@cache
def _per_step() -> re.Pattern[str]:
    """产值每增长1%, 每新增一家企业: what a payment is counted by."""
    end = f"再|{any_of('give', 'verbs')}|奖|补|，|$"
    return re.compile(f"[^，；、每的]{{0,10}}每多?(?:{any_of('give', 'steps')})[^，；、]*?(?={end})")


def _named_before(base: str, near: str) -> str:
    """Return `base` with the thing named right before it (直流充电桩每千瓦)."""
    label = re.split("[，；：、）]", near[: max(0, near.rfind(base))])[-1]
    named = 2 <= len(label) <= 12 and not re.search("[按照对给再并另可为由从]|的$", label)
    return f"{label}{base}" if named and not has(label, "give", "verbs") else base


@cache
def _per_named() -> re.Pattern[str]:
    """每个公共充电桩: a thing named in full, right before it is given."""
    return re.compile(
        f"每[个座处台套辆张][^，；、每\\d]{{2,10}}?(?=(?:{any_of('give', 'verbs')}|一次性|分别)+$)"
    )


@cache
def _per_thing() -> re.Pattern[str]:
    """每亩, 每个床位."""
    return re.compile(f"每个?(?:{any_of('give', 'counted')})(?=[^，；、]{{0,10}}$)")


def adjoining(site: Site) -> str:
    """Return a threshold that stands right before what it earns: 10万元以上补贴4000元."""
    if not site.earlier or site.earlier[-1][1] != "threshold":
        return ""
    figure = site.earlier[-1][0]
    between = site.text[figure.end : site.figure.lead]
    close = re.fullmatch(f"的?(?:{any_of('give', 'verbs')}|最高|一次性)+", between)
    near = site.frame is None or figure.start >= site.frame.predicate
    if re.search("每[^，；、每]{0,8}$", site.text[: figure.lead]):
        return ""
    return site.text[figure.lead : figure.end] if close and near and "每" not in near_of(site) else ""
