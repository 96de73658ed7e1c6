"""Files → decoded text: one module a format, one door for all of them."""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from ingest.model import DocumentError, RawDocument, SideFile
from ingest.readers.kinds import IMAGES, SUFFIXES, kind_of
from ingest.readers.progress import Told, silent
from ingest.readers.side import read_side, side_path

MAX_BYTES = 64 * 1024 * 1024


def discover(paths: Iterable[Path]) -> Iterator[Path]:
    """Yield the documents among `paths`: files as given, folders walked in sorted order.

    In folders only known suffixes count (pictures only where recognition is installed); side files,
    hidden files, README files and what belongs to a saved web page are skipped.
    Raises DocumentError for a path that does not exist.
    """
    seen: set[Path] = set()
    for path in paths:
        if not path.exists():
            raise DocumentError("没有这个文件或文件夹", str(path), "请检查路径")
        files = sorted(p for p in path.rglob("*") if _wanted(p, path)) if path.is_dir() else [path]
        for file in files:
            if file not in seen:
                seen.add(file)
                yield file


def _wanted(path: Path, root: Path) -> bool:
    if any(part.startswith((".", "~$", "__MACOSX")) for part in path.relative_to(root).parts):
        return False
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES or path.stem.upper() == "README" or not path.is_file():
        return False
    if suffix not in IMAGES:
        return True
    from ingest.readers import ocr

    # Browsers put a page's icons into NAME_files beside NAME.html.
    return ocr.available() and not path.parent.name.endswith(("_files", ".files"))


def read(path: Path) -> RawDocument:
    """Read a file and its side file.

    Raises DocumentError (what, where, remedy; in Chinese) when the file is damaged, empty,
    encrypted, too big or of an unknown kind. Text that merely looks odd never raises.
    """
    where = str(path)
    data = read_file(path)
    side = read_side(side_path(path))
    return read_bytes(data, path.name, side_source=path.stem, where=where, side=side)


def read_file(path: Path) -> bytes:
    """Return a file's bytes; raises DocumentError when it cannot be opened or is too big."""
    where = str(path)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise DocumentError(f"文件超过 {MAX_BYTES // 1024 // 1024} MB", where, "请拆分后再试")
        return path.read_bytes()
    except OSError as error:
        raise DocumentError(f"文件无法打开（{error.strerror}）", where, "请检查路径和权限") from error


def read_bytes(
    data: bytes,
    name: str,
    *,
    side_source: str | None = None,
    where: str | None = None,
    side: SideFile | None = None,
    charset: str | None = None,
    told: Told = silent,
) -> RawDocument:
    """Read a document from its bytes; `name` tells the format by its suffix, its content has the last word.

    `charset` is what the server said of a web page, `told` is called with the scanned pages done and
    in all. Raises DocumentError as `read` does.
    """
    where = where or name
    suffix = Path(name).suffix.lower()
    source = side_source or Path(name).stem
    digest = hashlib.sha256(data).hexdigest()
    side = side or SideFile()
    match kind_of(data, suffix, where):
        case "pdf":
            from ingest.readers.pdf import read_pdf

            return read_pdf(data, where, digest, source, side, told)
        case "image":
            from ingest.readers.scan import read_image

            return read_image(data, where, digest, source, side, told)
        case "docx":
            from ingest.readers.docx import read_docx

            return read_docx(data, where, digest, source, side)
        case "ofd":
            from ingest.readers.ofd import read_ofd

            return read_ofd(data, where, digest, source, side, told)
        case "html":
            from ingest.readers.html import read_html

            return read_html(data, where, digest, source, side, charset)
        case "text":
            from ingest.readers.text import decode

            return RawDocument(decode(data, where), digest, source, side)
