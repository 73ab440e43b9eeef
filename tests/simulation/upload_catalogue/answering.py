"""What the lab answers to an attempt, through the doors the client uses, and what it then stores, asked of the lab."""

import msgspec

from simulation.upload_catalogue.bench import Bench
from simulation.upload_catalogue.case import Ask, Attempt, File, Identity, Trusted
from simulation.upload_catalogue.predicting import ACCEPTED, REFUSED, UNCHANGED, paired, recognised
from ucmcert.errors import OutcomeUnknown, Refused
from ucmcert.ucm.csr_spec import CsrSpec
from ucmcert.ucm.rest import BASE, PORT
from ucmcert.ucm.rest_answers import words

PASTED, INVITED = "-----END CERTIFICATE-----", "Paste the Certificate and Hit Enter"


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """The verdict by what is stored afterwards, never by the words alone; and the words."""

    verdict: str
    words: str


async def answer(bench: Bench, attempt: Attempt) -> Answer:
    """Do it. Raises AssertionError when a refusal changed anything, or words and deeds contradict each other."""
    before = bench.stored()
    try:
        said, refused = await _said(bench, attempt), False
    except Refused as error:
        said, refused = error.answer, True
    except OutcomeUnknown as error:  # the command line with words that nobody has published
        said, refused = error.why, True
    if refused:
        assert before == bench.stored(), f"a refusal changed the stores: {said}"
        return Answer(verdict=REFUSED, words=_one_line(said))
    if before == bench.stored():
        return Answer(verdict=UNCHANGED, words=_one_line(said))
    assert _landed(bench, attempt), f"the node said yes and stores something else: {said}"
    return Answer(verdict=ACCEPTED, words=_one_line(said))


async def _said(bench: Bench, attempt: Attempt) -> str:
    client = bench.client
    if isinstance(attempt, Ask):
        node = bench.node(attempt.host)
        spec = CsrSpec(common_name=node.name, multi_server=attempt.multi_server)
        if attempt.purpose.endswith("-ECDSA"):
            spec = msgspec.structs.replace(spec, key_type="ec", key_length=384, hash_algorithm="sha384")
        return await client.generate_csr(node, attempt.purpose, spec)
    if isinstance(attempt, Trusted):
        return await client.upload_trust(bench.node(), attempt.purpose, attempt.certificate)
    if isinstance(attempt, Identity):
        node = bench.node(door=attempt.door)
        return await client.upload_identity(node, attempt.purpose, attempt.leaf, attempt.chain)
    if recognised(attempt).certificates:
        return await _said(bench, paired(attempt))
    return await _as_it_is(bench, attempt)


async def _as_it_is(bench: Bench, file: File) -> str:
    """The file's own text in the body of an upload, as a script of somebody would send it. Raises Refused."""
    access = bench.world.access()
    http = await bench.connect.http(bench.node(), PORT, access.os_admin, access.trust)
    body = {"service": file.purpose, "certificates": [file.content.decode("latin-1")]}
    headers = {"Accept": "application/json", "Content-Type": "application/json"}
    got = await http.request(
        "POST", f"{BASE}/identity/certificates", headers=headers, body=msgspec.json.encode(body), timeout_s=60.0
    )
    said = words(got)
    if got.status >= 400:
        raise Refused("UCM-REST-003", "refused", where=bench.host, why=said, next="-", answer=said)
    return said


def _landed(bench: Bench, attempt: Attempt) -> bool:
    if isinstance(attempt, Ask):
        return bench.lab_node(attempt.host).certificates.csr(attempt.purpose) is not None
    held = bench.lab_node().certificates
    if isinstance(attempt, Trusted):
        return attempt.certificate.sha256 in {
            entry.sha256 for store in held.trust_stores() for entry in held.trust(store)
        }
    leaf = paired(attempt).leaf if isinstance(attempt, File) else attempt.leaf
    stored = held.identity(attempt.purpose)
    return stored is not None and stored.sha256 == leaf.sha256 and held.csr(attempt.purpose) is None


def _one_line(said: str) -> str:
    """The words of the node: what was pasted before them at the command line is not its own."""
    said = said.rpartition(PASTED)[2].replace(INVITED, "")
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return " ".join(lines)
