"""Who gets something and on what condition: the frame around a predicate of giving.

Policy sentences open with a topic (对 C 的 R，… or R C 的，…) and go on with what is given. A frame
holds the topic split into recipient and condition, and the stretch of text that it governs.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from graph.figures.text import bare, parts
from graph.figures.topics import LED, is_party, split_topic, subject_end
from graph.figures.words import any_of, either, has, pattern, words

_REACH = 300  # characters before a verb that are looked at: no name is longer, and a long line costs no more


@dataclass(frozen=True, slots=True)
class Frame:
    """A topic and the predicate that it governs, as ranges of folded text.

    `topic` is the topic's text; figures between `start` and `predicate` stand in its condition,
    figures between `predicate` and `end` are what is given. `before` is what stands before the
    preposition in the same part (争取省级财政资金对…).
    """

    start: int
    predicate: int
    end: int
    topic: str
    before: str = ""
    prior: str = ""  # the topic before, where this one adds to it (…的企业，再给予)


@cache
def opening() -> re.Pattern[str]:
    """Return the pattern of a part between commas that opens with giving."""
    lead = (
        "(?:并|还|且|同时|原则上|符合条件的|根据[^，]{0,12}|经[^，]{0,10}后"
        r"|(?:自[^，]{2,14}起)?(?:连续|前|首|头|第)?[一二三四五六七八九十两\d、]+个?(?:年|月)度?内?)?"
    )
    payer = r"(?:(?:[省市县区]级?[、和与])*[^，、对]{0,8}财政(?:资金)?(?:各|分别)?|[省市县区]级?|政府)?"
    noun = "(?!期限|标准|资金|对象|范围|比例|金额|总额|政策|力度|机制|办法|条件|时间|额度)"
    stages = f"分(?!别)[^，]{{2,60}}(?:{either(words('rows', 'steps'))})"
    return re.compile(f"{stages}|{lead}{payer}(?:{either(words('give', 'opening'))}){noun}")


@cache
def _marker() -> re.Pattern[str]:
    before = "".join(words("recipients", "not_prepositions_before"))
    after = either(word[1:] for word in words("recipients", "not_prepositions"))
    return re.compile(f"(?:对于|针对|(?<![{before}])对(?!{after}))")


def frames(text: str, start: int, end: int) -> Iterator[Frame]:
    """Yield the frames of the sentence ``text[start:end]``, in order."""
    last = ""
    for a, b in parts(text, start, end, "；"):
        for frame in _statement(text, a, b, last):
            yield frame
            last = frame.topic if not frame.prior else frame.prior


def _statement(text: str, start: int, end: int, last: str) -> Iterator[Frame]:
    """Walk the parts between commas, gathering a topic until its predicate comes."""
    segments = list(parts(text, start, end, "，：。"))
    current: Frame | None = None
    pending: int | None = None
    before, marked = "", False
    for i, (a, b) in enumerate(segments):
        if current and text[a - 1 : a] == "：" and not gives(text[a:b]):
            yield current
            current, pending = None, None
            continue
        opened = _marked(text, a, b)
        if opened is not None or pending is None:
            marked = opened is not None
        following = text[segments[i + 1][0] :][:24] if i + 1 < len(segments) else ""
        if opened is not None and not _anaphoric(text[opened:b]):
            if current:
                yield current
            current, before, pending = None, text[a:opened].rstrip("对于针"), opened
            cut = _predicate_in(text, opened, b, following)
        elif pending is not None and opening().match(text, a, b):
            cut = a
        elif pending is not None or current is None:
            if pending is not None and _said(text[pending:a]):
                pending = None  # 在岗每月补助400元，离岗的…: the sum before closes what stood before
            if pending is None:
                pending, before = a, ""
            cut = _predicate_in(text, a, b, following, strict=True)
            if cut is None and pending < a and _ended(text[pending:a], marked) and gives(text[a:b]):
                cut = a
        elif _closes_condition(text[a:b]) and opening().match(following):
            yield current
            current, pending, before, cut = None, a, "", None
            marked = False
        elif inner := _own_condition(text[a:b]):
            yield current
            current, pending, before, cut = None, a, "", a + inner
            marked = False
        else:
            current = replace(current, end=b)
            continue
        if cut is not None and pending is not None:
            topic = re.sub("(?:分别|各)$", "", text[pending:cut].strip("，：、"))
            prior = ""
            if not marked:
                led, topic = _unmarked(topic)
                again = text[cut : cut + 1] in "再另" or text[cut : cut + 2] == "额外"
                bare_condition = topic.endswith(("的", "的部分")) and not split_topic(topic).recipient
                prior = led or (last if again or bare_condition else "")
                pending = text.rfind(topic, pending, cut) if topic else cut
            current = Frame(pending, cut, b, topic, before, prior)
            pending, last = None, prior or topic or last
    if current:
        yield current


def _said(topic: str) -> bool:
    """Tell whether a stretch gives a sum already and states no case (…每月补助400元，)."""
    topic = topic.rstrip("，：")
    given = re.search(rf"(?:{any_of('give', 'verbs')})[^，的]{{0,6}}[\d.]+[万亿]?元$", topic)
    return given is not None and not is_party(topic)


def _ended(topic: str, marked: bool) -> bool:
    """Tell whether a topic is complete: …的， or, after 对, … 的 + party."""
    topic = topic.rstrip("，：")
    return topic.endswith("的") or (is_party(topic) and (marked or "的" in topic))


def _own_condition(part: str) -> int:
    """Return where the predicate starts in a part with its own condition (…的再奖励5万元); 0 if none."""
    masked = bare(part)
    for match in pattern("give", "strong").finditer(masked):
        prior = masked[: match.start()]
        if (
            prior.endswith("的")
            and len(prior) > 3
            and not gives(prior)
            and not re.search("[0-9%]的$|按", prior)
        ):
            return match.start()
    return 0


def _unmarked(topic: str) -> tuple[str, str]:
    """Return the offer's opening (支持企业 VP) and the topic that stands without 对, either may be ''."""
    pieces = [topic[a:b] for a, b in parts(topic, 0, len(topic), "，")]
    if not pieces:
        return "", ""
    if LED.match(pieces[-1]) and not pieces[-1].endswith("的"):
        return "", pieces[-1]
    led = next((piece for piece in pieces[:-1] if LED.match(piece) and split_topic(piece).recipient), "")
    first = len(pieces) - 1
    while first > 0 and _closes_condition(pieces[-1]) and _continues(pieces[first - 1]):
        first -= 1
    kept = "，".join(pieces[first:])
    if re.match("(?:择优|每年|定期|每届)*(?:评选|遴选|选树|选拔|表彰|推选|培育)", kept) and "的" not in kept:
        return "", ""
    if _closes_condition(pieces[-1]) or is_party(pieces[-1]):
        return led if not split_topic(kept).recipient else "", kept
    if len(pieces) == 1 and (subject_end(topic) or topic.startswith("每")):
        return "", topic
    if len(pieces) > 1 and _closes_condition(pieces[-2]) and re.search("达|超过|突破|满", pieces[-1]):
        return "", "，".join(pieces[-2:])
    thing = len(pieces[-1]) <= 20 and _continues(pieces[-1]) and not re.search("[0-9]|要$", pieces[-1])
    return led, pieces[-1] if thing and not has(pieces[-1][:3], "measures", "task") else ""


def _continues(piece: str) -> bool:
    """Tell whether a part may belong to the topic of the next (not an introduction such as 为…)."""
    opens = pattern("recipients", "introductions").match(piece) or re.match("[^，]{0,6}政策", piece)
    return opens is None


def _marked(text: str, start: int, end: int) -> int | None:
    """Return where the topic after 对, 针对, 对于 begins, or None."""
    masked = bare(text[start:end])
    for match in _marker().finditer(masked):
        if masked[: match.start()].endswith(("加强", "加大", "强化", "提高", "做好", "开展", "持续", "的")):
            continue
        return start + match.end()
    return None


def _anaphoric(topic: str) -> bool:
    return topic.startswith(words("recipients", "anaphora")) and "的" not in topic[: topic.find("给予")]


def _closes_condition(segment: str) -> bool:
    """Tell whether a part between commas states who or when: ends in 的, or is 的 + party."""
    masked = re.sub("（[^（）]*）$", "", segment)
    return masked.endswith(("的", "时", "的部分", "的差额", "的情形")) or (
        "的" in masked and is_party(masked)
    )


def _predicate_in(text: str, start: int, end: int, following: str, *, strict: bool = False) -> int | None:
    """Return where the predicate starts inside a part, or None when the part is all topic."""
    masked = bare(text[start:end])
    if _closes_condition(text[start:end]) and (not following or opening().match(following)):
        return None
    loose: int | None = None
    for match in pattern("give", "strong").finditer(masked):
        prior = text[max(start, start + match.start() - _REACH) : start + match.start()]
        if masked.startswith("的", match.end()):
            continue
        if not prior:
            if strict:
                return None
            continue
        if prior.endswith("的") and re.search("(?:给予|予以|奖励|补助|补贴)[^，]*[0-9]", prior):
            continue
        if prior.endswith(("的", "”", "）", "》")) or is_party(prior):
            return start + match.start()
        if loose is None and match.group() in ("给予", "予以"):
            loose = start + match.start()
    if strict or loose is not None:
        return None if strict else loose
    if following and opening().match(following):
        return None
    for match in pattern("give", "verbs").finditer(masked):
        if match.start() > 1 and not masked.startswith("的", match.end()):
            return start + match.start()
    return None


def gives(text: str) -> bool:
    """Tell whether `text` has a verb of giving."""
    return has(text, "give", "verbs")
