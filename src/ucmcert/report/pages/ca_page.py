"""What a CA does to requests and what it can be used for, for people: traits, one row a purpose, reasons, repairs."""

from ucmcert.knowledge.key_usage import EKU_NAMES
from ucmcert.knowledge.words import words
from ucmcert.lint.authority_profile.profile import Bits, CaProfile
from ucmcert.lint.authority_profile.usable import Answer, Verdict
from ucmcert.model.finding import Finding
from ucmcert.report.pages.findings import STYLES, finding_blocks
from ucmcert.report.paper.blocks import Block, Bullets, Column, Facts, Heading, Line, Style, Table, Text, line
from ucmcert.report.words import Say, finding_words, speaker

ANSWER_STYLES: dict[Answer, Style] = {"yes": "good", "hurts": "warn", "no": "bad", "unknown": "warn"}


def ca_blocks(
    profile: CaProfile | None, verdicts: tuple[Verdict, ...], findings: tuple[Finding, ...], lang: str
) -> tuple[Block, ...]:
    """The traits first, then the verdicts, why, what to change, and last what could not be read."""
    say = speaker(lang)
    blocks: list[Block] = []
    if profile:
        blocks += [Heading(say("ca.title", name=profile.name or profile.kind), 1), Facts(_traits(profile, say))]
        blocks += [Heading(say("ca.purposes")), _table(verdicts, say)]
        blocks += [*_reasons(verdicts, say, lang), *_repairs(verdicts, say, lang)]
    for one in findings:
        blocks += finding_blocks(one, lang)
    return tuple(blocks)


def _traits(profile: CaProfile, say: Say) -> tuple[tuple[str, Line], ...]:
    unknown = say("ca.unknown")
    added = [*(profile.adds_names or ())]
    added += ["CN"] * bool(profile.adds_common_name) + ["www."] * bool(profile.adds_www)
    nothing_added = unknown if profile.adds_names is None else say("ca.none")
    keys = [*profile.signs_keys, *(say("ca.not", what=one) for one in profile.refuses_keys)]
    pairs = (
        ("ca.sans_kept", ", ".join(profile.keeps_sans) or unknown),
        ("ca.sans_lost", ", ".join(profile.drops_sans) or unknown),
        ("ca.sans_added", ", ".join(added) or nothing_added),
        ("ca.common_name", _fate(profile.common_name, say)),
        ("ca.subject", _fate(profile.subject, say)),
        ("ca.usage", _bits(profile.usage, say)),
        ("ca.extended", _bits(profile.extended, say)),
        ("ca.authority", _yes_no(profile.issues_ca, say)),
        ("ca.room", _yes_no(profile.room_below, say)),
        ("ca.lifetime", unknown if profile.lifetime_days is None else say("time.days", count=profile.lifetime_days)),
        ("ca.signed_with", " / ".join(one for one in (profile.signature_hash, profile.signer_key) if one) or unknown),
        ("ca.keys", ", ".join(keys) or unknown),
        ("ca.wildcard", _yes_no(profile.wildcard, say)),
        ("ca.public", _yes_no(profile.public, say)),
    )
    return tuple((say(key), line(Text(told, "dim" if told == unknown else ""))) for key, told in pairs)


def _fate(fate: str | None, say: Say) -> str:
    told = {"kept": "ca.kept", "replaced": "ca.replaced", "dropped": "ca.dropped", "changed": "ca.changed"}
    return say(told[fate]) if fate else say("ca.unknown")


def _bits(bits: Bits, say: Say) -> str:
    given = [EKU_NAMES.get(one, one) for one in (*bits.sets, *bits.keeps)]
    lost = [say("ca.not", what=EKU_NAMES.get(one, one)) for one in bits.drops]
    return ", ".join((*given, *lost)) or say("ca.unknown")


def _yes_no(known: bool | None, say: Say) -> str:
    return say("ca.unknown") if known is None else say("ca.yes") if known else say("ca.no")


def _table(verdicts: tuple[Verdict, ...], say: Say) -> Table:
    purpose, on = Column(say("word.purpose"), tight=True), Column(say("ca.on"), tight=True)
    columns = (purpose, on, Column(say("ca.usable"), tight=True), Column(say("finding.why")))
    return Table(columns, tuple(_row(one, say) for one in verdicts))


def _row(verdict: Verdict, say: Say) -> Line:
    told = {"yes": "ca.yes", "hurts": "ca.hurts", "no": "ca.no", "unknown": "ca.unknown"}[verdict.answer]
    codes = " ".join(one.code for one in verdict.findings)
    answer = Text(say(told), ANSWER_STYLES[verdict.answer])
    return line(verdict.purpose, ", ".join(verdict.products), answer, codes)


def _reasons(verdicts: tuple[Verdict, ...], say: Say, lang: str) -> tuple[Block, ...]:
    """Every reason once, with the purposes it stands for; the same code with other values is another reason."""
    purposes: dict[tuple[str, ...], list[str]] = {}
    first: dict[tuple[str, ...], Finding] = {}
    for verdict in verdicts:
        for one in verdict.findings:
            key = (one.code, *(told for name, told in one.values.items() if name != "purpose"))
            first.setdefault(key, one)
            purposes.setdefault(key, []).append(verdict.purpose)
    items = tuple(_reason(one, purposes[key], say, lang) for key, one in first.items())
    return (Heading(say("ca.reasons")), Bullets(items)) if items else ()


def _reason(one: Finding, purposes: list[str], say: Say, lang: str) -> Line:
    what, why, _ = finding_words(one, lang)
    severity = Text(say(f"severity.{one.severity}"), STYLES[one.severity])
    named = ", ".join(dict.fromkeys(purposes))
    return line(severity, " ", Text(one.code, "strong"), f" {what}. {why} ({named})".replace("..", "."))


def _repairs(verdicts: tuple[Verdict, ...], say: Say, lang: str) -> tuple[Block, ...]:
    codes = dict.fromkeys(code for one in verdicts for code in one.repairs)
    items = tuple(line(words(code, lang, {}).what) for code in codes)
    return (Heading(say("ca.repairs")), Bullets(items)) if items else ()
