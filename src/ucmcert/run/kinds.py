"""Step kind -> its functions. A kind that only looks has no `act`."""

from collections.abc import Awaitable, Callable

import msgspec

from ucmcert.model.plan import Step, StepKind
from ucmcert.run.context import Context
from ucmcert.run.observation import Observation
from ucmcert.run.steps import (
    backup_fresh,
    backup_idle,
    csr_generate,
    csr_sign,
    ctl_update,
    identity_regenerate,
    identity_spread,
    identity_upload,
    list_reset,
    lists_check,
    person,
    served_check,
    service_restart,
    trust_kept,
    trust_upload,
)
from ucmcert.run.steps.phones import baseline, gate, interaction, lsc, pages, quiet, reset


class Kind(msgspec.Struct, frozen=True, kw_only=True):
    """`observe` looks and never changes anything; `act` acts once. Verifying is observing again until it shows."""

    observe: Callable[[Context, Step], Awaitable[Observation]]
    act: Callable[[Context, Step], Awaitable[str]] | None = None


KINDS: dict[StepKind, Kind] = {
    StepKind.CSR_GENERATE: Kind(observe=csr_generate.observe, act=csr_generate.act),
    StepKind.CSR_SIGN: Kind(observe=csr_sign.observe, act=csr_sign.act),
    StepKind.TRUST_UPLOAD: Kind(observe=trust_upload.observe, act=trust_upload.act),
    StepKind.TRUST_KEPT: Kind(observe=trust_kept.observe),
    StepKind.PERSON: Kind(observe=person.observe),
    StepKind.BACKUP_IDLE: Kind(observe=backup_idle.observe),
    StepKind.IDENTITY_UPLOAD: Kind(observe=identity_upload.observe, act=identity_upload.act),
    StepKind.SERVICE_RESTART: Kind(observe=service_restart.observe, act=service_restart.act),
    StepKind.SERVED_CHECK: Kind(observe=served_check.observe),
    StepKind.IDENTITY_SPREAD: Kind(observe=identity_spread.observe),
    StepKind.IDENTITY_REGENERATE: Kind(observe=identity_regenerate.observe, act=identity_regenerate.act),
    StepKind.CTL_UPDATE: Kind(observe=ctl_update.observe, act=ctl_update.act),
    StepKind.LIST_RESET: Kind(observe=list_reset.observe, act=list_reset.act),
    StepKind.LISTS_CHECK: Kind(observe=lists_check.observe),
    StepKind.PHONES_BASELINE: Kind(observe=baseline.observe),
    StepKind.PHONES_INTERACTION: Kind(observe=interaction.observe, act=interaction.act),
    StepKind.PHONES_PAGES: Kind(observe=pages.observe, act=pages.act),
    StepKind.PHONES_QUIET: Kind(observe=quiet.observe),
    StepKind.PHONES_LSC: Kind(observe=lsc.observe, act=lsc.act),
    StepKind.PHONES_RESET: Kind(observe=reset.observe, act=reset.act),
    StepKind.PHONES_GATE: Kind(observe=gate.observe),
    StepKind.BACKUP_FRESH: Kind(observe=backup_fresh.observe, act=backup_fresh.act),
}
