"""Changing and adding facts: names freely, figures and dates only to what the clause's text says."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, get_args

from graph.facts import (
    Bound,
    Duty,
    Evidence,
    FundingRule,
    Measure,
    MeasureKind,
    Periodicity,
    Quantity,
    QuantityRole,
    Record,
    Reference,
    Relation,
    Role,
)
from graph.figures.amounts import Figure
from graph.figures.finding import figures
from graph.figures.kinds import kind as figure_kind
from graph.figures.text import fold, sentences
from graph.periods import days
from graph.review.corrections import CorrectionError
from graph.review.keys import Fact, Key, bare
from ingest.document_number import parse_number
from ingest.model import Clause, Span

# What may be changed, and into which words where the vocabulary is closed.
_FREE: tuple[str, ...] = ()
FIELDS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "duty": {"unit": _FREE, "role": get_args(Role)},
    "quantity": {
        "surface": _FREE,
        "value": _FREE,
        "role": get_args(QuantityRole),
        "bound": get_args(Bound),
        "recipient": _FREE,
        "condition": _FREE,
        "payer": _FREE,
        "periodicity": get_args(Periodicity),
    },
    "measure": {
        "kind": get_args(MeasureKind),
        "audience": _FREE,
        "valid_from": _FREE,
        "valid_until": _FREE,
    },
    "reference": {"title": _FREE, "number": _FREE, "relation": get_args(Relation)},
    "funding": {"payer": _FREE, "share": _FREE},
}
_LONGEST = 200  # characters of a field


def changed(record: Record, fact: Fact, key: Key, new: Mapping[str, str]) -> Fact:
    """Return the fact with new values.

    Raises CorrectionError when a field is unknown, a word is not of its vocabulary, or a figure or date
    does not stand in the clause's text.
    """
    _check(key.kind, new)
    fields: dict[str, Any] = dict(new)
    text = _text(record, key.locator)
    for name, value in fields.items():
        if name not in ("surface", "value", "valid_from", "valid_until", "number"):
            _figures_stand(name, value, text)
    match fact:
        case Duty():
            return replace(fact, **fields)
        case Quantity():
            return _figure(record, fact, key.locator, fields)
        case Measure():
            return _measure(fact, fields, text)
        case Reference():
            return _reference(fact, fields)
        case FundingRule():
            return replace(fact, **fields)


def added(record: Record, key: Key, fields: Mapping[str, str]) -> Duty | Quantity:
    """Return a fact that the program did not find; its words must stand in the clause's text.

    A clause that got another number is found by the sentence. Raises CorrectionError as `changed` does,
    and for kinds other than duty and quantity.
    """
    if key.kind not in ("duty", "quantity"):
        raise CorrectionError("只能补充单位和数据", "种类写 duty 或 quantity")
    clause, span = _place(record, key)
    here, words = Evidence(clause.locator, span), span.of(record.policy.text)
    fact: Duty | Quantity = Duty(here, bare(words), "responsible", 0, words)
    if key.kind == "quantity":
        figure = _read(words)
        if figure is None:
            raise CorrectionError(f"“{key.printed}”读不出数值", "写出完整的数字和单位，如 30万元")
        sentence = _sentence(clause, span)
        fact = Quantity(
            here, words, "money", figure.value, figure.unit, "other", figure.bound, sentence=sentence
        )
        fact = _kinded(fact)
    done = changed(record, fact, replace(key, locator=clause.locator), fields)
    return fact if isinstance(done, (Measure, Reference, FundingRule)) else done


def _place(record: Record, key: Key) -> tuple[Clause, Span]:
    """Return the clause that holds the words of an added fact, and where they stand in it."""
    clauses = {clause.locator: clause for clause in record.policy.clauses}
    named = clauses.get(key.locator)
    if named is None and not key.quotation:
        raise CorrectionError(f"没有条款 {key.locator}", "条款位置的写法如 附件2/四/（三）")
    holding = [c for c in clauses.values() if key.quotation and _stands(record, c, key.quotation)]
    if key.quotation and named not in holding:
        named = holding[0] if len(holding) == 1 else None
    span = _stands(record, named, key.printed) if named else None
    if named is None or span is None:
        raise CorrectionError(f"“{key.printed}”不在 {key.locator} 的原文里", "引文要与原文逐字相同")
    return named, span


def _check(kind: str, fields: Mapping[str, str]) -> None:
    known = FIELDS[kind]
    for name, value in fields.items():
        if name not in known:
            raise CorrectionError(f"没有字段 {name}", f"可以改：{'、'.join(known)}")
        if known[name] and value not in known[name]:
            raise CorrectionError(
                f"{name} 不能是“{value}”", f"可选：{'、'.join(word or '（空）' for word in known[name])}"
            )
        if len(value) > _LONGEST or "\n" in value:
            raise CorrectionError(f"{name} 太长或有换行", f"不超过 {_LONGEST} 字，写成一行")
        if not value and name in ("unit", "surface", "value", "title", "share"):
            raise CorrectionError(f"{name} 不能为空", "写出新的内容；要去掉整条请用驳回")


def _figures_stand(name: str, value: str, text: str) -> None:
    """Keep figures out of free words that the clause does not print: an answer may say them."""
    for number in re.findall(r"\d+(?:\.\d+)?", bare(value)):
        if not re.search(rf"(?<![\d.]){re.escape(number)}(?![\d.])", bare(text)):
            raise CorrectionError(f"{name} 里的数字“{number}”不在条款原文里", "只能写条款原文中的数字")


def _figure(record: Record, fact: Quantity, locator: str, fields: dict[str, Any]) -> Quantity:
    said = fields.get("surface") or fields.get("value")
    fact = replace(
        fact, **{name: value for name, value in fields.items() if name not in ("surface", "value")}
    )
    if said is None:
        return _kinded(fact) if "role" in fields else fact
    clause = next((c for c in record.policy.clauses if c.locator == locator), None)
    if clause is None or not record.policy.text:
        raise CorrectionError("没有条款原文，数值无从核对", "先导入原文再改数值")
    found = _printed_as(fact, clause, fields, _year(record))
    if found is None:
        raise CorrectionError(
            f"“{said}”不是条款原文写的数", "数值只能改成原文写明的；原文本身有误，请改正文件后重新导入"
        )
    span, figure = found
    moved = replace(
        fact,
        evidence=Evidence(locator, span),
        surface=span.of(record.policy.text),
        value=figure.value,
        unit=figure.unit,
        bound=fields.get("bound") or figure.bound,
        sentence=_sentence(clause, span),
    )
    return _kinded(moved)


def _year(record: Record) -> int | None:
    """Return the year that dates without one belong to, as reading takes it."""
    date = record.policy.date or ""
    return int(date[:4]) if date[:4].isdigit() else None


def _printed_as(
    fact: Quantity, clause: Clause, fields: Mapping[str, str], year: int | None
) -> tuple[Span, Figure] | None:
    """Return the figure of the clause that has the wanted print and value, the nearest to the old one."""
    folded = fold(clause.text)
    found = []
    for figure in figures(folded.text, year):
        words = folded.text[figure.start : figure.end]
        alike = bare(fields["surface"]) == bare(words) if "surface" in fields else True
        same = _same(fields["value"], figure.value) if "value" in fields else True
        if alike and same:
            found.append((clause.locate(*folded.place(figure.start, figure.end)), figure))
    old = fact.evidence.span
    return min(found, key=lambda row: abs(row[0].start - old.start) if old else 0, default=None)


def _same(wanted: str, value: float | int | str) -> bool:
    if isinstance(value, str):
        return wanted == value
    try:
        return float(wanted) == float(value)
    except ValueError:
        return False


def _kinded(fact: Quantity) -> Quantity:
    """Return the figure under the kind that its role asks for."""
    figure = _read(fact.surface)
    return replace(fact, kind=figure_kind(figure, fact.role)) if figure else fact


def _read(words: str) -> Figure | None:
    """Return the figure that words are, when they are one and no more."""
    found = figures(bare(words))
    return found[0] if len(found) == 1 else None


def _measure(fact: Measure, fields: dict[str, Any], text: str) -> Measure:
    printed = (days(str(figure.value)) for figure in figures(bare(text)) if figure.unit == "date")
    dates = {day.isoformat() for period in printed for day in period if day}
    for name in ("valid_from", "valid_until"):
        if name in fields and (fields[name] or None) not in {*dates, None}:
            raise CorrectionError(
                f"“{fields[name]}”不是条款原文写的日期", "写成 2024-12-31 的样子，且原文写明"
            )
    dated: dict[str, Any] = {
        name: fields[name] or None for name in ("valid_from", "valid_until") if name in fields
    }
    return replace(fact, **(fields | dated))


def _reference(fact: Reference, fields: dict[str, Any]) -> Reference:
    number = fields.get("number")
    if number and parse_number(number) is None:
        raise CorrectionError(f"“{number}”不是文号", "写成 某政办〔2024〕5号 的样子")
    return replace(fact, **(fields | ({"number": number or None} if "number" in fields else {})))


def _text(record: Record, locator: str) -> str:
    """Return the words of a clause with its title and its lists; the closing paragraphs' for a part."""
    clause = next((c for c in record.policy.clauses if c.locator == locator), None)
    if clause is None:
        return "\n".join(p.text for p in record.policy.paragraphs if p.part == locator)
    return f"{clause.title}\n{clause.text}\n{clause.span.of(record.policy.text)}"


def _stands(record: Record, clause: Clause, words: str) -> Span | None:
    """Return where words stand in a clause, print lines aside; its running text comes before its lists."""
    wanted = bare(words)
    for text, start in _rooms(record, clause):
        folded = fold(text)
        kept = [i for i, char in enumerate(folded.text) if not char.isspace()]
        at = "".join(folded.text[i] for i in kept).find(wanted) if wanted else -1
        if at >= 0:
            first, last = folded.place(kept[at], kept[at + len(wanted) - 1] + 1)
            return clause.locate(first, last) if start is None else Span(start + first, start + last)
    return None


def _rooms(record: Record, clause: Clause) -> Iterator[tuple[str, int | None]]:
    """Yield a clause's running text, then all that it covers with the place where that begins."""
    yield clause.text, None
    yield clause.span.of(record.policy.text), clause.span.start


def _sentence(clause: Clause, span: Span) -> str:
    """Return the sentence of the clause's text that a span stands in."""
    folded = fold(clause.text)
    for start, end in sentences(folded.text):
        first, last = folded.place(start, end)
        if clause.locate(first, last).end >= span.end:
            return clause.text[first:last].strip()
    return ""
