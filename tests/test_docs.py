"""The documentation is tested: commands, options, settings, links, make targets and queries exist as told."""

import argparse
import csv
import io
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from graph.sparql import Table, select
from graph.storage.store import Store
from tests.conftest import REPOSITORY
from ui.cli import build_parser
from ui.http.api import create_api
from ui.ledger import Ledger
from ui.service import Service
from ui.settings import Settings, read_settings

PAGES = sorted([*REPOSITORY.glob("*.md"), *(REPOSITORY / "docs").glob("*.md")])
CONTRACT = (REPOSITORY / "docs" / "contract.md").read_text("utf-8")
README = (REPOSITORY / "README.md").read_text("utf-8")
MODEL = (REPOSITORY / "docs" / "model.md").read_text("utf-8")
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s#]+)(?:#[^)]*)?\)")
_CODE = re.compile(r"`([^`\n]+)`")


def name(page: Path) -> str:
    return str(page.relative_to(REPOSITORY))


def commands() -> dict[str, argparse.ArgumentParser]:
    """Return the parser of each command, and the top one under its own name."""
    top = build_parser()
    found = {"zhengwen": top}
    for action in top._actions:
        if isinstance(action, argparse._SubParsersAction):
            found |= action.choices
    return found


def options() -> Iterator[tuple[str, str]]:
    for command, parser in commands().items():
        for action in parser._actions:
            yield from ((command, option) for option in action.option_strings)


def test_every_command_stands_in_the_contract() -> None:
    table = {
        code.split()[0]
        for line in CONTRACT.splitlines()
        if line.startswith("|")
        for code in _CODE.findall(line)
    }
    assert set(commands()) - {"zhengwen"} <= table


@pytest.mark.parametrize(("command", "option"), sorted(set(options())))
def test_every_option_stands_in_the_contract(command: str, option: str) -> None:
    assert re.search(rf"(?<![\w-]){option}(?![\w-])", CONTRACT), f"{command} {option}"
    if option in ("-h", "--help", "--store", "--version"):
        return  # of all commands
    rows = [line for line in CONTRACT.splitlines() if line.startswith("| `--") and f"`{option}`" in line]
    assert any(re.search(rf"\b{command}\b", row.split("|")[2]) for row in rows), f"{command} {option}"


def test_the_contract_names_no_option_that_does_not_exist() -> None:
    named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", CONTRACT))
    assert named <= {option for _, option in options()}


def test_commands_shown_in_the_pages_exist() -> None:
    known = set(commands())
    for page in PAGES:
        for word in re.findall(r"(?<!-m )\bzhengwen ([a-z]+)", "\n".join(code_of(page))):
            assert word in known, f"{name(page)}: zhengwen {word}"


def code_of(page: Path) -> Iterator[str]:
    """Yield the indented lines and the code spans of a page."""
    text = page.read_text("utf-8")
    yield from (line.strip().removeprefix("$ ") for line in text.splitlines() if line.startswith("    "))
    yield from _CODE.findall(text)


def test_every_setting_stands_in_the_readme_with_its_default() -> None:
    rows = {
        cells[1].strip(" `"): cells[2].strip(" `")
        for cells in (line.split("|") for line in README.splitlines() if line.startswith("| `ZHENGWEN_"))
    }
    assert set(rows) == {f"ZHENGWEN_{field.upper()}" for field in Settings.model_fields}
    for field, about in Settings.model_fields.items():
        if about.default is not None:
            assert rows[f"ZHENGWEN_{field.upper()}"] == str(about.default), field


def test_every_endpoint_stands_in_the_contract(tmp_path: Path) -> None:
    def never() -> object:
        raise AssertionError("the list of endpoints needs no store")

    schema = create_api(
        Service(read_settings(store=tmp_path), never, never, Ledger(tmp_path / "none"))  # type: ignore[arg-type]
    ).openapi()
    for path, methods in schema["paths"].items():
        for method in methods:
            assert re.search(rf"`[^`]*{method.upper()} {re.escape(path)}(?![\w/])[^`]*`", CONTRACT), (
                f"{method} {path}"
            )


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in _LINK.findall(page.read_text("utf-8")):
        if not target.startswith(("http://", "https://")):
            assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_make_targets_exist(page: Path) -> None:
    makefile = (REPOSITORY / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"(?m)^([a-z]+):", makefile))
    for code in code_of(page):
        if found := re.match(r"make ([a-z]+)\b", code):
            assert found[1] in targets, code


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_modules_that_are_run_exist(page: Path) -> None:
    for code in code_of(page):
        for module in re.findall(r"python -m ([a-z_.]+)", code):
            assert find_spec(module), module


def test_the_first_two_commands_are_serve_and_test() -> None:
    first = [line.split("#")[0].strip() for line in README.splitlines() if line.startswith("    ")][:2]
    assert first == ["make serve", "make test"]


def run(store: Path, query: str) -> Table:
    generation = Store.open(store).generation
    assert generation is not None
    return select(generation, query, seconds=60)


def test_the_queries_of_the_model_page_work(five_store: Path) -> None:
    queries = re.findall(r"```sparql\n(.*?)```", MODEL, flags=re.DOTALL)
    assert queries
    for query in queries:
        assert run(five_store, query).rows, query


def test_counts_by_unit_and_role_are_those_of_the_checked_clauses(five_store: Path, shared: Path) -> None:
    """The readme's own query, through the command line, against clauses.jsonl."""
    found = re.search(r"zhengwen sparql '\n(.*?)'\n", README, flags=re.DOTALL)
    assert found
    done = subprocess.run(
        [sys.executable, "-m", "ui.cli", "sparql", found[1], "--store", five_store],
        capture_output=True,
        text=True,
        check=True,
        cwd=REPOSITORY,
    )
    counted = Counter(
        {
            (row["source"], row["unit"], row["role"]): int(row["clauses"])
            for row in csv.DictReader(io.StringIO(done.stdout))
        }
    )
    expected: Counter[tuple[str, str, str]] = Counter()
    for line in (shared / "gold" / "clauses.jsonl").read_text("utf-8").splitlines():
        clause = json.loads(line)
        for role in ("lead", "responsible"):
            expected.update((clause["source"], unit, role) for unit in set(clause[role]))
    assert counted == expected
