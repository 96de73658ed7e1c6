"""What is read again and what is not, and what a terminal shows meanwhile."""

import io
from pathlib import Path

import pytest

from tests.made_library import FOLDER
from ui.commands.bar import Bar, told
from ui.intake import ingest, preparing, taking
from ui.intake.incoming import is_address


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("graph.knowledge.bundled", tuple)
    made = tmp_path / "documents"
    made.mkdir()
    for name in ("yunxi.txt", "linjiang.txt"):
        (made / name).write_bytes((FOLDER / name).read_bytes())
    return made


def outcomes(folder: Path, store: Path) -> list[str]:
    return [row.outcome for row in ingest([folder], store).rows]


def test_what_is_unchanged_is_not_even_parsed(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert outcomes(folder, tmp_path / "s") == ["added", "added"]

    def never(*_: object, **__: object) -> None:
        raise AssertionError("was read again")

    monkeypatch.setattr(preparing, "read_bytes", never)
    assert outcomes(folder, tmp_path / "s") == ["unchanged", "unchanged"]


def test_what_another_program_read_is_read_again(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert outcomes(folder, tmp_path / "s") == ["added", "added"]
    with monkeypatch.context() as older:
        older.setattr(taking, "fingerprint", lambda: "newer")
        assert outcomes(folder, tmp_path / "s") == ["replaced", "replaced"]
        assert outcomes(folder, tmp_path / "s") == ["unchanged", "unchanged"]
    assert outcomes(folder, tmp_path / "s") == ["replaced", "replaced"]


def test_the_fingerprint_follows_code_and_word_lists() -> None:
    from graph.reading import fingerprint

    assert fingerprint() == fingerprint()
    fresh = fingerprint.__wrapped__()
    assert fresh == fingerprint()
    assert len(fresh) == 16


def test_the_bar_in_words() -> None:
    assert told(0, 8, "甲.pdf", 0.0) == "░" * 20 + "  0/8 份  甲.pdf"
    assert told(2, 8, "甲.pdf", 1.0) == "█" * 5 + "░" * 15 + "  2/8 份  每秒 2.0 份  还要 3 秒  甲.pdf"
    assert told(1, 8, "甲", 30.0) == "██" + "░" * 18 + "  1/8 份  每份 30 秒  还要 3 分 30 秒  甲"
    assert told(8, 8, "", 7200.0) == "█" * 20 + "  8/8 份  每份 15 分 00 秒  用时 2 小时 00 分"
    assert told(0, 0, "", 0.0).startswith("█" * 20)


def test_the_bar_writes_one_line_over_and_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    out = io.StringIO()
    times = iter([0.0, 1.0, 2.0])
    bar = Bar(out, lambda: next(times))
    bar(1, 2, "很长的文件名" * 20)
    bar(2, 2, "")
    first, last = out.getvalue().split("\r")
    assert len(first) < 45
    assert last.endswith("\n")
    assert "2/2" in last


@pytest.mark.parametrize(
    ("given", "address"),
    [("https://a.example/b", True), ("HTTP://a.example/", True), ("a.txt", False), ("httpd.txt", False)],
)
def test_addresses_and_files(given: str, address: bool) -> None:
    assert is_address(given) is address
    assert not is_address(Path(given))
