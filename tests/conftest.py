"""Fixtures shared by the test files: the reference folder and a store with the five policies."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

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
