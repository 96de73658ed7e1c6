"""Invented questions: the official phrase of a sentence said the everyday way.

Lay questions over county policies exist nowhere to train on, so they are made: a phrase list written for
this project tells how people say what officials write, and sentences of the training text that hold the
official phrase become questions about themselves.
"""

import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

SENTENCE = re.compile(r"[^。；\n]+[。；]?")
CLAUSE = re.compile(r"[^，。；：、！？\n（）()《》“”]+")
BEFORE = ("", "", "", "请问", "我想问", "我们", "我是", "现在", "县里", "咱们这儿", "听说")
AFTER = (
    "",
    "",
    "吗",
    "怎么办",
    "有补贴吗",
    "有什么政策",
    "有什么规定",
    "怎么申请",
    "能给多少",
    "归谁管",
    "找哪个部门",
)


@dataclass(frozen=True, slots=True)
class Term:
    """Everyday variants and the official variants they stand for."""

    everyday: tuple[str, ...]
    official: tuple[str, ...]


def read_terms(path: Path) -> tuple[Term, ...]:
    """Read the phrase list: two tab-separated columns, variants set apart by ``|``, remarks after ``#``."""
    terms = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            everyday, official = line.split("\t")
            terms.append(Term(tuple(everyday.split("|")), tuple(official.split("|"))))
    return tuple(terms)


def synonym_pairs(terms: Iterable[Term]) -> Iterator[tuple[str, str]]:
    """Yield (everyday, official) for every two variants of a term."""
    for term in terms:
        for everyday in term.everyday:
            for official in term.official:
                yield everyday, official


def invent_questions(
    terms: Sequence[Term], paragraphs: Iterable[str], limit: int, rng: random.Random
) -> Iterator[tuple[str, str]]:
    """Yield (question, sentence) for sentences of `paragraphs` that hold official phrases.

    Each official phrase is used in at most `limit` paragraphs, so frequent ones do not crowd out the rest;
    a paragraph gives at most two questions.
    """
    owners: dict[str, list[Term]] = {}
    for term in terms:
        for official in term.official:
            owners.setdefault(official, []).append(term)
    # Longest first: 失业保险稳岗返还 before 稳岗返还.
    finder = re.compile("|".join(sorted(map(re.escape, owners), key=lambda text: (-len(text), text))))
    used = dict.fromkeys(owners, 0)
    for paragraph in paragraphs:
        found = [phrase for phrase in dict.fromkeys(finder.findall(paragraph)) if used[phrase] < limit]
        for phrase in rng.sample(found, min(2, len(found))):
            used[phrase] += 1
            # A long paragraph names many things in passing: the sentence is what the question is about.
            sentence = rng.choice([found[0] for found in SENTENCE.finditer(paragraph) if phrase in found[0]])
            yield _question(sentence, phrase, rng.choice(owners[phrase]), rng), sentence


def _question(sentence: str, phrase: str, term: Term, rng: random.Random) -> str:
    clauses = [found[0] for found in CLAUSE.finditer(sentence) if phrase in found[0]]
    clause = rng.choice(clauses) if clauses else phrase
    before, _, after = clause.partition(phrase)
    # A few words of context, cut where the writer did not cut: people do not quote.
    before = before[max(0, len(before) - rng.randint(2, 10)) :] if rng.random() < 0.7 else ""
    after = after[: rng.randint(2, 10)] if rng.random() < 0.7 else ""
    return f"{rng.choice(BEFORE)}{before}{rng.choice(term.everyday)}{after}{rng.choice(AFTER)}"
