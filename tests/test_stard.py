"""The fusion of the STARD benchmark: two engines' lists, and what the laws of the articles add."""

from hypothesis import given
from hypothesis import strategies as st

from benchmarks.stard import ARTICLE, Ranked, fuse, with_laws

SCORES = st.dictionaries(st.integers(0, 30), st.integers(0, 40).map(lambda n: n / 8), max_size=20)


def _ranked(scores: dict[int, float]) -> Ranked:
    return sorted(scores.items(), key=lambda item: (-item[1], item[0]))


@given(scores=SCORES, weight=st.sampled_from([0.0, 0.5, 1.0]))
def test_laws_lose_no_article_and_keep_the_order_inside_a_law(
    scores: dict[int, float], weight: float
) -> None:
    laws = [f"law {number % 4}" for number in range(31)]
    before, after = _ranked(scores), with_laws(_ranked(scores), laws, weight)
    assert {number for number, _ in after} == set(scores)
    for law in set(laws):
        assert [n for n, _ in after if laws[n] == law] == [n for n, _ in before if laws[n] == law]
    if not weight:
        assert after == before


def test_an_article_rises_by_the_others_of_its_law() -> None:
    laws = ["alone", "many", "many", "many"]
    ranked = [(0, 1.0), (1, 0.9), (2, 0.8), (3, 0.7)]
    assert [number for number, _ in with_laws(ranked, laws, 0.5)] == [1, 2, 0, 3]


@given(dense=SCORES, lexical=SCORES)
def test_a_weight_of_one_or_nothing_leaves_one_engine(
    dense: dict[int, float], lexical: dict[int, float]
) -> None:
    for weight, kept in ((1.0, dense), (0.0, lexical)):
        fused = fuse(_ranked(dense), _ranked(lexical), weight)
        assert {number for number, _ in fused} == set(dense) | set(lexical)
        order = [number for number, score in fused if score > 0 and number in kept]
        assert order == [number for number, _ in _ranked(kept)][: len(order)]


def test_the_law_is_what_stands_before_the_article() -> None:
    assert ARTICLE.sub("", "某某法第一百二十条之一") == "某某法"
    assert ARTICLE.sub("", "关于适用《某某法》第三条的解释第十二条") == "关于适用《某某法》第三条的解释"
