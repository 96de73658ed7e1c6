"""Immutable bytes by their SHA-256: encoded records and original files, shared by all generations."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from graph.storage.durable import StoreDamaged, digest, fsync_all


class Objects:
    """The folder ``objects/ab/<sha256>`` of a store."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, address: str) -> Path:
        """Return where the object with this SHA-256 lies."""
        return self.folder / address[:2] / address

    def read(self, address: str, what: str) -> bytes:
        """Return the object's bytes, checked against their address.

        Raises StoreDamaged, naming `what`, when it is missing or altered.
        """
        path = self.path(address)
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            raise StoreDamaged(f"{what}的存储文件缺失", path, "请重新导入该文件，或用备份恢复") from None
        if digest(data) != address:
            raise StoreDamaged(f"{what}的存储文件已损坏", path, "请重新导入该文件，或用备份恢复")
        return data

    def sound(self, address: str) -> bool:
        """Tell whether the object is there and is what its address says."""
        try:
            return digest(self.path(address).read_bytes()) == address
        except OSError:
            return False

    def write(self, data: bytes) -> tuple[str, bool]:
        """Store `data`; return its address and whether it is new. Not yet forced to disk.

        A damaged object of the same address is mended.
        """
        address = digest(data)
        path = self.path(address)
        if self.sound(address):
            return address, False
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f".{address}.{os.getpid()}.tmp")
        try:
            temporary.write_bytes(data)
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        return address, True

    def settle(self, addresses: Iterable[str]) -> None:
        """Force objects and their folders to disk."""
        paths = [self.path(address) for address in addresses]
        fsync_all([*paths, *{path.parent for path in paths}, self.folder])

    def drop(self, addresses: Iterable[str]) -> None:
        """Delete objects; those already gone do not matter."""
        for address in addresses:
            self.path(address).unlink(missing_ok=True)

    def stray(self, wanted: frozenset[str]) -> Iterator[Path]:
        """Yield files of the folder that are no wanted object (left by a killed writer)."""
        for folder in self.folder.iterdir():
            yield from (path for path in folder.iterdir() if path.name not in wanted)
