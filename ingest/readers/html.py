"""Web pages of government sites → text: the document and its index table, without the page around it.

Tables of data become lines with cells separated by tabulators; tables that only lay the page out
are dissolved. Links to files become attachments.
"""

import re
from collections.abc import Iterator

from lxml import etree, html

from ingest.lexicon import words
from ingest.model import DocumentError, RawDocument, SideFile

_DROP = frozenset(
    [
        "script",
        "style",
        "noscript",
        "iframe",
        "canvas",
        "svg",
        "form",
        "button",
        "select",
        "input",
        "textarea",
        "nav",
        "header",
        "footer",
        "aside",
        "template",
        "object",
        "embed",
        "video",
        "audio",
        "head",
    ]
)
_BLOCK = frozenset(
    [
        "p",
        "div",
        "section",
        "article",
        "main",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "li",
        "ul",
        "ol",
        "dl",
        "dt",
        "dd",
        "blockquote",
        "pre",
        "center",
        "figure",
        "figcaption",
        "address",
        "table",
        "tbody",
        "thead",
        "tfoot",
        "tr",
        "td",
        "th",
        "hr",
        "body",
        "form",
        "fieldset",
    ]
)
_CHROME = re.compile(
    r"(?:^|[\s_-])(?:nav|menu|breadcrumb|crumb|sidebar|side|footer|foot|header|topbar|toolbar|share|bdsharebuttonbox|qrcode|ewm|erweima|pagination|related|recommend|copyright|friendlink|search|login|banner|position|weizhi|dqwz)(?:$|[\s_-])",
    re.I,
)
_FILE = re.compile(r"\.(?:docx?|xlsx?|pdf|wps|et|ofd|zip|rar|pptx?|txt|rtf)(?:$|[?#])", re.I)
_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([A-Za-z0-9_-]+)""", re.I)
_BLANKS = re.compile(r"[ \t\r\n\f]+")


def read_html(
    data: bytes, where: str, sha256: str, source: str, side: SideFile, charset: str | None = None
) -> RawDocument:
    """Return the document in a web page; `charset` is what its server says, for pages that say nothing.

    Raises DocumentError when the page holds no text or cannot be parsed.
    """
    page = _decode(data, where, charset)
    parser = html.HTMLParser(remove_comments=True, remove_pis=True, no_network=True, huge_tree=True)
    try:
        root = html.document_fromstring(page, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError) as error:
        raise DocumentError("网页内容无法解析", where, "请用浏览器打开后另存为网页或文本") from error
    title = _page_title(root)
    content = _content(root)
    attachments = _attachments(content)
    lines = _lines(content)
    text = "\n".join(lines)
    if not text.strip():
        raise DocumentError("网页里没有正文", where, "正文可能由脚本载入，请用浏览器打开后另存为文本")
    return RawDocument(text, sha256, source, side, title, attachments)


def _decode(data: bytes, where: str, charset: str | None) -> str:
    from ingest.readers.text import decode

    match = _CHARSET.search(data[:4096])
    for name in (match[1].decode("ascii") if match else None, charset):
        if name is None:
            continue
        try:
            known = "gb18030" if name.lower() in ("gb2312", "gbk", "gb18030") else name
            return data.decode(known).replace("\x00", "")
        except (UnicodeError, LookupError):
            continue
    return decode(data, where)


def _page_title(root: html.HtmlElement) -> str | None:
    """Return the title that the page states: in its meta tag, else its <title> without the site's name."""
    for meta in root.iter("meta"):
        if (meta.get("name") or "").lower() == "articletitle" and (meta.get("content") or "").strip():
            return str(meta.get("content")).strip()
    title = root.findtext(".//title")
    if not title or not title.strip():
        return None
    return re.split(r"[_|｜—-]+", _BLANKS.sub(" ", title).strip())[0].strip() or None


def _content(root: html.HtmlElement) -> html.HtmlElement:
    """Return the page without its frame, cut down where a known container holds the document."""
    body = root.find("body") if root.find("body") is not None else root
    for element in list(body.iter()):
        if not isinstance(element.tag, str):
            continue
        if element.tag in _DROP or _hidden(element) or _is_chrome(element, body):
            _remove(element)
    known = _container(body)
    if known is None or known is body:
        return body
    inside = len(_text_of(known))
    around = len(_text_of(body)) - inside
    # A page that is little more than the document keeps everything: title and index table stand outside.
    if around <= 1200 or around < inside:
        return body
    return known


def _remove(element: html.HtmlElement) -> None:
    if element.getparent() is not None:
        element.drop_tree()


def _hidden(element: html.HtmlElement) -> bool:
    style = (element.get("style") or "").replace(" ", "").lower()
    return "display:none" in style or "visibility:hidden" in style


def _is_chrome(element: html.HtmlElement, body: html.HtmlElement) -> bool:
    """Say whether an element is a menu or the like: by its name, or because nearly all its text is links."""
    if element is body or element.tag not in ("div", "ul", "ol", "table", "section", "p", "dl"):
        return False
    name = f"{element.get('id') or ''} {element.get('class') or ''}"
    named = bool(name.strip()) and _CHROME.search(name) is not None
    links = element.findall(".//a")
    if not named and len(links) < 6:
        return False
    if any(_FILE.search(a.get("href") or "") for a in links):
        return False
    size = len(_text_of(element))
    if named and size < 400:
        return True
    return size > 0 and sum(len(_text_of(a)) for a in links) > 0.7 * size


def _text_of(element: html.HtmlElement) -> str:
    return _BLANKS.sub("", "".join(element.itertext()))


def _container(body: html.HtmlElement) -> html.HtmlElement | None:
    """Return the fullest element that one of the well-known names marks as the document."""
    names = frozenset(words().web_content)
    found = [
        e
        for e in body.iter()
        if isinstance(e.tag, str)
        and ((e.get("id") in names) or any(c in names for c in (e.get("class") or "").split()))
    ]
    best = max(found, key=lambda e: len(_text_of(e)), default=None)
    return best if best is not None and len(_text_of(best)) > 200 else None


def _attachments(content: html.HtmlElement) -> tuple[str, ...]:
    found = [str(a.get("href")).strip() for a in content.iter("a") if _FILE.search(a.get("href") or "")]
    return tuple(dict.fromkeys(found))


def _lines(content: html.HtmlElement) -> list[str]:
    """Return the text of an element, a block a line."""
    lines: list[str] = []
    current: list[str] = []

    def flush() -> None:
        line = _BLANKS.sub(" ", "".join(current)).strip(" ")
        if line:
            lines.append(line)
        current.clear()

    for kind, value in _walk(content):
        if kind == "text":
            current.append(value)
        elif kind == "row":
            flush()
            lines.append(value)
        else:
            flush()
    flush()
    return lines


def _walk(content: html.HtmlElement) -> Iterator[tuple[str, str]]:
    """Yield text, breaks and table rows in reading order, however deep the page is nested."""
    walker = etree.iterwalk(content, events=("start", "end"))
    for event, element in walker:
        if not isinstance(element.tag, str):
            continue
        if event == "start" and element.tag == "table" and _is_data(element):
            yield "break", ""
            for row in _rows(element):
                yield "row", row
            walker.skip_subtree()
            continue
        if element.tag in _BLOCK or (element.tag == "br" and event == "start"):
            yield "break", ""
        if event == "start" and element.text:
            yield "text", element.text
        if event == "end" and element is not content and element.tail:
            yield "text", element.tail


def _is_data(table: html.HtmlElement) -> bool:
    """Tell a table of data from one that lays out the page: no table inside, several short cells a row."""
    if table.find(".//table") is not None:
        return False
    rows = table.findall(".//tr")
    cells = [len(row.findall("td")) + len(row.findall("th")) for row in rows]
    if not cells or max(cells) < 2:
        return False
    longest = max((len(_text_of(c)) for c in table.iter("td", "th")), default=0)
    paragraphs = max((len(c.findall(".//p")) for c in table.iter("td", "th")), default=0)
    return longest < 1500 and not (paragraphs > 8 and longest > 400)


def _rows(table: html.HtmlElement) -> Iterator[str]:
    """Yield the rows of a table of data with tabulators; a cell over several rows stands in each."""
    carried: dict[int, tuple[int, str]] = {}
    for row in table.iter("tr"):
        cells: list[str] = []
        for cell in row:
            if cell.tag not in ("td", "th"):
                continue
            while len(cells) in carried:
                _carry(cells, carried)
            value = _BLANKS.sub(" ", " ".join(t for t in cell.itertext() if t.strip())).strip()
            span, down = _number(cell.get("colspan")), _number(cell.get("rowspan"))
            for _ in range(span):
                if down > 1:
                    carried[len(cells)] = (down - 1, value)
                cells.append(value)
                value = ""
        while len(cells) in carried:
            _carry(cells, carried)
        while cells and not cells[-1]:
            cells.pop()
        if any(cells):
            yield "\t".join(cells)


def _carry(cells: list[str], carried: dict[int, tuple[int, str]]) -> None:
    at = len(cells)
    left, value = carried.pop(at)
    if left > 1:
        carried[at] = (left - 1, value)
    cells.append(value)


def _number(value: str | None) -> int:
    return min(60, int(value)) if value and value.isdigit() and int(value) else 1
