"""The day that a question on validity names itself."""

from datetime import date

import pytest

from qa.when import named_day

TODAY = date(2024, 7, 15)


@pytest.mark.parametrize(
    ("text", "surface", "day"),
    [
        ("租金补贴到2025年5月还能办吗", "2025年5月", date(2025, 5, 1)),
        ("这个奖励明年3月还有效吗", "2025年3月", date(2025, 3, 1)),
        ("免租今年10月8日以后还能申请吗", "2024年10月8日", date(2024, 10, 8)),
        ("到2026年底，还执行吗", "2026年底", date(2026, 12, 31)),
        ("消费券9月份还有没有", "9月份", date(2024, 9, 1)),
    ],
)
def test_a_day_before_the_asking_words_is_the_day(text: str, surface: str, day: date) -> None:
    found = named_day(text, TODAY)
    assert found is not None
    assert (found.surface, found.day) == (surface, day)


@pytest.mark.parametrize(
    "text",
    [
        "2024年第二季度满负荷生产的奖励还有效吗",  # a condition
        "2023年印发的办法还执行吗",  # which document
        "现在还能申请吗",
        "13月还能办吗",
    ],
)
def test_other_days_belong_to_the_topic(text: str) -> None:
    assert named_day(text, TODAY) is None


def test_without_a_day_of_asking_only_a_whole_date_counts() -> None:
    assert named_day("明年3月还有效吗", None) is None
    found = named_day("2025年3月还有效吗", None)
    assert found is not None
    assert found.day == date(2025, 3, 1)
