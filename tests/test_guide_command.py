"""Guide, reading text and query on the command line."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.served import ROOT
from tests.small_library import SmallLibrary
from ui import cli


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> SmallLibrary:
    library = SmallLibrary()
    monkeypatch.setattr("ui.commands.asking.open_library", lambda _settings: library)
    return library


def test_a_guide_by_its_place(small: SmallLibrary, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["guide", "qingshi", "附件2/四/（三）"]) == 0
    assert capsys.readouterr().out == "申报指南\n以文件为准。\n"


def test_a_guide_by_a_question(small: SmallLibrary, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["guide", "首次入库奖励多少？", "--json", "--as-of", "2022-05-01"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["locator"], told["as_of"]) == ("附件2/四/（三）", "2022-05-01")
    assert told["items"][0]["gifts"][0]["caps"] == ["每户最高10万元"]
    assert "from" in told["validity"]


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        (["qingshi", "附件2/四/（一）"], 1, "工作任务"),
        (["qingshi", "附件9"], 1, "没有条款"),
        (["火星上种地补多少？"], 1, "没有文件规定"),
        (["一", "二", "三"], 2, "参数太多"),
        ([" "], 2, "空"),
    ],
)
def test_a_guide_that_cannot_be_given(
    small: SmallLibrary, capsys: pytest.CaptureFixture[str], words: list[str], status: int, told: str
) -> None:
    assert cli.main(["guide", *words]) == status
    error = capsys.readouterr().err
    assert told in error
    assert "办法：" in error


def test_the_query_of_an_answer_goes_through_the_command(five_store: Path) -> None:
    def zhengwen(*words: str, given: str = "") -> str:
        command = [sys.executable, "-m", "ui.cli", *words, "--store", str(five_store)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, input=given)
        return done.stdout

    question = "鲁山县财政局牵头哪些事项？"
    answer = json.loads(zhengwen("ask", question, "--json"))
    rows = zhengwen("sparql", "-", given=zhengwen("ask", question, "--sparql")).splitlines()
    assert len(rows) - 1 == answer["number"]
    assert zhengwen("ask", question, "--read").strip() == answer["reading"]


def test_an_answer_without_a_query_says_so(small: SmallLibrary, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["ask", "首次入库奖励多少？", "--sparql"]) == 1
    assert "没有对应的查询" in capsys.readouterr().err
