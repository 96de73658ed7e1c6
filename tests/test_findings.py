"""What ``zhengwen check`` finds: on invented documents that must be told, and on others that must not."""

import json
from pathlib import Path

import pytest

from graph.extract import extract
from graph.findings import shacl
from graph.findings.page import GRAVITY
from graph.findings.report import findings, rows
from graph.rdf import shapes
from graph.storage.store import Store
from ingest import parse
from ingest.model import RawDocument
from tests.made_records import small_record
from tests.test_shapes import policy as with_policy
from ui import cli
from ui.intake import ingest

HEAD = """青石县人民政府办公室文件

青政办〔2024〕7号

青石县人民政府办公室
关于支持企业发展的通知

各乡镇人民政府，县政府各部门：

为支持企业发展，现通知如下。

"""
TAIL = "\n\n青石县人民政府办公室\n2024年3月5日\n"
CLAUSES = """一、支持设备更新。对购置新设备的企业给予5万元补助。（责任单位：县工业和信息化局、县财政局）

二、支持招用职工。对招用毕业生的企业给予每人1000元补贴。（责任单位：县人力资源和社会保障局）

三、支持开拓市场。对参加展会的企业给予2万元补助。（责任单位：县商务局、县财政局）

四、支持技术改造。对完成改造的企业给予8万元补助。（责任单位：县工业和信息化局）
"""


def found(body: str, head: str = HEAD, tail: str = TAIL) -> dict[str, str]:
    """Return the rules that fire on a document, each with its first message."""
    record = extract(parse(RawDocument(head + body + tail, "0" * 64, "demo")))
    told: dict[str, str] = {}
    for finding in findings(record, in_store=False):
        told.setdefault(finding.rule, finding.message)
    return told


def sentence(text: str) -> str:
    return CLAUSES + f"\n五、其他事项。{text}（责任单位：县财政局）\n"


def test_a_sound_document_has_no_findings() -> None:
    assert found(CLAUSES) == {}


SPOKEN = [
    # sums
    ("sum-mismatch", "安排资金100万元，其中：城关镇40万元、大河乡50万元、石桥镇30万元。"),
    ("sum-mismatch", "全县新增企业20家，分别为：城关镇8家、大河乡5家、石桥镇6家。"),
    (
        "sum-mismatch",
        "2024年，全县新增规模以上工业企业12家以上。2024年各乡镇新增规模以上工业企业目标为："
        "城关镇5家、大河乡3家、石桥镇2家。",
    ),
    ("sum-mismatch", "城关镇培训300人、大河乡培训200人、石桥镇培训100人，共计700人。"),
    ("sum-mismatch", "下达资金300万元，其中城关镇100万元，大河乡120万元，石桥镇90万元。"),
    ("sum-mismatch", "全县新增企业20家，其中：城关镇（8家）、大河乡（5家）、石桥镇（8家）。"),
    ("sum-mismatch", "力争到2028年培育企业40家，其中2025年10家、2026年20家、2027年20家。"),
    ("shares-not-whole", "所需资金由县财政承担60%、乡镇财政承担30%。"),
    ("shares-not-whole", "所需资金由省、市、县财政分别承担50%、30%、30%。"),
    ("ratio-parties", "所需资金由省市县三级按5:3比例分担。"),
    ("range-reversed", "处20000元以上10000元以下罚款。"),
    ("weekday-wrong", "会议于3月5日（星期日）召开。"),
    ("template-left", "拟于X月X日召开，由XXX负责。"),
    ("number-split", "给予1 00万元奖励。"),
    ("range-reversed", "给予50万元至30万元补助。"),
    ("range-reversed", "办理时间为10-5个工作日。"),
    ("words-and-digits", "补助伍万元（60000元）。"),
    ("words-and-digits", "奖励人民币伍拾万元整（￥5万元）。"),
    ("ratio-parties", "所需资金由市、县、乡镇按5:5比例分担。"),
    # dates
    ("date-impossible", "于2024年2月30日前完成。"),
    ("date-impossible", "于2024年13月5日前报送。"),
    ("period-reversed", "执行期限为2024年6月1日至2023年12月31日。"),
    ("period-reversed", "实施2025-2023年行动。"),
    ("weekday-wrong", "会议定于2024年3月5日（星期三）召开。"),
    ("term-mismatch", "本通知自2024年4月1日起施行，有效期2年，至2027年3月31日。"),
    ("deadline-before-issue", "各乡镇于2023年6月30日前将名单报送县财政局。"),
    # pointers
    ("article-absent", "按照本通知第九条执行。"),
    ("short-name-unused", "按照《青石县企业培育库管理规则》（以下简称《管理规则》）执行。"),
    ("cited-number-odd", "落实《支持企业若干政策》（青政2023第号）。有关要求见（2023年号）。"),
    # wording
    ("number-letter", "给予l0万元补助。"),
    ("number-letter", "总额不超过5O万元。"),
    ("number-split", "力争到20 25年全面完成。"),
    ("punctuation-half", "对企业给予补助,对个人给予奖励。"),
    ("template-left", "由XX局负责落实。"),
    ("template-left", "补助标准为____万元。"),
    ("template-left", "于20XX年完成。"),
    ("words-twice", "支持企业技术改造支持企业技术改造。"),
    ("mark-unpaired", "落实《支持企业若干政策，做好服务。"),
    ("mark-unpaired", "对企业（含个体工商户给予补助。"),
]


@pytest.mark.parametrize(("rule", "text"), SPOKEN, ids=[f"{rule}-{n}" for n, (rule, _) in enumerate(SPOKEN)])
def test_what_is_odd_is_told(rule: str, text: str) -> None:
    assert rule in found(sentence(text))


SOUND = [
    "安排资金120万元，其中：城关镇40万元、大河乡50万元、石桥镇30万元。",
    "安排资金200万元，其中：城关镇40万元、大河乡50万元、石桥镇30万元。",
    "2024年，全县新增企业10家，力争“十四五”时期新增企业25家。",
    "对一等奖、二等奖、三等奖分别给予20万元、10万元、5万元奖励。",
    "评选优秀企业10家，其中一等奖1家、二等奖3家、三等奖5家。",
    "给予每家最高10万元，其中研发补贴6万元、设备补贴5万元、人才补贴4万元。",
    "所需资金由省市县三级按5:3:2比例分担。",
    "处10000元以上20000元以下罚款。",
    "总额 1 000 000 元以内的，给予 5 万元。",
    "全县新增企业19家，分别为：城关镇8家、大河乡5家、石桥镇6家。",
    "所需资金由县财政承担60%、乡镇财政承担40%。",
    "所需资金由市县两级各承担50%。",
    "对国家级企业补助50%，对省级企业补助30%。",
    "办理时间由10个工作日压缩至5个工作日。",
    "审批时限从60天至30天逐步压缩。",
    "给予30万元至50万元补助。",
    "补助伍万元（50000元）。",
    "奖励人民币伍拾万元整（￥50万元）。",
    "所需资金由市、县按5:5比例分担。",
    "所需资金由省、市、县按5:3:2比例分担。",
    "于2028年2月29日前完成。",
    "采暖期为2024年11月15日至2025年3月15日。",
    "会议定于2024年3月5日（星期二）召开。",
    "本通知自2024年4月1日起施行，有效期2年，至2026年3月31日。",
    "对2021年7月1日以来贷款到期的企业予以展期。",
    "申报企业应于2023年6月30日前注册成立。",
    "按照本通知第二条执行。",
    "依照《青石县企业培育办法》第三十二条执行。",
    "设立企业培育资金（以下简称“培育资金”）。培育资金由县财政局管理。",
    "落实《支持企业若干政策》（青政〔2023〕5号）。",
    "推广O2O、B2B模式和5G应用，控制PM10和CO2排放。",
    "力争到 2025 年培育 5 家企业，办理时限 6 个月。",
    "出口额增长150%。",
    "坚持实事求是，做到应享尽享、应免尽免、应退快退。",
    "落实《关于贯彻〈支持企业若干政策〉的通知》（青政〔2023〕5号）要求。",
    "支持“个转企、小升规”和“专精特新”企业（含个体工商户）发展。",
    "时间为2024年5月至6月。",
    "拨打12345热线或0371-12345678咨询。",
]


@pytest.mark.parametrize("text", SOUND)
def test_what_is_sound_is_not_told(text: str) -> None:
    assert found(sentence(text)) == {}


def test_a_sum_above_a_least_total_is_told_but_is_no_error() -> None:
    text = (
        "2024年，全县新增规模以上工业企业10家以上。2024年各乡镇新增规模以上工业企业目标为："
        "城关镇5家、大河乡4家、石桥镇3家。"
    )
    record = extract(parse(RawDocument(HEAD + sentence(text) + TAIL, "0" * 64, "demo")))
    told = [f for f in findings(record, in_store=False) if f.rule == "sum-mismatch"]
    assert [f.severity for f in told] == ["warning"]
    assert "合计 12家" in told[0].message
    assert told[0].span is not None
    assert told[0].span.of(record.policy.text) == "城关镇5家、大河乡4家、石桥镇3家"


class TestUnits:
    def test_another_place(self) -> None:
        head = HEAD.replace("青石县", "兰考县")
        body = CLAUSES + "\n五、保障用地。优先安排用地。（责任单位：市生态环境局民权分局、县财政局）\n"
        assert "民权" in found(body, head)["unit-of-another-place"]
        assert "unit-of-another-place" not in found(body.replace("民权", "兰考"), head)
        named = body.replace("优先安排用地。", "优先安排用地，并向民权开发区通报。")
        assert "unit-of-another-place" not in found(named, head)

    def test_two_ways_of_writing(self) -> None:
        body = CLAUSES + "\n五、审批提速。加快审批。（责任单位：县发改委、县财政局）\n"
        assert "unit-two-ways" not in found(body)
        twice = body + "\n六、项目管理。加强管理。（责任单位：县发展改革委、县财政局）\n"
        assert "县发展改革委" in found(twice)["unit-two-ways"]

    def test_a_slip_in_a_name(self) -> None:
        body = CLAUSES + "\n五、统计服务。做好统计。（责任单位：县工业和信急化局）\n"
        body += "\n六、用电服务。做好用电。（责任单位：县工业和信息化局）\n"
        assert "县工业和信息化局" in found(body)["unit-misspelt"]

    def test_two_names_run_together_and_one_that_nobody_knows(self) -> None:
        body = CLAUSES + "\n五、监督检查。加强检查。（责任单位：县财政局县商务局）\n"
        assert "县财政局、县商务局" in found(body)["unit-joined"]
        body = CLAUSES + "\n五、监督检查。加强检查。（责任单位：县民政局县水利局）\n"
        assert "县民政局、县水利局" in found(body)["unit-joined"]
        body = CLAUSES + "\n五、监督检查。加强检查。（责任单位：市生态环境局青石分局、县文体广电和旅游局）\n"
        assert not {"unit-joined", "unit-misspelt"} & set(found(body))
        body = CLAUSES + "\n五、监督检查。加强检查。（责任单位：呱呱局、县财政局）\n"
        assert "呱呱局" in found(body)["unit-unregistered"]

    def test_a_former_name_counts_after_the_reform_only(self) -> None:
        body = CLAUSES + "\n五、规范收费。查处乱收费。（责任单位：县工商局）\n"
        assert "县市场监督管理局" in found(body)["unit-former-name"]
        early = {"head": HEAD.replace("2024", "2015"), "tail": TAIL.replace("2024", "2015")}
        assert "unit-former-name" not in found(body, **early)
        federation = CLAUSES + "\n五、联系商会。做好联系。（责任单位：县工商联）\n"
        assert "unit-former-name" not in found(federation)

    def test_both_roles(self) -> None:
        body = CLAUSES + "\n五、督促落实。定期督促。\n牵头单位：县财政局\n责任单位：县财政局、县商务局\n"
        assert "县财政局" in found(body)["unit-two-roles"]

    def test_a_gift_without_anyone_to_give_it(self) -> None:
        body = CLAUSES + "\n五、支持上市。对上市企业给予100万元奖励。\n"
        assert "正文/五" in found(body)["clause-without-unit"]
        wish = CLAUSES + "\n五、营造氛围。加强宣传引导。\n"
        assert "clause-without-unit" not in found(wish)

    def test_a_lead_that_only_one_clause_lacks(self) -> None:
        clause = "{n}、支持之{n}。对企业给予5万元补助。\n牵头单位：县财政局\n责任单位：县商务局\n\n"
        body = "".join(clause.format(n=n) for n in "一二三四")
        assert "lead-missing" not in found(body)
        body += "五、支持之五。对企业给予6万元补助。\n责任单位：县商务局\n"
        assert "正文/五" in found(body)["lead-missing"]


class TestNumbersAndAnnexes:
    def test_a_gap_and_a_repeat(self) -> None:
        assert "number-gap" in found(CLAUSES.replace("四、", "六、"))
        assert "number-repeat" in found(CLAUSES.replace("四、", "三、"))

    def test_levels_turned_round(self) -> None:
        body = "（一）总的要求\n\n一、支持企业。做好服务。\n\n二、支持个人。做好服务。\n\n"
        body += "（二）保障措施\n\n一、加强领导。落实责任。\n"
        assert "level-turned" in found(body)

    ANNEXES = "\n附件：1. 青石县企业培育方案\n2. 青石县人才引进方案\n" + TAIL
    FIRST = "\n附件 1\n\n青石县企业培育方案\n\n一、目标。培育一批企业。\n\n二、措施。落实各项政策。\n"
    SECOND = "\n附件 2\n\n青石县人才引进方案\n\n一、目标。引进一批人才。\n\n二、措施。落实各项政策。\n"

    def test_annexes_that_agree(self) -> None:
        assert found(CLAUSES, tail=self.ANNEXES + self.FIRST + self.SECOND) == {}

    def test_an_annex_that_is_missing(self) -> None:
        assert "附件2" in found(CLAUSES, tail=self.ANNEXES + self.FIRST)["annex-missing"]
        assert set(found(CLAUSES, tail=self.ANNEXES)) == {"annexes-elsewhere"}

    def test_an_annex_that_is_not_listed(self) -> None:
        third = self.SECOND.replace("附件 2", "附件 3").replace("人才引进", "市场开拓")
        told = found(CLAUSES, tail=self.ANNEXES + self.FIRST + self.SECOND + third)
        assert "附件3" in told["annex-unlisted"]

    def test_an_annex_with_another_title(self) -> None:
        other = self.SECOND.replace("人才引进方案", "高端人才引进培育方案")
        assert "附件2" in found(CLAUSES, tail=self.ANNEXES + self.FIRST + other)["annex-title"]

    def test_a_pointer_to_no_annex(self) -> None:
        tail = self.ANNEXES + self.FIRST + self.SECOND
        assert "annex-pointed-absent" in found(sentence("具体目标见附件5。"), tail=tail)
        assert "annex-pointed-absent" not in found(sentence("具体目标见附件2。"), tail=tail)

    def test_two_sums_for_one_thing(self) -> None:
        gift = "对首次认定的省级示范企业给予{}万元一次性奖励。"
        first = self.FIRST.replace("落实各项政策。", gift.format(20))
        told = found(sentence(gift.format(10)), tail=self.ANNEXES + first + self.SECOND)
        assert "10万元" in told["two-amounts"]
        assert "20万元" in told["two-amounts"]
        same = self.FIRST.replace("落实各项政策。", gift.format(10))
        assert "two-amounts" not in found(sentence(gift.format(10)), tail=self.ANNEXES + same + self.SECOND)


def test_a_table_is_summed_up() -> None:
    table = "\n任务分解表\n乡镇\t企业（家）\t资金（万元）\n城关镇\t5\t20\n大河乡\t3\t12\n"
    table += "石桥镇\t2\t9\n合计\t{}\t41\n"
    body = CLAUSES + "\n五、任务分解。任务分解如下表。（责任单位：县财政局）\n" + table
    assert "table-total" not in found(body.format(10))
    assert "11" in found(body.format(11))["table-total"]


def test_what_the_heading_lacks_is_one_finding() -> None:
    told = found(CLAUSES, head="青石县关于支持企业发展的若干措施\n\n", tail="")
    assert told == {"heading-incomplete": "没有读到发文机关、成文日期、发文字号"}


def test_a_number_out_of_form() -> None:
    assert "第" in found(CLAUSES, head=HEAD.replace("〔2024〕7号", "（2024）第07号"))["number-form"]


def test_coming_into_force_on_a_day_that_is_not_said() -> None:
    text = sentence("本通知自印发之日起施行。")
    assert "effect-without-date" not in found(text)
    assert "effect-without-date" in found(text, tail="")


def test_a_form_to_be_filled_in_may_have_blanks() -> None:
    tail = (
        "\n附件：青石县企业补助申请表\n"
        + TAIL
        + "\n附件\n\n青石县企业补助申请表\n\n企业名称：____\n\n申请金额：____万元\n"
    )
    assert "template-left" not in found(CLAUSES, tail=tail)


def test_rows_are_the_gravest_first_with_place_and_quotation() -> None:
    body = sentence("于2024年2月30日前完成,补助标准为____万元。")
    record = extract(parse(RawDocument(HEAD + body + TAIL, "0" * 64, "demo")))
    told = rows(record, in_store=False)
    assert [row.rule for row in told] == ["date-impossible", "template-left", "punctuation-half"]
    assert [GRAVITY[row.severity] for row in told] == [0, 1, 2]
    first = told[0]
    assert (first.locator, first.quote, first.advice) == ("正文/五", "2024年2月30日", "核对日期")
    assert record.policy.text.split("\n")[(first.line or 0) - 1].startswith("五、")
    assert record.policy.text[first.start : first.end] == "2024年2月30日"


def test_every_rule_says_what_to_do(shared: Path) -> None:
    told = {
        (row.rule, row.advice)
        for path in sorted((shared / "corpus").glob("*.txt"))
        for row in rows(extract(parse(RawDocument(path.read_text("utf-8"), "0" * 64, path.stem))))
    }
    assert told
    assert all(advice for _, advice in told), told


@pytest.mark.parametrize(
    "record",
    [small_record("a"), with_policy(title=""), with_policy(clauses=small_record("a", 2).policy.clauses * 2)],
    ids=["sound", "untitled", "doubled"],
)
def test_the_quick_shapes_find_what_pyshacl_finds(record) -> None:
    assert shacl.check(record) == shapes.check(record)


def test_the_quick_shapes_agree_on_the_five_policies(five_store: Path) -> None:
    generation = Store.open(five_store).generation
    assert generation is not None
    for source in generation.sources:
        record = generation.record(source)
        assert shacl.check(record) == shapes.check(record)


@pytest.fixture(scope="module")
def small_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("documents")
    (folder / "good.txt").write_text(HEAD + CLAUSES + TAIL, "utf-8")
    (folder / "odd.txt").write_text(HEAD + sentence("于2024年2月30日前完成,并上报。") + TAIL, "utf-8")
    ingest([folder], folder / "store")
    return folder / "store"


def test_the_report(small_store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check", "--store", str(small_store)]) == 0
    out = capsys.readouterr().out
    assert out.startswith(
        "odd  青石县人民政府办公室关于支持企业发展的通知\n  错误  第 20 行 正文/五  date-impossible\n"
    )
    assert "punctuation-half" in out.splitlines()[3]
    assert "错误 1 处" in out.splitlines()[-1]
    assert cli.main(["check", "good", "--store", str(small_store)]) == 0
    assert "odd" not in capsys.readouterr().out
    assert cli.main(["check", "none", "--store", str(small_store)]) == 1


def test_the_report_as_json(small_store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check", "--json", "--severity", "error", "--store", str(small_store)]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["source"], row["severity"], row["rule"], row["line"]) == (
        "odd",
        "error",
        "date-impossible",
        20,
    )
