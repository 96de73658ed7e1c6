"""A window of a real browser that keeps every request and every complaint."""

import shutil
from importlib.resources import files
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Locator, Page, expect

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}


def chromium() -> str:
    """Return where the browser is; without one these tests fail, they are never passed over."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert path, "Chromium is missing; run `make test`, which installs it"
    return path


class Visit:
    """A window; `hosts` and `complaints` are looked at when the test ends (tests/conftest.py)."""

    def __init__(self, context: BrowserContext) -> None:
        self.page: Page = context.new_page()
        self.hosts: set[str] = set()
        self.complaints: list[str] = []
        context.on("request", lambda r: self.hosts.add(urlsplit(r.url).hostname or urlsplit(r.url).scheme))
        self.page.on("pageerror", lambda e: self.complaints.append(str(e)))
        self.page.on("console", lambda m: self.complaints.append(m.text) if m.type == "error" else None)

    def open(self, address: str) -> None:
        """Open the chat and wait until it takes questions."""
        self.page.goto(address + "/")
        expect(self.page.get_by_label("您的问题")).to_be_visible(timeout=20_000)
        expect(self.page.get_by_role("heading", level=1)).to_have_text("问政策")

    def ask(self, question: str) -> None:
        """Ask in the chat and wait for the answer."""
        turns = self.page.locator(".zw-turn").count()
        self.page.get_by_label("您的问题").fill(question)
        self.page.get_by_role("button", name="提问").click()
        expect(self.page.locator(".zw-turn")).to_have_count(turns + 1, timeout=10_000)

    @property
    def last(self) -> Locator:
        """The last answer of the chat."""
        return self.page.locator(".zw-turn").last

    def barriers(self) -> list[str]:
        """Return what axe-core finds serious or critical on the page as it stands.

        In the dark only the colours are looked at: all else is what the light page has.
        """
        self.page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8"))
        found = self.page.evaluate(
            """axe.run(document, matchMedia('(prefers-color-scheme: dark)').matches
                 ? { runOnly: ['color-contrast'] } : {})"""
        )["violations"]
        return [
            f"{row['impact']} {row['id']}: {node['html'][:200]}"
            for row in found
            if row["impact"] in ("serious", "critical")
            for node in row["nodes"]
        ]

    def overflow(self) -> int:
        """Return by how many pixels the page is wider than its window."""
        wide: int = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        return wide
