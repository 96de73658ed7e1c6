"""A library of one invented document, for tests of the web face that need no store."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from graph.catalog import PolicyRow
from graph.facts import Duty, Evidence
from ingest.model import Clause, Span
from qa.comparing import Comparison, Row
from qa.guide import Gift, Guide, Item, NoGuide, Said
from qa.model import Amount, Answer, Citation, Pointer, Validity
from qa.views import ClauseView, Hit, UnitDuty, UnitView

POLICY = "青石县支持企业发展办法"
QUOTE = "企业首次入库的，奖励 5 万元；年收入超过 5000 万元的，再奖励 3 万元。<b>不是标记</b>"


def _clause(locator: str, title: str, text: str = "", parent: str | None = None) -> Clause:
    return Clause(locator, locator.split("/")[-1], title, Span(0, 0), None, text, (), (), parent)


PARENT = _clause("附件2/四", "保障措施")
CLAUSES = (
    _clause("附件2/四/（一）", "培训企业", "统计局办培训班。", "附件2/四"),
    _clause("附件2/四/（二）", "减少费用", "免收手续费。", "附件2/四"),
    _clause("附件2/四/（三）", "奖励首次入库", QUOTE, "附件2/四"),
)
_SAID = Said(QUOTE, "附件2/四/（三）", 10, 10 + len(QUOTE))
_GIFT = Gift(
    "奖励",
    "5万元",
    "一次性",
    "",
    "企业",
    "首次入库",
    ("每户最高10万元",),
    "",
    None,
    50000,
    "CNY",
    "reward",
    "exact",
    "附件2/四/（三）",
    20,
    24,
)
CITATION = Citation(
    "qingshi",
    POLICY,
    "青政办〔2022〕1号",
    "附件2/四/（三）",
    "奖励首次入库",
    QUOTE,
    10,
    10 + len(QUOTE),
    True,
    "青石县",
)


GUIDE = Guide(
    source="qingshi",
    policy=POLICY,
    number="青政办〔2022〕1号",
    jurisdiction="青石县",
    status="issued",
    verbatim=True,
    locator="附件2/四/（三）",
    title="奖励首次入库",
    as_of=None,
    items=(
        Item(
            _SAID,
            "企业",
            (_GIFT,),
            Validity("expired", None, "2022-06-30", "文件写明的期限：2022年6月30日。"),
        ),
    ),
    audience=("企业",),
    who=(),
    conditions=(Said("不得重复享受。", "附件2/五", 90, 97, general=True),),
    window=(),
    where=(),
    materials=(),
    process=(),
    payers=(),
    lead_units=("县统计局",),
    responsible_units=(),
    support_units=(),
    units_locator="附件2/四/（三）",
    validity=Validity("expired", None, "2022-06-30", "文件写明的期限：2022年6月30日。"),
    citations=(CITATION,),
    missing=("window", "where", "materials", "process", "payer"),
    text="申报指南\n以文件为准。",
)


class SmallLibrary:
    """Answers a question with 奖励, refuses one with 火星, asks back for one with 哪里."""

    generation = "g-0001"

    def __init__(self) -> None:
        self.asked: list[tuple[str, tuple[str, ...], str | None]] = []

    def ask(
        self,
        question: str,
        *,
        context: Sequence[str] = (),
        as_of: date | None = None,  # noqa: ARG002  as the real one has it
        jurisdiction: str | None = None,
    ) -> Answer:
        self.asked.append((question, tuple(context), jurisdiction))
        if "出错" in question:
            raise RuntimeError("a defect, for the tests")
        if "上一个" in question:
            return Answer(question, "answered", f"您先问的是：{context[-1]}")
        if "火星" in question:
            near = (Pointer("qingshi", "附件2/四/（一）", "培训企业"),)
            return Answer(question, "no_basis", "库里没有文件规定这件事。", related=near)
        if "哪里" in question:
            return Answer(question, "clarify", "请问您在哪个县？", choices=("青石县", "白河县"))
        return Answer(
            question,
            "answered",
            "青石县对首次入库的企业奖励**5万元**，年收入超过5000万元的再奖励3万元。",
            citations=(CITATION,),
            lead_units=("县统计局",),
            responsible_units=("县财政局", "县工业和信息化局"),
            amounts=(
                Amount("5万元", 50000, "CNY", "reward", "企业", "首次入库", "qingshi", "附件2/四/（三）"),
                Amount(
                    "3万元",
                    30000,
                    "CNY",
                    "reward",
                    "企业",
                    "年收入超过5000万元",
                    "qingshi",
                    "附件2/四/（三）",
                ),
            ),
            validity=Validity("in_force", None, "2026-12-31", ""),
            elapsed_ms=1.234,
        )

    def search(self, query: str, *, jurisdiction: str | None = None, limit: int = 10) -> list[Hit]:
        assert query
        assert jurisdiction in (None, "青石县")
        return [Hit("qingshi", c.locator, c.title, "青石县", 1.0, c.text) for c in CLAUSES][:limit]

    def ready(self) -> None:
        pass

    def policies(self) -> list[PolicyRow]:
        return [
            PolicyRow(
                "qingshi",
                POLICY,
                "青政办〔2022〕1号",
                "青石县人民政府办公室",
                "青石县",
                "2022-01-01",
                "issued",
                4,
                True,
            )
        ]

    def jurisdictions(self) -> list[str]:
        return ["青石县", "白河县"]

    def clause(self, source: str, locator: str) -> ClauseView | None:
        for clause in CLAUSES:
            if (source, locator) == ("qingshi", clause.locator):
                duty = Duty(Evidence(locator, None), "县统计局", "lead", 0, "县统计局")
                return ClauseView(
                    source, POLICY, clause, (PARENT,), CLAUSES, (duty,), (), "首次入库有奖。", Validity()
                )
        return None

    def guide(self, source: str, locator: str, *, as_of: date | None = None) -> Guide | NoGuide | None:
        """Guide to 附件2/四/（三）; 附件2/四/（一） is a task."""
        if (source, locator) == ("qingshi", "附件2/四/（一）"):
            return NoGuide(source, locator, "培训企业", "这一条是工作任务", ("县统计局",))
        if (source, locator) != ("qingshi", "附件2/四/（三）"):
            return None
        return replace(GUIDE, as_of=as_of.isoformat() if as_of else None)

    def compare(self, topic: str, jurisdictions: Sequence[str], *, as_of: date | None = None) -> Comparison:  # noqa: ARG002
        rows = [
            Row(place, "found", QUOTE, CITATION, self.ask(topic).amounts, ("县统计局",)) if place == "青石县"
            else Row(place, "silent" if place == "白河县" else "not_held")
            for place in jurisdictions
        ]  # fmt: skip
        return Comparison(topic, "amount", tuple(rows))

    def units(self) -> list[str]:
        return ["县统计局"]

    def unit(self, name: str) -> UnitView | None:
        if name != "县统计局":
            return None
        return UnitView(
            name, (name, "统计局"), (UnitDuty("qingshi", "附件2/四/（三）", "奖励首次入库", "lead"),)
        )

    def examples(self, place: str | None = None) -> list[str]:
        made = ["青石县首次入库奖励多少？", "县统计局负责哪些事？"]
        return made if place is None else [question for question in made if place in question]

    def refresh(self) -> None:
        return None
