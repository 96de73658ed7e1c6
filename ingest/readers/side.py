"""Side files: NAME.toml beside NAME.docx says what the document itself does not."""

import re
import tomllib
from dataclasses import fields
from datetime import date, datetime
from pathlib import Path

from ingest.model import DocumentError, SideFile

_KEYS = tuple(f.name for f in fields(SideFile))
_STATUSES = ("issued", "draft", "repealed")


def side_path(path: Path) -> Path:
    """Return the place of a document's side file."""
    return path.with_suffix(".toml")


def read_side(path: Path) -> SideFile:
    """Return what the side file at `path` says; an absent file says nothing.

    Raises DocumentError for broken TOML, unknown keys or values of the wrong kind.
    """
    if not path.is_file():
        return SideFile()
    try:
        return parse_side(path.read_bytes(), str(path))
    except OSError as error:
        raise _unreadable(error, str(path)) from error


def parse_side(data: bytes, where: str) -> SideFile:
    """Return what the bytes of a side file say; raises DocumentError as `read_side` does."""
    try:
        table = tomllib.loads(data.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _unreadable(error, where) from error
    values: dict[str, str] = {}
    for key, value in table.items():
        if key not in _KEYS:
            raise DocumentError(f"说明文件里有不认识的键“{key}”", where, f"可用的键：{'、'.join(_KEYS)}")
        values[key] = _value(key, value, where)
    return SideFile(**values)  # type: ignore[arg-type]  # status is checked in _value


def _unreadable(error: Exception, where: str) -> DocumentError:
    return DocumentError(f"附带的说明文件无法读取（{error}）", where, "请检查 TOML 格式，文字须为 UTF-8 编码")


def _value(key: str, value: object, where: str) -> str:
    if key == "date" and isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    if not isinstance(value, str) or not value.strip():
        raise DocumentError(f"说明文件里“{key}”的值应为文字", where, f'请写成 {key} = "…"')
    value = value.strip()
    if key == "status" and value not in _STATUSES:
        raise DocumentError(
            f"说明文件里 status 的值“{value}”不对", where, f"可用的值：{'、'.join(_STATUSES)}"
        )
    if key == "date":
        try:
            return date.fromisoformat(value).isoformat()
        except ValueError as error:
            raise DocumentError(
                f"说明文件里 date 的值“{value}”不是日期", where, "请写成 2024-01-31"
            ) from error
    if key == "source" and (re.search(r"[\s/\\#]", value) or value.startswith(".")):
        raise DocumentError(
            f"说明文件里 source 的值“{value}”含有空白或斜线", where, "请只用文字、数字、连字符和下划线"
        )
    return value
