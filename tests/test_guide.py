"""Application guides: every word of them stands in the document, and what is not given is said so."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from graph.storage.store import Store
from qa.guide import Guide, NoGuide
from qa.guide.telling import DOUBT, NOT_GIVEN, NOT_HELD, PARTS
from qa.library import Library
from tests.made_library import squeeze
from tests.test_elsewhere import elsewhere  # noqa: F401  a fixture

DAY = date(2024, 8, 1)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def guides(library: Library, *, verbatim: bool) -> Iterator[tuple[Guide, str]]:
    """Yield every guide of a store with the text of its document."""
    for row in library.policies():
        if row.verbatim != verbatim:
            continue
        record = library._opened.generation.record(row.source)
        for clause in record.policy.clauses:
            found = library.guide(row.source, clause.locator, as_of=DAY)
            assert found is not None
            if isinstance(found, Guide):
                yield found, record.policy.text


@pytest.fixture(scope="module")
def invented(elsewhere: Path) -> Library:  # noqa: F811
    return Library.open(elsewhere)


@pytest.fixture(scope="module")
def five(five_store: Path) -> Library:
    return Library.open(five_store)


def check(guide: Guide, text: str) -> None:
    """Hold a guide with a text to what was promised of it."""
    parts = (
        guide.who,
        guide.conditions,
        guide.window,
        guide.where,
        guide.materials,
        guide.process,
        guide.payers,
    )
    for said in (*(item.said for item in guide.items), *(said for part in parts for said in part)):
        assert said.start is not None
        assert squeeze(text[said.start : said.end]) == squeeze(said.words)
    assert guide.citations
    assert all(citation.verified for citation in guide.citations)
    cited = squeeze("".join(citation.quote for citation in guide.citations))
    for item in guide.items:
        for gift in item.gifts:
            assert gift.start is not None
            assert squeeze(text[gift.start : gift.end]) in squeeze(gift.figure)
            assert item.said.start is not None
            assert item.said.start <= gift.start < (item.said.end or 0)
            told = " ".join((gift.figure, gift.each, gift.base, gift.recipient, gift.condition, *gift.caps))
            assert set(_NUMBER.findall(squeeze(told))) <= set(_NUMBER.findall(cited)), told
    assert guide.items
    for key, label in PARTS:
        told = f"【{label}】" in guide.text
        if key not in ("validity", "units"):
            assert told == (key not in guide.missing)
            assert told or label in guide.text.partition(f"【{NOT_GIVEN}】")[2].split("\n")[1]


def test_every_guide_to_an_invented_clause_stands_in_its_document(invented: Library) -> None:
    seen = [check(guide, text) for guide, text in guides(invented, verbatim=True)]
    assert len(seen) > 40


def test_every_guide_to_the_five_stands_in_its_document(five: Library) -> None:
    seen = [check(guide, text) for guide, text in guides(five, verbatim=True)]
    assert len(seen) > 40


def test_every_sum_that_is_given_is_in_a_guide(invented: Library) -> None:
    """Rewards and subsidies of the hand-made documents, figure by figure."""
    generation = invented._opened.generation
    lost = []
    for row in invented.policies():
        if not row.verbatim:
            continue
        record = generation.record(row.source)
        places = {clause.locator for clause in record.policy.clauses}
        for quantity in record.quantities:
            locator = quantity.evidence.locator
            if quantity.role not in ("reward", "subsidy", "per_unit_rate") or locator not in places:
                continue
            guide = invented.guide(row.source, locator, as_of=DAY)
            span = quantity.evidence.span
            assert span is not None
            told = guide.items if isinstance(guide, Guide) else ()
            if span.start not in {gift.start for item in told for gift in item.gifts}:
                lost.append((row.source, locator, quantity.surface))
    assert lost == []


def test_who_what_when_and_where(invented: Library) -> None:
    guide = invented.guide("qingzhang", "第三条/（三）", as_of=DAY)
    assert isinstance(guide, Guide)
    (gift,) = (gift for item in guide.items for gift in item.gifts)
    assert (gift.figure, gift.base, gift.condition) == ("15%", "购机价", "购买植保无人机的")
    assert gift.caps == ("每台最高不超过6000元",)
    assert guide.lead_units == ("县农业农村局",)
    assert guide.units_locator == "第三条"
    assert any("5万元" in said.words for said in guide.conditions), "the cap of the article above"
    assert any("60日内" in said.words and said.general for said in guide.window)
    assert any("乡镇人民政府" in said.words for said in guide.where)
    assert any("县财政" in said.words for said in guide.payers)
    assert guide.validity.state == "in_force"
    assert any("种地养殖的农户" in said.words for said in guide.who)
    assert guide.missing == ("materials",)


def test_a_table_is_a_guide_with_a_sum_a_row(invented: Library) -> None:
    guide = invented.guide("shaquan", "正文/一", as_of=DAY)
    assert isinstance(guide, Guide)
    told = [(g.figure, g.each, g.condition, g.caps) for item in guide.items for g in item.gifts]
    assert ("3万元", "每架次", "旅游包机", ("60万元",)) in told
    assert len(told) == 4
    assert any("11月1日" in said.words for said in guide.window)


def test_a_row_carries_the_sentence_above_its_table(invented: Library) -> None:
    guide = invented.guide("shaquan", "正文/一/表1/行2", as_of=DAY)
    assert isinstance(guide, Guide)
    assert [gift.figure for item in guide.items for gift in item.gifts] == ["3万元"]
    assert any("2个以上收费景区" in said.words and not said.general for said in guide.conditions)
    assert guide.lead_units == ("县文体广电和旅游局",)


def test_validity_is_told_for_the_day(invented: Library) -> None:
    told = [invented.guide("shaquan", "正文/一", as_of=day) for day in (date(2024, 8, 1), date(2025, 1, 1))]
    states = [guide.validity.state for guide in told if isinstance(guide, Guide)]
    assert states == ["in_force", "expired"]
    assert isinstance(told[1], Guide)
    assert "已经过期" in told[1].text


@pytest.mark.parametrize(
    ("locator", "why"),
    [("第十一条", "没有写明"), ("第一条", "规定"), ("第三章", "章节"), ("第九条", "没有写明")],
)
def test_a_clause_that_gives_nothing_is_refused(invented: Library, locator: str, why: str) -> None:
    found = invented.guide("qingzhang", locator, as_of=DAY)
    assert isinstance(found, NoGuide)
    assert why in found.reason


def test_an_unknown_clause_has_no_guide(invented: Library) -> None:
    assert invented.guide("qingzhang", "第一百条") is None
    assert invented.guide("nowhere", "第一条") is None


def test_bundled_knowledge_says_what_it_cannot_see(invented: Library) -> None:
    seen = 0
    for guide, text in guides(invented, verbatim=False):
        seen += 1
        assert text == ""
        assert "编者要点" in guide.text
        assert NOT_HELD in guide.text
        assert f"【{NOT_GIVEN}】" not in guide.text
        assert all(citation.gist and not citation.quote for citation in guide.citations)
    assert seen > 30


def test_no_lead_is_said_and_not_guessed(five: Library, five_store: Path) -> None:
    assert Store.open(five_store).generation is not None
    for guide, _ in guides(five, verbatim=True):
        if guide.lead_units:
            assert f"牵头单位：{'、'.join(guide.lead_units)}" in guide.text
        elif guide.responsible_units:
            assert "文件未明确牵头单位" in guide.text


def test_an_unsure_reading_is_told_as_such(five: Library) -> None:
    gifts = [gift for guide, _ in guides(five, verbatim=True) for item in guide.items for gift in item.gifts]
    assert any(gift.doubt for gift in gifts)
    assert not all(gift.doubt for gift in gifts)
    for guide, _ in guides(five, verbatim=True):
        doubtful = any(gift.doubt for item in guide.items for gift in item.gifts)
        assert (DOUBT in guide.text) == doubtful


def test_a_draft_is_told_as_a_draft(five: Library) -> None:
    drafts = [guide for guide, _ in guides(five, verbatim=True) if guide.status == "draft"]
    assert drafts
    assert all("征求意见稿" in guide.text for guide in drafts)
