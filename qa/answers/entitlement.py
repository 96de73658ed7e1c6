"""Entitlement: what the asker's own figures come to under a clause, step by step.

Only figures of the question and of the clause enter. What the asker did not say and the clause
needs is asked for, not assumed.
"""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from graph.facts import Quantity
from qa.answers.base import Inquiry, amount, answer_from, caution, cite, place, pointers, validity
from qa.corpus import ClauseText
from qa.entitlement.given import Facts, read, words
from qa.entitlement.heads import heads
from qa.entitlement.matching import fits, relevant
from qa.entitlement.multiples import rates, rent
from qa.entitlement.offers import offers
from qa.entitlement.reckoning import Reckoning, yuan
from qa.entitlement.thresholds import decide
from qa.entitlement.tiers import fixed
from qa.entitlement.verdict import Decision
from qa.model import Answer
from qa.question import Question
from qa.retrieve import Candidate
from qa.select import Selection
from qa.text import display, plain

MAX_LENGTH = 350  # characters of the answer
_CAUTION = 45  # of them kept free for a warning: a draft, a measure that has ended
_CLOSING = "是否符合其他条件，以主管部门审核为准。"


def answer(inquiry: Inquiry, candidate: Candidate, others: list[Candidate]) -> Answer | None:
    """Work out what the asker gets under the candidate's clause; None when nothing can be worked out."""
    question, text = inquiry.question, candidate.text
    made = reckon(question, text)
    if made is not None:
        return _told(question, text, made, others)
    if question.asks("lead") or question.asks("responsible"):
        return None
    named = [] if question.told else [(place.start, place.end) for place in question.places]
    decision = decide(text, _facts(question), named)
    return _decided(question, text, decision, others) if decision else None


def _facts(question: Question) -> Facts:
    if question.told:
        return read(question.told)
    return read(question.plain, [(place.start, place.end) for place in question.places])


def reckon(question: Question, text: ClauseText) -> Reckoning | None:
    """Work out a sum from a clause's facts and the figures of a question, the way that uses most of them."""
    facts = relevant(_facts(question), plain(text.text))
    if not facts.asks or not (facts.figures or facts.asks_sum or facts.steps or facts.all_steps):
        return None
    found = offers(text)
    if not found:
        return None
    ways = [
        rent(found, facts),
        heads(found, facts),
        rates(found, facts),
        fixed(found, facts, plain(text.text)),
    ]
    made = [way for way in ways if way is not None]
    if len(made) < 2:
        return made[0] if made else None
    fitting = dict(zip((offer.quantity for offer in found), fits(facts.text, found), strict=True))
    return max(made, key=lambda way: _strength(way, fitting))


def _strength(made: Reckoning, fitting: dict[Quantity, float]) -> tuple[int, bool, float]:
    """Prefer the way that uses more of the asker's figures, comes to something, and fits the words best."""
    fit = max((fitting.get(quantity, 0.0) for quantity in made.used), default=0.0)
    return len(made.figures), made.total > 0, fit


def _told(question: Question, text: ClauseText, made: Reckoning, others: Sequence[Candidate]) -> Answer:
    """Put a sum into words, with the clause cited."""
    used = tuple(dict.fromkeys(made.used))
    said = _words(text, made, MAX_LENGTH - _CAUTION)
    selection = _selection(text, used, made.spoken)
    if selection is not None:
        base = answer_from(question, selection, said, figures=used, others=others)
        return replace(base, number=_number(made.total), steps=made.steps)
    valid = validity(text, used, question.as_of)
    return Answer(
        question=question.text,
        status="answered",
        answer="\n".join(filter(None, (said, caution(valid)))),
        citations=(cite(text),),
        lead_units=text.units("lead"),
        responsible_units=text.units("responsible"),
        support_units=text.units("support"),
        amounts=tuple(amount(quantity, text) for quantity in used),
        number=_number(made.total),
        steps=made.steps,
        validity=valid,
        related=pointers(others[:3], [text.key]),
    )


def _decided(question: Question, text: ClauseText, decision: Decision, others: Sequence[Candidate]) -> Answer:
    """Say yes or no, then the clause's own sentence."""
    sentence = decision.sentence
    start, end = sentence.start, sentence.end
    printed = display(text.text[start:end]).strip("；;，, ")
    head = f"{place(text)}：{decision.said}。"
    quoted = f"{'原文' if text.policy.verbatim else '内容'}：{printed}"
    closing = _CLOSING if decision.met else ""
    quoted += "" if quoted.endswith(("。", "！")) else "。"
    room = MAX_LENGTH - _CAUTION
    said = f"{head}{quoted}"
    if len(said + closing) <= room:
        said += closing
    elif len(said) > room:
        said = f"{said[: room - 1]}…"
    selection = Selection(text, (sentence,), decision.used, 1.0)
    base = answer_from(question, selection, said, figures=decision.used, others=others)
    return replace(base, steps=decision.steps)


def _words(text: ClauseText, made: Reckoning, room: int) -> str:
    """Say the result first, then each part, then what is missing."""
    name = place(text)
    most = "最多" if made.at_most else ""
    if made.total:
        head = f"{name}：{made.span}{most}{'合计' if made.several else '可得'}{yuan(made.total)}。"
    else:
        head = f"{name}：按您说的情况，达不到条件。"
    parts = [head]
    if made.lines:
        parts.append("；".join(made.lines) + "。")
    parts += [f"{line}。" for line in made.missed]
    if made.scope:
        parts.append(f"适用：{made.scope}。")
    parts += [f"{line}。" for line in made.asked]
    payer = next((q.payer for q in made.used if q.payer.startswith(words().list("clause.higher_payer"))), "")
    if payer:
        parts.append(f"资金来自{display(payer)}，以其审批为准。")
    elif made.total:
        parts.append(_CLOSING)
    return _shortened(parts, room)


def _shortened(parts: list[str], room: int) -> str:
    """Join the parts, leaving out the last ones where there is no room; the result always stays."""
    while len(parts) > 2 and len("".join(parts)) > room:
        parts = parts[:-1]
    joined = "".join(parts)
    return joined if len(joined) <= room else f"{joined[: room - 1]}…"


def _selection(text: ClauseText, used: Sequence[Quantity], spoken: Sequence[Quantity]) -> Selection | None:
    """Choose the sentences that hold the figures used and spoken of."""
    wanted = (*used, *spoken)
    kept = tuple(s for s in text.sentences if any(q in wanted for q in s.quantities)) or text.sentences
    return Selection(text, kept, tuple(used), 1.0) if kept else None


def _number(total: Fraction) -> int | float:
    return int(total) if total.denominator == 1 else round(float(total), 2)
