"""Invented documents in the layouts that other places use; each expects its exact clause tree."""

import pytest

from ingest import parse
from ingest.model import LineKind, Policy, RawDocument


def read(text: str) -> Policy:
    return parse(RawDocument(text, "0" * 64, "sample"))


def tree(policy: Policy) -> list[tuple[str, str]]:
    return [(c.locator, c.title) for c in policy.clauses]


def units(policy: Policy, locator: str) -> list[str]:
    clause = policy.clause(locator)
    assert clause is not None
    return ["".join(u.of(policy.text).split()) for u in clause.units]


def text(policy: Policy, locator: str) -> str:
    clause = policy.clause(locator)
    assert clause is not None
    return "".join(clause.text.split())


ARTICLES = """云岭县人民政府文件
云政规〔２０２３〕１２号

云岭县人民政府
关于印发云岭县促进茶产业高质量发展
若干政策的通知

各乡（镇）人民政府，县政府各部门、各直属机构：
现将《云岭县促进茶产业高质量发展若干政策》印发给你们，请认真贯彻执行。

云岭县人民政府
2023年3月8日
（此件公开发布）

云岭县促进茶产业高质量发展若干政策

第一章 总　　则
第一条 为促进茶产业发展，制定本政策。
第 二 条 本政策所称茶企业，是指在本县登记注册的企业。
第二章 扶持措施
第三条 新建标准化茶园连片 ５０ 亩以上的，每亩补助 8 00 元，最高 20 万元。（责任单位：县农业农村局、县财政局）
第四条 茶企业有下列情形之一的，给予一次性奖励：
（一）首次认定为国家级龙头企业的，奖励50万元；
（二）首次认定为省级龙头企业的，奖励30万元。
前款规定的奖励就高不重复。（县农业农村局牵头，县财政局、县工信局配合）
- 3 -
第五条 鼓励茶企业参加展会，按照展位费的50％给予
补助，每年最高5万元。
第三章 附则
第六条 本政策由县农业农村局负责解释。

抄送：县委各部门，县人大办，县政协办。
云岭县人民政府办公室 2023年3月8日印发
"""


def test_articles_under_chapters_with_items_and_page_number() -> None:
    policy = read(ARTICLES)
    assert tree(policy) == [
        ("第一章", "总则"),
        ("第一条", ""),
        ("第二条", ""),
        ("第二章", "扶持措施"),
        ("第三条", ""),
        ("第四条", ""),
        ("第四条/（一）", ""),
        ("第四条/（二）", ""),
        ("第五条", ""),
        ("第三章", "附则"),
        ("第六条", ""),
    ]
    assert units(policy, "第三条") == ["责任单位：县农业农村局、县财政局"]
    assert text(policy, "第四条").endswith("：前款规定的奖励就高不重复。")
    assert units(policy, "第四条") == ["县农业农村局牵头，县财政局、县工信局配合"]
    assert text(policy, "第五条") == "鼓励茶企业参加展会，按照展位费的50％给予补助，每年最高5万元。"
    assert policy.clauses[1].parent == "第一章"


def test_heading_of_a_notice_that_issues_a_document() -> None:
    policy = read(ARTICLES)
    assert policy.title == "云岭县人民政府关于印发云岭县促进茶产业高质量发展若干政策的通知"
    assert policy.number is not None
    assert policy.number.canonical == "云政规〔2023〕12号"
    assert (policy.issuer, policy.date, policy.jurisdiction) == ("云岭县人民政府", "2023-03-08", "云岭县")
    assert policy.addressees == ("各乡（镇）人民政府", "县政府各部门、各直属机构")
    assert [(p.label, p.title) for p in policy.parts] == [("正文", "云岭县促进茶产业高质量发展若干政策")]
    kinds = {line.kind for line in policy.lines}
    assert {LineKind.MARK, LineKind.IMPRINT, LineKind.PAGE, LineKind.SIGNATURE, LineKind.DATE} <= kinds


RUNNING = """临海新区管理委员会办公室
关于支持跨境电商发展的实施意见
（征求意见稿）

为加快跨境电商发展，结合新区实际，制定本实施意见。
一、总体目标
到2025年，跨境电商交易额突破100亿元，培育龙头企业10家。
二、重点任务
（一）做强平台
1. 建设产业园。对新认定的国家级产业园，一次性奖励300万元；对省级的，奖励100万元。
牵头单位：商务局   责任单位：财政局、自然资源局、
各街道办事处
2．引进龙头企业。对年交易额超过
3.5亿元的企业，给予交易额0.5%的奖励，最高200万元。
牵头单位：投资促进局
责任单位：商务局、财政局、自然资源和规
划局，各街道办事处
完成时限：2024年12月底前
（二）优化服务
3. 支持海外仓建设。对面积1000平方米以上的海外仓，补助建设费用的30%。
牵头单位：商务局
责任单位：财政局

建立健全海外仓信息库，定期更新。
加强金融支持。由金融局引导银行机构开发新产品，扩大授信规模。
牵头单位：金融局
责任单位：财政局
5. 强化宣传推广。组织企业参加各类展会，提高知名度。
牵头单位：商务局
责任单位：文旅局
三、保障措施
（一）加强组织领导。成立领导小组，统筹推进各项工作。
（二）加强督促检查。建立台账，定期通报。
以上责任单位排在首位的为牵头单位。本意见自发布之日起施行，有效期两年。
"""


def test_running_numbers_own_line_units_and_a_lost_number() -> None:
    policy = read(RUNNING)
    assert tree(policy) == [
        ("正文/一", "总体目标"),
        ("正文/二", "重点任务"),
        ("正文/二/（一）", "做强平台"),
        ("正文/二/（一）/1", "建设产业园"),
        ("正文/二/（一）/2", "引进龙头企业"),
        ("正文/二/（二）", "优化服务"),
        ("正文/二/（二）/3", "支持海外仓建设"),
        ("正文/二/（二）/4", "加强金融支持"),
        ("正文/二/（二）/5", "强化宣传推广"),
        ("正文/三", "保障措施"),
        ("正文/三/（一）", "加强组织领导"),
        ("正文/三/（二）", "加强督促检查"),
    ]
    assert [c.locator for c in policy.clauses if c.inferred] == ["正文/二/（二）/4"]
    assert "number-inferred" in {f.rule for f in policy.findings}
    assert units(policy, "正文/二/（一）/1") == [
        "牵头单位：商务局",
        "责任单位：财政局、自然资源局、各街道办事处",
    ]
    assert units(policy, "正文/二/（一）/2") == [
        "牵头单位：投资促进局",
        "责任单位：商务局、财政局、自然资源和规划局，各街道办事处",
    ]
    assert "3.5亿元" in text(policy, "正文/二/（一）/2")
    assert text(policy, "正文/二/（一）/2").endswith("完成时限：2024年12月底前")
    # A unit list may stand before another paragraph of the same clause.
    assert text(policy, "正文/二/（二）/3").endswith("建立健全海外仓信息库，定期更新。")
    closing = [p.text for p in policy.paragraphs if p.closing]
    assert len(closing) == 1
    assert closing[0].startswith("以上责任单位")


def test_draft_status_and_zone() -> None:
    policy = read(RUNNING)
    assert policy.status == "draft"
    assert policy.jurisdiction == "临海新区"
    assert policy.issuer == "临海新区管理委员会办公室"


BRACKETS = """关于促进全市养老服务业发展的若干措施

为进一步促进我市养老服务业发展，制定以下措施（责任单位列第一位者为牵头责任单位）。
（一）加大建设补贴力度。新建养老机构每张床位补贴5000元。[责任单位：市民政局、市财政局]
（二）落实运营补贴。按照收住人数每人每月给予100元至300元运营补贴。
【责任单位：市民政局、市财政局、
市医保局】
（三）强化人才培养。对取得高级工证书的，一次性奖励2000元。(责任单位：市人社局、市民政局
(四）推进医养结合。养老机构内设医疗机构的，给予10万元以内补助。（牵头单位：市卫生健康委；配合单位：市医保局（市医疗保障服务中心）；完成时限：2024年底）
㈤减免税费。按规定享受税费减免。责任单位：市税务局、市民政局。
各县（市、区）政府要结合实际，制定实施细则。
本措施自印发之日起执行，由市民政局负责解释。
东川市民政局  东川市财政局
2024年5月20日
"""


def test_unit_brackets_of_every_shape() -> None:
    policy = read(BRACKETS)
    assert [c.locator for c in policy.clauses] == [f"正文/（{n}）" for n in "一二三四五"]
    assert units(policy, "正文/（一）") == ["责任单位：市民政局、市财政局"]
    assert units(policy, "正文/（二）") == ["责任单位：市民政局、市财政局、市医保局"]
    assert units(policy, "正文/（三）") == ["责任单位：市人社局、市民政局"]
    assert units(policy, "正文/（四）") == [
        "牵头单位：市卫生健康委",
        "配合单位：市医保局（市医疗保障服务中心）",
    ]
    assert units(policy, "正文/（五）") == ["责任单位：市税务局、市民政局"]
    assert text(policy, "正文/（五）") == "按规定享受税费减免。"
    assert [p.text[:6] for p in policy.paragraphs if p.closing] == ["各县（市、区", "本措施自印发"]
    assert policy.issuer == "东川市民政局、东川市财政局"
    assert policy.jurisdiction == "东川市"


ANNEX_LIST = """江陵市工业和信息化局关于做好2024年技改项目申报工作的通知
江工信〔2024〕 7 号
各县（市、区）工业和信息化主管部门，各有关企业：
根据《江陵市技术改造专项资金管理办法》（江政办发〔2023〕31号），现将有关事项通知如下。
一、申报条件
1.在江陵市注册，具有独立法人资格。
2.有下列情形之一的，不予支持：
（1）近三年发生较大安全事故；
（2）列入失信名单。
二、支持标准
按设备投资额的10%给予补助，最高500万元。其中：
①首台（套）装备，比例提高2个百分点；
②专精特新企业，比例提高1个百分点。
附件：1.项目申报表
      2.承诺书

江陵市工业和信息化局
二〇二四年五月六日

附件1
项目申报表
企业名称\t项目名称
附件 2
承 诺 书
本单位承诺所提供材料真实、准确、完整，如有虚假，愿承担一切法律责任。
"""


def test_items_without_titles_and_an_annex_list() -> None:
    policy = read(ANNEX_LIST)
    assert tree(policy)[:8] == [
        ("正文/一", "申报条件"),
        ("正文/一/1", ""),
        ("正文/一/2", ""),
        ("正文/一/2/（1）", ""),
        ("正文/一/2/（2）", ""),
        ("正文/二", "支持标准"),
        ("正文/二/①", ""),
        ("正文/二/②", ""),
    ]
    assert [(p.label, p.title) for p in policy.parts] == [
        ("正文", ""),
        ("附件1", "项目申报表"),
        ("附件2", "承诺书"),
    ]
    assert policy.date == "2024-05-06"
    assert policy.number is not None
    assert policy.number.serial == 7
    assert sum(line.kind is LineKind.ANNEX_LIST for line in policy.lines) == 2


def test_an_annex_alone_starts_its_locators_with_the_annex() -> None:
    policy = read(
        "附件 ３\n\n某某示范区促进企业发展\n实施方案\n\n为促进发展，制定本方案。\n"
        "一、目标\n到2025年，企业达到10家。\n"
    )
    assert tree(policy) == [("附件3/一", "目标")]
    assert policy.title == "某某示范区促进企业发展实施方案"


def test_headings_that_wrap_at_the_print_width() -> None:
    body = (
        "企业是发展的主体要持续优化环境加大支持力度推动各项政策落地见效并及时总\n"
        "结经验加强宣传推广营造良好氛围确保取得实效按年度开展评估并公布评估结果\n"
    )
    policy = read(
        "某县促进工业发展实施方案\n"
        + body * 4
        + "一、大力推动新一代信息技术与制造业深度融合发展并加快构建现代化的产业体\n系建设\n"
        + body * 3
        + "二、保障措施\n"
        + body
    )
    assert (
        policy.clauses[0].title == "大力推动新一代信息技术与制造业深度融合发展并加快构建现代化的产业体系建设"
    )
    assert policy.clauses[1].title == "保障措施"


def test_levels_may_be_skipped_and_nested_against_custom() -> None:
    policy = read(
        "1.申报\n（一）条件\n企业须合法经营。\n（二）程序\n企业提出申请。\n2.审核\n（一）初审\n由主管部门初审。\n"
    )
    assert [c.locator for c in policy.clauses] == [
        "正文/1",
        "正文/1/（一）",
        "正文/1/（二）",
        "正文/2",
        "正文/2/（一）",
    ]


def test_decimal_outline() -> None:
    policy = read(
        "某市粮食应急预案\n1　总则\n1.1　编制目的\n为了应对紧急情况，制定本预案。\n"
        "1.2　适用范围\n适用于本市。\n"
        "2　组织机构\n2.1　指挥部\n2.1.1　指挥部由市政府领导担任总指挥。\n价格上涨超过3.5%时启动。\n"
    )
    assert [c.locator for c in policy.clauses] == [
        "正文/1",
        "正文/1/1.1",
        "正文/1/1.2",
        "正文/2",
        "正文/2/2.1",
        "正文/2/2.1/2.1.1",
    ]


@pytest.mark.parametrize(
    ("numbers", "rule", "shown"),
    [
        ("一二四", "number-gap", "三"),
        ("一二二三", "number-repeat", "二"),
    ],
)
def test_gaps_and_repeats_become_findings(numbers: str, rule: str, shown: str) -> None:
    policy = read("\n".join(f"{n}、加强第{i}项工作\n各部门要抓好落实。" for i, n in enumerate(numbers, 1)))
    found = [f for f in policy.findings if f.rule == rule]
    assert len(found) == 1
    assert shown in found[0].message
    assert len({c.locator for c in policy.clauses}) == len(numbers)


def test_a_page_break_that_repeats_characters_is_reported_and_kept() -> None:
    policy = read(
        "一、加快建设\n要加快推进城市基\n\n基础设施建设，提升承载能力，改善人居环境。\n二、加强管理\n要落实责任。\n"
    )
    assert text(policy, "正文/一") == "要加快推进城市基基础设施建设，提升承载能力，改善人居环境。"
    assert [f.rule for f in policy.findings if f.rule == "page-break-repeat"] == ["page-break-repeat"]


def test_a_box_holds_its_own_items() -> None:
    policy = read(
        "某市发展规划\n一、主要任务\n（一）强化创新\n1.建设平台。支持企业建设研发平台，给予奖励。\n"
        "专栏 1 重点平台\n"
        "1.技术中心。建设技术中心5家以上。\n2.实验室。建设实验室3家以上。\n2.培育主体。培育一批创新型企业，给予支持。\n"
    )
    assert [c.locator for c in policy.clauses] == [
        "正文/一",
        "正文/一/（一）",
        "正文/一/（一）/1",
        "正文/一/（一）/1/专栏1",
        "正文/一/（一）/1/专栏1/1",
        "正文/一/（一）/1/专栏1/2",
        "正文/一/（一）/2",
    ]


def test_a_table_of_contents_is_page_furniture() -> None:
    headings = ["一、总体要求", "二、重点任务", "三、保障措施", "四、组织实施"]
    policy = read(
        "某省产业发展规划\n目　录\n"
        + "\n".join(headings)
        + "\n"
        + "\n".join(f"{h}\n要认真抓好落实。" for h in headings)
    )
    assert [c.locator for c in policy.clauses] == ["正文/一", "正文/二", "正文/三", "正文/四"]


def test_words_of_a_list_are_no_number() -> None:
    policy = read(
        "一、奖励标准\n对获得\n一、二、三等奖的，分别给予奖励。\n二、附则\n本办法自发布之日起施行。\n"
    )
    assert [c.locator for c in policy.clauses] == ["正文/一", "正文/二"]


FORMS = """东川市人民政府办公室关于印发东川市支持外贸稳定增长若干措施（试行）的通知
（东政办〔2024〕9号）
各县（市、区）人民政府，市直各部门：
《东川市支持外贸稳定增长若干措施（试行）》已经市政府同意，现印发给你们，请认真组织实施。
东川市人民政府办公室
2024年6月3日
东川市支持外贸稳定增长若干措施（试行）
一、\t支持范围：
在东川市依法登记的外贸企业。
二、\t支持标准
1、\t开拓市场（牵头单位：市商务局；配合单位：市财政局）
对参加境外展会的企业，展位费按80%补助，每个展位最高3万元。
2、\t保险支持（牵头单位：市商务局）
对出口信用保险保费按50%补助，标准见下表。
表1 补助标准
类别\t比例\t最高（万元）
短期险\t50%\t20
中长期险\t40%\t30
三、加大金融支持
鼓励银行机构加大信贷投放，给予贴息支持。
牵 头 单 位：市金融工作局
配 合 单 位：市财政局、人民银行东川市分行
四、优化通关服务
压缩通关时间至6小时以内。
【责任单位】东川海关、市商务局
五、附则
本措施自2024年7月1日起施行，有效期至2026年6月30日。
"""


def test_unit_brackets_in_headings_boxed_labels_and_tables() -> None:
    policy = read(FORMS)
    assert tree(policy) == [
        ("正文/一", "支持范围"),
        ("正文/二", "支持标准"),
        ("正文/二/1", "开拓市场"),
        ("正文/二/2", "保险支持"),
        ("正文/二/2/表1", "补助标准"),
        ("正文/二/2/表1/行1", "短期险"),
        ("正文/二/2/表1/行2", "中长期险"),
        ("正文/三", "加大金融支持"),
        ("正文/四", "优化通关服务"),
        ("正文/五", "附则"),
    ]
    assert units(policy, "正文/二/1") == ["牵头单位：市商务局", "配合单位：市财政局"]
    assert units(policy, "正文/三") == ["牵头单位：市金融工作局", "配合单位：市财政局、人民银行东川市分行"]
    assert units(policy, "正文/四") == ["【责任单位】东川海关、市商务局"]
    assert text(policy, "正文/五").startswith("本措施自2024年7月1日起施行")
    assert text(policy, "正文/二/2/表1") == "类别比例最高（万元）"
    assert policy.number is not None
    assert (policy.number.canonical, policy.number.surface) == ("东政办〔2024〕9号", "东政办〔2024〕9号")


GROUPED = """青川市人民政府
关于加快新能源汽车产业发展的若干政策措施
青川政发〔2023〕18号

为加快我市新能源汽车产业高质量发展，特制定如下政策措施。

一、支持项目引进

    1．对固定资产投资5亿元（含）以上的整车项目，按固定资产投资的8％给予补助，最高1
亿元。对零部件项目，按5％给予补助，最高3000万元。

    2．对企业在我市设立研发中心的，一事一议。

    责任单位：市工业和信息化局、市财政局，各县（市、区）人民政府、
高新区管委会

二、其他

    3．同一项目符合多项政策的，按就高不就低原则执行。

                                        青川市人民政府
                                        2023年4月20日
"""


def test_units_once_below_items_without_titles_are_those_of_the_clause_above() -> None:
    policy = read(GROUPED)
    assert tree(policy) == [
        ("正文/一", "支持项目引进"),
        ("正文/一/1", ""),
        ("正文/一/2", ""),
        ("正文/二", "其他"),
        ("正文/二/3", ""),
    ]
    shown = ["责任单位：市工业和信息化局、市财政局，各县（市、区）人民政府、高新区管委会"]
    assert units(policy, "正文/一") == shown
    assert units(policy, "正文/一/2") == []
    assert "最高1亿元" in text(policy, "正文/一/1")
    assert (policy.issuer, policy.date) == ("青川市人民政府", "2023-04-20")


OWN_UNITS = """二、其他

（一）加强宣传

讲好茶故事。

责任单位：县委宣传部
"""
TITLED = """云溪县关于加强茶园管理的实施意见

一、茶园管理

（一）更新茶树

1．补助标准。更新老茶树的，每株补助50元。

2．申领办法。每年4月向所在乡镇申领。

责任单位：县农业农村局、县财政局

"""


def test_a_unit_line_once_below_titled_items_is_shared_where_no_item_has_its_own() -> None:
    shared = read(TITLED + "（二）修建水渠\n\n按年修建。\n\n责任单位：县水利局\n\n" + OWN_UNITS)
    assert units(shared, "正文/一/（一）") == ["责任单位：县农业农村局、县财政局"]
    assert units(shared, "正文/一/（一）/2") == []
    several = "1．修渠。按年修。\n\n责任单位：县水利局\n\n2．护渠。按月护。\n\n责任单位：县水利局\n\n"
    each = read(TITLED + "（二）修建水渠\n\n" + several + OWN_UNITS)
    assert units(each, "正文/一/（一）") == []
    assert units(each, "正文/一/（一）/2") == ["责任单位：县农业农村局、县财政局"]


@pytest.mark.parametrize(
    ("lines", "labels"),
    [
        (("1.2023年起种茶的，每亩补助3元。", "2.老茶园每亩补助2元。"), ["1", "2"]),
        (("1.种茶每亩补助3元。", "2.60周岁以上茶农每人补助2元。"), ["1", "2"]),
        (("1.种茶每亩补助3元。", "2.2000年以前的茶园另定。", "3.其他。"), ["1", "2", "3"]),
        (("1.种茶每亩补助3元。", "2.5万元以上的项目另定。", "2.老茶园另定。"), ["1", "2"]),
        (("1.种茶的，每亩投资须在", "2.5年内收回。", "2.老茶园另定。"), ["1", "2"]),
        (("1.种茶每亩补助3元。", "4.2000年以前的茶园另定。"), ["1"]),
    ],
)
def test_an_item_number_with_a_figure_after_its_point(lines: tuple[str, ...], labels: list[str]) -> None:
    policy = read("某县种茶办法\n一、补助\n" + "\n".join(lines) + "\n")
    assert [c.locator for c in policy.clauses] == ["正文/一", *(f"正文/一/{n}" for n in labels)]


def test_half_width_full_stops_end_headings_and_sentences() -> None:
    policy = read(
        "某县种茶办法\n一.种茶补助.对新茶园每亩补助1.5元.详见www.tea.cn和茶表.xls.\n"
        "二.制茶补助.对新茶厂每座补助2元.\n三.附则\n李某.茶经[M].某地：某社，2010.\n"
    )
    assert tree(policy) == [("正文/一", "种茶补助"), ("正文/二", "制茶补助"), ("正文/三", "附则")]
    assert text(policy, "正文/一") == "对新茶园每亩补助1.5元.详见www.tea.cn和茶表.xls."


def test_a_sentence_and_who_does_it_is_no_title() -> None:
    policy = read(
        "某县种茶办法\n一、办理\n1.申请材料齐全的，当日办结。由县茶办负责。\n2.鼓励银行放贷，对茶农让利。由县茶办牵头，"
        "各银行配合。\n3.抓好落实。由县茶办负责。\n"
    )
    assert tree(policy)[1:3] == [("正文/一/1", ""), ("正文/一/2", "")]
    assert text(policy, "正文/一/1") == "申请材料齐全的，当日办结。由县茶办负责。"


def test_a_file_that_begins_with_the_annex_may_be_a_draft() -> None:
    body = "\n\n一、范围\n\n本县茶园。\n"
    assert read(f"附件1\n\n云溪县种茶若干措施\n\n（征求意见稿）{body}").status == "draft"
    assert read(f"附件1\n\n云溪县种茶若干措施{body}").status == "issued"


def test_a_date_with_blanks_between_its_digits() -> None:
    policy = read(
        "某县关于印发种茶细则的通知\n各乡镇：\n现将细则印发给你们，请结合本乡镇的实际认真抓好各项工作的落实。\n某县人民政府\n"
        "2025 年 1 2 月 1 0 日\n\n- 1 -\n某县种茶细则\n一、范围\n本县茶园。\n"
    )
    assert policy.date == "2025-12-10"
    assert read("某县种茶细则\n2024-01-01 08:30\n").date != "2024-01-10"


def test_closing_paragraphs_begin_where_the_last_of_one_paragraph_items_ends() -> None:
    items = "".join(f"{n}.第{n}种茶园，每亩补助{n}元。\n" for n in range(1, 5))
    policy = read(
        f"某县种茶办法\n一、补助\n{items}补助资金由县财政承担。\n本办法自印发之日起施行，有效期1年。\n"
    )
    assert text(policy, "正文/一/4") == "第4种茶园，每亩补助4元。"
    assert [p.text[:4] for p in policy.paragraphs] == ["补助资金", "本办法自"]


def test_a_table_has_the_number_that_is_printed_above_it() -> None:
    table = "品种\t每亩补助\n绿茶\t20元\n红茶\t30元\n"
    policy = read(f"某县种茶办法\n一、绿茶\n表1 甲等\n{table}二、红茶\n表2 乙等\n{table}按表3执行。\n{table}")
    assert [c.locator for c in policy.clauses if c.number.startswith("表")] == [
        "正文/一/表1",
        "正文/二/表2",
        "正文/二/表3",
    ]


def test_a_sentence_on_force_is_no_title_among_titled_clauses() -> None:
    policy = read(
        "柳川省人民政府办公厅关于印发稳外贸措施的通知\n\n各市：\n现印发给你们。\n\n"
        "一、支持参展\n（一）支持境外参展。对参展企业给予展位费补助。\n（二）便利人员往来。压缩办证时间。\n"
        "（三）本措施自印发之日起施行，有效期至2025年12月31日。此前规定不一致的，以本措施为准。\n"
    )
    assert ("正文/一/（三）", "") in tree(policy)
    assert "有效期至2025年12月31日" in text(policy, "正文/一/（三）")
