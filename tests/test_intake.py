"""Documents come, change and go: graph, indexes and answers follow, and readers are never disturbed."""

import functools
import hashlib
from datetime import date
from pathlib import Path

import pytest

from graph.export import export
from graph.knowledge import bundled
from graph.sparql import select
from graph.storage.store import Store, StoreBusy, StoreError
from ingest.model import DocumentError
from qa.encoder import load_encoder
from qa.library import Library
from qa.model import Answer
from tests.made_library import AS_OF, FOLDER
from ui.intake import ingest, remove, start

QUESTION = "云溪县技术改造最多补多少钱"


CACHED = functools.cache(load_encoder)


@pytest.fixture(autouse=True)
def quick(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Small stores and one model: what is bundled is left out but where a test is about it."""
    monkeypatch.setattr("ui.intake.indexing.load_encoder", CACHED)
    monkeypatch.setattr("qa.library.load_encoder", CACHED)
    if "bundled" not in request.node.name:
        monkeypatch.setattr("graph.knowledge.bundled", tuple)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two of the invented documents."""
    made = tmp_path / "documents"
    made.mkdir()
    for name in ("yunxi.txt", "linjiang.txt"):
        (made / name).write_bytes((FOLDER / name).read_bytes())
    return made


@pytest.fixture
def store(tmp_path: Path, folder: Path) -> Path:
    ingest([folder], tmp_path / "store")
    return tmp_path / "store"


def outcomes(paths: list[Path], store: Path) -> dict[str, str]:
    return {row.name: row.outcome for row in ingest(paths, store).rows}


def ask(store: Path, question: str = QUESTION, as_of: date = AS_OF) -> Answer:
    return Library.open(store).ask(question, as_of=as_of)


def rows(store: Path, query: str) -> list[tuple[str | None, ...]]:
    generation = Store.open(store).generation
    assert generation is not None
    return list(select(generation, query).rows)


def surfaces(store: Path) -> set[str | None]:
    """Every figure as printed, by SPARQL, without knowing how it is modelled."""
    return {value for (value,) in rows(store, "SELECT DISTINCT ?o { ?s ?p ?o FILTER(isLiteral(?o)) }")}


def sources(store: Path) -> list[str | None]:
    return sorted(row[0] or "" for row in rows(store, "SELECT ?s { ?p pol:source ?s }"))


def everything(folder: Path) -> bytes:
    """All bytes of both indexes in the current generation; words once learnt by sound may stay."""
    name = (folder / "CURRENT").read_text("utf-8").strip()
    return b"".join(
        path.read_bytes()
        for path in sorted((folder / "generations" / name).rglob("*"))
        if path.parent.name in ("lexical", "dense")
    )


def rewrite(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


def test_what_is_new_is_added_with_its_counts(tmp_path: Path, folder: Path) -> None:
    report = ingest([folder], tmp_path / "store")
    assert [(row.source, row.name, row.outcome) for row in report.rows] == [
        ("linjiang", "linjiang.txt", "added"),
        ("yunxi", "yunxi.txt", "added"),
    ]
    assert [row.clauses for row in report.rows] == [6, 7]
    assert all(row.duties and row.quantities for row in report.rows)
    assert report.failed == ()
    assert sources(tmp_path / "store") == ["linjiang", "yunxi"]


def test_a_document_fed_twice_is_unchanged(store: Path, folder: Path) -> None:
    before = (store / "CURRENT").read_text("utf-8")
    report = ingest([folder], store)
    assert {row.outcome for row in report.rows} == {"unchanged"}
    assert (store / "CURRENT").read_text("utf-8") == before == f"{report.generation}\n"


def test_fed_twice_in_one_call_it_is_taken_once(tmp_path: Path, folder: Path) -> None:
    file = folder / "yunxi.txt"
    assert outcomes([file, file, folder], tmp_path / "s") == {"yunxi.txt": "added", "linjiang.txt": "added"}


def test_a_changed_document_is_replaced_everywhere(store: Path, folder: Path) -> None:
    assert "70万元" in ask(store).answer
    assert "70万元" in surfaces(store)
    rewrite(folder / "yunxi.txt", "70万元", "83万元")
    assert outcomes([folder], store) == {"yunxi.txt": "replaced", "linjiang.txt": "unchanged"}
    answer = ask(store)
    assert "83万元" in answer.answer
    assert "70万元" not in answer.answer
    assert "70万元" not in {amount.surface for amount in answer.amounts}
    assert "83万元" in surfaces(store)
    assert "70万元" not in surfaces(store)
    assert sources(store) == ["linjiang", "yunxi"]


def test_a_changed_topic_is_found_by_its_new_words_and_not_by_the_old(store: Path, folder: Path) -> None:
    rewrite(folder / "yunxi.txt", "技术改造", "网络直播")
    ingest([folder], store)
    library = Library.open(store)
    assert library.ask("云溪县网络直播补助多少", as_of=AS_OF).citations[0].locator == "正文/二"
    assert library.ask(QUESTION, as_of=AS_OF).status == "no_basis"
    hits = library.search("技术改造", jurisdiction="云溪县")
    assert not any("技术改造" in hit.snippet + hit.title for hit in hits)


def test_what_is_removed_is_gone_everywhere(store: Path) -> None:
    assert remove("yunxi", store).rows[0].outcome == "removed"
    assert sources(store) == ["linjiang"]
    assert "70万元" not in surfaces(store)
    assert "县统计局" not in surfaces(store)
    library = Library.open(store)
    assert library.jurisdictions() == ["临江区"]
    assert [row.source for row in library.policies()] == ["linjiang"]
    assert library.clause("yunxi", "正文/二") is None
    assert library.unit("县统计局") is None
    for question in (QUESTION, "技术改造补助多少", "博士生活补贴", "县统计局牵头哪些"):
        assert "yunxi" not in {c.source for c in library.ask(question, as_of=AS_OF).citations}
        assert "yunxi" not in {hit.source for hit in library.search(question)}
    generation = Store.open(store).generation
    assert generation is not None
    assert "云溪县" not in "".join(export(generation, "nq")) + "".join(export(generation, "jsonl"))
    current = everything(store)
    for words in ("安全生产事故", "云溪县人民政府"):
        assert words.encode() not in current


def test_removing_and_feeding_again_gives_the_same_answers(store: Path, folder: Path) -> None:
    questions = (QUESTION, "技术改造补助多少", "县统计局牵头哪些", "临江区首次升规的工业企业奖多少")
    library = Library.open(store)
    before = [library.ask(question, as_of=AS_OF) for question in questions]
    remove("yunxi", store)
    assert outcomes([folder], store) == {"yunxi.txt": "added", "linjiang.txt": "unchanged"}
    library.refresh()
    after = [library.ask(question, as_of=AS_OF) for question in questions]
    assert [(a.answer, a.citations, a.number) for a in before] == [
        (a.answer, a.citations, a.number) for a in after
    ]


def test_removing_what_is_not_there_is_an_error_and_changes_nothing(store: Path) -> None:
    before = (store / "CURRENT").read_text("utf-8")
    with pytest.raises(StoreError):
        remove("none", store)
    assert (store / "CURRENT").read_text("utf-8") == before


def test_a_bad_file_is_reported_and_the_rest_goes_on(tmp_path: Path, folder: Path) -> None:
    (folder / "a-empty.txt").write_bytes(b"")
    (folder / "b-broken.pdf").write_bytes(b"%PDF-1.7 no more than this")
    (folder / "z-broken.docx").write_bytes(b"PK\x03\x04 nothing")
    report = ingest([folder], tmp_path / "store")
    assert {row.name: row.outcome for row in report.rows} == {
        "a-empty.txt": "failed",
        "b-broken.pdf": "failed",
        "linjiang.txt": "added",
        "yunxi.txt": "added",
        "z-broken.docx": "failed",
    }
    assert {row.name for row in report.failed} == {"a-empty.txt", "b-broken.pdf", "z-broken.docx"}
    assert all(row.error for row in report.failed)
    assert sources(tmp_path / "store") == ["linjiang", "yunxi"]


def test_a_bad_file_does_not_hide_the_same_document_in_another_format(tmp_path: Path, folder: Path) -> None:
    (folder / "yunxi.docx").write_bytes(b"PK\x03\x04 nothing")
    ingest([folder], tmp_path / "store")
    assert sources(tmp_path / "store") == ["linjiang", "yunxi"]


def test_a_file_that_has_gone_bad_leaves_what_was_read_before(store: Path, folder: Path) -> None:
    (folder / "yunxi.txt").write_bytes(b"")
    assert outcomes([folder], store)["yunxi.txt"] == "failed"
    assert "70万元" in ask(store).answer


def test_a_file_that_may_not_be_opened_is_reported(store: Path, folder: Path) -> None:
    (folder / "away.txt").symlink_to(folder / "nowhere.txt")
    report = ingest([folder], store)
    assert {row.name: row.outcome for row in report.rows if row.name != "away.txt"} == {
        "linjiang.txt": "unchanged",
        "yunxi.txt": "unchanged",
    }
    assert all(row.outcome == "failed" for row in report.rows if row.name == "away.txt")


def test_a_path_that_is_not_there_is_an_error(store: Path, folder: Path) -> None:
    with pytest.raises(DocumentError):
        ingest([folder, folder / "none.txt"], store)


def test_two_files_of_the_same_source(tmp_path: Path, folder: Path) -> None:
    other = folder / "below" / "yunxi.txt"
    other.parent.mkdir()
    other.write_bytes((FOLDER / "songgang.txt").read_bytes())
    report = ingest([folder], tmp_path / "store")
    mine = [row for row in report.rows if row.name == "yunxi.txt"]
    assert sorted(row.outcome for row in mine) == ["added", "failed"]
    [failed] = report.failed
    assert "yunxi" in failed.error
    assert sources(tmp_path / "store") == ["linjiang", "yunxi"]


def test_a_side_file_gives_the_second_one_a_name_of_its_own(tmp_path: Path, folder: Path) -> None:
    other = folder / "below" / "yunxi.txt"
    other.parent.mkdir()
    other.write_bytes((FOLDER / "songgang.txt").read_bytes())
    other.with_suffix(".toml").write_text('source = "songgang-2"\n', "utf-8")
    assert ingest([folder], tmp_path / "store").failed == ()
    assert sources(tmp_path / "store") == ["linjiang", "songgang-2", "yunxi"]


def test_two_side_files_of_the_same_source(tmp_path: Path, folder: Path) -> None:
    for name in ("yunxi", "linjiang"):
        (folder / f"{name}.toml").write_text('source = "one"\n', "utf-8")
    assert sorted(row.outcome for row in ingest([folder], tmp_path / "store").rows) == ["added", "failed"]


def test_an_original_named_by_its_side_file_takes_the_place_of_what_is_bundled(
    tmp_path: Path, folder: Path
) -> None:
    (folder / "yunxi.toml").write_text('source = "shangjie"\n', "utf-8")
    ingest([folder], tmp_path / "store")
    state = {row.source: row.verbatim for row in Library.open(tmp_path / "store").policies()}
    assert state["shangjie"] is True


def test_one_document_in_two_formats_is_read_once(tmp_path: Path, folder: Path) -> None:
    (folder / "yunxi.html").write_text("<html><body><p>别的内容，不该读进来。</p></body></html>", "utf-8")
    report = ingest([folder], tmp_path / "store")
    assert {row.name: row.outcome for row in report.rows} == {
        "linjiang.txt": "added",
        "yunxi.txt": "added",
        "yunxi.html": "skipped",
    }
    assert "70万元" in ask(tmp_path / "store").answer


def test_a_side_file_changes_what_is_known_of_an_unchanged_document(store: Path, folder: Path) -> None:
    (folder / "yunxi.toml").write_text('title = "另一个标题"\nstatus = "repealed"\n', "utf-8")
    assert outcomes([folder], store)["yunxi.txt"] == "replaced"
    row = {row.source: row for row in Library.open(store).policies()}["yunxi"]
    assert (row.title, row.status) == ("另一个标题", "repealed")


def test_a_document_with_a_side_file_fed_twice_is_unchanged(store: Path, folder: Path) -> None:
    (folder / "yunxi.toml").write_text('title = "另一个标题"\n', "utf-8")
    ingest([folder], store)
    assert outcomes([folder], store)["yunxi.txt"] == "unchanged"


def test_a_side_file_taken_away_no_longer_counts(store: Path, folder: Path) -> None:
    side = folder / "yunxi.toml"
    side.write_text('status = "repealed"\n', "utf-8")
    ingest([folder], store)
    side.unlink()
    ingest([folder], store)
    row = {row.source: row for row in Library.open(store).policies()}["yunxi"]
    assert row.status == "issued"


def test_an_empty_folder_is_no_error(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    assert ingest([empty], tmp_path / "store").rows == ()


def test_an_empty_folder_leaves_a_store_as_it_was(store: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    before = (store / "CURRENT").read_text("utf-8")
    assert ingest([empty], store).rows == ()
    assert (store / "CURRENT").read_text("utf-8") == before


def test_progress_tells_every_file_and_the_end(tmp_path: Path, folder: Path) -> None:
    told: list[tuple[int, int, str]] = []
    ingest([folder], tmp_path / "store", progress=lambda *step: told.append(step))
    assert told == [(0, 2, "linjiang.txt"), (1, 2, "yunxi.txt"), (2, 2, "")]


def test_an_open_library_answers_on_during_a_publish_and_moves_on_when_asked(
    store: Path, folder: Path
) -> None:
    library = Library.open(store)
    before = library.generation
    said: list[str] = []

    def meanwhile(*_: object) -> None:
        said.append(library.ask(QUESTION, as_of=AS_OF).answer)

    rewrite(folder / "yunxi.txt", "70万元", "83万元")
    report = ingest([folder], store, progress=meanwhile)
    said.append(library.ask(QUESTION, as_of=AS_OF).answer)
    assert len(said) == 4
    assert all("70万元" in words for words in said)
    assert library.generation == before != report.generation
    assert library.refresh() is True
    assert library.generation == report.generation
    assert "83万元" in library.ask(QUESTION, as_of=AS_OF).answer
    assert library.refresh() is False


def test_a_library_outlives_several_publishes_and_a_removal(store: Path, folder: Path) -> None:
    library = Library.open(store)
    first = library.ask(QUESTION, as_of=AS_OF)
    for figure in ("81万元", "82万元", "83万元"):
        text = (FOLDER / "yunxi.txt").read_text("utf-8").replace("70万元", figure)
        (folder / "yunxi.txt").write_text(text, "utf-8")
        ingest([folder], store)
        again = library.ask(QUESTION, as_of=AS_OF)
        assert (again.answer, again.citations) == (first.answer, first.citations)
    remove("yunxi", store)
    assert library.ask(QUESTION, as_of=AS_OF).answer == first.answer
    library.refresh()
    assert "yunxi" not in {c.source for c in library.ask(QUESTION, as_of=AS_OF).citations}


def test_an_older_generation_is_left_byte_for_byte(store: Path, folder: Path) -> None:
    name = (store / "CURRENT").read_text("utf-8").strip()
    old = store / "generations" / name
    library = Library.open(store)  # holds it, as a service would
    before = {p: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(old.rglob("*")) if p.is_file()}
    rewrite(folder / "yunxi.txt", "70万元", "83万元")
    ingest([folder], store)
    remove("linjiang", store)
    after = {p: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(old.rglob("*")) if p.is_file()}
    assert after == before
    assert library.generation == name


def test_a_second_writer_is_told_and_changes_nothing(store: Path, folder: Path) -> None:
    before = (store / "CURRENT").read_text("utf-8")
    with Store.open(store).write(), pytest.raises(StoreBusy):
        ingest([folder], store)
    assert (store / "CURRENT").read_text("utf-8") == before


def test_a_failure_halfway_leaves_the_old_state(
    store: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (store / "CURRENT").read_text("utf-8")
    rewrite(folder / "yunxi.txt", "70万元", "83万元")

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("a defect, for the tests")

    monkeypatch.setattr("qa.index.update", broken)
    with pytest.raises(RuntimeError, match="a defect"):
        ingest([folder], store)
    assert (store / "CURRENT").read_text("utf-8") == before
    assert "70万元" in ask(store).answer


def test_start_makes_an_empty_store_ready_with_what_is_bundled(tmp_path: Path) -> None:
    name = start(tmp_path / "store")
    assert sources(tmp_path / "store") == sorted(record.policy.source for record in bundled())
    assert start(tmp_path / "store") == name
    answer = ask(tmp_path / "store", "鲁山县小升规首次入库奖励多少", date(2022, 7, 15))
    assert answer.status == "answered"
    assert "5万元" in answer.answer
    assert not any(citation.verified or citation.quote for citation in answer.citations)
    assert answer.citations[0].gist


def test_an_original_takes_the_place_of_what_is_bundled_and_keeps_its_gists(
    tmp_path: Path, shared: Path
) -> None:
    store = tmp_path / "store"
    start(store)
    gists = {record.policy.source: {gist.locator for gist in record.gists} for record in bundled()}
    assert outcomes([shared / "corpus" / "shangjie.txt"], store) == {"shangjie.txt": "replaced"}
    library = Library.open(store)
    state = {row.source: row.verbatim for row in library.policies()}
    assert state == {source: source == "shangjie" for source in gists}
    for locator in gists["shangjie"]:
        view = library.clause("shangjie", locator)
        assert view is not None, locator
        assert view.gist
        assert view.clause.text or view.clause.title


def test_a_first_ingest_brings_what_is_bundled_along(tmp_path: Path, folder: Path) -> None:
    ingest([folder], tmp_path / "store")
    wanted = {"linjiang", "yunxi", *(record.policy.source for record in bundled())}
    assert set(sources(tmp_path / "store")) == wanted
