"""Harmful and broken files: each is read or refused with a reason; nothing else ever comes out."""

import io
import time
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from benchmarks.rendered import Paragraphs, web, word
from graph.storage.store import Store
from ingest import parse
from ingest.model import DocumentError, LineKind, RawDocument
from ingest.readers import read_bytes
from ingest.readers.archive import Archive
from tests.made_library import FOLDER
from tests.small_ofd import make_ofd
from tests.small_pdf import make_pdf
from tests.test_ingest_readers import W, package
from ui.intake import ingest

LINES: Paragraphs = [
    ("云岭县支持茶产业若干措施", LineKind.TITLE),
    ("一、奖励标准", LineKind.CLAUSE),
    ("新建茶园每亩补助800元，单个主体最高不超过30万元。", LineKind.TEXT),
    ("二、组织保障", LineKind.CLAUSE),
    ("牵头单位：县农业农村局", LineKind.UNITS),
]
PRINT = [[(60.0, 760.0 - 30 * i, text) for i, (text, _) in enumerate(LINES)]]


@cache
def whole(kind: str) -> bytes:
    """A sound file of each format with the same document."""
    makers: dict[str, Callable[[], bytes]] = {
        "txt": lambda: "\n".join(text for text, _ in LINES).encode("gb18030"),
        "html": lambda: web(LINES, LINES[0][0]),
        "docx": lambda: word(LINES),
        "pdf": lambda: make_pdf(PRINT),
        "ofd": lambda: make_ofd(PRINT),
    }
    return makers[kind]()


KINDS = ("txt", "html", "docx", "pdf", "ofd")


def attempt(data: bytes, name: str) -> RawDocument | DocumentError:
    """Read a file and parse it; any other exception than DocumentError fails the test."""
    try:
        found: RawDocument | DocumentError = read_bytes(data, name)
    except DocumentError as error:
        found = error
    if isinstance(found, RawDocument):
        parse(found)
    else:
        assert found.what
        assert found.remedy
        assert found.where == name
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_the_sound_file_is_read(kind: str) -> None:
    raw = attempt(whole(kind), f"a.{kind}")
    assert isinstance(raw, RawDocument)
    assert [(c.locator, c.title) for c in parse(raw).clauses] == [
        ("正文/一", "奖励标准"),
        ("正文/二", "组织保障"),
    ]


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=120, derandomize=True)
@given(data=st.data())
def test_any_mutation_gives_a_document_or_an_error(kind: str, data: st.DataObject) -> None:
    spoilt = bytearray(whole(kind))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(spoilt) - 1))
        piece = data.draw(st.binary(max_size=8))
        cut = data.draw(st.sampled_from((0, 1, len(piece), 200)))
        spoilt[at : at + cut] = piece
        if not spoilt:
            spoilt = bytearray(b"\x00")
    attempt(bytes(spoilt), f"a.{kind}")


@pytest.mark.parametrize("kind", ["docx", "ofd"])
@settings(max_examples=80, derandomize=True)
@given(data=st.data())
def test_any_mutation_inside_a_package(kind: str, data: st.DataObject) -> None:
    """The members themselves are spoilt, so that the reader behind the ZIP's checksum is reached."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole(kind))) as sound, zipfile.ZipFile(out, "w") as spoilt:
        chosen = data.draw(st.sampled_from([n for n in sound.namelist() if n.endswith(".xml")]))
        for name in sound.namelist():
            member = sound.read(name)
            if name == chosen:
                at = data.draw(st.integers(0, len(member)))
                cut = data.draw(st.integers(0, 40))
                member = member[:at] + data.draw(st.binary(max_size=12)) + member[at + cut :]
            spoilt.writestr(name, member)
    attempt(out.getvalue(), f"a.{kind}")


@pytest.mark.parametrize(
    "suffix", ["", "txt", "html", "docx", "pdf", "ofd", "png", "zip", "doc", "xls", "jpg"]
)
@settings(max_examples=40, derandomize=True)
@given(data=st.binary(max_size=300))
@example(b"\xff\xd8\xff")
@example(b"PK\x03\x04")
@example(b"%PDF-")
@example(b"\x89PNG\r\n\x1a\n")
@example(b"RIFF\x00\x00\x00\x00WEBP")
def test_any_bytes_under_any_name(suffix: str, data: bytes) -> None:
    attempt(data, f"a.{suffix}" if suffix else "a")


@pytest.mark.parametrize("kind", KINDS)
def test_cut_short_at_every_tenth(kind: str) -> None:
    data = whole(kind)
    for tenth in range(10):
        attempt(data[: len(data) * tenth // 10], f"a.{kind}")


def refused(data: bytes, name: str, words: str) -> None:
    error = attempt(data, name)
    assert isinstance(error, DocumentError), "was read"
    assert words in error.what, error.what


def ole(stream: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 1000 + stream.encode("utf-16-le") + b"\x00" * 500


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (ole("WordDocument"), "a.doc", "DOC"),
        (ole("WordDocument"), "a.docx", "DOC"),
        (ole("Workbook"), "a.xls", "XLS"),
        (ole("PowerPoint Document"), "a.ppt", "PPT"),
        (ole("EncryptedPackage"), "a.docx", "加密"),
        (ole("其他"), "a.wps", "旧版"),
        (b"Rar!\x1a\x07\x01\x00...", "a.rar", "RAR"),
        (b"7z\xbc\xaf\x27\x1c...", "a.zip", "7z"),
        (b"\x1f\x8b\x08...", "a.gz", "gzip"),
        (b"{\\rtf1 text}", "a.doc", "RTF"),
        (package(**{"xl__workbook.xml": b"<x/>"}), "a.xlsx", "Excel"),
        (package(**{"ppt__presentation.xml": b"<x/>"}), "a.pptx", "演示"),
        (package(**{"mimetype": b"odt", "content.xml": b"<x/>"}), "a.odt", "ODF"),
        (package(**{"a.txt": b"x"}), "a.zip", "压缩包"),
        (b"some text", "a.wps", ".wps"),
        (b"some text", "a.ofd", "不是 OFD"),
        (b"", "a.png", "空"),
    ],
)
def test_other_formats_are_told_by_their_bytes_with_what_to_do(data: bytes, name: str, words: str) -> None:
    refused(data, name, words)


ENTITY = b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


def test_entities_and_outer_definitions_are_never_followed() -> None:
    refused(package(**{"word__document.xml": ENTITY + W + b"<w:p/></w:body></w:document>"}), "a.docx", "实体")
    refused(package(**{"OFD.xml": ENTITY + b"<OFD>&a;</OFD>"}), "a.ofd", "实体")
    raw = attempt(ENTITY.replace(b"DOCTYPE d", b"DOCTYPE html") + b"<p>&a; text</p>", "a.html")
    assert not isinstance(raw, RawDocument) or "root:" not in raw.text


def test_packages_that_claim_or_unpack_too_much() -> None:
    refused(package(**{"OFD.xml": b" " * 40_000_000}), "a.ofd", "炸弹")
    refused(package(**{"[Content_Types].xml": b"", "a.xml": b"\x00" * 40_000_000}), "a.zip", "炸弹")
    sound = package(**{"a.txt": b"x" * 100})
    claim = sound.replace((100).to_bytes(4, "little"), (500_000_000).to_bytes(4, "little"))
    with pytest.raises(DocumentError, match="炸弹"):
        Archive(claim, "a.zip")
    many = io.BytesIO()
    with zipfile.ZipFile(many, "w") as archive:
        for number in range(10_001):
            archive.writestr(f"{number}.txt", b"")
    refused(many.getvalue(), "a.docx", "炸弹")


@pytest.mark.parametrize("name", ["../a.txt", "/etc/a.txt", "C:/a.txt", "x/../../a.txt", "..\\a.txt"])
def test_archives_with_paths_that_lead_outside(name: str) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, b"x")
    with pytest.raises(DocumentError, match="越界"):
        Archive(out.getvalue(), "a.zip")


def test_encrypted_files() -> None:
    refused(make_pdf(PRINT, encrypted=True), "a.pdf", "加密")
    locked = bytearray(package(**{"word__document.xml": W}))
    for head, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.index(head) + at] |= 1
    refused(bytes(locked), "a.docx", "加密")


def test_pages_without_end() -> None:
    count = make_pdf(PRINT).replace(b"/Count 1", b"/Count 500000000")
    attempt(count, "a.pdf")
    refused(make_pdf([[]] * 2001), "a.pdf", "超过 2000 页")


def test_a_page_with_a_hundred_thousand_shapes_is_read_in_time() -> None:
    data = make_pdf(PRINT)
    shapes = b"0 0 m 9 9 l S\n" * 100_000
    start = data.index(b"stream\n") + 7
    spoilt = data[:start] + shapes + data[start:]
    began = time.monotonic()
    attempt(spoilt, "a.pdf")
    assert time.monotonic() - began < 60


DEEP = 200_000


@pytest.mark.parametrize(
    "page",
    [
        b"<div>" * DEEP + "一、总则".encode(),
        b"<table><tr><td>" * 20_000 + "一、总则".encode(),
        b"<b>" * DEEP + "一、总则".encode() + b"</b>" * DEEP,
        b"<ul><li>" * 20_000 + "一、总则".encode(),
    ],
)
def test_pages_nested_without_end(page: bytes) -> None:
    began = time.monotonic()
    attempt(b"<html><body>" + page, "a.html")
    assert time.monotonic() - began < 60


@pytest.mark.parametrize("part", [b"<w:p>", b"<w:tbl><w:tr><w:tc>", b"<w:sdt><w:sdtContent>", b"<w:ins>"])
def test_word_files_nested_without_end(part: bytes) -> None:
    attempt(package(**{"word__document.xml": W + part * 50_000}), "a.docx")
    ends = b"".join(b"</" + tag + b">" for tag in reversed(part[1:-1].split(b"><")))
    inner = b"<w:p><w:r><w:t>x</w:t></w:r></w:p>"
    for depth in (80, 250):
        body = W + part * depth + inner + ends * depth + b"</w:body></w:document>"
        attempt(package(**{"word__document.xml": body}), "a.docx")


def test_in_a_batch_the_rest_goes_on_and_the_store_stays_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graph.knowledge.bundled", tuple)
    folder = tmp_path / "in"
    folder.mkdir()
    hostile = {
        "bomb.docx": package(**{"word__document.xml": W + b" " * 40_000_000}),
        "entity.docx": package(**{"word__document.xml": ENTITY + W}),
        "old.docx": ole("WordDocument"),
        "locked.pdf": make_pdf(PRINT, encrypted=True),
        "cut.pdf": make_pdf(PRINT)[:200],
        "cut.zip": package(**{"a.txt": b"x" * 9999})[:60],
        "empty.txt": b"",
        "picture.png": b"\x89PNG\r\n\x1a\n\x00",
    }
    for name, data in hostile.items():
        (folder / name).write_bytes(data)
    before = ingest([folder], tmp_path / "s")
    assert {row.outcome for row in before.rows} == {"failed"}
    assert len(before.rows) == len(hostile)
    (folder / "good.txt").write_bytes((FOLDER / "yunxi.txt").read_bytes())
    after = ingest([folder], tmp_path / "s")
    assert [row.name for row in after.rows if row.outcome == "added"] == ["good.txt"]
    generation = Store.open(tmp_path / "s").generation
    assert generation is not None
    assert generation.sources == ("good",)


def test_the_documents_of_an_archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graph.knowledge.bundled", tuple)
    text = (FOLDER / "yunxi.txt").read_bytes()
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("甲/one.txt", text)
        archive.writestr("甲/one.toml", 'source = "first"\n')
        archive.writestr("甲/one.html", "<p>别的内容</p>")
        archive.writestr("乙/茶产业.docx", whole("docx"))
        archive.writestr("乙/坏.pdf", b"%PDF-1.4 broken")
        archive.writestr("__MACOSX/乙/._茶产业.docx", b"x")
        archive.writestr("inner.zip", b"PK\x03\x04")
        archive.writestr("logo.png", b"x")
    rows = ingest([path], tmp_path / "s").rows
    assert {(row.source, row.name, row.outcome) for row in rows} == {
        ("first", "one.txt", "added"),
        ("first", "one.html", "skipped"),
        ("茶产业", "茶产业.docx", "added"),
        ("坏", "坏.pdf", "failed"),
    }
    assert {row.outcome for row in ingest([path], tmp_path / "s").rows} == {"unchanged", "skipped", "failed"}


def test_names_of_an_archive_made_by_chinese_windows() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("XXXX.txt", b"x")
    data = out.getvalue().replace(b"XXXX", "通知".encode("gb18030"))
    assert Archive(data, "a.zip").documents == ("通知.txt",)


def test_an_archive_without_documents_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(package(**{"a.exe": b"x"}))
    [row] = ingest([path], tmp_path / "s").rows
    assert row.outcome == "failed"
    assert "没有可以读的文件" in row.error
