"""Behaviour of the product that nobody has published: one named switch each, with its source and safe default.

A scenario's `[switches]` table may set any of them; a wrong name or value is refused when the scenario is read.
A switch without other values takes free text.
"""

from collections.abc import Iterator, Mapping

import msgspec

from ucmlab.errors import ScenarioError


class Switch(msgspec.Struct, frozen=True):
    """One unknown. `choices` is empty when any text may stand there; the default comes first otherwise."""

    name: str
    default: str
    choices: tuple[str, ...]
    source: str
    meaning: str


def _either(name: str, values: str, source: str, meaning: str) -> Switch:
    choices = tuple(values.split("|"))
    return Switch(name, choices[0], choices, source, meaning)


def _text(name: str, default: str, source: str, meaning: str) -> Switch:
    return Switch(name, default, (), source, meaning)


CERTIFICATE_SWITCHES = (
    _either("key_usage_check", "accept|refuse", "procedure.md U-P1", "upload whose KU/EKU lacks bits of the CSR"),
    _either("capf_ca_check", "refuse|accept", "procedure.md U-P2", "CAPF certificate without CA:TRUE and keyCertSign"),
    _either("capf_path_length", "refuse|accept", "procedure.md U-P2", "CAPF certificate of a CA with path length 0"),
    _either("ec_ca_signature", "refuse|accept", "procedure.md U-P3", "leaf signed by an EC CA key"),
    _either(
        "older_identity", "accept|refuse", "procedure.md U-P5", "identity older than the one in place, or its serial"
    ),
    _either(
        "equal_not_before", "keep|replace", "procedure.md U-P6", "same name in trust, same notBefore, other serial"
    ),
    _either("chain_depth_max", "4|2|3|8", "procedure.md U-P7", "intermediates and root between leaf and end of chain"),
    _either("tvs_multi_server", "no|yes", "procedure.md U-P13", "TVS offers a multi-server CSR (14+)"),
    _either("trust_collision", "cn-or-dn|cn|dn", "procedure.md U-P14", "what makes two trust entries the same name"),
    _either(
        "san_comparison",
        "dns-without-case|exact|lenient",
        "procedure.md U-P16",
        "SAN of CSR and certificate: case of DNS names; lenient: also without a dot at the end",
    ),
    _either("identity_fills_trust", "no|yes", "procedure.md U-P17", "chain given with an identity goes to the store"),
    _either("capf_root_copied", "no|yes", "procedure.md U-P18", "CAPF-trust upload also fills CallManager-trust"),
    _either("file_words", "by-file|one-for-all", "procedure.md U-P15, 5 E7", "which E7 text answers which bad file"),
    _either("mismatch_words", "cause|could-not-be-uploaded", "procedure.md 5 E2/E3", "words of E2 and E3, by release"),
    _either("stray_text", "refuse|accept", "procedure.md 5 E7", "text outside the armour of a PEM file"),
    _either("pkcs7_der", "refuse|accept", "procedure.md 2.3 Files", "PKCS#7 that is not PEM"),
    _either("trust_batch", "all-or-nothing|one-by-one", "interfaces-http.md 1.2", "a refusal within one trust upload"),
    _either("trust_wildcard", "accept|refuse", "procedure.md 5 E9", "trust certificate with a wildcard name"),
    _either("issuer_check", "refuse|accept", "procedure.md 4.1 P13, 5 E7", "issuer in the store expired or not a CA"),
    _either("leaf_hash", "not-broken|as-key|any", "procedure.md 2.3, 5 E10", "hash of a signature on an identity"),
    _either("web_security_country", "kept|refused", "procedure.md 5 E4", "set web-security with another country"),
    _either("not_yet_valid", "refuse|accept", "procedure.md 5 E5, 4.1 P2", "certificate whose notBefore is to come"),
    _either("trust_delete_scope", "node|cluster", "procedure.md 6.5", "a deletion reaches this node or all"),
    _either("csr_while_pending", "replace|refuse", "interfaces-http.md 10", "second CSR while one is pending"),
    _either("multi_server_spread", "seconds|after-sync|never", "interfaces-http.md 10", "one upload reaches all nodes"),
    _either("served_when", "after-restart|at-once", "interfaces-http.md 10", "moment a new identity is served"),
    _either(
        "federation_wildcards",
        "off|on",
        "procedure.md 3.8 [S IMP125]",
        "Enable Wildcards in XMPP Federation Security Certificates, a setting of IM&P that no interface here shows",
    ),
    _either("https_ciphers", "rsa|rsa-and-ec", "procedure.md 9 (AG125)", "key types the Tomcat interface offers"),
)
HTTP_SWITCHES = (
    _either("upload_body", "message|empty|messages", "interfaces-http.md 10", "body of a successful upload"),
    _either("error_body", "message|error|messages|html", "interfaces-http.md 10", "keys of an error body"),
    _either("older_trust_status", "200|400", "interfaces-http.md 10", "status of a trust upload that was not stored"),
    _text("multi_server_word", "multi-server", "interfaces-http.md 1.2", "spelling of the distribution in a CSR call"),
    _either("rest_multi_san", "accept|refuse|one-node", "interfaces-http.md 10", "multi-SAN upload over REST"),
    _either("rest_name_case", "exact|ignore", "interfaces-http.md 10", "case of service names on the wire"),
    _either(
        "snapshot_trust_name", "plain|suffixed", "interfaces-http.md 10", "`tomcat` or `tomcat-trust` in snapshots"
    ),
    _either("trust_list_shape", "array|object", "interfaces-http.md 1.2", "shape of the trust listing"),
    _either("rest_delete", "405|404|204", "interfaces-http.md 10", "answer to DELETE"),
    _either("reuse_shown", "both|hidden", "interfaces-http.md 10", "CallManager row when tomcat is reused"),
    _either("rest_during_tomcat", "refused|reset|503|html", "interfaces-http.md 10", "REST before web apps answer"),
    _either("account_lockout", "after-3|none", "interfaces-http.md 10", "lock-out after bad logins"),
    _either("axl_no_role", "403|401", "interfaces-http.md 10", "AXL answer when the role is missing"),
    _either("ris_throttle_status", "500|503", "interfaces-http.md 10", "HTTP code of the RIS throttling fault"),
    _either(
        "network_service_control", "accept|reason|fault", "interfaces-http.md 10", "Control Center on network services"
    ),
    _either("long_restart_reply", "at-once|at-end|timeout", "interfaces-http.md 10", "reply to a long restart"),
    _either("processnode_names", "fqdn|host|address", "interfaces-http.md 2.2", "names on the Server page"),
    _either("axl_older_namespace", "accept|refuse", "interfaces-http.md 2.1", "AXL request of an older version"),
    _either("axl_version_text", "parenthesised|dotted", "interfaces-http.md 2.2", "form of getCCMVersion"),
    _either("axl_paging", "ignored|honoured", "interfaces-http.md 2.2", "skip and first of AXL lists"),
    _text("ris_throttle_text", ". Allowed rate per minute: 15", "interfaces-http.md 3", "end of the throttling fault"),
    _either("phone_interaction_parameter", "present|absent", "interfaces-http.md 10", "row in processconfig (14+)"),
    _either("control_center_start_time_form", "ctime|iso|epoch", "interfaces-http.md 4", "StartTime of a service, UTC"),
    _either(
        "consumer_tables", "missing|empty", "interfaces-http.md 2.4", "tables of LDAP, EMCC and application servers"
    ),
    _either("tftp_https", "closed|open", "interfaces-http.md 10", "6971, which asks for no client certificate here"),
    _either("wsdl_login", "required|open", "interfaces-http.md 2 to 4", "whether `?wsdl` asks for a login"),
)
CLI_SWITCHES = (
    _text("kbdint_prompt", "Password: ", "interfaces-cli.md 8", "keyboard-interactive prompt"),
    _either("auth_methods", "both|password|keyboard-interactive", "interfaces-cli.md 8", "login methods offered"),
    _either("exec_mode", "banner-close|refuse", "interfaces-cli.md 8", "answer to an SSH exec request"),
    _text("session_limit_text", "", "interfaces-cli.md 8", "text when too many sessions are open"),
    _text("idle_text", "", "interfaces-cli.md 8", "text at the idle time-out"),
    _text("commandcount_prompt", "admin:", "interfaces-cli.md 8", "prompt with set commandcount enable"),
    _text("incomplete_text", "Incomplete command entered", "interfaces-cli.md 8", "a missing argument"),
    _text("dash_text", "Invalid command, a dash character must be preceded", "interfaces-cli.md 8", "a stray dash"),
    _either("paste_end", "enter|blank-line|ctrl-d", "interfaces-cli.md 2.4", "what ends a certificate paste"),
    _either("paste_multi", "first|all", "interfaces-cli.md 8", "certificates taken from one paste"),
    _either("import_error_style", "cause-line|cause-only", "interfaces-cli.md 8", "failure of set cert import"),
    _text("cert_delete_text", "Successfully deleted certificate {name}", "interfaces-cli.md 8", "set cert delete"),
    _text("svc_unknown_text", "Service {name} not found", "interfaces-cli.md 3.2", "unknown service name"),
    _text("svc_inactive_text", "Service Not Activated", "interfaces-cli.md 3.2", "reason of a service not activated"),
    _text(
        "svc_fail_text", "Component is not running", "interfaces-cli.md 3.2", "reason of a service that fails to start"
    ),
    _text("svc_tick", "5", "interfaces-cli.md 8", "seconds between state lines"),
    _either("svc_order", "running-first|by-name", "interfaces-cli.md 8", "row order of utils service list"),
    _either("svc_primary_line", "printed|absent", "interfaces-cli.md 8", "`Primary Node =false` on subscribers"),
    _either("svc_naming", "Master|Primary", "interfaces-cli.md 8", "`Cisco DRF Master` or `Primary` on 15"),
    _either("sql_empty", "header|norecords", "interfaces-cli.md 5.9", "run sql without rows"),
    _text("sql_error", "A syntax error has occurred.", "interfaces-cli.md 8", "run sql error sentence"),
    _text("no_inactive_text", "No valid inactive version found", "interfaces-cli.md 5.3", "no inactive partition"),
    _text("fips_text", "The system is operating in non-FIPS mode", "interfaces-cli.md 5.11", "utils fips status"),
    _text(
        "fips_on_text",
        "The system is operating in FIPS mode. Self test status:",
        "interfaces-cli.md 5.11",
        "utils fips status in FIPS mode",
    ),
    _text("sso_off_text", "SSO Status: SAML SSO Disabled", "interfaces-cli.md 5.11", "utils sso status when off"),
    _text(
        "sso_disable_text", "Do you want to continue (yes/no)? ", "interfaces-cli.md 8", "utils sso disable question"
    ),
    _text("answer_no_text", "Exiting...", "interfaces-cli.md 8", "after `no` to a question"),
    _either("ntp_style", "by-release|ntpd|chronyd", "interfaces-cli.md 8", "form of utils ntp status"),
    _either("cli_during_tomcat", "stays|drops", "interfaces-cli.md 8", "SSH session while Tomcat restarts"),
)
PHONE_SWITCHES = (
    _either("locked_phone_registers", "yes|no", "phones.md U1", "a phone whose lists failed registers, non-secure"),
    _either("tvs_knowledge", "at-restart|live|keeps-old", "phones.md U2", "when a TVS learns and forgets a leaf"),
    _either("tvs_vouches_tls", "no|yes", "phones.md U3", "TVS may vouch for the TLS leaf of CallManager"),
    _either("itl_contents", "own-leaf|all-leaves", "phones.md U4", "CallManager leaves in the ITL of one Cisco Tftp"),
    _either("callmanager_sast_in_itl", "yes|no", "phones.md U5", "CallManager stays a SAST record of the ITL (12.0+)"),
    _either("tvs_negative", "stop|ask-next", "phones.md U6", "after a TVS that does not know the leaf"),
    _either("tftp_rebuild", "at-restart|hot", "phones.md U7", "when Cisco Tftp rebuilds its files"),
    _either("automatic_reset", "at-upload|after-rebuild", "phones.md U8", "moment of the automatic reset of 14+"),
    _either(
        "itl_file_status", "until-15|always|never", "phones.md U9", "releases that compare the ITL a phone reports"
    ),
    _either("phone_time_profile", "assumed|slow|fast", "phones.md U10", "boot times, against `[phone_times]`"),
    _either("capf_same_name", "replaces|keeps", "phones.md U11", "a renewed CAPF replaces the trust entry of its name"),
    _either(
        "capf_takes_lsc", "any|trusted", "phones.md 1.6", "LSCs that prove a phone to CAPF: any, or of CAPF-trust only"
    ),
    _either("list_rewritten", "always|on-change", "phones.md U7", "a start of Cisco Tftp writes an unchanged ITL anew"),
    _either("trust_list_detail", "plain|signer-version", "phones.md U12", "tag 28 in the header of trust lists"),
    _either("renewal_order", "tvs-last|tvs-first", "phones.md U13", "the order is the client's: no effect in the lab"),
    _either("localkey_after_three", "helps-not|helps", "phones.md U14", "localkey after all three anchors are new"),
    _either("ctl_new_signer_via_tvs", "no|yes", "phones.md U15", "TVS may vouch for a new signer of the CTL (12.0+)"),
    _either("tvs_cache_over_reboot", "lost|kept", "phones.md U16", "whether a phone keeps the answers of TVS"),
)
UI_SWITCHES = (
    _text(
        "phone_interaction_paramname",
        "PhoneInteractionOnCertificateUpdate",
        "interfaces-http.md 10",
        "paramname of Phone Interaction on Certificate Update (14+)",
    ),
    _either(
        "phone_interaction_values",
        "0-automatic|1-automatic",
        "interfaces-http.md 2.4",
        "which of 0 and 1 means automatic phone reset",
    ),
    _either("axl_reset_return", "uuid|true", "interfaces-http.md 2.2", "what AXL returns for a reset"),
    _either("axl_web_access", "0|1|Enabled", "interfaces-http.md 9", "vendorConfig webAccess that enables the page"),
    _either("phone_page_form", "xml|html", "phones.md 2.4", "form of the Serviceability pages of 78xx and 88xx"),
    _either(
        "phone_page_trust", "configuration|own-page|absent", "interfaces-http.md 9", "where a phone shows its checksums"
    ),
    _either("phone_page_checksum", "by-model|md5|sha1", "phones.md 2.4", "checksum of a phone: MD5 or SHA1 by model"),
    _either("phone_page_digits", "lower|spaced", "interfaces-http.md 9", "hex digits of a checksum, plain or in pairs"),
    _text("phone_page_itl_field", "ITLSignature", "interfaces-http.md 9", "name of the field with the ITL checksum"),
    _text("phone_page_ctl_field", "CTLSignature", "interfaces-http.md 9", "name of the field with the CTL checksum"),
    _either("drs_backup_by_cli", "yes|no", "interfaces-cli.md 5.10", "utils disaster_recovery backup exists"),
)
TRUST_LIST_SWITCHES = (
    _either("itl_layout", "like-ctl|scf-parse", "interfaces-cli.md 8", "record headers of `show itl`"),
    _text(
        "itl_missing_text",
        "Length of ITL file: 0\nITL File not found.\nError parsing the ITL File.",
        "interfaces-cli.md 8",
        "`show itl` without Cisco Tftp",
    ),
    _text(
        "tl_bad_text",
        "The {kind} file was not verified successfully.",
        "interfaces-cli.md 8",
        "last line of `show ctl` and `show itl` for a bad signature",
    ),
    _either("ctl_order", "by-role|by-node", "interfaces-cli.md 8", "order of CTL records from 12.0"),
    _text(
        "ctl_sub_text",
        "This command can only be run on the publisher.",
        "interfaces-cli.md 8",
        "`utils ctl`, `utils itl` elsewhere",
    ),
    _either("mixed_mode_licence", "granted|missing", "interfaces-cli.md 8", "export-controlled functionality (12.0+)"),
    _text(
        "mixed_again",
        "The cluster is already in Mixed mode.",
        "interfaces-cli.md 8",
        "mixed mode asked for again, before a second question",
    ),
    _text(
        "ctl_update_nonsecure_text",
        "The CTL file cannot be updated in a non secure cluster.",
        "interfaces-cli.md 8",
        "`utils ctl update CTLFile` without mixed mode",
    ),
    _text(
        "ctl_reset_text",
        "This operation will reset the CTLFile.",
        "interfaces-cli.md 8",
        "question of `utils ctl reset localkey`",
    ),
    _either("itl_reset_style", "12x|10x", "interfaces-cli.md 8", "dialogue of `utils itl reset`"),
    _either("itl_reset_fail", "unsuccessful|silent", "interfaces-cli.md 8", "last line when the recovery key is short"),
    _either("ctl_copy", "at-once|at-restart", "procedure.md U-P22", "when the other Cisco Tftp have a new CTL"),
    _either("ec_records", "ctl|none|both", "interfaces-cli.md 4.1", "lists with records of CallManager-ECDSA (11.0+)"),
    _either("trust_list_digest", "sha1|sha512", "phones.md U12", "digest of the signature of trust lists"),
    _either("tvs_records", "certificate|hash", "phones.md U12", "TVS records carry certificates or hashes of them"),
)
SWITCHES = CERTIFICATE_SWITCHES + HTTP_SWITCHES + CLI_SWITCHES + PHONE_SWITCHES + UI_SWITCHES + TRUST_LIST_SWITCHES


class Switches(Mapping[str, str]):
    """The setting of every switch: the defaults, with a scenario's choices over them."""

    def __init__(self, chosen: Mapping[str, str] | None = None) -> None:
        """Raises ScenarioError for a name or value that is not in the table."""
        known = {switch.name: switch for switch in SWITCHES}
        for name, value in (chosen or {}).items():
            _judge(name, value, known)
        self._values = {switch.name: switch.default for switch in SWITCHES} | dict(chosen or {})

    def __getitem__(self, name: str) -> str:
        """Value of a switch; KeyError for a name that is not in the table."""
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        """Names, in the order of the table."""
        return iter(self._values)

    def __len__(self) -> int:
        """How many switches there are."""
        return len(self._values)


def _judge(name: str, value: str, known: Mapping[str, Switch]) -> None:
    switch = known.get(name)
    if switch is None:
        raise ScenarioError(
            f"there is no switch {name!r}",
            where=f"switches.{name}",
            next_step=f"Known switches: {', '.join(sorted(known))}.",
        )
    if switch.choices and value not in switch.choices:
        raise ScenarioError(
            f"switch {name!r} cannot be {value!r}",
            where=f"switches.{name}",
            next_step=f"Choose one of: {', '.join(switch.choices)}.",
        )
