"""How documents say who does what: labels, verbs, and the rule that who stands first leads."""

import re
from dataclasses import dataclass
from functools import cache
from typing import cast

from data import table
from graph.facts import Role


@dataclass(frozen=True, slots=True)
class Phrases:
    """How documents say a role: labels, verbs, and the rule that who stands first leads."""

    label: re.Pattern[str]
    verb: re.Pattern[str]  # at the end of a phrase
    running: re.Pattern[str]  # within a sentence
    goes_on: tuple[str, ...]
    oversees: re.Pattern[str]
    with_others: re.Pattern[str]
    with_host: re.Pattern[str]
    does: re.Pattern[str]
    first_leads: re.Pattern[str]
    roles: dict[str, Role]


@cache
def phrases() -> Phrases:
    """Load the registry's phrases (once a process)."""
    data = table("registry", "units.toml")
    said = data["phrases"]
    verbs = "|".join(word for row in data["role"] for word in row["words"])
    named = [word for row in data["role"] for word in row["words"] + row["labels"]]
    labels = "|".join(sorted(named, key=len, reverse=True))
    label = rf"(?:{labels}|、|和|及){{0,3}}{said['label_tail']}"
    refused = "".join(f"(?<!{verb}(?={'|'.join(words)}))" for verb, words in said["not_after"].items())
    return Phrases(
        label=re.compile(
            rf"(?:^|(?<=[。；]))（(?P<boxed>{labels}){label}）：?|(?P<role>{labels}){label}(?:：|(?<=[位门]为))|"
            rf"(?:{said['other_label']})：|"
            rf"(?<=[，。；])[\u4e00-\u9fff]{{2,8}}："
        ),
        verb=re.compile(rf"{said['manner']}(?P<word>{verbs}){said['tail']}(?=$|[，。；、）])"),
        running=re.compile(
            rf"(?P<by>(?:要|应当|应|须|均|都|将)?{said['manner']})(?P<word>牵头|负责|组织实施|承办|配合|协办|参加|参与|督办){refused}"
            rf"|(?P<by_duty>{said['by_duty']})|(?:为|是)(?:[^，。；]{{1,12}}的)?(?P<named>{labels})(?:责任)?(?:单位|部门)(?=[，。；、）]|$)"
        ),
        goes_on=tuple(said["goes_on"]),
        oversees=re.compile(said["oversees"]),
        with_others=re.compile(said["with_others"]),
        with_host=re.compile(said["with_host"]),
        does=re.compile(said["does"]),
        first_leads=re.compile(said["first_leads"]),
        roles={w: cast(Role, row["role"]) for row in data["role"] for w in row["words"] + row["labels"]},
    )
