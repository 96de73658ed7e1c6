"""A batch of documents sent in: its files, how far its reading is, and what became of each."""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

OUTCOMES = {"added": "新增", "replaced": "更新", "unchanged": "没有变化", "skipped": "略过", "failed": "失败"}
_NOT_IN_NAMES = re.compile(r'[\s#?%&*:"<>|\\/\x00-\x1f\x7f]+')
_LONGEST = 120  # characters of a file name; file systems take 255 bytes


@dataclass(frozen=True, slots=True)
class Paper:
    """What became of one document; counts are those of its record, `error` says why it was not read."""

    name: str
    source: str
    outcome: str
    title: str = ""
    number: str = ""
    issuer: str = ""
    date: str = ""
    clauses: int = 0
    units: int = 0
    figures: int = 0
    doubtful: int = 0
    error: str = ""


@dataclass(slots=True, eq=False)
class Batch:
    """The files of one upload, in a folder, or a web address; with `preview` nothing is published.

    `digests` has the SHA-256 of each file by its path below the folder, `tries` counts how often its reading
    was begun. The rest is written while it is read: `papers`, `done` of `total` documents, the one `at` work,
    what else is to be told (`note`), findings by short name and severity, the new generation.
    """

    folder: Path
    names: tuple[str, ...]
    address: str = ""
    preview: bool = False
    digests: dict[str, str] = field(default_factory=dict)
    papers: list[Paper] = field(default_factory=list)
    tries: int = 0
    done: int = 0
    total: int = 0
    at: str = ""
    note: str = ""
    findings: dict[str, Counter[str]] = field(default_factory=dict)
    generation: str = ""

    @property
    def titles(self) -> tuple[str, ...]:
        """What was handed in: names of files or the address."""
        return (self.address,) if self.address else self.names

    @property
    def files(self) -> list[Path]:
        """The files on disk, without side files: each is read or told why not, whatever its kind."""
        found = sorted(path for path in self.folder.rglob("*") if path.is_file())
        return [path for path in found if path.suffix.lower() != ".toml"] or found

    def counts(self) -> dict[str, int]:
        """How many documents had each outcome, in the order of `OUTCOMES`."""
        found = Counter(paper.outcome for paper in self.papers)
        return {word: found[name] for name, word in OUTCOMES.items() if found[name]}


def file_name(given: str) -> str:
    """Return a safe file name for one that a browser sent: no path, no blanks or signs that addresses need.

    >>> file_name("C:\\\\文件\\\\关于 补贴 的通知.DOCX")
    '关于_补贴_的通知.DOCX'
    """
    name = unicodedata.normalize("NFC", given).replace("\\", "/").rpartition("/")[2]
    name = "".join(c for c in name if unicodedata.category(c)[0] != "C" or c.isspace())
    stem, dot, suffix = name.strip().rpartition(".")
    stem = _NOT_IN_NAMES.sub("_", (stem if dot else suffix).strip()).strip("._") or "未命名"
    suffix = _NOT_IN_NAMES.sub("", suffix)[:10] if dot else ""
    return stem[: _LONGEST - len(suffix) - 1] + (f".{suffix}" if suffix else "")
