"""Who shares the cost: statements of funding inside a clause."""

import re

_SHARED = re.compile(
    r"(?:资金|经费|奖金|补贴|补助|费用|奖励|所需)[^，；。]{0,8}?由(?P<who>[^，；。]{2,30}?)(?:各自?|分别|共同)?(?:按照?|以|\d|全部|全额|承担|负担|分担|统筹|解决)"
)


def shared_payer(rest: str, following: str) -> str:
    """Return who pays by the rest of the sentence, or by a funding sentence right after it; else ''.

    Where several funds are told apart (县级…由县财政, 区级…由市、区财政), the whole statement is
    returned, since no one payer pays all.
    """
    for text in (
        rest,
        re.split("[。！？]", following)[0]
        if re.match("所需|以上|上述|奖励|补助|补贴|资金|奖补", following)
        else "",
    ):
        found = list(_SHARED.finditer(text))
        if len(found) == 1:
            return re.sub("(?:[0-9：%]+|按照?|各)$", "", found[0]["who"])
        if found:
            parts = [part for part in re.split("[，；。]", text) if _SHARED.search(part)]
            return "，".join(parts)
    return ""
