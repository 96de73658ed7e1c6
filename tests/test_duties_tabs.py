"""职责追溯/文件对照, 文件问题, 图谱查询 in a real browser and as files."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from graph.findings.report import of_generation
from graph.rdf.iris import named, place, policy_iri
from graph.rdf.vocabulary import DEFAULT_BASE
from graph.sparql import QueryError, refuse, select
from graph.storage.store import Store
from tests.browsing import PHONE, WIDE, Visit
from tests.served import fetch
from ui.http.findings import Rows
from ui.pages.duties.findings import gravest_first, name
from ui.pages.duties.query import examples, explained

BOTH = pytest.mark.parametrize("visit", [WIDE, PHONE], indirect=True, ids=["wide", "phone"])
PAIR = "/duties/compare?d=lushan&d=zhanhe"
PAGES = (
    "/duties/compare",
    PAIR + "&show=date",
    "/duties/compare?d=zhanhe&d=lushan&d=shifanqu&show=figure",
    "/duties/findings",
    "/duties/findings?source=zhanhe&severity=error",
    "/duties/query",
    "/duties/query?example=1-leads",
    "/duties/query?" + urlencode({"query": "SELECT ?x WHERE { ?x a "}),
)


@BOTH
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_bars_anyone_or_is_too_wide(five: str, visit: Visit, scheme: str) -> None:
    visit.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    for address in PAGES:
        visit.page.goto(five + address)
        assert visit.barriers() == [], address
        assert visit.overflow() == 0, address


@BOTH
def test_two_documents_are_chosen_and_compared_by_keyboard(five: str, visit: Visit) -> None:
    page = visit.page
    page.goto(five + "/duties/compare")
    for label, key in (("第一份", "鲁山县"), ("第二份", "湛河区")):
        page.get_by_label(label).focus()
        chosen = page.get_by_label(label).locator("option:checked")
        while key not in chosen.inner_text():
            before = chosen.inner_text()
            page.keyboard.press("ArrowDown")
            expect(chosen).not_to_have_text(before)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="对照")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="小结")).to_contain_text("只在鲁山县")
    rent = page.get_by_role("region", name="减轻房租压力")
    expect(rent.locator("dl")).to_contain_text("6个月")
    expect(rent.locator("dl")).to_contain_text("12个月")
    expect(rent.locator("mark").filter(has_text="12")).to_have_count(1)


def test_filters_count_and_links_lead_to_the_clause(five: str, visit: Visit) -> None:
    page = visit.page
    page.goto(five + PAIR)
    whole = page.locator(".zw-measure").count()
    page.get_by_role("link", name="数字不同").click()
    shown = page.locator(".zw-measure").count()
    assert 0 < shown < whole
    expect(page.get_by_role("link", name="数字不同")).to_have_text(f"数字不同 {shown}")
    page.get_by_role("link", name="只在一份里").click()
    expect(page.locator(".zw-measure .zw-badge")).to_have_text(["只在鲁山县"])
    link = page.locator(".zw-at a").first.get_attribute("href")
    assert link == "/documents/lushan#" + quote("附件1/四", safe="/")


def test_a_comparison_is_exported_as_it_is_shown(five: str) -> None:
    reply = fetch(five + PAIR + "&show=figure&format=xlsx")
    assert reply.status == 200
    sheet = load_workbook(io.BytesIO(reply.body)).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][:4] == ("异同", "数字", "日期", "单位")
    assert all("数字" in str(row[0]) for row in rows[1:])
    assert any("鲁山县 6个月，湛河区 12个月" in str(row[1]) for row in rows)
    csv = fetch(five + PAIR + "&format=csv").text
    assert csv.count("\n") > len(rows)


def test_wrong_choices_are_told(five: str, visit: Visit) -> None:
    for query, told in (("d=lushan", "两份"), ("d=lushan&d=lushan", "两份"), ("d=lushan&d=gone", "gone")):
        visit.page.goto(f"{five}/duties/compare?{query}")
        expect(visit.page.get_by_role("alert")).to_contain_text(told)


@BOTH
def test_findings_are_shown_in_their_sentence_gravest_first(five: str, visit: Visit) -> None:
    page = visit.page
    page.goto(five + "/duties/findings")
    expect(page.locator(".zw-found").first.locator(".zw-badge").first).to_have_text("错误")
    page.get_by_label("文件").select_option("zhanhe")
    page.get_by_label("级别").select_option("error")
    page.get_by_role("button", name="查看").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".zw-found")).to_have_count(1)
    badges = page.locator(".zw-found .zw-badge").all_text_contents()
    assert badges
    assert set(badges) == {"错误"}
    expect(page.locator(".zw-found mark").first).to_be_visible()
    assert "/documents/zhanhe#" in str(page.locator(".zw-found li a").first.get_attribute("href"))


def test_findings_are_those_of_the_check(five: str, five_store: Path) -> None:
    generation = Store.open(five_store).generation
    assert generation is not None
    rows = gravest_first(list(of_generation(generation)))
    reply = fetch(five + "/duties/findings?format=xlsx")
    sheet = load_workbook(io.BytesIO(reply.body)).active
    assert sheet is not None
    told = [(row[3], row[5] or "") for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert told == [(row.message, row.locator) for row in rows]
    assert all(name(row.rule) != row.rule for row in rows)


def test_unknown_document_and_rule_are_told(five: str, visit: Visit) -> None:
    visit.page.goto(five + "/duties/findings?source=gone")
    expect(visit.page.get_by_role("alert")).to_contain_text("没有文件 gone")
    visit.page.goto(five + "/duties/findings?rule=nothing-of-the-kind")
    expect(visit.page.get_by_text("没有发现这类问题")).to_be_visible()


@pytest.mark.parametrize("example", examples(), ids=lambda one: one.key)
def test_each_example_gives_rows(five_store: Path, example: object) -> None:
    generation = Store.open(five_store).generation
    assert generation is not None
    assert select(generation, example.text).rows  # type: ignore[attr-defined]
    assert example.title  # type: ignore[attr-defined]
    assert example.about  # type: ignore[attr-defined]


@BOTH
def test_a_query_is_written_run_and_its_clauses_followed_by_keyboard(five: str, visit: Visit) -> None:
    page = visit.page
    page.goto(five + "/duties/query")
    page.get_by_label("SPARQL").focus()
    page.keyboard.type("SELECT ?c ?at WHERE { ?c pol:leadUnit ?u ; pol:locator ?at } ORDER BY ?at")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status")).to_contain_text("行，用时")
    first = page.locator(".zw-table tbody tr").first
    locator = first.locator("td").nth(1).inner_text()
    expect(first.get_by_role("link")).to_have_attribute(
        "href", f"/documents/lushan#{quote(locator, safe='/')}"
    )
    assert page.url.endswith("#result")


def test_a_long_query_goes_by_post(five: str, visit: Visit) -> None:
    page = visit.page
    page.goto(five + "/duties/query")
    page.get_by_label("SPARQL").fill("# " + "长" * 3000 + "\nASK { ?x pol:leadUnit ?y }")
    page.get_by_role("button", name="查询", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("是，用时")
    assert "?" not in page.url


def test_mistakes_are_told_in_chinese_with_the_place(five: str, visit: Visit) -> None:
    page = visit.page
    for query, told, marked in (
        ("SELECT ?x WHERE {\n ?x a foo:bar\n}", "第 2 行", "foo:bar"),
        ("SELECT ?x WHERE {\n ?x a ", "第 2 行", "a"),
        ("SELECT ?a (COUNT(*) AS ?n) { ?b ?p ?a }", "分组", None),
        ("INSERT DATA { <a:a> <b:b> 1 }", "只允许查询", None),
        ("SELECT * { SERVICE <http://a/> { ?s ?p ?o } }", "SERVICE", None),
    ):
        page.goto(five + "/duties/query?" + urlencode({"query": query}))
        alert = page.get_by_role("alert")
        expect(alert).to_contain_text(told)
        assert "expected" not in alert.inner_text()
        if marked:
            expect(alert.locator("mark")).to_have_text(marked)
        expect(page.get_by_label("SPARQL")).to_have_value(query.strip())


def test_a_place_at_any_line_is_told_without_failing() -> None:
    for line in (1, 2, 9):
        for column in (1, 5, 99):
            error = QueryError(f"查询语句有误：error at {line}:{column}: expected x", "SPARQL", "")
            told = explained(error, "SELECT *\n")
            assert told.what.startswith(f"第 {line} 行")


def test_results_are_downloaded(five: str) -> None:
    text = "SELECT ?单位 (COUNT(?c) AS ?n) { ?c pol:leadUnit/skos:prefLabel ?单位 } GROUP BY ?单位"
    kind = "application/x-www-form-urlencoded"
    for by in ("get", "post"):
        for form in ("xlsx", "csv", "json"):
            body = urlencode({"query": text, "format": form})
            if by == "post":
                reply = fetch(five + "/duties/query", data=body.encode(), content_type=kind)
            else:
                reply = fetch(f"{five}/duties/query?{body}")
            assert reply.status == 200
            assert "attachment" in reply.headers["content-disposition"]
            if form == "xlsx":
                sheet = load_workbook(io.BytesIO(reply.body)).active
                assert sheet is not None
                rows = list(sheet.iter_rows(values_only=True))
                assert rows[0] == ("单位", "n")
                assert all(isinstance(row[1], int) for row in rows[1:])
            elif form == "csv":
                assert reply.text.startswith("\ufeff单位,n")
            else:
                assert json.loads(reply.body)["head"]["vars"] == ["单位", "n"]


def locators(store: Path) -> Iterator[tuple[str, str]]:
    generation = Store.open(store).generation
    assert generation is not None
    for source in generation.sources:
        policy = generation.record(source).policy
        yield from ((source, clause.locator) for clause in policy.clauses)


def test_names_of_clauses_lead_back_to_them(five_store: Path) -> None:
    for source, locator in [
        *locators(five_store),
        ("a b", "附件/一"),
        ("x", "附件12/表1/行3"),
        ("x", "附件2"),
    ]:
        iri = place(policy_iri(source), locator).value
        assert named(iri, DEFAULT_BASE) == (source, locator)
    assert named(policy_iri("x").value, DEFAULT_BASE) == ("x", "")
    for other in ("eli/cn-x/duty/0", "eli/cn-x/span/1-2", "org/410423/a"):
        assert named(f"{DEFAULT_BASE}/{other}", DEFAULT_BASE) is None


def test_examples_only_read() -> None:
    for example in examples():
        refuse(example.text)


def test_a_check_that_takes_long_goes_on_meanwhile(five_store: Path) -> None:
    generation = Store.open(five_store).generation
    assert generation is not None
    rows = Rows(lambda: generation)
    assert rows.soon(0.0) is None
    assert rows.of("zhanhe")  # one document does not wait for all
    assert rows.soon(60.0) == tuple(of_generation(generation))
