"""What the node itself adds: whether a CSR waits there, the way the upload travels, and whether it asks the CA back."""

from collections.abc import Iterator

from ucmcert.lint.case import Upload
from ucmcert.lint.opened import status_addresses
from ucmcert.lint.rule import Objection, objection, rule
from ucmcert.model.finding import Severity

PLATFORM, PRODUCT = "/usr/local/platform/.security", "/usr/local/cm/.security"
UNDER_PRODUCT = ("CallManager", "CallManager-ECDSA", "CAPF")


@rule("UCM-REQ-001", Severity.ERROR, "procedure.md 5 E2")
def no_request_waits(case: Upload) -> Iterator[Objection]:
    """The CSR went with an earlier upload or a deletion, or was made elsewhere: the private key is not there."""
    if case.known.csr_waits is False:
        top = PRODUCT if case.purpose in UNDER_PRODUCT else PLATFORM
        yield objection(purpose=case.purpose, path=f"{top}/{case.purpose}/keys/{case.purpose}")


@rule("UCM-UP-001", Severity.ERROR, "procedure.md 5 E11, U-P15; 9 14SU2 [S SG14]")
def multi_server_by_cli(case: Upload) -> Iterator[Objection]:
    """From 14SU2 on the CLI takes no multi-server certificate; a release nobody told counts as one of those."""
    known = case.known
    if (
        known.transport == "cli"
        and known.distribution == "multi-server"
        and known.has("no_multi_server_by_cli") is not False
    ):
        yield objection(purpose=case.purpose)


@rule("UCM-UP-002", Severity.UNKNOWN, "procedure.md 5 E12, 4.1 P17, U-P15 [S SG14, AG125]")
def status_is_asked(case: Upload) -> Iterator[Objection]:
    """With OCSP on, every upload is checked against the responder; the words of a refusal are not published."""
    if case.known.revocation:
        yield objection(responder=", ".join(status_addresses(case.leaf.der)) or "-")
