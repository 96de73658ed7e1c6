"""Word's automatic numbering: numbering.xml and styles.xml → the number that print shows.

Text extractors lose these numbers, and with them every locator. ECMA-376 part 1 §17.9.
"""

import re
from dataclasses import dataclass

from lxml import etree

from ingest.numerals import to_han

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LARGEST = 32_767  # Word counts no further
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_FORMAL = str.maketrans("零一二三四五六七八九十百千", "零壹贰叁肆伍陆柒捌玖拾佰仟")
_DIGITAL = str.maketrans("0123456789", "〇一二三四五六七八九")
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


def written(value: int, form: str) -> str:
    """Return a counter in one of Word's number formats (ST_NumberFormat); unknown ones are decimal."""
    if form in ("bullet", "none"):
        return ""
    if not 0 < value <= _LARGEST:
        return str(value)
    match form:
        case (
            "chineseCounting"
            | "chineseCountingThousand"
            | "japaneseCounting"
            | "taiwaneseCounting"
            | "taiwaneseCountingThousand"
            | "ideographCounting"
        ):
            return to_han(value)
        case "chineseLegalSimplified" | "ideographLegalTraditional" | "japaneseLegal":
            return to_han(value).translate(_FORMAL)
        case "ideographDigital" | "japaneseDigitalTenThousand" | "taiwaneseDigital" | "koreanDigital2":
            return str(value).translate(_DIGITAL)
        case "ideographTraditional":
            return _STEMS[(value - 1) % 10]
        case "ideographZodiac":
            return _BRANCHES[(value - 1) % 12]
        case "decimalEnclosedCircle" | "decimalEnclosedCircleChinese" if 1 <= value <= 20:
            return chr(0x2460 + value - 1)
        case "decimalEnclosedParen" if 1 <= value <= 20:
            return chr(0x2474 + value - 1)
        case "decimalEnclosedFullstop" if 1 <= value <= 20:
            return chr(0x2488 + value - 1)
        case "ideographEnclosedCircle" if 1 <= value <= 10:
            return chr(0x3220 + value - 1)
        case "decimalFullWidth" | "decimalFullWidth2":
            return str(value).translate(_WIDE)
        case "decimalZero":
            return f"{value:02d}"
        case "lowerLetter" | "upperLetter":
            letter = chr(ord("a") + (value - 1) % 26) * ((value - 1) // 26 + 1)
            return letter.upper() if form == "upperLetter" else letter
        case "lowerRoman" | "upperRoman":
            return _roman(value).lower() if form == "lowerRoman" else _roman(value)
        case _:
            return str(value)


def _roman(value: int) -> str:
    out = ""
    for size, sign in (
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ):
        count, value = divmod(value, size)
        out += sign * count
    return out


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a numbering: its format, its pattern (（%1）), where it starts, when it begins anew."""

    form: str
    pattern: str
    start: int
    legal: bool
    restart: int | None  # begins anew after a number of this level or above; None: after any higher one


class Numbering:
    """Counts a document's automatic numbers; feed it the paragraphs in order."""

    def __init__(self, numbering: etree._Element | None, styles: etree._Element | None) -> None:
        self._levels: dict[str, dict[int, Level]] = {}
        self._abstract: dict[str, str] = {}
        self._overrides: dict[tuple[str, int], int] = {}
        self._replaced: dict[tuple[str, int], Level] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._started: set[tuple[str, int]] = set()
        self._styles = _style_numbers(styles)
        if numbering is not None:
            self._load(numbering)

    def _load(self, root: etree._Element) -> None:
        links: dict[str, str] = {}
        defines: dict[str, str] = {}
        for abstract in root.findall(f"{W}abstractNum"):
            name = abstract.get(f"{W}abstractNumId", "")
            self._levels[name] = {int(e.get(f"{W}ilvl", "0")): _level(e) for e in abstract.findall(f"{W}lvl")}
            if (link := _value(abstract, "numStyleLink")) is not None:
                links[name] = link
            if (link := _value(abstract, "styleLink")) is not None:
                defines[link] = name
        for name, link in links.items():
            if link in defines:
                self._levels[name] = self._levels[defines[link]]
        for num in root.findall(f"{W}num"):
            name = num.get(f"{W}numId", "")
            self._abstract[name] = _value(num, "abstractNumId") or ""
            for override in num.findall(f"{W}lvlOverride"):
                level = int(override.get(f"{W}ilvl", "0"))
                if (start := _value(override, "startOverride")) is not None and start.lstrip("-").isdigit():
                    self._overrides[name, level] = int(start)
                if (changed := override.find(f"{W}lvl")) is not None:
                    self._replaced[name, level] = _level(changed)

    def number(self, paragraph: etree._Element) -> str:
        """Return the number that print shows before a paragraph, "" when it has none; counts on."""
        reference = self._reference(paragraph)
        if reference is None:
            return ""
        name, level = reference
        abstract = self._abstract.get(name)
        if abstract is None or self._level(name, level) is None:
            return ""
        counts = self._counts.setdefault(abstract, {})
        self._count(name, level, counts)
        return self._print(name, level, counts)

    def _reference(self, paragraph: etree._Element) -> tuple[str, int] | None:
        """Return (numId, level) of a paragraph, from itself or from its style."""
        properties = paragraph.find(f"{W}pPr")
        if properties is None:
            return None
        style = _value(properties, "pStyle")
        inherited = self._styles.get(style) if style else None
        direct = properties.find(f"{W}numPr")
        if direct is None:
            return inherited
        name, level = _value(direct, "numId"), _value(direct, "ilvl")
        if name == "0":
            return None
        name = name or (inherited[0] if inherited else None)
        if name is None:
            return None
        return name, int(level) if level and level.isdigit() else (inherited[1] if inherited else 0)

    def _level(self, name: str, level: int) -> Level | None:
        return self._replaced.get((name, level)) or self._levels.get(self._abstract.get(name, ""), {}).get(
            level
        )

    def _count(self, name: str, level: int, counts: dict[int, int]) -> None:
        definition = self._level(name, level)
        if definition is None:
            return
        if (name, level) in self._overrides and (name, level) not in self._started:
            counts[level] = self._overrides[name, level]
        else:
            counts[level] = counts[level] + 1 if level in counts else definition.start
        self._started.add((name, level))
        for below in [n for n in counts if n > level]:
            lower = self._level(name, below)
            if lower is None or lower.restart is None or (lower.restart and level < lower.restart):
                del counts[below]

    def _print(self, name: str, level: int, counts: dict[int, int]) -> str:
        definition = self._level(name, level)
        if definition is None or definition.form == "bullet":
            return ""

        def one(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            part = self._level(name, at)
            if part is None:
                return ""
            return written(counts.get(at, part.start), "decimal" if definition.legal else part.form)

        text = re.sub(r"%(\d)", one, definition.pattern)
        if not text.strip():
            return ""
        return text if text[-1] in "、.．）)】〕》:：" or not text[-1].isalnum() else text + " "


def _level(element: etree._Element) -> Level:
    start = _value(element, "start") or "1"
    restart = _value(element, "lvlRestart")
    legal = element.find(f"{W}isLgl")
    return Level(
        form=_value(element, "numFmt") or "decimal",
        pattern=_value(element, "lvlText") or "",
        start=int(start) if start.isdigit() else 1,
        legal=legal is not None and legal.get(f"{W}val", "1") not in ("0", "false"),
        restart=int(restart) if restart is not None and restart.isdigit() else None,
    )


def _value(element: etree._Element, child: str) -> str | None:
    found = element.find(f"{W}{child}")
    return None if found is None else found.get(f"{W}val")


def _style_numbers(styles: etree._Element | None) -> dict[str, tuple[str, int]]:
    """Return style id → (numId, level), looking up what a style is based on."""
    if styles is None:
        return {}
    own: dict[str, tuple[str | None, int | None]] = {}
    based: dict[str, str] = {}
    for style in styles.findall(f"{W}style"):
        name = style.get(f"{W}styleId", "")
        if (parent := _value(style, "basedOn")) is not None:
            based[name] = parent
        number = style.find(f"{W}pPr/{W}numPr")
        if number is not None:
            level = _value(number, "ilvl")
            own[name] = (_value(number, "numId"), int(level) if level and level.isdigit() else None)
    found: dict[str, tuple[str, int]] = {}
    for name in {*own, *based}:
        num: str | None = None
        depth: int | None = None
        at: str | None = name
        for _ in range(12):
            if at is None:
                break
            if at in own:
                num = num or own[at][0]
                depth = own[at][1] if depth is None else depth
            at = based.get(at)
        if num and num != "0":
            found[name] = (num, depth or 0)
    return found
