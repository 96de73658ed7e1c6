"""坐席台 in a real browser: the operator's road by keys alone; the list always belongs to the last text."""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date

import pytest
from playwright.sync_api import Error, Page, Route, expect

from qa.desk import spoken_here
from qa.typed import Typed
from tests.browsing import PHONE, WIDE, Visit
from tests.made_library import AS_OF, made_library, made_store
from tests.served import fetch, served

TEXT = "鲁山 入规 奖"


@pytest.fixture(scope="module")
def made() -> Iterator[str]:
    with served("ui.cli", "serve", "--port", "0", "--store", str(made_store())) as address:
        yield address


def begin(visit: Visit, address: str, text: str = "") -> Page:
    visit.page.goto(f"{address}/desk")
    field = visit.page.get_by_role("combobox", name="来电人问什么")
    expect(field).to_be_focused()
    if text:
        visit.page.keyboard.insert_text(text)
        expect(rows(visit.page).first).to_have_attribute("aria-selected", "true")
    return visit.page


def rows(page: Page):
    return page.get_by_role("listbox").get_by_role("option")


def clipboard(page: Page) -> str:
    text: str = page.evaluate("navigator.clipboard.readText()")
    return text


@pytest.mark.parametrize("visit", [WIDE, PHONE], indirect=True, ids=["1280", "360"])
def test_the_whole_road_by_keys_alone(visit: Visit, five: str) -> None:
    visit.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = begin(visit, five, TEXT)
    keys = page.keyboard
    sheet = page.locator("#desk-sheet")
    first = rows(page).first
    expect(first).to_contain_text("直接回答")
    expect(sheet.get_by_role("heading", level=2)).to_have_text("加大“小升规”奖励考核")
    expect(sheet.locator(".desk-words mark").first).to_have_text("5万元")
    expect(sheet.locator(".desk-facts")).to_contain_text("牵头单位县统计局")
    expect(sheet.locator(".desk-reading")).to_contain_text("县统计局牵头")
    expect(sheet.locator(".desk-title")).to_contain_text("鲁政办〔2022〕23号")
    # down and up: the field keeps the focus, the clause follows, the active option is told
    keys.press("ArrowDown")
    expect(rows(page).nth(1)).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("combobox", name="来电人问什么")).to_have_attribute(
        "aria-activedescendant", "desk-o-2"
    )
    expect(sheet.locator("article")).to_have_attribute(
        "data-locator", rows(page).nth(1).get_attribute("data-locator") or ""
    )
    keys.press("Alt+1")
    expect(first).to_have_attribute("aria-selected", "true")
    expect(sheet.locator("article")).to_have_attribute("data-locator", "附件2/四/（三）")
    # the ticket
    keys.press("Alt+c")
    expect(page.get_by_role("button", name="已复制工单文本")).to_be_visible()
    ticket = clipboard(page)
    for line in (
        f"问题：{TEXT}", "答复：鲁山县：", "（鲁政办〔2022〕23号）附件2/四/（三）", "牵头单位：县统计局",
        "责任单位：县财政局、", "有效性：",
    ):  # fmt: skip
        assert line in ticket
    assert re.search(r"查询时间：\d{4}-\d{2}-\d{2} \d{2}:\d{2}$", ticket)
    # the reading text, the other places, back to the field
    keys.press("Alt+l")
    expect(sheet.locator(".desk-reading")).to_be_focused()
    keys.press("Alt+j")
    others = sheet.locator(".desk-places")
    expect(others).to_be_focused()
    expect(others.get_by_role("listitem").filter(has_text="湛河区")).to_contain_text("5万元")
    keys.press("/")
    expect(page.get_by_role("combobox", name="来电人问什么")).to_be_focused()
    # Enter reads the clause, Escape takes the next call; what was looked up comes back
    keys.press("Enter")
    expect(sheet).to_be_focused()
    keys.press("Escape")
    keys.insert_text("湛河 房租")
    expect(first).to_contain_text("湛河区")
    keys.press("Alt+q")
    expect(rows(page)).to_have_text([TEXT])
    keys.press("ArrowDown")
    keys.press("Enter")
    expect(page.get_by_role("combobox", name="来电人问什么")).to_have_value(TEXT)
    expect(sheet.locator("article")).to_have_attribute("data-locator", "附件2/四/（三）")
    assert visit.overflow() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("visit", [WIDE, PHONE], indirect=True, ids=["1280", "360"])
def test_no_barriers(visit: Visit, five: str, scheme: str) -> None:
    visit.page.emulate_media(color_scheme=scheme)
    page = begin(visit, five)
    assert visit.barriers() == []
    page.keyboard.insert_text(TEXT)
    expect(page.locator(".desk-others li").first).to_be_visible()
    assert visit.barriers() == []
    page.keyboard.press("F1")
    expect(page.get_by_role("dialog", name="快捷键")).to_be_visible()
    assert visit.barriers() == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert visit.overflow() == 0


def test_list_and_clause_stand_side_by_side_or_below_each_other(visit: Visit, five: str) -> None:
    page = begin(visit, five, TEXT)

    def boxes() -> tuple[dict[str, float], dict[str, float]]:
        left, right = page.locator(".desk-left").bounding_box(), page.locator("#desk-sheet").bounding_box()
        assert left
        assert right
        return dict(left), dict(right)

    left, right = boxes()
    assert right["x"] >= left["x"] + left["width"]
    page.set_viewport_size(PHONE)
    left, right = boxes()
    assert right["y"] >= left["y"] + left["height"]


def test_a_late_answer_never_replaces_a_newer_list(visit: Visit, five: str) -> None:
    page = begin(visit, five)
    held: list[Route] = []

    def handle(route: Route) -> None:
        if "q=%E9%B2%81%E5%B1%B1" in (route.request.post_data or "") and not held:
            held.append(route)
        else:
            route.continue_()

    # Without the browser's own abort: what counts is that the list refuses the late one as well.
    page.evaluate("AbortController.prototype.abort = () => {}")
    page.route("**/desk/list", handle)
    page.keyboard.insert_text("鲁山 满产 奖")
    expect(page.locator("#desk-list")).to_be_attached()
    while not held:
        page.wait_for_timeout(10)
    page.keyboard.press("Control+a")
    page.keyboard.insert_text("湛河 房租")
    expect(rows(page).first).to_contain_text("湛河区")
    with page.expect_response("**/desk/list"):
        held[0].continue_()
    page.keyboard.press("ArrowDown")  # whatever comes of the late answer has come by now
    expect(rows(page).first).to_contain_text("湛河区")
    expect(rows(page).nth(1)).to_have_attribute("aria-selected", "true")
    assert not any("鲁山县" in text for text in rows(page).all_inner_texts())


def test_what_is_copied_belongs_to_the_last_key(visit: Visit, five: str) -> None:
    visit.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = begin(visit, five, "湛河 房租")
    expect(page.locator("#desk-sheet article")).to_have_attribute("data-source", "zhanhe")
    held: list[Route] = []
    opened: list[bool] = []
    page.route("**/desk/list", lambda route: route.continue_() if opened else held.append(route))
    page.keyboard.press("Escape")
    page.keyboard.insert_text(TEXT)
    page.keyboard.press("Alt+c")
    while not held:
        page.wait_for_timeout(10)
    assert page.get_by_role("button", name="已复制工单文本").count() == 0
    opened.append(True)
    for route in held:
        with suppress(Error):  # one that the page has given up
            route.continue_()
    expect(page.get_by_role("button", name="已复制工单文本")).to_be_visible()
    assert clipboard(page).startswith(f"问题：{TEXT}\n答复：鲁山县")


def test_keys_of_an_input_method_are_its_own(visit: Visit, five: str) -> None:
    page = begin(visit, five, TEXT)
    before = rows(page).all_inner_texts()
    page.evaluate(
        """() => {
          const field = document.querySelector('#desk-q');
          field.dispatchEvent(new CompositionEvent('compositionstart'));
          field.value += 'xiaosheng';
          field.dispatchEvent(new InputEvent('input', { isComposing: true, bubbles: true }));
          for (const key of ['Enter', 'Escape', 'ArrowDown'])
            field.dispatchEvent(new KeyboardEvent('keydown', { key, isComposing: true, bubbles: true }));
        }"""
    )
    expect(rows(page).first).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("combobox", name="来电人问什么")).to_be_focused()
    assert rows(page).all_inner_texts() == before
    page.keyboard.insert_text("?")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_the_place_is_chosen_once(visit: Visit, five: str) -> None:
    page = begin(visit, five, "首次入库奖励多少")
    expect(page.locator("#desk-count")).to_contain_text("先问来电人在哪里")
    page.get_by_label("辖区").select_option("湛河区")
    expect(page.locator("#desk-count")).not_to_contain_text("先问来电人在哪里")
    page.reload()
    expect(page.get_by_label("辖区")).to_have_value("湛河区")
    page.get_by_role("combobox", name="来电人问什么").fill("首次入库奖励多少")
    expect(rows(page).first).to_contain_text("湛河区")
    assert not any("鲁山县" in text for text in rows(page).all_inner_texts())


def test_where_nothing_answers_nothing_is_passed_off_as_an_answer(visit: Visit, five: str) -> None:
    page = begin(visit, five, "鲁山 量子计算 补贴")
    expect(page.locator("#desk-count")).to_contain_text("没有能直接回答的条款")
    expect(page.locator("#desk-count")).to_contain_text("可转")
    expect(rows(page).first).to_contain_text("最接近")
    assert not page.get_by_text("直接回答", exact=True).count()
    expect(page.locator("#desk-sheet")).to_contain_text("这一条不是答案")
    expect(page.locator(".desk-ticket pre")).to_contain_text("最接近的条款（不是依据）")
    expect(page.locator(".desk-reading")).to_contain_text("没有找到")
    page.get_by_role("combobox", name="来电人问什么").fill("郑州 首次入库 奖励")
    expect(page.locator("#desk-count")).to_contain_text("没有收录郑州")
    expect(rows(page).first).to_contain_text("他处规定")
    expect(page.locator("#desk-sheet")).to_contain_text("不能当作来电人所在地的规定")


def test_without_the_server_the_last_list_stays(visit: Visit, five: str) -> None:
    page = begin(visit, five, TEXT)
    expect(page.locator("#desk-sheet article")).to_be_visible()
    before = rows(page).all_inner_texts()
    page.route("**/desk/*", lambda route: route.abort())
    page.keyboard.insert_text(" 多少")
    expect(page.get_by_role("alert")).to_contain_text(f"下面还是“{TEXT}”的结果")
    assert rows(page).all_inner_texts() == before
    page.unroute("**/desk/*")
    expect(page.get_by_role("alert")).to_be_hidden(timeout=10_000)
    visit.complaints.clear()  # the browser tells of the requests that failed


def test_the_shift_stays_in_the_browser(visit: Visit, five: str) -> None:
    sent: list[str] = []
    page = begin(visit, five, TEXT)
    page.keyboard.press("Enter")
    expect(page.get_by_role("combobox", name="来电人问什么")).not_to_be_focused()  # the clause has it
    page.reload()
    expect(rows(page)).to_have_text([TEXT])
    page.on("request", lambda request: sent.append(request.url + (request.post_data or "")))
    page.get_by_role("button", name="清空本班记录").click()
    expect(rows(page)).to_have_count(0)
    page.reload()
    expect(rows(page)).to_have_count(0)
    assert all("%E5%85%A5%E8%A7%84" not in text for text in sent)


def test_without_script_there_is_a_list_and_a_clause(five: str) -> None:
    html = fetch(f"{five}/desk?q=%E9%B2%81%E5%B1%B1+%E5%85%A5%E8%A7%84+%E5%A5%96").text
    assert "加大“小升规”奖励考核" in html
    assert "牵头单位" in html
    assert fetch(f"{five}/desk?q=%3Cscript%3Ealert(1)%3C/script%3E").text.count("<script>") == 0


@pytest.mark.parametrize(
    ("part", "values", "status"),
    [("list", "q=", 422), ("list", f"q={'x' * 2000}", 422), ("sheet", "source=none&locator=x", 404)],
)
def test_wrong_requests_are_told(five: str, part: str, values: str, status: int) -> None:
    reply = fetch(
        f"{five}/desk/{part}", data=values.encode(), content_type="application/x-www-form-urlencoded"
    )
    assert reply.status == status
    assert reply.json["remedy"]


def test_the_hotline_does_not_send_callers_to_itself() -> None:
    said = "文件没有写责任单位，可以打12345咨询，目前有效。"
    assert spoken_here(said) == "文件没有写责任单位，可以向主管部门咨询，目前有效。"
    assert "12345" not in spoken_here("可以咨询县统计局，或者打12345。")


@pytest.mark.parametrize(
    ("letters", "words"),
    [
        ("xiaoshenggui", "小升规"),
        ("qinghe xiaoshengguijiangli", "青禾 小升规 奖励"),
        ("青禾县 fangzu", "青禾县 房租"),
        ("AI 算力 5G", "AI 算力 5G"),
        ("hello fangz", "hello fangz"),
    ],
)
def test_pinyin_typed_with_the_input_method_off(letters: str, words: str) -> None:
    sounds = {"xiao sheng gui": ["小升规"], "jiang li": ["奖励"], "fang zu": ["房租"], "ai": ["爱"]}
    assert Typed(sounds, ["青禾县"]).read(letters) == words


def test_what_is_cited_stands_first_and_each_clause_once() -> None:
    library = made_library()
    for question in library.examples():
        answer = library.ask(question, as_of=AS_OF)
        found = library.look_up(question, as_of=AS_OF)
        cited = [(c.source, c.locator) for c in answer.citations]
        assert [row.key for row in found.rows][: len(set(cited))] == list(dict.fromkeys(cited))
        assert len({row.key for row in found.rows}) == len(found.rows)
        for row in found.rows[:3]:
            sheet = library.sheet(*row.key, text=question, as_of=date(2024, 10, 1))
            assert sheet is not None
            assert (sheet.source, sheet.locator) == row.key
            assert sheet.mark == row.mark
            assert sheet.reading
