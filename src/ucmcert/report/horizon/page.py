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
    told = speaker(lang)
    clusters = len({one.held.cluster for one in seen.certificates})
    head = told(
        "page.seen",
        today=seen.today,
        count=len(seen.certificates),
        clusters=clusters,
        threshold=seen.threshold_days,
    )
    later = tuple(one for one in seen.advice if one.severity is not Severity.ERROR)
    return (
        Heading(told("page.title", until=seen.until), 1),
        paragraph(head),
        Heading(told("page.breaking")),
        *_breaking(seen, lang, told),
        Heading(told("page.certificates")),
        _certificates(seen, told),
        Heading(told("page.events")),
        *_events(seen, lang, told),
        Heading(told("page.years")),
        *_years(seen, told),
        Heading(told("page.windows", days=NEAR_DAYS)),
        *_windows(seen, told),
        *((Heading(told("page.advice")), *findings_blocks(later, lang)) if later else ()),
        Heading(told("page.assumed")),
        _assumed(told),
    )


def _breaking(seen: Horizon, lang: str, told: Say) -> tuple[Block, ...]:
    if not seen.breaking:
        return (paragraph(Text(told("page.quiet", threshold=seen.threshold_days), "good")),)
    return (bullets(line(Text(finding_words(one, lang)[0], "bad"), f" ({one.code})") for one in seen.breaking),)


def _certificates(seen: Horizon, told: Say) -> Table:
    names = ("cluster", "node", "purpose", "ends", "start", "signer", "life")
    columns = tuple(Column(told(f"word.{name}"), right=name == "life", tight=True) for name in names)
    return Table(columns=columns, rows=tuple(_certificate(one, seen, told) for one in seen.certificates))


def _certificate(dated: Dated, seen: Horizon, told: Say) -> Line:
    held = dated.held
    style: Style = "bad" if held.not_after < seen.today else "warn" if dated.latest_start <= seen.today else ""
    return (
        Text(held.cluster),
        Text(held.node),
        Text(held.purpose, "strong"),
        Text(f"{held.not_after}", style),
        Text(f"{dated.latest_start}", style),
        Text(told(SIGNERS[held.signer]), "warn" if held.signer == "unknown" else ""),
        Text(f"{held.life_days}"),
    )


def _events(seen: Horizon, lang: str, told: Say) -> tuple[Block, ...]:
    rows = tuple(
        (Text(f"{one.day}"), Text(finding_words(one.finding, lang)[0])) for one in seen.events if one.kind != "expiry"
    )
    if not rows:
        return (paragraph(told("page.none")),)
    return (Table(columns=(Column(told("word.day"), tight=True), Column(told("word.what"))), rows=rows),)


def _years(seen: Horizon, told: Say) -> tuple[Block, ...]:
    names = ("year", "windows", "certificates", "resets", "by_hand", "with_ucmcert")
    columns = tuple(Column(told(f"word.{name}"), right=True, tight=True) for name in names)
    pairs = zip(seen.if_private.years, seen.if_public.years, strict=True)
    table = Table(columns=columns, rows=tuple(_year(one, other, told) for one, other in pairs))
    if any(one.held.signer == "unknown" for one in seen.certificates):
        return (table, paragraph(told("page.both")))
    return (table,)


def _year(private: Year, public: Year, told: Say) -> Line:
    return (
        Text(f"{private.year}", "strong"),
        Text(either(f"{private.windows}", f"{public.windows}")),
        Text(either(f"{private.certificates}", f"{public.certificates}")),
        Text(either(f"{private.phone_resets}", f"{public.phone_resets}")),
        Text(either(work(private.by_hand_min, told), work(public.by_hand_min, told))),
        Text(either(work(private.with_ucmcert_min, told), work(public.with_ucmcert_min, told))),
    )


def _windows(seen: Horizon, told: Say) -> tuple[Block, ...]:
    every = windows(seen)
    near = [one for one in every if one.when != "private" and one.day <= seen.today + timedelta(days=NEAR_DAYS)]
    if not near:
        return (paragraph(told("page.none")),)
    names = ("day", "cluster", "purpose", "certificates", "next_end", "by_hand", "with_ucmcert", "certain")
    figures = ("certificates", "by_hand", "with_ucmcert")
    columns = tuple(Column(told(f"word.{name}"), right=name in figures, tight=True) for name in names)
    count = f"{len(every)}"
    return (
        Table(columns=columns, rows=tuple(_window(one, told) for one in near)),
        paragraph(told("page.more", count=count, until=seen.until)),
    )


def _window(window: WindowShape, told: Say) -> Line:
    return (
        Text(f"{window.day}"),
        Text(window.cluster),
        Text(window.purpose, "strong"),
        Text(f"{window.certificates}"),
        Text(either(f"{window.until_if_private}", f"{window.until}")),
        Text(work(window.by_hand_min, told)),
        Text(work(window.with_ucmcert_min, told)),
        Text(told("word.yes") if window.when == "both" else told("word.if_public")),
    )


def _assumed(told: Say) -> Block:
    sentences = (
        told("assumption.lives"),
        told("assumption.shared", days=GATHER_DAYS),
        told("assumption.hand", rows=_rows(BY_HAND, told)),
        told("assumption.own", rows=_rows(WITH_UCMCERT, told)),
        told("assumption.not_in"),
    )
    return bullets(line(one) for one in sentences)


def _rows(rows: tuple[Effort, ...], told: Say) -> str:
    return ", ".join(f"{told(EFFORTS[row.key])} {row.minutes}" for row in rows)
