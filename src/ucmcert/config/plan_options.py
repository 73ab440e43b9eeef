"""From the configuration and the command line to what a plan is built with."""

from ucmcert.config.schema import PhonesSection
from ucmcert.plan.options import Options


def plan_options(
    phones: PhonesSection,
    *,
    replace_csr: bool = False,
    regenerate_capf: bool = False,
    window_s: float | None = None,
) -> Options:
    """The options of a plan: the [phones] table, `--replace-csr`, `--regenerate-capf`, the longest [[window]]."""
    return Options(
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
    )
