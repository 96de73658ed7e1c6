"""Staged and coordinated rows: each sum its own step and place in the row, the total none."""

import pytest

from graph.figures.quantities import quantities
from ingest.model import Clause, Policy, Span

STAGED = [
    (
        "对在境内主板上市的企业，分阶段给予1000万元奖励，其中完成股份制改造奖励100万元、辅导备案奖励200万元、成功上市奖励700万元。",
        [("", None), ("完成股份制改造", 1), ("辅导备案", 2), ("成功上市", 3)],
    ),
    (
        "对成功上市企业，报辅导奖200万元、过会奖300万元、上市奖500万元。",
        [("报辅导", 1), ("过会", 2), ("上市", 3)],
    ),
    ("奖励资金按签约、开工、投产三个阶段，分别拨付30%、30%、40%。", [("签约", 1), ("开工", 2), ("投产", 3)]),
    (
        "企业在新三板挂牌的，按股改、挂牌两步，分别奖励50万元、100万元。",
        [("在新三板挂牌的，股改", 1), ("在新三板挂牌的，挂牌", 2)],
    ),
    (
        "对列入培育库的企业，在完成股改、取得辅导备案、申请获受理三个节点，分别给予50万元、100万元、150万元补助，合计最高300万元。",
        [
            ("完成股改", 1),
            ("取得辅导备案", 2),
            ("申请获受理", 3),
            ("分别给予50万元、100万元、150万元补助", None),
        ],
    ),
    (
        "租用办公用房的，三年分别按租金的100%、80%、50%给予补贴。",
        [
            ("租用办公用房的，按照租金，第一年", 1),
            ("租用办公用房的，按照租金，第二年", 2),
            ("租用办公用房的，按照租金，第三年", 3),
        ],
    ),
]


@pytest.mark.parametrize(("sentence", "expected"), STAGED, ids=[sentence[:12] for sentence, _ in STAGED])
def test_each_sum_has_its_step_in_order(sentence: str, expected: list[tuple[str, int | None]]) -> None:
    clause = Clause("一", "一", "", Span(0, len(sentence)), None, sentence, (Span(0, len(sentence)),))
    found = [
        q
        for q in quantities(clause, Policy("made", "", sentence, "", date="2024-01-01"))
        if q.kind in ("money", "rate")
    ]
    assert [(q.condition, q.stage) for q in found] == expected


def test_a_row_of_grades_gives_each_its_own_recipient() -> None:
    sentence = "对A、B、C三类人才，每月分别发放8000元、5000元、3000元生活补贴。"
    clause = Clause("一", "一", "", Span(0, len(sentence)), None, sentence, (Span(0, len(sentence)),))
    found = quantities(clause, Policy("made", "", sentence, "", date="2024-01-01"))
    assert [(q.recipient, q.periodicity, q.stage) for q in found] == [
        (f"{grade}类人才", "per_month", order) for order, grade in enumerate("ABC", 1)
    ]
