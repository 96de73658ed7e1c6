"""Who does what: each clause's units, with their roles.

A duty keeps what is printed and gives the canonical name beside it. Names are completed and repaired
only from the document itself, and only when one candidate is left.
"""

from collections import Counter
from dataclasses import replace

from graph.facts import Duty, Evidence
from graph.units.completing import Names, noted
from graph.units.lists import run_of
from graph.units.phrases import phrases
from graph.units.reading import Item, Reader
from ingest.model import Finding, Policy


def _first_leads(items: list[Item], policy: Policy) -> list[Item]:
    """Apply 排在首位的为牵头单位: to the whole document, or with 下同 from there on."""
    run = run_of(policy.text, list(range(len(policy.text))), set())
    rule = phrases().first_leads.search(run.chars)
    if rule is None:
        return items
    begin = run.at[rule.start()] if "下同" in run.chars[rule.end() : rule.end() + 10] else -1
    ends = {item.group: item.span.end for item in items}
    written_leads = {item.locator for item in items if item.role == "lead"}
    done: list[Item] = []
    for item in items:
        first = not done or done[-1].group != item.group
        within = ends[item.group] >= begin - 40
        if first and within and item.role == "responsible" and item.locator not in written_leads:
            item = replace(item, role="lead", note=noted(item.note, "排在首位，依文件说明为牵头单位"))
        done.append(item)
    return done


def duties(policy: Policy) -> tuple[tuple[Duty, ...], tuple[Finding, ...]]:
    """Return who leads, answers for, supports and oversees each clause, and what looks wrong.

    Never raises on odd text. Without the document's text (bundled knowledge) there is nothing to read.
    """
    if not policy.text:
        return (), ()
    reader = Reader(policy)
    for clause in policy.clauses:
        reader.clause(clause)
    names = Names(reader.items, policy)
    done = names.apply(_first_leads(reader.items, policy))
    seen: set[tuple[str, str, str]] = set()
    orders: Counter[tuple[str, str]] = Counter()
    result: list[Duty] = []
    for item, name in done:
        if (item.locator, item.role, name) in seen:
            continue
        seen.add((item.locator, item.role, name))
        order = orders[item.locator, item.role]
        orders[item.locator, item.role] += 1
        result.append(
            Duty(Evidence(item.locator, item.span), name, item.role, order, item.written, item.note)
        )
    return tuple(result), (*reader.findings, *names.findings, *names.elsewhere(done))
