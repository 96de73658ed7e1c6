"""Example questions: as a person asks, of several kinds, every one answered by the store that shows it."""

import re
from pathlib import Path

import pytest

from graph.storage.store import Store
from qa.examples import LIMIT
from qa.library import Library
from tests.made_library import made_library
from ui.intake import ingest

KINDS = ("多少|几个月", "找哪个单位", "有效吗", "哪些事项", "怎么")


def _hold(library: Library) -> None:
    places = library.jurisdictions()
    for place in (None, *places):
        made = library.examples(place)
        assert len(made) <= LIMIT
        assert len(set(made)) == len(made)
        for question in made:
            answer = library.ask(question)
            assert answer.status == "answered", question
            assert answer.citations, question
            if place is not None:
                assert {c.jurisdiction for c in answer.citations} == {place}, question
        kinds = [next(kind for kind in KINDS if re.search(kind, question)) for question in made]
        assert kinds.count("哪些事项") <= 1, made
        for question in made:
            assert len(question) <= 45, question
            assert not re.search(r"[，、]{2}|^[，。、]|\d", question), question


def test_invented_documents() -> None:
    library = made_library()
    _hold(library)
    made = library.examples()
    assert len(made) == LIMIT
    assert sum(any(re.search(kind, question) for question in made) for kind in KINDS) >= 4
    assert made is library.examples(), "made once a generation"


def test_the_five(five_store: Path) -> None:
    library = Library.open(five_store)
    _hold(library)
    assert len(library.examples()) == LIMIT
    named = {place for place in library.jurisdictions() for q in library.examples() if place in q}
    assert len(named) >= 3, "of several places"
    for place in library.jurisdictions():
        assert len(library.examples(place)) >= 2, place


def test_national_documents(shared: Path, tmp_path: Path) -> None:
    folder = shared / "corpus-national"
    if not folder.is_dir():
        pytest.fail(f"{folder} is missing")
    some = sorted(path for path in folder.rglob("*.txt"))[::12]
    ingest(some, tmp_path / "store")
    library = Library(Store.open(tmp_path / "store"), None)
    _hold(library)
    assert library.examples()
    assert library.examples("没有这个地方") == ()
