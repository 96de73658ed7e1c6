"""Names of administrative divisions (GB/T 2260), for telling whose government a document is from."""

from dataclasses import dataclass
from functools import cache

from data import path
from ingest.lexicon import words


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Full names → codes, and stems (a name without its suffix) → full names."""

    codes: dict[str, tuple[str, ...]]
    stems: dict[str, tuple[str, ...]]
    names: dict[str, str]  # code → full name

    def above(self, code: str) -> tuple[str, ...]:
        """Return the names above a code, nearest first."""
        uppers = [c for c in (code[:4] + "00", code[:2] + "0000") if c != code]
        return tuple(self.names[c] for c in uppers if c in self.names)


@cache
def gazetteer() -> Gazetteer:
    """Read the registry of places once; without the file only the provinces of the lexicon are known."""
    rows: list[tuple[str, str]] = [(f"{i:02d}0000", name) for i, name in enumerate(words().provinces, 1)]
    file = path("registry", "places.tsv")
    if file.is_file():
        lines = (line.split("\t") for line in file.read_text("utf-8").splitlines() if line[:1].isdigit())
        rows = [(cells[0], cells[1].strip()) for cells in lines if len(cells) >= 2]
    codes: dict[str, tuple[str, ...]] = {}
    stems: dict[str, tuple[str, ...]] = {}
    suffixes = sorted(words().division_suffixes, key=len, reverse=True)
    for code, name in rows:
        codes[name] = (*codes.get(name, ()), code)
        suffix = next((s for s in suffixes if name.endswith(s) and len(name) - len(s) >= 2), "")
        if suffix and name not in stems.get(name[: -len(suffix)], ()):
            stem = name[: -len(suffix)]
            stems[stem] = (*stems.get(stem, ()), name)
    return Gazetteer(codes, stems, dict(rows))
