"""The house keeps its four rooms: imports look back, never forward."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY

ROOMS = ("data", "ingest", "graph", "qa", "ui")


def imports(file: Path) -> set[str]:
    """Return the top names that a module imports, at its head or later."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


def test_import_linter_contracts_are_kept() -> None:
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([program, "--no-cache"], capture_output=True, text=True, cwd=REPOSITORY)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 kept, 0 broken" in done.stdout


@pytest.mark.parametrize("room", ROOMS)
def test_rooms_look_back_only(room: str) -> None:
    ahead = set(ROOMS[ROOMS.index(room) + 1 :])
    broken = {
        str(file.relative_to(REPOSITORY)): sorted(found)
        for file in sorted((REPOSITORY / room).rglob("*.py"))
        if (found := imports(file) & ahead)
    }
    assert broken == {}


@pytest.mark.parametrize(
    ("room", "packages"),
    [
        ("ingest", {"pyoxigraph", "rdflib", "faiss", "tantivy", "gradio", "fastapi"}),
        ("graph", {"faiss", "tantivy", "tokenizers", "gradio", "fastapi"}),
        ("qa", {"pyoxigraph", "rdflib", "gradio", "fastapi", "starlette", "uvicorn"}),
    ],
)
def test_rooms_keep_to_their_own_tools(room: str, packages: set[str]) -> None:
    used = {file.name: imports(file) & packages for file in sorted((REPOSITORY / room).rglob("*.py"))}
    assert {name: found for name, found in used.items() if found} == {}


@pytest.mark.parametrize("module", ["qa.library", "ui.cli"])
def test_a_one_shot_question_pays_for_no_heavy_package(module: str) -> None:
    code = (
        f"import sys, {module}\n"
        "heavy = {'torch', 'sentence_transformers', 'gradio', 'fastapi', 'rdflib', 'pyshacl', 'networkx'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=REPOSITORY
    )
    assert done.stdout.strip() == "[]"


def test_no_work_at_import() -> None:
    """Importing everything that answers reads no data file of the program."""
    code = (
        "import sys\n"
        "opened = []\n"
        "sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == 'open' else None)\n"
        "import qa.library, ui.cli, ui.intake\n"
        "ends = ('.toml', '.tsv', '.ttl', '.jsonl', '.safetensors')\n"
        "print([name for name in opened if name.endswith(ends)])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=REPOSITORY
    )
    assert done.stdout.strip() == "[]"
