"""The lexical and the dense index, and both together as documents come and go."""

import functools
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.extract import extract
from graph.facts import Record
from ingest import parse, read
from qa import index
from qa.encoder import Encoder, load_encoder
from qa.entries import Entry, entries
from qa.index import Index, open_index
from qa.indexed import indexed
from qa.terms import tokens
from qa.text import plain, words
from tests.made_library import FOLDER

SOURCES = ("linjiang", "qingling", "songgang", "yunxi")
PLACES = {"linjiang": "临江区", "qingling": "青岭市", "songgang": "松岗区", "yunxi": "云溪县"}
QUERIES = ("技术改造补助", "首次纳入规模以上", "国有房屋租金", "冷藏车", "质量奖", "动漫企业启动资金")


@dataclass(frozen=True)
class Parts:
    """Folders as a draft or a generation of the store gives them."""

    folder: Path

    def part(self, name: str) -> Path:
        (self.folder / name).mkdir(parents=True, exist_ok=True)
        return self.folder / name


@functools.cache
def encoder() -> Encoder:
    return load_encoder()


@functools.cache
def record(source: str) -> Record:
    return extract(parse(read(FOLDER / f"{source}.txt")))


@functools.cache
def made_entries(source: str) -> tuple[Entry, ...]:
    return tuple(entries(record(source)))


def update(parts: Parts, *added: str, removed: Iterable[str] = ()) -> None:
    changed = {*added, *removed}
    fresh = [indexed(record(source), encoder()) for source in sorted(added)]
    index.update(parts, encoder(), changed=changed, added=fresh)


def vector(text: str):
    return encoder().encode([text])[0]


Found = dict[str, list[tuple[str, str, float]]]


def lexical_hits(opened: Index) -> Found:
    return {
        query: [
            (hit.source, hit.locator, round(hit.score, 4))
            for hit in opened.lexical.search([(query, 1.0)], limit=100)
        ]
        for query in QUERIES
    }


def dense_hits(opened: Index) -> Found:
    return {
        query: [
            (hit.source, hit.locator, round(hit.score, 5))
            for hit in opened.dense.search(vector(query), sources=None, limit=100)
        ]
        for query in QUERIES
    }


@pytest.fixture(scope="module", autouse=True, params=["files", "milvus"])
def door(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Every test here holds for either kind of index."""
    if request.param == "milvus":
        pytest.importorskip("pymilvus", reason="the extra milvus is not installed")
        index.choose(f"milvus:{tmp_path_factory.mktemp('server')}/index.db")
    yield request.param
    index.choose(None)


@pytest.fixture(scope="module")
def whole(door: str, tmp_path_factory: pytest.TempPathFactory) -> Index:
    """The indexes of all invented documents, made at once."""
    parts = Parts(tmp_path_factory.mktemp("whole"))
    update(parts, *SOURCES)
    return open_index(parts)


def every_entry() -> Iterator[Entry]:
    for source in SOURCES:
        yield from made_entries(source)


def test_entries_are_the_clauses_with_what_they_can_be_found_by() -> None:
    for source in SOURCES:
        clauses = {clause.locator: clause for clause in record(source).policy.clauses}
        for entry in made_entries(source):
            clause = clauses[entry.locator]
            assert (entry.source, entry.jurisdiction) == (source, PLACES[source])
            assert (entry.heading, entry.body) == (plain(clause.title), plain(clause.text))
            assert plain(record(source).policy.title) in entry.context
            assert entry.passages
            if entry.whole and entry.body:
                assert entry.body in entry.passages[0]
        assert {entry.locator for entry in made_entries(source)} >= {
            clause.locator for clause in clauses.values() if clause.text
        }


def test_terms_are_words_and_pairs() -> None:
    assert {"技术改造", "_技术", "_术改", "_改造"} <= set(tokens("技术改造"))
    assert tokens("，。") == []
    assert all(len(token.removeprefix("_")) > 1 for token in tokens("对企业给予5万元奖励"))


def test_every_clause_is_found_by_its_own_words(whole: Index) -> None:
    for entry in every_entry():
        text = entry.heading or entry.body
        first = whole.lexical.search([(text, 1.0)], limit=1)[0]
        assert (first.source, first.locator) == (entry.source, entry.locator)


def test_every_clause_is_found_by_its_own_meaning(whole: Index) -> None:
    for entry in every_entry():
        first = whole.dense.search(vector(entry.passages[0]), sources=None, limit=1)[0]
        assert (first.source, first.locator) == (entry.source, entry.locator)
        assert first.score == pytest.approx(1.0, abs=2e-3)


@pytest.mark.parametrize("query", QUERIES)
def test_hits_are_ranked_each_clause_once(whole: Index, query: str) -> None:
    for hits in (
        whole.lexical.search([(query, 1.0)], limit=100),
        whole.dense.search(vector(query), sources=None, limit=100),
    ):
        scores = [hit.score for hit in hits]
        assert scores == sorted(scores, reverse=True)
        keys = [(hit.source, hit.locator) for hit in hits]
        assert len(keys) == len(set(keys))


@pytest.mark.parametrize("source", SOURCES)
def test_a_search_keeps_within_places_and_documents(whole: Index, source: str) -> None:
    for query in QUERIES:
        everywhere = whole.lexical.search([(query, 1.0)], limit=100)
        own = [hit for hit in everywhere if hit.source == source]
        within = whole.lexical.search([(query, 1.0)], sources=[source], limit=100)
        place = whole.lexical.search([(query, 1.0)], jurisdictions=[PLACES[source]], limit=100)
        assert [hit.locator for hit in within] == [hit.locator for hit in own]
        assert within == place
        near = whole.dense.search(vector(query), sources=[source], limit=100)
        assert {hit.source for hit in near} == {source}


def test_nothing_is_found_in_places_and_documents_that_are_not_there(whole: Index) -> None:
    assert whole.lexical.search([("奖励", 1.0)], jurisdictions=["火星县"], limit=5) == []
    assert whole.lexical.search([("奖励", 1.0)], sources=[], limit=5) == []
    assert whole.dense.search(vector("奖励"), sources=["none"], limit=5) == []
    assert whole.dense.passages(vector("奖励"), "none", "正文/一") == []
    assert whole.dense.scores(vector("奖励"), [("none", "正文/一")]) == {}


def test_words_that_no_clause_holds_find_nothing(whole: Index) -> None:
    assert whole.lexical.search([("生育津贴", 1.0)], limit=5) == []
    assert whole.lexical.search([("？！", 1.0)], limit=5) == []
    assert whole.lexical.search([], limit=5) == []
    assert whole.lexical.frequency("生育津贴") == 0


def test_a_limit_holds(whole: Index) -> None:
    assert len(whole.lexical.search([("企业", 1.0)], limit=3)) == 3
    assert len(whole.dense.search(vector("企业"), sources=None, limit=3)) == 3


def test_a_frequency_is_the_number_of_clauses_that_hold_the_word(whole: Index) -> None:
    for word in ("技术改造", "冷藏车", "奖励"):
        held = sum(word in entry.body or word in entry.heading for entry in every_entry())
        assert whole.lexical.frequency(word) >= held
    assert whole.lexical.frequency("冷藏车") == 1
    for entry in every_entry():  # 启动 is held by 启动资金, though the cutter leaves that whole
        for word in words(entry.body):
            if len(word) == 4 and not word.isascii():
                assert whole.lexical.frequency(word[:2]) > 0
    assert whole.lexical.size == len(list(every_entry()))
    assert whole.dense.size == sum(len(entry.passages) for entry in every_entry())


def test_scores_and_passages_agree_with_the_search(whole: Index) -> None:
    asked = vector("购买设备给多少补助")
    found = {
        (hit.source, hit.locator): hit.score for hit in whole.dense.search(asked, sources=SOURCES, limit=100)
    }
    again = whole.dense.scores(asked, found)
    for key, score in found.items():
        assert again[key] == pytest.approx(score, abs=1e-5)
        assert max(whole.dense.passages(asked, *key)) == pytest.approx(score, abs=1e-5)


def test_the_exact_and_the_whole_search_agree(whole: Index) -> None:
    for query in QUERIES:
        here = whole.dense.search(vector(query), sources=SOURCES, limit=5)
        there = whole.dense.search(vector(query), sources=None, limit=5)
        assert [(h.source, h.locator) for h in here] == [(h.source, h.locator) for h in there]


def test_rows_have_length_one(whole: Index, tmp_path: Path) -> None:
    parts = Parts(tmp_path)
    update(parts, "yunxi")
    vectors, owners = open_index(parts).dense.rows("yunxi")
    assert owners == tuple(entry.locator for entry in made_entries("yunxi") for _ in entry.passages)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1.0, abs=2e-3)


steps = st.lists(
    st.tuples(st.sampled_from(["add", "remove"]), st.sets(st.sampled_from(SOURCES), min_size=1)), max_size=4
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps, last=st.sets(st.sampled_from(SOURCES), min_size=1))
def test_however_documents_came_and_went_the_results_are_those_of_what_is_there(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, set[str]]], last: set[str]
) -> None:
    moved, fresh = Parts(tmp_path_factory.mktemp("moved")), Parts(tmp_path_factory.mktemp("fresh"))
    held: set[str] = set()
    for action, sources in [*steps, ("add", last)]:
        if action == "add":
            update(moved, *sources)
            held |= sources
        else:
            update(moved, removed=sources)
            held -= sources
    update(fresh, *held)
    one, other = open_index(moved), open_index(fresh)
    assert (one.lexical.size, one.dense.size) == (other.lexical.size, other.dense.size)
    assert dense_hits(one) == dense_hits(other)
    for query in QUERIES:
        found = one.lexical.search([(query, 1.0)], limit=100)
        wanted = other.lexical.search([(query, 1.0)], limit=100)
        assert {(h.source, h.locator) for h in found} == {(h.source, h.locator) for h in wanted}


def test_adding_and_removing_a_document_leaves_scores_and_frequencies_as_they_were(tmp_path: Path) -> None:
    moved, fresh = Parts(tmp_path / "moved"), Parts(tmp_path / "fresh")
    update(fresh, "yunxi", "linjiang")
    update(moved, "yunxi", "linjiang")
    update(moved, "qingling", "songgang")
    update(moved, removed=["qingling", "songgang"])
    one, other = open_index(moved), open_index(fresh)
    assert dense_hits(one) == dense_hits(other)
    assert lexical_hits(one) == lexical_hits(other)
    for word in ("冷藏车", "奖励", "动漫"):
        assert one.lexical.frequency(word) == other.lexical.frequency(word)


def test_a_replaced_document_is_found_by_its_new_words_only(tmp_path: Path) -> None:
    parts = Parts(tmp_path)
    update(parts, "yunxi", "qingling")
    text = (FOLDER / "yunxi.txt").read_text("utf-8").replace("设备投资额", "软件采购款")
    changed = tmp_path / "new" / "yunxi.txt"
    changed.parent.mkdir()
    changed.write_text(text, "utf-8")
    fresh = indexed(extract(parse(read(changed))), encoder())
    index.update(parts, encoder(), changed={"yunxi"}, added=[fresh])
    opened = open_index(parts)
    assert opened.lexical.search([("软件采购款", 1.0)], limit=1)[0].locator == "正文/二"
    assert "设备投资额" not in " ".join(entry.body for entry in entries(extract(parse(read(changed)))))
    assert opened.lexical.size == len(made_entries("yunxi")) + len(made_entries("qingling"))


def test_an_index_of_nothing_is_empty_and_can_be_asked(tmp_path: Path) -> None:
    parts = Parts(tmp_path)
    update(parts, "yunxi")
    update(parts, removed=["yunxi"])
    opened = open_index(parts)
    assert (opened.lexical.size, opened.dense.size) == (0, 0)
    assert opened.lexical.search([("奖励", 1.0)], limit=5) == []
    assert opened.dense.search(vector("奖励"), sources=None, limit=5) == []
    assert opened.dense.search(vector("奖励"), sources=["yunxi"], limit=5) == []


def test_removing_what_is_not_there_changes_nothing(tmp_path: Path) -> None:
    parts = Parts(tmp_path)
    update(parts, "yunxi")
    before = lexical_hits(open_index(parts)), dense_hits(open_index(parts))
    update(parts, removed=["none"])
    assert (lexical_hits(open_index(parts)), dense_hits(open_index(parts))) == before


def test_words_of_titles_are_known_by_sound(whole: Index) -> None:
    words = {word for group in whole.sounds.values() for word in group}
    assert "质量奖" in words or "质量" in words
    assert "补贴" in words


def test_an_update_leaves_linked_files_of_an_older_generation_alone(tmp_path: Path) -> None:
    old, new = Parts(tmp_path / "old"), Parts(tmp_path / "new")
    update(old, "yunxi", "linjiang")
    before = {file: hashlib.sha256(file.read_bytes()).hexdigest() for file in files(old.folder)}
    found = lexical_hits(open_index(old)), dense_hits(open_index(old))
    for file in files(old.folder):
        link = new.folder / file.relative_to(old.folder)
        link.parent.mkdir(parents=True, exist_ok=True)
        link.hardlink_to(file)
    reader = open_index(old)
    update(new, "songgang", removed=["yunxi"])
    assert {file: hashlib.sha256(file.read_bytes()).hexdigest() for file in files(old.folder)} == before
    assert (lexical_hits(reader), dense_hits(reader)) == found
    assert (lexical_hits(open_index(old)), dense_hits(open_index(old))) == found
    assert {source for hits in dense_hits(open_index(new)).values() for source, *_ in hits} == {
        "linjiang",
        "songgang",
    }


def files(folder: Path) -> list[Path]:
    """Return the files below `folder`; locks of the index's writer hold nothing."""
    return sorted(p for p in folder.rglob("*") if p.is_file() and not p.name.endswith(".lock"))
