"""The Model Context Protocol: a real process, the SDK's own client over standard input and output."""

import asyncio
import subprocess
import sys
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, StdioServerParameters

from tests.conftest import REPOSITORY

QUESTION = "鲁山县小升规首次入库奖励多少？哪个局牵头？"


def talk(store: Path, said: Callable[[Client], Coroutine[Any, Any, None]]) -> None:
    """Run `zhengwen mcp` over `store` and let `said` speak with it."""

    async def run() -> None:
        command = ["-m", "ui.cli", "mcp", "--store", str(store)]
        started = StdioServerParameters(command=sys.executable, args=command, cwd=REPOSITORY)
        async with Client(started, read_timeout_seconds=120) as client:
            await said(client)

    # The browser of the other tests keeps a loop in this thread.
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, run()).result()


def test_the_tools_say_what_they_do_in_chinese(five_store: Path) -> None:
    async def said(client: Client) -> None:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert set(tools) == {"ask", "search", "unit", "compare"}
        for tool in tools.values():
            assert tool.description
            assert any("\u4e00" <= char <= "\u9fff" for char in tool.description)
            assert tool.annotations is not None
            assert tool.annotations.read_only_hint
            assert tool.output_schema
            for name, about in tool.input_schema["properties"].items():
                assert about.get("description"), f"{tool.name} {name}"
        assert "citations" in tools["ask"].output_schema["properties"]
        assert client.instructions
        assert "逐字" in client.instructions

    talk(five_store, said)


def test_answers_carry_the_clause_word_for_word(five_store: Path, shared: Path) -> None:
    text = (shared / "corpus" / "lushan.txt").read_text("utf-8")

    async def said(client: Client) -> None:
        told = await client.call_tool("ask", {"question": QUESTION})
        assert not told.is_error
        answer = told.structured_content
        assert answer is not None
        assert answer["status"] == "answered"
        assert answer["lead_units"] == ["县统计局"]
        citation = answer["citations"][0]
        assert citation["verified"]
        assert text[citation["start"] : citation["end"]] == citation["quote"]
        assert set(answer["validity"]) == {"state", "from", "until", "note"}

        follow = await client.call_tool("ask", {"question": "哪些单位负责？", "context": [QUESTION]})
        assert follow.structured_content["citations"][0]["locator"] == citation["locator"]

        hits = (await client.call_tool("search", {"query": "小升规奖励", "limit": 3})).structured_content
        assert len(hits["result"]) == 3

        unit = (await client.call_tool("unit", {"name": "鲁山县财政局"})).structured_content
        assert unit["total"] == len(unit["duties"]) > 0

        places = ["鲁山县", "湛河区"]
        table = await client.call_tool("compare", {"topic": "首次入规奖励", "jurisdictions": places})
        assert [row["jurisdiction"] for row in table.structured_content["rows"]] == places

    talk(five_store, said)


def test_what_cannot_be_answered_is_told(five_store: Path) -> None:
    wrong: list[tuple[str, dict[str, Any]]] = [
        ("ask", {"question": "   "}),
        ("ask", {"question": "奖" * 600}),
        ("ask", {"question": "奖励", "as_of": "2022-13-45"}),
        ("ask", {}),
        ("search", {"query": "奖励", "limit": 0}),
        ("unit", {"name": "没有这个单位"}),
        ("compare", {"topic": "奖励", "jurisdictions": ["x"] * 31}),
    ]

    async def said(client: Client) -> None:
        for name, arguments in wrong:
            told = await client.call_tool(name, arguments)
            assert told.is_error, (name, arguments)
            assert "Traceback" not in str(told.content)
        refused = await client.call_tool("ask", {"question": "火星上种地补多少？"})
        assert refused.structured_content["status"] == "no_basis"
        assert refused.structured_content["citations"] == []

    talk(five_store, said)


def test_without_the_package_the_command_says_how_to_get_it(tmp_path: Path) -> None:
    code = "import sys; sys.modules['mcp'] = None; from ui.cli import main; sys.exit(main(sys.argv[1:]))"
    done = subprocess.run(
        [sys.executable, "-c", code, "mcp", "--store", str(tmp_path / "s")],
        capture_output=True, text=True, cwd=REPOSITORY,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stdout == ""
    assert "pip install" in done.stderr


def test_a_bad_setting_is_told_before_it_speaks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHENGWEN_QUESTION_LIMIT", "0")
    done = subprocess.run(
        [sys.executable, "-m", "ui.cli", "mcp", "--store", str(tmp_path / "s")],
        capture_output=True, text=True, cwd=REPOSITORY, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert done.returncode == 2
    assert "ZHENGWEN_QUESTION_LIMIT" in done.stderr
