"""Cutting text: words, sentences, pinyin. Offsets are those of the string given."""

import functools
import re
import unicodedata
from collections.abc import Iterator

import rjieba

from ingest.fold import fold

HAN = "㐀-䶿一-鿿"
_WORD = re.compile(rf"[{HAN}A-Za-z0-9.%‰+]")
_RUN = re.compile(f"{_WORD.pattern}+")
_SENTENCE_END = re.compile(r"[。；;！？!?\n]+")
_SPACE = re.compile(r"\s+")


def plain(text: str) -> str:
    """Fold character variants and drop white space: the form in which texts are compared."""
    return _SPACE.sub("", fold(text)).lower()


def asked(text: str) -> str:
    """Fold a question: as `plain`, but blanks stay as single spaces, since they part keywords."""
    return _SPACE.sub(" ", fold(text)).strip().lower()


def words(text: str) -> list[str]:
    """Cut `text` into words; punctuation and white space are left out."""
    return [word for word in rjieba.cut(text) if _WORD.search(word)]


def tagged(text: str) -> list[tuple[str, str]]:
    """Cut `text` into (word, part of speech) pairs, in the tag set of the cutter (n, v, vn, …)."""
    return [(word, tag) for word, tag in rjieba.tag(text) if _WORD.search(word)]


def known_word(word: str) -> bool:
    """Tell whether the general dictionary holds `word`."""
    return bool(rjieba.has_word(word))


def grams(text: str, size: int = 2) -> Iterator[str]:
    """Yield the runs of `size` characters of `text` that are all letters, digits or Han characters."""
    for run in _RUN.findall(text):
        for start in range(len(run) - size + 1):
            yield run[start : start + size]


def sentences(text: str) -> list[tuple[int, int]]:
    """Return the (start, end) of each sentence of `text`, its closing mark included."""
    result, start = [], 0
    for mark in _SENTENCE_END.finditer(text):
        if text[start : mark.start()].strip():
            result.append((start, mark.end()))
        start = mark.end()
    if text[start:].strip():
        result.append((start, len(text)))
    return result


@functools.lru_cache(maxsize=65536)
def pinyin(text: str) -> str:
    """Return the toneless pinyin of `text`, syllables joined by blanks."""
    from pypinyin import lazy_pinyin  # a large table: only questions with unknown words need it

    return " ".join(lazy_pinyin(text))


def display(text: str) -> str:
    """Join print lines of a quotation for reading; nothing but white space changes."""
    return (
        _SPACE.sub("", unicodedata.normalize("NFC", text)) if re.search(rf"[{HAN}]", text) else text.strip()
    )
