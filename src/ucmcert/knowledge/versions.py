"""Version quirks by name: nothing else in the code compares releases. A release is five integers, compared in order."""

import re

import msgspec


class Capability(msgspec.Struct, frozen=True, kw_only=True):
    """`name` holds from release `since` on, and until `before` when that is given (exclusive)."""

    name: str
    since: tuple[int, ...]
    what: str
    source: str
    before: tuple[int, ...] = ()


DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{1,2})\.(\d{4,6})(?:-(\d{1,6}))?")
MARKETED = re.compile(r"(\d{1,2})(?:\.(\d{1,2}))?(?:\((\d{1,2})\))?(?: ?SU(\d{1,2})([a-z])?)?")

# A service update n of 14 and 15 is engineering build 1n900: 14SU3 is 14.0.1.13900-155 (procedure.md, source D5).
CAPABILITIES: tuple[Capability, ...] = (
    Capability(
        name="recovery_key",
        since=(10, 0),
        what="ITLRecovery exists and stands in the lists as a second signer; a CTL needs no eTokens any more",
        source="phones.md 1.3 F10",
    ),
    Capability(
        name="multi_server_san",
        since=(10, 5),
        what="one multi-server certificate for tomcat, CallManager, cup-xmpp",
        source="procedure.md 9 [S D4]",
    ),
    Capability(
        name="ctl_localkey",
        since=(11, 5),
        what="utils ctl reset localkey exists",
        source="interfaces-cli.md 4.6 [I]",
    ),
    Capability(
        name="recovery_key_signs",
        since=(12, 0),
        what="ITLRecovery signs the ITL, and the CTL in mixed mode, where CallManager did before",
        source="procedure.md 9 [S D2]; phones.md 1.3 F12",
    ),
    Capability(
        name="deletion_stays",
        since=(12, 0),
        what="a deleted trust entry stays away though Certificate Change Notification runs",
        source="procedure.md 6.5 [S D2]",
    ),
    Capability(
        name="one_recovery_key",
        since=(12, 5),
        what="one ITLRecovery, made by the publisher for all nodes",
        source="procedure.md 1.1 [S D2]",
    ),
    Capability(
        name="stale_recovery_key_in_ctl",
        since=(12, 5),
        before=(12, 5, 1, 13900),
        what="after an upgrade the CTL may hold an old ITLRecovery",
        source="interfaces-cli.md 4.6 [S FN-70613]",
    ),
    Capability(name="ecdsa", since=(11, 0), what="ECDSA identities", source="procedure.md 9 [S D2]"),
    Capability(
        name="csr_with_key_encipherment",
        since=(0,),
        before=(14,),
        what="the CSR of tomcat, CallManager and the presence purposes asks for keyEncipherment",
        source="procedure.md 2.1",
    ),
    Capability(
        name="capf_asks_client_auth",
        since=(14,),
        what="the CSR of CAPF asks for clientAuth beside serverAuth",
        source="procedure.md 2.1",
    ),
    Capability(
        name="certificate_rest_api",
        since=(14,),
        what="platform REST API for CSR, identity and trust uploads",
        source="interfaces-http.md 0 item 1",
    ),
    Capability(
        name="container_tomcats",
        since=(14,),
        what="AXL, UDS and SSOSP Tomcat are services of their own",
        source="procedure.md 9 [S RN14]",
    ),
    Capability(name="haproxy", since=(14,), what="Cisco HAProxy in front of Tomcat", source="procedure.md 1.2, 3.4"),
    Capability(
        name="automatic_phone_reset",
        since=(14,),
        what="phones reset by themselves when TVS, CAPF or TFTP certificates change",
        source="procedure.md 3.7",
    ),
    Capability(
        name="tomcat_reuse",
        since=(14,),
        what="the multi-server tomcat certificate can stand for CallManager too",
        source="procedure.md 3.10 [S D5, SG14]",
    ),
    Capability(
        name="capf_on_publisher_only",
        since=(14,),
        what="the CAPF identity exists on the publisher only",
        source="procedure.md 3.3",
    ),
    Capability(
        name="trust_file_name_with_serial",
        since=(14, 0, 1, 11900),
        what="trust files are called CommonName_SerialNumber",
        source="procedure.md 6.3 [S SG14]",
    ),
    Capability(
        name="ou_may_be_missing",
        since=(14, 0, 1, 11900),
        what="a CSR has no OU unless somebody asks for it; a certificate without the OU of its CSR is taken",
        source="procedure.md 9 14SU1 [S SG14]",
    ),
    Capability(
        name="new_certificate_dump_tags",
        since=(14, 0, 1, 12900),
        what="show cert prints IssuerDN, Start Date, Final Date",
        source="procedure.md 9 [S SG14]",
    ),
    Capability(
        name="no_multi_server_by_cli",
        since=(14, 0, 1, 12900),
        what="a multi-server certificate cannot be uploaded by CLI",
        source="procedure.md 5 E11",
    ),
    Capability(
        name="tokenless_ctl_only",
        since=(14, 0, 1, 13900),
        what="eToken CTLs are gone",
        source="procedure.md 3.7 [S D2]",
    ),
    Capability(
        name="reused_callmanager_hidden",
        since=(14, 0, 1, 14900),
        what="a CallManager that is tomcat's stands in no list any more",
        source="procedure.md 3.10 [S D5]",
    ),
    Capability(
        name="split_client_certificate",
        since=(15, 0, 1, 15900),
        what="separate server and client certificates on one interface",
        source="procedure.md 2.2 [S FN74345], announced; build number inferred",
    ),
)


def has(capability: str, release: tuple[int, ...]) -> bool:
    """Whether `release` (major, minor, maintenance, engineering, build) has the capability. Raises KeyError."""
    for row in CAPABILITIES:
        if row.name == capability:
            return release >= row.since and not (row.before and release >= row.before)
    raise KeyError(capability)


def release_numbers(text: str) -> tuple[int, ...]:
    """The numbers of a release as nodes print it (`14.0.1.13900-155`) or as people say it (`14SU3`, `12.5(1)SU2`).

    A service update n is build 1n900, its letter a counts one more (procedure.md 9). Raises ValueError for the rest.
    """
    if match := DOTTED.fullmatch(text):
        return tuple(int(part) for part in match.groups() if part)
    match = MARKETED.fullmatch(text)
    if match is None:
        raise ValueError(f"`{text}` is no release")
    major, minor, maintenance, update, letter = match.groups()
    engineering = 10_000 + 1_000 * int(update or 0) + (900 if update else 0) + (ord(letter) - 96 if letter else 0)
    return (int(major), int(minor or 0), int(maintenance or 1), engineering)


def release_text(release: tuple[int, ...]) -> str:
    """The numbers as nodes print them, `14.0.1.13900-155`; without a build where none is known, "" for ()."""
    dotted = ".".join(map(str, release[:4]))
    return f"{dotted}-{release[4]}" if len(release) > 4 else dotted
