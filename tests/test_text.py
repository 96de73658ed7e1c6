"""Cutting text: nothing is lost, nothing overlaps, and two ways to write the same compare equal."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.text import asked, display, grams, known_word, pinyin, plain, sentences, tagged, words

HAN = "县区财政局补贴奖励企业房租减免一二三万元的了吗第条"
chinese = st.text(alphabet=HAN + "abAB019.%，。；！？（）\n \u3000", max_size=120)
anything = st.text(max_size=120)


@given(anything)
def test_plain_holds_no_white_space(text: str) -> None:
    assert not re.search(r"\s", plain(text))


@given(chinese)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert plain(plain(text)) == plain(text)
    assert asked(asked(text)) == asked(text)
    assert plain(asked(text)) == plain(text)


@given(anything)
def test_a_question_keeps_blanks_as_single_ones(text: str) -> None:
    whole = asked(text)
    assert whole == whole.strip()
    assert not re.search(r"\s\s|[^\S ]", whole)


@pytest.mark.parametrize(
    ("one", "other"),
    [("１０ 万元", "10万元"), ("Ａ类 企业", "a类企业"), ("补 贴\n标准", "补贴标准"), ("(一)", "（一）")],
)
def test_two_ways_to_write_the_same(one: str, other: str) -> None:
    assert plain(one) == plain(other)


@given(anything)
def test_sentences_part_the_text(text: str) -> None:
    spans = sentences(text)
    end = 0
    for start, stop in spans:
        assert end <= start < stop <= len(text)
        assert text[start:stop].strip()
        assert not text[end:start].strip("。；;！？!?\n \t\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\u3000").strip()
        end = stop
    assert not re.sub(r"[。；;！？!?\s]", "", text[end:])


@given(chinese)
def test_each_sentence_ends_at_a_mark_or_with_the_text(text: str) -> None:
    for start, stop in sentences(text):
        assert text[stop - 1] in "。；！？\n" or stop == len(text)
        assert not re.search("[。；！？\n](?=[^。；！？\n])", text[start : stop - 1].rstrip("。；！？\n"))


@given(chinese)
def test_words_leave_no_letter_out(text: str) -> None:
    joined = "".join(words(text))
    kept = [char for char in text if re.match(r"[\u4e00-\u9fffA-Za-z0-9]", char)]
    assert [char for char in joined if re.match(r"[\u4e00-\u9fffA-Za-z0-9]", char)] == kept


@given(anything)
def test_words_and_tags_stand_in_the_text_in_order(text: str) -> None:
    for found in (words(text), [word for word, _ in tagged(text)]):
        position = 0
        for word in found:
            position = text.index(word, position) + len(word)


@given(chinese, st.integers(1, 4))
def test_grams_are_runs_of_letters(text: str, size: int) -> None:
    found = list(grams(text, size))
    assert all(len(gram) == size and gram in text for gram in found)
    assert not any(re.search(r"[，。；！？（）\s]", gram) for gram in found)


def test_grams_of_a_word() -> None:
    assert list(grams("技术改造")) == ["技术", "术改", "改造"]
    assert list(grams("技，改")) == []


@pytest.mark.parametrize(
    ("one", "other"), [("鲁山", "路山"), ("补贴", "补帖"), ("规上", "归上"), ("云溪", "云西")]
)
def test_the_same_sound(one: str, other: str) -> None:
    assert pinyin(one) == pinyin(other)
    assert len(pinyin(one).split()) == len(one)


def test_the_dictionary_knows_words_and_no_nonsense() -> None:
    assert known_word("企业")
    assert not known_word("路山")


@given(chinese)
def test_display_changes_white_space_alone(text: str) -> None:
    assert "".join(display(text).split()) == "".join(unicodedata.normalize("NFC", text).split())


def test_display_joins_print_lines_and_keeps_latin_blanks() -> None:
    assert display("给予 5\n万元 奖励") == "给予5万元奖励"
    assert display(" public policy ") == "public policy"
