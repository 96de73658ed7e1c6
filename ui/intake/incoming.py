"""What is to be read in: files, the documents of a ZIP archive, web addresses, each as bytes with a name."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ingest import discover
from ingest.model import DocumentError, SideFile
from ingest.readers import read_file
from ingest.readers.side import parse_side, read_side, side_path

if TYPE_CHECKING:  # imported when there is one to be opened
    from ingest.readers.archive import Archive

# One document in several formats is read once, from the first of these: structure before plain text,
# plain text before pages whose text must be dug out.
_PREFERRED = (".docx", ".txt", ".md", ".html", ".htm", ".ofd", ".pdf")


@dataclass(frozen=True, slots=True)
class Given:
    """A document as it was handed in: its bytes, its short name, and what stands beside it.

    `charset` is what a web server says of a page, `page` where its relative links begin.
    """

    data: bytes
    source: str
    side: SideFile
    charset: str | None = None
    page: str | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """A document to be read: its file name, the place told to users, and how to get at it.

    `load` raises DocumentError when it cannot be had.
    """

    name: str
    where: str
    load: Callable[[], Given]


def incoming(paths: Sequence[Path | str], *, private: bool = False) -> list[list[Item]]:
    """Return the documents among files, folders, ZIP archives and web addresses (``http…``).

    Those that are one document in several formats (a page saved beside its text) stand together, the
    best first. `private` lets addresses of an inner network be fetched. Raises DocumentError for a
    path that does not exist.
    """
    groups: list[list[Item]] = []
    for path in dict.fromkeys(paths):
        if is_address(path):
            groups.append([_address(str(path), private)])
    for group in _by_name(list(discover(Path(p) for p in paths if not is_address(p)))):
        if group[0].suffix.lower() == ".zip":
            for archive in group:
                groups += _archive(archive)
        else:
            groups.append([_file(path) for path in group])
    return groups


def is_address(path: Path | str) -> bool:
    """Tell a web address from a file."""
    return isinstance(path, str) and path.lower().startswith(("http://", "https://"))


def _by_name(files: Sequence[Path]) -> list[list[Path]]:
    groups: dict[tuple[Path, str, bool], list[Path]] = {}
    for file in files:
        groups.setdefault((file.parent, file.stem, file.suffix.lower() == ".zip"), []).append(file)
    return [sorted(group, key=lambda file: _rank(file.suffix)) for group in groups.values()]


def _rank(suffix: str) -> tuple[int, str]:
    suffix = suffix.lower()
    return (_PREFERRED.index(suffix) if suffix in _PREFERRED else len(_PREFERRED), suffix)


def _file(path: Path) -> Item:
    def load() -> Given:
        return Given(read_file(path), path.stem, read_side(side_path(path)))

    return Item(path.name, str(path), load)


def _address(address: str, private: bool) -> Item:
    def load() -> Given:
        from ingest.readers.web import fetch, short_name

        found = fetch(address, private=private)
        side = SideFile(url=found.address)
        return Given(found.data, short_name(address), side, found.charset, found.address)

    return Item(address, address, load)


def _archive(path: Path) -> Iterator[list[Item]]:
    """Yield the documents of a ZIP archive, several formats of one together; they are unpacked in memory."""
    from ingest.readers.archive import Archive

    try:
        archive = Archive(read_file(path), str(path))
    except DocumentError as error:
        yield [Item(path.name, str(path), _failing(error))]
        return
    groups: dict[str, list[str]] = {}
    for name in archive.documents:
        groups.setdefault(name.rpartition(".")[0], []).append(name)
    for stem, names in groups.items():
        yield [
            _member(archive, path, stem, name)
            for name in sorted(names, key=lambda name: _rank("." + name.rpartition(".")[2]))
        ]
    if not groups:
        told = DocumentError("压缩包里没有可以读的文件", str(path), "请检查里面的文件格式")
        yield [Item(path.name, str(path), _failing(told))]


def _member(archive: "Archive", path: Path, stem: str, name: str) -> Item:
    where = f"{path}/{name}"

    def load() -> Given:
        told = archive.read(f"{stem}.toml") if f"{stem}.toml" in archive.names else None
        side = SideFile() if told is None else parse_side(told, f"{path}/{stem}.toml")
        return Given(archive.read(name), stem.rpartition("/")[2], side)

    return Item(name.rpartition("/")[2], where, load)


def _failing(error: DocumentError) -> Callable[[], Given]:
    def load() -> Given:
        raise error

    return load
