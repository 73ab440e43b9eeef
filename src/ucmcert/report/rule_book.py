"""What every code means, gathered from where it is made: severity and source from the rules, words from the texts."""

from typing import Any

from ucmcert.authority import file_finding, pair_finding
from ucmcert.check import after, before
from ucmcert.knowledge.words import catalogue
from ucmcert.lint.catalogue import every_rule
from ucmcert.lint.rule import Rule
from ucmcert.model.finding import Severity
from ucmcert.plan import reasons
from ucmcert.plan.rules import RULES
from ucmcert.report.explained import Explained
from ucmcert.report.pack import pack_finding
from ucmcert.run import surprises

PREFIX = "UCM-"


class Blank(dict[str, str]):
    """Fills every placeholder with its own name."""

    def __missing__(self, key: str) -> str:
        return f"[{key}]"


def rule_book(lang: str) -> dict[str, Explained]:
    """Every code that has words, by code."""
    known = _made()
    blank = Blank()
    return {
        code: Explained(
            code=code,
            severity=known.get(code, ("", ""))[0],
            what=said.what.format_map(blank),
            why=said.why.format_map(blank),
            next=said.next.format_map(blank),
            source=known.get(code, ("", ""))[1],
        )
        for code, said in sorted(catalogue(lang).items())
        if code.startswith(PREFIX)
    }


def _made() -> dict[str, tuple[str, str]]:
    """Severity and source of each code that is always made the same way."""
    codes = [code for code in catalogue("en") if code.startswith(PREFIX)]
    checks: tuple[Rule[Any], ...] = (*before.CLUSTER_RULES, *before.PHONE_RULES, *before.NODE_RULES)
    checks = (*checks, *after.CLUSTER_RULES, *after.ITEM_RULES)
    made = {code: ("", source) for code, source in reasons.SOURCES.items()}
    made |= {code: (Severity.ERROR.value, source) for code, source in surprises.SOURCES.items()}
    made |= _mild_or_error(codes, "UCM-FILE-", file_finding.MILD, file_finding.SOURCE)
    made |= _mild_or_error(codes, "UCM-PAIR-", pair_finding.MILD, pair_finding.SOURCE)
    made |= _mild_or_error(codes, "UCM-PACK-", pack_finding.MILD, pack_finding.SOURCE)
    rules: tuple[Rule[Any], ...] = (*every_rule(), *RULES, *checks)
    made |= {one.code: (one.severity.value, one.source) for one in rules}
    return made | {"UCM-LINT-000": (Severity.ERROR.value, "design.md 11")}


def _mild_or_error(codes: list[str], prefix: str, mild: dict[str, Severity], source: str) -> dict[str, tuple[str, str]]:
    return {code: (mild.get(code, Severity.ERROR).value, source) for code in codes if code.startswith(prefix)}
