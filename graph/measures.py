"""Sentences that give, ask or allow: incentive, task or rule; who may claim; from when until when."""

import re
from collections.abc import Sequence
from functools import cache

from graph.facts import Evidence, Measure, MeasureKind, Quantity
from graph.figures.frames import frames, gives
from graph.figures.site import GIVEN, party_of
from graph.figures.text import fold, sentences
from graph.figures.topics import LED, is_party, split_topic, subject_end
from graph.figures.words import any_of, has, pattern
from graph.periods import days, document_period
from graph.validity import State, ends_measure, validity_at
from ingest.model import Clause

__all__ = ["State", "document_period", "measures", "validity_at"]

_GIVEN = (*GIVEN, "tax_threshold")


def measures(clause: Clause, quantities: Sequence[Quantity]) -> tuple[Measure, ...]:
    """Return the measures of a clause, one for each sentence that gives, asks or allows something.

    `quantities` are the clause's own figures; a written period among those of a sentence becomes
    the measure's `valid_from` and `valid_until` (ISO 8601, whole days).
    """
    folded = fold(clause.text)
    result = []
    for start, end in sentences(folded.text):
        sentence = folded.text[start:end]
        first, last = folded.place(start, end)
        span = clause.locate(first, last)
        inside = [q for q in quantities if q.evidence.span and span.start <= q.evidence.span.start < span.end]
        kind = measure_kind(sentence, inside)
        if kind is None:
            continue
        period = next((q for q in inside if ends_measure(q)), None)
        begin, until = days(str(period.value)) if period else (None, None)
        interval = period is not None and "/" in str(period.value)
        result.append(
            Measure(
                evidence=Evidence(clause.locator, span),
                kind=kind,
                audience=_audience(folded.text, start, end, inside) if kind == "incentive" else "",
                valid_from=begin.isoformat() if begin and interval else None,
                valid_until=until.isoformat() if until else None,
                validity_evidence=period.evidence if period else None,
            )
        )
    return tuple(result)


def measure_kind(sentence: str, figures: Sequence[Quantity]) -> MeasureKind | None:
    """Return what a sentence is: someone may claim it, a unit must do it, or a rule holds.

    None for a sentence that does none of these (a heading, a description).
    """
    if any(figure.role in _GIVEN for figure in figures):
        return "incentive"
    if re.match("所需|[^，。]{0,12}(?:资金|经费)[^，。]{0,12}(?:承担|负担|分担|解决|列支)", sentence):
        return "rule"
    stern = has(sentence, "measures", "stern")
    offers = has(_named().sub("▢", sentence), "measures", "incentive") and not _about_work(sentence)
    if offers and not stern:
        return "incentive"
    if has(sentence, "measures", "rule") or _ASKED.search(sentence):
        return "rule"
    if has(sentence, "measures", "task"):
        return "task"
    return "rule" if has(sentence, "measures", "sets") and re.search(r"\d", sentence) else None


# 资金使用单位应建立专账: what a claimant must do is a rule; what a department must do is a task.
_ASKED = re.compile("(?:单位|企业|机构|申请人|人员|个人|主体|者|家庭|对象)应(?:当|该)?(?![用急收对届纳缴税])")


@cache
def _named() -> re.Pattern[str]:
    """奖补资金, 补贴对象: an offer that is only named."""
    return re.compile(f"(?:{any_of('give', 'nouns')})(?:{any_of('measures', 'named')})")


def _about_work(sentence: str) -> bool:
    """Tell a task that merely names benefits (落实减税降费政策, 加大奖励力度) from an offer."""
    if re.search(
        "(?:给予|予以|可(?:以)?(?:申请|享受|按)|免收|免征|减半|按[^，。]{0,30}(?:补贴|补助|奖励))", sentence
    ):
        return False
    if re.match("[^，。]{2,12}(?:部门|机关|[局委办]|政府|乡镇|街道)(?:要|应|负责)", sentence):
        return True
    return pattern("measures", "work").match(sentence) is not None


def _party_in(recipient: str) -> str:
    """Return `recipient` up to the last party that it names; '' when it names none."""
    if is_party(recipient):
        return recipient
    ends = [match.end() for match in pattern("recipients", "subjects").finditer(recipient)]
    return recipient[: ends[-1]] if ends else ""


def _audience(text: str, start: int, end: int, figures: Sequence[Quantity]) -> str:
    """Return who may claim, from the frame of giving or from the figures' recipients."""
    named = next((_party_in(q.recipient) for q in figures if q.recipient and q.role in _GIVEN), "")
    if named:
        return named
    for frame in frames(text, start, end):
        if gives(text[frame.predicate : frame.end]):
            party = _party_in(party_of(frame).recipient)
            if party:
                return party
    match = re.search(
        "(?:对|向|为|允许)([^，；。]{2,30}?)(?:给予|发放|提供|实行|实施|免|在|优先)", text[start:end]
    )
    if match and is_party(match[1]):
        return match[1]
    return _subject(text[start:end])


def _subject(sentence: str) -> str:
    """Return the party that a sentence opens with (困难职工可申请…, 支持企业参加…); '' when with none."""
    opening = re.split("[，；。：]", sentence)[0]
    if LED.match(opening):
        return _party_in(split_topic(opening).recipient)
    topic = re.sub("^(?:对|凡|其中)", "", opening)
    return topic[: subject_end(topic)]
