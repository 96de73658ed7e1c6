"""The last gate: every quotation and every figure against the stored text, or it does not go out.

A check that cannot run counts as failed. A figure may stand in a quotation of the answer, in the
question, or be what a step works out of such figures; for knowledge without text, in the clause's
facts and the editor's gist.
"""

import functools
import re
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

from qa.corpus import Corpus
from qa.model import Answer, Citation
from qa.said import Figure, figures, stands
from qa.text import display, plain

HOTLINE = "12345"  # the government service hotline, named when nothing else helps
_ENUMERATION = re.compile(r"(?m)^\d+\. ")
_HALVED = re.compile(r"÷ 2(?= =.*减半)")  # the 2 of 减半收取 stands in the clause as a word
_WORKED_OUT = re.compile(r"=([^=+×÷→>，,；;（(]*)")


def verify(answer: Answer, corpus: Corpus) -> Answer:
    """Return the answer with each citation's `verified` set; fall back to a bare quotation if a figure fails.

    A citation whose quote does not stand at its place is dropped; an answer that loses the one it
    stands on, or says a figure from nowhere, is replaced by the words of what is left, or refused.
    Amounts that no quotation holds are dropped.
    """
    checked = tuple(_checked(citation, corpus) for citation in answer.citations)
    kept = tuple(citation for citation in checked if citation.verified or _without_text(citation, corpus))
    stood = kept[:1] == checked[:1]
    answer = replace(answer, citations=kept)
    answer = replace(answer, amounts=tuple(a for a in answer.amounts if _held(a.surface, answer, corpus)))
    if stood and not unfounded(answer, corpus):
        return answer
    quotes = "\n".join(display(citation.quote) for citation in kept[:2] if citation.quote)
    if stood and quotes:
        return replace(answer, answer=quotes, number=None, steps=(), sparql="")
    return replace(
        answer,
        status="no_basis",
        answer="没有找到能核对的依据，不作回答。",
        citations=(),
        lead_units=(),
        responsible_units=(),
        support_units=(),
        amounts=(),
        number=None,
        steps=(),
        sparql="",
    )


def unfounded(answer: Answer, corpus: Corpus) -> list[Figure]:
    """Return the figures of the answer, its steps and its number that stand in none of the places allowed."""
    said = _ENUMERATION.sub("", answer.answer)
    if answer.status == "no_basis":
        said = _without(said, (name for p in answer.related for name in (p.locator, p.title)))
        return [f for f in figures([said.replace(HOTLINE, "")]) if f not in figures([answer.question])]
    said = _without(said, (name for citation in answer.citations for name in _names(citation, corpus)))
    grounds = _Grounds(answer, corpus)
    loose = []
    for step in answer.steps:
        results = figures(match.group(1) for match in _WORKED_OUT.finditer(step))
        loose += [
            f
            for f in figures([_WORKED_OUT.sub("=", _HALVED.sub("", step))])
            if not _counted(f, answer) and not grounds.hold(f)
        ]
        grounds.worked_out |= results
    loose += [f for f in figures([said]) if not _counted(f, answer) and not grounds.hold(f)]
    if answer.number is not None and not _numbered(answer, grounds):
        loose.append(Figure(Fraction(str(answer.number)), ""))
    return loose


class _Grounds:
    """The figures that an answer may say; the texts are read when the first is looked for.

    A list of a whole county cites hundreds of clauses, and says nothing but its count.
    """

    def __init__(self, answer: Answer, corpus: Corpus) -> None:
        self._answer, self._corpus = answer, corpus
        self.worked_out: set[Figure] = set()

    @functools.cached_property
    def _printed(self) -> set[Figure]:
        return figures(_grounds(self._answer, self._corpus))

    def hold(self, figure: Figure) -> bool:
        """Tell whether a figure stands in what is cited or asked, or comes of a step."""
        return stands(figure, self.worked_out) or stands(figure, self._printed)

    def money(self, value: Fraction) -> bool:
        """Tell whether a sum of money stands there, or comes of a step."""
        return any(f.value == value and f.unit == "元" for f in (*self.worked_out, *self._printed))


def _checked(citation: Citation, corpus: Corpus) -> Citation:
    policy = corpus.policy(citation.source)
    if policy is None or not citation.quote or citation.start is None or citation.end is None:
        return replace(citation, verified=False)
    inside = 0 <= citation.start < citation.end <= len(policy.text)
    return replace(citation, verified=inside and policy.text[citation.start : citation.end] == citation.quote)


def _without_text(citation: Citation, corpus: Corpus) -> bool:
    """A citation of bundled knowledge has no quotation; its gist must be the stored one."""
    policy = corpus.policy(citation.source)
    text = corpus.clause(citation.source, citation.locator)
    return (
        not citation.quote
        and policy is not None
        and not policy.verbatim
        and text is not None
        and citation.gist == text.gist
    )


def _grounds(answer: Answer, corpus: Corpus) -> Iterable[str]:
    """Yield the texts in which a figure of the answer may stand."""
    yield from (answer.question, answer.validity.note)
    for citation in answer.citations:
        yield citation.quote
        if not citation.quote:
            yield citation.gist
            yield from _facts(citation, corpus)


def _facts(citation: Citation, corpus: Corpus) -> Iterable[str]:
    """Yield, for knowledge without text, the printed figures of the clause's facts and its phrases."""
    text = corpus.clause(citation.source, citation.locator)
    for quantity in text.quantities if text else ():
        yield from (quantity.surface, quantity.condition, quantity.recipient)


def _held(surface: str, answer: Answer, corpus: Corpus) -> bool:
    return any(plain(surface) in plain(words) for words in _grounds(answer, corpus))


def _counted(figure: Figure, answer: Answer) -> bool:
    """The count of clauses or units that `number` carries or, for several units, a part of it (共 3 项)."""
    if figure.unit not in ("项", "条", "家") or figure.value is None or answer.number is None:
        return False
    if answer.number > len(answer.citations):  # a sum of money, not a count of what is cited
        return False
    several = len(answer.lead_units) + len(answer.responsible_units) > 1
    return figure.value == answer.number or (several and 0 < figure.value < answer.number)


def _numbered(answer: Answer, grounds: _Grounds) -> bool:
    """The number is a count of what is cited, or a sum that a step works out or a quotation holds."""
    value = Fraction(str(answer.number))
    if value in (len(answer.lead_units), len(answer.responsible_units)):
        return True
    return (value.denominator == 1 and value <= len(answer.citations)) or grounds.money(value)


def _names(citation: Citation, corpus: Corpus) -> Iterable[str]:
    """Yield what a citation goes by: its locator and title, and its document's title, number and date."""
    policy = corpus.policy(citation.source)
    yield from (citation.locator, citation.title, citation.policy, citation.number or "")
    yield (policy.date or "") if policy else ""


def _without(text: str, names: Iterable[str]) -> str:
    """Take names out of a text: their numbers are no figures. The longest first: 正文/一 opens 正文/一/2."""
    forms = {form for name in set(names) for form in (name, display(name))} - {""}
    for form in sorted(forms, key=lambda form: (-len(form), form)):
        text = text.replace(form, "")
    return text
