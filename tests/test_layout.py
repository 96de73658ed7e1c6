"""The house keeps its shape: what each command line needs is in the checkout."""

import subprocess
import sys

from tests.conftest import REPOSITORY


def test_ask_does_not_pay_for_heavy_packages() -> None:
    """A one-shot question must not import the web stack, the RDF author or a deep-learning framework."""
    code = (
        "import sys, qa.library, graph.storage.store, ui.cli\n"
        "heavy = {'torch', 'sentence_transformers', 'gradio', 'fastapi', 'rdflib', 'pyshacl', 'networkx'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=REPOSITORY
    )
    assert done.stdout.strip() == "[]"


def test_every_module_stands_in_the_account_of_the_house() -> None:
    page = (REPOSITORY / "docs" / "architecture.md").read_text("utf-8")
    rooms = (path for room in ("ingest", "graph", "qa", "ui") for path in (REPOSITORY / room).rglob("*.py"))
    assert [p.name for p in rooms if p.name != "__init__.py" and f"`{p.name}`" not in page] == []
