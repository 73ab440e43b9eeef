"""The horizon for people: what breaks now, certificates, dated events, work year by year, decisions, assumptions."""

from datetime import timedelta

from ucmcert.horizon.build import Dated, Horizon
from ucmcert.horizon.effort import Year
from ucmcert.knowledge.effort import BY_HAND, WITH_UCMCERT, Effort
from ucmcert.knowledge.lifetimes import GATHER_DAYS
from ucmcert.model.finding import Severity
from ucmcert.report.horizon.shape import WindowShape, windows
from ucmcert.report.horizon.words import SIGNERS, either, speaker, work
from ucmcert.report.pages.findings import findings_blocks
from ucmcert.report.paper.blocks import Block, Column, Heading, Line, Style, Table, Text, bullets, line, paragraph
from ucmcert.report.words import Say, finding_words

NEAR_DAYS = 365
# One key per row of knowledge/effort.
EFFORTS = {
    "announce": "effort.announce",
    "csr": "effort.csr",
    "sign": "effort.sign",
    "trust": "effort.trust",
    "upload": "effort.upload",
    "regenerate": "effort.regenerate",
    "look": "effort.look",
    "phones": "effort.phones",
    "approve": "effort.approve",
    "hand_over": "effort.hand_over",
    "stragglers": "effort.stragglers",
    "report": "effort.report",
}


def horizon_blocks(seen: Horizon, lang: str) -> tuple[Block, ...]:
    """The whole page in `lang`."""
    tell = speaker(lang)
    clusters = len({one.held.cluster for one in seen.certificates})
    head = tell(
        "page.seen",
        today=seen.today,
        count=len(seen.certificates),
        clusters=clusters,
        threshold=seen.threshold_days,
    )
    later = tuple(one for one in seen.advice if one.severity is not Severity.ERROR)
    return (
        Heading(tell("page.title", until=seen.until), 1),
        paragraph(head),
        Heading(tell("page.breaking")),
        *_breaking(seen, lang, tell),
        Heading(tell("page.certificates")),
        _certificates(seen, tell),
        Heading(tell("page.events")),
        *_events(seen, lang, tell),
        Heading(tell("page.years")),
        *_years(seen, tell),
        Heading(tell("page.windows", days=NEAR_DAYS)),
        *_windows(seen, tell),
        *((Heading(tell("page.advice")), *findings_blocks(later, lang)) if later else ()),
        Heading(tell("page.assumed")),
        _assumed(tell),
    )


def _breaking(seen: Horizon, lang: str, tell: Say) -> tuple[Block, ...]:
    if not seen.breaking:
        return (paragraph(Text(tell("page.quiet", threshold=seen.threshold_days), "good")),)
    return (bullets(line(Text(finding_words(one, lang)[0], "bad"), f" ({one.code})") for one in seen.breaking),)


def _certificates(seen: Horizon, tell: Say) -> Table:
    names = ("cluster", "node", "purpose", "ends", "start", "signer", "life")
    columns = tuple(Column(tell(f"word.{name}"), right=name == "life", tight=True) for name in names)
    return Table(columns=columns, rows=tuple(_certificate(one, seen, tell) for one in seen.certificates))


def _certificate(dated: Dated, seen: Horizon, tell: Say) -> Line:
    held = dated.held
    style: Style = "bad" if held.not_after < seen.today else "warn" if dated.latest_start <= seen.today else ""
    return (
        Text(held.cluster),
        Text(held.node),
        Text(held.purpose, "strong"),
        Text(f"{held.not_after}", style),
        Text(f"{dated.latest_start}", style),
        Text(tell(SIGNERS[held.signer]), "warn" if held.signer == "unknown" else ""),
        Text(f"{held.life_days}"),
    )


def _events(seen: Horizon, lang: str, tell: Say) -> tuple[Block, ...]:
    rows = tuple(
        (Text(f"{one.day}"), Text(finding_words(one.finding, lang)[0])) for one in seen.events if one.kind != "expiry"
    )
    if not rows:
        return (paragraph(tell("page.none")),)
    return (Table(columns=(Column(tell("word.day"), tight=True), Column(tell("word.what"))), rows=rows),)


def _years(seen: Horizon, tell: Say) -> tuple[Block, ...]:
    names = ("year", "windows", "certificates", "resets", "by_hand", "with_ucmcert")
    columns = tuple(Column(tell(f"word.{name}"), right=True, tight=True) for name in names)
    pairs = zip(seen.if_private.years, seen.if_public.years, strict=True)
    table = Table(columns=columns, rows=tuple(_year(one, other, tell) for one, other in pairs))
    if any(one.held.signer == "unknown" for one in seen.certificates):
        return (table, paragraph(tell("page.both")))
    return (table,)


def _year(private: Year, public: Year, tell: Say) -> Line:
    return (
        Text(f"{private.year}", "strong"),
        Text(either(f"{private.windows}", f"{public.windows}")),
        Text(either(f"{private.certificates}", f"{public.certificates}")),
        Text(either(f"{private.phone_resets}", f"{public.phone_resets}")),
        Text(either(work(private.by_hand_min, tell), work(public.by_hand_min, tell))),
        Text(either(work(private.with_ucmcert_min, tell), work(public.with_ucmcert_min, tell))),
    )


def _windows(seen: Horizon, tell: Say) -> tuple[Block, ...]:
    every = windows(seen)
    near = [one for one in every if one.when != "private" and one.day <= seen.today + timedelta(days=NEAR_DAYS)]
    if not near:
        return (paragraph(tell("page.none")),)
    names = ("day", "cluster", "purpose", "certificates", "next_end", "by_hand", "with_ucmcert", "certain")
    figures = ("certificates", "by_hand", "with_ucmcert")
    columns = tuple(Column(tell(f"word.{name}"), right=name in figures, tight=True) for name in names)
    count = f"{len(every)}"
    return (
        Table(columns=columns, rows=tuple(_window(one, tell) for one in near)),
        paragraph(tell("page.more", count=count, until=seen.until)),
    )


def _window(window: WindowShape, tell: Say) -> Line:
    return (
        Text(f"{window.day}"),
        Text(window.cluster),
        Text(window.purpose, "strong"),
        Text(f"{window.certificates}"),
        Text(either(f"{window.until_if_private}", f"{window.until}")),
        Text(work(window.by_hand_min, tell)),
        Text(work(window.with_ucmcert_min, tell)),
        Text(tell("word.yes") if window.when == "both" else tell("word.if_public")),
    )


def _assumed(tell: Say) -> Block:
    sentences = (
        tell("assumption.lives"),
        tell("assumption.shared", days=GATHER_DAYS),
        tell("assumption.hand", rows=_rows(BY_HAND, tell)),
        tell("assumption.own", rows=_rows(WITH_UCMCERT, tell)),
        tell("assumption.not_in"),
    )
    return bullets(line(one) for one in sentences)


def _rows(rows: tuple[Effort, ...], tell: Say) -> str:
    return ", ".join(f"{tell(EFFORTS[row.key])} {row.minutes}" for row in rows)
