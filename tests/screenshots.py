"""Takes the pictures of docs/screenshots: python -m tests.screenshots

Made from the bundled knowledge, so that they need nothing but the checkout, and from the invented
document of the tests where a clause is shown word for word.
"""

import tempfile
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import Browser, sync_playwright

from tests.browsing import FLAGS, PHONE, WIDE, Visit, chromium
from tests.served import ROOT, served
from tests.test_web import QUESTION

FOLDER = ROOT / "docs" / "screenshots"


def main() -> None:
    """Write every picture anew."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        store = str(Path(temporary) / "store")
        with served("ui.cli", "serve", "--port", "0", "--store", store) as address:
            shoot(browser, address, "welcome")
            shoot(browser, address, "answer", QUESTION)
            shoot(browser, address, "answer-dark", QUESTION, dark=True)
            shoot(browser, address, "answer-phone", QUESTION, phone=True)
            shoot(browser, address, "refusal", "火星种菜有没有补贴？")
            guide(browser, address + quote("/guide/lushan/附件2/四/（三）"))
        with served("tests.small_service", store) as address:
            shoot(browser, address, "clause", "青石县首次入库奖励多少？")
        browser.close()


def shoot(
    browser: Browser, address: str, name: str, *questions: str, dark: bool = False, phone: bool = False
) -> None:
    """Ask the questions in a new window and keep what it shows as ``name.png``."""
    context = browser.new_context(
        viewport=PHONE if phone else WIDE, color_scheme="dark" if dark else "light", locale="zh-CN"
    )
    visit = Visit(context)
    visit.open(address)
    for question in questions:
        visit.ask(question)
    visit.page.mouse.move(0, 0)
    height = visit.page.evaluate("(document.activeElement.blur(), document.documentElement.scrollHeight)")
    size = PHONE if phone else WIDE  # as tall as the page, so that the composer stands at its end
    visit.page.set_viewport_size({"width": size["width"], "height": max(int(height), size["height"])})
    visit.page.wait_for_timeout(400)  # fonts and the smooth scrolling settle
    visit.page.screenshot(path=FOLDER / f"{name}.png")
    context.close()


def guide(browser: Browser, address: str) -> None:
    """Keep the page of a guide to apply as ``guide.png``."""
    context = browser.new_context(viewport=WIDE, locale="zh-CN")
    page = context.new_page()
    page.goto(address)
    page.screenshot(path=FOLDER / "guide.png", full_page=True)
    context.close()


if __name__ == "__main__":
    main()
