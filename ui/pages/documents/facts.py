"""A marked fact in words: the short one that stands beside it, and all that is known of it."""

from graph.facts import Duty, FundingRule, Quantity, Reference
from graph.figures.words import unit_word
from graph.marking import Mark
from graph.review.signs import doubts
from qa.figurewords import PERIODS, bounded
from qa.text import display
from ui.review import shown

_GENERAL = {
    "money": "金额", "rate": "比例", "ratio": "比例", "duration": "期限", "date": "日期", "period": "期间",
    "frequency": "频次",
}  # fmt: skip
_DOUBT = "待核对"


def doubtful(mark: Mark) -> bool:
    """Say whether the reading of a fact waits for an official."""
    return mark.fact.review is None and mark.fact.confidence < doubts().doubtful


def classes(mark: Mark) -> str:
    """Return the classes of a mark's element: its kind, a unit's role, and whether it is doubtful."""
    role = [f"zw-{mark.fact.role}"] if isinstance(mark.fact, Duty) else []
    return " ".join(["zw-mark", f"zw-{mark.kind}", *role, *(["zw-doubt"] if doubtful(mark) else [])])


def word(mark: Mark) -> str:
    """Return what a fact is in one word: 补助, 截止, 牵头, 依据, …."""
    match mark.fact:
        case Quantity() as figure:
            said = shown(figure.role) if figure.role != "other" else _GENERAL.get(figure.kind, "数据")
        case FundingRule():
            said = "资金分担"
        case Duty() as duty:
            said = shown(duty.role)
        case Reference() as reference:
            said = shown(reference.relation)
    return f"{said}·{_DOUBT}" if doubtful(mark) else said


def told(mark: Mark) -> str:
    """Say all that is known of a fact in one line."""
    parts = [_said(mark), *_details(mark)]
    fact = mark.fact
    if doubtful(mark):
        parts.append(f"{_DOUBT}：{fact.reason or '机器读出，尚未核对'}")
    elif fact.review:
        parts.append(f"已由{fact.review.by}核对（{fact.review.on}）")
    return "；".join(part for part in parts if part)


def _said(mark: Mark) -> str:
    match mark.fact:
        case Quantity() as figure:
            return f"{word(mark).split('·')[0]}：{bounded(figure)}"
        case FundingRule() as rule:
            return f"资金分担：{rule.payer} {rule.share}"
        case Duty() as duty:
            return f"{shown(duty.role)}单位：{duty.unit}"
        case Reference() as reference:
            number = f"（{reference.number}）" if reference.number else ""
            return f"{shown(reference.relation)}：《{reference.title}》{number}"


def _details(mark: Mark) -> list[str]:
    match mark.fact:
        case Quantity() as figure:
            told_of = (
                ("对象", display(figure.recipient)),
                ("条件", display(figure.condition)),
                ("出资", display(figure.payer)),
                ("频次", PERIODS.get(figure.periodicity, "")),
                ("数值", _value(figure)),
            )
            return [f"{name}：{value}" for name, value in told_of if value]
        case Duty() as duty:
            written = "".join(duty.written.split())
            return [f"原文写作“{written}”" if written != duty.unit else "", duty.note.rstrip("。")]
        case Reference() as reference:
            return ["本库已收" if reference.target else "本库未收"]
        case _:
            return []


def _value(figure: Quantity) -> str:
    value = figure.value
    if isinstance(value, str):
        return value
    number = f"{value:,.10g}" if isinstance(value, float) else f"{value:,}"
    return f"{number} {unit_word(figure.unit)}".rstrip()
