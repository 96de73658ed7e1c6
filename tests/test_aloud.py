"""The reading text: short, speakable, and without a figure that the answer's clauses do not hold."""

import json
import re
from collections import Counter
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.aloud import LENGTH
from qa.model import Answer
from qa.spoken import spoken
from tests.made_library import AS_OF, FOLDER, answers_to, ask, numbers

UNSPEAKABLE = re.compile(r"[()（）\[\]〔〕【】{}《》“”‘’\"'/\\%‰≥≤><=+*#|:：\s…]")
_HAN = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10_000}
_PART = "[零一二三四五六七八九十百千万点]+"


@pytest.mark.parametrize(
    ("printed", "said"),
    [
        ("鲁政办〔2022〕23号", "鲁政办2022年第23号"),
        ("按1:1比例分担，或5：3：2", "按一比一比例分担，或五比三比二"),
        ("补助10%、2.5％，再加2‰", "补助百分之十、百分之二点五，再加千分之二"),
        ("全部100%", "全部百分之百"),
        ("收入≥5000万元，≤8000万元", "收入不低于5000万元，不高于8000万元"),
        ("给予 5 万元", "给予5万元"),
        ("10%-15%之间", "百分之十到百分之十五之间"),
        ("10～15%", "百分之十到百分之十五"),
        ("2022-06-30前", "2022年6月30日前"),
        ("8:30到17:00", "8点30分到17点"),
        ("每户1,000元", "每户1000元"),
        ("8元/平方米", "8元每平方米"),
        ("各乡（镇）政府", "各乡、镇政府"),
        ("（一）对企业（不含分支机构的）奖励", "对企业，不含分支机构的，奖励"),
        ("“专精特新”企业", "专精特新企业"),
        ("《示例办法》", "示例办法"),
    ],
)
def test_print_becomes_speech(printed: str, said: str) -> None:
    assert spoken(printed) == said


def value_of(han: str) -> Fraction:
    """Read a numeral: written here anew, apart from the program's own."""
    whole, _, rest = han.partition("点")
    total = digit = 0
    for char in whole:
        if char in _UNITS:
            total += (digit or 1) * _UNITS[char]
            digit = 0
        else:
            digit = _HAN[char]
    return Fraction(total + digit) + (
        Fraction(int("".join(str(_HAN[c]) for c in rest)), 10 ** len(rest)) if rest else 0
    )


def heard(text: str) -> Counter[tuple[str, Fraction]]:
    """Return the figures that a listener hears: shares, ratios, numbers."""
    found: Counter[tuple[str, Fraction]] = Counter()
    for share in re.finditer(rf"(百|千)分之({_PART})", text):
        number = Fraction(100) if share[2] == "百" else value_of(share[2])
        found[("%" if share[1] == "百" else "‰", number)] += 1
    for ratio in re.finditer(rf"({_PART})比({_PART})", text):
        found.update([(":", value_of(ratio[1])), (":", value_of(ratio[2]))])
    found.update(("", Fraction(number)) for number in re.findall(r"\d+(?:\.\d+)?", text))
    return found


number = st.one_of(st.integers(1, 99_999), st.integers(1, 9990).map(lambda n: n / 10)).map(str)


@given(st.lists(st.tuples(number, st.sampled_from(["%", "‰", "万元", "元", "个月"])), min_size=1, max_size=5))
def test_every_figure_is_heard_once_and_no_other(parts: list[tuple[str, str]]) -> None:
    text = "，".join(f"给予{value}{unit}（每年）" for value, unit in parts)
    wanted = Counter((unit if unit in "%‰" else "", Fraction(value)) for value, unit in parts)
    assert heard(spoken(text)) == wanted


@given(st.integers(1, 20), st.integers(1, 9))
def test_ratios_are_heard_in_order(one: int, other: int) -> None:
    assert heard(spoken(f"按照{one}:{other}分担")) == Counter([(":", Fraction(one)), (":", Fraction(other))])


@given(st.text(alphabet="对企业给予奖励5万元10%1:1（）〔〕《》，。；、“” \n≥/-", max_size=60))
def test_speech_has_no_signs(text: str) -> None:
    assert not UNSPEAKABLE.search(spoken("企业" + text))


def check(answer: Answer, texts: dict[str, str]) -> None:
    """Hold a reading text to what was promised of it."""
    said = answer.reading
    assert said, answer.question
    assert len(said) <= LENGTH, said
    assert not UNSPEAKABLE.search(said), said
    assert not re.search(r"附件\d+/|正文/", said), said
    grounds = [answer.question, answer.validity.note, *answer.steps, *(a.surface for a in answer.amounts)]
    for citation in answer.citations:
        grounds += [citation.quote, citation.gist, citation.title, citation.policy, citation.number or ""]
        grounds.append(
            texts.get(citation.source, "") if answer.status == "answered" and not citation.title else ""
        )
    allowed = set().union(*(heard_numbers(ground) for ground in grounds)) | {12345.0}
    if answer.number is not None:
        allowed |= {float(answer.number), float(answer.number) / 10_000}
    loose = heard_numbers(said) - allowed
    assert not loose, (said, loose)


def heard_numbers(text: str) -> set[float]:
    """Return the numbers of a text by value, printed or spoken."""
    plain = numbers(text)
    return plain | {float(value) for kind, value in heard(spoken(text)) if kind in ("%", "‰", ":")}


def test_invented_documents() -> None:
    texts = {path.stem: path.read_text("utf-8") for path in FOLDER.glob("*.txt")}
    for question in (
        "松岗区动漫制作企业启动资金多少？",
        "青岭市农机购置补贴多少？",
        "青岭市财政局一共负责多少项？",
        "临江区和松岗区首次升规奖励各多少？",
        "火星种菜有没有补贴？",
        "你好",
    ):
        check(ask(question), texts)


def test_the_reference_questions(five_store: Path, shared: Path) -> None:
    texts = {path.stem: path.read_text("utf-8") for path in (shared / "corpus").glob("*.txt")}
    told = answers_to(five_store, shared / "gold" / "questions.jsonl")
    for _, answer in told:
        check(answer, texts)
    bare = [answer.question for _, answer in told if answer.reading == "请看屏幕上的条款原文。"]
    assert len(bare) <= len(told) // 50, bare


def test_whom_when_and_who() -> None:
    said = ask("松岗区动漫制作企业启动资金多少？").reading
    assert "25万元" in said
    assert "动漫" in said
    assert "没有明确牵头单位" in said
    assert "征求意见稿" in said
    assert "牵头" in ask("云溪县统计局牵头哪些事？", as_of=AS_OF).reading


def test_a_refusal_says_whom_to_ask() -> None:
    said = ask("火星种菜有没有补贴？").reading
    assert "12345" in said
    assert not re.search(r"\d+万", said)


def test_the_batch_carries_it(five_store: Path) -> None:
    from qa.library import Library
    from ui.wire import answer_json

    answer = Library.open(five_store).ask("鲁山县统计局牵头哪些？")
    assert json.loads(answer_json(answer))["reading"] == answer.reading
