"""How far a text holds a word of the topic: as typed, by an official form, in parts, or only behind a 非."""

import functools
from dataclasses import dataclass

from qa.question import Term
from qa.text import known_word, words

_APART = 0.85  # what a term counts whose words all stand in the text, but not together
_PARTIAL = 0.7  # what a term counts by the share of its words that the text holds
_OFFICIAL = 0.95  # what an official form counts where the asker's own word is missing
_OPPOSITE = 0.5  # what a word counts that stands only behind a 非
_NEGATION = "非"
_NOT = ("非", "没", "不", "未", "无")
_INNER = 2  # characters of a word inside another


@dataclass(frozen=True, slots=True)
class _Form:
    """One way to print a term: its words where it may stand in parts, and what all of them count."""

    text: str
    pieces: tuple[str, ...]
    apart: float


def presence(term: Term, text: str) -> float:
    """Return how far `text` holds `term`: 1 as typed, a little less by an official form, less in parts."""
    # Asked thousands of times a question: loops are written out, and the usual cases come first.
    forms = term.forms
    if forms[0] in text:
        return 1.0 if _NEGATION not in text or _affirmed(forms[0], text) else _denied(term, text)
    best = 0.0
    for form in forms[1:]:
        if form in text:
            if _NEGATION not in text or _affirmed(form, text):
                return _OFFICIAL
            best = _OPPOSITE * _OFFICIAL
    return best or _in_parts(_planned(forms), text)


def _affirmed(form: str, text: str) -> bool:
    """Tell whether a form stands in `text` other than behind a 非: 非国有 is not 国有."""
    return text.count(form) > text.count(_NEGATION + form)


def _denied(term: Term, text: str) -> float:
    """Weigh a term that stands as it was typed, but only behind a 非: its other forms may be affirmed."""
    best = _OPPOSITE
    for form in _planned(term.forms)[1:]:
        if form.text in text:
            if _affirmed(form.text, text):
                return _OFFICIAL
        elif form.pieces:
            best = max(best, _in_parts((form,), text))
    return best


def _in_parts(forms: tuple[_Form, ...], text: str) -> float:
    best = 0.0
    for form in forms:
        held = 0
        for piece in form.pieces:
            if piece in text:
                held += 1
        if held:
            best = max(best, form.apart if held == len(form.pieces) else _PARTIAL * (held / len(form.pieces)))
    return best


@functools.lru_cache(maxsize=16384)
def _planned(forms: tuple[str, ...]) -> tuple[_Form, ...]:
    return tuple(_form(index, form) for index, form in enumerate(forms))


def _form(index: int, form: str) -> _Form:
    found = _words_of(form) if index else pieces(form)
    if len(found) < 2 and (index or found in ((), (form,))):
        return _Form(form, (), 0.0)
    return _Form(form, found, _APART * min(1.0, sum(map(len, found)) / len(form)))


@functools.lru_cache(maxsize=16384)
def pieces(form: str) -> tuple[str, ...]:
    """Return the words that a form is made of; those inside it where the cutter takes it for one (租房子)."""
    cut = _words_of(form)
    if form.startswith(_NOT):
        return ()  # 没上市 is not 上市
    if cut != (form,) or len(form) < _INNER + 1:
        return cut
    inner = (form[at : at + _INNER] for at in range(len(form) - _INNER + 1))
    return tuple(piece for piece in inner if known_word(piece)) or cut


@functools.lru_cache(maxsize=16384)
def _words_of(form: str) -> tuple[str, ...]:
    return tuple(word for word in words(form) if len(word) > 1)
