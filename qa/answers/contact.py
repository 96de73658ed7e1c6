"""The telephone number that a document prints for a clause: in the clause, else for one of its units."""

import re

from qa.answers.base import Inquiry
from qa.corpus import ClauseText, Sentence
from qa.question import Question
from qa.text import plain

_ASKED = re.compile("电话|号码|热线")
_PHONE = re.compile(r"(?<![\d.-])(?:0\d{2,3}-)?\d{7,8}(?![\d.-])")


def wanted(question: Question) -> bool:
    """Tell whether a number to call is asked for."""
    return _ASKED.search(question.plain) is not None


def phone(inquiry: Inquiry, text: ClauseText) -> tuple[ClauseText, Sentence, str] | None:
    """Return where a number to call stands, and the number; None where the document prints none for it.

    Outside the clause a number counts only in a sentence that names one of the clause's units.
    """
    if not text.policy.verbatim:
        return None
    units = [plain(duty.unit) for duty in text.duties]
    for other in (text, *inquiry.corpus.clauses(text.policy.source).values()):
        for sentence in other.sentences:
            found = _PHONE.search(sentence.plain)
            if found and (other.key == text.key or any(unit in sentence.plain for unit in units)):
                return other, sentence, found.group()
    return None
