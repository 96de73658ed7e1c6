"""Answer cards: everything from outside is escaped, the quote stays word for word."""

import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.comparing import Comparison, Row
from qa.model import Answer
from tests.small_library import CITATION, GUIDE, SmallLibrary
from ui.pages.chat.cards import chips, turn
from ui.pages.chat.clauses import breadcrumb, marked
from ui.pages.chat.comparisons import table
from ui.pages.chat.prose import prose
from ui.pages.guides import page

HOSTILE = "\"><script>alert(1)</script><img src=x onerror='y'>&amp;"


class Reader(HTMLParser):
    """Collects elements and text, and whether every element is closed in order."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""
        self._open: list[str] = []
        self.balanced = True
        self.feed(html)
        self.close()
        self.balanced = self.balanced and not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag != "input":  # the only element here that is never closed
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self.balanced = self.balanced and bool(self._open) and self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("question", ["奖励多少？", "火星", "哪里有？"])
def test_a_card_is_well_formed(question: str) -> None:
    library = SmallLibrary()
    read = Reader(turn(question, library.ask(question), library, key="a"))
    assert read.balanced
    assert not read.tags & {"script", "img", "b", "iframe", "style"}
    assert not any(name.startswith("on") for name in read.attributes)


def test_hostile_text_in_every_field_is_shown_as_text() -> None:
    library = SmallLibrary()
    citation = replace(
        CITATION, policy=HOSTILE, number=HOSTILE, title=HOSTILE, quote=HOSTILE, gist=HOSTILE, source="none"
    )
    answer = Answer(
        HOSTILE,
        "answered",
        HOSTILE,
        citations=(citation,),
        lead_units=(HOSTILE,),
        responsible_units=(HOSTILE,),
        steps=(HOSTILE,),
        choices=(HOSTILE,),
        resolved=HOSTILE + "。",
    )
    html = turn(HOSTILE, answer, library, key="a")
    assert "<script" not in html
    assert "<img" not in html
    assert Reader(html).balanced
    assert unescape(html).count(HOSTILE) >= 10


@given(st.text(alphabet="5万元 <>&\"'\n奖励", max_size=60))
def test_marking_changes_nothing_but_the_marks(text: str) -> None:
    html = marked(text, ["5万元", "万"])
    assert unescape(re.sub(r"</?mark>", "", html)) == text


def test_marks_find_figures_printed_with_spaces() -> None:
    assert marked("奖 5 万元。", ["5万元"]) == "奖 <mark>5 万元</mark>。"
    assert marked("奖15万元，再奖2.5万元。", ["5万元"]) == "奖15万元，再奖2.5万元。"


@given(st.text(alphabet="甲乙*|-#1.、 <>&\n", max_size=80))
def test_prose_is_always_well_formed(text: str) -> None:
    read = Reader(prose(text))
    assert read.balanced
    assert read.tags <= {"p", "ul", "ol", "li", "strong", "div", "table", "thead", "tbody", "tr", "th", "td"}


def test_prose_knows_lists_tables_and_bold() -> None:
    html = prose("**两项**：\n\n- 甲\n- 乙\n\n| 地方 | 奖励 |\n|---|---|\n| 青石县 | 5万元 |")
    assert "<p><strong>两项</strong>：</p>" in html
    assert "<ul><li>甲</li><li>乙</li></ul>" in html
    assert html.count("<tr>") == 2
    assert "<td>5万元</td>" in html


def test_breadcrumb_leads_from_the_part_to_the_clause() -> None:
    view = SmallLibrary().clause("qingshi", "附件2/四/（三）")
    read = Reader(breadcrumb("附件2/四/（三）", "奖励首次入库", view))
    assert read.text == "附件2四 保障措施（三） 奖励首次入库"


def test_no_lead_unit_is_said_and_not_guessed() -> None:
    library = SmallLibrary()
    answer = replace(library.ask("奖励"), lead_units=())
    html = turn("奖励", answer, library, key="a")
    assert "文件未明确牵头单位" in html


def test_a_card_offers_guide_reading_text_and_query() -> None:
    library = SmallLibrary()
    answer = replace(library.ask("奖励"), reading="念这一句。", sparql='SELECT ?x WHERE { ?x ?y "<b>" }')
    html = turn("奖励", answer, library, key="a")
    assert 'href="/guide/qingshi/%E9%99%84' in html
    assert "data-copy='念这一句。'" in html
    assert "<pre>SELECT ?x WHERE { ?x ?y &quot;&lt;b&gt;&quot; }</pre>" in html
    without = turn("奖励", replace(answer, sparql="", reading="", citations=()), library, key="a")
    assert "zw-tools" not in without


def test_a_clause_is_copied_with_document_and_place() -> None:
    library = SmallLibrary()
    html = unescape(turn("奖励", library.ask("奖励"), library, key="a"))
    assert (
        f"data-copy='《{CITATION.policy}》（青政办〔2022〕1号）附件2/四/（三） 奖励首次入库：“企业首次入库的"
        in html
    )
    bare = replace(CITATION, source="none", quote="", start=None, end=None, verified=False, gist="要点")
    told = unescape(turn("奖励", replace(library.ask("奖励"), citations=(bare,)), library, key="a"))
    assert "奖励首次入库：编者要点（非原文）要点'" in told, (
        "an editor's words are never copied as the document's"
    )


def test_many_figures_are_folded() -> None:
    library = SmallLibrary()
    answer = library.ask("奖励")
    assert "<summary>条款里的数额" not in turn("奖励", answer, library, key="a")
    many = replace(answer, amounts=answer.amounts * 3)
    assert "<summary>条款里的数额（6 项）" in turn("奖励", many, library, key="a")


def test_hostile_text_in_a_guide_and_a_comparison_is_shown_as_text() -> None:
    said = replace(GUIDE.items[0].said, words=HOSTILE, locator=HOSTILE)
    gift = replace(
        GUIDE.items[0].gifts[0], figure=HOSTILE, recipient=HOSTILE, condition=HOSTILE, caps=(HOSTILE,)
    )
    guide = replace(
        GUIDE,
        policy=HOSTILE,
        number=HOSTILE,
        jurisdiction=HOSTILE,
        title=HOSTILE,
        locator=HOSTILE,
        items=(replace(GUIDE.items[0], said=said, gifts=(gift,)),),
        audience=(HOSTILE,),
        conditions=(said,),
        payers=(said,),
        lead_units=(HOSTILE,),
        text=HOSTILE,
    )
    html = page(guide)
    assert "<script" not in html
    assert "<img" not in html
    assert unescape(html).count(HOSTILE) >= 12
    row = Row(
        HOSTILE,
        "found",
        HOSTILE,
        replace(CITATION, policy=HOSTILE, locator=HOSTILE, title=HOSTILE),
        lead_units=(HOSTILE,),
    )
    told = table(Comparison(HOSTILE, "amount", (row, Row(HOSTILE, "silent"), Row("白河县", "not_held"))))
    assert "<script" not in told
    assert Reader(told).balanced
    assert "没有这方面的规定" in told
    assert "没有收录这个地方的文件" in told


def test_numbered_items_stay_numbered() -> None:
    assert prose("共 2 项：\n1. 甲\n2. 乙") == "<p>共 2 项：</p><ol><li>甲</li><li>乙</li></ol>"


def test_no_chips_no_markup() -> None:
    assert chips((), label="接着问") == ""
