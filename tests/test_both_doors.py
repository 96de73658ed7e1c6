"""Index on Milvus and graph on Virtuoso at once: the answers of a folder, and all or nothing of a publish."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from unittest.mock import patch

import pytest

from graph.quadstores.client import GraphUnreachable, Place
from qa import index
from qa.library import Library
from tests.doors import environment
from tests.milvus_lite import free_port, running
from tests.served import fetch, served
from tests.test_elsewhere import ASKED, TEXTS
from tests.virtuoso import clear
from ui.intake import ingest, remove, roll_back
from ui.wire import answer_json

pytest.importorskip("pymilvus", reason="the extra milvus is not installed")


@pytest.fixture(scope="module")
def milvus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    port = free_port()
    with running(tmp_path_factory.mktemp("milvus"), port):
        yield f"milvus:http://127.0.0.1:{port}"


@pytest.fixture
def both(server: Place, milvus: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """Both servers, chosen for this process."""
    clear(server)
    index.choose(milvus)
    with environment(monkeypatch, server):
        yield server
    index.choose(None)


@pytest.fixture(autouse=True, scope="module")
def bare() -> Iterator[None]:
    """Stores hold the documents of the test alone."""
    with patch("graph.knowledge.bundled", return_value=()):
        yield


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("papers")
    for source, text in TEXTS.items():
        (folder / f"{source}.txt").write_text(text, "utf-8")
    return sorted(folder.glob("*.txt"))


@pytest.fixture(scope="module")
def by_step(papers: list[Path], tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, dict]]:
    """What a store in a folder answers after each step of its life."""
    return list(life(papers, tmp_path_factory.mktemp("folder") / "store"))


def life(papers: list[Path], store: Path) -> Iterator[dict[str, dict]]:
    """Let a store live: documents come, one goes, an older state returns. Yield its answers each time."""
    ingest(papers[:4], store)
    yield answers(store)
    name = Library.open(store).generation
    ingest(papers[4:], store)
    yield answers(store)
    remove(papers[0].stem, store)
    yield answers(store)
    roll_back(name, store)
    yield answers(store)


def answers(store: Path) -> dict[str, dict]:
    """What is told to the questions about the documents held, by their id."""
    library = Library.open(store)
    held = {head.source for head in library.policies()}
    return {row["id"]: told(library, row) for row in ASKED if row["id"].partition("-")[0] in held}


def told(library: Library, row: dict) -> dict:
    """An answer without its time and without the clauses that are merely near."""
    answer = library.ask(row["question"], context=row["context"], as_of=date.fromisoformat(row["as_of"]))
    found = json.loads(answer_json(answer))
    near = ("answer", "reading") if answer.status == "no_basis" else ()  # a refusal names what is nearest
    return {name: value for name, value in found.items() if name not in ("elapsed_ms", "related", *near)}


def test_every_step_of_a_life_is_answered_as_from_a_folder(both, papers, by_step, tmp_path):
    kinds = {row["id"]: row["kind"] for row in ASKED}
    for found, wanted in zip(life(papers, tmp_path / "store"), by_step, strict=True):
        assert found.keys() == wanted.keys()
        differ = [kinds[name] for name in found if found[name] != wanted[name]]
        assert len(differ) <= 1, "words are weighed a little otherwise: see docs/scaling.md"
        assert not {"list_by_unit", "count"} & set(differ), "the graph is the same, word for word"


def test_a_publish_that_one_server_refuses_leaves_both_at_the_state_before(
    both, papers, tmp_path, monkeypatch
):
    ingest(papers[:4], tmp_path)
    before = answers(tmp_path)
    gone = Place(both.query, "http://127.0.0.1:9/data", both.user, both.password)
    with environment(monkeypatch, gone), pytest.raises(GraphUnreachable):
        ingest(papers[4:], tmp_path)
    assert answers(tmp_path) == before
    ingest(papers[4:], tmp_path)
    after = answers(tmp_path)
    assert after != before


def test_a_service_on_both_takes_up_what_is_published(both, milvus, papers, tmp_path):
    ingest(papers[:1], tmp_path)
    (source,) = (path.stem for path in papers[1:2])
    row = next(row for row in ASKED if row["kind"] == "list_by_unit" and row["id"].startswith(source))
    asked = {"question": row["question"], "as_of": row["as_of"]}
    with served("ui.cli", "serve", "--port", "0", "--store", str(tmp_path), ZHENGWEN_INDEX=milvus) as site:
        assert fetch(f"{site}/api/v1/ask", data=asked).json["status"] == "no_basis"
        ingest(papers[1:2], tmp_path)
        assert fetch(f"{site}/api/v1/ask", data=asked).json["status"] == "answered"
        assert fetch(f"{site}/readyz").status == 200
