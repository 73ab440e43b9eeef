"""Who outside the cluster must be told, before the window and after it: by name where we know them."""

from ucmcert.knowledge.words import words
from ucmcert.model.plan import Errand, Plan
from ucmcert.report.paper.blocks import Block, Heading, Line, Text, bullets, line
from ucmcert.report.words import Say, speaker

SHOWN = 10
HEADINGS = {"before": "plan.errands_before", "after": "plan.errands_after"}
BASES = {"found": "plan.errand_found", "told": "plan.errand_told"}


def errand_blocks(plan: Plan, lang: str, *, moments: tuple[str, ...] = tuple(HEADINGS)) -> tuple[Block, ...]:
    """A list for each of `moments`; nothing when the plan has no errands then."""
    say = speaker(lang)
    blocks: list[Block] = []
    for when, heading in HEADINGS.items():
        mine = [one for one in plan.errands if one.when == when and when in moments]
        if mine:
            blocks += [Heading(say(heading)), bullets(_line(one, say, lang) for one in mine)]
    return tuple(blocks)


def known_names(errand: Errand, say: Say) -> str:
    """The names of an errand, or that a person has to know whether there are any."""
    if not errand.names:
        return say("plan.errand_asked")
    more = ", ..." if len(errand.names) > SHOWN else ""
    return say(BASES[errand.basis], names=", ".join(errand.names[:SHOWN]) + more)


def _line(one: Errand, say: Say, lang: str) -> Line:
    said = words(one.code, lang, {})
    told = f" ({', '.join(one.purposes)}; {known_names(one, say)}). {said.next}"
    return line(Text(said.what, "strong"), Text(told), Text(f"  {one.source}", "dim"))
