"""Plain text: encoding found out, line ends normalised, binary refused."""

from ingest.model import DocumentError


def decode(data: bytes, where: str) -> str:
    """Return the text of a file's bytes with ``\\n`` line ends.

    Tries UTF-8, then GB 18030 strictly (short GBK is read as Big5 by guessers), then asks
    charset-normalizer. Raises DocumentError for empty or binary content.
    """
    if not data.strip():
        raise DocumentError("文件是空的", where, "请换一份有内容的文件")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = data.decode("utf-16", "replace")
    else:
        if b"\x00" in data:
            raise DocumentError(
                "不是文本文件（含有二进制内容）", where, "请另存为 UTF-8 文本、DOCX 或 PDF 后再试"
            )
        text = _guess(data, where)
    text = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    odd = sum(1 for c in text[:20_000] if (c < " " and c not in "\n\t\x0c\x0b\x1a") or c == "\ufffd")
    if odd > max(4, len(text[:20_000]) // 50):
        raise DocumentError("不是文本文件（控制字符过多）", where, "请另存为 UTF-8 文本、DOCX 或 PDF 后再试")
    return text.replace("\x00", " ")


def _guess(data: bytes, where: str) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    from charset_normalizer import from_bytes

    best = from_bytes(data).best()
    if best is None:
        raise DocumentError("无法识别文字编码", where, "请用记事本打开后另存为 UTF-8 编码")
    return str(best)
