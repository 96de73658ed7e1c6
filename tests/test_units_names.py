"""Short, spoken and former names: resolving them, and finding them in questions."""

import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.units.matching import UnitMatcher, resolve
from graph.units.names import is_group, parts, spoken_forms
from graph.units.reforms import changes, succeeds

COUNTY = [
    "县工业和信息化局",
    "县发展改革委",
    "县人力资源和社会保障局",
    "县市场监督管理局",
    "县政务服务和大数据服务中心",
    "县供电公司",
    "县投资促进服务中心",
    "县金融工作局",
    "县财政局",
    "县税务局",
    "县自然资源局",
    "县教育体育局",
    "人行甲乙支行",
    "各乡镇政府",
    "市银保监分局甲乙监管组",
    "市生态环境局甲乙分局",
    "县文化广电和旅游局",
    "县住房和城乡建设局",
    "县高新区管委会",
    "县工商联",
]
DISTRICT = [
    "区科工信局",
    "区市场监管分局",
    "区招商融资促进局",
    "区金融办",
    "区资源规划局",
    "区发展改革规划局",
    "区财政局",
    "各街道办事处",
]
UNITS = [("甲乙县", u) for u in COUNTY] + [("丙丁区", u) for u in DISTRICT]


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("县财政局", "县财政局"),
        ("财政局", "县财政局"),
        ("财政", "县财政局"),
        ("财政部门", "县财政局"),
        ("工信局", "县工业和信息化局"),
        ("工业和信息化局", "县工业和信息化局"),
        ("工业与信息化局", "县工业和信息化局"),
        ("发改委", "县发展改革委"),
        ("发改局", "县发展改革委"),
        ("人社局", "县人力资源和社会保障局"),
        ("市监局", "县市场监督管理局"),
        ("县市监局", "县市场监督管理局"),
        ("市场监管局", "县市场监督管理局"),
        ("工商局", "县市场监督管理局"),
        ("质监局", "县市场监督管理局"),
        ("食药监局", "县市场监督管理局"),
        ("大数据局", "县政务服务和大数据服务中心"),
        ("政数局", "县政务服务和大数据服务中心"),
        ("行政审批局", "县政务服务和大数据服务中心"),
        ("电力公司", "县供电公司"),
        ("供电局", "县供电公司"),
        ("招商局", "县投资促进服务中心"),
        ("金融局", "县金融工作局"),
        ("金融办", "县金融工作局"),
        ("国土局", "县自然资源局"),
        ("环保局", "市生态环境局甲乙分局"),
        ("税务部门", "县税务局"),
        ("地税局", "县税务局"),
        ("人民银行甲乙支行", "人行甲乙支行"),
        ("人民银行", "人行甲乙支行"),
        ("央行", "人行甲乙支行"),
        ("银监局", "市银保监分局甲乙监管组"),
        ("金融监管局", "市银保监分局甲乙监管组"),
        ("旅游局", "县文化广电和旅游局"),
        ("文旅局", "县文化广电和旅游局"),
        ("住建局", "县住房和城乡建设局"),
        ("管委会", "县高新区管委会"),
        ("工商联", "县工商联"),
        ("乡镇", "各乡镇政府"),
        ("教育局", "县教育体育局"),
        ("人力资源和社会保降局", "县人力资源和社会保障局"),
    ],
)
def test_resolve(name: str, unit: str) -> None:
    assert resolve(name, COUNTY) == [unit]


@pytest.mark.parametrize(
    "name",
    ["公安局", "卫健委", "哪个局", "县里", "局", "省财政厅", "市财政局", "管理部门", "有关部门", "街道", ""],
)
def test_unknown_resolves_to_nothing(name: str) -> None:
    assert resolve(name, COUNTY) == []


def test_equal_matches_are_ambiguous_and_exact_is_not() -> None:
    both = ["县林业技术推广局", "县林木技术推广局", "县林技局"]
    assert resolve("林推局", both) == both[:2]
    assert resolve("林技局", both) == ["县林技局"]


def test_listed_name_goes_before_subsequence() -> None:
    assert resolve("环保局", ["县生态环境局", "县环卫和保洁局"]) == ["县生态环境局"]


@pytest.mark.parametrize(
    ("question", "surfaces"),
    [
        ("甲乙县工信局牵头哪些事", ["甲乙县工信局"]),
        ("丙丁科工信局和财政局各管啥", ["丙丁科工信局", "财政局"]),
        ("甲乙 电力公司 责任", ["电力公司"]),
        ("请问县财政局在哪", ["县财政局"]),
        ("人民银行甲乙支行参与什么", ["人民银行甲乙支行"]),
        ("税务部门怎么说", ["税务部门"]),
        ("街道办要干啥", ["街道办"]),
    ],
)
def test_find(question: str, surfaces: list[str]) -> None:
    found = UnitMatcher(UNITS).find(question)
    assert [m.surface for m in found] == surfaces
    assert all(question[m.start : m.end] == m.surface and m.candidates for m in found)


@pytest.mark.parametrize(
    "question",
    [
        "财政奖励怎么领",
        "税务登记要带什么",
        "银行贷款利率多少",
        "归哪个局管",
        "市里县里区里给多少",
        "社保去哪办",
        "社保办卡",
        "发展布局如何",
        "我公司想融资",
        "担保公司收费",
        "企业服务中心",
        "财政局长是谁",
        "省财政厅发的钱",
        "国家税务总局公告",
        "戊己市财政局奖多少",
        "有关部门",
        "主管部门是谁",
        "人行道占用",
        "金融办理流程",
        "投资公司注册",
        "统计一下几家",
        "怎么办",
        "建数据中心补多少",
        "商务中心怎么租",
        "工商银行贷款",
    ],
)
def test_no_false_hits(question: str) -> None:
    assert UnitMatcher(UNITS).find(question) == []


def test_jurisdictions_narrow_and_places_bind() -> None:
    matcher = UnitMatcher(UNITS)
    assert {j for j, _ in matcher.find("财政局管什么")[0].candidates} == {"甲乙县", "丙丁区"}
    assert matcher.find("财政局管什么", {"丙丁区"})[0].candidates == (("丙丁区", "区财政局"),)
    assert matcher.find("丙丁区财政局管什么")[0].candidates == (("丙丁区", "区财政局"),)
    assert {u for _, u in matcher.find("区发展改革委")[0].candidates} == {"区发展改革规划局"}
    assert matcher.find("丙丁工信局")[0].candidates == (("丙丁区", "区科工信局"),)
    assert matcher.find("招商局")[0].candidates == (
        ("甲乙县", "县投资促进服务中心"),
        ("丙丁区", "区招商融资促进局"),
    )


def test_exact_in_one_place_does_not_hide_the_others() -> None:
    units = [("甲丁区", "区住建局"), ("乙戊区", "区住房和城乡建设局"), ("丙己县", "县住建局")]
    found = UnitMatcher(units).find("区住建局管什么")
    assert found[0].candidates == (("甲丁区", "区住建局"), ("乙戊区", "区住房和城乡建设局"))
    assert UnitMatcher(units).find("乙戊区住建局")[0].candidates == (("乙戊区", "区住房和城乡建设局"),)


def test_own_branch_is_meant_rather_than_a_slip() -> None:
    units = [("戊己区", "市水务局戊亥分局"), ("戊己区", "市水务局戊己分局")]
    assert UnitMatcher(units).find("水务局")[0].candidates == (("戊己区", "市水务局戊己分局"),)


def test_other_and_former_names() -> None:
    assert "县发改委" in spoken_forms("县发展改革委")
    assert succeeds("区生态环境局", "区环保局")
    assert all(change.ground for change in changes())
    assert spoken_forms("各乡镇政府") == ()


@pytest.mark.parametrize(
    "place", ["甲乙丙族自治县", "丁戊己庚族自治县", "甲乙经济技术开发区", "丁戊经济技术开发区"]
)
def test_a_place_is_not_taken_for_another_that_ends_alike(place: str) -> None:
    places = ["甲乙丙族自治县", "丁戊己庚族自治县", "甲乙经济技术开发区", "丁戊经济技术开发区"]
    units = [(each, f"{each[-1]}统计局") for each in places]
    found = UnitMatcher(units).find(f"{place}统计局牵头哪些事项")
    assert [mention.candidates for mention in found] == [((place, f"{place[-1]}统计局"),)]


@given(st.text(alphabet="甲乙县区市财政局工信委办人民银行支街道部门 ，的和全国", max_size=30))
@settings(deadline=None)
def test_a_named_place_is_read_as_if_there_were_no_others(question: str) -> None:
    elsewhere = [(f"丙{place}", unit) for place, unit in UNITS]
    own = {place for place, _ in UNITS}
    assert UnitMatcher([*UNITS, *elsewhere]).find(question, own) == UnitMatcher(UNITS).find(question)


def test_parts_and_groups() -> None:
    assert (parts("市场监管局").level, parts("市市场监管局").level) == ("", "市")
    assert parts("市水务局甲乙分局").branch == "甲乙"
    assert is_group("镇政府（街道办事处）")
    assert not is_group("县财政局")


def test_fast_with_two_thousand_units() -> None:
    matcher = UnitMatcher([(f"第{i}县", unit) for i in range(100) for unit in COUNTY])
    question = "甲乙这边的工信局和人力资源和社会保障局在专精特新企业培育工作上牵头哪些事项，配合单位有谁"
    matcher.find(question)
    begin = time.process_time()
    for _ in range(100):
        matcher.find(question)
    assert (time.process_time() - begin) / 100 < 0.01  # 1 ms is usual; ten leave room on a busy machine


@settings(deadline=None)
@given(st.text(alphabet="甲乙县区市财政局工信委办人民银行支街道部门 ，的和全国", max_size=30))
def test_find_never_raises_or_overlaps(question: str) -> None:
    found = UnitMatcher(UNITS).find(question)
    assert found == UnitMatcher(UNITS).find(question)
    for mention in found:
        assert question[mention.start : mention.end] == mention.surface
    for one, other in pairwise(found):
        assert one.end <= other.start


OLD = [
    ("甲乙县", "县工商局"),
    ("甲乙县", "县市场监督管理局"),
    ("甲乙县", "县扶贫办"),
    ("甲乙县", "县农业农村局"),
    ("甲乙县", "县工商联"),
]


@pytest.mark.parametrize(
    ("question", "units"),
    [
        ("工商局管什么", {"县工商局", "县市场监督管理局"}),
        ("市监局管什么", {"县工商局", "县市场监督管理局"}),
        ("食药监局管什么", {"县工商局", "县市场监督管理局"}),
        ("扶贫办管什么", {"县扶贫办", "县农业农村局"}),
        ("乡村振兴局管什么", {"县扶贫办", "县农业农村局"}),
        ("县农业局管什么", {"县扶贫办", "县农业农村局"}),
        ("工商联管什么", {"县工商联"}),
    ],
)
def test_a_reform_joins_old_and_new_names(question: str, units: set[str]) -> None:
    found = UnitMatcher(OLD).find(question)[0]
    assert {unit for _, unit in found.candidates} == units
    assert bool(found.renamed) == (len(units) > 1)
    assert {unit for unit, _ in found.renamed} <= units


def test_reforms_name_known_fields_and_a_ground_without_figures() -> None:
    assert len(changes()) > 20
    for change in changes():
        assert change.old
        assert 2000 < change.year < 2030
        assert change.ground
        assert not any(char.isdigit() for char in change.ground)


def test_a_body_succeeds_only_in_its_own_place() -> None:
    assert succeeds("县市场监督管理局", "县工商局")
    assert succeeds("县农业农村局", "县扶贫办")
    assert not succeeds("县工商局", "县市场监督管理局")
    assert not succeeds("市市场监督管理局", "县工商局")
    assert not succeeds("县市场监督管理局", "县工商联")
