"""The documented schema of a scenario file: types and defaults from the schema itself, meanings from this table."""

import msgspec

from ucmlab.faults import FAULT_KINDS, FaultRule
from ucmlab.scenarios.consumers import ApplicationServerSpec, LdapHostSpec, RemoteClusterSpec, TrunkSpec
from ucmlab.scenarios.schema import Drs, NodeSpec, Ocsp, Organisation, PhonesSpec, PhoneTimes, Scenario, Sso

TABLES: dict[str, type[msgspec.Struct]] = {
    "top level": Scenario,
    "[[nodes]]": NodeSpec,
    "[organisation]": Organisation,
    "[sso]": Sso,
    "[ocsp]": Ocsp,
    "[drs]": Drs,
    "[[faults]]": FaultRule,
    "[[phones]]": PhonesSpec,
    "[phone_times]": PhoneTimes,
    "[[trunks]]": TrunkSpec,
    "[[remote_clusters]]": RemoteClusterSpec,
    "[[ldap_hosts]]": LdapHostSpec,
    "[[application_servers]]": ApplicationServerSpec,
}
MEANINGS: dict[str, dict[str, str]] = {
    "top level": {
        "name": "the cluster's name",
        "title": "one line that says what is special about it",
        "nodes": "the nodes, publisher first",
        "domain": "DNS domain of every node",
        "version": "release of every node that names none, full form",
        "mixed": "Cluster Security Mode 1",
        "etoken": "USB tokens sign the CTL, up to 14SU2",
        "reuse_tomcat": "one multi-server tomcat certificate, used again for CallManager (14 and later)",
        "multi_server": "purposes, CA-signed ones, with one certificate for all nodes",
        "mischief": "the lab's own little misbehaviour, repeatable with the seed",
        "ca_signed": "purposes whose certificates an older CA generation has signed; all others are self-signed",
        "ca_expires_in_days": "days until the CA-signed certificates expire, negative when they have",
        "organisation": "subject fields given at installation",
        "sso": "SAML single sign-on",
        "ocsp": "revocation checks at every upload",
        "drs": "backups",
        "parameters": "enterprise parameters that differ from the defaults",
        "switches": "choices about unpublished behaviour, see below",
        "faults": "faults in force from the first start on",
        "phones": "the phones, so many of a kind",
        "phone_times": "how long phones take, and Cisco Tftp for their files",
        "trunks": "SIP trunks, rows of the database only, as all that follows",
        "remote_clusters": "other clusters",
        "ldap_hosts": "servers that the directory is read from, first choice first",
        "application_servers": "Unity Connection and the like",
    },
    "[[nodes]]": {
        "name": "host name, unique in the cluster",
        "role": "what the node is; exactly one publisher",
        "product": "unity-connection for a node of that product; empty takes what the role says",
        "version": "release, when it differs from the cluster's",
        "address": "IPv4 address to listen on; empty takes the next one of the lab",
        "clock_offset_s": "seconds the node's clock is ahead of the true time",
        "ntp": "what `utils ntp status` says",
        "replication": "database replication state, 2 is good",
        "down": "the node is off when the lab starts",
        "stopped": "services stopped by command",
        "activated": "feature services activated beyond the usual",
        "deactivated": "feature services not activated",
        "ca_expires_in_days": "this node's own figure for its CA-signed certificates",
        "fips": "FIPS mode: SHA-256 in CSRs of RSA keys, no SHA-1 or MD5 and no RSA key below 2048 bits in uploads",
        "lost": "purposes whose certificate is gone from the node's disk",
    },
    "[[phones]]": {
        "count": "how many phones of this kind",
        "pool": "their device pool; tables with the same pool have the same group",
        "model": "order name of the model",
        "protocol": "signalling protocol",
        "secure": "secure profile, with an LSC of the CAPF in place; in force in mixed mode only",
        "sbd": "Security By Default: false for a model that knows the CTL only",
        "group": "CallManager group of the pool, best node first, three at most; empty takes the first CUCM nodes",
        "tftp": "TFTP servers, first choice first; empty takes the first two CUCM nodes",
        "page_share": "share whose web page is on",
        "absent_share": "share without power when the lab starts",
        "mismatched_share": "share that holds the lists of another cluster",
        "in_call_share": "share of resets that meet a phone in a call, and wait for its end",
        "slow_share": "share that takes far longer than others to boot",
        "real": "how many of them speak over real sockets",
    },
    "[phone_times]": {
        "boot_median_s": "half of the phones boot faster, seconds of the cluster like all here",
        "boot_p95_s": "19 of 20 boot faster",
        "boot_cap_s": "no phone but a slow one takes longer",
        "slow_boot_cap_s": "longest boot of a slow phone",
        "registrations_per_s": "phones that one node registers in a second",
        "resets_per_s": "resets that the cluster sends in a second",
        "tftp_rebuild_s": "Cisco Tftp builds its files after a start",
        "tftp_rebuild_per_1000_s": "and so much longer for every thousand phones",
        "call_s": "mean rest of a call that a reset meets",
        "fail_back_s": "a phone stays where it is after a better node is back",
        "retry_s": "a phone that nobody registers tries again",
        "sccp_loss_s": "until the loss of an SCCP phone or of its node is certain",
        "sip_loss_s": "until the loss of a SIP phone or of its node is certain",
        "tvs_cache_s": "a phone keeps what TVS has answered",
    },
    "[[trunks]]": {
        "name": "device name, unique in the cluster",
        "description": "what somebody typed",
        "pool": "its device pool: Default, or one of a [[phones]] table",
    },
    "[[remote_clusters]]": {
        "cluster_id": "its cluster ID, unique here",
        "fqdn": "its fully qualified name, or an address",
        "description": "what somebody typed",
        "version": "its release, as it tells it",
    },
    "[[ldap_hosts]]": {
        "name": "host name or address",
        "port": "LDAP port, 636 for LDAP over TLS",
    },
    "[[application_servers]]": {
        "name": "its name, unique here",
        "address": "host name or IP address",
        "url": "address of its administration page",
    },
    "[organisation]": {
        "country": "C of every subject",
        "state": "ST of every subject",
        "locality": "L of every subject",
        "organisation": "O of every subject",
        "unit": "OU of every subject",
    },
    "[sso]": {
        "enabled": "whether single sign-on is on",
        "agreement": "one agreement with the identity provider for the cluster, or one per node",
        "certificate": "which certificate stands in the metadata given to the identity provider",
    },
    "[ocsp]": {
        "enabled": "every upload is checked; a self-signed certificate is not",
        "common_criteria": "Common Criteria mode: what is not known good is refused",
        "answer": "what the responder says, if anything",
        "names": "common names of the certificates it says so of; empty for all",
    },
    "[drs]": {
        "last_backup_days": "days since the last good backup, negative for none",
        "running": "a backup is running when the lab starts",
        "duration_s": "how long that backup takes, seconds of the cluster",
    },
    "[[faults]]": {
        "kind": "one of: " + ", ".join(kind.name for kind in FAULT_KINDS),
        "id": "name of the fault; numbered f1, f2 ... when empty",
        "node": "host name it strikes; empty for any",
        "interface": "rest, axl, ris, control-center, web, ssh, tftp or tvs; empty for any",
        "operation": "operation, or the service of service-fails; empty for any",
        "purpose": "certificate purpose; empty for any",
        "times": "how often it strikes, 0 until removed",
        "seconds": "length of a delay, of the throttling asked for, or of a power cut",
        "share": "share of the phones that a power cut meets",
        "phones": "device names that a power cut meets",
    },
}


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """One field of a table. `default` is TOML text, None when the field is required."""

    name: str
    kind: str
    default: str | None
    meaning: str


def fields_of(head: str) -> tuple[Field, ...]:
    """The fields of one table of TABLES, in the order of the schema."""
    information = msgspec.inspect.type_info(TABLES[head])
    if not isinstance(information, msgspec.inspect.StructType):
        raise TypeError(head)
    return tuple(
        Field(
            name=field.name,
            kind=_kind(field.type),
            default=None if field.required else _default(field),
            meaning=MEANINGS[head][field.name],
        )
        for field in information.fields
    )


def _kind(of: msgspec.inspect.Type) -> str:
    match of:
        case msgspec.inspect.LiteralType(values=values):
            return " | ".join(str(value) for value in values)
        case msgspec.inspect.VarTupleType(item_type=item):
            return f"list of {_kind(item)}"
        case msgspec.inspect.UnionType(types=types):
            return " or ".join(_kind(one) for one in types if not isinstance(one, msgspec.inspect.NoneType))
        case msgspec.inspect.DictType():
            return "table of text"
        case msgspec.inspect.StructType():
            return "table"
        case msgspec.inspect.IntType(ge=low, le=high) if low is not None:
            return f"integer {low} to {high}" if high is not None else f"integer from {low}"
        case msgspec.inspect.StrType(pattern=pattern) if pattern is not None:
            return f"text like {pattern}"
    words = {"IntType": "integer", "FloatType": "number", "BoolType": "true | false", "StrType": "text"}
    return words[type(of).__name__]


def _default(field: msgspec.inspect.Field) -> str:
    if field.default_factory is not msgspec.NODEFAULT:
        return "empty"
    value = field.default
    if value is None:
        return "the cluster's"
    if isinstance(value, msgspec.Struct):
        return "as below"
    if isinstance(value, tuple | dict):
        return "[" + ", ".join(f'"{item}"' for item in value) + "]" if value else "empty"
    if isinstance(value, str):
        return f'"{value}"'
    return msgspec.json.encode(value).decode()
