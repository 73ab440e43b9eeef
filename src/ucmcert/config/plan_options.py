"""From the configuration and the command line to what a plan is built with."""

import msgspec

from ucmcert.config.schema import CsrFields, CsrSection, PhonesSection
from ucmcert.lint.authority_profile.profile import CaProfile
from ucmcert.model.csr_settings import CsrRow, CsrRules, CsrSettings
from ucmcert.plan.options import Options

NO_CSR = CsrRules()


def csr_rules(csr: CsrSection) -> CsrRules:
    """The rows of the [csr] tables that set anything."""
    rows = (CsrRow(settings=_settings(csr)), *(_row(one.purpose, one.node, one) for one in csr.rows))
    return CsrRules(rows=tuple(one for one in rows if one.settings != CsrSettings()))


def plan_options(
    phones: PhonesSection,
    *,
    csr: CsrRules = NO_CSR,
    replace_csr: bool = False,
    regenerate_capf: bool = False,
    window_s: float | None = None,
    ca: CaProfile | None = None,
) -> Options:
    """The options of a plan: the [phones] and [csr] tables, two switches of the command line, the longest window."""
    return Options(
        csr=csr,
        replace_csr=replace_csr,
        capf_subscribers=regenerate_capf,
        pages=phones.pages,
        interaction=phones.interaction,
        reset=phones.reset,
        canary=phones.canary,
        canary_limit=phones.canary_limit,
        order=phones.order,
        restart_set=phones.restart_set,
        backup=phones.backup,
        lsc=phones.lsc,
        lsc_authentication=phones.lsc_authentication,
        window_s=window_s,
        ca=ca,
    )


def _row(purpose: str, node: str, fields: CsrFields) -> CsrRow:
    return CsrRow(purpose=purpose, node=node, settings=_settings(fields))


def _settings(fields: CsrFields) -> CsrSettings:
    return CsrSettings(**{one.name: getattr(fields, one.name) for one in msgspec.structs.fields(CsrSettings)})
