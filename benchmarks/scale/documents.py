"""Invented notices of real county names, by seed: as many as wanted, each different, each answer known.

A notice has two parts: measures (each with a sum, a condition, a lead unit and responsible units) and
duties of safeguarding. All names of measures, sums and units are drawn; places are the county names of
the national register that only one county bears.
"""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

YEARS = range(2021, 2027)
FIELDS = (
    ("工业稳增长", "工业企业", ("工业和信息化局", "统计局")),
    ("商贸消费", "商贸企业", ("商务局", "市场监督管理局")),
    ("现代农业", "农民合作社", ("农业农村局", "水利局")),
    ("科技创新", "科技型企业", ("科学技术局", "工业和信息化局")),
    ("人才引进", "用人单位", ("人力资源和社会保障局", "教育体育局")),
    ("文化旅游", "旅游企业", ("文化广电和旅游局", "商务局")),
    ("养老托育", "养老机构", ("民政局", "卫生健康委员会")),
    ("绿色低碳", "用能单位", ("发展和改革委员会", "生态环境局")),
    ("物流交通", "物流企业", ("交通运输局", "商务局")),
    ("住房建设", "建筑企业", ("住房和城乡建设局", "自然资源局")),
    ("外贸外资", "外贸企业", ("商务局", "海关办事处")),
    ("数字经济", "软件企业", ("大数据管理局", "工业和信息化局")),
)
# Name of the measure, its sentence; {a} {b} are sums, {n} a threshold, {who} the field's firms.
MEASURES = (
    ("扩大产能奖励", "对年度新增产值超过{n}万元的{who}，一次性奖励{a}万元。"),
    ("首次达标奖励", "{who}首次达到规模标准的，给予{a}万元奖励；当年营业收入超过{n}万元的，再奖励{b}万元。"),
    ("设备更新补助", "{who}更新设备投入{n}万元以上的，按照投入的{p}%给予补助，单户最高{a}万元。"),
    ("贷款贴息扶持", "对{who}{n}万元以内的经营贷款，按照年利率{q}%给予贴息，期限不超过{m}个月。"),
    ("房租减免帮扶", "承租国有房屋的{who}，免收{m}个月租金。"),
    ("新增岗位补贴", "{who}新增就业岗位满{n}个的，每个岗位补贴{c}元。"),
    ("培训费用补贴", "{who}组织职工培训的，每人补贴{c}元，每户每年不超过{a}万元。"),
    ("参展费用补助", "{who}参加县外展会的，每个展位补助{c}元，全年最多{m}个展位。"),
    ("品牌创建奖励", "{who}获得国家级、省级称号的，分别奖励{b}万元、{a}万元。"),
    ("平台建设补助", "建成公共服务平台并运行满{m}个月的{who}，补助{a}万元。"),
    ("税费缓缴办理", "符合条件的{who}可以申请缓缴税费，缓缴期限为{m}个月。"),
    ("用电成本降低", "{who}年用电量超过{n}万千瓦时的，每千瓦时补贴0.0{k}元。"),
)
DUTIES = (
    ("加强统筹协调", "建立月调度机制，及时研究解决落实中的问题。"),
    ("精简申报材料", "推行一次告知、一窗受理，不得要求重复提交证明。"),
    ("强化资金监管", "资金专款专用，骗取资金的依法追回。"),
    ("做好政策宣传", "编印办事指引，组织入户讲解。"),
)
SHARED = ("财政局", "税务局", "发展和改革委员会", "市场监督管理局", "审计局", "司法局")
NUMERALS = "一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class Probe:
    """A question whose answer is known: the words that it must hold, the clause, and its kind."""

    kind: str
    question: str
    contains: tuple[str, ...]
    source: str
    locator: str


@dataclass(frozen=True, slots=True)
class Notice:
    """An invented notice with questions on it; `leads` names the lead unit of each of its measures."""

    source: str
    place: str
    text: str
    clauses: int
    leads: tuple[str, ...]
    probes: tuple[Probe, ...]


def counties(register: Path) -> list[str]:
    """Return the county-level names of the register (code, name) that only one place bears."""
    rows = [line.split("\t") for line in register.read_text("utf-8").splitlines() if line[:1].isdigit()]
    names = [name for code, name in rows if not code.endswith("00")]
    counted = Counter(names)
    return [name for name in names if counted[name] == 1 and name[-1] in "县区市" and len(name) > 2]


def notices(count: int, register: Path, seed: int = 1) -> Iterator[Notice]:
    """Yield `count` notices; the first of a longer row are the same."""
    places = counties(register)
    random.Random(seed).shuffle(places)
    for number in range(count):
        turn, at = divmod(number, len(places))
        yield notice(places[at], turn, random.Random(f"{seed}/{number}"), f"n{number:06}")


def notice(place: str, turn: int, drawn: random.Random, source: str) -> Notice:
    """Return one notice of `place`; `turn` counts its notices, so that no two are on the same."""
    field, who, own = FIELDS[turn % len(FIELDS)]
    year = YEARS[turn // len(FIELDS) % len(YEARS)]
    kind = place[-1]
    title = f"{place}人民政府办公室关于印发{place}{year}年{field}若干措施的通知"
    number = f"{place[0]}政办〔{year}〕{drawn.randrange(1, 90)}号"
    lines = [title, "", number, "", "各乡镇人民政府、街道办事处，有关单位：", ""]
    lines += [f"《{place}{year}年{field}若干措施》已经研究同意，现印发给你们，请认真贯彻执行。", ""]
    lines += [f"{year}年{drawn.randrange(1, 13)}月{drawn.randrange(1, 28)}日", ""]
    lines += [f"{place}{year}年{field}若干措施", "", "一、支持措施", ""]
    probes, leads = [], []
    chosen = drawn.sample(MEASURES, 8)
    for at, (name, sentence) in enumerate(chosen):
        sums = _sums(drawn)
        told = sentence.format(who=who, **sums)
        others = drawn.sample([*SHARED, *own], 3)
        lead = drawn.choice(own)
        leads.append(kind + lead)
        others = [kind + unit for unit in others if unit != lead]
        label = f"（{NUMERALS[at]}）"
        lines += [
            f"{label}{field}{name}。{told}（牵头单位：{kind}{lead}；责任单位：{'、'.join(others)}）",
            "",
        ]
        locator = f"正文/一/{label}"
        figures = tuple(f for f in (f"{sums['a']}万元", f"{sums['c']}元") if f in told)
        if figures:
            asked = f"{place}{year}年{field}{name}给多少？"
            probes.append(Probe("amount", asked, figures[:1], source, locator))
        asked = f"{place}{year}年{field}{name}由哪个单位牵头？"
        probes.append(Probe("lead", asked, (kind + lead,), source, locator))
    lines += ["二、保障措施", ""]
    for at, (name, sentence) in enumerate(DUTIES):
        others = "、".join(kind + unit for unit in drawn.sample(SHARED, 2))
        lines += [f"（{NUMERALS[at]}）{name}。{sentence}（责任单位：{others}）", ""]
    lines += [f"本措施自印发之日起施行，有效期至{year + drawn.randrange(1, 4)}年12月31日。"]
    text = "\n".join(lines) + "\n"
    return Notice(source, place, text, 8 + len(DUTIES) + 2, tuple(leads), tuple(probes))


def _sums(drawn: random.Random) -> dict[str, int]:
    return {
        "a": drawn.randrange(2, 90),
        "b": drawn.randrange(90, 300),
        "c": drawn.randrange(2, 60) * 100,
        "n": drawn.randrange(2, 60) * 50,
        "p": drawn.randrange(5, 30),
        "q": drawn.randrange(1, 4),
        "m": drawn.randrange(2, 13),
        "k": drawn.randrange(1, 9),
    }
