"""Signing in: who gets in, what strangers' pages cannot do, and what is written down."""

import io
import json
import re
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect
from pydantic import SecretStr
from starlette.testclient import TestClient

from graph.review import desk
from graph.storage.store import Store
from tests.browsing import PHONE, WIDE, Visit
from tests.ledgers import CHEAP, PASSWORD, Hand, made
from tests.made_library import FOLDER
from tests.served import served
from tests.small_library import SmallLibrary
from ui.http.api import create_api
from ui.http.journal import Journal
from ui.http.signing import local
from ui.intake import ingest
from ui.ledger import Ledger
from ui.ledger.audit import Filter
from ui.ledger.sessions import ABSOLUTE, IDLE
from ui.opening import current
from ui.pages.registry import ROUTERS
from ui.pages.ways import document
from ui.service import Service
from ui.settings import Settings

OTHER = "傍晚的山路有月光和风声"
KEY = "a-key-of-the-environment"


class Site:
    """The API and the pages in this process, over a ledger whose clock is set by hand."""

    def __init__(
        self, ledger: Ledger, clock: Hand, store: Path, log: io.StringIO | None = None, **settings: object
    ):
        self.ledger, self.clock = ledger, clock
        library = SmallLibrary()
        service = Service(
            Settings(store=store, ledger=ledger.path, **settings),  # type: ignore[arg-type]
            lambda: library,
            lambda: current(Store.open(store)),
            ledger,
        )
        api = create_api(service)
        for router in ROUTERS:
            api.include_router(router(service))
        self.app = Journal(api, log)

    def browser(self, base: str = "http://zhengwen.test", **options: object) -> TestClient:
        return TestClient(self.app, base_url=base, follow_redirects=False, **options)  # type: ignore[arg-type]

    def signed(
        self, name: str = "李明", password: str = PASSWORD, base: str = "http://zhengwen.test"
    ) -> TestClient:
        browser = self.browser(base)
        reply = browser.post("/sign-in", data={"name": name, "password": password})
        assert reply.status_code == 303, reply.text
        return browser

    def deeds(self) -> list[tuple[str, str, str, str]]:
        rows = self.ledger.audit.rows(limit=1000)
        return [(row.who, row.action, row.subject, row.outcome) for row in reversed(rows)]


@pytest.fixture
def clock() -> Hand:
    return Hand()


@pytest.fixture
def site(tmp_path: Path, clock: Hand) -> Site:
    return Site(made(tmp_path / "ledger.sqlite3", clock), clock, tmp_path / "store")


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with one invented document; tests that write put back what they take."""
    store = tmp_path_factory.mktemp("one") / "store"
    ingest([FOLDER / "yunxi.txt"], store)
    return store


def csrf(browser: TestClient, path: str = "/admin/password") -> str:
    found = re.search(r'name="csrf" value="([0-9a-f]{64})"', browser.get(path).text)
    assert found
    return found[1]


def token(browser: TestClient) -> str:
    return str(next(iter(browser.cookies.jar)).value)


# ---- getting in


def test_a_page_leads_to_sign_in_and_back(site: Site) -> None:
    reply = site.browser().get("/admin/audit?who=x&since=2026-01-01")
    assert reply.status_code == 303
    wanted = parse_qs(urlsplit(reply.headers["location"]).query)["next"]
    assert wanted == ["/admin/audit?who=x&since=2026-01-01"]
    back = site.browser().post("/sign-in", data={"name": "李明", "password": PASSWORD, "next": wanted[0]})
    assert (back.status_code, back.headers["location"]) == (303, wanted[0])


def test_without_any_account_the_page_tells_how_to_make_one(tmp_path: Path, clock: Hand) -> None:
    site = Site(Ledger(tmp_path / "new.sqlite3", clock, CHEAP), clock, tmp_path)
    page = site.browser().get("/sign-in").text
    assert "zhengwen user add" in page
    assert 'type="password"' not in page
    for name, password in (("admin", "admin"), ("", ""), ("admin", "password")):
        assert site.browser().post("/sign-in", data={"name": name, "password": password}).status_code == 401


@pytest.mark.parametrize(
    ("base", "https", "name", "secure"),
    [
        ("http://zhengwen.test", False, "zhengwen", False),
        ("https://zhengwen.test", False, "__Host-zhengwen", True),
        ("http://zhengwen.test", True, "__Host-zhengwen", True),
    ],
)
def test_the_cookie_is_kept_from_scripts_and_strangers(
    tmp_path: Path, clock: Hand, base: str, https: bool, name: str, secure: bool
) -> None:
    site = Site(made(tmp_path / "l", clock), clock, tmp_path, https=https)
    browser = site.browser(base)
    reply = browser.post("/sign-in", data={"name": "李明", "password": PASSWORD})
    given, *rules = reply.headers["set-cookie"].split("; ")
    assert given.startswith(name + "=")
    assert {"HttpOnly", "Path=/", "SameSite=lax"} <= set(rules)
    assert ("Secure" in rules) is secure
    assert not any(rule.startswith("Domain") for rule in rules)
    assert not https or browser.get("/admin/password").status_code == 303  # such a browser was lied to
    assert https or browser.get("/admin/password").status_code == 200


def test_a_token_put_into_the_browser_beforehand_is_not_taken_up(site: Site) -> None:
    browser = site.browser(cookies={"zhengwen": "chosen-by-a-stranger"})
    assert browser.get("/admin/password").status_code == 303
    browser.post("/sign-in", data={"name": "李明", "password": PASSWORD})
    tokens = {cookie.value for cookie in browser.cookies.jar}
    assert site.ledger.sessions.find("chosen-by-a-stranger") is None
    assert any(site.ledger.sessions.find(str(value)) for value in tokens)


def test_the_token_changes_at_each_sign_in_and_the_old_one_ends(site: Site) -> None:
    browser = site.signed()
    before = token(browser)
    browser.post("/sign-in", data={"name": "李明", "password": PASSWORD})
    assert token(browser) != before
    assert site.ledger.sessions.find(before) is None
    assert site.ledger.sessions.find(token(browser))


def test_an_unknown_name_and_a_wrong_password_look_the_same(site: Site) -> None:
    def tried(name: str, password: str) -> tuple[int, str]:
        reply = site.browser().post("/sign-in", data={"name": name, "password": password})
        return reply.status_code, reply.text.replace(name, "NAME")

    assert tried("李明", "wrong wrong wrong") == tried("无名", "wrong wrong wrong")
    assert site.deeds() == [
        ("李明", "sign-in", "", "refused"),
        ("（没有这个账号）", "sign-in", "", "refused"),
    ]


def test_a_password_typed_as_the_name_is_not_written_down(site: Site) -> None:
    site.browser().post("/sign-in", data={"name": PASSWORD, "password": ""})
    assert PASSWORD not in str(site.ledger.audit.rows())


def test_guessing_gets_slower_and_the_owner_gets_in(site: Site) -> None:
    browser = site.browser()
    replies = [browser.post("/sign-in", data={"name": "李明", "password": "no"}) for _ in range(5)]
    assert [reply.status_code for reply in replies] == [401, 401, 401, 429, 429]
    assert replies[-1].headers["retry-after"] == "1"
    right = {"name": "李明", "password": PASSWORD}
    assert browser.post("/sign-in", data=right).status_code == 429  # also with the right one
    site.clock.later(seconds=1)
    assert browser.post("/sign-in", data=right).status_code == 303
    assert site.browser().post("/sign-in", data={"name": "李明", "password": "no"}).status_code == 401


@pytest.mark.parametrize(
    "path",
    [
        "https://evil.test/", "//evil.test/", "/\\evil.test", "\\\\evil.test", "/\t/evil.test",
        "javascript:alert(1)", "evil.test", "", "/admin\r\nset-cookie: a=b", "http:/admin", "///evil.test",
        " /admin", "/\\/evil.test",
    ],
)  # fmt: skip
def test_no_one_is_led_to_another_site(site: Site, path: str) -> None:
    reply = site.browser().post("/sign-in", data={"name": "李明", "password": PASSWORD, "next": path})
    assert (reply.status_code, reply.headers["location"]) == (303, "/admin")
    shown = site.browser().get("/sign-in", params={"next": path}).text
    assert 'name="next" value="/admin"' in shown


@pytest.mark.parametrize("path", ["/admin", "/admin/audit?who=a&b=/c", "/admin/review?source=yunxi#f1"])
def test_local_paths_are_kept(path: str) -> None:
    assert local(path) == path


def test_a_session_runs_out(site: Site) -> None:
    idle, used = site.signed(), site.signed()
    for _ in range(int(ABSOLUTE / IDLE) * 2 - 1):
        site.clock.now += IDLE / 2
        assert used.get("/admin/password").status_code == 200
    assert idle.get("/admin/password").status_code == 303
    site.clock.now += IDLE / 2
    assert used.get("/admin/password").status_code == 303


def test_signing_out_ends_the_session(site: Site) -> None:
    browser = site.signed()
    held = token(browser)
    assert browser.get("/sign-out").status_code == 405
    reply = browser.post("/sign-out", data={"csrf": csrf(browser)})
    assert (reply.status_code, reply.headers["location"]) == (303, "/sign-in")
    assert "Max-Age=0" in reply.headers["set-cookie"]
    assert site.ledger.sessions.find(held) is None
    assert browser.get("/admin/password").status_code == 303
    assert site.deeds()[-1] == ("李明", "sign-out", "", "done")


def test_a_flood_of_attempts_is_turned_away_at_once(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    full = threading.BoundedSemaphore(1)
    full.acquire()
    monkeypatch.setattr("ui.ledger.accounts._ROOM", full)
    reply = site.browser().post("/sign-in", data={"name": "李明", "password": PASSWORD})
    assert reply.status_code == 503
    assert "稍后再试" in reply.text
    full.release()
    site.signed()


# ---- strangers' forms


NEW = {"name": "赵强", "password": OTHER, "role": "editor"}


@pytest.mark.parametrize(
    ("mark", "headers"),
    [
        (None, {}),
        ("", {}),
        ("0" * 64, {}),
        ("other", {}),
        ("own", {"origin": "https://evil.test"}),
        ("own", {"origin": "null"}),
        ("own", {"sec-fetch-site": "cross-site"}),
        ("own", {"sec-fetch-site": "same-site"}),
        (None, {"sec-fetch-site": "same-origin", "origin": "http://zhengwen.test"}),
        (None, {"x-csrf-token": "0" * 64}),
        ("own", {"x-csrf-token": ""}),
    ],
)
def test_a_form_without_the_sessions_own_mark_changes_nothing(
    site: Site, mark: str | None, headers: dict[str, str]
) -> None:
    browser = site.signed()
    marks = {"own": csrf(browser), "other": csrf(site.signed("王芳"))}
    data = NEW if mark is None else NEW | {"csrf": marks.get(mark, mark)}
    reply = browser.post("/admin/users/add", data=data, headers=headers)
    assert reply.status_code == 403
    assert "text/html" in reply.headers["content-type"]
    assert "赵强" not in {row.name for row in site.ledger.accounts.all()}


@pytest.mark.parametrize(
    "headers",
    [{}, {"origin": "http://zhengwen.test"}, {"sec-fetch-site": "same-origin"}, {"sec-fetch-site": "none"}],
)
def test_a_form_of_our_own_page_is_taken(site: Site, headers: dict[str, str]) -> None:
    browser = site.signed()
    reply = browser.post("/admin/users/add", data=NEW | {"csrf": csrf(browser)}, headers=headers)
    assert (reply.status_code, reply.headers["location"]) == (303, "/admin/users?done=user-add")
    assert site.ledger.accounts.check("赵强", OTHER)
    assert site.deeds()[-1] == ("李明", "user-add", "赵强", "done")


def test_a_mark_may_come_in_a_header_and_in_a_form_with_files(site: Site) -> None:
    browser = site.signed()
    mark = csrf(browser)
    for name, sent in (
        ("甲甲", {"headers": {"x-csrf-token": mark}, "data": {}}),
        ("乙乙", {"files": {"file": b"x"}, "data": {"csrf": mark}}),
    ):
        data = NEW | {"name": name} | sent.pop("data")  # type: ignore[operator]
        assert browser.post("/admin/users/add", data=data, **sent).status_code == 303  # type: ignore[arg-type]


def test_no_one_is_signed_in_by_anothers_page(site: Site) -> None:
    reply = site.browser().post(
        "/sign-in", data={"name": "李明", "password": PASSWORD}, headers={"origin": "https://evil.test"}
    )
    assert reply.status_code == 403
    assert "set-cookie" not in reply.headers


# ---- roles and accounts


@pytest.mark.parametrize("path", ["/admin/users", "/admin/audit", "/admin/audit.csv"])
def test_an_editor_does_not_see_what_is_for_admins(site: Site, path: str) -> None:
    browser = site.signed("王芳")
    assert browser.get(path).status_code == 403
    assert path.removesuffix(".csv") not in browser.get("/admin/feedback").text


def test_an_editor_makes_no_accounts(site: Site) -> None:
    browser = site.signed("王芳")
    mark = csrf(browser)
    for path in ("add", "password", "remove", "key", "revoke"):
        data = NEW | {"csrf": mark, "id": "1"}
        assert browser.post(f"/admin/users/{path}", data=data).status_code == 403
    assert len(site.ledger.accounts.all()) == 2


def test_ones_own_password(site: Site) -> None:
    browser, elsewhere = site.signed("王芳"), site.signed("王芳")
    mark = csrf(browser)

    def changed(present: str, new: str, again: str) -> int:
        data = {"csrf": mark, "present": present, "password": new, "again": again}
        return browser.post("/admin/password", data=data).status_code

    assert changed("falsch falsch", OTHER, OTHER) == 422
    assert changed(PASSWORD, OTHER, OTHER + "x") == 422
    assert changed(PASSWORD, "短", "短") == 422
    assert elsewhere.get("/admin/password").status_code == 200
    assert changed(PASSWORD, OTHER, OTHER) == 303
    assert elsewhere.get("/admin/password").status_code == 303
    assert browser.get("/admin/password").status_code == 200  # a new session
    assert csrf(browser) != mark
    assert [row[3] for row in site.deeds() if row[1] == "password"] == ["refused", "done"]


def test_an_admin_keeps_accounts_and_keys(site: Site) -> None:
    browser = site.signed()
    mark = csrf(browser)

    def sent(path: str, **data: str) -> tuple[int, str]:
        reply = browser.post(f"/admin/users/{path}", data={"csrf": mark, **data})
        return reply.status_code, reply.text

    assert sent("password", name="王芳", password=OTHER)[0] == 303
    assert site.ledger.accounts.check("王芳", OTHER)
    assert sent("remove", name="李明") == (422, sent("remove", name="李明")[1])
    assert sent("remove", name="王芳")[0] == 303
    status, page = sent("key", name="公文系统", role="editor")
    found = re.search(r"zw_[\w-]{40,}", page)
    assert status == 200
    assert found
    assert found[0] not in browser.get("/admin/users").text
    assert site.ledger.keys.find(found[0])
    assert sent("revoke", id="1")[0] == 303
    assert site.ledger.keys.find(found[0]) is None


# ---- the API


def test_the_api_takes_keys_and_sessions(stored: Path, tmp_path: Path, clock: Hand) -> None:
    site = Site(made(tmp_path / "l", clock), clock, stored, api_key=SecretStr(KEY))
    key = site.ledger.keys.add("公文系统", "editor", "李明")
    anyone, person = site.browser(), site.signed("王芳")
    mark = csrf(person)
    url, body = "/api/v1/documents", (FOLDER / "linjiang.txt").read_bytes()

    def sent(browser: TestClient, **headers: str) -> int:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        return browser.post(url, params={"name": "linjiang.txt"}, content=body, headers=names).status_code

    assert sent(anyone) == 401
    assert sent(anyone, authorization="Bearer wrong") == 401
    assert sent(person) == 403
    assert sent(person, x_csrf_token="0" * 64) == 403
    assert sent(person, x_csrf_token=mark, origin="https://evil.test") == 403
    assert sent(person, x_csrf_token=mark) == 201
    assert sent(anyone, authorization=f"Bearer {key}") == 200
    assert sent(anyone, authorization=f"Bearer {KEY}") == 200
    assert anyone.delete(url + "/linjiang", headers={"authorization": f"Bearer {key}"}).status_code == 204
    assert anyone.delete(url + "/linjiang", headers={"authorization": f"Bearer {key}"}).status_code == 404
    site.ledger.keys.revoke(1)
    assert sent(anyone, authorization=f"Bearer {key}") == 401
    assert [row for row in site.deeds() if row[1] != "sign-in"] == [
        ("王芳", "ingest", "linjiang", "done"),
        ("公文系统", "ingest", "linjiang", "done"),
        ("ZHENGWEN_API_KEY", "ingest", "linjiang", "done"),
        ("公文系统", "remove", "linjiang", "done"),
        ("公文系统", "remove", "linjiang", "failed"),
    ]


def test_a_decision_is_by_whoever_is_signed_in(stored: Path, tmp_path: Path, clock: Hand) -> None:
    site = Site(made(tmp_path / "l", clock), clock, stored, api_key=SecretStr(KEY))
    person = site.signed("王芳")
    url = "/api/v1/review"
    rows = person.get(url, params={"everything": "true"}).json()
    body = {"action": "accept", "by": "别人", "on": "2026-03-02"}
    done = person.post(f"{url}/{rows[0]['id']}", json=body, headers={"x-csrf-token": csrf(person)})
    assert (done.status_code, done.json()["by"]) == (200, "王芳")
    program = {"authorization": f"Bearer {KEY}"}
    done = site.browser().post(f"{url}/{rows[1]['id']}", json=body, headers=program)
    assert done.json()["by"] == "别人"
    body.pop("by")
    assert site.browser().post(f"{url}/{rows[1]['id']}", json=body, headers=program).status_code == 422
    [first] = site.ledger.audit.rows(Filter(who="王芳", actions=("accept",)))
    assert rows[0]["id"] in first.subject
    assert first.request


def test_with_neither_key_nor_account_nothing_is_open(tmp_path: Path, clock: Hand) -> None:
    site = Site(Ledger(tmp_path / "l", clock, CHEAP), clock, tmp_path)
    assert site.browser().get("/api/v1/review").status_code == 403


# ---- when the file is damaged


def test_a_damaged_file_shuts_administration_and_nothing_else(
    stored: Path, tmp_path: Path, clock: Hand
) -> None:
    file = tmp_path / "ledger.sqlite3"
    file.write_bytes(b"nothing of ours " * 1000)
    site = Site(Ledger(file, clock, CHEAP), clock, stored, api_key=SecretStr(KEY))
    browser = site.browser(cookies={"zhengwen": "x"})
    assert browser.post("/api/v1/ask", json={"question": "首次入库奖励多少？"}).status_code == 200
    assert browser.get("/api/v1/policies").status_code == 200
    for path in ("/sign-in", "/admin", "/admin/users"):
        reply = browser.get(path)
        assert (reply.status_code, reply.headers["content-type"]) == (503, "text/html; charset=utf-8")
        assert "已损坏" in reply.text
        assert "备份" in reply.text
    program = {"authorization": f"Bearer {KEY}"}
    assert browser.get("/api/v1/review", headers=program).status_code == 200
    refused = browser.delete("/api/v1/documents/yunxi", headers=program)  # it could not be logged
    assert (refused.status_code, refused.headers["content-type"]) == (503, "application/problem+json")
    assert refused.json()["request_id"] == refused.headers["x-request-id"]
    assert "yunxi" in current(Store.open(stored)).sources


# ---- what is shown and written


def test_the_log_is_found_by_who_what_and_day(site: Site) -> None:
    site.ledger.audit.write("王芳", "accept", subject="yunxi 正文/二 q1")
    site.clock.now += timedelta(days=3)
    for number in range(60):
        site.ledger.audit.write("=cmd()", "remove", subject=f"文件{number}")
    browser = site.signed()

    def shown(**chosen: str) -> str:
        return browser.get("/admin/audit", params=chosen).text

    assert "共 1 条" in shown(who="王芳")
    assert "共 60 条" in shown(action="remove")
    assert "共 1 条" in shown(subject="正文/二")
    assert "共 1 条" in shown(until="2026-03-02")
    assert "共 61 条" in shown(since="2026-03-05", until="not a day")
    older = re.search(r'href="(/admin/audit\?[^"]*before=[^"]*)"', shown(action="remove"))
    assert older
    assert "文件9<" in browser.get(older[1].replace("&amp;", "&")).text
    table = browser.get("/admin/audit.csv", params={"action": "remove"}).content.decode("utf-8-sig")
    assert len(table.splitlines()) == 61
    assert ",'=cmd()," in table
    assert site.deeds()[-1][:2] == ("李明", "export")


def test_the_overview_counts_what_waits(stored: Path, tmp_path: Path, clock: Hand) -> None:
    site = Site(made(tmp_path / "l", clock), clock, stored)
    site.ledger.audit.write("王芳", "ingest", subject="yunxi")
    browser = site.signed("王芳")
    expected = len(desk.rows(current(Store.open(stored))))
    browser.get("/admin")  # counting goes on beside the first page on a slow machine
    page = browser.get("/admin").text
    assert re.search(rf'href="/admin/review">\s*({expected}|…)<', page)
    assert "读入文件" in page
    assert "登录" not in re.sub(r"(?s)<header.*?</header>", "", page)  # writes alone


def test_feedback_is_shown_as_text_and_exported(site: Site) -> None:
    site.ledger.feedback.add(useful=False, question="<b>奖多少</b>", why="不对", cited=["yunxi 正文/二"])
    site.ledger.feedback.add(useful=True, question="有用的问题")
    browser = site.signed("王芳")
    page = browser.get("/admin/feedback").text
    assert "&lt;b&gt;奖多少" in page
    assert f'href="{document("yunxi", "正文/二")}"' in page
    assert "有用的问题" not in browser.get("/admin/feedback?useful=no").text
    assert len(browser.get("/admin/feedback.csv").text.splitlines()) == 3


def test_each_request_has_a_number_and_a_line_that_tells_nothing_of_the_question(
    tmp_path: Path, clock: Hand
) -> None:
    log = io.StringIO()
    site = Site(made(tmp_path / "l", clock), clock, tmp_path, log)
    browser = site.signed()
    own = browser.get("/api/v1/search", params={"q": "奖励秘密"}, headers={"x-request-id": "abc-1.2"})
    assert own.headers["x-request-id"] == "abc-1.2"
    bad = browser.get("/api/v1/policies/secret-name", headers={"x-request-id": "x" * 65})
    assert re.fullmatch("[0-9a-f]{16}", bad.headers["x-request-id"])
    browser.get("/none/secret-path")
    browser.get("/admin/password")
    rows = [json.loads(line) for line in log.getvalue().splitlines()]
    assert [(row["method"], row["path"], row["status"], row["account"]) for row in rows] == [
        ("POST", "/sign-in", 303, ""),
        ("GET", "/api/v1/search", 200, ""),
        ("GET", "/api/v1/policies/{source}", 404, ""),
        ("GET", "/none", 404, ""),
        ("GET", "/admin/password", 200, "李明"),
    ]
    assert rows[1]["request_id"] == "abc-1.2"
    assert all(row["ms"] >= 0 for row in rows)
    assert not re.search("秘密|secret", log.getvalue())


# ---- in a browser


@pytest.fixture(scope="module")
def admitted(five_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A service over the five policies with an admin 李明; its ledger is elsewhere."""
    file = tmp_path_factory.mktemp("ledger") / "service.sqlite3"
    ledger = Ledger(file)
    ledger.accounts.add("李明", PASSWORD, "admin")
    ledger.feedback.add(useful=False, question="首次入规奖多少", why="没说清", cited=["lushan 正文"])
    ledger.close()
    options = ("serve", "--port", "0", "--store", str(five_store))
    with served("ui.cli", *options, ZHENGWEN_LEDGER=str(file)) as address:
        yield address


@pytest.mark.parametrize("visit", [WIDE, PHONE], indirect=True, ids=["wide", "phone"])
def test_the_road_through_administration(admitted: str, visit: Visit, request: pytest.FixtureRequest) -> None:
    page, other = visit.page, f"赵强{request.node.callspec.id}"

    def fine() -> None:
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            assert visit.barriers() == []
        assert visit.overflow() <= 0

    page.goto(admitted + "/admin/users")
    expect(page.get_by_role("heading", level=1)).to_have_text("登录")
    fine()
    expect(page.get_by_label("账号", exact=True)).to_be_focused()
    page.keyboard.type("李明")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("用户与密钥")
    fine()
    page.get_by_text("新建账号").first.click()
    page.get_by_label("账号名").fill(other)
    page.get_by_label("初始密码").fill(OTHER)
    page.get_by_role("button", name="新建账号").click()
    expect(page.get_by_role("status")).to_have_text("账号已建好。")
    expect(page.get_by_role("cell", name=other, exact=True)).to_be_visible()
    for tab, words in (("概览", "近 7 天反馈"), ("反馈", "没说清"), ("操作记录", "新建账号")):
        page.get_by_role("navigation", name="管理").get_by_role("link", name=tab).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(tab)
        expect(page.get_by_text(words).first).to_be_attached()
        fine()
    page.get_by_role("link", name="改密码").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("改密码")
    fine()
    page.get_by_role("button", name="退出").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("登录")
    page.goto(admitted + "/admin")
    expect(page.get_by_role("heading", level=1)).to_have_text("登录")
    page.get_by_label("账号", exact=True).fill("李明")
    page.get_by_label("密码").fill("falsch falsch")
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("alert")).to_have_text("账号或密码不对。")
    fine()
    visit.complaints[:] = [words for words in visit.complaints if "401" not in words]
