"""The five policies as Word with automatic numbers, PDF, web page and scan: the same facts as the text."""

import io
import re
import zipfile
from pathlib import Path

import pypdfium2
import pytest
from lxml import etree
from playwright.sync_api import Browser

from benchmarks.rendered import paragraphs, pictures, portable, scanned, web, word
from benchmarks.renderings import FLOOR, SOURCES, compare, read_back
from graph.extract import extract
from graph.facts import Record
from ingest import parse, read
from ingest.readers.numbers import W


@pytest.fixture(scope="module")
def wanted(shared: Path) -> dict[str, Record]:
    """The facts of the texts."""
    return {source: extract(parse(read(shared / "corpus" / f"{source}.txt"))) for source in SOURCES}


@pytest.fixture(scope="module")
def printed(wanted: dict[str, Record], browser: Browser) -> dict[str, bytes]:
    """The documents as PDF, all printed by one browser."""
    made = portable([paragraphs(record.policy) for record in wanted.values()], browser)
    return dict(zip(wanted, made, strict=True))


@pytest.mark.parametrize("source", SOURCES)
def test_word_with_automatic_numbers(wanted: dict[str, Record], source: str) -> None:
    data = word(paragraphs(wanted[source].policy))
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        root = etree.fromstring(package.read("word/document.xml"))
    typed = ["".join(t.text or "" for t in p.iter(f"{W}t")) for p in root.iter(f"{W}p")]
    numbered = sum(p.find(f"{W}pPr/{W}numPr") is not None for p in root.iter(f"{W}p"))
    assert numbered > 0.9 * sum(bool(c.number) and not c.inferred for c in wanted[source].policy.clauses)
    assert not any(re.match(r"第?[一二三四五六七八九十]+[、条]", text) for text in typed)
    same = compare(read_back(data, f"{source}.docx"), wanted[source])
    assert same.whole, (same.lost, same.invented)


@pytest.mark.parametrize("source", SOURCES)
def test_a_government_web_page(wanted: dict[str, Record], source: str) -> None:
    policy = wanted[source].policy
    same = compare(read_back(web(paragraphs(policy), policy.title), f"{source}.html"), wanted[source])
    assert same.whole, (same.lost, same.invented)


@pytest.mark.parametrize("source", SOURCES)
def test_a_pdf_with_running_heads_and_page_numbers(
    wanted: dict[str, Record], printed: dict[str, bytes], source: str
) -> None:
    found = read_back(printed[source], f"{source}.pdf")
    same = compare(found, wanted[source])
    assert same.whole, (same.lost, same.invented)
    assert "政策文件汇编" not in found.policy.text
    assert not re.search(r"—\s*\d+\s*—", found.policy.text)


def test_a_scan_keeps_the_figures(printed: dict[str, bytes]) -> None:
    """The page with most sums here; `python -m benchmarks.renderings` reads all pages, in many minutes."""
    whole = pypdfium2.PdfDocument(printed["lushan"])
    sums = [page.get_textpage().get_text_bounded().count("万元") for page in whole]
    part = pypdfium2.PdfDocument.new()
    part.import_pages(whole, pages=[sums.index(max(sums))])
    out = io.BytesIO()
    part.save(out)
    layer = read_back(out.getvalue(), "part.pdf")
    found = read_back(scanned(pictures(out.getvalue())), "part.pdf")
    same = compare(found, layer)
    assert same.figures[1] >= 5
    assert same.figures[0] >= FLOOR * same.figures[1], same.lost
    assert same.clauses[0] == same.clauses[1], same.lost
    assert same.digits == 0
