"""Where a clause's title ends: headings on their own line, run-in titles, and items without any.

The look of one clause is not enough: 第十条 may open with a short sentence that is no title.
So each clause gets a guess from its own look, and its siblings vote.
"""

import re
from dataclasses import dataclass
from enum import Enum

from ingest.lexicon import patterns
from ingest.numbering import LEGAL, Style
from ingest.units import who_does_it

_LONGEST_RUN_IN = 40
_LONGEST_HEADING = 60
_CAPTION = re.compile(r"（([^（）。；]{1,30})）[ ]*")
_COLON = re.compile(r"([^，、（：。；]{1,14})：")
_NAMES = re.compile(r"([^，：。；]{2,40})：")
_BRACKET = re.compile(r"[ ]*（([^（）]{4,300}(?:（[^（）]{1,40}）[^（）]{0,200}){0,6})）")
_LABEL = re.compile(r"[ ]*[^，。；：]{2,8}：")
_WHO = re.compile(r"[ ]*由[^。；]{2,120}(?:牵头|负责|落实|实施|配合)[。]?")


class Look(Enum):
    """How a clause begins."""

    NONE = "none"  # running text, no title
    HEADING = "heading"  # a line of its own without a full stop
    RUN_IN = "run_in"  # 标题。正文
    STOPPED = "stopped"  # a line of its own with a full stop, more text below
    ITEM = "item"  # one sentence, nothing below
    NAME = "name"  # a few words without a full stop, nothing below
    COLON = "colon"  # 标题：正文
    CAPTION = "caption"  # 第三条 【标题】正文


@dataclass(frozen=True, slots=True)
class Guess:
    """A clause's first words: how they look, and where a title would end in its text."""

    look: Look
    start: int = 0
    end: int = 0  # of the title, without its full stop
    after: int = 0  # where the text would begin


def guess(joined: str, first: int, style: Style, more: bool) -> Guess:
    """Return the look of a clause.

    `joined` is its folded text, `first` the length of its first paragraph, `more` whether text or
    sub-clauses stand below that paragraph.
    """
    line = joined[:first].rstrip()
    if not line:
        return Guess(Look.NONE)
    if style in LEGAL and style is not Style.ARTICLE:
        return Guess(Look.HEADING, 0, len(line), first)
    if style is Style.ARTICLE and (caption := _CAPTION.match(line)) and "单位" not in caption[1]:
        return Guess(Look.CAPTION, caption.start(1), caption.end(1), caption.end())
    stop = _full_stop(line)
    if stop is None:
        return _unstopped(line, first, more)
    head = line[:stop]
    if (named := _named(line, stop)) and not patterns().rule_words.search(named[1]):
        return Guess(Look.COLON, 0, named.end(1), named.end())
    asks = line[stop] == "？"  # a question keeps its mark
    if (who := _BRACKET.match(line, stop + 1)) and who_does_it(who[1]):
        if more or who.end() < len(line.rstrip("。")):
            return Guess(Look.NONE)
        return Guess(Look.ITEM, 0, stop + asks, stop + 1)
    if _LABEL.match(line, stop + 1) and patterns().unit_label.search(line, stop + 1):
        return Guess(Look.ITEM, 0, stop + asks, stop + 1)
    # A title has no clause inside that ends in 的, no list of conditions, no half sentence left open.
    fits = (
        len(head) <= (_LONGEST_RUN_IN if head.count("，") == 0 else 30)
        and "；" not in head
        and "：" not in head
    )
    if not fits or head.count("，") > 2 or patterns().rule_words.search(head):
        return Guess(Look.NONE if stop + 1 < len(line) or more else Look.ITEM)
    if "，" in head and _WHO.fullmatch(line, stop + 1):
        return Guess(Look.ITEM)  # a sentence, and who does it
    if stop + 1 < len(line):
        return Guess(Look.RUN_IN, 0, stop + asks, stop + 1)
    return Guess(Look.STOPPED if more else Look.ITEM, 0, stop + asks, first)


def _named(line: str, end: int) -> re.Match[str] | None:
    """Return the few words before a colon that a line opens with, or names of units (县财政局、各镇：)."""
    if (found := _COLON.match(line, 0, end)) is not None:
        return found
    names = _NAMES.match(line, 0, end)
    return names if names and all(patterns().unit_end.search(n) for n in names[1].split("、")) else None


def _unstopped(line: str, first: int, more: bool) -> Guess:
    """Return the look of a first paragraph without a full stop."""
    if named := _named(line, len(line)):
        if named.end() < len(line) and not patterns().rule_words.search(named[1]):
            return Guess(Look.COLON, 0, named.end(1), named.end())
        if not patterns().rule_words.search(line):
            return Guess(Look.HEADING if more else Look.NAME, 0, named.end(1), first)
    sentence = patterns().rule_words.search(line) or (len(line) > 30 and "，" in line) or line[-1].isdigit()
    if line[-1] in "；：，、" or len(line) > _LONGEST_HEADING or "；" in line or (more and sentence):
        return Guess(Look.ITEM if not more else Look.NONE)
    end = len(line)
    return Guess(Look.HEADING if more else Look.NAME, 0, end, first)


def _full_stop(line: str) -> int | None:
    """Return the place of the first full stop outside quotes and brackets, within the first 80 characters."""
    depth = 0
    for i, char in enumerate(line[:81]):
        if char in "“《（":
            depth += 1
        elif char in "”》）":
            depth = max(0, depth - 1)
        elif char == "。" and depth == 0:
            return i
        elif char in "；！？" and depth == 0:
            return None if char == "；" else i
    return None


_TITLES = frozenset({Look.HEADING, Look.RUN_IN, Look.STOPPED, Look.CAPTION})
_PLAIN = frozenset({Look.NONE, Look.ITEM})


def settle(guesses: list[Guess], style: Style, leaf: list[bool]) -> list[Guess]:
    """Let siblings vote: return each clause's guess, with look NONE where it has no title after all.

    `leaf` says for each clause whether no sub-clause stands below it.
    """
    titled = sum(g.look in _TITLES for g in guesses)
    plain = sum(g.look in _PLAIN for g in guesses)
    colons = sum(g.look is Look.COLON for g in guesses)
    if titled and all(g.look in _TITLES or _short_item(g) for g in guesses):
        titled = len(guesses)  # every one begins like a title
    return [
        _settled(g, style, is_leaf, titled, plain, colons, len(guesses))
        for g, is_leaf in zip(guesses, leaf, strict=True)
    ]


def _short_item(g: Guess) -> bool:
    """Say whether a clause is one short sentence, with nothing below it but who does it."""
    return g.look is Look.ITEM and 0 < g.end - g.start <= 20


def _settled(g: Guess, style: Style, leaf: bool, titled: int, plain: int, colons: int, of: int) -> Guess:
    nothing = Guess(Look.NONE)
    length = g.end - g.start
    match g.look:
        case Look.RUN_IN | Look.STOPPED if style is Style.ARTICLE:
            # 附则 of such a document often have none: 本细则由…负责解释。
            share = 0.6 if length <= 12 else 0.8
            return g if titled >= share * of and of >= 3 and length <= 20 else nothing
        case Look.HEADING if style is Style.ARTICLE and g.after == g.end and length <= 20:
            return g  # 第八条　申报流程, alone on its line: an article's own words end in a stop or a colon
        case Look.HEADING | Look.NAME if style is Style.ARTICLE:
            return g if length <= 20 and titled >= plain else nothing
        case Look.COLON if style is Style.ARTICLE:
            return nothing
        case Look.RUN_IN:
            return (
                g
                if titled >= plain or (length <= 14 and 3 * titled >= of and style <= Style.PAREN_HAN)
                else nothing
            )
        case Look.STOPPED:
            return (
                g
                if titled > plain or (length <= 25 and titled >= plain) or (not leaf and length <= 25)
                else nothing
            )
        case Look.COLON:
            return g if colons + titled > plain and of >= 2 else nothing
        case Look.HEADING | Look.NAME | Look.CAPTION:
            return g
        case Look.ITEM if 0 < length <= 20 and style is not Style.ARTICLE:
            # A short sentence alone, beside titles: 完善制造体系。（责任单位：…）
            return g if titled and titled >= 0.6 * (of - 1) else nothing
        case _:
            return nothing
