"""Places in questions: known, shortened, mistyped, elsewhere, and names that are no places."""

import functools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.places import Place, PlaceFinder, registry, stem

FIVE = ("湛河区", "鲁山县", "示范区", "上街区", "洛阳市")
MADE = ("云溪县", "临江区", "松岗区", "青岭市")


@functools.cache
def finder(*names: str) -> PlaceFinder:
    return PlaceFinder(names)


def known(text: str, *names: str) -> list[str]:
    return [mention.name for mention in finder(*(names or MADE)).find(text) if mention.known]


def foreign(text: str, *names: str) -> list[str]:
    found = finder(*(names or MADE)).find(text)
    return [mention.name for mention in found if not mention.known and not mention.above]


@pytest.mark.parametrize("name", FIVE)
def test_a_place_by_its_name_and_by_its_stem(name: str) -> None:
    assert known(f"{name}首次入库奖多少", *FIVE) == [name]
    if name != "示范区":
        assert known(f"我在{stem(name)}开厂，首次入库奖多少", *FIVE) == [name]


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("鲁山县", "鲁山"),
        ("云南省", "云南"),
        ("内蒙古自治区", "内蒙古"),
        ("宽城满族自治县", "宽城"),
        ("赵县", "赵县"),
        ("云岭高新技术产业开发区", "云岭"),
        ("示范区", "示范区"),
    ],
)
def test_stems(name: str, short: str) -> None:
    assert stem(name) == short


@given(st.sampled_from(registry()))
def test_a_stem_has_two_characters_and_begins_the_name(place: Place) -> None:
    assert len(stem(place.name)) >= min(2, len(place.name))
    assert place.name.startswith(stem(place.name))


def test_registry_levels() -> None:
    levels = {place.name: place.level for place in registry()}
    assert (levels["河南省"], levels["平顶山市"], levels["鲁山县"]) == (1, 2, 3)


@pytest.mark.parametrize(
    ("typed", "meant"), [("路山县", "鲁山县"), ("陆山", "鲁山县"), ("湛合区", "湛河区"), ("洛杨市", "洛阳市")]
)
def test_mistyped_by_sound(typed: str, meant: str) -> None:
    mentions = [(m.name, m.corrected) for m in finder(*FIVE).find(f"{typed}首次入库奖多少") if m.known]
    assert mentions == [(meant, True)]


def test_mistyping_is_looked_for_only_where_no_place_is_known() -> None:
    assert known("云溪县和邻江区的技改补助") == ["云溪县"]
    assert known("邻江区的技改补助") == ["临江区"]


@pytest.mark.parametrize("text", ["鲁莽的山里人", "云计算补贴", "江上有风"])
def test_everyday_words_are_no_places(text: str) -> None:
    assert finder("鲁山县", *MADE).find(text) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("临江市技改补多少", "临江市"),
        ("开封的技改补多少", "开封市"),
        ("新郑市技改补多少", "新郑市"),
        ("郑州市金水区技改补多少", "金水区"),
        ("广东省技改补多少", "广东省"),
        ("鲁山县技改补多少", "鲁山县"),
    ],
)
def test_a_place_elsewhere_is_told_apart(text: str, name: str) -> None:
    assert known(text) == []
    assert foreign(text) == [name]


def test_a_district_of_the_same_stem_elsewhere_is_told_apart() -> None:
    assert known("云溪区技改补多少") == []
    assert foreign("云溪区技改补多少") == ["云溪区"]


@pytest.mark.parametrize(
    "text",
    [
        "平顶山市湛河区房租减免",
        "平顶山湛河区房租减免",
        "河南省平顶山市湛河区房租减免",
        "平顶山市的湛河区房租减免",
    ],
)
def test_a_city_before_its_county_only_says_where_that_lies(text: str) -> None:
    assert known(text, *FIVE) == ["湛河区"]
    assert foreign(text, *FIVE) == []


def test_two_places_side_by_side() -> None:
    assert known("云溪县和临江区的技改补助有什么区别") == ["云溪县", "临江区"]
    assert known("云溪、临江、青岭哪里给得多") == ["云溪县", "临江区", "青岭市"]


@pytest.mark.parametrize(
    "text",
    [
        "北京证券交易所上市奖多少",
        "上海证券交易所主板上市奖多少",
        "北京大学毕业生租房补贴",
        "江苏银行的贷款贴息",
        "郑州海关通关",
    ],
)
def test_institutions_are_no_places(text: str) -> None:
    assert finder(*MADE).find(text) == []


def test_an_institution_does_not_hide_the_place_that_is_asked_about() -> None:
    assert known("云溪县企业在北京证券交易所上市奖多少") == ["云溪县"]
    assert foreign("云溪县企业在北京证券交易所上市奖多少") == []


SHORT = [p for p in registry() if 3 <= len(p.name) <= 4 and p.name[-1] in "省市县区旗" and p.name not in FIVE]
LONG = [p for p in registry() if len(p.name) > 4 and p.name[-1] in "省市县区旗"]


def test_no_other_place_of_the_country_is_taken_for_one_of_the_store() -> None:
    taken = {place.name: found for place in SHORT if (found := known(f"{place.name}小升规奖多少", *FIVE))}
    assert taken == {}


def test_every_place_of_the_country_with_a_usual_name_is_told() -> None:
    common = {"市辖区", "示范区"}
    missed = [p.name for p in SHORT if p.name not in common and not foreign(f"{p.name}小升规奖多少", *FIVE)]
    assert missed == []


def test_every_place_of_the_country_with_a_long_name_is_told() -> None:
    missed = [p.name for p in LONG if not finder(*FIVE).find(f"{p.name}小升规奖多少")]
    assert missed == []


@given(
    st.text(max_size=60)
    | st.lists(st.sampled_from([*MADE, "云溪", "开封", "市", "县", "的", "邻江"])).map("".join)
)
def test_mentions_never_overlap_and_stand_in_the_text(text: str) -> None:
    end = 0
    for mention in finder(*MADE).find(text):
        assert end <= mention.start < mention.end <= len(text)
        end = mention.end
        if mention.known:
            assert mention.name in MADE
        if mention.known and not mention.corrected:
            assert text[mention.start : mention.end] in (mention.name, stem(mention.name))


@pytest.mark.parametrize("said", ["云港经济技术开发区", "云港开发区", "云港经开区", "云港"])
def test_a_zone_by_the_names_it_goes_by(said: str) -> None:
    (mention,) = PlaceFinder(["云港经济技术开发区"]).find(f"{said}的奖励有多少")
    assert mention.known
    assert (mention.start, mention.end) == (0, len(said))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("琴港经济技术开发区安家补贴哪个部门牵头", "琴港经济技术开发区"),
        ("我们在琴港高新区，房租减几个月", "琴港高新区"),
        ("琴港县小升规奖多少", "琴港县"),
    ],
)
def test_a_place_of_which_no_registry_knows_is_elsewhere(text: str, name: str) -> None:
    assert foreign(text) == [name]


@pytest.mark.parametrize(
    "text",
    [
        "省级经济技术开发区的企业奖多少",
        "国家高新技术产业开发区有什么奖励",
        "落户高新区给多少",
        "我们开发区的厂子房租减几个月",
        "那钱算市里给还是区里给",
        "那笔钱县里给不给",
        "全县上规模的企业奖多少",
        "进入市场要交什么费",
    ],
)
def test_a_kind_of_place_without_a_name_is_nowhere(text: str) -> None:
    assert foreign(text) == []
