"""Where a figure stands and what it concerns: the shapes that the steps hand on, and small readings."""

import re
from dataclasses import dataclass, replace

from graph.facts import QuantityRole
from graph.figures.amounts import Figure
from graph.figures.frames import Frame
from graph.figures.place import Place
from graph.figures.topics import Party, simple, split_topic

GIVEN: tuple[QuantityRole, ...] = (
    "reward",
    "subsidy",
    "cap",
    "per_unit_rate",
    "rent_waiver",
    "rent_half",
    "loan_limit",
)
JOINTS = "，、；：。 "


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


@dataclass(frozen=True, slots=True)
class Found:
    """A figure with role and setting, before it is written as a fact."""

    site: Site
    role: QuantityRole
    setting: Setting
    stage: int | None = None


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
    whole = re.sub(
        "（(?:[^（）]{5,}|[^（）]*[含同下][^（）]*)）", "", unnumbered(before)
    )  # 设备（软件）投资 stays
    phrase = re.split("[，；：]|（(?![^（）]*）)|是指", whole)[-1]
    phrase = re.split("(?<!合)并且|且|或者|(?<=[^合])并(?=[实营年销缴纳取签])", phrase)[-1]
    phrase = re.sub("^(?:实现|对于|对|将|把|以及|和|其中|同时|经|凡)", "", phrase)
    phrase = re.sub(
        "(?:首次)?(?:达到|达|满|超过|突破|为|在|实现)$",
        lambda m: "首次" if m.group().startswith("首次") else "",
        phrase,
    )
    return phrase.strip(JOINTS)


def unnumbered(text: str) -> str:
    """Return `text` with the number of an inline item left out: （2）, ③, 一是."""
    return re.sub(r"^(?:（[\d一二三四五六七八九十]+）|[①-⑳]|\d+[.、](?!\d)|[一二三四五六七八九]是)", "", text)


def near_of(site: Site) -> str:
    """Return the words between the figure before and this one's bound word."""
    near = site.place.near
    return near[: len(near) - (site.figure.start - site.figure.lead)]


def needs_object(phrase: str, after: str) -> bool:
    """Tell whether the measured thing follows the figure (签订 1 年以上劳动合同)."""
    return re.match("[^的（、，和及或且补奖给]", after) is not None and len(phrase) <= 8 and len(after) <= 14


def topic_before(site: Site) -> Party:
    """Return the party of the first case of the statement (企业购买服务的，…，年度累计不超过20万元)."""
    start = max(site.sentence[0], site.text.rfind("；", 0, site.part[0]) + 1)
    case = re.match("(?:对|凡)?([^，：；]{2,40}的)，", site.text[start : site.part[0]])
    return split_topic(case[1]) if case else Party("", "", "")


def case_before(site: Site) -> Party:
    """Return the case that the part right before states (单方缴存的，最高45万元)."""
    start = max(site.sentence[0], site.text.rfind("；", 0, site.part[0]) + 1)
    case = re.search("(?:^|，)([^，：]{2,30}的)，$", site.text[start : site.part[0]])
    return split_topic(case[1]) if case else Party("", "", "")
