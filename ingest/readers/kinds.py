"""What a file is, by its first bytes and its suffix; what cannot be read is told with what to do."""

from typing import Literal

from ingest.model import DocumentError

Kind = Literal["pdf", "docx", "ofd", "image", "html", "text"]

TEXT = frozenset({".txt", ".md", ".text"})
HTML = frozenset({".html", ".htm", ".shtml", ".xhtml"})
IMAGES = frozenset({".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp"})
SUFFIXES = TEXT | HTML | IMAGES | {".docx", ".ofd", ".pdf", ".zip"}

_DOCX = "请用 Word 或 WPS 打开，另存为 DOCX 后再试"
_TABLE = "请把要读的内容复制到 Word，另存为 DOCX 后再试"
_UNPACK = "请先解压，再读入里面的文件"
_LATER = {
    ".doc": _DOCX,
    ".wps": _DOCX,
    ".wpt": _DOCX,
    ".rtf": _DOCX,
    ".odt": _DOCX,
    ".xls": _TABLE,
    ".xlsx": _TABLE,
    ".et": _TABLE,
    ".ppt": _TABLE,
    ".pptx": _TABLE,
    ".rar": _UNPACK,
    ".7z": _UNPACK,
    ".gz": _UNPACK,
    ".ceb": "请用方正阅读器打开，另存或打印为 PDF 后再试",
    ".caj": "请用 CAJ 阅读器打开，另存为 PDF 后再试",
}
_MAGIC = (
    (b"Rar!\x1a\x07", "是 RAR 压缩包", _UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "是 7z 压缩包", _UNPACK),
    (b"\x1f\x8b", "是 gzip 压缩包", _UNPACK),
    (b"{\\rtf", "是 RTF 文件", _DOCX),
    (b"Founder CEB", "是方正 CEB 文件", _LATER[".ceb"]),
    (b"CAJ\x00", "是 CAJ 文件", _LATER[".caj"]),
    (b"HN\x00\x00", "是 CAJ 文件", _LATER[".caj"]),
)
# [MS-CFB]: a compound file names its streams in UTF-16; each program has its own.
_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STREAMS = (
    ("EncryptedPackage", "是加密的 Office 文件", "请解除密码，另存为 DOCX 后再试"),
    ("WpsDocument", "是 WPS 文字的旧格式", _DOCX),
    ("WordDocument", "是旧版 Word 文件（DOC）或 WPS 文件", _DOCX),
    ("Workbook", "是旧版 Excel 表格（XLS）", _TABLE),
    ("PowerPoint Document", "是旧版演示文稿（PPT）", _TABLE),
)
_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*")


def kind_of(data: bytes, suffix: str, where: str) -> Kind:
    """Return the format of a file; its first bytes count for more than its suffix.

    Raises DocumentError for what is empty, unknown or cannot be read.
    """
    if data[:1024].lstrip().startswith(b"%PDF-"):
        return "pdf"
    if data[:4] == b"PK\x03\x04":
        return _packed(data, suffix, where)
    if _is_picture(data):
        return "image"
    _refuse_by_content(data, where)
    if not data.strip():
        raise DocumentError("文件是空的", where, "请换一份有内容的文件")
    if suffix in _LATER:
        raise DocumentError(f"暂不支持 {suffix} 格式", where, _LATER[suffix])
    if suffix in SUFFIXES - TEXT - HTML:
        raise DocumentError(
            f"内容不是 {suffix[1:].upper()}，文件可能已损坏", where, "请重新下载，或用原软件打开后另存"
        )
    if suffix in HTML or (suffix not in TEXT and looks_html(data)):
        return "html"
    if suffix in TEXT or not suffix:
        return "text"
    raise DocumentError(f"不认识的文件格式“{suffix}”", where, f"支持：{'、'.join(sorted(SUFFIXES))}")


def looks_html(data: bytes) -> bool:
    """Say whether a file begins as a web page does."""
    return data[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith((b"<!doctype html", b"<html"))


def _is_picture(data: bytes) -> bool:
    bitmap = data[:2] == b"BM" and data[6:10] == b"\x00\x00\x00\x00" and data[15:18] == b"\x00\x00\x00"
    return data.startswith(_PICTURES) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP") or bitmap


def _refuse_by_content(data: bytes, where: str) -> None:
    for magic, what, remedy in _MAGIC:
        if data.startswith(magic):
            raise DocumentError(what, where, remedy)
    if data[:8] == _OLE2:
        for name, what, remedy in _STREAMS:
            if name.encode("utf-16-le") in data:
                raise DocumentError(what, where, remedy)
        raise DocumentError("是旧版 Word 文件或加密的 Office 文件", where, "请解除密码，并另存为 DOCX 后再试")


def _packed(data: bytes, suffix: str, where: str) -> Kind:
    """Tell what a ZIP package holds: a Word document, an OFD document, or something else."""
    from ingest.readers.package import Package

    names = Package(data, where).names
    if "OFD.xml" in names:
        return "ofd"
    if any(name.startswith("xl/") for name in names):
        raise DocumentError("是 Excel 表格", where, _TABLE)
    if any(name.startswith("ppt/") for name in names):
        raise DocumentError("是演示文稿", where, _TABLE)
    if "content.xml" in names and "mimetype" in names:
        raise DocumentError("是 ODF 文件", where, _DOCX)
    if suffix == ".zip" and "[Content_Types].xml" not in names:
        raise DocumentError("是压缩包", where, _UNPACK)
    return "docx"
