# Promise: whatever is typed, however it is cut into pieces, a session ends quietly and no command crashes.
import asyncio
import base64

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ucmlab.cluster.certificates.records import to_pem
from ucmlab.cluster.cluster import Cluster
from ucmlab.interfaces.platform_cli.catalogue import COMMANDS
from unit.ucmlab.interfaces.platform_cli.cli_bench import FarEnd
from unit.ucmlab.lab_bench import a_ca, in_lab, scenario

ARGUMENTS = (
    "tomcat",
    "CallManager-trust",
    "x.pem",
    "Cisco Tftp",
    "-1",
    "99999",
    "page",
    "select * from device",
    "\ud800",
    "?",
)
KEYS = ("\x03", "\x04", "\x7f", "\x15", "\x1b", "\x1b[", "\t", "\r\n", "q", " ", "yes\n", "no\n", "\x00", "quit\n")
PEMS = tuple(to_pem(certificate) for certificate in (a_ca().root, a_ca().issuing))
COMMAND_LINES = st.builds(
    lambda command, more: " ".join([command.words, *more]) + "\n",
    st.sampled_from(COMMANDS),
    st.lists(st.sampled_from(ARGUMENTS), max_size=3),
)
PASTES = st.builds(
    lambda pem, at, junk: f"set cert import trust tomcat\n{pem[:at]}{junk}{pem[at:]}\n",
    st.sampled_from(PEMS),
    st.integers(0, 1500),
    st.text(max_size=6),
)
TYPED = st.lists(st.one_of(COMMAND_LINES, PASTES, st.sampled_from(KEYS), st.text(max_size=40)), max_size=12)
BOUNDED = settings(max_examples=60, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])


def survive(pieces: list[str], *, rows: int, columns: int, node: str, pause_s: float) -> None:
    async def run(cluster: Cluster) -> None:
        end = FarEnd(cluster, cluster.node(node), rows=rows, columns=columns)
        await end.greeted()
        for piece in pieces:
            if piece:
                end.type(piece)
                await asyncio.sleep(pause_s)
        end.hang_up()
        await end.ended(within_s=3600 * 24)
        crashes = [row for row in end.log() if row.outcome.startswith("crashed")]
        assert [] == crashes
        assert 0 == end.node.open_sessions
        assert [] == cluster.watchers

    in_lab(run, scenario("demo"))


@BOUNDED
@given(
    pieces=TYPED,
    rows=st.sampled_from([-1, 0, 1, 2, 24, 1000]),
    columns=st.sampled_from([-1, 0, 1, 80]),
    node=st.sampled_from(["cucm-pub", "cucm-sub1", "imp-pub"]),
    pause_s=st.sampled_from([0.0, 0.5, 20.0]),
)
def test_nothing_typed_harms_a_session(pieces: list[str], rows: int, columns: int, node: str, pause_s: float) -> None:
    survive(pieces, rows=rows, columns=columns, node=node, pause_s=pause_s)


@BOUNDED
@given(statement=st.text(max_size=60))
def test_no_statement_harms_the_command_line(statement: str) -> None:
    survive(
        [f"run sql {statement}\n", f"run sql select {statement}\n"], rows=24, columns=80, node="cucm-pub", pause_s=2.0
    )


@BOUNDED
@given(der=st.binary(max_size=200), at=st.integers(0, 1000), store=st.sampled_from(["tomcat", "CAPF", "TVS"]))
def test_no_damaged_certificate_harms_the_command_line(der: bytes, at: int, store: str) -> None:
    """What gets into a store all the same can be listed, shown, asked for by SQL and tried as an issuer."""
    good = x509.load_pem_x509_certificate(PEMS[0].encode()).public_bytes(Encoding.DER)
    lines = base64.encodebytes(good[:at] + der + good[at + len(der) :]).decode()
    pem = f"-----BEGIN CERTIFICATE-----\n{lines}-----END CERTIFICATE-----\n"

    async def run(cluster: Cluster) -> None:
        end = FarEnd(cluster, rows=10_000)
        await end.greeted()
        held = [entry.filename for entry in end.node.certificates.trust(f"{store}-trust")]
        await end.asked(f"set cert import trust {store}", "Paste the Certificate and Hit Enter\n")
        await end.run(pem.removesuffix("\n"))
        for entry in end.node.certificates.trust(f"{store}-trust"):
            if entry.filename not in held:
                await end.run(f"show cert trust {store}-trust/{entry.filename}")
                await end.run("run sql select * from certificate")
        await end.run("show cert list trust")
        assert [] == [row.outcome for row in end.log() if row.outcome.startswith("crashed")]

    in_lab(run)
