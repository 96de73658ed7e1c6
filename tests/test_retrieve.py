"""Finding clauses: the right one first, within the places named, with evidence that can be read."""

import dataclasses
import functools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.storage.store import Store
from graph.units.matching import UnitMatcher
from qa.encoder import load_encoder
from qa.index import open_index
from qa.lexicon import intents, lexicon
from qa.places import PlaceFinder
from qa.presence import presence
from qa.question import Question, Reader, Term
from qa.retrieve import Candidate, Features, Retriever, in_named_document
from tests.made_library import made_corpus, made_store

PLACES = ("临江区", "青岭市", "松岗区", "云溪县")


@functools.cache
def opened() -> tuple[Reader, Retriever]:
    generation = Store.open(made_store()).generation
    assert generation is not None
    index = open_index(generation)
    reader = Reader(PlaceFinder(PLACES), UnitMatcher([]), lexicon(), intents(), index.sounds)
    return reader, Retriever(made_corpus(), index.lexical, index.dense, load_encoder())


def read(text: str) -> Question:
    return opened()[0].read(text)


def find(text: str, *places: str, limit: int = 20) -> list[Candidate]:
    return opened()[1].find(read(text), jurisdictions=places or None, limit=limit)


def every_clause() -> list[tuple[str, str]]:
    corpus = made_corpus()
    return [(source, locator) for source in corpus.heads for locator in corpus.clauses(source)]


@pytest.mark.parametrize(
    ("text", "place", "key"),
    [
        ("买设备搞技改能补几成", "云溪县", ("yunxi", "正文/二")),
        ("国资门面免多少房租", "云溪县", ("yunxi", "正文/三")),
        ("博士生活补贴", "云溪县", ("yunxi", "正文/四")),
        ("办电要几天", "云溪县", ("yunxi", "正文/五")),
        ("展位费补助", "临江区", ("linjiang", "第五条")),
        ("招大学生给多少", "临江区", ("linjiang", "第四条")),
        ("夜市外摆", "临江区", ("linjiang", "第六条")),
        ("动漫公司启动资金", "松岗区", ("songgang", "第一条")),
        ("拖拉机补贴", "青岭市", ("qingling", "正文/二")),
        ("冷藏车", "青岭市", ("qingling", "正文/三/（二）")),
        ("稻谷每亩补贴", "青岭市", ("qingling", "正文/四")),
    ],
)
def test_the_right_clause_comes_first(text: str, place: str, key: tuple[str, str]) -> None:
    assert find(text, place)[0].key == key


@pytest.mark.parametrize("key", every_clause(), ids="-".join)
def test_a_clause_is_found_by_its_own_sentence(key: tuple[str, str]) -> None:
    text = made_corpus().clause(*key)
    assert text is not None
    first = find(f"{text.jurisdiction}{text.entry.heading}{text.entry.body}", text.jurisdiction)[0]
    assert first.key == key


@pytest.mark.parametrize("place", PLACES)
def test_no_clause_of_another_place_comes_through(place: str) -> None:
    for text in ("技术改造补助", "首次上规奖励", "租金", "展位", "今天"):
        assert {candidate.text.jurisdiction for candidate in find(text, place)} <= {place}


def test_candidates_are_ranked_each_once_up_to_the_limit() -> None:
    for text in ("技术改造补助", "奖励", "企业", "随便问问"):
        found = find(text)
        assert [c.score for c in found] == sorted((c.score for c in found), reverse=True)
        assert len({c.key for c in found}) == len(found)
        assert [c.key for c in find(text, limit=3)] == [c.key for c in found[:3]]


@settings(max_examples=40, deadline=None)
@given(
    st.text(max_size=60)
    | st.lists(st.sampled_from(["云溪县", "技改", "补", "多少", "《办法》", "冷库", "，"])).map("".join)
)
def test_any_text_can_be_searched_for(text: str) -> None:
    for candidate in find(text):
        for name in (field.name for field in dataclasses.fields(Features)):
            assert -1.001 <= getattr(candidate.features, name) <= 1.001, name
        assert set(candidate.missing) <= set(read(text).terms)


def test_the_same_question_finds_the_same_clauses() -> None:
    assert find("技术改造补助") == find("技术改造补助")


def test_a_named_document_is_searched_alone() -> None:
    title = made_corpus().heads["songgang"].title
    found = find(f"《{title}》奖励多少")
    assert {c.text.policy.source for c in found} == {"songgang"}
    question = read(f"《{title}》奖励多少")
    assert all(in_named_document(question, c.text) for c in found)


def test_a_named_document_that_is_not_there_finds_what_else_there_is() -> None:
    assert find("《火星县开荒办法》奖励多少")


def test_missing_words_are_those_that_the_clause_lacks() -> None:
    candidate = find("云溪县冷藏车技术改造", "云溪县")[0]
    missing = {term.surface for term in candidate.missing}
    assert "冷藏车" in missing
    assert "技术改造" not in missing


def test_a_word_that_stands_nowhere_says_nothing_and_a_rare_one_most() -> None:
    retriever = opened()[1]
    rarity = {
        word: retriever.rarity(Term((word,), 1.0, 0)) for word in ("生育津贴", "企业", "补助", "冷藏车")
    }
    assert rarity["生育津贴"] == 0
    assert 0 < rarity["企业"] < rarity["补助"] < rarity["冷藏车"]
    assert retriever.rarity(Term(("冷藏车",), 0.5, 0)) == pytest.approx(rarity["冷藏车"] / 2)


def test_closeness_has_a_value_a_sentence() -> None:
    retriever = opened()[1]
    for source, locator in every_clause():
        text = made_corpus().clause(source, locator)
        assert text is not None
        values = retriever.closeness(read("技术改造补多少"), text)
        assert len(values) == len(text.sentences)
        assert all(-1.001 <= value <= 1.001 for value in values)


words = st.text(alphabet="技术改造补助房租减免", min_size=2, max_size=6)


@given(st.lists(words, min_size=1, max_size=3, unique=True), words, words)
def test_presence_is_a_share_and_grows_with_the_text(forms: list[str], text: str, more: str) -> None:
    term = Term(tuple(forms), 1.0, 0)
    assert 0 <= presence(term, text) <= presence(term, text + more) <= 1
    assert presence(term, f"{text}{forms[0]}{more}") == 1
    if len(forms) > 1 and forms[0] not in f"{text}{forms[1]}":
        assert 0.9 <= presence(term, f"{text}{forms[1]}") < 1
