"""文件: the list, and each document whole: word for word, its facts marked where they stand, its files."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.parse import quote, unquote

import pytest
from lxml import html
from playwright.sync_api import expect

from graph.extract import extract
from graph.facts import Record
from graph.marking import marks
from graph.storage.store import Store
from ingest import parse, read
from ingest.model import RawDocument
from qa.dossier import dossier
from qa.register import ORDERS, Register
from tests.browsing import PHONE, WIDE, Visit
from tests.made_records import small_record
from tests.served import fetch, served
from ui.intake import ingest
from ui.pages.documents.contents import contents
from ui.pages.documents.files import media_type
from ui.pages.documents.text import article

LOCATOR = "附件2/四/（三）"
MADE = Path(__file__).parent / "made_policies"
TABLED = """清泉县支持办法
一、支持设备更新
序号 | 内容 | 标准
1 | 首次购置 | 每台补助2万元
2 | 再次购置 | 每台补助1万元
二、其他
(一)由县财政局牵头，a<b>c</b>&amp; 照录。
"""


def bare(text: str) -> str:
    return "".join(text.split())


def page_text(made: html.HtmlElement) -> str:
    """The text of a page without what is not the document's own."""
    for aid in made.find_class("zw-aid"):
        aid.drop_tree()
    return bare(str(made.text_content()))


def holds(record: Record) -> None:
    made = html.fromstring(f"<div>{article(record, ())}</div>")
    shown = [bare(mark.text_content()) for mark in made.find_class("zw-mark")]
    policy = record.policy
    places = set(made.xpath("//@id"))
    assert {clause.locator for clause in policy.clauses} <= places
    assert len(places) == len(made.xpath("//@id")), "each address once"
    for link in html.fromstring(f"<div>{contents(policy)}</div>").xpath("//a/@href"):
        assert unquote(link[1:]) in places
    assert page_text(made) == bare(policy.text)
    for mark in marks(record):
        assert bare(policy.text[mark.start : mark.end]) in shown


@pytest.mark.parametrize("path", sorted(MADE.glob("*.txt")), ids=lambda path: path.stem)
def test_the_page_of_an_invented_document_is_its_text(path: Path) -> None:
    holds(extract(parse(read(path))))


def test_tables_and_markup_are_text() -> None:
    record = extract(parse(RawDocument(TABLED, "0" * 64, "made")))
    holds(record)
    made = html.fromstring(f"<div>{article(record, ())}</div>")
    assert [row.get("id") for row in made.xpath("//tr")][1:] == ["正文/一/表1/行1", "正文/一/表1/行2"]
    assert len(made.xpath("//tr[2]/td")) == 3
    assert not made.xpath("//b")


def test_the_pages_of_the_reference_documents_are_their_text(shared: Path) -> None:
    paths = [*sorted((shared / "corpus").glob("*.txt")), *sorted((shared / "corpus-national").glob("*.txt"))]
    assert len(paths) > 200
    for path in paths:
        holds(extract(parse(read(path))))


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A store of sixty small documents of three places."""
    store = Store.open(tmp_path_factory.mktemp("many") / "store")
    with store.write() as draft:
        for n in range(60):
            record = small_record(f"d{n:02}", 1 + n % 3, f"{'甲乙丙'[n % 3]}县")
            draft.put(record, b"original", f"{n:02}.txt")
    return store


def test_the_register_finds_filters_and_orders(many: Store) -> None:
    assert many.generation is not None
    register = Register(many.generation)
    assert len(register.find()) == 60
    assert [row.source for row in register.find("d07 丙政")] == ["d07"]
    assert {row.jurisdiction for row in register.find(jurisdiction="乙县")} == {"乙县"}
    assert register.find(status="draft") == ()
    for order in ORDERS:
        assert {row.source for row in register.find(order=order)} == set(many.generation.sources)
    assert [row.title for row in register.find(order="title")] == sorted(f"d{n:02}办法" for n in range(60))
    entry = register.tell(register.find("d01"), date(2024, 5, 1))[0]
    assert (entry.clauses, entry.figures, entry.validity.state) == (2, 2, "unknown")
    assert entry.findings is not None
    assert register.tell(register.find("d01"), date(2024, 5, 1), findings=False)[0].findings is None


def test_a_dossier_counts_units_by_clause(many: Store) -> None:
    assert many.generation is not None
    register = Register(many.generation)
    found = dossier(register, "d02", date(2024, 5, 1))
    assert found is not None
    assert (found.units[0].unit, found.units[0].counts[:2]) == ("县统计局", (3, 0))
    assert dossier(register, "none", date(2024, 5, 1)) is None


def test_media_types_go_by_the_bytes() -> None:
    assert media_type(b"%PDF-1.7 ...", "a.txt") == "application/pdf"
    assert media_type("通知".encode(), "a.txt") == "text/plain"
    assert media_type(b"<html><body>a</body></html>", "a.html") == "text/html"
    assert media_type(b"\x89PNG\r\n\x1a\n....", "a.png") == "image/png"
    assert media_type(b"\x00\x01", "a.bin") == "application/octet-stream"


@pytest.fixture(scope="module")
def chinese(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Over three invented documents: a web page that repeals an earlier one, and a wide table."""
    room = tmp_path_factory.mktemp("made")
    (room / "清泉办法.txt").write_text(
        "清泉县人民政府关于支持设备更新的通知\n清政〔2023〕5号\n一、支持设备更新\n"
        "对购置新设备的企业，给予每台2万元补助。\n责任单位：县财政局\n清泉县人民政府\n2023年5月1日\n",
        "utf-8",
    )
    (room / "清泉新规.html").write_text(
        "<html><body><h1>清泉县人民政府关于设备更新的规定</h1><p>清政〔2024〕9号</p><p>一、补助</p>"
        "<p>每台补助3万元。</p><p>二、附则</p><p>《清泉县人民政府关于支持设备更新的通知》（清政〔2023〕5号）"
        "同时废止。</p><script>document.title='taken'</script></body></html>",
        "utf-8",
    )
    row = " | ".join(f"{n}这一格里写了许多字" for n in range(9))
    (room / "清泉清单.txt").write_text(
        f"清泉县支持项目清单\n一、清单\n序号 | {row}\n1 | {row}\n2 | {row}\n", "utf-8"
    )
    ingest([room], room / "store")
    with served("ui.cli", "serve", "--port", "0", "--store", str(room / "store")) as address:
        yield address


def test_files_are_kept_never_shown_in_place(chinese: str) -> None:
    for path, kind, name in (
        ("清泉新规/original", "text/html", "清泉新规.html"),
        ("清泉办法/original", "text/plain", "清泉办法.txt"),
        ("清泉办法/text", "text/plain; charset=utf-8", "清泉办法-正文.txt"),
        ("清泉办法/facts.jsonl", "application/x-ndjson", "清泉办法-数据.jsonl"),
    ):
        reply = fetch(f"{chinese}/documents/{quote(path)}")
        assert reply.status == 200
        assert reply.headers["content-type"] == kind
        assert reply.headers["content-disposition"].startswith("attachment;")
        assert f"filename*=UTF-8''{quote(name)}" in reply.headers["content-disposition"]
        assert reply.headers["x-content-type-options"] == "nosniff"
    assert b"<script>" in fetch(f"{chinese}/documents/{quote('清泉新规')}/original").body
    assert fetch(f"{chinese}/documents/none/original").status == 404


def test_a_tree_as_data(chinese: str) -> None:
    found = fetch(f"{chinese}/api/v1/policies/{quote('清泉办法')}/tree").json
    (part,) = found["parts"]
    (clause,) = part["children"]
    assert (clause["locator"], clause["number"], clause["children"]) == ("正文/一", "一、", [])
    assert found["text"][clause["start"] : clause["end"]].startswith("一、支持设备更新")
    words = {found["text"][mark["start"] : mark["end"]]: mark["role"] for mark in found["marks"]}
    assert words["2万元"] in ("subsidy", "per_unit_rate")
    assert words["县财政局"] == "responsible"
    assert fetch(f"{chinese}/api/v1/policies/none/tree").status == 404


def test_neighbours_of_a_document(visit: Visit, chinese: str) -> None:
    page = visit.page
    page.goto(f"{chinese}/documents/{quote('清泉办法')}")
    page.get_by_text("与其他文件的关系").click()
    page.get_by_role("link", name="《清泉县人民政府关于设备更新的规定》").click()
    expect(page).to_have_url(re.compile(quote("清泉新规") + "#"))
    expect(page.locator(":target")).to_contain_text("同时废止")
    held = page.locator("a.zw-reference")
    expect(held).to_have_attribute("href", f"/documents/{quote('清泉办法')}")


@pytest.mark.parametrize("visit", [PHONE], indirect=True, ids=["360"])
def test_a_wide_table_moves_in_its_own_frame(visit: Visit, chinese: str) -> None:
    visit.page.goto(f"{chinese}/documents/{quote('清泉清单')}#{quote('正文/一/表1/行2')}")
    expect(visit.page.locator(":target td")).to_have_count(10)
    looked_at(visit)


@pytest.mark.parametrize("visit", [WIDE, PHONE], indirect=True, ids=["1280", "360"])
def test_from_the_list_to_a_clause_and_its_address(visit: Visit, five: str) -> None:
    page = visit.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{five}/documents")
    expect(page.get_by_role("status")).to_have_text("共 5 份文件")
    looked_at(visit)
    page.get_by_label("标题、文号或发文机关").fill("鲁政办")
    page.get_by_role("button", name="查找").click()
    expect(page.locator(".zw-docs tbody tr")).to_have_count(1)
    page.locator(".zw-docs a").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("鲁山县")
    looked_at(visit)
    if page.viewport_size == PHONE:
        page.locator(".zw-toc summary").click()
    page.locator(f".zw-toc a[href='#{quote(LOCATOR)}']").click()
    clause = page.locator(f"[id='{LOCATOR}']")
    expect(clause).to_be_in_viewport()
    expect(page.locator(":target")).to_have_id(LOCATOR)
    if page.viewport_size == WIDE:
        expect(page.locator(".zw-toc [aria-current]")).to_contain_text("（三）")
    clause.hover()
    clause.locator(".zw-link").click()
    expect(clause.locator(".zw-link")).to_have_text("已复制")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert unquote(copied) == f"{five}/documents/lushan#{LOCATOR}"
    expect(clause.get_by_role("link", name="申报指南")).to_have_attribute(
        "href", f"/guide/lushan/{quote(LOCATOR)}"
    )
    page.get_by_text("下载", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("link", name="原件").click()
    assert download.value.suggested_filename == "lushan.txt"
    looked_at(visit)


def looked_at(visit: Visit) -> None:
    for scheme in ("light", "dark"):
        visit.page.emulate_media(color_scheme=scheme)
        assert visit.barriers() == []
    assert visit.overflow() == 0


def test_marks_tell_and_are_switched_by_kind(visit: Visit, five: str) -> None:
    page = visit.page
    page.goto(f"{five}/documents/lushan#{quote(LOCATOR)}")
    clause = page.locator(f"[id='{LOCATOR}']")
    figure = clause.locator(".zw-figure").first
    expect(figure).to_have_attribute("data-word", "奖励")
    figure.focus()
    told = "getComputedStyle(document.activeElement, '::before').content"
    assert "奖励：5万元" in page.evaluate(told)
    page.keyboard.press("Escape")
    assert page.evaluate("getComputedStyle(document.activeElement, '::before').display") == "none"
    word = "getComputedStyle(document.querySelector('.zw-figure'), '::after').display"
    page.get_by_label("金额和数值").uncheck()
    assert page.evaluate(word) == "none"
    expect(figure).to_have_attribute("tabindex", "-1")
    page.reload()
    expect(page.get_by_label("金额和数值")).not_to_be_checked()
    expect(page.get_by_label("单位", exact=True)).to_be_checked()
    assert page.evaluate(word) == "none"


def test_by_keyboard_alone(visit: Visit, five: str) -> None:
    page = visit.page
    page.goto(f"{five}/documents")
    page.get_by_label("标题、文号或发文机关").press_sequentially("鲁山")
    page.keyboard.press("Enter")
    expect(page.locator(".zw-docs tbody tr")).to_have_count(1)
    page.locator(".zw-docs a").first.focus()
    page.keyboard.press("Enter")
    first = page.locator(".zw-toc li li a").first
    first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(":target")).to_have_id("正文/一")
    page.keyboard.press("Tab")  # from the clause on
    assert page.evaluate("document.activeElement.closest('.zw-clause') !== null")


def test_without_script_the_page_reads(five: str, visit: Visit) -> None:
    browser = visit.page.context.browser
    assert browser is not None
    context = browser.new_context(java_script_enabled=False, viewport=WIDE, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{five}/documents/lushan#{quote(LOCATOR)}")
    expect(page.locator(":target")).to_have_id(LOCATOR)
    expect(page.locator(".zw-toc a").first).to_be_visible()
    page.get_by_label("单位", exact=True).uncheck()
    expect(page.locator(f"[id='{LOCATOR}'] .zw-unit").first).to_have_css("border-bottom-style", "none")
    context.close()


def test_bundled_knowledge_has_gists_and_says_so(visit: Visit, tmp_path: Path) -> None:
    with served("ui.cli", "serve", "--port", "0", "--store", str(tmp_path / "store")) as address:
        page = visit.page
        page.goto(f"{address}/documents/lushan#{quote(LOCATOR)}")
        expect(page.locator(".zw-notice")).to_contain_text("本库未收原文")
        clause = page.locator(f"[id='{LOCATOR}']")
        expect(clause.locator(".zw-gist")).to_contain_text("编者要点（非原文）")
        expect(clause.locator(".zw-known")).to_contain_text("5万元")
        looked_at(visit)
        assert fetch(f"{address}/documents/lushan/original").status == 404
        missing = fetch(f"{address}/documents/none")
        assert missing.status == 404
        assert "没有这份文件" in missing.text


def test_the_list_as_a_file(five: str) -> None:
    reply = fetch(f"{five}/documents?q={quote('鲁山')}&format=csv")
    lines = reply.text.splitlines()
    assert lines[0].startswith("\ufeff标题,文号")
    assert len(lines) == 2
    assert "鲁政办〔2022〕23号" in lines[1]
    assert fetch(f"{five}/documents?format=doc").status == 422
