"""Version quirks by name: nothing else in the code compares releases. A release is five integers, compared in order."""

import msgspec


class Capability(msgspec.Struct, frozen=True, kw_only=True):
    """`name` holds from release `since` on, and until `before` when that is given (exclusive)."""

    name: str
    since: tuple[int, ...]
    what: str
    source: str
    before: tuple[int, ...] = ()


# A service update n of 14 and 15 is engineering build 1n900: 14SU3 is 14.0.1.13900-155 (procedure.md, source D5).
CAPABILITIES: tuple[Capability, ...] = (
    Capability(
        name="multi_server_san",
        since=(10, 5),
        what="one multi-server certificate for tomcat, CallManager, cup-xmpp",
        source="procedure.md 9 [S D4]",
    ),
    Capability(name="ecdsa", since=(11, 0), what="ECDSA identities", source="procedure.md 9 [S D2]"),
    Capability(
        name="csr_with_key_encipherment",
        since=(0,),
        before=(14,),
        what="the CSR of tomcat, CallManager and CAPF asks for keyEncipherment",
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
