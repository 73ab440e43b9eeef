"""What becomes of the phones of each class, under the plan and in the naive order, as a table."""

from ucmcert.knowledge.phone_classes import read_class
from ucmcert.model.plan import PhoneForecast, Plan
from ucmcert.plan.phone_forecast import ABSENT
from ucmcert.report.paper.blocks import Block, Column, Heading, Table, Text, paragraph
from ucmcert.report.words import Say


def phones_blocks(plan: Plan, say: Say) -> list[Block]:
    """A heading, what the numbers mean, and a row per class; nothing when no phone notices the plan."""
    rows: dict[str, dict[str, PhoneForecast]] = {}
    for one in plan.forecast.phones:
        rows.setdefault(one.phone_class, {})[one.order] = one
    if not rows:
        return []
    columns = (
        Column(say("plan.phone_class")),
        Column(say("plan.phone_count"), right=True),
        Column(say("plan.lost_by_plan"), right=True),
        Column(say("plan.lost_by_naive"), right=True),
    )
    told = tuple(
        (
            Text(class_words(name, say)),
            Text(str(max(one.phones for one in orders.values()))),
            Text(_lost(orders.get("plan"), say), "strong"),
            Text(_lost(orders.get("naive"), say)),
        )
        for name, orders in rows.items()
    )
    about = paragraph(Text(say("plan.phones_about"), "dim"))
    return [Heading(say("plan.phones")), about, Table(columns, told)]


def class_words(name: str, say: Say) -> str:
    """The class of that name in the reader's language."""
    if name == ABSENT:
        return say("plan.class_absent")
    one = read_class(name)
    return say(
        "plan.class_words",
        secure=say("plan.class_secure" if one.secure else "plan.class_plain"),
        group=one.group,
        lists=say("plan.class_lists" if one.lists else "plan.class_no_lists"),
        page=say("plan.class_page" if one.page else "plan.class_no_page"),
    )


def _lost(row: PhoneForecast | None, say: Say) -> str:
    if row is None or not row.lost:
        return say("plan.lost_none")
    return say("plan.lost_soft" if row.lock == "soft" else "plan.lost_hard", lost=row.lost)
