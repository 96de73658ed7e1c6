"""The citizen's page in a real browser: by mouse, by keyboard, on a telephone; nothing leaves the machine."""

import gzip
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.browsing import PHONE, WIDE, Visit
from tests.served import fetch, served
from ui.app import _listen
from ui.frame import asset
from ui.settings import Settings

QUESTION = "鲁山县小升规首次入库奖励多少？哪个局牵头？"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served("tests.small_service", str(tmp_path_factory.mktemp("none") / "store")) as address:
        yield address


@pytest.mark.parametrize("visit", [WIDE, PHONE], indirect=True, ids=["1280", "360"])
def test_the_first_question(visit: Visit, five: str) -> None:
    visit.open(five)
    visit.ask(QUESTION)
    answer = visit.last.locator(".zw-plain")
    for figure in ("5万元", "3万元"):
        expect(answer).to_contain_text(figure)
    facts = visit.last.locator(".zw-facts")
    expect(facts).to_contain_text("牵头单位")
    expect(facts).to_contain_text("县统计局")
    for unit in ("县财政局", "县工业和信息化局", "县人力资源和社会保障局", "各乡镇政府"):
        expect(facts).to_contain_text(unit)
    clause = visit.last.locator("details.zw-clause").first
    expect(clause).to_have_attribute("open", "")
    expect(clause.locator(".zw-quote").first).to_contain_text(re.compile(r"5\s*万元"))
    expect(clause.locator(".zw-path")).to_contain_text("附件2")
    assert clause.locator("mark").count() >= 2
    width = visit.page.evaluate("document.documentElement.scrollWidth")
    assert width <= visit.page.viewport_size["width"], "the page scrolls sideways"


def test_by_keyboard_alone(visit: Visit, small: str) -> None:
    visit.open(small)
    page = visit.page
    for _ in range(12):  # tab until the question box has the focus
        if page.evaluate("document.activeElement?.closest('#zw-box') !== null"):
            break
        page.keyboard.press("Tab")
    page.keyboard.type("首次入库奖励多少？")
    page.keyboard.press("Enter")
    expect(visit.last.locator(".zw-plain")).to_contain_text("5万元")
    expect(page.get_by_role("status").filter(has_text="5万元")).to_have_count(1)
    assert page.evaluate("document.activeElement?.closest('#zw-box') !== null"), "the focus stays in the box"
    clause = visit.last.locator("details.zw-clause").first
    for _ in range(12):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement?.matches('.zw-clause > summary')"):
            break
    page.keyboard.press("Enter")
    expect(clause).not_to_have_attribute("open", "")
    chip = page.get_by_role("button", name="现在还有效吗？")
    chip.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".zw-turn")).to_have_count(2)
    expect(visit.last.locator(".zw-q")).to_contain_text("现在还有效吗？")


def test_markup_from_outside_is_text(visit: Visit, small: str) -> None:
    visit.open(small)
    attack = "<img src=x onerror=\"document.title='taken'\"><script>document.title='taken'</script>奖励"
    visit.ask(attack)
    expect(visit.last.locator(".zw-q")).to_contain_text(attack)
    visit.ask("奖励${document.title='taken'}{{value}}`${1}`")
    expect(visit.last.locator(".zw-q")).to_contain_text("奖励${document.title='taken'}{{value}}`${1}`")
    expect(visit.last.locator(".zw-quote").first).to_contain_text("<b>不是标记</b>")
    assert visit.page.locator(".zw-turn img, .zw-turn script, .zw-turn b").count() == 0
    assert visit.page.title() == "问政策"


@pytest.mark.parametrize("visit", [WIDE, PHONE], indirect=True, ids=["1280", "360"])
def test_a_refusal_helps(visit: Visit, small: str) -> None:
    visit.open(small)
    visit.ask("火星上种地补多少？")
    card = visit.last
    expect(card).to_contain_text("没有找到依据")
    expect(card).to_contain_text("最接近的条款（不是依据，仅供参考）")
    expect(card).to_contain_text("培训企业")
    expect(card.locator(".zw-whom")).to_contain_text("县统计局")
    expect(card.locator(".zw-whom")).to_contain_text("12345")
    assert card.locator(".zw-facts").count() == 0


def test_what_was_opened_stays_open(visit: Visit, small: str) -> None:
    visit.open(small)
    visit.ask("奖励多少？")
    neighbours = visit.page.locator("details.zw-near").last
    neighbours.locator("summary").click()
    visit.ask("火星上呢？")
    expect(neighbours).to_have_attribute("open", "")
    expect(visit.page.locator(".zw-welcome")).to_be_hidden()


def test_earlier_questions_go_along(visit: Visit, small: str) -> None:
    visit.open(small)
    visit.ask("奖励多少？")
    visit.ask("上一个问题是什么？")
    expect(visit.last.locator(".zw-plain")).to_contain_text("您先问的是：奖励多少？")


def test_a_defect_is_told_in_chinese(visit: Visit, small: str) -> None:
    visit.open(small)
    visit.ask("出错")
    expect(visit.last).to_contain_text("没有答成")
    expect(visit.last).to_contain_text("请稍后再问")
    visit.ask("奖" * 501)
    expect(visit.last).to_contain_text("500 字")
    visit.ask("奖励多少？")
    expect(visit.last).to_contain_text("5万元")


def test_a_choice_is_one_tap(visit: Visit, small: str) -> None:
    visit.open(small)
    visit.ask("哪里有奖励？")
    visit.last.get_by_role("button", name="白河县").click()
    expect(visit.page.locator(".zw-turn")).to_have_count(2)
    expect(visit.last.locator(".zw-q")).to_contain_text("白河县")


def test_the_guide_opens_beside_the_conversation(visit: Visit, small: str) -> None:
    visit.open(small)
    visit.ask("首次入库奖励多少？")
    with visit.page.context.expect_page() as opened:
        visit.last.get_by_role("link", name="申报指南").click()
    guide = opened.value
    guide.wait_for_load_state()
    complaints: list[str] = []
    guide.on("console", lambda m: complaints.append(m.text))
    guide.reload()
    expect(guide.get_by_role("heading", level=1)).to_have_text("奖励首次入库")
    expect(guide.get_by_role("table")).to_contain_text("每户最高10万元")
    expect(guide.locator("body")).to_contain_text("申报时间、到哪里申报")
    guide.set_viewport_size(PHONE)
    assert guide.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    guide.emulate_media(media="print")
    expect(guide.locator(".zw-copy")).to_be_hidden()
    assert complaints == []
    expect(visit.last.locator(".zw-plain")).to_contain_text("5万元")


def test_the_reading_text_is_copied(visit: Visit, five: str) -> None:
    visit.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visit.open(five)
    visit.ask("鲁山县财政局牵头哪些事项？")
    visit.last.locator("summary", has_text="朗读稿").click()
    visit.last.get_by_role("button", name="复制朗读稿").click()
    expect(visit.page.get_by_role("button", name="已复制")).to_be_visible()
    assert visit.page.evaluate("navigator.clipboard.readText()").startswith("鲁山县财政局牵头的共6项")
    visit.last.locator("summary", has_text="查询语句").click()
    expect(visit.last.locator("pre")).to_contain_text("SELECT")


def test_the_place_is_chosen_once(visit: Visit, small: str) -> None:
    visit.open(small)
    visit.page.get_by_label("所在地区").select_option("青石县")
    visit.ask("火星上种地补多少？")
    expect(visit.last.locator(".zw-said")).to_contain_text("按青石县回答")
    visit.last.get_by_role("button", name="换地区").click()
    expect(visit.page.get_by_label("所在地区")).to_be_focused()
    other = visit.page.context.new_page()  # another window begins with it, and chooses for itself
    other.goto(small + "/")
    expect(other.get_by_label("所在地区")).to_have_value("青石县")
    other.get_by_label("所在地区").select_option("白河县")
    visit.open(small)
    expect(visit.page.get_by_label("所在地区")).to_have_value("青石县")


def test_examples_come_from_the_store(visit: Visit, small: str) -> None:
    visit.open(small)
    visit.page.get_by_role("button", name="青石县首次入库奖励多少？").click()
    expect(visit.last.locator(".zw-plain")).to_contain_text("5万元")


def test_what_a_screen_reader_finds(visit: Visit, small: str) -> None:
    visit.open(small)
    visit.ask("首次入库奖励多少？")
    page = visit.page
    assert page.evaluate("document.documentElement.lang") == "zh-CN"
    assert page.locator("h1").count() == 1
    expect(page.get_by_role("article", name="首次入库奖励多少？")).to_be_visible()
    expect(page.get_by_role("table", name="条款里的数额")).to_be_visible()
    nameless = page.evaluate(
        """[...document.querySelectorAll('button, input, textarea, summary, a[href]')]
        .filter(e => e.checkVisibility())
        .filter(e => !(e.textContent.trim() || e.labels?.length || e.ariaLabel)).length"""
    )
    assert nameless == 0


def test_the_conversation_outlives_a_reload(visit: Visit, small: str) -> None:
    visit.open(small)
    visit.ask("奖励多少？")
    visit.last.locator("details.zw-near").last.locator("summary").click()
    visit.page.reload()
    expect(visit.page.locator(".zw-turn")).to_have_count(1)
    expect(visit.last.locator(".zw-plain")).to_contain_text("5万元")
    expect(visit.last.locator("details.zw-near").last).to_have_attribute("open", "")
    expect(visit.page.locator(".zw-welcome")).to_be_hidden()
    visit.ask("上一个问题是什么？")
    expect(visit.last.locator(".zw-plain")).to_contain_text("您先问的是：奖励多少？")
    visit.page.get_by_role("link", name="管理", exact=True).click()
    visit.page.go_back()
    expect(visit.page.locator(".zw-turn")).to_have_count(2)
    other = visit.page.context.new_page()  # another window has a conversation of its own
    other.goto(small + "/")
    expect(other.locator(".zw-welcome")).to_be_visible()
    expect(other.locator(".zw-turn")).to_have_count(0)
    visit.page.get_by_role("button", name="清空对话").click()
    expect(visit.page.locator(".zw-turn")).to_have_count(0)
    expect(visit.page.locator(".zw-welcome")).to_be_visible()
    visit.page.reload()
    expect(visit.page.get_by_label("您的问题")).to_be_visible()
    expect(visit.page.locator(".zw-turn")).to_have_count(0)


def test_a_question_in_the_address_is_asked_once(visit: Visit, small: str) -> None:
    visit.page.goto(small + "/?q=奖励多少？&place=青石县")
    expect(visit.page.locator(".zw-turn")).to_have_count(1)
    expect(visit.last.locator(".zw-q")).to_contain_text("奖励多少？")
    expect(visit.page.get_by_label("所在地区")).to_have_value("青石县")
    assert visit.page.url == small + "/"
    visit.page.reload()
    expect(visit.page.get_by_label("您的问题")).to_be_visible()
    expect(visit.page.locator(".zw-turn")).to_have_count(1)
    visit.page.goto(small + "/?q=" + "奖" * 501)
    expect(visit.page.get_by_label("您的问题")).to_have_value("奖" * 500)
    expect(visit.page.locator(".zw-turn")).to_have_count(1)


def test_without_a_script_a_page_an_answer(browser: Browser, small: str) -> None:
    context = browser.new_context(viewport=PHONE, locale="zh-CN", java_script_enabled=False)
    page = context.new_page()
    page.goto(small + "/")
    page.get_by_label("所在地区").select_option("青石县")
    page.get_by_label("您的问题").fill("首次入库奖励多少？<b>")
    page.get_by_role("button", name="提问").click()
    expect(page.locator(".zw-turn")).to_have_count(1)
    expect(page.locator(".zw-q")).to_contain_text("首次入库奖励多少？<b>")
    expect(page.locator(".zw-plain")).to_contain_text("5万元")
    expect(page.get_by_label("所在地区")).to_have_value("青石县")
    for dead in (".zw-opinion", ".zw-chips", "button.zw-copy"):
        assert page.locator(dead).locator("visible=true").count() == 0
    page.goto(small + "/ask")
    assert page.url == small + "/"
    context.close()


def test_a_question_does_not_wait_for_the_one_before(visit: Visit, small: str) -> None:
    visit.open(small)
    held: list[Route] = []
    page = visit.page
    page.route("**/ask/card", lambda route: held.append(route) if not held else route.continue_())
    box, send = page.get_by_label("您的问题"), page.get_by_role("button", name="提问")
    box.fill("奖励多少？")
    send.click()
    expect(page.locator(".zw-wait")).to_contain_text("正在查找")
    box.fill("首次入库呢？")
    send.click()
    expect(page.locator(".zw-turn")).to_have_count(1)
    held[0].continue_()
    expect(page.locator(".zw-turn")).to_have_count(2)
    expect(page.locator(".zw-wait")).to_have_count(0)


def test_a_cleared_conversation_stays_clear(visit: Visit, small: str) -> None:
    visit.open(small)
    visit.ask("奖励多少？")
    held: list[Route] = []
    page = visit.page
    page.route("**/ask/card", lambda route: held.append(route))
    page.get_by_label("您的问题").fill("首次入库呢？")
    page.get_by_role("button", name="提问").click()
    expect(page.locator(".zw-wait")).to_contain_text("正在查找")
    page.get_by_role("button", name="清空对话").click()
    with page.expect_response("**/ask/card"):
        held[0].continue_()
    page.wait_for_timeout(100)
    expect(page.locator(".zw-turn")).to_have_count(0)


@pytest.mark.parametrize("visit", [WIDE, PHONE], indirect=True, ids=["1280", "360"])
def test_many_questions_at_once(visit: Visit, small: str) -> None:
    page = visit.page
    page.goto(small + "/batch")
    expect(page.get_by_role("heading", level=1)).to_have_text("批量试问", timeout=20_000)
    page.get_by_label("问题").fill(
        "首次入库奖励多少？\n\n" + "奖" * 501 + "\n火星上种地补多少？" + "\n奖励？" * 60
    )
    page.get_by_role("button", name="提问").click()
    expect(page.get_by_text("共 50 问，后面 13 问没有问")).to_be_visible()
    for told in ("5万元", "问题超过 500 字", "没有找到依据"):
        expect(page.get_by_role("gridcell").filter(has_text=told).first).to_be_attached()
    assert visit.barriers() == []
    assert visit.overflow() <= 0


def test_a_service_that_is_gone_and_back(browser: Browser, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    context = browser.new_context(viewport=WIDE, locale="zh-CN")  # complaints of the browser are due here
    visit, store = Visit(context), str(tmp_path / "store")
    with served("tests.small_service", store, port) as address:
        visit.open(address)
        visit.ask("奖励多少？")
    page = visit.page
    page.get_by_label("您的问题").fill("首次入库呢？")
    page.get_by_role("button", name="提问").click()
    lost = page.locator(".zw-lost")
    expect(lost).to_contain_text("您的问题已保留")
    page.get_by_role("button", name="再问一次").click()
    expect(lost).to_contain_text("还是连不上服务")
    with served("tests.small_service", store, port):
        expect(lost).to_contain_text("服务已恢复", timeout=10_000)
        page.get_by_role("button", name="再问一次").click()
        expect(page.locator(".zw-turn")).to_have_count(2, timeout=20_000)
        expect(visit.last.locator(".zw-q")).to_contain_text("首次入库呢？")
    context.close()


@pytest.mark.parametrize("visit", [WIDE, PHONE], indirect=True, ids=["1280", "360"])
@pytest.mark.parametrize("look", ["light", "dark", "high", "huge"])
def test_no_barriers(visit: Visit, five: str, look: str) -> None:
    page = visit.page
    page.emulate_media(color_scheme="dark" if look == "dark" else "light")
    visit.open(five)
    if look in ("high", "huge"):
        kind, name = ("对比度", "高") if look == "high" else ("字号", "特大")
        page.locator(".zw-display summary").click()
        page.get_by_role("group", name=kind).get_by_role("button", name=name, exact=True).click()
        page.keyboard.press("Escape")
    assert visit.barriers() == []
    questions = (
        QUESTION,
        "火星种菜有没有补贴？",
        "鲁山县和湛河区的房租怎么减免？",
        "鲁山县财政局牵头哪些事项？",
    )
    for question in questions:
        visit.ask(question)
        assert visit.overflow() <= 0, question
    visit.last.get_by_role("button", name="没用").click()
    assert visit.barriers() == []
    box, send = page.locator("#zw-box textarea"), page.get_by_role("button", name="提问")
    expect(box).to_be_in_viewport(ratio=1)
    expect(send).to_be_in_viewport(ratio=1)
    assert (
        page.evaluate("innerHeight - document.querySelector('#zw-composer').getBoundingClientRect().top")
        < 240
    )


def test_a_print_holds_the_answer_alone(visit: Visit, small: str) -> None:
    visit.open(small)
    visit.ask("奖励多少？")
    visit.ask("首次入库呢？")
    visit.page.evaluate("window.print = () => { window.seen = document.body.className }")
    visit.last.get_by_role("button", name="打印").click()
    assert "zw-printing" in visit.page.evaluate("window.seen")
    visit.page.emulate_media(media="print")
    for gone in (
        "#zw-composer",
        ".zw-bar",
        ".zw-opinion >> nth=0",
        ".zw-chips >> nth=0",
        ".zw-tools >> nth=0",
    ):
        expect(visit.page.locator(gone)).to_be_hidden()
    expect(visit.last.locator(".zw-quote").first).to_be_visible()


def test_what_never_changes_is_sent_from_memory(small: str) -> None:
    listener = _listen(Settings(host="127.0.0.1", port=0))
    with listener:
        assert listener.proto == socket.IPPROTO_TCP, "asyncio leaves Nagle on: 40 ms an answer"
    page = fetch(small + "/batch/").text
    (script,) = re.findall(r'src="\./(assets/index-[^"]+\.js)"', page)
    for address in (f"{small}/batch/{script}", small + asset("ask.js")):
        first, again = (fetch(address, accept_encoding="gzip") for _ in range(2))
        assert first.status == again.status == 200
        assert first.body == again.body
        assert again.headers["content-encoding"] == "gzip"
        assert again.headers["content-length"] == str(len(again.body))
        assert "immutable" in again.headers["cache-control"]
        plain = fetch(address)
        assert "content-encoding" not in plain.headers
        assert gzip.decompress(again.body) == plain.body
    assert fetch(small + "/batch/assets/none.js").status == 404


def test_the_page_follows_the_store(visit: Visit, shared: Path, tmp_path: Path) -> None:
    from ui.intake import ingest

    store = tmp_path / "store"
    ingest([shared / "corpus" / "lushan.txt"], store)
    with served("ui.cli", "serve", "--port", "0", "--store", str(store)) as address:
        visit.open(address)
        ingest([shared / "corpus" / "zhanhe.txt"], store)
        visit.page.wait_for_timeout(1200)  # the service looks at the store once a second
        visit.open(address)
        visit.page.get_by_label("所在地区").select_option("湛河区")
        visit.ask("房租减免几个月？")
        expect(visit.last.locator(".zw-doc").first).to_contain_text("湛河区")
