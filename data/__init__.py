"""What the program knows before it reads anything: registry, lexicon, ontology, model, knowledge.

Word lists, unit names, synonyms and patterns that an official could correct live here as files;
code reads them through `path` and `table`, so that a checkout and an installed wheel behave alike.
"""

import tomllib
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).resolve().parent


def path(*parts: str) -> Path:
    """Return the path of a bundled file, e.g. ``path("registry", "units.toml")``."""
    return _FOLDER.joinpath(*parts)


def table(*parts: str) -> dict[str, Any]:
    """Return what a bundled TOML file says, read anew at every call: callers keep what they make of it."""
    return tomllib.loads(path(*parts).read_text("utf-8"))
