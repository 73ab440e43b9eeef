"""What the tests of the command line stand on: the program itself in this process, real files and ledgers."""

import contextlib
import io
import json
from pathlib import Path
from typing import Any

import msgspec

from factory.certificates import NOW, Requested, request, sign, two_tier
from factory.clusters import cluster
from ucmcert.cli.main import main
from ucmcert.model.event import (
    CertificateIssued,
    Event,
    Finished,
    Held,
    Intended,
    RunStarted,
    Stopped,
    TicketTaken,
    Verified,
    Waiting,
)
from ucmcert.model.evidence import Evidence
from ucmcert.model.plan import Plan, Step, StepKind
from ucmcert.model.signing import Issued, Ticket
from ucmcert.plan.build import build
from ucmcert.plan.select import select
from ucmcert.run.ledger import open_ledger
from ucmcert.run.surprises import finding

CANARY = "s3cret-canary-9f2e"
CA = two_tier(key="ec")
WHOLE = cluster()  # once: an EC signature is another one each time
CONFIG = """
cluster = "demo"
state = "state"
[publisher]
name = "cucm-pub.lab.example"
address = "127.0.0.1"
[credentials]
os_admin = { user = "osadmin", password = "file:os.pass" }
app_admin = { user = "appadmin", password = "file:os.pass" }
[trust]
anchors = ["root.pem"]
[[nodes]]
name = "cucm-pub.lab.example"
ports = { https = 9, https_alt = 9, ssh = 9 }
[authority]
kind = "files"
folder = "exchange"
"""


class Ended(msgspec.Struct, frozen=True, kw_only=True):
    """How the program ended."""

    code: int
    out: str
    err: str

    @property
    def last(self) -> dict[str, Any]:
        """The JSON of the last line on standard output."""
        found: dict[str, Any] = json.loads(self.out.strip().splitlines()[-1])
        return found


def ucmcert(*words: object) -> Ended:
    """Run the program's own `main` with these words."""
    out, err = io.StringIO(), io.StringIO()
    code = 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main([str(word) for word in words])
        except SystemExit as leaving:
            code = leaving.code if isinstance(leaving.code, int) else 1
    return Ended(code=code, out=out.getvalue(), err=err.getvalue())


def configured(folder: Path, text: str = CONFIG) -> Path:
    """A configuration in `folder` with everything it refers to."""
    password = folder / "os.pass"
    password.write_text(f"{CANARY}\n")
    password.chmod(0o600)
    (folder / "root.pem").write_text(CA.root.certificate.pem)
    path = folder / "ucmcert.toml"
    path.write_text(text, "utf-8")
    return path


def four_node_plan() -> Plan:
    """The plan of the factory's four nodes."""
    return build(WHOLE, select(WHOLE, now=NOW, threshold_days=45), now=NOW)


def record(folder: Path, *events: Event) -> None:
    """Append `events` to the ledger of the configuration in `folder`."""
    ledger = open_ledger(folder / "state" / "ledger.sqlite", "demo")
    for event in events:
        ledger.append(event)
    ledger.close()


def started(run: str = "demo-1-aaaa", at: float = NOW) -> RunStarted:
    """A run of the four nodes begins."""
    return RunStarted(at=at, run=run, plan=four_node_plan(), tool="ucmcert", approved_by="test", before=WHOLE)


def first_step(kind: StepKind) -> Step:
    """The first step of `kind` in the four-node plan."""
    return next(step for step in four_node_plan().steps if step.kind is kind)


def waiting(run: str = "demo-1-aaaa") -> Waiting:
    """The run waits for the CA."""
    step = first_step(StepKind.CSR_SIGN)
    return Waiting(at=NOW + 10, run=run, step=step.id, who="ca", what="the CA's answer", next="ucmcert submit FOLDER")


def held(run: str = "demo-1-aaaa") -> Held:
    """The run is held by a surprise."""
    step = first_step(StepKind.CSR_GENERATE)
    found = finding("UCM-RUN-001", step.node, purpose="tomcat", footprint="0123456789abcdef")
    return Held(at=NOW + 10, run=run, step=step.id, finding=found)


def intended(run: str = "demo-1-aaaa") -> Intended:
    """The run is about to make a CSR."""
    return Intended(at=NOW + 5, run=run, step=first_step(StepKind.CSR_GENERATE).id, attempt=1, baseline={})


def stopped(run: str = "demo-1-aaaa") -> Stopped:
    """A person stopped it."""
    return Stopped(at=NOW + 20, run=run, why="asked to")


def finished(run: str = "demo-1-aaaa") -> Finished:
    """It reached its end."""
    return Finished(at=NOW + 30, run=run)


def signed(run: str = "demo-1-aaaa") -> tuple[Requested, tuple[Event, ...]]:
    """A CSR was made, handed over and answered: the request and the events."""
    made, asked = first_step(StepKind.CSR_GENERATE), first_step(StepKind.CSR_SIGN)
    requested = request(made.node, key="ec")
    spki = requested.request.spki_sha256
    ticket = Ticket(
        authority="files", reference="x", node=made.node, purpose="tomcat", spki_sha256=spki, submitted_at=NOW
    )
    issued = Issued(leaf=sign(requested, CA.intermediate), chain=CA.chain)
    facts = {"spki_sha256": spki, "csr_pem": requested.request.pem}
    seen = Evidence(fact="a CSR is on the node", source="test", observed_at=NOW + 1, digest=spki)
    return requested, (
        Verified(at=NOW + 1, run=run, step=made.id, evidence=(seen,), facts=facts),
        TicketTaken(at=NOW + 2, run=run, step=asked.id, ticket=ticket),
        CertificateIssued(at=NOW + 3, run=run, step=asked.id, issued=issued),
    )
