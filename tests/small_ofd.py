"""The smallest OFD files (GB/T 33190-2016): for tests of reading."""

import io
import zipfile
from html import escape

_NS = 'xmlns:ofd="http://www.ofdspec.org/2016"'
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>'


def make_ofd(
    pages: list[list[tuple[float, float, str]]], size: float = 16, *, drawn: str = "", picture: bytes = b""
) -> bytes:
    """Return an OFD file; each page is a list of (x, y, text) in points from the lower left, as for PDF.

    `drawn` is drawn on every page: lines in the language of PDF; `picture` fills pages without text.
    """
    members = {
        "OFD.xml": f"<ofd:OFD {_NS}><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot>"
        "</ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"<ofd:Document {_NS}><ofd:CommonData><ofd:PageArea>"
        "<ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea>"
        '<ofd:TemplatePage ID="90" BaseLoc="Tpls/Tpl_0/Content.xml"/>'
        "<ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes></ofd:CommonData><ofd:Pages>"
        + "".join(
            f'<ofd:Page ID="{n}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n in range(1, len(pages) + 1)
        )
        + "</ofd:Pages></ofd:Document>",
        "Doc_0/Tpls/Tpl_0/Content.xml": f"<ofd:Page {_NS}/>",
    }
    for number, page in enumerate(pages, 1):
        image = '<ofd:ImageObject Boundary="0 0 210 297" ResourceID="7"/>' if picture and not page else ""
        shown = _lines(drawn) + image + "".join(_text(x, y, text, size) for x, y, text in page)
        members[f"Doc_0/Pages/Page_{number}/Content.xml"] = (
            f'<ofd:Page {_NS}><ofd:Template TemplateID="90"/><ofd:Content><ofd:Layer>{shown}</ofd:Layer>'
            "</ofd:Content></ofd:Page>"
        )
    members["Doc_0/DocumentRes.xml"] = (
        f'<ofd:Res {_NS} BaseLoc="Res"><ofd:MultiMedias><ofd:MultiMedia ID="7" Type="Image">'
        "<ofd:MediaFile>page.png</ofd:MediaFile></ofd:MultiMedia></ofd:MultiMedias></ofd:Res>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, _HEAD + text)
        archive.writestr("Doc_0/Res/page.png", picture)
    return out.getvalue()


def _lines(drawn: str) -> str:
    mm = 25.4 / 72
    words = drawn.split()
    out = ""
    for n in range(0, len(words), 7):  # x y m x y l S
        x0, y0, _, x1, y1, *_ = words[n : n + 7]
        path = f"M {float(x0) * mm} {297 - float(y0) * mm} L {float(x1) * mm} {297 - float(y1) * mm}"
        inner = f"<ofd:AbbreviatedData>{path}</ofd:AbbreviatedData>"
        out += f'<ofd:PathObject Boundary="0 0 210 297">{inner}</ofd:PathObject>'
    return out


def _text(x: float, y: float, text: str, points: float) -> str:
    mm = 25.4 / 72
    size = points * mm
    top = 297 - (y + points) * mm
    steps = " ".join(f"{size if ord(c) > 255 else size / 2:.3f}" for c in text[:-1])
    if text and len(text) > 4 and all(ord(c) > 255 for c in text):
        steps = f"g {len(text) - 1} {size:.3f}"
    return (
        f'<ofd:TextObject Boundary="{x * mm:.3f} {top:.3f} {size * len(text):.3f} {size:.3f}" '
        f'Size="{size:.3f}"><ofd:TextCode X="0" Y="{0.88 * size:.3f}" DeltaX="{steps}">{escape(text)}'
        "</ofd:TextCode></ofd:TextObject>"
    )
