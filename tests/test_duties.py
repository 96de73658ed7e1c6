"""职责追溯: complete lists with their count, pictures that can be read, files that hold what is shown."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import lxml.html
import networkx
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import expect

from graph import network, tracing
from graph.facts import Duty, Evidence, Record
from graph.queries import count_by_unit_and_role, units
from graph.storage.generations import Generation
from graph.storage.store import Store
from ingest.model import Clause, Policy, Span
from tests.browsing import PHONE, WIDE, Visit
from tests.made_records import small_record
from tests.served import fetch, served
from ui.pages.duties import picture
from ui.pages.duties.matrix import matrix
from ui.pages.duties.roll import Roll
from ui.pages.ways import UNCLEAR, unit_way
from ui.tables import plain

PAGES = (
    "/duties?q=财政局",
    "/duties?m=房租减免",
    unit_way("鲁山县", "县财政局"),
    "/duties/network?place=鲁山县",
    "/duties/matrix",
)


@pytest.fixture(scope="module")
def generation(five_store: Path) -> Generation:
    return Store.open(five_store).generation


def reformed() -> Record:
    """A document that still writes a body's name of before a reform, and a bare one without a place."""
    text = "一、办法\n牵头单位：县工商局\n"
    here = Evidence("正文/一", Span(0, 4))
    clause = Clause("正文/一", "一", "<b>办法</b>", Span(0, 4), None, "", ())
    policy = Policy("old", "旧办法", text, "", jurisdiction="丙县", clauses=(clause,))
    return Record(policy, (Duty(here, "县工商局", "lead", 0, "工商局"),))


@pytest.fixture(scope="module")
def small_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("duties") / "store"
    with Store.open(path).write() as draft:
        draft.put(small_record("a", 4), b"", "a")
        draft.put(small_record("none", 2, jurisdiction=None), b"", "none")
        draft.put(reformed(), b"", "old")
        new = small_record("new", 1)
        duties = tuple(Duty(d.evidence, "县市场监督管理局", "lead", 0, "市场监管局") for d in new.duties[:1])
        draft.put(Record(new.policy, duties), b"", "new")
    return path


@pytest.fixture(scope="module")
def small(small_store: Path) -> Iterator[str]:
    with served("ui.cli", "serve", "--port", "0", "--store", str(small_store)) as address:
        yield address


def test_the_list_of_every_unit_is_as_long_as_its_count(generation: Generation) -> None:
    for row in units(generation):
        held = tracing.charges(generation, row.unit, row.jurisdiction)
        counts = Counter(charge.role for charge in held)
        told = {
            c.role: c.count
            for c in count_by_unit_and_role(generation, row.jurisdiction)
            if c.unit == row.unit
        }
        assert counts == told, row
        for role in told:
            places = [(c.source, c.locator) for c in held if c.role == role]
            order = {
                (source, clause.locator): (source, at)
                for source in {source for source, _ in places}
                for at, clause in enumerate(generation.record(source).policy.clauses)
            }
            assert places == sorted(places, key=order.__getitem__), "not in document order"


def test_shares_of_documents_add_up_to_the_counts(generation: Generation) -> None:
    added: Counter[tuple[str, str, str]] = Counter()
    for share in tracing.shares(generation):
        added[share.jurisdiction, share.unit, share.role] += share.count
    assert added == {(c.jurisdiction, c.unit, c.role): c.count for c in count_by_unit_and_role(generation)}


def test_the_matrix_adds_up_to_the_counts(generation: Generation) -> None:
    roll = Roll.of(generation)
    made = matrix(roll, "", ("lead",), roll.sources_of(""))
    for row in made.rows:
        counts = [int(plain(cell)) for cell in row[2:] if cell is not None]
        assert 0 not in counts
        assert sum(counts) == roll.unit(str(plain(row[1])), str(plain(row[0]))).lead
    assert len(made.rows) == sum(bool(row.lead) for row in roll.units)


def test_a_unit_is_found_by_any_of_its_names(generation: Generation, small_store: Path) -> None:
    roll = Roll.of(generation)
    for said in ("县人社局", "鲁山县人社局", "县人力资源和社会保障局 鲁山县"):
        rows, sure = roll.names(said)
        assert (rows[0].unit, sure) == ("县人力资源和社会保障局", True), said
    rows, sure = roll.names("财政局")
    assert len(rows) == 5
    assert not sure
    assert [row.jurisdiction for row in roll.names("财政局", "湛河区")[0]] == ["湛河区"]
    assert roll.names("火星局") == ([], False)
    for row in roll.units:
        assert row in roll.names(row.unit)[0]
    nameless = Roll.of(Store.open(small_store).generation)
    assert nameless.choices == ["丙县", UNCLEAR]
    assert {row.jurisdiction for row in nameless.of_place(UNCLEAR)} == {"none"}


def test_the_body_before_and_after_a_reform() -> None:
    (kin,) = tracing.kin("县工商局", ["县工商局", "县市场监督管理局", "县财政局"])
    assert (kin.unit, kin.later) == ("县市场监督管理局", True)
    assert "市场监督" in kin.ground
    (back,) = tracing.kin("县市场监督管理局", ["县工商局"])
    assert not back.later
    assert tracing.gave_over("县工商局")
    assert tracing.took_over("县市场监督管理局")
    assert not tracing.gave_over("县工商联")


NAMES = st.text("县市区财政工业和信息化局委办公室服务中心", min_size=2, max_size=22)
EDGES = st.lists(
    st.tuples(st.integers(0, 39), st.integers(0, 39), st.integers(1, 30), st.booleans()), max_size=120
)


@settings(max_examples=40)
@given(names=st.lists(NAMES, min_size=1, max_size=40, unique=True), edges=EDGES, focused=st.booleans())
def test_every_label_can_be_read(
    names: list[str], edges: list[tuple[int, int, int, bool]], focused: bool
) -> None:
    joined = networkx.Graph()
    joined.add_nodes_from(("丙县", name) for name in names)
    for one, other, weight, led in edges:
        a, b = ("丙县", names[one % len(names)]), ("丙县", names[other % len(names)])
        if a != b:
            joined.add_edge(a, b, weight=weight, led={a: 1} if led else {})
    focus = ("丙县", names[0]) if focused else None
    drawn = picture.draw(joined, focus)
    assert drawn == picture.draw(joined, focus), "the same network is the same picture"
    assert len(drawn.boxes) <= picture.MOST_NODES
    alone = sum(not joined.degree(unit) and unit != focus for unit in joined)
    assert len(drawn.boxes) + drawn.left_out == len(joined) - alone
    for i, one in enumerate(drawn.boxes):
        assert "".join(one.label) == one.unit[1]
        assert one.width / 2 <= one.x <= drawn.width - one.width / 2
        assert one.height / 2 <= one.y <= drawn.height - one.height / 2
        for other in drawn.boxes[i + 1 :]:
            apart = abs(one.x - other.x) >= (one.width + other.width) / 2
            assert apart or abs(one.y - other.y) >= (one.height + other.height) / 2, (one.unit, other.unit)
    shown = {box.unit for box in drawn.boxes}
    among = joined.subgraph(shown)
    assert len(drawn.lines) + drawn.thin == among.number_of_edges()


def test_the_picture_round_a_unit_shows_its_partners(generation: Generation) -> None:
    for row in units(generation)[:20]:
        here = (row.jurisdiction, row.unit)
        partners = network.partners(generation, row.unit, row.jurisdiction)
        star = network.around(row.unit, row.jurisdiction, partners)
        assert {p.unit: p.clauses for p in partners} == {
            unit: held["weight"] for (_, unit), held in star.adj[here].items()
        }
        whole = network.cooperation(generation)
        for (_, unit), held in star.adj[here].items():
            assert held["led"] == whole.edges[here, (row.jurisdiction, unit)]["led"]


def test_no_list_tells_a_draft_or_an_ended_measure_as_in_force(generation: Generation) -> None:
    for row in units(generation):
        for charge in tracing.charges(generation, row.unit, row.jurisdiction, date(2026, 11, 20)):
            policy = generation.record(charge.source).policy
            assert (charge.state == "draft") == (policy.status == "draft")
            assert charge.state != "in_force" or (charge.until or "") >= "2026-11-20"
            assert charge.state != "expired" or (charge.until or "") < "2026-11-20"


def test_validity_is_told_for_the_day_asked(five: str) -> None:
    def standings(**day: str) -> set[str]:
        text = fetch(five + unit_way("鲁山县", "县财政局", **day, format="csv", table="responsible")).text
        return {row[4] for row in csv.reader(io.StringIO(text))}

    assert "有效，至 2022-06-30" in standings(as_of="2022-06-30")
    assert "已过期，至 2022-06-30" in standings(as_of="2022-07-01")
    assert fetch(five + unit_way("鲁山县", "县财政局", as_of="x")).status == 422


def shown(html: str) -> list[list[list[str]]]:
    """Return the tables of a page, cell by cell."""
    tables = lxml.html.fromstring(html).xpath("//table")
    return [
        [
            [" ".join(cell.text_content().split()) for cell in row.xpath("./th|./td")]
            for row in table.xpath(".//tr")
        ]
        for table in tables
    ]


@pytest.mark.parametrize("path", [*PAGES[:4], "/duties/matrix?q=鲁山&role=lead"])
def test_files_hold_what_the_page_shows(five: str, path: str) -> None:
    address = five + quote(path, safe="/?=&%")
    page = fetch(address)
    assert page.status == 200
    keys = dict.fromkeys(
        parse_qs(urlsplit(href).query)["table"][0]
        for href in lxml.html.fromstring(page.text).xpath("//p[contains(@class, 'zw-files')]//a/@href")
        if "table=" in href
    )
    tables = shown(page.text)
    assert len(keys) == len(tables) > 0
    for key, table in zip(keys, tables, strict=True):
        kept = fetch(f"{address}{'&' if '?' in address else '?'}format=csv&table={key}")
        assert kept.headers["content-type"] == "text/csv; charset=utf-8"
        assert "filename*=UTF-8''" in kept.headers["content-disposition"]
        rows = list(csv.reader(io.StringIO(kept.text.removeprefix("\ufeff"), newline="")))
        assert [[" ".join(cell.split()) for cell in row] for row in rows][: len(table)] == table
        book = openpyxl.load_workbook(
            io.BytesIO(fetch(f"{address}{'&' if '?' in address else '?'}format=xlsx&table={key}").body)
        )
        cells = [["" if cell is None else str(cell) for cell in row] for row in book.active.values]
        assert cells == rows


def test_the_whole_page_is_one_workbook(five: str) -> None:
    reply = fetch(five + unit_way("鲁山县", "县财政局", format="xlsx"))
    book = openpyxl.load_workbook(io.BytesIO(reply.body))
    assert book.sheetnames == ["牵头", "责任", "协作单位"]
    link = book["牵头"]["B2"].hyperlink
    assert link.target.startswith(f"{five}/documents/lushan")
    assert fetch(five + unit_way("鲁山县", "县财政局", format="pdf")).status == 422
    assert fetch(five + unit_way("鲁山县", "县财政局", format="csv", table="none")).status == 404


@pytest.mark.parametrize("visit", [WIDE, PHONE], indirect=True, ids=["1280", "360"])
def test_from_a_short_name_to_the_duties(visit: Visit, five: str) -> None:
    page = visit.page
    page.goto(five + "/duties")
    expect(page.get_by_role("navigation", name="职责追溯").get_by_role("link")).to_have_count(6)
    page.get_by_label("单位承担什么").fill("鲁山县人社局")
    page.get_by_role("button", name="查单位").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("县人力资源和社会保障局")
    expect(page.get_by_role("heading", name="牵头（2）")).to_be_visible()
    expect(page.get_by_role("heading", name="责任（3）")).to_be_visible()
    clause = page.locator("#lead + div td a").first
    assert "/documents/lushan#" in (clause.get_attribute("href") or "")
    picture = page.locator(".zw-net > .zw-scroll > svg")
    expect(picture.locator("text").first).to_be_visible()
    assert visit.overflow() == 0


@pytest.mark.parametrize("visit", [WIDE, PHONE], indirect=True, ids=["1280", "360"])
def test_no_barriers_light_or_dark(visit: Visit, five: str) -> None:
    for path in PAGES:
        visit.page.goto(five + path)
        assert visit.overflow() == 0, path
        for scheme in ("light", "dark") if path in PAGES[-3:] else ("light",):
            visit.page.emulate_media(color_scheme=scheme)
            assert visit.barriers() == [], (path, scheme)


def test_labels_stay_in_their_boxes_as_drawn(visit: Visit, five: str) -> None:
    visit.page.goto(five + "/duties/network?place=鲁山县")
    out = visit.page.evaluate(
        """[...document.querySelectorAll('.zw-net .zw-scroll a')].filter(a => {
        const box = a.querySelector('rect').getBBox();
        return [...a.querySelectorAll('text')].some(t => { const b = t.getBBox();
          return b.x < box.x || b.x + b.width > box.x + box.width || b.y < box.y - 2
            || b.y + b.height > box.y + box.height + 2 }) }).map(a => a.textContent.trim())"""
    )
    assert out == []


def test_from_a_measure_to_its_units_without_script(five: str, visit: Visit) -> None:
    context = visit.page.context.browser.new_context(java_script_enabled=False)  # type: ignore[union-attr]
    page = context.new_page()
    page.goto(five + "/duties")
    page.get_by_label("事项由谁承担").fill("房租减免")
    page.get_by_role("button", name="查事项").click()
    row = page.get_by_role("row").filter(has_text="鲁山县").first
    row.get_by_role("link", name="县财政局").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("县财政局")
    context.close()


def test_by_keyboard_alone(visit: Visit, five: str) -> None:
    page = visit.page
    page.goto(five + "/duties")
    page.get_by_label("单位承担什么").focus()
    page.keyboard.type("鲁山县财政局")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("县财政局")
    box = page.locator(".zw-net .zw-scroll a").nth(1)
    name = box.locator("text").all_text_contents()
    box.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("".join(name))


def test_a_clause_is_one_step_away(visit: Visit, five: str) -> None:
    visit.page.goto(five + unit_way("鲁山县", "县财政局"))
    visit.page.locator("#lead + div td a").first.click()
    expect(visit.page.locator(":target")).to_be_in_viewport()


def test_the_matrix_leads_to_the_list(visit: Visit, five: str) -> None:
    page = visit.page
    page.goto(five + "/duties/matrix?role=lead")
    row = page.get_by_role("row").filter(has_text="县财政局")
    row.get_by_role("link", name="6").click()
    expect(page.get_by_text("只列《")).to_be_visible()
    expect(page.get_by_role("heading", name="牵头（6）")).to_be_visible()
    page.get_by_role("link", name="看全部文件").click()
    expect(page.get_by_text("只列《")).to_have_count(0)


def test_the_head_of_the_matrix_stays_in_sight(visit: Visit, five: str) -> None:
    visit.page.goto(five + "/duties/matrix")
    head = visit.page.locator(".zw-matrix thead th").first
    before = head.bounding_box()
    visit.page.locator(".zw-matrix .zw-scroll").evaluate("e => e.scrollTo(60, 500)")
    assert head.bounding_box() == before


def test_reforms_are_told(visit: Visit, small: str) -> None:
    page = visit.page
    page.goto(small + unit_way("丙县", "县工商局"))
    expect(page.locator(".zw-notice")).to_contain_text("县市场监督管理局")
    expect(page.locator("#lead + div")).to_contain_text("<b>办法</b>")
    page.locator(".zw-notice a").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("县市场监督管理局")
    page.goto(small + "/duties?" + urlencode({"q": "县质监局"}))
    expect(page.get_by_role("link", name="县工商局")).to_be_visible()


def test_who_asks_by_a_former_name_is_told_so(visit: Visit, five: str) -> None:
    visit.page.goto(five + "/duties?" + urlencode({"q": "鲁山县工商局"}))
    expect(visit.page.get_by_role("heading", level=1)).to_contain_text("县市场监督管理局")
    expect(visit.page.locator(".zw-notice")).to_contain_text("您查的是“鲁山县工商局”")


def test_what_is_not_there_is_said(visit: Visit, small: str) -> None:
    page = visit.page
    page.goto(small + "/duties?q=火星局")
    expect(page.get_by_text("没有单位叫“火星局”")).to_be_visible()
    assert fetch(small + "/duties/unit?" + urlencode({"name": "火星局"})).status == 404
    page.goto(small + "/duties/network?" + urlencode({"place": UNCLEAR}))
    expect(page.get_by_role("heading", name=UNCLEAR)).to_be_visible()
    assert fetch(small + "/duties/matrix?" + urlencode({"q": "没有的词"})).status == 200
    assert fetch(small + "/duties?part=99").status == 200
