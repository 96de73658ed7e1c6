"""One-to-one folding of characters: what print varies is made alike, and every offset survives.

NFKC cannot be used: it turns one character into several (㈠ → (一), ㎡ → m2), so that positions shift.
"""

import re
import unicodedata

# Brackets in use around document numbers, clause numbers and unit lists.
# GB/T 9704-2012 §7.2.5 asks for 〔〕.
_OPEN = "(〔﹝[［【｛{⟨〖"
_CLOSE = ")〕﹞]］】｝}⟩〗"
_PAIRS = {
    **dict.fromkeys(_OPEN, "（"),
    **dict.fromkeys(_CLOSE, "）"),
    **dict.fromkeys(
        "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000",
        " ",
    ),
    **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f", " "),
    **dict.fromkeys(",﹐", "，"),
    **dict.fromkeys(":﹕∶︰", "："),
    **dict.fromkeys(";﹔", "；"),
    **dict.fromkeys("!﹗", "！"),
    **dict.fromkeys("?﹖", "？"),
    **dict.fromkeys("○Ο〇◯", "〇"),
    **dict.fromkeys("•‧∙⋅・･", "·"),
    **dict.fromkeys("﹑､", "、"),
    **dict.fromkeys("｡﹒", "。"),
    **dict.fromkeys("─━―", "—"),
    "%": "%",
    "\u2028": " ",
    "\u2029": " ",
    "\x0b": " ",
    "\x0c": " ",
    "\x85": " ",
}


def _table() -> dict[int, str]:
    """Build the folding table: listed pairs first, then compatibility forms that map to one character."""
    table: dict[int, str] = {}
    for first, last in ((0xFF01, 0xFF5E), (0x2E80, 0x2FD5), (0xF900, 0xFAFF), (0xFE50, 0xFE6F)):
        for code in range(first, last + 1):
            plain = unicodedata.normalize("NFKC", chr(code))
            if len(plain) == 1 and plain != chr(code):
                table[code] = _PAIRS.get(plain, plain)
    table.update({ord(k): v for k, v in _PAIRS.items()})
    return table


_TABLE = _table()
# A full stop that was typed half-width ends a Chinese word; no number, name of a file or row of dots
# does, nor do the points of a list of books (某某.书名[M].). At the head of a line (一. （一）. 第一条.)
# it belongs to the number.
_STOP = re.compile(
    r"(?m)(?:^[ \t]{0,20}(?:第[ ]{0,3})?（?[ ]{0,3}[零〇一二三四五六七八九十百千两]{1,5}"
    r"[ ]{0,3}[章节条）]?[ ]{0,3}[.])"
    r"|(?<=[\u4e00-\u9fff）”》])[.](?![.A-Za-z/_@-]|[^\n]{0,80}?（[A-Z](?:/[A-Z]{2})?）)"
)
_THOUSANDS = re.compile(r"(?<=\d)，(?=\d{3}(?!\d))")


def fold(text: str) -> str:
    """Return `text` with variants of the same character made alike, character for character.

    Full-width digits and letters become ASCII, half-width Chinese punctuation becomes full-width,
    every bracket around numbers or lists becomes （ or ）, every blank that is no line end or
    tabulator becomes a space. ``len(fold(text)) == len(text)`` always holds; a comma between
    thousands (1,000) stays half-width.
    """
    folded = text.translate(_TABLE)
    return _THOUSANDS.sub(",", folded) if "，" in folded else folded


def fold_stops(folded: str) -> str:
    """Return folded text in which a half-width full stop after a Chinese word is a 。; no offset shifts."""
    return _STOP.sub(lambda m: "。" if m[0] == "." else m[0], folded)
