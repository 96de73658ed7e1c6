"""The measurement of growth: its notices are reproducible, and the product answers its questions."""

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from benchmarks.scale import making
from benchmarks.scale.asking import REGISTER, added, answers, bare
from benchmarks.scale.documents import notices
from benchmarks.scale.questions import KINDS, questions
from qa.library import Library
from ui.intake import ingest

COUNT = 6


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of a few notices."""
    folder = tmp_path_factory.mktemp("scale")
    (folder / "documents").mkdir()
    for notice in notices(COUNT, REGISTER):
        (folder / "documents" / f"{notice.source}.txt").write_text(notice.text, encoding="utf-8")
    ingest([folder / "documents"], folder / "store")
    return folder / "store"


def test_a_longer_row_of_notices_begins_with_the_shorter_one() -> None:
    assert list(notices(3, REGISTER)) == list(notices(5, REGISTER))[:3]


def test_another_seed_gives_other_notices() -> None:
    assert {n.place for n in notices(9, REGISTER, 1)} != {n.place for n in notices(9, REGISTER, 2)}


def test_every_question_is_answered_as_the_notices_say(store: Path) -> None:
    asked = questions(COUNT, REGISTER, seed=1, each=4)
    assert {each.kind for each in asked} == set(KINDS)
    rows, wrong = answers(Library.open(store), asked)
    assert wrong == []
    assert {kind: row["right"] for kind, row in rows.items()} == dict.fromkeys(KINDS, 1.0)


def test_the_engines_alone_are_searched_with_the_same_questions(store: Path) -> None:
    found = bare(store, ["设备更新补助给多少", "哪个单位牵头"])
    assert {name: row["asked"] for name, row in found.items()} == {"faiss": 2, "tantivy": 2, "both": 2}


def test_a_notice_more_is_answered_from_and_taken_out_again(store: Path) -> None:
    library = Library.open(store)
    before = {row.source for row in library.policies()}
    assert added(library, store, seed=1)["answered_s"] > 0
    assert {row.source for row in library.policies()} == before


def test_a_disk_that_is_too_small_stops_the_run_before_it_begins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=making.BYTES_A_NOTICE))
    with pytest.raises(SystemExit, match="not enough room"):
        making.make(tmp_path / "run", 2, seed=1)
    assert list((tmp_path / "run").iterdir()) == []
