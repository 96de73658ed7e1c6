"""Office packages (ZIP with XML inside) opened with limits: bombs, entities and odd paths are refused."""

import io
import re
import zipfile

from lxml import etree

from ingest.model import DocumentError

MAX_UNPACKED = 256 * 1024 * 1024
MAX_MEMBER = 96 * 1024 * 1024
MAX_RATIO = 250
MAX_MEMBERS = 10_000
_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.I)


class Package:
    """A ZIP package held in memory; members are unpacked one at a time, never to disk."""

    def __init__(self, data: bytes, where: str, encoding: str | None = None) -> None:
        """Open a package; `encoding` is that of names not marked as UTF-8.

        Raises DocumentError when it is damaged, encrypted or built to do harm.
        """
        self.where = where
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data), metadata_encoding=encoding)
            members = self._zip.infolist()
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
            raise DocumentError(
                "文件已损坏，压缩包打不开", where, "请重新下载，或用 Word 打开后另存"
            ) from error
        if any(m.flag_bits & 0x1 for m in members):
            raise DocumentError("文件已加密", where, "请解除密码后再试")
        size = sum(m.file_size for m in members)
        packed = max(1, sum(m.compress_size for m in members))
        bomb = any(m.file_size > MAX_MEMBER for m in members) or (
            size > 8 * 1024 * 1024 and size / packed > MAX_RATIO
        )
        if len(members) > MAX_MEMBERS or size > MAX_UNPACKED or bomb:
            raise DocumentError("解压后过大，疑似压缩炸弹", where, "请确认文件来源")
        for member in members:
            name = member.filename.replace("\\", "/")
            if name.startswith("/") or ".." in name.split("/") or re.match(r"[A-Za-z]:", name):
                raise DocumentError("压缩包里有越界的路径", where, "请确认文件来源")
        self.names = frozenset(m.filename for m in members)

    def read(self, name: str) -> bytes:
        """Return the bytes of a member, which must be there.

        Raises DocumentError when it is damaged, packed in an unknown way, or larger than it claims.
        """
        try:
            with self._zip.open(name) as file:
                data = file.read(MAX_MEMBER + 1)
        except Exception as error:  # zlib, bz2 and lzma share no base with the errors of zipfile
            raise DocumentError(
                f"文件已损坏（{name}）", self.where, "请重新下载，或用原软件打开后另存"
            ) from error
        if len(data) > MAX_MEMBER:
            raise DocumentError("解压后过大，疑似压缩炸弹", self.where, "请确认文件来源")
        return data

    def xml(self, name: str) -> etree._Element | None:
        """Return the root of an XML member, or None when there is no such member.

        Raises DocumentError for broken XML and for any document type declaration.
        """
        if name not in self.names:
            return None
        data = self.read(name)
        if _DECLARATION.search(data[:4096]) or b"<!ENTITY" in data:
            raise DocumentError(
                "XML 里有实体声明，可能有害", self.where, "请确认文件来源，或用 Word 打开后另存"
            )
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True
        )
        try:
            return etree.fromstring(data, parser)
        except etree.XMLSyntaxError as error:
            raise DocumentError(
                f"文件已损坏（{name}）", self.where, "请重新下载，或用 Word 打开后另存"
            ) from error
