"""Of figures given side by side (甲级、乙级、丙级分别奖励…) the one that the question names."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from graph.facts import Quantity
from qa.figurewords import GIVEN, PERIODS, bounded
from qa.measure import wanted
from qa.question import Question
from qa.text import display, plain, words

_SURE = 0.9  # confidence that figure and recipient were read rightly


@dataclass(frozen=True, slots=True)
class _Label:
    """What a figure is for: recipient and condition, with their words."""

    figure: Quantity
    text: str
    words: frozenset[str]

    def named(self, question: str) -> float:
        """Return the share of the words that stand in `question`."""
        return sum(word in question for word in self.words) / max(1, len(self.words))

    def own(self, others: Collection["_Label"]) -> frozenset[str]:
        """Return the words that stand in no other label, nor inside a word there (技师 in 高级技师)."""
        return frozenset(word for word in self.words if not any(word in other.text for other in others))


def pinned(question: Question, figures: Sequence[Quantity]) -> str:
    """Say whom the figure is for that the question names, and how much; empty where it names none or several.

    A figure is named by a word that stands with no other figure, and no other's words are taken up as
    far. It must be one of a row: what is named outside of one is asked for together with others.
    """
    labels = [_label(figure) for figure in figures if figure.role in GIVEN]
    named = [
        label
        for label in labels
        if any(
            word in question.plain for word in label.own([other for other in labels if other is not label])
        )
    ]
    if len(named) != 1:
        return ""
    found, figure = named[0], named[0].figure
    units = wanted(question.plain)
    if figure.stage is None or figure.confidence < _SURE or (units and figure.unit not in units):
        return ""
    if any(o.named(question.plain) >= found.named(question.plain) for o in labels if o is not found):
        return ""
    return _said(figure, [o.figure for o in labels if o.figure.sentence == figure.sentence])


def _label(figure: Quantity) -> _Label:
    text = plain(f"{figure.recipient} {figure.condition}")
    return _Label(figure, text, frozenset(word for word in words(text) if len(word) > 1))


def _said(figure: Quantity, row: Sequence[Quantity]) -> str:
    """Say what tells a figure from those beside it, and how much: 乙级旅游民宿：一次性奖励10万元。"""
    apart = len({other.recipient for other in row if other.stage is not None}) > 1
    whom = display(figure.recipient if apart or not figure.condition else figure.condition)
    return f"{whom}：{PERIODS.get(figure.periodicity, '')}{GIVEN[figure.role]}{bounded(figure)}。"
