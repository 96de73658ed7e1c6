"""The words that tell the parts of an official document apart, read from data/lexicon/structure.toml."""

import re
from dataclasses import dataclass, fields
from functools import cache
from typing import Any

from data import table
from ingest.fold import fold


def alternatives(words: tuple[str, ...]) -> str:
    """Return a regular expression that matches any of `words`, longest first."""
    return "|".join(re.escape(fold(w)) for w in sorted(words, key=len, reverse=True))


def spaced(words: tuple[str, ...]) -> str:
    """Return a regular expression that matches any of `words`, also with blanks between the characters."""
    longest = sorted(words, key=len, reverse=True)
    return "|".join("[ ]{0,3}".join(re.escape(c) for c in fold(w)) for w in longest)


@dataclass(frozen=True, slots=True)
class Words:
    """The word lists as they stand in the file; see there for what each is."""

    unit_labels: tuple[str, ...]
    duty_verbs: tuple[str, ...]
    other_labels: tuple[str, ...]
    table_titles: tuple[str, ...]
    table_serials: tuple[str, ...]
    table_dittos: tuple[str, ...]
    unit_suffixes: tuple[str, ...]
    document_types: tuple[str, ...]
    about_words: tuple[str, ...]
    title_openers: tuple[str, ...]
    addressee_words: tuple[str, ...]
    note_words: tuple[str, ...]
    draft_marks: tuple[str, ...]
    draft_patterns: tuple[str, ...]
    repealed_marks: tuple[str, ...]
    imprint_words: tuple[str, ...]
    closing_patterns: tuple[str, ...]
    rule_words: tuple[str, ...]
    box_words: tuple[str, ...]
    front_words: tuple[str, ...]
    web_chrome_patterns: tuple[str, ...]
    web_content: tuple[str, ...]
    metadata_title: tuple[str, ...]
    metadata_number: tuple[str, ...]
    metadata_issuer: tuple[str, ...]
    metadata_date: tuple[str, ...]
    metadata_other: tuple[str, ...]
    division_suffixes: tuple[str, ...]
    zone_suffixes: tuple[str, ...]
    provinces: tuple[str, ...]
    organ_suffixes: tuple[str, ...]
    branch_suffixes: tuple[str, ...]
    national_organs: tuple[str, ...]
    nation: str


@dataclass(frozen=True, slots=True)
class Patterns:
    """Regular expressions made from the words; all are meant for folded text."""

    unit_label: re.Pattern[str]  # a unit label with its colon, anywhere
    other_label: re.Pattern[str]
    unit_line: re.Pattern[str]  # a line that opens with a unit label, bracketed or not
    unit_box: re.Pattern[str]  # 【责任单位】 at the head of a line
    unit_end: re.Pattern[str]  # the end of a unit's name
    duty: re.Pattern[str]
    title_end: re.Pattern[str]  # a document type at the end of a title
    title_issuer: re.Pattern[str]  # 某县人民政府 before 关于, at the head of a title
    title_opening: re.Pattern[str]  # what follows a whole place name in a title
    about: re.Pattern[str]
    addressee: re.Pattern[str]
    note: re.Pattern[str]  # （此件公开发布）
    branch: re.Pattern[str]  # a unit with its seat: 人行某地支行
    organ_end: re.Pattern[str]
    draft: re.Pattern[str]
    repealed: re.Pattern[str]
    imprint: re.Pattern[str]
    closing: re.Pattern[str]
    rule_words: re.Pattern[str]  # a sentence that rules something, hence no title
    front: re.Pattern[str]  # 前言, 目录: no title of the document
    chrome: re.Pattern[str]
    box: re.Pattern[str]  # 专栏 1


@cache
def words() -> Words:
    """Return the word lists; the file is read once."""
    loaded = table("lexicon", "structure.toml")
    values: dict[str, Any] = {f.name: loaded[f.name] for f in fields(Words)}
    frozen: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in values.items()}
    return Words(**frozen)


@cache
def patterns() -> Patterns:
    """Return the regular expressions, compiled once."""
    w = words()
    names = spaced(w.unit_labels)
    # 责任单位：, 牵 头 单 位 ：, 牵头单位及责任单位：, 【责任单位】
    label = rf"(?:{names})(?:[及、/](?:{names}))?[ ]*："
    boxed = rf"（[ ]*(?:{names})[ ]*）[ ]*：?"
    end = alternatives(w.unit_suffixes)
    organ = alternatives(w.organ_suffixes)
    return Patterns(
        unit_label=re.compile(rf"{label}|{boxed}"),
        other_label=re.compile(rf"(?:{alternatives(w.other_labels)})\s*[：]"),
        unit_line=re.compile(rf"[（ ]*{label}|{boxed}(?=[^）])"),
        unit_box=re.compile(boxed),
        unit_end=re.compile(rf"(?:{end})(?:（[^（）]*）)?(?:等.{{0,8}})?[）。；\s]*$"),
        duty=re.compile(
            rf"(?:{alternatives(w.duty_verbs)})[）。；\s]*$|^[^，。；]{{2,60}}(?:牵头|主办)[，；、]|按职责分工|各负其责"
        ),
        title_end=re.compile(rf"(?:{alternatives(w.document_types)})(?:（[^（）]*）)?\s*$"),
        title_issuer=re.compile(
            rf"(?P<who>[\u4e00-\u9fff、 ]{{2,40}}?(?:{organ}|国务院))"
            rf"(?={alternatives(w.about_words)}|公告|令)"
        ),
        title_opening=re.compile(rf"{alternatives(w.title_openers)}|[“《]|\d{{4}}"),
        about=re.compile(alternatives(w.about_words)),
        addressee=re.compile(rf"{alternatives(w.addressee_words)}|[省市县区]$"),
        note=re.compile(rf"（(?:{alternatives(w.note_words)})[^。]*。?）"),
        branch=re.compile(
            r"(?:局|行|监|司|院|办|银|队|社)(?P<stem>[\u4e00-\u9fff]{2,5}?)(?P<suffix>[市县区旗州]?)"
            rf"(?:{alternatives(w.branch_suffixes)})"
        ),
        organ_end=re.compile(rf"(?:{organ}|院|会|国务院|中央|银行|法院|公司)$"),
        draft=re.compile("|".join((alternatives(w.draft_marks), *w.draft_patterns))),
        repealed=re.compile(alternatives(w.repealed_marks)),
        imprint=re.compile(rf"\s*(?:{alternatives(w.imprint_words)})\s*(?:[：]|\s|$|\d)"),
        closing=re.compile("|".join(w.closing_patterns)),
        rule_words=re.compile("|".join(w.rule_words)),
        front=re.compile(rf"(?:{alternatives(w.front_words)})"),
        box=re.compile(
            rf"(?P<word>{alternatives(w.box_words)})[ ]*(?P<n>\d{{1,3}}|[一二三四五六七八九十]{{1,3}})"
            r"(?![\d、，。和至所中的])[ ：.、]*"
        ),
        chrome=re.compile("|".join(fold_pattern(p) for p in w.web_chrome_patterns)),
    )


def fold_pattern(pattern: str) -> str:
    """Return a web-chrome pattern made for folded text (only the full-width colon is left after folding)."""
    return pattern.replace("[:：", "[：").replace("\\d{2}:\\d{2}", "\\d{2}[：:]\\d{2}")
