"""Pinyin that was typed with the input method off: xiaoshenggui jiangli stands for 小升规 奖励."""

import re
from collections.abc import Iterable, Mapping, Sequence

from qa.text import pinyin

_LETTERS = re.compile(r"(?<![a-zA-Z])[a-zA-Z']{4,}")
_SUFFIX = re.compile("(?<=..)[省市区县旗镇乡]$")


class Typed:
    """The words of a store by how they are typed, without blanks: xiaoshenggui → 小升规."""

    def __init__(self, sounds: Mapping[str, Sequence[str]], places: Iterable[str]) -> None:
        found: dict[str, str] = {}
        for place in places:  # a place before a word that sounds like it
            for name in (place, _SUFFIX.sub("", place)):
                found.setdefault(pinyin(name).replace(" ", ""), name)
        for sound, words in sounds.items():
            found.setdefault(sound.replace(" ", ""), words[0])
        self._words = {key: word for key, word in found.items() if _LETTERS.fullmatch(key)}
        self._longest = max(map(len, self._words), default=0)

    def read(self, text: str) -> str:
        """Return `text` with pinyin turned into words; other runs of letters stay as they are."""
        return _LETTERS.sub(lambda run: self._run(run[0].lower().replace("'", "")) or run[0], text)

    def _run(self, letters: str) -> str:
        """Cut a run of letters into known words, as few as can be; empty where that leaves any over."""
        best: list[str | None] = [""] + [None] * len(letters)
        count = [0] + [len(letters)] * len(letters)
        for end in range(1, len(letters) + 1):
            for start in range(max(0, end - self._longest), end):
                word, before = self._words.get(letters[start:end]), best[start]
                if word is not None and before is not None and count[start] + 1 < count[end]:
                    best[end], count[end] = f"{before}{' ' if before else ''}{word}", count[start] + 1
        return best[-1] or ""


def letters(text: str) -> bool:
    """Tell whether `text` holds letters that may be pinyin."""
    return _LETTERS.search(text) is not None
