"""Places side by side on one topic, as rows: each place's clause with its figures, or that it has none."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from qa import answers
from qa.answers.base import Inquiry, amount, cite, said, units_line, validity
from qa.answers.comparison import Side
from qa.kinds import kind_of
from qa.model import Amount, Answer, Citation, Validity
from qa.verify import verify

State = Literal["found", "silent", "not_held"]


@dataclass(frozen=True, slots=True)
class Row:
    """One place: `state` is silent where its documents say nothing, not_held where the store has none."""

    jurisdiction: str
    state: State
    words: str = ""
    citation: Citation | None = None
    amounts: tuple[Amount, ...] = ()
    lead_units: tuple[str, ...] = ()
    responsible_units: tuple[str, ...] = ()
    validity: Validity = answers.UNKNOWN


@dataclass(frozen=True, slots=True)
class Comparison:
    """A topic in several places, in the order asked; `kind` is what is asked of the clauses."""

    topic: str
    kind: str
    rows: tuple[Row, ...]


def compare(inquiry: Inquiry, places: Sequence[str]) -> Comparison:
    """Put the clauses of `places` on the question's topic side by side, by the machinery of the answers.

    Each row passes the answers' own gate by itself; one that does not is silent.
    """
    held = tuple(place for place in dict.fromkeys(places) if place in inquiry.corpus.jurisdictions)
    asked = replace(inquiry, question=replace(inquiry.question, jurisdictions=held))
    kind = kind_of(inquiry.question)
    found = answers.sides(asked, held)[0] if held else []
    rows = {side.place: _row(asked, side, kind) for side in found}
    return Comparison(
        topic=inquiry.question.text,
        kind=kind,
        rows=tuple(
            rows.get(place) or Row(place, "silent" if place in held else "not_held")
            for place in dict.fromkeys(places)
        ),
    )


def _row(inquiry: Inquiry, side: Side, kind: str) -> Row | None:
    text, selection = side.candidate.text, side.selection
    figures = [quantity for sentence in selection.sentences for quantity in sentence.quantities]
    words = units_line(text) if kind in ("lead", "responsible") and text.duties else said(selection)
    told = verify(
        Answer(
            question=inquiry.question.text,
            status="answered",
            answer=words,
            citations=(cite(text, selection.start, selection.end),),
            amounts=tuple(amount(quantity, text) for quantity in selection.figures),
            validity=validity(text, figures, inquiry.question.as_of),
        ),
        inquiry.corpus,
    )
    if told.status != "answered":
        return None
    return Row(
        jurisdiction=side.place,
        state="found",
        words=told.answer,
        citation=told.citations[0],
        amounts=told.amounts,
        lead_units=text.units("lead"),
        responsible_units=text.units("responsible"),
        validity=told.validity,
    )
