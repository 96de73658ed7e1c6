"""What the program knows before it reads anything: registry, lexicon, ontology, model, knowledge.

Word lists, unit names, synonyms and patterns that an official could correct live here as files;
code reads them through `path`, so that a checkout and an installed wheel behave alike.
"""

from pathlib import Path

_FOLDER = Path(__file__).resolve().parent


def path(*parts: str) -> Path:
    """Return the path of a bundled file, e.g. ``path("registry", "units.toml")``."""
    return _FOLDER.joinpath(*parts)
