"""Answers, units and rows as plain text for a terminal."""

from collections.abc import Iterable, Iterator, Sequence
from unicodedata import east_asian_width

from qa.model import Answer, Citation
from qa.text import display
from qa.views import UnitView
from ui import words

_LABEL = 10  # columns, as wide as four Chinese characters and a gap


def width(text: str) -> int:
    """Return the number of terminal columns that `text` takes."""
    return sum(2 if east_asian_width(c) in "WF" else 1 for c in text)


def answer_lines(answer: Answer) -> Iterator[str]:
    """Yield an answer as a person reads it: answer, units, validity, clause word for word, its place."""
    yield answer.answer.replace("**", "")
    if answer.steps:
        yield ""
        yield from _labelled("算法", answer.steps)
    if answer.choices:
        yield ""
        yield from _labelled("可选", ["、".join(answer.choices)])
    if answer.lead_units or answer.responsible_units or answer.citations:
        yield ""
    if answer.lead_units or len(answer.citations) == 1:
        yield from _labelled("牵头单位", [words.listed(answer.lead_units) or words.NO_LEAD])
    if answer.responsible_units:
        yield from _labelled("责任单位", [words.listed(answer.responsible_units)])
    if answer.support_units:
        yield from _labelled("配合单位", [words.listed(answer.support_units)])
    if answer.citations:
        yield from _labelled("有效性", [words.validity_line(answer.validity)])
    for citation in answer.citations:
        yield ""
        yield from _citation(citation)
    if answer.related:
        yield ""
        label = "相关条款" if answer.citations else "最接近的条款（不是依据）"
        yield label
        for pointer in answer.related:
            yield f"  {pointer.source} {pointer.locator} {pointer.title}".rstrip()


def _citation(citation: Citation) -> Iterator[str]:
    number = f"（{citation.number}）" if citation.number else ""
    yield from _labelled("依据", [f"《{citation.policy}》{number}"])
    yield from _labelled("位置", [f"{citation.locator} {citation.title}".rstrip()])
    if citation.quote:
        yield from _labelled("原文", ["“" + display(citation.quote) + "”"])
    elif citation.gist:
        yield from _labelled("要点", [f"{citation.gist}（{words.GIST}，本库未收原文）"])


def _labelled(label: str, lines: Iterable[str]) -> Iterator[str]:
    head = label + " " * (_LABEL - width(label))
    for line in lines:
        for piece in line.splitlines() or [""]:
            yield head + piece
            head = " " * _LABEL


def unit_lines(view: UnitView) -> Iterator[str]:
    """Yield a unit with the complete list of what it leads and answers for, with counts."""
    yield view.name
    others = [name for name in view.names if name != view.name]
    if others:
        yield from _labelled("又写作", ["、".join(others)])
    for role, word in words.ROLES.items():
        rows = [duty for duty in view.duties if duty.role == role]
        if rows:
            yield ""
            yield f"{word} {len(rows)} 条"
            yield from table([(d.source, d.locator, d.title) for d in rows], indent="  ")


def table(rows: Sequence[Sequence[str]], *, indent: str = "") -> Iterator[str]:
    """Yield rows with their columns aligned, the last one left ragged."""
    if not rows:
        return
    widths = [max(width(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        cells = [cell + " " * (wide - width(cell)) for cell, wide in zip(row, widths, strict=True)]
        yield (indent + "  ".join(cells)).rstrip()
