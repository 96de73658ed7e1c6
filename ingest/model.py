"""The shapes that reading produces: spans, lines, clauses, policies, findings.

Offsets count Unicode characters (code points) of `Policy.text`, the decoded document with line
ends normalised to ``\\n``. For every span, ``text[span.start:span.end]`` is what it stands for.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

Severity = Literal["error", "warning", "note"]
Status = Literal["issued", "draft", "repealed"]

OCR_MISSING = "pages-missing"  # rule of a finding: pages left out, character recognition is not installed


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open run of characters ``[start, end)`` in a document's text."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """Return the characters that this span stands for in `text`."""
        return text[self.start : self.end]

    def __len__(self) -> int:
        return self.end - self.start


class LineKind(StrEnum):
    """What a physical line of an official document is (GB/T 9704-2012 §7, and what print adds)."""

    BLANK = "blank"
    MARK = "mark"  # the red head: 某某人民政府文件
    NUMBER = "number"  # document number 发文字号
    TITLE = "title"
    NOTE = "note"  # a bracketed remark under a title: （征求意见稿）
    ADDRESSEES = "addressees"  # 主送机关
    CHAPTER = "chapter"  # 第一章 …
    CLAUSE = "clause"  # a line that opens a numbered clause
    UNITS = "units"  # 牵头单位：… / 责任单位：…
    TEXT = "text"  # running text
    ANNEX = "annex"  # 附件 1
    ANNEX_LIST = "annex_list"  # 附件：1. …
    TABLE = "table"
    DATE = "date"
    SIGNATURE = "signature"
    IMPRINT = "imprint"  # 抄送, 印发机关和日期
    PAGE = "page"  # page number, header, footer
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Line:
    """One physical line: its place without the line end, and its class."""

    span: Span
    kind: LineKind


@dataclass(frozen=True, slots=True)
class Finding:
    """Something an official should look at: what, where, how grave.

    `rule` is a stable short name such as ``number-inferred``; `span` may be None when the
    finding concerns the whole document.
    """

    severity: Severity
    rule: str
    message: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Clause:
    """A numbered part of a document.

    `text` is the clause's own running text, joined across print lines, without its number, its
    title and its unit lines; `pieces` are the source spans whose characters make it up, in order:
    ``"".join(p.of(policy.text) for p in pieces) == text``. A chapter heading has empty text.
    `units` are the spans of the responsible-unit lines or brackets, as printed, brackets left out.
    `span` runs from the clause's number to the end of its own text and units (its sub-clauses not
    counted).
    """

    locator: str
    number: str
    title: str
    span: Span
    title_span: Span | None
    text: str
    pieces: tuple[Span, ...]
    units: tuple[Span, ...] = ()
    parent: str | None = None
    inferred: bool = False  # the number was lost in print and is inferred from its neighbours

    def locate(self, start: int, end: int) -> Span:
        """Map ``text[start:end]`` to the source span that covers it (line breaks included).

        Raises ValueError when the range is empty or outside the clause's text.
        """
        if not 0 <= start < end <= len(self.text):
            raise ValueError(
                f"range {start}–{end} is outside the text of {self.locator} ({len(self.text)} characters)"
            )
        return Span(self._source(start), self._source(end - 1) + 1)

    def _source(self, offset: int) -> int:
        for piece in self.pieces:
            size = piece.end - piece.start
            if offset < size:
                return piece.start + offset
            offset -= size
        raise ValueError(f"offset outside the text of {self.locator}")


@dataclass(frozen=True, slots=True)
class DocumentNumber:
    """A document number 发文字号 (GB/T 9704-2012 §7.2.5): issuer mark, year, serial number."""

    mark: str
    year: int
    serial: int
    surface: str

    @property
    def canonical(self) -> str:
        """Return the standard form, e.g. ``鲁政办〔2022〕23号``."""
        # An order may bear no year: 省人民政府令第101号; its year is 0.
        return f"{self.mark}〔{self.year}〕{self.serial}号" if self.year else f"{self.mark}第{self.serial}号"


@dataclass(frozen=True, slots=True)
class Annex:
    """An annex or the main body: the first part of a locator (``正文``, ``附件2``) and its title."""

    label: str
    title: str
    span: Span


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text outside any clause (preamble, closing paragraphs): it belongs to the policy."""

    text: str
    pieces: tuple[Span, ...]
    part: str  # label of the annex or 正文 that it stands in
    closing: bool  # after the last clause of its part


@dataclass(frozen=True, slots=True)
class SideFile:
    """What a side file ``NAME.toml`` says of a document; every key optional (see docs/contract)."""

    source: str | None = None
    title: str | None = None
    number: str | None = None
    issuer: str | None = None
    jurisdiction: str | None = None
    date: str | None = None
    url: str | None = None
    status: Status | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """One document as read: heading, parts, clauses, paragraphs, findings.

    `text` may be empty for bundled knowledge, which carries facts but not the document's
    sentences; then clauses have empty text too, and `verbatim` is False.
    `sha256` is that of the original bytes; `side` is what a side file said, so that a change of it
    is noticed.
    """

    source: str
    title: str
    text: str
    sha256: str
    number: DocumentNumber | None = None
    issuer: str | None = None
    jurisdiction: str | None = None
    date: str | None = None  # ISO 8601
    status: Status = "issued"
    url: str | None = None
    addressees: tuple[str, ...] = ()
    parts: tuple[Annex, ...] = ()
    clauses: tuple[Clause, ...] = ()
    paragraphs: tuple[Paragraph, ...] = ()
    lines: tuple[Line, ...] = ()
    findings: tuple[Finding, ...] = ()
    verbatim: bool = True
    side: SideFile = SideFile()
    region: tuple[str, ...] = ()  # higher places found in the text, nearest first: ("某市", "某省")

    def clause(self, locator: str) -> Clause | None:
        """Return the clause with this locator, or None."""
        return next((c for c in self.clauses if c.locator == locator), None)


@dataclass(frozen=True, slots=True)
class RawDocument:
    """A file as a reader gives it: decoded text and what the format itself knows.

    `numbered` lists lines whose number was made by the format (Word's automatic numbering) and
    is already written into `text`. `attachments` are links to files beside a web page.
    """

    text: str
    sha256: str
    source: str
    side: SideFile = field(default_factory=SideFile)
    title_hint: str | None = None
    attachments: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


class DocumentError(Exception):
    """A file that cannot be read: says what, where, and what to do (in Chinese, for users)."""

    def __init__(self, what: str, where: str, remedy: str) -> None:
        super().__init__(f"{where}：{what}。{remedy}")
        self.what, self.where, self.remedy = what, where, remedy
