"""One clause answers: what it gives, on which condition, until when, and who answers for it."""

from dataclasses import replace

from graph import shown
from graph.facts import Role
from qa.answers import contact
from qa.answers.base import (
    NO_LEAD,
    Inquiry,
    answer_from,
    caution,
    cite,
    cite_through,
    cite_units,
    place,
    pointers,
    said,
    units_line,
    validity,
    where,
)
from qa.answers.pinned import pinned
from qa.corpus import ClauseText
from qa.kinds import about_money, fitting
from qa.model import Answer
from qa.presence import presence
from qa.question import Question
from qa.retrieve import Candidate
from qa.select import Selection
from qa.text import display, plain

BUDGET = {
    "amount": 220,
    "deadline": 200,
    "target": 220,
    "lead": 120,
    "responsible": 120,
    "condition": 420,
    "content": 420,
}

_REPEATS = 4  # candidates among which repetitions are looked for
_STRONG, _HELD = 0.8, 0.9  # weight of a word that must be taken up; presence that takes it up
_KEYWORDS = 240  # characters that answer keywords: an operator reads while the caller waits
_ITEMS = 420  # characters of the items of a list that are said
_FAR = 0.5  # share of the best score below which a clause is about something else
_NAMES_UNITS = 0.12  # what naming units adds to a clause's score where units are asked for
_SAYS_UNITS = 0.4  # the same, where it holds as much of the topic as the best clause, which names none
_NO_AIM = 0.4  # what is taken off where an aim is asked for and only thresholds are said


def choose(inquiry: Inquiry, candidates: list[Candidate], kind: str) -> tuple[Candidate, Selection] | None:
    """Take the best candidate that says anything; where units are asked for, one that names some.

    A clause that the question names by its title goes before all others.
    """
    best: tuple[tuple[float, float], Candidate, Selection] | None = None
    budget = min(BUDGET[kind], _KEYWORDS) if in_keywords(inquiry.question) else BUDGET[kind]
    for candidate in candidates[:6]:
        chosen = inquiry.select(candidate, kind, budget)
        if chosen is None and kind in ("lead", "responsible") and candidate.text.duties:
            chosen = Selection(candidate.text, (), (), 0.0)  # a title with its units, and no text
        if chosen is None or candidate.score < _FAR * candidates[0].score:
            continue
        score, titled = candidate.score, candidate.features.titled
        if kind in ("lead", "responsible") and candidate.text.duties:
            whole = candidate.features.sentence >= candidates[0].features.sentence
            score += _SAYS_UNITS if whole and not candidates[0].text.duties else _NAMES_UNITS
        if kind == "target" and chosen.figures and all(q.role == "threshold" for q in chosen.figures):
            titled = 0.0  # what must be reached to be paid is no aim
            score -= _NO_AIM
        rank = (titled, score)
        if best is None or rank > best[0]:
            best = (rank, candidate, chosen)
    return (best[1], best[2]) if best else None


def answer(
    inquiry: Inquiry, candidate: Candidate, selection: Selection, kind: str, others: list[Candidate]
) -> Answer:
    """Say what the chosen clause says; an item of a list is said after the sentence that it continues."""
    question, text = inquiry.question, candidate.text
    if kind in ("lead", "responsible") and text.duties:
        return _units(inquiry, selection, kind, others)
    if (whole := _list_of(inquiry, candidate)) is not None:
        return _with_items(question, whole, others)
    if any(s.start < text.announced <= s.end for s in selection.sentences):
        return _with_items(question, selection, others)
    lead_in = _lead_in(inquiry, text)
    figures = selection.figures or (fitting(lead_in.figures, kind) if lead_in else ())
    if kind == "amount" and not figures and not _figured(selection, about_money(question)):
        return no_figure(question, selection, others)
    words = f"{display(lead_in.said) if lead_in else ''}{said(selection)}"
    if kind == "amount" and (one := pinned(question, figures)):
        words = f"{one}\n原文：{words}"
    words = f"{place(text)}：{words}"
    if question.asks("lead", "responsible"):
        words += f"\n{units_line(text)}"
    found = answer_from(question, selection, words, figures=figures, others=others)
    if lead_in is None:
        return found
    above = cite(lead_in.text, lead_in.start, lead_in.end)
    cited = (above, *found.citations) if figures and not selection.figures else (*found.citations, above)
    return replace(found, citations=cited)


def in_keywords(question: Question) -> bool:
    """Tell whether a question is a row of keywords, none of which asks for content or a list."""
    return " " in question.plain and not question.asks("content", "list", "condition")


def with_repeats(answer: Answer, candidate: Candidate, others: list[Candidate]) -> Answer:
    """Cite beside the clause those of the same document that say the same, once each."""
    if answer.status != "answered":
        return answer
    cited = {(c.source, c.locator) for c in answer.citations}
    repeats = [c for c in others[:_REPEATS] if c.key not in cited and c.repeats(candidate)]
    sentences = [(c.text, c.text.sentences[c.best]) for c in repeats]
    more = tuple(cite(text, sentence.start, sentence.end) for text, sentence in sentences)
    kept = tuple(p for p in answer.related if (p.source, p.locator) not in {c.key for c in repeats})
    return replace(answer, citations=(*answer.citations, *more), related=kept)


def _list_of(inquiry: Inquiry, candidate: Candidate) -> Selection | None:
    """Return the words above an item, where the question asks for other items of the list as well."""
    text = candidate.text
    parent = inquiry.corpus.clause(text.policy.source, text.clause.parent or "")
    if parent is None or not parent.announced or text.clause.title:
        return None
    siblings = [plain(item.text) for item in parent.items if item.locator != text.clause.locator]
    rarity = inquiry.rarity()
    lacking = [t for t in candidate.missing if rarity[t] and t.weight >= _STRONG]
    if not any(presence(term, sibling) >= _HELD for term in lacking for sibling in siblings):
        return None
    above = next(s for s in parent.sentences if s.start < parent.announced <= s.end)
    return Selection(parent, (above,), (), 1.0)


def _with_items(question: Question, selection: Selection, others: list[Candidate]) -> Answer:
    """Say a sentence that announces a list together with its items, cited as one run of the document."""
    text = selection.text
    shown: list[str] = []
    room = _ITEMS
    for item in text.items:
        words = display(item.text).strip("；;，,。 ")
        if len(words) > room and shown:
            break
        shown.append(words)
        room -= len(words)
    left = len(text.items) - len(shown)
    more = f"（另有{left}项，见原文）" if left else ""
    before = display(text.text[selection.start : text.announced])
    words = f"{place(text)}：{before}{'；'.join(shown)}。{more}"
    if question.asks("lead", "responsible"):
        words += f"\n{units_line(text)}"
    found = answer_from(question, selection, words, others=others)
    return replace(found, citations=(cite_through(text, selection.start, text.items[len(shown) - 1]),))


def _lead_in(inquiry: Inquiry, text: ClauseText) -> Selection | None:
    """Return the sentence of the clause above that the chosen clause continues, where it is an item."""
    above = inquiry.corpus.clause(text.policy.source, text.clause.parent or "")
    if above is None or text.lead_in is None:
        return None
    return Selection(above, (text.lead_in,), text.lead_in.quantities, 0.0)


def _figured(selection: Selection, money: bool) -> bool:
    """Tell whether what is said holds a figure at all; a sum or rate where money is asked."""
    figures = [q for sentence in selection.sentences for q in sentence.quantities]
    return any(not money or q.unit in ("CNY", "percent", "permille") for q in figures)


def _units(inquiry: Inquiry, selection: Selection, kind: str, others: list[Candidate]) -> Answer:
    question, text = inquiry.question, selection.text
    line = units_line(text)
    if kind == "lead" and not text.units("lead"):
        line = line if line.startswith(NO_LEAD) else f"{NO_LEAD}。{line}"
    words = f"{place(text)}{where(text)}：{line}"
    called = contact.phone(inquiry, text) if contact.wanted(question) else None
    if called is not None:
        words += f"\n电话：{called[2]}"
    found = answer_from(question, selection, words, figures=(), others=others)
    places = dict.fromkeys(duty.evidence.locator for duty in text.duties)
    elsewhere = [inquiry.corpus.clause(text.policy.source, p) for p in places if p != text.clause.locator]
    cited = tuple(cite_units(t) for t in elsewhere if t is not None)
    own = found.citations
    found = replace(found, citations=(*own, *cited) if text.written() else (*cited, *own))
    found = replace(found, sparql=shown.units_of_clause(*text.key))
    if called is not None:
        other, sentence, _ = called
        there = cite(other, sentence.start, sentence.end)
        kept = tuple(c for c in found.citations if (c.source, c.locator) != other.key)
        found = replace(found, citations=(there, *kept) if other.key == text.key else (*kept, there))
    if question.asks("count"):
        role: Role = "lead" if kind == "lead" else "responsible"
        query = shown.units_of_clause(*text.key, (role,))
        found = replace(found, number=len(text.units(role)), sparql=query)
    return found


def no_figure(question: Question, selection: Selection, others: list[Candidate]) -> Answer:
    """Say that the document takes the topic up without the figure asked for."""
    text = selection.text
    valid = validity(text, text.quantities, question.as_of)
    words = (
        f"{place(text)}{where(text)}提到了这件事，但没有写明具体数额或标准：{said(selection)}"
        f"\n具体标准请向有关单位咨询。{units_line(text)}"
    )
    return Answer(
        question=question.text,
        status="no_figure",
        answer="\n".join(filter(None, (words, caution(valid)))),
        citations=(cite(text, selection.start, selection.end),),
        lead_units=text.units("lead"),
        responsible_units=text.units("responsible"),
        support_units=text.units("support"),
        validity=valid,
        related=pointers(others[:3], [text.key]),
    )
