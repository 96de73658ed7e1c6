"""Fixtures shared by the test files: the reference folder and a store with the five policies."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright

from tests.browsing import FLAGS, WIDE, Visit, chromium
from tests.doors import doors, server, standard  # noqa: F401 – fixtures
from tests.served import served

# No test depends on the clock: speed belongs to benchmarks/.
settings.register_profile("zhengwen", deadline=None)
settings.load_profile("zhengwen")

REPOSITORY = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared() -> Path:
    """The reference folder beside the checkout; missing it is an error in CI, a loud skip elsewhere."""
    folder = REPOSITORY.parent / "shared"
    if not (folder / "corpus").is_dir():
        message = f"{folder} is missing: the tests that read the reference documents cannot run"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return folder


@pytest.fixture(scope="session")
def five_store(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the five reference policies ingested."""
    from ui.intake import ingest

    store = tmp_path_factory.mktemp("five") / "store"
    report = ingest([shared / "corpus"], store)
    assert [row.source for row in report.rows if row.outcome == "added"]
    return store


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the whole run; each test gets a window of its own."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield running
        running.close()


@pytest.fixture(scope="session")
def five(five_store: Path) -> Iterator[str]:
    """The address of a service over the five reference policies; tests must not write to it."""
    with served("ui.cli", "serve", "--port", "0", "--store", str(five_store)) as address:
        yield address


@pytest.fixture
def visit(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """A window 1280 wide, or of the size that the test gives as a parameter."""
    context = browser.new_context(viewport=getattr(request, "param", WIDE), locale="zh-CN")
    seen = Visit(context)
    yield seen
    context.close()
    assert seen.hosts <= {"127.0.0.1", "data", "blob"}, "a request left this machine"
    assert seen.complaints == []
