"""A generation as one file: a tar archive (gzip when its name ends so), checked when written and when read.

    manifest.json manifest.sha256   first, so that everything after can be checked at once
    parts/graph/… parts/lexical/…
    objects/<sha256>

Only regular files inside the new generation are unpacked, and all must be in the manifest.
"""

import io
import os
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import msgspec

from graph.storage.durable import StoreDamaged, StoreError, digest, files_below, fsync, fsync_all
from graph.storage.generations import Generation, Manifest, read_manifest, verify_files
from graph.storage.objects import Objects

_HEAD = ("manifest.json", "manifest.sha256")
_BLOCK = 1 << 20
_BROKEN = (tarfile.TarError, zlib.error, EOFError, OSError)
_REMEDY = "请换一份备份文件；现有数据没有变化"


def write_archive(generation: Generation, objects: Objects, path: Path) -> None:
    """Write a generation to `path`, replacing it only when the new file has been read back and found good.

    Raises StoreDamaged when an object of the store is bad, OSError when the disk is full.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    compressed = path.suffix in (".gz", ".tgz")
    try:
        with temporary.open("wb") as stream:
            mode = "w:gz" if compressed else "w"
            with tarfile.open(fileobj=stream, mode=mode, format=tarfile.PAX_FORMAT) as archive:  # type: ignore[call-overload]
                for name in _HEAD:
                    _add(archive, name, (generation.path / name).read_bytes())
                for file in generation.manifest.files:
                    archive.add(generation.path / file.path, f"parts/{file.path}", recursive=False)
                held = dict(pair for row in generation.documents for pair in row.objects())
                for address, what in held.items():
                    _add(archive, f"objects/{address}", objects.read(address, what))
            stream.flush()
            os.fsync(stream.fileno())
        _verify(temporary)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    fsync(path.resolve().parent)


def unpack_archive(path: Path, folder: Path, objects: Objects) -> set[str]:
    """Unpack an archive into a new generation's folder; return the addresses of objects that are new.

    Everything is checked against the manifest and forced to disk. Raises StoreError when the
    archive is damaged, incomplete or none of ours; the caller clears away `folder` then.
    """
    created: set[str] = set()
    folder.mkdir(parents=True)
    try:
        with _told_if_broken(path):
            for name, data in _members(path):
                if name in _HEAD:
                    (folder / name).write_bytes(data.read())
                elif name.startswith("objects/"):
                    address, new = objects.write(data.read())
                    created |= {address} if new else set()
                elif name.startswith("parts/"):
                    _place(folder, name.removeprefix("parts/"), data)
        manifest = _complete(path, folder, objects)
    except BaseException:
        objects.drop(created)
        raise
    objects.settle(created)
    paths = [folder / file.path for file in manifest.files]
    fsync_all([*paths, *(folder / name for name in _HEAD), *{p.parent for p in paths}, folder])
    return created


def _complete(path: Path, folder: Path, objects: Objects) -> Manifest:
    try:
        manifest = read_manifest(folder)
        verify_files(folder, manifest, sum(file.size for file in manifest.files))
    except StoreDamaged as error:
        raise StoreError(f"备份文件不完整（{error.what}）", path, _REMEDY) from error
    if not all(objects.sound(address) for address in manifest.objects()):
        raise StoreError("备份文件不完整（缺少文件内容）", path, _REMEDY)
    known = {file.path for file in manifest.files}
    for stray in files_below(folder):
        if stray.relative_to(folder).as_posix() not in known and stray.name not in _HEAD:
            raise StoreError(f"备份中有清单以外的文件 {stray.name}", path, _REMEDY)
    return manifest


@contextmanager
def _told_if_broken(path: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise StoreError("没有这个备份文件", path, "请检查路径") from None
    except _BROKEN as error:
        if isinstance(error, OSError) and error.errno:
            raise
        raise StoreError("备份文件已损坏或不是备份文件", path, _REMEDY) from error


def _members(path: Path) -> Iterator[tuple[str, IO[bytes]]]:
    """Yield name and bytes of the regular files of an archive; others are none of ours."""
    with tarfile.open(path, "r:*") as archive:
        for member in archive:
            stream = archive.extractfile(member) if member.isreg() else None
            if stream is None:
                raise StoreError("不是本程序的备份文件", path, _REMEDY)
            yield member.name, stream


def _place(folder: Path, relative: str, data: IO[bytes]) -> None:
    target = folder / relative
    if not target.resolve().is_relative_to(folder.resolve()):
        raise StoreError("备份文件中的路径越界", relative, _REMEDY)
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("xb") as stream:
        while block := data.read(_BLOCK):
            stream.write(block)


def _verify(path: Path) -> None:
    """Read a new archive back: every member's checksum must be the manifest's."""
    wanted: dict[str, str] = {}
    head: dict[str, bytes] = {}
    with _told_if_broken(path):
        for name, data in _members(path):
            if name in _HEAD:
                head[name] = data.read()
                continue
            wanted = wanted or _checksums(head, path)
            if digest(data.read()) != wanted.get(name):
                raise StoreError("备份文件读回时不一致", path, "请检查磁盘后重试")


def _checksums(head: dict[str, bytes], path: Path) -> dict[str, str]:
    if digest(head["manifest.json"]).encode() != head["manifest.sha256"].strip():
        raise StoreError("备份文件读回时不一致", path, "请检查磁盘后重试")
    manifest = msgspec.json.decode(head["manifest.json"], type=Manifest)
    parts = {f"parts/{file.path}": file.sha256 for file in manifest.files}
    return parts | {f"objects/{address}": address for address in manifest.objects()}


def _add(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(data)
    archive.addfile(member, io.BytesIO(data))
