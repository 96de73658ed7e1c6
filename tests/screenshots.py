"""Takes the pictures of docs/screenshots: python -m tests.screenshots

Made from the bundled knowledge, so that they need nothing but the checkout, and from the invented
documents of the tests where clauses are shown word for word.
"""

import io
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browsing import FLAGS, PHONE, WIDE, Visit, chromium
from tests.made_library import FOLDER as FOLDER_OF_MADE
from tests.made_library import made_store
from tests.served import ROOT, served
from tests.test_web import QUESTION
from ui.ledger import Ledger

CLERK, PASSWORD = "李敏", "a-long-enough-one"
FOLDER = ROOT / "docs" / "screenshots"
MOST = 200_000  # bytes of a picture
TALLEST = 1700  # pixels: below that a page repeats itself
COMPARED = "/duties/compare?d=lushan&d=zhanhe"


def main(wanted: list[str]) -> None:
    """Write every picture anew, or those that are named."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        store = str(Path(temporary) / "store")
        with served("ui.cli", "serve", "--port", "0", "--store", store) as address:
            shots = Shots(browser, address, wanted)
            shots.chat("welcome")
            shots.chat("answer", QUESTION)
            shots.chat("answer-dark", QUESTION, dark=True)
            shots.chat("answer-phone", QUESTION, phone=True)
            shots.chat("refusal", "鲁山县养猪有补贴吗？")
            shots.page("guide", "/guide/lushan/附件2/四/（三）")
            shots.page("duties", "/duties")
            shots.page("unit", "/duties/unit?place=鲁山县&name=县工业和信息化局")
            shots.page("unit-phone", "/duties/unit?place=鲁山县&name=县工业和信息化局", phone=True)
            shots.page("network", "/duties/network")
            shots.page("matrix", "/duties/matrix")
            shots.page("compare", COMPARED)
        made = made_store()
        ledger = Ledger(made / "service.sqlite3")
        ledger.accounts.add(CLERK, PASSWORD, "admin")
        ledger.close()
        with served("ui.cli", "serve", "--port", "0", "--store", str(made)) as address:
            shots = Shots(browser, address, wanted)
            shots.page("desk", "/desk?q=设备更新补多少")
            shots.page("documents", "/documents")
            shots.page("document", "/documents/linjiang")
            shots.page("document-dark", "/documents/linjiang", dark=True)
            shots.signed_in("review", "/admin/review")
            shots.signed_in("upload", "/admin/upload", files=sorted(FOLDER_OF_MADE.glob("*.txt"))[:2])
            shots.signed_in("versions", "/admin/generations")
        with served("tests.small_service", store) as address:
            Shots(browser, address, wanted).chat("clause", "青石县首次入库奖励多少？")
        browser.close()


class Shots:
    """Pictures of one running service."""

    def __init__(self, browser: Browser, address: str, wanted: list[str]) -> None:
        self._browser, self._address, self._wanted = browser, address, wanted

    def chat(self, name: str, *questions: str, dark: bool = False, phone: bool = False) -> None:
        """Ask the questions in a new window and keep what it shows as ``name.png``."""
        if (visit := self._window(name, dark=dark, phone=phone)) is None:
            return
        visit.open(self._address)
        for question in questions:
            visit.ask(question)
        _keep(visit.page, name)

    def page(self, name: str, path: str, *, dark: bool = False, phone: bool = False) -> None:
        """Keep a page of ours as ``name.png``."""
        if (visit := self._window(name, dark=dark, phone=phone)) is None:
            return
        reply = visit.page.goto(self._address + quote(path, safe="/?=&"))
        assert reply is not None
        assert reply.ok, f"{path}: {reply.status}"
        _keep(visit.page, name)

    def signed_in(self, name: str, path: str, files: Sequence[Path] = ()) -> None:
        """Keep a page of the administration; `files` are sent in first."""
        if (visit := self._window(name, dark=False, phone=False)) is None:
            return
        page = visit.page
        page.goto(self._address + "/sign-in?next=" + quote(path, safe=""))
        page.get_by_label("账号", exact=True).fill(CLERK)
        page.get_by_label("密码", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        expect(page).to_have_url(self._address + path)
        if files:
            page.locator("#files").set_input_files(list(files))
            page.get_by_role("button", name="上传并读入").click()
            expect(page.locator(".zw-batch").first).to_have_attribute("data-state", "done", timeout=60_000)
        _keep(page, name)

    def _window(self, name: str, *, dark: bool, phone: bool) -> Visit | None:
        if self._wanted and name not in self._wanted:
            return None
        context = self._browser.new_context(
            viewport=PHONE if phone else WIDE,
            color_scheme="dark" if dark else "light",
            locale="zh-CN",
            reduced_motion="reduce",
        )
        return Visit(context)


def _keep(page: Page, name: str) -> None:
    """Write the page as it stands, as tall as it is, in the fewest colours that still look the same."""
    page.mouse.move(0, 0)
    height = page.evaluate("(document.activeElement.blur(), document.documentElement.scrollHeight)")
    size = page.viewport_size or WIDE  # as tall as the page, so that the composer stands at its end
    page.set_viewport_size({"width": size["width"], "height": min(max(int(height), size["height"]), TALLEST)})
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_timeout(500)  # fonts settle
    taken = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    path = FOLDER / f"{name}.png"
    for colours in (256, 128, 64, 32):
        taken.quantize(colours, dither=Image.Dither.NONE).save(path, optimize=True)
        if path.stat().st_size <= MOST:
            break
    page.context.close()
    print(f"{name}: {path.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main(sys.argv[1:])
