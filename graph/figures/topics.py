"""The topic of an offer cut into recipient and condition (C 的 R, R C 的, 支持 R C)."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from graph.figures.text import bare, parts
from graph.figures.words import any_of, either, pattern, words

LED = re.compile("(?:积极)?(?:鼓励|支持|引导|推动)(?:和支持|和引导)?")


@dataclass(frozen=True, slots=True)
class Party:
    """Recipient and condition as cut out of a topic; `whole` is the topic left in one piece."""

    recipient: str
    condition: str
    whole: str


@cache
def _heads() -> re.Pattern[str]:
    return re.compile(f"(?:{either(words('recipients', 'heads'))})(?:（[^（）]*）)?$")


@cache
def _subjects() -> re.Pattern[str]:
    return re.compile(either(words("recipients", "subjects")))


@cache
def _any_heads() -> re.Pattern[str]:
    return re.compile(either(words("recipients", "heads")))


@cache
def _predicates() -> re.Pattern[str]:
    return re.compile(either(words("recipients", "predicates")))


@cache
def _recognised() -> re.Pattern[str]:
    return re.compile(f"(.*?(?:{either(words('recipients', 'recognised'))}))(.+)的$")


def is_party(text: str) -> bool:
    """Tell whether `text` ends like the name of someone or something that may receive."""
    return _heads().search(text) is not None


@lru_cache(maxsize=1024)  # each figure of a sentence asks anew
def split_topic(topic: str) -> Party:
    """Cut a topic into recipient and condition; either may be empty."""
    party = _split(topic)
    served = re.fullmatch("为(..+)", party.recipient)
    return Party(served[1], party.condition, party.whole) if served else party


def _split(topic: str) -> Party:
    topic = re.sub("^(?:其中|同时|并|凡|将|把|以及|和|及|、|[一二三四五六七八九]是)+", "", topic).strip("，")
    if topic.endswith("的"):
        topic = re.sub("^由(?=[^，的]{2})", "", topic)
    pieces = [topic[a:b] for a, b in parts(topic, 0, len(topic), "，")]
    while len(pieces) > 1 and re.fullmatch("(?:经|由)[^，]*后", pieces[-1]):
        topic = "，".join(pieces := pieces[:-1])
    if not pieces:
        return Party("", "", "")
    if re.match("每(?:新|引|培|增|认|吸|招|签|建|完|提|超)", topic) and "的" not in topic:
        return Party("", topic, topic)
    if re.search("的(?:部分|差额|金额|费用|情形)$", topic):
        return Party("", topic, topic)
    led = LED.match(topic)
    if led and not topic.endswith("的"):
        topic = topic[led.end() :]
        cut = subject_end(topic) or first_subject(topic)
        return Party(topic[:cut], topic[cut:], topic) if cut else Party("", topic, topic)
    if re.search("[的后](?:（[^（）]*）)?$", topic):
        return _conditional(topic, pieces)
    if len(pieces) > 1 and is_party(pieces[0]) and not is_party(pieces[-1]):
        return Party(pieces[0], "，".join(pieces[1:]), topic)
    return _nominal(topic)


def _conditional(topic: str, pieces: list[str]) -> Party:
    """Split a topic that ends in 的: R C 的, or C 的 without a recipient."""
    if len(pieces) > 1 and is_party(pieces[0]) and re.match("且|并且|同时", pieces[1]):
        first = _nominal(pieces[0])
        rest = "，".join(pieces[1:])
        return Party(first.recipient, f"{first.condition}，{rest}" if first.condition else rest, topic)
    if len(pieces) > 1 and is_party(pieces[0]) and not pieces[0].endswith("的"):
        return Party(pieces[0], "，".join(pieces[1:]), topic)
    recognised = _recognised().match(topic)
    if recognised and is_party(recognised[2]) and not subject_end(topic[: recognised.end(1)]):
        return Party(recognised[2], recognised[1].removesuffix("为"), topic)
    done = re.match("(?:安置|招用|聘用|带动)", topic) and "，" not in topic
    cut = 0 if done else subject_end(topic)
    if not cut and not done and not (_predicates().match(topic) or pattern("roles", "target").match(topic)):
        cut = first_subject(topic)
    if cut:
        return Party(topic[:cut], topic[cut:].lstrip("，"), topic)
    return Party("", topic, topic)


def _nominal(topic: str) -> Party:
    """Split a topic that ends in a noun: C 的 R, or R alone."""
    masked = bare(topic)
    cut = masked.rfind("的")
    fresh = re.match(f"(?:首次|新近?|重新)被?(?:{any_of('recipients', 'fresh')})(?:为)?(?=..)", topic)
    if cut < 0 and fresh:
        return Party(topic[fresh.end() :], fresh.group().removesuffix("为"), topic)
    if cut < 0:
        ends = re.search(f"(?:{_subjects().pattern})$", topic)
        subject = subject_end(topic)
        if ends and not pattern("recipients", "doing").match(topic, subject):
            subject = 0
        return Party(topic[:subject], topic[subject:], topic) if subject else Party(topic, "", topic)
    head, condition = topic[cut + 1 :], topic[:cut]
    if not _subjects().search(head):
        subject = subject_end(topic)
        if subject and subject < cut and "，" not in topic[:subject]:
            return Party(topic[:subject], topic[subject:], topic)
    if (
        len(condition) <= 2
        or condition.endswith(tuple(words("recipients", "places")))
        or (len(condition) <= 8 and condition.endswith("以上"))
    ):
        earlier = masked.rfind("的", 0, cut)
        if earlier < 0:
            return Party(topic, "", topic)
        head, condition = topic[earlier + 1 :], topic[:earlier]
    return Party(head, condition, topic)


def first_subject(topic: str) -> int:
    """Return where the first party noun ends that no other noun goes on from; 0 if none."""
    masked = bare(topic)
    for match in _subjects().finditer(masked):
        rest = masked[match.end() :]
        further = is_party(rest[:2]) and not _predicates().match(rest)  # 职工 in 双职工家庭
        further = further or _of_a_person(match.group(), rest)
        if rest and rest[0] not in "、和与及的或" and not further:
            return match.end()
    return 0


def subject_end(topic: str) -> int:
    """Return where the subject of R C 的 ends: a party noun with a predicate after it; 0 if none."""
    masked = bare(topic)
    weak = not re.match("[在从获被新首经自]|首次|当年|通过|取得|购[买置]|建设|开展|实施|培育|引进", masked)
    for finder in (_subjects(), _any_heads()) if weak else (_subjects(),):
        for match in finder.finditer(masked):
            rest = masked[match.end() :].lstrip("，")
            if match.start() == 0 and len(match.group()) < 2:
                continue
            if _predicates().match(rest) and not _goes_on(match.group(), rest):
                return match.end()
    return 0


@cache
def _compound() -> re.Pattern[str]:
    """专利|代理机构: a doing and a party noun that go on a name."""
    return re.compile(
        f"(?:{any_of('recipients', 'compounds')})(?:{any_of('recipients', 'subjects')}|大户|中心)"
    )


def _of_a_person(head: str, rest: str) -> bool:
    """Tell whether 个人 only names a kind of thing (个人住房贷款, 个人所得税)."""
    return head == "个人" and re.match("住房|创业|消费|所得税|贷款|账户|缴|经营|信用|部分", rest) is not None


def _goes_on(head: str, rest: str) -> bool:
    """Tell whether the words after a party noun belong to its name (设备投资额, 农民合作社)."""
    if re.match("组织(?![、和与及的，化]|$)", rest):  # 旅行社组织境外游客
        return False
    thing = head in ("设备", "设施", "装备", "产品", "专利", "作品", "车辆", "品牌")
    if _of_a_person(head, rest) or _compound().match(rest):
        return True
    return is_party(rest[:2]) or (
        thing and re.match("[^，的]{0,6}(?:额|费用?|成本|价款?|强度)", rest) is not None
    )


def simple(party: Party) -> bool:
    """Tell whether the condition is so short and the noun so bare that they are better left together."""
    head, condition = party.recipient, party.condition
    return (
        0 < len(head) <= 4
        and 0 < len(condition) <= 20
        and not party.whole.endswith("的")
        and not re.search("[且并、，但或0-9]", condition)
        and party.whole == f"{condition}的{head}"
    )
