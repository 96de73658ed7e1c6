"""Files → decoded text: one module a format, one door for all of them."""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from ingest.model import DocumentError, RawDocument
from ingest.readers.side import read_side, side_path

MAX_BYTES = 64 * 1024 * 1024
_TEXT = frozenset({".txt", ".md", ".text"})
_HTML = frozenset({".html", ".htm", ".shtml", ".xhtml"})
SUFFIXES = _TEXT | _HTML | {".docx", ".pdf"}
_LATER = {
    ".doc": "请用 Word 或 WPS 另存为 DOCX 后再试",
    ".wps": "请用 WPS 另存为 DOCX 后再试",
    ".ofd": "请转换为 PDF 后再试",
    ".rtf": "请用 Word 或 WPS 另存为 DOCX 后再试",
    ".odt": "请另存为 DOCX 后再试",
    ".png": "图片暂不支持，请先做文字识别，另存为文本后再试",
    ".jpg": "图片暂不支持，请先做文字识别，另存为文本后再试",
    ".jpeg": "图片暂不支持，请先做文字识别，另存为文本后再试",
    ".tif": "图片暂不支持，请先做文字识别，另存为文本后再试",
}


def discover(paths: Iterable[Path]) -> Iterator[Path]:
    """Yield the documents among `paths`: files as given, folders walked in sorted order.

    In folders only known suffixes count; side files, hidden files and README files are skipped.
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
    return path.is_file() and path.suffix.lower() in SUFFIXES and path.stem.upper() != "README"


def read(path: Path) -> RawDocument:
    """Read a file and its side file.

    Raises DocumentError (what, where, remedy; in Chinese) when the file is damaged, empty,
    encrypted, too big or of an unknown kind. Text that merely looks odd never raises.
    """
    where = str(path)
    if str(path).startswith(("http:/", "https:/")):
        raise DocumentError("暂不能直接读取网址", where, "请先把网页或附件保存为文件")
    try:
        if path.stat().st_size > MAX_BYTES:
            raise DocumentError(f"文件超过 {MAX_BYTES // 1024 // 1024} MB", where, "请拆分后再试")
        data = path.read_bytes()
    except OSError as error:
        raise DocumentError(f"文件无法打开（{error.strerror}）", where, "请检查路径和权限") from error
    side = read_side(side_path(path))
    return read_bytes(data, path.name, side_source=path.stem, where=where, side=side)


def read_bytes(
    data: bytes, name: str, *, side_source: str | None = None, where: str | None = None, side: object = None
) -> RawDocument:
    """Read a document from its bytes; `name` tells the format by its suffix, its content has the last word.

    Raises DocumentError as `read` does.
    """
    from ingest.model import SideFile

    where = where or name
    suffix = Path(name).suffix.lower()
    source = side_source or Path(name).stem
    digest = hashlib.sha256(data).hexdigest()
    known = side if isinstance(side, SideFile) else SideFile()
    kind = _kind(data, suffix, where)
    if kind == "pdf":
        from ingest.readers.pdf import read_pdf

        return read_pdf(data, where, digest, source, known)
    if kind == "docx":
        from ingest.readers.docx import read_docx

        return read_docx(data, where, digest, source, known)
    from ingest.readers.text import decode

    if kind == "html":
        from ingest.readers.html import read_html

        return read_html(data, where, digest, source, known)
    return RawDocument(decode(data, where), digest, source, known)


def _kind(data: bytes, suffix: str, where: str) -> str:
    """Return the format of a file; its first bytes count for more than its suffix."""
    if data[:1024].lstrip().startswith(b"%PDF-"):
        return "pdf"
    if data[:4] == b"PK\x03\x04":
        return "docx"
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise DocumentError("是旧版 Word 文件或加密的 Office 文件", where, "请解除密码，并另存为 DOCX 后再试")
    if suffix in _LATER:
        raise DocumentError(f"暂不支持 {suffix} 格式", where, _LATER[suffix])
    if not data.strip():
        raise DocumentError("文件是空的", where, "请换一份有内容的文件")
    if suffix in (".pdf", ".docx"):
        raise DocumentError(
            f"内容不是 {suffix[1:].upper()}，文件可能已损坏", where, "请重新下载，或用原软件打开后另存"
        )
    if suffix in _HTML or (
        suffix not in _TEXT and data[:2048].lstrip().lower().startswith((b"<!doctype html", b"<html"))
    ):
        return "html"
    if suffix in _TEXT or not suffix:
        return "text"
    raise DocumentError(f"不认识的文件格式“{suffix}”", where, f"支持：{'、'.join(sorted(SUFFIXES))}")
