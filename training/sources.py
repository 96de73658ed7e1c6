"""Read the training files: what each file holds, nothing about what is made of it."""

import json
import lzma
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TRAIN_FILES = (
    "citizen_messages.jsonl.xz",
    "city_work_reports.jsonl.xz",
    "cmrc2018.jsonl.xz",
    "drcd_traditional.jsonl.xz",
    "law_articles.jsonl.xz",
    "open_wordnet_synonyms.jsonl.xz",
    "service_items.jsonl.xz",
)
STARD_FILES = ("bench/stard/corpus.jsonl.xz", "bench/stard/queries_train.jsonl")


class SourceError(Exception):
    """A training file is missing or cannot be read; the message says which and what to do."""


@dataclass(frozen=True, slots=True)
class Shared:
    """Where the training text lies: the folder that holds ``train/``, ``bench/`` and ``corpus-national/``."""

    root: Path

    def check(self) -> None:
        """Raise `SourceError` naming every missing file, so that a long run does not fail half-way."""
        wanted = [self.root / "train" / name for name in TRAIN_FILES]
        wanted += [self.root / name for name in STARD_FILES]
        missing = [str(path) for path in wanted if not path.is_file()]
        if not any((self.root / "corpus-national").glob("*.txt")):
            missing.append(str(self.root / "corpus-national" / "*.txt"))
        if missing:
            raise SourceError(
                "training text is missing: "
                + ", ".join(missing)
                + "; pass --shared with the folder that holds it"
            )

    def rows(self, name: str) -> Iterator[Mapping[str, Any]]:
        """Yield the JSON objects of ``train/<name>.jsonl.xz``."""
        return read_rows(self.root / "train" / f"{name}.jsonl.xz")

    def articles(self) -> Iterator[tuple[str, str]]:
        """Yield (id, text) of the statute articles of the STARD collection."""
        for row in read_rows(self.root / "bench/stard/corpus.jsonl.xz"):
            yield str(row["id"]), str(row["text"])

    def questions(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield (question, ids of the relevant articles) of the STARD training questions only."""
        for row in read_rows(self.root / "bench/stard/queries_train.jsonl"):
            yield str(row["question"]), tuple(str(name) for name in row["relevant"])

    def documents(self) -> Iterator[tuple[str, list[str]]]:
        """Yield (title, paragraphs) of the national documents, in file order."""
        for path in sorted((self.root / "corpus-national").glob("*.txt")):
            lines = [line.strip() for line in path.read_text(encoding="utf-8", errors="replace").splitlines()]
            # Catalogue lines of the web page (index number, issuer, date) carry a bar.
            lines = [line for line in lines if line and "|" not in line]
            if lines:
                yield lines[0], lines[1:]


def read_rows(path: Path) -> Iterator[Mapping[str, Any]]:
    """Yield the JSON objects of a JSON-lines file, xz-compressed when its name ends so.

    Raises `SourceError` with file and line number for a line that is not JSON.
    """
    content = path.read_bytes()
    text = (lzma.decompress(content) if path.suffix == ".xz" else content).decode("utf-8")
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                yield json.loads(line)
            except json.JSONDecodeError as error:
                raise SourceError(f"{path}, line {number}: not JSON ({error.msg})") from error
