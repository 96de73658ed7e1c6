"""The word lists as they are, and as they are used: everyday words, kinds of question, typing errors."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data import path
from qa.lexicon import Lexicon, Phrase, intents, lexicon, mend, sounds
from qa.text import known_word, pinyin, plain

LISTS = tomllib.loads(path("lexicon", "intents.toml").read_text("utf-8"))
ENTRIES = tomllib.loads(path("lexicon", "synonyms.toml").read_text("utf-8"))["entry"]
SOUNDS = sounds(lexicon().vocabulary())
pieces = st.sampled_from(
    [word for entry in ENTRIES[:80] for word in (*entry["official"], *entry["everyday"])]
    + ["多少", "哪个局", "吗", "，", " ", "补帖", "a", "5万"]
)
texts = st.one_of(st.lists(pieces, max_size=8).map("".join), st.text(max_size=60)).map(plain)


@pytest.mark.parametrize("name", sorted(name for name in LISTS if LISTS[name].get("words")))
def test_every_listed_word_shows_its_kind(name: str) -> None:
    for word in map(plain, LISTS[name]["words"]):
        assert intents().is_word(name, word), word
        assert intents().has(name, word), word


@given(texts)
def test_hits_stand_in_the_text(text: str) -> None:
    for spans in intents().find(text).values():
        assert all(0 <= start < end <= len(text) for start, end in spans)
    for start, end, name in intents().listed(text):
        assert intents().is_word(name, text[start:end])


@pytest.mark.parametrize(
    ("text", "kind", "not_kind"),
    [
        ("多少个工作日办完", "deadline", "amount"),
        ("有多少家企业", "count", "amount"),
        ("能拿多少钱", "amount", "count"),
        ("哪个局牵头", "lead", "responsible"),
        ("要什么条件", "condition", "amount"),
        ("责任单位有哪些", "responsible", "lead"),
        ("还有效吗", "validity", "amount"),
    ],
)
def test_a_longer_word_goes_before_its_parts(text: str, kind: str, not_kind: str) -> None:
    found = intents().find(text)
    assert kind in found
    assert not_kind not in found


def test_every_everyday_word_leads_to_its_official_terms() -> None:
    for entry in ENTRIES:
        official = [plain(term) for term in entry["official"]]
        for word in map(plain, entry["everyday"]):
            assert {term for term in official if term != word} <= set(lexicon().forms(word)), word


@given(texts)
def test_phrases_are_parts_of_the_text_each_once_in_order(text: str) -> None:
    end = 0
    for phrase in lexicon().phrases(text):
        assert end <= phrase.start
        assert text[phrase.start : phrase.end] == phrase.surface
        assert phrase.surface not in phrase.forms
        end = phrase.end


def test_the_longest_word_wins_and_a_part_of_another_word_does_not_count() -> None:
    made = Lexicon(
        [(("规模以上企业",), ("规上", "规上企业")), (("首次公开发行",), ("上市",))], {"上市": ["线上市场"]}
    )
    assert [phrase.surface for phrase in made.phrases("规上企业上市")] == ["规上企业", "上市"]
    assert made.phrases("开拓线上市场") == []
    assert made.forms("规上") == ("规模以上企业",)
    assert made.forms("规模以上企业") == ()
    assert made.official == {"规模以上企业", "首次公开发行"}


@pytest.mark.parametrize(
    ("typed", "meant"), [("补帖", "补贴"), ("创业代款", "创业贷款"), ("技术该造", "技术改造")]
)
def test_typing_errors_are_mended_by_sound(typed: str, meant: str) -> None:
    table = sounds([meant])
    assert mend(typed, table) == [Phrase(0, len(typed), typed, (meant,), corrected=True)]


@given(texts)
def test_what_is_mended_sounds_the_same_and_was_no_word(text: str) -> None:
    end = -1
    for phrase in sorted(mend(text, SOUNDS), key=lambda phrase: phrase.start):
        assert end <= phrase.start
        assert text[phrase.start : phrase.end] == phrase.surface
        assert not known_word(phrase.surface)
        for form in phrase.forms:
            assert form != phrase.surface
            assert len(form) == len(phrase.surface)
            assert pinyin(form) == pinyin(phrase.surface)
            assert any(a == b for a, b in zip(form, phrase.surface, strict=True))
        end = phrase.end


def test_words_of_the_dictionary_and_fillers_are_left_alone() -> None:
    assert mend("部署工作", sounds(["补数"])) == []
    assert mend("还帖", sounds(["还贴"]), fillers=["还"]) == []
    assert mend("企业", sounds(["起业"])) == []
