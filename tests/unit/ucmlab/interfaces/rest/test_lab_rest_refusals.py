# Promise: the certificate API refuses what CUCM refuses, in its words, with the status the clients have seen.
import pytest

from ucmlab.cluster.certificates.authority import DAY_S
from ucmlab.cluster.certificates.issuing import Draft, Issuer, issue
from ucmlab.cluster.certificates.purposes import Usage
from ucmlab.cluster.certificates.records import CsrRequest, to_pem
from ucmlab.cluster.cluster import Cluster
from unit.ucmlab.interfaces.web_bench import BASE, MINIMAL, ask, logged, login, rest, value
from unit.ucmlab.lab_bench import NOW, a_ca, in_lab, scenario, sign, trust

NO_SUCH_TYPE = "Invalid certificate type found"
UNREADABLE = "Error occurred while reading the certificate"
NOT_ALLOWED = "Unable to generate CSR for the given certificate type Provide correct certificate type"


def refused(ask_lab, of=None, *, operation: str) -> tuple[int, str]:
    """Status and words of a refusal, which must have changed nothing and stand in the log."""

    async def run(cluster: Cluster) -> tuple[int, str]:
        before, lines = None, 0
        response = None
        async for step in ask_lab(cluster):
            if step is None:
                before, lines = cluster.publisher.certificates.memory(), len(logged(cluster))
            else:
                response = step
        words = value(response)["message"]
        assert before == cluster.publisher.certificates.memory()
        assert {("rest", operation, f"refused: {words}")} == {
            (interface, name, outcome) for interface, name, _, outcome in logged(cluster)[lines:]
        }
        return response.status, words

    return in_lab(run, of)


def identity(change, *, trusted=True, purpose="tomcat", of=None) -> tuple[int, str]:
    async def upload(cluster: Cluster):
        ca, held = a_ca(), cluster.publisher.certificates
        csr = held.generate_csr(purpose, CsrRequest())
        if trusted:
            trust(cluster.publisher, ca, cluster.publisher.site.purpose(purpose).trust_store)
        certificates = [blob.decode() for blob in change(cluster, csr, ca)]
        yield None
        body = {"service": purpose, "certificates": certificates}
        yield await rest(cluster, "POST", "identity/certificates", body)

    return refused(upload, of, operation="identity")


def test_a_chain_that_is_not_trusted_is_400() -> None:
    expected = (400, "CA certificate is not available in the trust-store")
    assert expected == identity(lambda _, csr, ca: [sign(csr, ca)], trusted=False)
    whole = lambda _, csr, ca: [sign(csr, ca), to_pem(ca.issuing).encode(), to_pem(ca.root).encode()]  # noqa: E731
    assert expected == identity(whole, trusted=False)


def test_the_answer_to_an_old_csr_is_500() -> None:
    def answer_old(cluster, csr, ca):
        leaf = sign(csr, ca)
        cluster.publisher.certificates.generate_csr("tomcat", CsrRequest())
        return [leaf]

    assert (500, "CSR Public Key and Certificate Public Key Do Not Match") == identity(answer_old)


def test_an_upload_without_a_csr_names_the_file() -> None:
    def use_up(cluster, csr, ca):
        leaf = sign(csr, ca)
        cluster.publisher.certificates.upload_identity("tomcat", [leaf])
        return [leaf]

    expected = (400, "File /usr/local/platform/.security/tomcat/keys/tomcat.csr Does Not Exist")
    assert expected == identity(use_up)


def test_other_names_than_the_csr_are_refused() -> None:
    expected = (400, "CSR SAN and Certificate SAN does not match")
    assert expected == identity(lambda _, csr, ca: [sign(csr, ca, dns_names=("cucm-pub.lab.example",))])


@pytest.mark.parametrize(
    ("begin_days", "end_days", "words"),
    [(-400.0, -1.0, "Certificate has expired"), (1.0, 300.0, "Certificate is not yet valid")],
)
def test_a_certificate_outside_its_dates_is_refused(begin_days, end_days, words) -> None:
    dates = {"not_before": NOW + begin_days * DAY_S, "not_after": NOW + end_days * DAY_S}
    assert (400, words) == identity(lambda _, csr, ca: [sign(csr, ca, **dates)])


def test_what_is_no_certificate_is_refused() -> None:
    assert (400, UNREADABLE) == identity(lambda *_: [b"-----BEGIN CERTIFICATE-----\nno\n-----END CERTIFICATE-----"])


def test_a_capf_certificate_must_be_a_ca() -> None:
    expected = (400, "Invalid certificate file provided")
    assert expected == identity(lambda _, csr, ca: [sign(csr, ca)], purpose="CAPF")


def test_missing_key_usage_is_refused_when_the_switch_says_so() -> None:
    usage = Usage(bits=frozenset({"digital_signature"}), extended=())
    of = scenario(switches={"key_usage_check": "refuse"})
    expected = (400, "CSR key usage and Certificate key usage does not match")
    assert expected == identity(lambda _, csr, ca: [sign(csr, ca, usage=usage)], of=of)


def test_an_older_identity_is_refused_when_the_switch_says_so() -> None:
    of = scenario(switches={"older_identity": "refuse"})
    older = lambda _, csr, ca: [sign(csr, ca, not_before=NOW - 800 * DAY_S)]  # noqa: E731
    assert (400, "A newer certificate is already installed") == identity(older, of=of)


def posted(path: str, body, operation: str, of=None) -> tuple[int, str]:
    async def post(cluster: Cluster):
        yield None
        yield await rest(cluster, "POST", path, body)

    return refused(post, of, operation=operation)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"service": "cup-xmpp"}, NOT_ALLOWED),
        ({"service": "Tomcat"}, NOT_ALLOWED),
        ({"service": "tomcat-trust"}, NOT_ALLOWED),
        ({"service": "ITLRecovery"}, NOT_ALLOWED),
        ({"service": "ipsec", "distribution": "multi-server"}, NOT_ALLOWED),
        ({"distribution": "all-servers"}, "Invalid distribution all-servers"),
        ({"keyType": "ec"}, "Unsupported key or signature algorithm: tomcat needs a key of type rsa"),
        ({"keyLength": 1024}, "Unsupported key or signature algorithm: rsa 1024"),
        ({"hashAlgorithm": "md5"}, "Unsupported key or signature algorithm: md5 for rsa 2048"),
        ({"altNames": ["*.lab.example"]}, "Wildcard certificates are not supported"),
        ({"commonName": "*.lab.example"}, "Wildcard certificates are not supported"),
        ({"altNames": ["192.0.2.1"]}, "Invalid alternate name 192.0.2.1"),
        ({"altNames": ["a b"]}, "Invalid alternate name a b"),
        ({"altNames": ["é.example"]}, "Invalid alternate name é.example"),
        ({"altNames": [""]}, "Invalid alternate name "),
        ({"altNames": ["a" * 64 + ".example"]}, "Invalid alternate name " + "a" * 64 + ".example"),
    ],
)
def test_a_csr_that_is_not_allowed_is_400(change, words) -> None:
    assert (400, words) == posted("csr", MINIMAL | change, "csr")


WRONG_CSRS = [
    {"distribution": "this-server", "commonName": "a"},
    {"service": "tomcat", "commonName": "a"},
    {"service": "tomcat", "distribution": "this-server"},
    MINIMAL | {"service": ["tomcat"]},
    MINIMAL | {"service": ""},
    MINIMAL | {"commonName": ""},
    MINIMAL | {"commonName": "a" * 65},
    MINIMAL | {"keyLength": "2048"},
    MINIMAL | {"keyLength": 2048.5},
    MINIMAL | {"altNames": "a.example"},
    MINIMAL | {"altNames": [1]},
    [],
    "tomcat",
]


@pytest.mark.parametrize("body", WRONG_CSRS, ids=repr)
def test_a_csr_body_of_the_wrong_shape_is_400(body) -> None:
    status, words = posted("csr", body, "csr")
    assert (400, True) == (status, words.startswith("Invalid request body: "))


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000, b'{"service": "\\ud800"}'])
def test_what_is_not_json_is_400(body) -> None:
    async def post(cluster: Cluster) -> None:
        for path in ("csr", "identity/certificates", "trust/certificates"):
            response = await ask(cluster, "POST", BASE + path, body, headers=login(cluster, "platform"))
            assert (400, True) == (response.status, value(response)["message"].startswith("Invalid request body: "))
        assert [("csr", ""), ("identity", ""), ("trust", "")] == [(name, what) for _, name, what, _ in logged(cluster)]

    in_lab(post)


@pytest.mark.parametrize(
    "body",
    [
        {"service": "tomcat", "certificates": []},
        {"service": "tomcat", "certificates": [""]},
        {"service": "tomcat", "certificates": "x"},
        {"service": ["tomcat"], "certificates": ["x"]},
        {"service": "tomcat"},
    ],
    ids=repr,
)
def test_an_identity_body_of_the_wrong_shape_is_400(body) -> None:
    status, words = posted("identity/certificates", body, "identity")
    assert (400, True) == (status, words.startswith("Invalid request body: "))


@pytest.mark.parametrize(
    "body",
    [
        {"service": "tomcat", "certificates": ["x"]},
        {"service": [], "certificates": ["x"]},
        {"service": ["tomcat"], "certificates": []},
        {"service": ["tomcat"], "certificates": ["x"], "description": 1},
    ],
    ids=repr,
)
def test_a_trust_body_of_the_wrong_shape_is_400(body) -> None:
    status, words = posted("trust/certificates", body, "trust")
    assert (400, True) == (status, words.startswith("Invalid request body: "))


@pytest.mark.parametrize("name", ["tomcat-trust", "Tomcat", "cup-xmpp", "nothing", "tomcat-ECDSA"])
def test_a_trust_store_goes_by_its_base_name_only(name) -> None:
    body = {"service": [name], "certificates": [to_pem(a_ca().root)]}
    assert (400, NO_SUCH_TYPE) == posted("trust/certificates", body, "trust")


def test_a_trust_upload_to_one_wrong_store_reaches_none() -> None:
    body = {"service": ["tomcat", "nothing"], "certificates": [to_pem(a_ca().root)]}
    assert (400, NO_SUCH_TYPE) == posted("trust/certificates", body, "trust")


def test_trust_takes_one_certificate_an_element() -> None:
    ca = a_ca()
    body = {"service": ["tomcat"], "certificates": [to_pem(ca.root) + to_pem(ca.issuing)]}
    assert (400, UNREADABLE) == posted("trust/certificates", body, "trust")


def test_an_expired_trust_certificate_is_refused() -> None:
    ca = a_ca()
    draft = Draft(
        subject=ca.root.subject,
        public_key=ca.root.public_key(),
        serial=5,
        not_before=NOW - 20 * DAY_S,
        not_after=NOW - DAY_S,
        usage=Usage(bits=frozenset({"key_cert_sign"}), extended=()),
        ca=True,
    )
    old = to_pem(issue(draft, Issuer(key=ca.issuing_key, certificate=ca.issuing)))
    body = {"service": ["tomcat"], "certificates": [old]}
    assert (400, "Certificate has expired") == posted("trust/certificates", body, "trust")


@pytest.mark.parametrize(("switch", "kept"), [("all-or-nothing", []), ("one-by-one", ["root"])])
def test_a_refused_trust_upload_leaves_nothing_behind_unless_it_is_taken_one_by_one(switch, kept) -> None:
    async def upload(cluster: Cluster) -> list[str]:
        ca = a_ca()
        body = {"service": ["tomcat"], "certificates": [to_pem(ca.root), "no", to_pem(ca.issuing)]}
        assert 400 == (await rest(cluster, "POST", "trust/certificates", body)).status
        held = [entry.certificate() for entry in cluster.publisher.certificates.trust("tomcat-trust")]
        return [name for name in ("root", "issuing") if getattr(ca, name) in held]

    assert kept == in_lab(upload, scenario(switches={"trust_batch": switch}))


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "Missing query parameter service"),
        ("?service=", "Missing query parameter service"),
        ("?other=tomcat", "Missing query parameter service"),
        ("?" + "&".join(["service=tomcat"] * 30), "Missing query parameter service"),
        ("?service=nothing", NO_SUCH_TYPE),
        ("?service=%00%ff", NO_SUCH_TYPE),
    ],
)
def test_a_listing_needs_the_name_of_a_service(query, words) -> None:
    async def read(cluster: Cluster) -> None:
        for path in ("identity/certificate", "trust/certificate"):
            response = await rest(cluster, "GET", path + query)
            assert (400, words) == (response.status, value(response)["message"])

    in_lab(read)
