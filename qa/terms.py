"""Text → the terms that indexes count, and questions → the same terms with their weights."""

from collections.abc import Callable, Iterable

from qa.text import grams, words

# Weight of a field: a clause's own title says most about it.
FIELDS = {"heading": 2.0, "body": 1.0, "gist": 1.0, "context": 0.6}
GRAM_WEIGHT = 0.4  # a pair of characters says less than a word
_PAIR = 2


def tokens(text: str) -> list[str]:
    """Return the index terms of `text`: its words of two characters or more, and its character pairs."""
    return [word for word in words(text) if len(word) > 1] + [f"_{gram}" for gram in grams(text)]


def is_pair(token: str) -> bool:
    """Tell a pair of characters from a word."""
    return token.startswith("_")


def weighed(terms: Iterable[tuple[str, float]]) -> dict[str, float]:
    """Return the index terms of weighted `terms`, each with its weight."""
    weights: dict[str, float] = {}
    for text, weight in terms:
        for token in tokens(text):
            factor = weight * (GRAM_WEIGHT if is_pair(token) else 1.0)
            weights[token] = max(weights.get(token, 0.0), factor)
    return weights


def rarest(term: str, count: Callable[[str], int]) -> int:
    """Return in how many clauses `term` may stand, by the `count` of each of its index terms."""
    # A word of two characters that the cutter left whole nowhere counts as its pair does.
    counts = [count(token) or (count(f"_{token}") if len(token) == _PAIR else 0) for token in tokens(term)]
    return min(counts, default=0)
