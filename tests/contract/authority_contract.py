"""Promise: whoever signs, submit is safe to repeat, and collect says issued or what it waits for.

`check_authority(make)` runs the same cases on any authority; publish yours by calling it with a factory.
"""

import asyncio
from collections.abc import Callable
from pathlib import Path

from factory.certificates import request
from ucmcert.model.certificate import CertificateRequest
from ucmcert.model.signing import Authority, Issued, Pending, Profile, Ticket

Answer = Callable[[CertificateRequest], None]
Make = Callable[[Path], tuple[Authority, Answer]]
NODE = "cucm-pub.lab.example"


def check_authority(make: Make, folder: Path) -> None:
    """Every case on a fresh authority. `make(folder)` gives it and what makes it answer a request (may do nothing)."""
    for number, case in enumerate((submit_twice_is_one_ticket, answers_with_the_key, survives_a_restart, two_nodes)):
        place = folder / str(number)
        place.mkdir()
        case(make, place)


def submit_twice_is_one_ticket(make: Make, folder: Path) -> None:
    """The same CSR has the same reference, even from a new process."""
    asked = request(NODE, key="ec").request
    first, second = _submit(make, folder, asked), _submit(make, folder, asked)
    assert (first.authority, first.reference) == (second.authority, second.reference)
    assert (first.node, first.purpose, first.spki_sha256) == (NODE, "tomcat", asked.spki_sha256)


def answers_with_the_key(make: Make, folder: Path) -> None:
    """The leaf carries the CSR's key and names, the chain goes to a root."""
    asked = request(NODE, ("dns:cucm-pub.lab.example", "dns:lab.example"), key="ec").request
    issued = _collected(make, folder, asked, _submit(make, folder, asked))
    assert issued.leaf.spki_sha256 == asked.spki_sha256
    assert set(issued.leaf.sans) == set(asked.sans)
    names = [one.issuer for one in (issued.leaf, *issued.chain)]
    assert [one.subject for one in issued.chain] == names[:-1]
    assert issued.chain[-1].self_issued


def survives_a_restart(make: Make, folder: Path) -> None:
    """Submitted and answered by one process, collected by others: always the same certificate."""
    asked = request(NODE, key="ec").request
    ticket = _submit(make, folder, asked)
    first = _collected(make, folder, asked, ticket)
    again = asyncio.run(make(folder)[0].collect(_submit(make, folder, asked)))
    assert again == first


def two_nodes(make: Make, folder: Path) -> None:
    """Two CSRs have two tickets and two answers."""
    one, other = request(NODE, key="ec").request, request("cucm-sub1.lab.example", key="ec").request
    tickets = _submit(make, folder, one), _submit(make, folder, other, "cucm-sub1.lab.example")
    assert tickets[0].reference != tickets[1].reference
    leaves = _collected(make, folder, one, tickets[0]).leaf, _collected(make, folder, other, tickets[1]).leaf
    assert [leaf.spki_sha256 for leaf in leaves] == [one.spki_sha256, other.spki_sha256]


def _submit(make: Make, folder: Path, asked: CertificateRequest, node: str = NODE) -> Ticket:
    return asyncio.run(make(folder)[0].submit(asked, Profile(node=node, purpose="tomcat")))


def _collected(make: Make, folder: Path, asked: CertificateRequest, ticket: Ticket) -> Issued:
    authority, answer = make(folder)
    found = asyncio.run(authority.collect(ticket))
    if isinstance(found, Pending):
        assert found.waiting_for
        assert found.next
        answer(asked)
        found = asyncio.run(authority.collect(ticket))
    assert isinstance(found, Issued)
    return found
