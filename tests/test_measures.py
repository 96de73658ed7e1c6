"""Offers, tasks and rules; who may claim; and whether a measure is in force on a day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.figures.quantities import quantities
from graph.measures import measures, validity_at
from graph.periods import days, document_period
from graph.validity import Repeal
from ingest.model import Clause, Paragraph, Policy, Span, Status


def made(
    text: str, closing: str = "", issued: str | None = "2023-05-10", status: Status = "issued"
) -> tuple[Policy, Clause]:
    source = f"{text}\n{closing}"
    clause = Clause("一", "一", "", Span(0, len(text)), None, text, (Span(0, len(text)),))
    paragraphs = (Paragraph(closing, (Span(len(text) + 1, len(source)),), "正文", True),) if closing else ()
    return Policy(
        "made", "", source, "", date=issued, status=status, clauses=(clause,), paragraphs=paragraphs
    ), clause


@pytest.mark.parametrize(
    ("sentence", "kind", "audience"),
    [
        ("对新认定的市级绿色工厂，给予8万元一次性奖励。", "incentive", "市级绿色工厂"),
        ("对月租金有困难的个体工商户，可申请缓缴两个月水电费。", "incentive", "个体工商户"),
        ("免征小规模纳税人的水利建设基金。", "incentive", ""),
        ("加强招商项目跟踪服务，推动项目早日开工。", "task", ""),
        ("强化政策宣传，落实各项减税降费政策。", "task", ""),
        ("各部门不得重复检查。", "rule", ""),
        ("本办法由市商务局负责解释。", "rule", ""),
        ("对新建冷库的农民合作社，按建设投资的30%给予补助。", "incentive", "农民合作社"),
        ("企业引进高层次人才的，可享受个人所得税地方留成返还。", "incentive", "企业"),
        ("市商务局负责消费券发放工作。", "task", ""),
        ("各县（市、区）要建立稳外贸工作专班，定期调度。", "task", ""),
        ("申报单位应当对申报材料的真实性负责。", "rule", ""),
        ("同一项目不得重复享受本市其他同类政策。", "rule", ""),
        ("本办法由市财政局会同市工业和信息化局负责解释。", "rule", ""),
        ("高校毕业生到我市就业的，可申请免费入住人才驿站7天。", "incentive", "高校毕业生"),
        ("残疾人家庭凭证免收有线电视基本收视维护费。", "incentive", "残疾人家庭"),
        ("支持企业参加境外展会，对展位费给予70%补贴。", "incentive", "企业"),
        ("鼓励金融机构加大对小微企业的信贷投放。", "task", ""),
        ("加快建设全省统一的社会保险公共服务平台。", "task", ""),
        ("有下列情形之一的，取消补贴资格并追回已发放资金。", "rule", ""),
        ("失业人员领取失业保险金期间，由失业保险基金为其缴纳基本医疗保险费。", "incentive", "失业人员"),
        (
            "符合条件的退役军人创办个体工商户的，3年内按每户每年20000元为限额依次扣减税费。",
            "incentive",
            "符合条件的退役军人",
        ),
        ("低保对象参加城乡居民医保，个人缴费部分由财政全额资助。", "incentive", "低保对象"),
        ("市教育局牵头制定实施细则，于2024年6月底前印发。", "task", ""),
        ("奖补资金实行总额控制，就高不重复。", "rule", ""),
        ("公共租赁住房租金按市场租金的60%收取。", "rule", ""),
        ("中小学生凭学生证免费乘坐公交车。", "incentive", "中小学生"),
        ("企业购置环境保护专用设备的投资额，可按10%抵免当年应纳税额。", "incentive", "企业"),
        ("对拒不执行决定的单位，处一万元以上五万元以下罚款。", "rule", ""),
        ("县级以上人民政府应当将养老服务经费列入财政预算。", "rule", ""),
        ("多子女家庭购买首套住房申请公积金贷款的，贷款额度上浮20%。", "incentive", "多子女家庭"),
        ("力争到2025年全市高新技术企业突破500家。", "task", ""),
        ("资金使用单位应建立专账，接受审计监督。", "rule", ""),
        ("对连续三年评为优秀的社区工作者优先推荐评先评优。", "incentive", "连续三年评为优秀的社区工作者"),
        ("本办法所称小微企业，是指符合国家划型标准的企业。", "rule", ""),
        ("新建住宅小区配套建设养老服务设施，每百户不少于20平方米。", "rule", ""),
        ("发放育儿补贴，每孩每年3600元，至其年满3周岁。", "incentive", ""),
        ("给予创业团队最高50万元创业资助，并提供免费办公场地。", "incentive", "创业团队"),
        ("组织开展“万企兴万村”行动，引导民营企业参与乡村建设。", "task", ""),
        ("困难职工可向所在单位工会申请生活救助。", "incentive", "困难职工"),
        ("水电气欠费不停供，允许企业在6个月内补缴。", "incentive", "企业"),
    ],
)
def test_kinds(sentence: str, kind: str, audience: str) -> None:
    policy, clause = made(sentence)
    (measure,) = measures(clause, quantities(clause, policy))
    assert measure.kind == kind
    assert measure.audience == audience
    assert measure.evidence.span == Span(0, len(sentence))


def test_each_sentence_is_a_measure_with_its_own_period() -> None:
    policy, clause = made("对文旅企业给予3万元补贴，政策执行期限至2023年9月底。对商贸企业给予2万元补贴。")
    first, second = measures(clause, quantities(clause, policy))
    assert (first.valid_from, first.valid_until) == (None, "2023-09-30")
    assert first.validity_evidence is not None
    assert second.valid_until is None


@pytest.mark.parametrize(
    ("text", "closing", "day", "state", "start", "until"),
    [
        ("给予补贴，政策执行期限至2023年12月31日。", "", date(2023, 12, 31), "in_force", None, "2023-12-31"),
        ("给予补贴，政策执行期限至2023年12月31日。", "", date(2024, 1, 1), "expired", None, "2023-12-31"),
        (
            "缓缴费款所属期为2023年6月至2024年2月。",
            "",
            date(2024, 2, 29),
            "in_force",
            "2023-06-01",
            "2024-02-29",
        ),
        (
            "缓缴费款所属期为2023年6月至2024年2月。",
            "",
            date(2023, 5, 31),
            "unknown",
            "2023-06-01",
            "2024-02-29",
        ),
        ("从2023年到2024年6月底，给予奖励。", "", date(2024, 7, 1), "expired", "2023-01-01", "2024-06-30"),
        ("还款日期最长可延至2023年11月30日。", "", date(2023, 12, 1), "expired", None, "2023-11-30"),
        (
            "给予奖励。",
            "本通知自印发之日起施行，有效期2年。",
            date(2024, 1, 1),
            "in_force",
            "2023-05-10",
            "2025-05-09",
        ),
        (
            "给予奖励。",
            "本办法自2023年7月1日起施行，有效期三年。",
            date(2026, 7, 1),
            "expired",
            "2023-07-01",
            "2026-06-30",
        ),
        (
            "给予奖励。",
            "本措施自发布之日起实施，有效期至2025年12月31日。",
            date(2025, 6, 1),
            "in_force",
            "2023-05-10",
            "2025-12-31",
        ),
        (
            "给予奖励。",
            "自2023年7月1日起施行至2024年6月30日止。",
            date(2024, 7, 1),
            "expired",
            "2023-07-01",
            "2024-06-30",
        ),
        ("给予奖励。", "本办法自印发之日起施行。", date(2023, 8, 1), "unknown", "2023-05-10", None),
        ("给予奖励。", "", date(2023, 8, 1), "unknown", None, None),
        ("到2025年，新增企业10家。", "", date(2030, 1, 1), "unknown", None, None),
        ("对2023年第一季度满产的企业给予奖励。", "", date(2030, 1, 1), "unknown", None, None),
        ("给予补贴，政策执行期限至2023年12月31日。", "", None, "unknown", None, "2023-12-31"),
    ],
)
def test_validity(
    text: str, closing: str, day: date | None, state: str, start: str | None, until: str | None
) -> None:
    policy, clause = made(text, closing)
    found = validity_at(policy, clause, quantities(clause, policy), day)
    assert found[:3] == (state, start, until)
    if until:
        assert found[3] is not None
        assert found[3].evidence.span is not None
        assert found[3].evidence.span.of(policy.text) == found[3].surface


def test_a_draft_is_a_draft_on_any_day() -> None:
    policy, clause = made("给予补贴，政策执行期限至2023年12月31日。", status="draft")
    assert validity_at(policy, clause, quantities(clause, policy), date(2020, 1, 1))[0] == "draft"


def test_a_period_of_one_clause_is_not_the_documents() -> None:
    policy, _ = made("给予补贴，政策执行期限至2023年12月31日。")
    assert validity_at(policy, None, (), date(2025, 1, 1))[0] == "unknown"


@pytest.mark.parametrize(
    ("value", "first", "last"),
    [
        ("2022-04/2023-03", date(2022, 4, 1), date(2023, 3, 31)),
        ("2022/2023-06-30", date(2022, 1, 1), date(2023, 6, 30)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("--01-31", None, None),
    ],
)
def test_days(value: str, first: date | None, last: date | None) -> None:
    assert days(value) == (first, last)


@pytest.mark.parametrize(
    ("label", "closing", "until"),
    [
        ("5", "本办法有效期至2024年12月31日；第6条至第9条执行至2025年12月31日。", "2024-12-31"),
        ("6", "本办法有效期至2024年12月31日；第6条至第9条执行至2025年12月31日。", "2025-12-31"),
        ("6", "本办法有效期至2024年12月31日。其中第3条、第6条有效期至2026年6月。", "2026-06-30"),
        ("6", "本办法有效期至2024年12月31日。《茶叶办法》第6条执行至2025年12月31日。", "2024-12-31"),
        ("6", "本办法自2024年1月1日起执行，至2024年12月31日止。", "2024-12-31"),
    ],
)
def test_an_end_for_some_of_the_clauses(label: str, closing: str, until: str) -> None:
    text = "补助茶园。"
    source = f"{text * 9}\n{closing}"
    clauses = tuple(
        Clause(
            f"正文/一/{n}",
            str(n),
            "",
            Span(5 * n - 5, 5 * n),
            None,
            text,
            (Span(5 * n - 5, 5 * n),),
            parent="正文/一",
        )
        for n in range(1, 10)
    )
    paragraph = Paragraph(closing, (Span(46, len(source)),), "正文", True)
    policy = Policy("made", "", source, "", clauses=clauses, paragraphs=(paragraph,))
    clause = policy.clause(f"正文/一/{label}")
    _, _, last, figure = validity_at(policy, clause, (), date(2025, 3, 1))
    assert last == until
    assert figure is not None
    assert figure.evidence.span is not None
    assert figure.evidence.span.of(source) == figure.surface
    assert figure.surface in figure.sentence


def printed(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


PERIODS = (
    "本办法自{0}起施行，有效期至{1}。",
    "本措施执行期限为{0}至{1}。",
    "本通知自{0}起执行，至{1}止。",
    "本政策有效期自{0}起至{1}止。",
    "本实施细则自{0}起试行，执行至{1}，原有规定同时废止。",
    "有效期为{0}—{1}。",
)


@given(
    st.dates(date(2000, 1, 1), date(2040, 1, 1)),
    st.integers(1, 4000),
    st.sampled_from(PERIODS),
)
def test_first_and_last_day_belong_to_a_period(start: date, length: int, form: str) -> None:
    end = start + timedelta(days=length)
    policy, clause = made("给予奖励。", form.format(printed(start), printed(end)))
    told = {
        day: validity_at(policy, clause, (), start + timedelta(days=day))[0]
        for day in (-1, 0, length, length + 1)
    }
    assert told == {-1: "unknown", 0: "in_force", length: "in_force", length + 1: "expired"}


@given(
    st.dates(date(2000, 1, 1), date(2040, 1, 1)),
    st.integers(1, 9),
    st.sampled_from(("试行", "有效期", "有效期限为")),
)
def test_a_term_of_years_ends_the_day_before_its_anniversary(start: date, years: int, said: str) -> None:
    policy, clause = made("给予奖励。", f"本办法自{printed(start)}起施行，{said}{years}年。")
    last = validity_at(policy, clause, (), None)[2]
    assert last is not None
    end = date.fromisoformat(last)
    begins_again = end + timedelta(days=1)
    assert begins_again.year == start.year + years
    assert (begins_again.month, begins_again.day) in {(start.month, start.day), (2, 28)}
    assert validity_at(policy, clause, (), end)[0] == "in_force"
    assert validity_at(policy, clause, (), begins_again)[0] == "expired"


@given(st.dates(date(2022, 1, 1), date(2030, 1, 1)), st.dates(date(2022, 1, 1), date(2030, 1, 1)))
def test_a_repeal_ends_what_would_go_on_and_nothing_before_its_day(day: date, since: date) -> None:
    policy, clause = made("给予奖励。", "本办法自2021年1月1日起施行，有效期至2026年12月31日。")
    repeal = Repeal("later", "某县新办法", "", "正文/九", since, None)
    plain = validity_at(policy, clause, (), day)
    told = validity_at(policy, clause, (), day, repeal)
    if day < since:
        assert told == plain
    else:
        assert told[0] == "expired"
        assert told[2] == min("2026-12-31", (since - timedelta(days=1)).isoformat())


def test_a_repealed_document_without_a_period_is_no_longer_in_force() -> None:
    policy, clause = made("给予奖励。", status="repealed")
    assert validity_at(policy, clause, (), date(2024, 1, 1))[0] == "expired"


@pytest.mark.parametrize(
    ("closing", "first", "last"),
    [
        ("本办法自2024年1月1日起施行，有效期至2026年12月31日。", "2024-01-01", "2026-12-31"),
        ("本办法自发布之日起30日后施行，有效期5年。", "2023-06-09", "2028-06-08"),
        ("本通知自印发之日起执行，试行两年。", "2023-05-10", "2025-05-09"),
        ("本措施执行至2025年底。", None, "2025-12-31"),
        ("本措施自2023年1月1日起执行，有效期暂定3年。", "2023-01-01", "2025-12-31"),
        ("本规定自公布之日起生效，有效期为2年，由市商务局负责解释。", "2023-05-10", "2025-05-09"),
        (
            "本政策措施自印发之日起施行，有效期至2025年12月31日。国家、省另有规定的，从其规定。",
            "2023-05-10",
            "2025-12-31",
        ),
        ("本实施意见有效期为2023年6月1日至2025年5月31日。", "2023-06-01", "2025-05-31"),
        ("本办法从2023年7月1日开始实施，执行期限三年。", "2023-07-01", "2026-06-30"),
        ("以上政策自2023年1月1日起至2023年12月31日止执行。", "2023-01-01", "2023-12-31"),
        ("本方案自印发之日起施行，2025年12月31日失效。", "2023-05-10", "2025-12-31"),
        ("本办法自2023年8月1日起施行。《某办法》（某政办〔2019〕1号）同时废止。", "2023-08-01", None),
        ("上述政策执行期限自2023年4月1日起，至2024年3月31日止。", "2023-04-01", "2024-03-31"),
        ("本细则自2023年6月15日起施行，有效期3年，至2026年6月14日止。", "2023-06-15", "2026-06-14"),
        ("本意见自下发之日起30日后实施，有效期五年。", "2023-06-09", "2028-06-08"),
        ("本通知有效期一年，自2023年6月1日起计算。", "2023-06-01", "2024-05-31"),
        ("本条例自2024年3月1日起施行。", "2024-03-01", None),
        ("本政策自发布之日起执行，试行期一年，试行期满后视情况修订。", "2023-05-10", "2024-05-09"),
        (
            "本办法由市财政局负责解释，自2023年10月1日起施行，有效期至2028年9月30日。",
            "2023-10-01",
            "2028-09-30",
        ),
        ("除另有规定外，本措施有效期至2024年6月30日。", None, "2024-06-30"),
        (
            "本办法自印发之日起实施，有效期至2025年12月31日止；期满需继续执行的，另行公布。",
            "2023-05-10",
            "2025-12-31",
        ),
        ("本措施适用于2023年1月1日至2024年12月31日期间。", "2023-01-01", "2024-12-31"),
        ("本政策自2023年二季度起执行，至2023年底结束。", "2023-04-01", "2023-12-31"),
    ],
)
def test_the_documents_own_period_in_many_wordings(closing: str, first: str | None, last: str | None) -> None:
    policy, _ = made("给予奖励。", closing)
    found = document_period(policy)
    assert found is not None
    assert tuple(day and day.isoformat() for day in found[0]) == (first, last)
