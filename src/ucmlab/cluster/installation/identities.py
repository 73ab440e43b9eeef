"""The identities and filled trust stores that installation and a first renewal long ago have left on the nodes."""

import random
from collections.abc import Sequence

import msgspec
from cryptography import x509

from ucmlab.cluster.certificates.authority import DAY_S, Authority
from ucmlab.cluster.certificates.issuing import Draft, Issuer, issue, subject_name
from ucmlab.cluster.certificates.keys import KeySource, key_pem
from ucmlab.cluster.certificates.purposes import TRUST_STORES, Purpose, lifetime_years, usage_of
from ucmlab.cluster.certificates.records import StoredCertificate, TrustEntry, fingerprint, to_pem
from ucmlab.cluster.certificates.requests import DEFAULT_LENGTH
from ucmlab.cluster.certificates.self_signed import SELF_SIGNED, make_self_signed
from ucmlab.cluster.certificates.site import Site
from ucmlab.cluster.certificates.stores import CertificatesState
from ucmlab.cluster.certificates.trust import name_of, trust_filename
from ucmlab.cluster.releases import release_has
from ucmlab.errors import ScenarioError
from ucmlab.scenarios.schema import Scenario

AGE_DAYS = 345.0
SHARED_STORES = ("tomcat-trust", "CallManager-trust", "cup-trust", "cup-xmpp-trust")


class Installation(msgspec.Struct, frozen=True, kw_only=True):
    """What the installer works with. `now`: true time, epoch seconds; `authority`: the older CA generation."""

    now: float
    random: random.Random
    keys: KeySource
    authority: Authority
    mic_roots: tuple[x509.Certificate, ...]
    scenario: Scenario


def install_certificates(sites: Sequence[Site], plan: Installation) -> dict[str, CertificatesState]:
    """Identities and trust stores of every node, by host name."""
    identities = {site.host: {row.name: _identity(site, row, plan) for row in site.purposes()} for site in sites}
    _share_itl_recovery(sites, identities)
    for name in _shared(plan.scenario):
        _share(name, sites, identities, plan)
    if plan.scenario.reuse_tomcat:
        _reuse_tomcat(sites, identities, plan)
    trust = {
        site.host: {store: _trust(store, site, sites, identities, plan) for store in TRUST_STORES[site.product]}
        for site in sites
    }
    _lose(identities, plan.scenario)
    return {site.host: CertificatesState(identities=identities[site.host], trust=trust[site.host]) for site in sites}


def _lose(identities: dict[str, dict[str, StoredCertificate]], scenario: Scenario) -> None:
    """Take away what a node has lost; the trust entries of others that came from it stay. Not CallManager: a Cisco Tftp
    without it has nothing to sign with, and what the product does then is not published.
    """
    for node in scenario.nodes:
        for name in node.lost:
            if name == "CallManager":
                next_step = "Take another purpose."
                raise ScenarioError(
                    "no node loses its CallManager certificate", where="nodes.lost", next_step=next_step
                )
            if identities[node.name].pop(name, None) is None:
                next_step = f"It has: {', '.join(identities[node.name])}."
                raise ScenarioError(f"{node.name} has no {name!r} to lose", where="nodes.lost", next_step=next_step)


def _identity(site: Site, purpose: Purpose, plan: Installation) -> StoredCertificate:
    key = plan.keys.for_installation(purpose.key_type, DEFAULT_LENGTH[purpose.key_type])
    serial = plan.random.getrandbits(126) | 1 << 126
    begun = plan.now - AGE_DAYS * DAY_S
    if purpose.name not in plan.scenario.ca_signed:
        life_days = lifetime_years(purpose) * 365.0
        return make_self_signed(site, purpose, key=key, serial=serial, now=begun, lifetime_days=life_days)
    spec = next(node for node in plan.scenario.nodes if node.name == site.host)
    days = plan.scenario.ca_expires_in_days if spec.ca_expires_in_days is None else spec.ca_expires_in_days
    multi_server = purpose.name in _shared(plan.scenario)
    draft = Draft(
        subject=subject_name(site.common_name(purpose, multi_server=multi_server), site.organisation),
        public_key=key.public_key(),
        serial=serial,
        not_before=begun,
        not_after=plan.now + days * DAY_S,
        usage=usage_of(purpose, product=site.product, version=site.version),
        dns_names=(site.domain, *(site.sharers(purpose) if multi_server else (site.fqdn,))),
        ca=purpose.signs_certificates,
    )
    leaf = issue(draft, Issuer(key=plan.authority.issuing_key, certificate=plan.authority.issuing))
    return StoredCertificate(
        purpose=purpose.name,
        certificate_pem=to_pem(leaf),
        key_pem=key_pem(key),
        description=f"Certificate Signed by {name_of(leaf.issuer)}",
        multi_server=multi_server,
    )


def _shared(scenario: Scenario) -> tuple[str, ...]:
    """Purposes whose identity is one multi-server certificate on all nodes that have it."""
    return tuple(dict.fromkeys((*scenario.multi_server, *(("tomcat",) if scenario.reuse_tomcat else ()))))


def _share(
    name: str, sites: Sequence[Site], identities: dict[str, dict[str, StoredCertificate]], plan: Installation
) -> None:
    """The first node's multi-server certificate of a purpose, on every node that has the purpose."""
    having = [site for site in sites if name in identities[site.host]]
    if not having:
        return
    able = having[0].purpose(name).multi_server and release_has(plan.scenario.version, "multi-server CSR")
    if name not in plan.scenario.ca_signed or not able:
        next_step = "It needs 10.5 or later, a purpose Cisco offers multi-server, and its name in `ca_signed`."
        raise ScenarioError(f"{name} cannot be multi-server here", where="multi_server", next_step=next_step)
    for site in having[1:]:
        identities[site.host][name] = identities[having[0].host][name]


def _reuse_tomcat(
    sites: Sequence[Site], identities: dict[str, dict[str, StoredCertificate]], plan: Installation
) -> None:
    """One multi-server tomcat certificate on all nodes, and CallManager uses it again. Source: procedure.md 3.10."""
    if not release_has(plan.scenario.version, "tomcat reuse"):
        next_step = "It needs release 14 or later and tomcat in `ca_signed`."
        raise ScenarioError("tomcat cannot be reused for CallManager", where="reuse_tomcat", next_step=next_step)
    shared = identities[sites[0].host]["tomcat"]
    for site in sites:
        if "CallManager" in identities[site.host]:
            identities[site.host]["CallManager"] = msgspec.structs.replace(shared, purpose="CallManager")


def _share_itl_recovery(sites: Sequence[Site], identities: dict[str, dict[str, StoredCertificate]]) -> None:
    """From 12.5 the publisher makes one ITLRecovery and distributes it. Source: procedure.md 1.1."""
    shared = identities[sites[0].host].get("ITLRecovery")
    for site in sites:
        if (
            shared is not None
            and "ITLRecovery" in identities[site.host]
            and release_has(site.version, "one ITLRecovery")
        ):
            identities[site.host]["ITLRecovery"] = shared


def _trust(
    store: str,
    site: Site,
    sites: Sequence[Site],
    identities: dict[str, dict[str, StoredCertificate]],
    plan: Installation,
) -> tuple[TrustEntry, ...]:
    wanted: dict[str, tuple[x509.Certificate, str]] = {}
    for owner in sites if store in SHARED_STORES else (site,):
        for row in owner.purposes():
            stored = identities[owner.host][row.name]
            if row.trust_store != store and not (store == "CallManager-trust" and row.name in ("CAPF", "ITLRecovery")):
                continue
            if stored.description != SELF_SIGNED:
                for certificate in (plan.authority.root, plan.authority.issuing):
                    wanted[fingerprint(certificate)] = (certificate, "Trust Certificate")
            elif row.name != "TVS":
                wanted[stored.sha256] = (stored.certificate(), f"{row.name} certificate of {owner.host}")
    if store in ("CallManager-trust", "CAPF-trust"):
        wanted |= {fingerprint(root): (root, "Stand-in for a manufacturing root") for root in plan.mic_roots}
    entries: list[TrustEntry] = []
    for certificate, description in wanted.values():
        taken = [entry.filename for entry in entries]
        entries.append(
            TrustEntry(
                store=store,
                filename=trust_filename(certificate, version=site.version, taken=taken),
                certificate_pem=to_pem(certificate),
                description=description,
                uploaded_at=plan.now - AGE_DAYS * DAY_S,
            )
        )
    return tuple(entries)
