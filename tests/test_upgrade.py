"""Another program's store: an older one's indexes are made anew and told, a newer one's store is refused."""

import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import pytest

from graph.storage.generations import read_manifest, write_manifest
from tests.conftest import REPOSITORY
from tests.made_library import FOLDER, made_store
from tests.served import fetch
from ui.intake import ingest


def zhengwen(*words: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "ui.cli", *map(str, words)]
    return subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)


def test_indexes_of_an_older_program_are_made_anew_once_and_told(tmp_path: Path) -> None:
    with patch("qa.index.FORMAT", 0):
        ingest([FOLDER], tmp_path)
    asked = ("ask", "购买冷藏车补助多少", "--as-of", "2024-10-01", "--store", tmp_path)
    first, second = zhengwen(*asked), zhengwen(*asked)
    assert "正在重新建立" in first.stderr
    assert (second.returncode, second.stderr) == (0, "")
    assert first.stdout == second.stdout


@pytest.fixture
def newer(tmp_path: Path) -> Path:
    """A store of a program to come."""
    store = tmp_path / "store"
    shutil.copytree(made_store(), store)
    folder = store / "generations" / (store / "CURRENT").read_text("utf-8").strip()
    manifest = read_manifest(folder)
    for name in ("manifest.json", "manifest.sha256"):
        (folder / name).unlink()
    write_manifest(folder, replace(manifest, format=99))
    return store


def test_a_newer_programs_store_is_refused_with_a_reason(newer: Path) -> None:
    done = zhengwen("ask", "购买冷藏车补助多少", "--store", newer)
    assert done.returncode == 1
    assert "数据格式版本为 99" in done.stderr
    assert "升级" in done.stderr


def test_a_service_on_a_newer_programs_store_says_so_and_is_not_ready(newer: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "ui.cli", "serve", "--port", "0", "--store", str(newer)]
    log = tmp_path / "log"
    with (
        log.open("w") as errors,
        subprocess.Popen(
            command, cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=errors, text=True
        ) as service,
    ):
        assert service.stdout is not None
        found = re.search(r"http://\S+", service.stdout.readline())
        assert found
        reply = fetch(f"{found.group()}/readyz")
        service.terminate()
        service.communicate(timeout=20)
    assert (reply.status, "数据格式版本为 99" in reply.text) == (503, True)
    told = log.read_text("utf-8")
    assert told.startswith("还没有准备好：")
    assert "Traceback" not in told
