"""What a figure is for: reward, subsidy, cap, threshold, deadline, target …

Each family of figures has its own short list of questions, asked of the words near the figure; the
first that is answered decides. A figure that stands in the condition of a topic is a threshold.
"""

import re

from graph.facts import QuantityRole
from graph.figures.amounts import Figure
from graph.figures.place import Place
from graph.figures.times import dated, lasting
from graph.figures.words import any_of, has, pattern


def role(figure: Figure, place: Place) -> QuantityRole:
    """Return the role of a figure at its place."""
    family = figure.family
    if family in ("date", "period"):
        return dated(figure, place)
    if family == "ratio" and "/" in str(figure.value):
        return _rate(figure, place)
    if family == "ratio":
        return (
            "funding_share"
            if has(place.sentence, "roles", "share")
            else ("threshold" if place.in_topic else "other")
        )
    if family == "money":
        return _money(figure, place)
    if family == "rate":
        return _rate(figure, place)
    if family == "duration":
        return lasting(figure, place)
    if family == "frequency":
        return "limit" if figure.bound == "at_most" else "target"
    if family == "doubling":
        return "target"
    return _count(figure, place)


def _money(figure: Figure, place: Place) -> QuantityRole:
    if has(place.statement, "roles", "tax") and has(place.before, "roles", "tax_base"):
        return "tax_threshold"
    if re.search("每(?:增加|新增|增长|超过?|提高|达到?)[^，；、]{0,4}$", place.near):
        return "threshold"
    if re.search("面值|面额|单张|满[^，；、]*元立?减$", place.before):
        return "subsidy"
    if re.match(r"的?(?:补贴|奖励|补助|给予)(?:最高)?\d", place.after) and not has(
        place.near, "give", "verbs"
    ):
        return "threshold"
    if re.match(r"的(?:按|补|奖)\d", place.after) and (figure.bound != "exact" or "/" in str(figure.value)):
        return "threshold"  # 5000万元至1亿元的补6%
    if has(place.near[-10:], "roles", "start"):
        return "threshold"
    if place.near.endswith(("满", "达到")) and re.match("[可即减立享送]", place.after):
        return "threshold"
    within = figure.bound != "exact" and re.search(
        "[额金费价款]在?$", place.before[: -(figure.start - figure.lead) or None]
    )
    if within and re.match("的(?:[可由应须，]|$)", place.after):
        return "threshold"
    if place.after.startswith("的部分") or (
        figure.bound != "exact" and re.match("[的将则]{0,2}不予", place.after)
    ):
        return "threshold"
    conditional = place.in_topic or place.relative
    if not conditional and _loan(place):
        return "loan_limit"
    if conditional:
        return "threshold"
    if (
        figure.bound != "exact"
        and re.match("的?(?:[^，、；]{0,4})(?:项目|企业|产业|单位|贷款)", place.after)
        and not has(place.before[-8:], "give", "verbs")
    ):
        return "threshold"
    capped = figure.bound == "at_most" and (figure.lead < figure.start or place.after.startswith("封顶"))
    given = place.in_predicate or has(place.part, "give", "verbs", "nouns")
    if (capped or re.match("(?:的?(?:封顶|为限|上限|为上限|限额))", place.after)) and (
        given or re.search("(?:最高|累计|总额|合计|上限|封顶|限额)[^，]*$", place.before)
    ):
        return "cap"
    if re.search("罚款|罚金|没收", place.part):
        return "other"
    if re.search("按(?:照)?每[^，；]{1,6}$", place.near) and re.match(
        "(?:的?标准)?(?:安排|拨付|核拨|核定|落实)[^，；]*(?:资金|经费)", place.after
    ):
        return "subsidy"
    if given and figure.bound == "exact" and _funds(place):
        return "other"
    if given:
        return _reward_or_subsidy(place)
    if _each_of_a_list(figure, place):
        return _reward_or_subsidy(place)
    if re.search("每[人生户名]每?[年月]|每学[期年]", place.near) and has(
        place.part, "give", "nouns", "subsidy"
    ):
        return _reward_or_subsidy(place)
    if _aims(place.near) or _aims(place.part):
        return "target"
    if figure.bound != "exact" and re.search("力争|确保|目标|全年", place.sentence):
        return "target"
    return "threshold" if figure.bound in ("at_least", "above", "at_most", "below") else "other"


def _funds(place: Place) -> bool:
    """Tell whether a sum is what is set aside for all, not what one receives (安排奖励资金500万元)."""
    fund = "(?:资金|经费|基金|预算)(?:总[额量]|总?规模)?(?:为|共|约)*"
    set_aside = re.search(f"(?:安排|设立|列支|筹集|下达|预算|规模)[^，；每]{{0,10}}{fund}$", place.before)
    sized = re.search("(?:资金|基金)(?:预算|总?规模|总[额量])(?:为|共|约)*$", place.before)
    single = re.search("给予|予以|每(?!年)", place.before) or has(place.after, "give", "verbs")
    return bool(set_aside or sized) and not single


def _each_of_a_list(figure: Figure, place: Place) -> bool:
    """Tell whether a sum stands alone after a thing and its measure (领取补偿，手扶拖拉机每台800元)."""
    per = re.search(f"每个?(?:{any_of('give', 'counted')}|[人户个家])$", place.near)
    earlier = place.statement[: max(0, place.statement.find(place.before))]
    return (
        per is not None
        and figure.bound == "exact"
        and not place.after.strip("；。")
        and has(earlier, "give", "verbs")
        and not re.search("收费|收取|缴|罚", place.statement)
    )


def _aims(text: str) -> bool:
    """Tell whether a word of aiming stands in `text` (不超过 is none)."""
    return has(text.replace("不超过", "").replace("未超过", ""), "roles", "target")


def _loan(place: Place) -> bool:
    near = place.before[-14:] + place.after[:18]
    if not has(near, "roles", "loan") and not re.match("[^，；]*贷款额度", place.before):
        return False
    if not has(place.before[-24:] + place.after[:6], "roles", "loan_verb"):
        return False
    return not re.match("(?:的)?(?:一次性)?(?:奖励|补贴|补助|贴息|奖补)", place.after)


def _reward_or_subsidy(place: Place) -> QuantityRole:
    """Tell reward from subsidy by the nearest noun: after the figure first, then before it."""
    for text, backwards in (
        (place.after, False),
        (place.before, True),
        (place.statement, False),
        (place.sentence, False),
        (place.heading, True),
    ):
        best: tuple[int, QuantityRole] | None = None
        names: tuple[QuantityRole, ...] = ("reward", "subsidy")
        for name in names:
            for match in pattern("give", name).finditer(text):
                distance = len(text) - match.end() if backwards else match.start()
                if best is None or distance < best[0]:
                    best = distance, name
        if best:
            return best[1]
    return "reward"


def _rate(figure: Figure, place: Place) -> QuantityRole:
    if re.search("每(?:增长|增加|提高|新增|超过?|下降|降低)$", place.near) or (
        figure.bound in ("above", "at_least") and place.after.startswith("的部分")
    ):
        return "threshold"
    if has(place.part, "roles", "share") and re.search(
        "财政|[省市县区]级?|企业|个人|单位|政府|基金|银行|机构|公司", place.part
    ):
        return "funding_share"
    if has(place.near[-14:], "roles", "fee") and not re.match(
        "的?(?:给予|予以)?(?:贴息|补贴|补助|奖励)", place.after
    ):
        return "fee_rate"
    if not place.in_topic and re.search(
        "(?:补贴|补助|奖励|减免|返还|贴息|奖补|减征|优惠|报销|支付|补偿|救助|给付)$", place.near
    ):
        return "per_unit_rate"
    scaled = re.search(
        "比例(?:分别)?(?:由|为|不[低高]于|不超过|[不最][高低]?达?)?(?:[^，]{0,30}的|[^，]{0,10}(?:降低|提高|下调|上调|调整|增加))?(?:至|到|为)?$",
        place.before,
    )
    moved = re.search("比例(?:由|从)(?:[^，]*(?:提高|降低|调整|增加|上调|下调)(?:至|到|为))?$", place.before)
    if (moved or not place.in_topic) and (scaled or re.search("比例[^，；：]*：", place.statement)):
        if re.search(f"(?:{any_of('roles', 'scaled')})比例", place.before):
            return "per_unit_rate"
        if re.search(f"(?:{any_of('roles', 'kept')})[^，]{{0,12}}比例", place.before):
            return "threshold"
        return "per_unit_rate" if has(place.statement, "roles", "scaled") else "target"
    paid = re.search("(?:按照?|[的额])$", place.before) and re.match(
        "的?(?:比例|标准)?(?:予以|给予)?(?:支付|报销|补偿|给付|返还|结算|兑付|返补|扣除|抵扣|抵减|计发)",
        place.after,
    )
    paid = paid or re.search("(?:拨付|兑现|兑付|发放|预拨)(?:剩余|其余|余下)?(?:的|各)?$", place.near)
    if not place.in_topic and (paid or re.search("(?:上浮|下浮|增发|加发)$", place.near)):
        return "per_unit_rate"
    based = re.search("(?:(?:的|按照?|按不超过|额|总额)[^，、]{0,6}|给予[^，、]{0,14})$", place.before)
    giving = has(place.after[:26], "give", "verbs", "nouns") or re.match("(?:的)?(?:比例|标准)", place.after)
    if not place.in_topic and (place.in_predicate or based) and giving:
        return "cap" if figure.bound == "at_most" and not based else "per_unit_rate"
    if place.in_topic or place.relative:
        return "threshold"
    if place.in_predicate and (based or has(place.before, "give", "verbs")):
        return "cap" if re.search("最高不超过|总额|累计", place.before[-10:]) else "per_unit_rate"
    if _aims(place.part):
        return "threshold" if re.search("按[^，]*的$", place.before) else "target"
    return "threshold"


def _count(figure: Figure, place: Place) -> QuantityRole:
    if re.search("罚款|罚金|违法所得", place.part):
        return "other"
    if re.search("不得|严禁|禁止", place.before) and figure.lead == figure.start:
        return "threshold"
    if place.in_topic or place.relative or place.near.endswith("每新增"):
        return "threshold"
    if figure.unit == "times" and figure.bound == "at_most":
        return "limit"
    if re.search("按[^，]*标准[^，]*$|每[^，每]{0,8}$", place.before) and place.in_predicate:
        return "threshold"
    if figure.unit == "years_of_age":
        return "threshold"
    if figure.bound == "below" or place.after.startswith(("时", "的，", "且", "的企业", "的，")):
        return "threshold"
    if figure.bound != "exact" and re.search("[对向为将把]$", place.before):
        return "threshold"
    if re.search("(?:下列|以下)[^，；：]{0,8}条件|条件之一", place.sentence):
        return "threshold"
    if figure.bound == "at_most":
        return "limit"
    if has(place.sentence[:12], "roles", "condition") and not has(place.near, "roles", "target"):
        return "threshold"
    if (
        place.in_predicate
        and not has(place.near, "roles", "target")
        and has(place.near, "roles", "condition")
    ):
        return "threshold"
    return "target"
