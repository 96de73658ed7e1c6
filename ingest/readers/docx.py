"""Word documents (DOCX): paragraphs with their automatic numbers, tables a row a line."""

from collections.abc import Iterator

from lxml import etree

from ingest.model import DocumentError, RawDocument, SideFile
from ingest.readers.numbers import Numbering, W
from ingest.readers.package import Package

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_SKIP = frozenset(
    {
        f"{W}{n}"
        for n in (
            "del",
            "moveFrom",
            "instrText",
            "delText",
            "rPr",
            "pPr",
            "fldData",
            "footnoteReference",
            "commentReference",
        )
    }
)
_LONG_CELL = 600


def read_docx(data: bytes, where: str, sha256: str, source: str, side: SideFile) -> RawDocument:
    """Return the text of a Word document, automatic numbers written out.

    Raises DocumentError when the file is damaged, encrypted, harmful, empty or no Word document.
    """
    package = Package(data, where)
    main = _main_part(package)
    if main is None:
        raise DocumentError("压缩包里没有 Word 正文", where, "请提供 DOCX 文件；压缩包请先解压")
    root = package.xml(main)
    body = root.find(f"{W}body") if root is not None else None
    if body is None:
        raise DocumentError("Word 文件没有正文", where, "请用 Word 打开后另存")
    folder = main.rsplit("/", 1)[0] if "/" in main else ""
    prefix = f"{folder}/" if folder else ""
    numbering = Numbering(package.xml(f"{prefix}numbering.xml"), package.xml(f"{prefix}styles.xml"))
    lines = [line for block in _blocks(body, numbering) for line in block.split("\n")]
    while lines and not lines[-1].strip():
        lines.pop()
    text = "\n".join(lines)
    if not text.strip():
        raise DocumentError("Word 文件里没有文字", where, "如果内容是图片，请另存为 PDF 后再读入")
    return RawDocument(text, sha256, source, side)


def _main_part(package: Package) -> str | None:
    """Return the name of the main part: as the package's relations say, else the usual one."""
    relations = package.xml("_rels/.rels")
    if relations is not None:
        for relation in relations:
            if str(relation.get("Type", "")).endswith("/officeDocument"):
                target = str(relation.get("Target", "")).lstrip("/")
                return (
                    target
                    if target in package.names and target.endswith(".xml") and "word" in target.lower()
                    else None
                )
    return "word/document.xml" if "word/document.xml" in package.names else None


def _blocks(parent: etree._Element, numbering: Numbering) -> Iterator[str]:
    """Yield the paragraphs and table rows below an element, in order."""
    for child in parent:
        if child.tag == f"{W}p":
            text = _text(child)
            number = numbering.number(child) if text.strip() else ""
            yield (number + text.lstrip()) if number else text.rstrip()
            yield from _boxes(child, numbering)
        elif child.tag == f"{W}tbl":
            yield from _table(child, numbering)
        elif child.tag in (
            f"{W}sdt",
            f"{W}customXml",
            f"{W}ins",
            f"{W}moveTo",
            f"{W}sdtContent",
            f"{W}smartTag",
        ):
            yield from _blocks(child, numbering)


def _text(paragraph: etree._Element) -> str:
    """Return a paragraph's text: what is struck out, hidden or a field's code is left out."""
    out: list[str] = []
    _collect(paragraph, out, 0)
    return "".join(out)


def _collect(element: etree._Element, out: list[str], depth: int) -> None:
    if depth > 60:
        return
    for child in element:
        tag = child.tag
        if tag in _SKIP or not isinstance(tag, str):
            continue
        if tag == f"{W}r" and _hidden(child):
            continue
        if tag == f"{W}t":
            out.append((child.text or "").replace("\n", " "))
        elif tag in (f"{W}tab", f"{W}ptab"):
            out.append("　")
        elif tag in (f"{W}br", f"{W}cr"):
            out.append("\n")
        elif tag == f"{W}noBreakHyphen":
            out.append("-")
        elif tag in (f"{_MC}AlternateContent", f"{W}pict", f"{W}drawing", f"{W}object"):
            continue
        else:
            _collect(child, out, depth + 1)


def _hidden(run: etree._Element) -> bool:
    vanish = run.find(f"{W}rPr/{W}vanish")
    return vanish is not None and vanish.get(f"{W}val", "1") not in ("0", "false")


def _boxes(paragraph: etree._Element, numbering: Numbering) -> Iterator[str]:
    """Yield the text of boxes anchored in a paragraph (once: the fallback drawing repeats it)."""
    for box in paragraph.iter(f"{W}txbxContent"):
        if any(a.tag == f"{_MC}Fallback" for a in box.iterancestors()):
            continue
        yield from _blocks(box, numbering)


def _table(table: etree._Element, numbering: Numbering) -> Iterator[str]:
    """Yield a table, a row a line with tabulators; a table of one cell or of long cells as paragraphs."""
    above: dict[int, str] = {}
    for row in table.iter(f"{W}tr"):
        if next(row.iterancestors(f"{W}tbl")) is not table:
            continue
        cells = [c for c in row.iter(f"{W}tc") if next(c.iterancestors(f"{W}tr")) is row]
        texts = [list(_blocks(c, numbering)) for c in cells]
        if len(cells) == 1 or any(sum(len(t) for t in text) > _LONG_CELL and len(text) > 3 for text in texts):
            for text in texts:
                yield from text
            continue
        values: list[str] = []
        for cell, text in zip(cells, texts, strict=True):
            value = " ".join(" ".join(t.split()) for t in text if t.strip())
            span, merged = _merges(cell)
            at = len(values)
            if merged == "continue":
                value = above.get(at, "")
            above[at] = value
            values += [value, *[""] * (span - 1)]
        while values and not values[-1]:
            values.pop()
        if any(values):
            yield "\t".join(values)


def _merges(cell: etree._Element) -> tuple[int, str | None]:
    """Return how many columns a cell spans, and whether it goes on from the row above."""
    properties = cell.find(f"{W}tcPr")
    if properties is None:
        return 1, None
    span = properties.find(f"{W}gridSpan")
    width = span.get(f"{W}val", "1") if span is not None else "1"
    merge = properties.find(f"{W}vMerge")
    state = merge.get(f"{W}val", "continue") if merge is not None else None
    return (min(60, int(width)) if width.isdigit() and int(width) else 1), state
