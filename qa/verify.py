"""The last gate: every quotation and every figure against the stored text, or it does not go out.

A check that cannot run counts as failed. Figures may stand in a quotation, in the clause's locator,
in a title or document number, in a worked-out step whose own figures stand there, or in the question.
"""

import re
from collections.abc import Iterable
from dataclasses import replace

from ingest.numerals import to_int
from qa.corpus import Corpus
from qa.model import Answer, Citation
from qa.text import plain

_NUMBER = re.compile(
    r"\d+(?:[.,:：/]\d+)*[%‰]?|百分之[一二三四五六七八九十百零点]+|[一二三四五六七八九十百千万两]+(?=(?:万|亿)?元)"
)
_ENUMERATION = re.compile(r"(?m)^\d+\. ")


def verify(answer: Answer, corpus: Corpus) -> Answer:
    """Return the answer with each citation's `verified` set; fall back to a bare quotation if a figure fails.

    Citations whose quote does not stand at its place are dropped; an answer that loses the first
    one, or says a figure from nowhere, is replaced by the clause itself.
    """
    checked = tuple(_checked(citation, corpus) for citation in answer.citations)
    kept = tuple(citation for citation in checked if citation.verified or not citation.quote)
    answer = replace(answer, citations=kept)
    if not unfounded(answer, corpus):
        return answer
    quotes = "\n".join(plain(citation.quote) for citation in kept[:2] if citation.quote)
    if kept and quotes:
        return replace(answer, answer=quotes, number=None, steps=())
    return replace(
        answer,
        status="no_basis",
        answer="没有找到能核对的依据，不作回答。",
        citations=(),
        amounts=(),
        number=None,
        steps=(),
    )


def _checked(citation: Citation, corpus: Corpus) -> Citation:
    policy = corpus.policy(citation.source)
    if policy is None or not citation.quote or citation.start is None or citation.end is None:
        return replace(citation, verified=False)
    return replace(citation, verified=policy.text[citation.start : citation.end] == citation.quote)


def unfounded(answer: Answer, corpus: Corpus) -> list[str]:
    """Return the figures of the answer's text that stand in none of the places allowed."""
    if answer.status == "no_basis":
        allowed = _figures(
            [answer.question, *(p.locator for p in answer.related), *(p.title for p in answer.related)]
        )
        return [figure for figure in _figures([answer.answer]) if figure not in allowed and figure != "12345"]
    grounds = [answer.question, answer.validity.note, *answer.steps]
    for citation in answer.citations:
        grounds += [citation.quote, citation.locator, citation.title, citation.policy, citation.number or ""]
        policy = corpus.policy(citation.source)
        grounds.append((policy.date or "") if policy else "")
        if not citation.quote:
            grounds += [citation.gist, *_facts(citation, corpus)]
    allowed = _figures(grounds)
    return [figure for figure in _figures([_ENUMERATION.sub("", answer.answer)]) if figure not in allowed]


def _facts(citation: Citation, corpus: Corpus) -> Iterable[str]:
    """For knowledge without text: the printed figures of the clause's facts."""
    text = corpus.clause(citation.source, citation.locator)
    return (quantity.surface for quantity in text.quantities) if text else ()


def _figures(texts: Iterable[str]) -> set[str]:
    return {_canonical(match.group()) for text in texts for match in _NUMBER.finditer(plain(text))}


def _canonical(figure: str) -> str:
    if figure[0].isdigit() or figure.startswith("百分之"):
        return figure.replace("：", ":").replace(",", "")
    try:
        return str(to_int(figure))
    except ValueError:
        return figure
