"""ZIP archives of documents: unpacked in memory, a member at a time, with the limits of all packages."""

from ingest.model import DocumentError
from ingest.readers.kinds import IMAGES, SUFFIXES
from ingest.readers.package import Package

MAX_DOCUMENTS = 1000


class Archive:
    """A ZIP archive; `names` are all its members, `documents` those that may be documents, sorted."""

    def __init__(self, data: bytes, where: str) -> None:
        """Open an archive. Raises DocumentError when it is damaged, encrypted, harmful or too large."""
        # Windows writes names in the system's code page, in China GB 18030.
        self._package = Package(data, where, "gb18030")
        self.names = self._package.names
        self.documents = tuple(sorted(name for name in self.names if _wanted(name)))
        if len(self.documents) > MAX_DOCUMENTS:
            raise DocumentError(f"压缩包里超过 {MAX_DOCUMENTS} 份文件", where, "请分批读入")

    def read(self, name: str) -> bytes:
        """Return a member's bytes; raises DocumentError when it is damaged."""
        return self._package.read(name)


def _wanted(name: str) -> bool:
    *folders, last = name.replace("\\", "/").split("/")
    stem, dot, suffix = last.rpartition(".")
    if not dot or any(part.startswith((".", "~$", "__MACOSX")) for part in (*folders, last)):
        return False
    kind = "." + suffix.lower()
    return kind in SUFFIXES - IMAGES - {".zip"} and stem.upper() != "README"
