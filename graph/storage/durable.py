"""Files that survive a power cut: write, fsync, rename, fsync the folder."""

import errno
import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

# Generations left after a publish; each costs what its change wrote anew, the rest is shared.
KEEP = 5
# From this many new files on, one sync of the whole machine is cheaper than one a file.
_SYNC_ALL = 64


class StoreError(Exception):
    """A store that cannot be read or written: what, where, what to do (in Chinese, for users)."""

    def __init__(self, what: str, where: object, remedy: str) -> None:
        super().__init__(f"{where}：{what}。{remedy}")
        self.what, self.where, self.remedy = what, str(where), remedy


class StoreBusy(StoreError):  # noqa: N818 – a state, told as one
    """Another process is writing to the store."""


class StoreDamaged(StoreError):  # noqa: N818 – as above
    """A file of the store is missing or is not what was written."""


_REMEDIES = {
    errno.ENOSPC: ("磁盘空间不足", "请清理磁盘后重试；原有数据没有变化"),
    errno.EDQUOT: ("磁盘配额已用完", "请清理磁盘后重试；原有数据没有变化"),
    errno.EACCES: ("没有访问权限", "请检查文件夹的所有者和权限；原有数据没有变化"),
    errno.EPERM: ("没有访问权限", "请检查文件夹的所有者和权限；原有数据没有变化"),
    errno.EROFS: ("文件系统是只读的", "请改用可写的文件夹；原有数据没有变化"),
}


@contextmanager
def told(where: Path) -> Iterator[None]:
    """Turn an OSError into a StoreError that says what to do."""
    try:
        yield
    except OSError as error:
        what, remedy = _REMEDIES.get(
            error.errno or 0, (f"读写失败（{error}）", "请检查磁盘；原有数据没有变化")
        )
        raise StoreError(what, error.filename or where, remedy) from error


@contextmanager
def disk_full_told(where: Path) -> Iterator[None]:
    """As `told`, but only for a full disk: other errors of the caller stay the caller's."""
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        with told(where):
            raise


def digest(data: bytes) -> str:
    """Return the SHA-256 of `data` in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def fsync(path: Path) -> None:
    """Force a file or a folder to disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def fsync_all(paths: Iterable[Path]) -> None:
    """Force many files and folders to disk."""
    rows = list(paths)
    if len(rows) >= _SYNC_ALL:
        os.sync()
        return
    for path in rows:
        fsync(path)


def write_atomic(path: Path, data: bytes) -> None:
    """Replace `path` by `data`: a reader sees the old bytes or the new ones, also after a crash."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_bytes(data)
        fsync(temporary)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    fsync(path.parent)


def files_below(folder: Path) -> list[Path]:
    """Return the files below `folder`, sorted by path."""
    found = []
    for parent, _, names in os.walk(folder):
        found += [Path(parent, name) for name in names]
    return sorted(found)


def link_tree(source: Path, target: Path) -> None:
    """Copy a folder by hard links (by bytes where the file system has none)."""
    for parent, _, names in os.walk(source):
        folder = target / Path(parent).relative_to(source)
        folder.mkdir(parents=True, exist_ok=True)
        for name in names:
            try:
                os.link(Path(parent, name), folder / name)
            except OSError:
                shutil.copy2(Path(parent, name), folder / name)
