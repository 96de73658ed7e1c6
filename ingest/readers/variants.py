"""Traditional characters that recognition puts into simplified text, turned back."""

import functools
from collections.abc import Iterable

import data

_FEW = 0.05  # a larger share of traditional characters is a text in traditional characters


@functools.cache
def _table() -> dict[int, str]:
    lists = data.table("lexicon", "variants.toml")
    return {ord(a): b for a, b in zip(lists["traditional"], lists["simplified"], strict=True)}


def stray(texts: Iterable[str]) -> dict[int, str]:
    """Return what is to be put for what in recognised text; nothing for a text in traditional characters.

    The table is one for `str.translate`; each character stands for one, so that places stay.
    """
    han = [c for text in texts for c in text if "\u4e00" <= c <= "\u9fff"]
    found = sum(ord(c) in _table() for c in han)
    return _table() if 0 < found <= _FEW * len(han) else {}
