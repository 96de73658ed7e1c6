"""A store of invented documents, made once a session, and what tests of answers have in common."""

import atexit
import functools
import json
import re
import shutil
import tempfile
import unicodedata
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

from graph.storage.store import Store
from qa.corpus import Corpus
from qa.library import Library
from qa.model import Answer
from ui.intake import ingest

FOLDER = Path(__file__).parent / "made_policies"
AS_OF = date(2024, 10, 1)  # after every invented document, before the end of the last period
OWN_QUESTIONS = Path(__file__).parent.parent / "benchmarks" / "questions" / "county.jsonl"
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_ITEM = re.compile(r"(?m)^\d+\. ")
HOTLINE = 12345.0


@functools.cache
def made_store() -> Path:
    """Ingest the invented documents into a store of their own; removed when the process ends."""
    folder = Path(tempfile.mkdtemp(prefix="zhengwen-made-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    with patch("graph.knowledge.bundled", return_value=()):
        report = ingest([FOLDER], folder / "store")
    assert {row.outcome for row in report.rows} == {"added"}
    return folder / "store"


@functools.cache
def made_library() -> Library:
    """Open the store of the invented documents."""
    return Library.open(made_store())


@functools.cache
def made_corpus() -> Corpus:
    """Read the documents of that store clause by clause."""
    generation = Store.open(made_store()).generation
    assert generation is not None
    return Corpus(generation)


def ask(question: str, *context: str, as_of: date | None = AS_OF) -> Answer:
    """Ask the invented documents."""
    return made_library().ask(question, context=context, as_of=as_of)


def rows(path: Path) -> list[dict[str, Any]]:
    """Read a file of JSON lines."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line]


@functools.cache
def answers_to(store: Path, questions: Path) -> tuple[tuple[dict[str, Any], Answer], ...]:
    """Ask a whole question file; each row with its answer."""
    library = Library.open(store)
    return tuple(
        (
            row,
            library.ask(
                row["question"],
                context=tuple(row.get("context") or ()),
                as_of=date.fromisoformat(row["as_of"]) if row.get("as_of") else None,
            ),
        )
        for row in rows(questions)
    )


def squeeze(text: str) -> str:
    """Drop white space and fold width: written here anew, apart from the program's own."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def numbers(text: str) -> set[float]:
    """Return the Arabic numbers of `text` by value."""
    return {float(found) for found in _NUMBER.findall(squeeze(text))}


def loose_figures(answer: Answer, texts: Mapping[str, str]) -> set[float]:
    """Return the numbers of an answer that stand neither in what it cites, asks or works out.

    Simpler than `qa.verify` and apart from it; `texts` are the documents by source.
    """
    grounds = [answer.question, *answer.steps]
    for citation in answer.citations:
        grounds += [citation.quote, citation.locator, citation.title, citation.policy, citation.number or ""]
        if answer.validity.note in squeeze(texts[citation.source]) or _period_of(answer, texts):
            grounds.append(answer.validity.note)
        if "成文日期" in answer.answer:  # said of the document as such
            grounds.append(squeeze(texts[citation.source])[-400:] + texts[citation.source][:600])
    for pointer in answer.related if answer.status == "no_basis" else ():
        grounds += [pointer.locator, pointer.title]
    allowed = set().union(*map(numbers, grounds))
    said = "\n".join(_ITEM.sub("", line) for line in answer.answer.splitlines())
    found = numbers(said) - allowed
    return found - {HOTLINE} if answer.status == "no_basis" else found


def _period_of(answer: Answer, texts: Mapping[str, str]) -> bool:
    """Tell whether the written period in the note stands in a cited document."""
    period = squeeze(answer.validity.note).partition(":")[2].rstrip("。")
    return bool(period) and any(period in squeeze(texts[c.source]) for c in answer.citations)
