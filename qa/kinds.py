"""What kind of thing a question asks of a clause, and which figures of a clause are of that kind."""

import re

from graph.facts import Quantity
from qa.measure import matches
from qa.question import Question

FIGURE_KINDS = ("amount", "deadline", "target")
_ROLES = {
    "deadline": frozenset({"deadline", "valid_period", "valid_until", "limit", "cap", "threshold"}),
    "target": frozenset({"target", "deadline", "limit"}),
}
# When to apply is written as a day to act by; how long the whole is in force says less of it.
_APPLYING = re.compile("申请|申领|申报|报名|办理|提交|领取|兑现")
_WINDOW = re.compile(
    "(?:申报|申请|受理|申领|报名)[^，。；]{0,8}(?:时间|期限)|至[^，。；]{0,24}(?:申请|申报|报名|申领)"
)
_IN_FORCE = frozenset({"valid_period", "valid_until"})
# For sums: every role but those that say for whom, until when or how many.
_NOT_AMOUNTS = frozenset({"threshold", "target", "deadline", "valid_period", "valid_until"})
_TIMES = frozenset({"day", "working_day", "month", "year", "date", "hour"})
_RENT = frozenset({"rent_waiver", "rent_half", "cap"})
# A count of things is asked, not a sum of money: 多少家, 几个工作日, 几倍.
_COUNTED = re.compile(
    r"(?:多少|几)(?:家|户|个(?:工作日|(?![月点钱]))|名|人|万人|项|次|回|倍|番|天|日|年|公里|亩|所|座|张)"
)
_HOW_MUCH = re.compile("多少|几[万千百块]|哪[边家个].{0,6}[多高]")
_AIM = re.compile("目标|任务|指标|计划|番")
_WAIVED = re.compile("(?:免|减半|减收|减免).{0,4}(?:几|多少)个?月")  # months that stand for money
# Who pays is written in a sentence of the clause; it is no unit's duty.
_PAYER = re.compile(
    "哪(?:一?级)?财政|财政.{0,3}(?:怎么|如何).{0,3}(?:出|分担|承担)|[钱资金].{0,4}(?:谁|哪[里儿级家]).{0,4}(?:出|掏)"
)
_GRANT = re.compile("[奖补]|资助")
_CLAIMED = re.compile(
    "(?:奖|补|给|发|得|拿|领)(?:励|贴|助|到|我们?)?[0-9一二两三四五六七八九十百千]+(?:[万千百]|元|块|%)"
)
_SPARED = re.compile("(?:省|减|免|少交|便宜|扣)[^，。？?]{0,3}(?:多少|几)")
_GRANT_LAST = re.compile("(?:奖|奖励|奖金|补贴|补助|奖补|资助)(?:标准)?$")
_MONEY = re.compile(r"[奖补贴钱元块贷租税息额资]|(?<!免)费")


def kind_of(question: Question) -> str:
    """Return the kind: lead, responsible, target, deadline, amount, condition or content."""
    if _PAYER.search(question.plain):
        return "content"
    if question.asks("lead"):
        return "amount" if question.asks("amount") else "lead"
    if question.asks("responsible") and not question.asks("amount"):
        return "responsible"
    if _COUNTED.search(question.plain):
        return "deadline" if question.asks("deadline") else "target"
    if _WAIVED.search(question.plain):
        return "amount"
    kinds = ["deadline", "target", "amount", "condition"]
    if question.asks("condition") and not _AIM.search(question.plain):
        kinds.remove("target")  # 要达到什么门槛
    plainly = next((kind for kind in kinds if question.asks(kind)), None)
    if plainly is None and about_money(question) and _HOW_MUCH.search(question.plain):
        return "amount"  # 各是多少, 差几万
    if plainly is None and question.asks("compare") and _GRANT.search(question.plain):
        return "amount"  # 奖励对比
    if plainly is None and (_CLAIMED.search(question.plain) or _SPARED.search(question.plain)):
        return "amount"  # 奖三十万对吧, 能省下多少房租
    if plainly is None and _GRANT_LAST.search(question.plain):
        return "amount"  # 某县 小巨人 一次性奖
    return plainly or "content"


def about_money(question: Question) -> bool:
    """Tell whether the question speaks of money at all."""
    return question.asks("money_words") or _MONEY.search(question.plain) is not None


def fitting(
    quantities: tuple[Quantity, ...], kind: str, wanted: frozenset[str] = frozenset()
) -> tuple[Quantity, ...]:
    """Return the figures that a question of this kind asks for; all of them for other kinds.

    Those in a `wanted` unit do, whatever their role; no dates then where days are counted.
    """
    same = matches(quantities, wanted) if kind in FIGURE_KINDS else ()
    if kind == "amount":  # a rate has its ceiling beside it
        return tuple(q for q in quantities if q in same or _is_amount(q))
    if same:
        return same
    roles = _ROLES.get(kind)
    return quantities if roles is None else tuple(q for q in quantities if q.role in roles)


def beside(quantities: tuple[Quantity, ...], kind: str, question: Question, sentence: str) -> bool:
    """Tell whether figures say how long all is in force, where it is asked when to apply."""
    applying = kind == "deadline" and _APPLYING.search(question.plain) and not question.asks("validity")
    if not applying or _WINDOW.search(sentence):
        return False
    return all(quantity.role in _IN_FORCE for quantity in quantities)


def _is_amount(quantity: Quantity) -> bool:
    """A sum, rate or share; months only where they stand for money (rent waived)."""
    if quantity.unit in _TIMES:
        return quantity.role in _RENT
    return quantity.role not in _NOT_AMOUNTS
