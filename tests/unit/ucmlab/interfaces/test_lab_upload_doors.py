# Promise: REST and the command line refuse the same upload in the same words, and neither leaves anything behind.
from collections.abc import Callable

import pytest

from ucmlab.cluster.certificates.authority import DAY_S, Authority
from ucmlab.cluster.certificates.records import Csr, CsrRequest, to_pem
from ucmlab.cluster.cluster import Cluster
from ucmlab.cluster.node import Node
from ucmlab.scenarios.schema import Ocsp, Scenario
from unit.ucmlab.interfaces.platform_cli.cli_bench import at
from unit.ucmlab.interfaces.web_bench import rest, value
from unit.ucmlab.lab_bench import NOW, a_ca, in_lab, scenario, sign, trust
from unit.ucmlab.odd_certificates import ca_under, odd_keys, peer, raw_name, resigned

PASTE = "Paste the Certificate and Hit Enter\n"
UNSUCCESSFUL = "Executed command unsuccessfully"
UPLOADED = ("Certificate upload operation successful", "Success: Certificate Uploaded.")
IMPORTED = "Successfully imported certificate for tomcat."
KEY_WORDS = "Unsupported key or signature algorithm: "
Make = Callable[[Node, Csr, Authority], bytes]


async def by_rest(cluster: Cluster, kind: str, blob: bytes) -> str:
    """What REST says to one file; "" when it is taken."""
    service = "tomcat" if kind == "identity" else ["tomcat"]
    body = {"service": service, "certificates": [blob.decode()]}
    words = value(await rest(cluster, "POST", f"{kind}/certificates", body))["message"]
    return "" if words.startswith(UPLOADED) else words


async def by_cli(cluster: Cluster, kind: str, blob: bytes) -> str:
    """What the command line says to one paste; "" when it is taken."""
    end = await at(cluster)
    await end.asked(f"set cert import {'own' if kind == 'identity' else 'trust'} tomcat", PASTE)
    end.type(blob.decode())
    lines = (await end.until("\nadmin:")).splitlines()
    after = lines[max(number for number, line in enumerate(lines) if line.startswith("-----END")) + 1 :]
    if after[0] == IMPORTED:
        return ""
    assert UNSUCCESSFUL == after[-1]
    return "\n".join(after[:-1])


def said(kind: str, make: Make, of: Scenario | None = None, *, trusted: bool = True) -> str:
    """The words of both doors, which must be equal, and must have changed nothing if they are a refusal."""

    async def upload(cluster: Cluster) -> str:
        node, ca = cluster.publisher, a_ca()
        csr = node.certificates.generate_csr("tomcat", CsrRequest())
        if trusted:
            trust(node, ca)
        blob, before = make(node, csr, ca), node.certificates.memory()
        answers = []
        for door in (by_rest, by_cli):
            answers.append(await door(cluster, kind, blob))
            assert (answers[-1] != "") == (before == node.certificates.memory())
            if answers[-1] == "" and kind == "identity":
                node.certificates.install_csr(csr)
            before = node.certificates.memory() if answers[-1] else before
        assert answers[0] == answers[1]
        return answers[0]

    return in_lab(upload, of)


def good(_node: Node, csr: Csr, ca: Authority) -> bytes:
    return sign(csr, ca)


def without_csr(node: Node, csr: Csr, ca: Authority) -> bytes:
    leaf = sign(csr, ca)
    node.certificates.upload_identity("tomcat", [leaf])
    return leaf


def of_an_older_csr(node: Node, csr: Csr, ca: Authority) -> bytes:
    leaf = sign(csr, ca)
    node.certificates.generate_csr("tomcat", CsrRequest())
    return leaf


def with_wildcard(node: Node, csr: Csr, ca: Authority) -> bytes:
    return sign(csr, ca, subject=raw_name("*.lab.example"))


REVOKED = scenario(ocsp=Ocsp(enabled=True, answer="revoked"))
VAGUE = scenario(switches={"mismatch_words": "could-not-be-uploaded"})
NOT_UPLOADED = "The file /usr/local/platform/upload/certs//tomcat.der could not be uploaded."
PAST = {"not_before": NOW - 9 * DAY_S, "not_after": NOW - DAY_S}
IDENTITY: dict[str, tuple[Make, Scenario | None, str]] = {
    "good": (good, None, ""),
    "E2": (without_csr, None, "File /usr/local/platform/.security/tomcat/keys/tomcat.csr Does Not Exist"),
    "E2-vague": (without_csr, VAGUE, NOT_UPLOADED),
    "E3": (of_an_older_csr, None, "CSR Public Key and Certificate Public Key Do Not Match"),
    "E3-vague": (of_an_older_csr, VAGUE, NOT_UPLOADED),
    "E4": (lambda _n, csr, ca: sign(csr, ca, dns_names=()), None, "CSR SAN and Certificate SAN does not match"),
    "E5": (lambda _n, csr, ca: sign(csr, ca, **PAST), None, "Certificate has expired"),
    "E7": (lambda _n, csr, ca: b"-----BEGIN X-----\n-----END X-----\n", None, "Invalid certificate file provided"),
    "E9": (with_wildcard, None, "Wildcard certificates are not supported"),
    "E10": (lambda _n, csr, ca: resigned(sign(csr, ca), ca, "sha1"), None, KEY_WORDS + "sha1 is weaker than the key"),
    "E12": (good, REVOKED, "Certificate has been revoked"),
}
TRUST: dict[str, tuple[Make, Scenario | None, str]] = {
    "E5": (lambda _n, _c, ca: to_pem(peer(ca, **PAST)).encode(), None, "Certificate has expired"),
    "E7": (lambda _n, csr, ca: csr.csr_pem.encode(), None, "Invalid certificate file provided"),
    "E7-key": (lambda _n, csr, ca: csr.key_pem.encode(), None, "Invalid certificate file provided"),
    "E10-dsa": (
        lambda _n, _c, ca: to_pem(peer(ca, public_key=odd_keys()["dsa"])).encode(),
        None,
        KEY_WORDS + "DSAPublicKey",
    ),
    "E12": (lambda _n, _c, ca: to_pem(peer(ca)).encode(), REVOKED, "Certificate has been revoked"),
}


@pytest.mark.parametrize(("make", "of", "words"), IDENTITY.values(), ids=IDENTITY)
def test_both_doors_say_the_same_of_an_identity(make: Make, of: Scenario | None, words: str) -> None:
    trusted = of is not REVOKED  # the issuing CA would be revoked as well
    if trusted:
        assert words == said("identity", make, of)
        return

    def trust_first(node: Node, csr: Csr, ca: Authority) -> bytes:
        for certificate in (ca.root, ca.issuing):
            node.certificates.put_trust("tomcat-trust", certificate, "")
        return make(node, csr, ca)

    assert words == said("identity", trust_first, of, trusted=False)


def test_both_doors_miss_the_chain() -> None:
    assert "CA certificate is not available in the trust-store" == said("identity", good, trusted=False)


@pytest.mark.parametrize(("make", "of", "words"), TRUST.values(), ids=TRUST)
def test_both_doors_say_the_same_of_a_trust_certificate(make: Make, of: Scenario | None, words: str) -> None:
    assert words == said("trust", make, of, trusted=False)


def test_a_good_trust_certificate_comes_in_by_either_door() -> None:
    async def upload(cluster: Cluster) -> list[str]:
        pems = [to_pem(ca_under(None, number).issuing).encode() for number in (1, 2)]
        said = [await by_rest(cluster, "trust", pems[0]), await by_cli(cluster, "trust", pems[1])]
        held = {to_pem(entry.certificate()).encode() for entry in cluster.publisher.certificates.trust("tomcat-trust")}
        assert set(pems) <= held
        return said

    assert ["", ""] == in_lab(upload)


def test_only_the_command_line_refuses_a_multi_server_certificate() -> None:
    async def upload(cluster: Cluster) -> list[str]:
        node = cluster.publisher
        trust(node, a_ca())
        csr = node.certificates.generate_csr("tomcat", CsrRequest(distribution="multi-server"))
        return [await door(cluster, "identity", sign(csr, a_ca())) for door in (by_cli, by_rest)]

    assert ["Multi-server certificates cannot be imported from the CLI", ""] == in_lab(upload)


@pytest.mark.parametrize(("status", "left"), [("200", True), ("400", False)])
def test_an_older_certificate_in_a_bundle_is_passed_over_or_refuses_it_all(status: str, left: bool) -> None:
    async def upload(cluster: Cluster) -> tuple[int, bool]:
        held, new = cluster.publisher.certificates, ca_under(None, 1)
        held.put_trust("tomcat-trust", new.issuing, "")
        older = ca_under(None, 1, serial=3, not_before=NOW - 50 * DAY_S)
        other = to_pem(ca_under(None, 2).issuing)
        body = {"service": ["tomcat"], "certificates": [other, to_pem(older.issuing)]}
        response = await rest(cluster, "POST", "trust/certificates", body)
        return response.status, other in [entry.certificate_pem for entry in held.trust("tomcat-trust")]

    assert (int(status), left) == in_lab(upload, scenario(switches={"older_trust_status": status}))
