"""有用 and 没用: kept once, changed by who said it, masked; by mouse and by keyboard."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browsing import PHONE, WIDE, Visit
from tests.served import fetch, served
from ui.ledger import Ledger
from ui.settings import Settings


@pytest.fixture
def place(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    store = tmp_path / "store"
    with served("tests.small_service", str(store)) as address:
        yield address, store


def _rows(store: Path) -> list[tuple[bool, str, str, tuple[str, ...], str]]:
    ledger = Ledger(Settings(store=store).ledger_file)
    found = [(r.useful, r.why, r.question, r.cited, r.status) for r in ledger.feedback.rows()]
    ledger.close()
    return found


def test_over_http(place: tuple[str, Path]) -> None:
    address, store = place
    url = address + "/api/v1/feedback"
    first = fetch(
        url, data={"useful": True, "question": "奖励多少？", "cited": ["a 正文/一"], "status": "answered"}
    )
    assert first.status == 201
    assert _rows(store) == [(True, "", "奖励多少？", ("a 正文/一",), "answered")]
    why = "看不懂：请打13800138000"
    changed = fetch(
        url, data={"useful": False, "why": why, "question": "奖励？", "instead_of": first.json["id"]}
    )
    assert changed.status == 201
    ((useful, told, question, _, _),) = _rows(store)
    assert (useful, question) == (False, "奖励？")
    assert told.startswith("看不懂：")
    assert "138001" not in told
    again = fetch(url, data={"useful": True, "instead_of": first.json["id"]})
    assert again.status == 201, "an id serves once; then it is an opinion of its own"
    assert len(_rows(store)) == 2
    for wrong in (
        {"useful": "maybe"},
        {"useful": True, "why": "长" * 221},
        {"useful": True, "cited": ["x"] * 21},
        {"useful": True, "name": "某人"},
        {},
    ):
        refused = fetch(url, data=wrong)
        assert refused.status == 422
        assert refused.headers["content-type"].startswith("application/problem+json")
    assert len(_rows(store)) == 2


def test_a_ledger_that_cannot_be_written_is_told(place: tuple[str, Path], visit: Visit) -> None:
    address, store = place
    visit.open(address)
    visit.ask("奖励多少？")
    file = Settings(store=store).ledger_file
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"no database" * 200)
    visit.last.get_by_role("button", name="有用").click()
    expect(visit.last.locator(".zw-thanks")).to_contain_text("没有记下来")
    expect(visit.last.get_by_role("button", name="有用")).to_have_attribute("aria-pressed", "false")
    visit.complaints.clear()  # the browser reports the 503
    with pytest.raises(sqlite3.DatabaseError):
        sqlite3.connect(file).execute("SELECT * FROM feedback")


@pytest.mark.parametrize("visit", [WIDE, PHONE], indirect=True, ids=["1280", "360"])
def test_by_keyboard(place: tuple[str, Path], visit: Visit) -> None:
    address, store = place
    visit.open(address)
    visit.ask("奖励多少？")
    page, form = visit.page, visit.last.locator(".zw-opinion")
    yes, no = form.get_by_role("button", name="有用"), form.get_by_role("button", name="没用")
    yes.focus()
    page.keyboard.press("Enter")
    expect(form.get_by_role("status")).to_have_text("谢谢，已记下。")
    expect(yes).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Tab")
    expect(no).to_be_focused()
    page.keyboard.press("Space")
    expect(no).to_have_attribute("aria-pressed", "true")
    expect(yes).to_have_attribute("aria-pressed", "false")
    expect(form.get_by_role("radio", name="答非所问")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(form.get_by_role("radio", name="数字不对")).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.type("应是6万元" + "。" * 300)
    expect(form.get_by_text("请不要写姓名、电话、身份证号等个人信息。")).to_be_visible()
    assert visit.barriers() == []
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(form.get_by_role("status")).to_have_text("谢谢，您的意见已转给管理员。")
    expect(no).to_be_focused()
    ((useful, why, question, cited, status),) = _rows(store)
    assert (useful, question, status) == (False, "奖励多少？", "answered")
    assert why.startswith("数字不对：应是6万元")
    assert len(why) <= 220
    assert cited
    page.reload()
    expect(visit.last.get_by_role("button", name="没用")).to_have_attribute("aria-pressed", "true")
    visit.last.get_by_role("button", name="有用").click()
    expect(visit.last.get_by_role("status")).to_have_text("谢谢，已记下。")
    assert [row[0] for row in _rows(store)] == [True], "still the same opinion, changed"
