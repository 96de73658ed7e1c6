"""OFD files (GB/T 33190-2016): pages of placed characters or pictures, read like the pages of a PDF."""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from lxml import etree

from ingest.model import DocumentError, RawDocument, SideFile
from ingest.readers.glyphs import Char, rows_of
from ingest.readers.layout import PrintLine, on_page
from ingest.readers.package import Package
from ingest.readers.progress import Told, silent
from ingest.readers.ruled import Rule, with_tables
from ingest.readers.scan import picture_rows, with_scans

MAX_PAGES = 2000
_MAX_SHAPES = 3_000  # of one page; more are a drawing
_MAX_WORDS = 300  # of one shape
_MM = 72 / 25.4  # a millimetre in points
_WIDTH, _HEIGHT = 210.0, 297.0  # of a page that gives no size (A4)
_FEW = 10  # fewer characters on a picture of the whole page are not its text


@dataclass(frozen=True, slots=True)
class _Page:
    """What stands on a page: characters, drawn lines, and the picture that it is, if it is one."""

    chars: list[Char]
    rules: list[Rule]
    picture: str | None  # name of the member
    side: float  # points, the longer one


def read_ofd(
    data: bytes, where: str, sha256: str, source: str, side: SideFile, told: Told = silent
) -> RawDocument:
    """Return the text of an OFD file, a paragraph a line; pages that are pictures are recognised.

    Raises DocumentError when the file is damaged, encrypted, harmful, too long, holds no text, or is a
    scan where character recognition is not installed.
    """
    package = Package(data, where)
    read = list(islice((page for root in _roots(package) for page in _pages(package, root)), MAX_PAGES + 1))
    if len(read) > MAX_PAGES:
        raise DocumentError(f"OFD 超过 {MAX_PAGES} 页", where, "请拆分后再试")
    pages: list[list[list[PrintLine]]] = []
    for number, page in enumerate(read, 1):
        found = with_tables(page.chars, page.rules, rows_of) if page.picture is None else []
        pages.append([[on_page(piece, number) for piece in row] for row in found])

    def recognised(number: int) -> list[list[PrintLine]]:
        page = read[number - 1]
        return picture_rows(package.read(page.picture or ""), number, page.side, where)

    scanned = [number for number, page in enumerate(read, 1) if page.picture is not None]
    text, findings = with_scans(pages, scanned, recognised, where, told)
    if not text.strip():
        raise DocumentError("OFD 里没有文字", where, "请用原软件打开，另存为 PDF 后再试")
    return RawDocument(text, sha256, source, side, findings=findings)


def _roots(package: Package) -> Iterator[str]:
    """Yield the documents' main parts, as OFD.xml names them (clause 7.4)."""
    entry = package.xml("OFD.xml")
    for root in entry.iter("{*}DocRoot") if entry is not None else ():
        yield (root.text or "").strip().lstrip("/")


def _pages(package: Package, main: str) -> Iterator[_Page]:
    """Yield the pages of a document, what stands on their templates first."""
    document = package.xml(main)
    if document is None:
        raise DocumentError("OFD 没有正文", package.where, "请用原软件打开后另存")
    folder = posixpath.dirname(main)
    usual = _box(document.find(".//{*}CommonData/{*}PageArea/{*}PhysicalBox"))
    templates = {
        t.get("ID"): _place(folder, t.get("BaseLoc"))
        for t in document.iterfind(".//{*}CommonData/{*}TemplatePage")
    }
    pictures = _pictures(package, document, folder)
    for page in document.iterfind(".//{*}Pages/{*}Page"):
        content = package.xml(_place(folder, page.get("BaseLoc")))
        if content is None:
            continue
        box = _box(content.find("{*}Area/{*}PhysicalBox")) or usual
        width, height = (box[2], box[3]) if box else (_WIDTH, _HEIGHT)
        layers = [package.xml(templates[t.get("TemplateID")]) for t in content.iterfind("{*}Template")
                  if t.get("TemplateID") in templates]  # fmt: skip
        shown = [layer for layer in (*layers, content) if layer is not None]
        chars = [char for layer in shown for char in _chars(layer, height)]
        rules = [rule for layer in shown for rule in _rules(layer, height)]
        picture = None
        if len(chars) < _FEW:
            for image in content.iter("{*}ImageObject"):
                place = _box(image)
                if place and place[2] * place[3] > 0.5 * width * height:
                    picture = pictures.get(image.get("ResourceID"))
        yield _Page(chars, rules, picture, max(width, height) * _MM)


def _pictures(package: Package, document: etree._Element, folder: str) -> dict[str | None, str]:
    """Return the members that hold pictures by their identifiers (clause 7.9, resources)."""
    found: dict[str | None, str] = {}
    for kind in ("PublicRes", "DocumentRes"):
        for named in document.iterfind(f".//{{*}}CommonData/{{*}}{kind}"):
            name = _place(folder, named.text)
            resource = package.xml(name)
            if resource is None:
                continue
            inside = _place(posixpath.dirname(name), resource.get("BaseLoc"))
            for media in resource.iterfind(".//{*}MultiMedia"):
                member = _place(inside, media.findtext("{*}MediaFile"))
                if member in package.names:
                    found[media.get("ID")] = member
    return found


def _place(folder: str, location: str | None) -> str:
    """Return the name of a member: a place is relative to the document's folder, or begins with /."""
    location = (location or "").strip()
    return location.lstrip("/") if location.startswith("/") else posixpath.normpath(f"{folder}/{location}")


def _chars(layer: etree._Element, height: float) -> Iterator[Char]:
    for text in layer.iter("{*}TextObject"):
        box, size = _box(text), _number(text.get("Size"), 0.0)
        if box is None or size <= 0:
            continue
        scale = _matrix(text.get("CTM"))
        for code in text.iterfind("{*}TextCode"):
            x, y = _number(code.get("X"), 0.0), _number(code.get("Y"), 0.0)
            steps = _steps(code.get("DeltaX"))
            for char in (code.text or "").replace("\n", ""):
                left = box[0] + scale[0] * x + scale[2]
                base = height - (box[1] + scale[1] * y + scale[3])
                em, tall = size * scale[0], size * scale[1]
                width = em if ord(char) > 255 else 0.5 * em
                if char >= " ":
                    # The baseline lies at 0.88 of a Chinese character's square.
                    yield Char(
                        char,
                        left * _MM,
                        (base - 0.12 * tall) * _MM,
                        (left + width) * _MM,
                        (base + 0.88 * tall) * _MM,
                    )
                x += next(steps, width / scale[0])


def _rules(layer: etree._Element, height: float) -> Iterator[Rule]:
    """Yield the level and upright lines that are drawn (clause 9.1: S and M begin, L draws, C closes)."""
    for shape in islice(layer.iter("{*}PathObject"), _MAX_SHAPES):
        box, data = _box(shape), shape.find("{*}AbbreviatedData")
        if box is None or data is None:
            continue
        scale = _matrix(shape.get("CTM"))
        words = (data.text or "").split()[:_MAX_WORDS]
        points: list[tuple[float, float]] = []
        for n, word in enumerate(words):
            if word in ("S", "M"):
                points.clear()
            if word in ("S", "M", "L") and n + 2 < len(words):
                x, y = _number(words[n + 1], 0.0), _number(words[n + 2], 0.0)
                at = box[0] + scale[0] * x + scale[2], height - (box[1] + scale[1] * y + scale[3])
                points.append((at[0] * _MM, at[1] * _MM))
            elif word == "C" and points:
                points.append(points[0])
            if word in ("L", "C") and len(points) > 1:
                rule = Rule(*points[-2], *points[-1])
                if min(abs(rule.x1 - rule.x0), abs(rule.y1 - rule.y0)) < 1.0:
                    yield rule


def _matrix(value: str | None) -> tuple[float, float, float, float]:
    """Return scale and shift of a transformation matrix, turning left out."""
    parts = [_number(v, 0.0) for v in (value or "").split()]
    if len(parts) != 6 or parts[0] <= 0 or parts[3] <= 0:
        return 1.0, 1.0, 0.0, 0.0
    return parts[0], parts[3], parts[4], parts[5]


def _steps(value: str | None) -> Iterator[float]:
    """Yield the steps between characters; “g 5 3.2” stands for five steps of 3.2 (clause 11.3)."""
    parts = iter((value or "").split())
    for part in parts:
        if part == "g":
            count, step = next(parts, "0"), _number(next(parts, None), 0.0)
            yield from (step for _ in range(min(10_000, int(count) if count.isdigit() else 0)))
        else:
            yield _number(part, 0.0)


def _box(element: etree._Element | None) -> tuple[float, float, float, float] | None:
    """Return x, y, width and height of an element's boundary, in millimetres from the upper left."""
    if element is None:
        return None
    parts = [_number(v, -1.0) for v in (element.get("Boundary") or element.text or "").split()]
    return (parts[0], parts[1], parts[2], parts[3]) if len(parts) == 4 else None


def _number(value: str | None, usual: float) -> float:
    try:
        number = float(value) if value else usual
    except ValueError:
        return usual
    return number if abs(number) < 1e5 else usual
