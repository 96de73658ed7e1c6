"""管理 in a real browser over a real store: upload, review, versions, taking a document out."""

import io
import tarfile
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote

import docx
import pytest
from playwright.sync_api import Page, expect

from graph.review import desk
from graph.review.desk import doubtful
from graph.storage.store import Store
from tests.browsing import PHONE, WIDE, Visit
from tests.served import fetch, served
from ui import versions
from ui.intake import ingest
from ui.ledger import Ledger
from ui.pages.admin.batches import file_name
from ui.pages.admin.deciding import Queue, Wanted, alike, save
from ui.pages.admin.spool import Spool
from ui.settings import Settings

BOOKS = """沙岭县人民政府办公室关于印发沙岭县支持书店发展办法的通知
沙政办〔2024〕6号

各乡镇人民政府：
现将办法印发给你们。

沙岭县支持书店发展办法

一、支持新开书店
对新开业的实体书店，一次性给予7万元补贴。
责任单位：县文化广电和旅游局、县财政局

二、支持夜间经营
鼓励延长营业时间，给予3万元奖励。
责任单位：县商务局、沙岭银监分局

三、支持阅读活动
举办阅读活动的，给予1万元奖励。
责任单位：县文化广电和旅游局、沙岭银监分局

沙岭县人民政府办公室
2024年5月6日
"""
PEOPLE = {"李敏": "沙岭书店茶园夜灯一号", "王强": "沙岭书店茶园夜灯二号"}
SOON = 60_000


# Each test that writes has a document of its own, alike but for the county.
COUNTIES = {"书店": "沙岭县", "书屋": "云岭县", "书院": "白沙县", "书坊": "石门县", "书亭": "柳泉县"}


def furnish(folder: Path, sources: Iterable[str]) -> Path:
    """Make a store with documents on book shops."""
    for source in sources:
        text = BOOKS.replace("沙岭县", COUNTIES[source])
        (folder / f"{source}.txt").write_text(text, encoding="utf-8")
    ingest([folder / f"{source}.txt" for source in sources], folder / "store", by="建库")
    return folder / "store"


@pytest.fixture
def alone(tmp_path: Path) -> Path:
    """A store of the test's own, without a service."""
    return furnish(tmp_path, ["书店"])


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = furnish(tmp_path_factory.mktemp("admin"), COUNTIES)
    ledger = Ledger(made / "service.sqlite3")
    for name, password in PEOPLE.items():
        ledger.accounts.add(name, password, "editor")
    ledger.close()
    return made


@pytest.fixture(scope="module")
def address(store: Path) -> Iterator[str]:
    with served("ui.cli", "serve", "--port", "0", "--store", str(store), ZHENGWEN_KEEP="50") as found:
        yield found


def sign_in(page: Page, address: str, then: str, who: str = "李敏") -> None:
    page.goto(f"{address}/sign-in?next={quote(then)}")
    page.get_by_label("账号").fill(who)
    page.get_by_label("密码").fill(PEOPLE[who])
    page.get_by_role("button", name="登录").click()
    expect(page.locator(".zw-whoami")).to_contain_text(who)
    page.wait_for_load_state()  # the page's script has run


def tea() -> bytes:
    """A notice about tea gardens, as DOCX."""
    document = docx.Document()
    for line in ("青岭县支持茶园发展办法", "一、支持新茶园", "对新建的茶园，每亩给予800元补助。",
                 "责任单位：县农业农村局、县财政局"):  # fmt: skip
        document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def audit(store: Path) -> list[tuple[str, str, str]]:
    ledger = Ledger(store / "service.sqlite3")
    rows = [(row.who, row.action, row.outcome) for row in ledger.audit.each()]
    ledger.close()
    return rows


def unbarred(visit: Visit) -> None:
    """No barriers, light and dark, and nothing wider than the window."""
    for scheme in ("dark", "light"):
        visit.page.emulate_media(color_scheme=scheme)
        assert visit.barriers() == []
    assert visit.overflow() == 0


# --- the whole road ------------------------------------------------------------------------------


def test_a_document_goes_in_and_out_again(visit: Visit, address: str, store: Path) -> None:
    page, before = visit.page, Store.open(store).generation.name
    number = versions.number(before)
    sign_in(page, address, "/admin/upload")
    page.locator("#files").set_input_files(
        [
            {"name": "茶园 办法.docx", "mimeType": "application/octet-stream", "buffer": tea()},
            {"name": "坏的.docx", "mimeType": "application/octet-stream", "buffer": b"not a document"},
        ]
    )
    expect(page.locator(".zw-chosen li")).to_have_count(2)
    page.get_by_role("button", name="上传并读入").click()
    batch = page.locator(".zw-batch").first
    expect(batch).to_have_attribute("data-state", "done", timeout=SOON)
    expect(batch).to_contain_text("新增 1 份，失败 1 份")
    expect(batch).to_contain_text("青岭县支持茶园发展办法")
    expect(batch.locator(".zw-fault")).to_contain_text("坏的.docx：内容不是 DOCX")
    expect(batch.locator(".zw-fault")).to_contain_text("另存")
    unbarred(visit)
    page.reload()  # coming back shows it
    expect(page.locator(".zw-batch").first).to_contain_text("茶园_办法.docx")

    reply = fetch(f"{address}/api/v1/ask", data={"question": "青岭县新建茶园每亩补助多少"})
    assert "800元" in reply.json["answer"]

    page.goto(f"{address}/admin/generations")
    expect(page.locator("tbody tr").first).to_contain_text("读入文件")
    expect(page.locator("tbody tr").first).to_contain_text("李敏")
    page.get_by_role("link", name=f"退回到版本 {number}", exact=True).click()
    expect(page.locator("main")).to_contain_text("青岭县支持茶园发展办法")
    unbarred(visit)
    page.get_by_label("我看过下面的改变").check()
    page.get_by_role("button", name="退回", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("已退回")
    expect(page.locator("tbody tr").first).to_contain_text(f"退回到版本 {number}")
    unbarred(visit)
    reply = fetch(f"{address}/api/v1/ask", data={"question": "青岭县新建茶园每亩补助多少"})
    assert "800元" not in reply.json["answer"]
    assert Store.open(store).history()[0].cause.of == before
    found = audit(store)
    assert ("李敏", "ingest", "done") in found
    assert ("李敏", "ingest", "failed") in found
    assert ("李敏", "rollback", "done") in found


def test_a_reviewed_fact_shows_in_the_answer_of_the_chat(visit: Visit, address: str, store: Path) -> None:
    page = visit.page
    sign_in(page, address, f"/admin/review?source={quote('书屋')}&kind=quantity")
    cards = page.locator(".zw-fact")
    expect(cards).to_have_count(2)
    figure = cards.filter(has_text="3万元").first
    expect(figure.locator("mark")).to_have_text("3万元")
    unbarred(visit)
    figure.get_by_text("改正", exact=True).click()
    figure.get_by_label("对象").fill("夜间营业的书店")
    figure.get_by_role("button", name="存下改正").click()
    expect(page.locator("#state")).to_contain_text("都存好了，这次存了 1 条", timeout=SOON)
    (row,) = (r for r in desk.history(Store.open(store).generation, "书屋"))
    assert (row.correction.by, row.correction.fields) == ("李敏", (("recipient", "夜间营业的书店"),))
    visit.open(address)
    visit.ask("云岭县书店夜间经营奖励多少")
    expect(visit.last).to_contain_text("3万元", timeout=SOON)


def test_review_by_keys_alone_with_undo(visit: Visit, address: str, store: Path) -> None:
    page = visit.page
    sign_in(page, address, f"/admin/review?source={quote('书院')}")
    before = doubtful(Store.open(store).generation.record("书院"))
    expect(page.locator("#left")).to_have_text(f"还有 {before} 条可疑")
    page.keyboard.press("a")
    page.keyboard.press("r")
    page.keyboard.press("s")
    expect(page.locator("#left")).to_have_text(f"还有 {before - 2} 条可疑")
    expect(page.locator("#state")).to_contain_text("都存好了，这次存了 2 条", timeout=SOON)
    page.keyboard.press("u")
    expect(page.locator("#state")).to_contain_text("都存好了，这次存了 3 条", timeout=SOON)
    expect(page.locator("#left")).to_have_text(f"还有 {before - 1} 条可疑")
    generation = Store.open(store).generation
    assert doubtful(generation.record("书院")) == before - 1
    assert [e.correction.action for e in desk.history(generation, "书院")] == ["accept", "reject", "withdraw"]
    assert all(entry.correction.by == "李敏" for entry in desk.history(generation, "书院"))


def test_equal_facts_are_accepted_together_and_a_missed_unit_is_added(
    visit: Visit, address: str, store: Path
) -> None:
    page = visit.page
    sign_in(page, address, f"/admin/review?source={quote('书坊')}&kind=duty")
    page.get_by_role("button", name="相同的 2 条一起确认").first.click()
    expect(page.locator("main")).to_contain_text("这里没有要核对的了", timeout=SOON)
    assert len(desk.history(Store.open(store).generation, "书坊")) == 2

    page.goto(f"{address}/admin/review/clause?source=书坊&locator=正文/二")
    unbarred(visit)
    page.get_by_label("漏读的文字").fill("营业")
    page.get_by_role("button", name="补充", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("已补充“营业”")
    page.get_by_label("漏读的文字").fill("没有这几个字")
    page.get_by_role("button", name="补充", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("不在")
    visit.complaints.clear()  # the browser tells of the refusal
    units = [duty.unit for duty in Store.open(store).generation.record("书坊").duties]
    assert "营业" in units


@pytest.mark.parametrize("visit", [WIDE, PHONE], indirect=True, ids=["1280", "360"])
def test_every_page_is_without_barriers(visit: Visit, address: str) -> None:
    sign_in(visit.page, address, "/admin/upload")
    source = quote("书店")
    paths = ("upload", "review", "documents", "generations")
    asked = (f"review/clause?source={source}", f"documents/remove?source={source}")
    for path in (*paths, *asked):
        visit.page.goto(f"{address}/admin/{path}")
        unbarred(visit)


def test_a_document_is_taken_out_after_its_name_is_typed(visit: Visit, address: str, store: Path) -> None:
    page = visit.page
    sign_in(page, address, "/admin/documents")
    page.get_by_label("找文件").fill("书亭")
    page.get_by_role("button", name="找", exact=True).click()
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_role("link", name="删去").click()
    page.get_by_label("写上短名").fill("别的")
    page.get_by_role("button", name="删去").click()
    expect(page.get_by_role("alert")).to_contain_text("没有删")
    visit.complaints.clear()  # the browser tells of the refusal
    page.get_by_label("写上短名").fill("书亭")
    page.get_by_role("button", name="删去").click()
    expect(page.get_by_role("status").first).to_contain_text("已删去")
    assert "书亭" not in Store.open(store).generation
    assert Store.open(store).history()[0].cause.by == "李敏"
    with page.expect_download() as caught:
        page.goto(f"{address}/admin/generations")
        page.get_by_role("button", name="下载备份").click()
    with tarfile.open(caught.value.path()) as archive:
        assert "manifest.json" in archive.getnames()


# --- without script, and over HTTP ---------------------------------------------------------------


def test_without_script_everything_is_a_plain_form(browser, address: str, store: Path) -> None:
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    sign_in(page, address, "/admin/upload")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("花圃.docx", tea())
        archive.writestr("说明.xyz", b"?")
    page.locator("#files").set_input_files(
        {"name": "一包.zip", "mimeType": "application/zip", "buffer": packed.getvalue()}
    )
    page.get_by_label("先看结果").check()
    batch = page.locator(".zw-batch").first
    page.get_by_role("button", name="上传并读入").click()
    expect(batch).to_have_attribute("data-state", "done", timeout=SOON)  # it asks again by itself
    expect(batch).to_contain_text("已看，未入库")
    assert "花圃" not in Store.open(store).generation
    page.get_by_role("button", name="入库").first.click()
    expect(batch).to_contain_text("看文件", timeout=SOON)
    assert "花圃" in Store.open(store).generation
    count = page.locator(".zw-batch").count()
    page.get_by_role("button", name="从列表清除").first.click()
    expect(page.locator(".zw-batch")).to_have_count(count - 1)
    page.get_by_role("button", name="上传并读入").click()
    expect(page.get_by_role("alert")).to_contain_text("没有选文件")
    page.goto(f"{address}/admin/review?source=书店")
    page.get_by_role("button", name="确认无误").first.click()
    expect(page.get_by_role("status").first).to_contain_text("刚存了 1 条")
    context.close()


def test_strangers_and_forms_of_others_are_kept_out(address: str, store: Path) -> None:
    name = Store.open(store).generation.name
    for path in ("upload", "upload/line", "review", "generations", "documents", "review/clause?source=x"):
        reply = fetch(f"{address}/admin/{path}")  # follows to the sign-in page
        assert "登录" in reply.text
        assert "csrf" not in reply.text or "sign-in" in reply.text
    for path in (
        "upload",
        "review",
        "review/decisions",
        "generations/rollback",
        "documents/remove",
        "backup",
    ):
        reply = fetch(
            f"{address}/admin/{path}", data=b"to=1&sure=1", content_type="application/x-www-form-urlencoded"
        )
        assert "登录" in reply.text
    assert Store.open(store).generation.name == name


# --- what stands behind --------------------------------------------------------------------------


def test_two_reviewers_at_once(alone: Path) -> None:
    settings = Settings(store=alone)
    queue = Queue()
    rows = queue.rows(Store.open(alone).generation, "书店")
    first, second = rows[0].id, rows[1].id
    assert [t.state for t in save(settings, [Wanted(first, "accept")], by="李敏", on="2024-06-01")] == [
        "saved"
    ]
    taken = save(
        settings, [Wanted(first, "reject"), Wanted(second, "accept"), Wanted("书店:0000000000", "accept")],
        by="王强", on="2024-06-02",
    )  # fmt: skip
    assert [row.state for row in taken] == ["other", "saved", "refused"]
    assert "李敏" in taken[0].told
    generation = Store.open(alone).generation
    assert [e.correction.by for e in desk.history(generation, "书店")] == ["李敏", "王强"]
    assert len(queue.rows(generation, "书店")) == len(rows) - 2
    name = generation.name
    assert save(settings, [Wanted(first, "reject")], by="王强", on="2024-06-03")[0].state == "other"
    assert Store.open(alone).generation.name == name  # nothing to publish


def test_a_withdrawn_decision_leaves_the_fact_as_it_was(alone: Path) -> None:
    settings = Settings(store=alone)
    before = Store.open(alone).generation.record("书店")
    for row in desk.rows(Store.open(alone).generation, "书店"):
        for action in ("accept", "reject"):
            save(settings, [Wanted(row.id, action)], by="李敏", on="2024-06-01")
            assert Store.open(alone).generation.record("书店") != before
            save(settings, [Wanted(row.id, "withdraw", seen=1)], by="李敏", on="2024-06-01")
            assert Store.open(alone).generation.record("书店") == before
        assert save(settings, [Wanted(row.id, "withdraw")], by="李敏", on="2024-06-01")[0].state == "refused"


def test_equal_facts_of_one_document_are_found(alone: Path) -> None:
    rows = desk.rows(Store.open(alone).generation, "书店")
    groups = {ids for ids in alike(rows).values() if len(ids) > 1}
    assert groups
    for ids in groups:
        assert len({row.fact.reason for row in rows if row.id in ids}) == 1


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\文件\\关于 补贴 的通知.DOCX", "关于_补贴_的通知.DOCX"),
        ("通知#1?.pdf", "通知_1.pdf"),
        ("..", "未命名"),
        ("a\x00b\n.txt", "ab.txt"),
        ("长" * 300 + ".docx", "长" * 115 + ".docx"),
        ("没有扩展名", "没有扩展名"),
    ],
)
def test_file_names_of_browsers_are_made_safe(given: str, safe: str) -> None:
    assert file_name(given) == safe


def test_files_of_one_name_stand_apart_and_are_cleared_away(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    job = spool.accept(
        "李敏", [("a.txt", io.BytesIO(b"1")), ("x/a.txt", io.BytesIO(b"2"))], "", preview=False
    )
    assert sorted(path.read_bytes() for path in tmp_path.rglob("*.txt")) == [b"1", b"2"]
    spool.drop(job)
    assert list(tmp_path.iterdir()) == []
