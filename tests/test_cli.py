"""The command line: options, exit status, errors in two lines, what a cold process loads."""

import io
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.served import ROOT
from tests.small_library import QUOTE, SmallLibrary
from ui import cli

COMMANDS = (
    "ingest", "ask", "guide", "facts", "unit", "review", "check", "compare", "sparql", "serve", "remove",
    "backup", "restore", "status",
)  # fmt: skip


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> SmallLibrary:
    library = SmallLibrary()
    monkeypatch.setattr("ui.commands.asking.open_library", lambda _settings: library)
    return library


def zhengwen(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the command as a user does, in a process of its own."""
    command = [sys.executable, "-m", "ui.cli", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)


def test_ask_as_a_person_reads_it(small: SmallLibrary, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["ask", "首次入库奖励多少？"]) == 0
    out = capsys.readouterr().out
    assert re.search(r"^牵头单位 +县统计局$", out, re.MULTILINE)
    assert re.search(r"^责任单位 +县财政局、县工业和信息化局$", out, re.MULTILINE)
    assert re.search(r"^有效性 +有效；至 2026-12-31$", out, re.MULTILINE)
    assert re.search(r"^位置 +附件2/四/（三） 奖励首次入库$", out, re.MULTILINE)
    assert "".join(QUOTE.split()) in out
    assert "**" not in out


def test_ask_json(small: SmallLibrary, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["ask", "奖励多少？", "--json", "--jurisdiction", "青石县"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1
    assert json.loads(lines[0])["amounts"][1]["surface"] == "3万元"
    assert small.asked == [("奖励多少？", (), "青石县")]


def test_a_refusal_has_status_one_and_says_what_is_nearest(
    small: SmallLibrary, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["ask", "火星上种地补多少？"]) == 1
    out = capsys.readouterr().out
    assert "最接近的条款（不是依据）" in out
    assert "牵头单位" not in out


def test_batch_keeps_order_and_identity(
    small: SmallLibrary, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    questions = tmp_path / "questions.jsonl"
    rows = [
        {"id": "b", "question": "奖励多少？", "context": ["青石县"], "as_of": "2022-07-15"},
        {"id": "a", "question": "火星"},
    ]
    questions.write_text("\n\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    assert cli.main(["ask", "--batch", str(questions)]) == 0
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(a["id"], a["status"]) for a in answers] == [("b", "answered"), ("a", "no_basis")]
    assert small.asked[0] == ("奖励多少？", ("青石县",), None)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{", "第 1 行不是 JSON"),
        ('{"question": ""}', "第 1 行没有问题"),
        ('{"question": "x", "as_of": "七月"}', "日期“七月”不对"),
        ('{"question": "x", "context": "y"}', '"context" 类型不对'),
    ],
)
def test_a_bad_batch_is_wrong_use(
    small: SmallLibrary, capsys: pytest.CaptureFixture[str], tmp_path: Path, line: str, told: str
) -> None:
    questions = tmp_path / "questions.jsonl"
    questions.write_text(line, encoding="utf-8")
    assert cli.main(["ask", "--batch", str(questions)]) == 2
    assert told in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        (["ask"], 2, "问题和 --batch"),
        (["ask", "  "], 2, "空的"),
        (["ask", "奖" * 501], 2, "太长"),
        (["ask", "--batch", "no-such-file"], 2, "没有这个文件"),
        (["unit", "不存在局"], 1, "没有“不存在局”"),
    ],
)
def test_errors_are_two_lines_on_standard_error(
    small: SmallLibrary, capsys: pytest.CaptureFixture[str], arguments: list[str], status: int, told: str
) -> None:
    assert cli.main(arguments) == status
    out, err = capsys.readouterr()
    assert out == ""
    what, remedy = err.splitlines()
    assert what.startswith("错误：")
    assert told in what
    assert remedy.startswith("办法：")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "没有写命令"),
        (["ask", "问", "--as-of", "明天"], "“明天”不是日期"),
        (["facts", "--format", "xls"], "不能是 'xls'"),
        (["serve", "--port", "x"], "不对"),
        (["remove"], "缺少参数：文件简称"),
        (["ask", "问", "--none"], "不认识的参数：--none"),
    ],
)
def test_wrong_use_has_status_two(
    capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    with pytest.raises(SystemExit) as stopped:
        cli.main(arguments)
    assert stopped.value.code == 2
    err = capsys.readouterr().err
    assert told in err
    assert len(err.splitlines()) == 2


def test_a_bad_setting_is_wrong_use(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ZHENGWEN_PORT", "many")
    assert cli.main(["ask", "奖励多少？"]) == 2
    assert "ZHENGWEN_PORT" in capsys.readouterr().err


def test_unit(small: SmallLibrary, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["unit", "县统计局"]) == 0
    out = capsys.readouterr().out
    assert "牵头 1 条" in out
    assert "附件2/四/（三）" in out


@pytest.mark.parametrize("command", COMMANDS)
def test_help_is_chinese(capsys: pytest.CaptureFixture[str], command: str) -> None:
    with pytest.raises(SystemExit) as stopped:
        cli.main([command, "--help"])
    assert stopped.value.code == 0
    out = capsys.readouterr().out
    assert out.startswith(f"用法：zhengwen {command}")
    assert "--store" in out
    for english in ("usage", "options", "positional", "show this"):
        assert english not in out


def test_all_commands_of_the_contract_are_there(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["--help"])
    out = capsys.readouterr().out
    assert all(re.search(rf"^ +{command} ", out, re.MULTILINE) for command in COMMANDS)


def test_sparql_reads_standard_input(
    five_store: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("SELECT (COUNT(*) AS ?n) WHERE { ?p pol:source ?s }"))
    assert cli.main(["sparql", "-", "--store", str(five_store)]) == 0
    assert capsys.readouterr().out.split() == ["n", "5"]
    assert cli.main(["sparql", "DELETE WHERE { ?s ?p ?o }", "--store", str(five_store)]) == 1


def test_status_lists_the_documents(five_store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["status", "--store", str(five_store)]) == 0
    out = capsys.readouterr().out
    assert "文件 5 份" in out
    assert re.search(r"lushan .*鲁山县.*有原文.*鲁政办〔2022〕23号", out)
    assert re.search(r"shangjie .*征求意见稿", out)


def test_a_cold_ask_loads_nothing_heavy(five_store: Path) -> None:
    code = (
        "import sys; from ui.cli import main; main(sys.argv[1:]); "
        "heavy = {'gradio', 'fastapi', 'rdflib', 'torch', 'pandas'} & set(sys.modules); "
        "print(*heavy, file=sys.stderr)"
    )
    question = ["ask", "鲁山县小升规首次入库奖励多少？", "--json", "--store", str(five_store)]
    done = subprocess.run(
        [sys.executable, "-c", code, *question], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stderr.strip() == ""
    assert json.loads(done.stdout)["citations"][0]["locator"] == "附件2/四/（三）"


def test_a_taken_port_is_told(five_store: Path) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = zhengwen("serve", "--port", str(taken.getsockname()[1]), "--store", five_store)
    assert done.returncode == 1
    assert "端口" in done.stderr
    assert len(done.stderr.splitlines()) == 2


def test_facts_go_out_in_each_format(
    five_store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = ["--store", str(five_store)]
    assert cli.main(["facts", *store]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    row = next(r for r in rows if (r["source"], r["locator"]) == ("lushan", "附件2/四/（三）"))
    assert row["lead"] == ["县统计局"]
    assert [q["surface"] for q in row["quantities"] if q["role"] == "reward"] == ["5万元", "3万元"]
    for form in ("csv", "nq", "ttl"):
        out = tmp_path / f"facts.{form}"
        assert cli.main(["facts", "--format", form, "--output", str(out), *store]) == 0
        assert "县统计局" in out.read_text(encoding="utf-8")


def test_facts_without_text_carry_no_sentence(
    five_store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = ["--store", str(five_store)]
    assert cli.main(["facts", "--without-text", "--output", str(tmp_path / "knowledge"), *store]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 5
    assert cli.main(["facts", "--without-text", *store]) == 0
    assert all(json.loads(line)["text"] == "" for line in capsys.readouterr().out.splitlines())


def test_check_lists_the_findings(five_store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check", "--store", str(five_store)]) == 0
    out = capsys.readouterr().out
    assert re.search(r"第 \d+ 行 附件2/五/15  number-inferred", out)
    assert "检查了 5 份文件" in out


def test_in_out_and_back_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = tmp_path / "青石.txt"
    document.write_text(
        "青石县关于支持企业的通知\n\n一、奖励企业\n奖励2万元。\n\n责任单位：县统计局\n", "utf-8"
    )
    store, saved = ["--store", str(tmp_path / "store")], str(tmp_path / "saved.tar")
    assert cli.main(["ingest", str(document), *store]) == 0
    assert capsys.readouterr().out.startswith("新增  青石  青石.txt  条款 1")
    assert cli.main(["ingest", str(document), "--quiet", *store]) == 0
    assert capsys.readouterr().out == ""
    assert cli.main(["backup", saved, *store]) == 0
    assert cli.main(["remove", "青石", *store]) == 0
    assert cli.main(["remove", "青石", *store]) == 1
    capsys.readouterr()
    assert cli.main(["restore", saved, *store]) == 0
    assert cli.main(["status", *store]) == 0
    assert "青石" in capsys.readouterr().out
    assert cli.main(["ingest", str(tmp_path / "none.txt"), *store]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 2
