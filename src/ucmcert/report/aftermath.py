"""What is left when the work is over: the post-checks on the last look, and what a person should still do."""

from ucmcert.check.after import backed_up, check
from ucmcert.model.finding import Finding, Severity
from ucmcert.report.story import Story
from ucmcert.report.words import finding_words, recorded_words

BY_HAND = frozenset({"UCM-CHECK-023"})


def after_findings(story: Story) -> tuple[Finding, ...]:
    """The post-checks on the inventory the run ended with; nothing before it ended."""
    if story.after is None:
        return ()
    present = {facts.node.name for facts in story.after.nodes}
    issued, uploaded_at = {}, {}
    for item in story.plan.items:
        new = story.new_sha256(item.node, item.purpose)
        if not new or item.node not in present:
            continue
        issued[(item.node, item.purpose)] = new
        told = story.arrival(item.node, item.purpose, "node_utc")
        if told:
            uploaded_at[(item.node, item.purpose)] = float(told)
    done = {one.step.id for one in story.steps if one.standing in ("verified", "found")}
    return check(
        story.after,
        issued=issued,
        uploaded_at=uploaded_at,
        before=story.before,
        signed=frozenset(name for one in story.phones for by in one.signed for name in by.phones),
        backed_up=backed_up(story.plan, done),
    )


def reminders(story: Story, lang: str) -> tuple[str, ...]:
    """What a person should still do, in `lang`, each once: what the checks say, then what the run itself recorded."""
    said: list[str] = []
    for found in after_findings(story):
        what, _, todo = finding_words(found, lang)
        if found.severity is Severity.NOTICE:
            said.append(f"{what}. {todo}" if todo else what)
    said += [
        " ".join(part for part in (f"{what}.", todo) if part)
        for what, _, todo in (finding_words(one, lang) for one in story.plan.findings if one.code in BY_HAND)
    ]
    recorded = [recorded_words(one, lang) for one in story.reminders]
    said += [one for one in recorded if not any(one in other for other in said)]
    return tuple(dict.fromkeys(said))
