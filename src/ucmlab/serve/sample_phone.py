"""Phones of flesh and bone: they boot by the same rules as the crowd, over real sockets and with real bytes.

Who a certificate is, a phone learns from the lists it has seen and from TVS; whom to trust, `boot` decides. The header
of a signed file names its signer by issuer and serial only: until a TVS has shown that certificate, the signer goes by
those two, and its signature is checked when the certificate is there. Source: phones.md 1.2, 3.2.
"""

import hashlib
from collections.abc import Awaitable, Callable
from contextlib import suppress

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from ucmlab.cluster.phones.asks import (
    UNREACHABLE,
    Answer,
    Ask,
    AskCapf,
    AskTvs,
    Enrolling,
    GetConfig,
    GetList,
    Pause,
    Register,
    Served,
    Vouching,
    Welcome,
)
from ucmlab.cluster.phones.boot import Booted, Fetched, boot
from ucmlab.cluster.phones.memory import Config, Phone
from ucmlab.cluster.phones.rules import BootRules
from ucmlab.cluster.trust_lists import tlv
from ucmlab.cluster.trust_lists.model import BadTrustFile, TrustFile
from ucmlab.cluster.trust_lists.reading import Signed, parse_list, read_list, read_signed
from ucmlab.interfaces.phone_config import BadConfig, read_config
from ucmlab.interfaces.tvs_wire import Query
from ucmlab.serve.phone_calls import Address, ask_tvs, fetch_file, shown_leaf

TFTP_HTTP, TFTP_DATAGRAMS, TVS, CAPF, SIP_TLS, SCCP_TLS = 6970, 69, 2445, 3804, 5061, 2443
Identity = tuple[str, bytes]


class Network(msgspec.Struct, frozen=True, kw_only=True):
    """How a phone reaches the cluster.

    `reach(node, port)`: where a port of the product really is; `host_of`: the host name behind a name of the Server
    page. Both raise KeyError for what they do not know.
    """

    reach: Callable[[str, int], Address]
    host_of: Callable[[str], str]


class Body(msgspec.Struct, frozen=True, kw_only=True):
    """What a phone is made of. `admits(ask)`: what CallManager and CAPF say to it, apart from the handshake.

    `wait(seconds)`: lets cluster-seconds pass.
    """

    model: str
    protocol: str
    admits: Callable[[Register | AskCapf], Answer]
    wait: Callable[[float], Awaitable[None]]


class SamplePhone:
    """One boot of one phone."""

    def __init__(self, phone: Phone, body: Body, network: Network) -> None:
        self._phone = phone
        self._network = network
        self._device = f"{body.model}-{phone.name}"
        self._tls_port = SCCP_TLS if body.protocol == "SCCP" else SIP_TLS
        self._admits, self._wait = body.admits, body.wait
        self._seen: dict[Identity, x509.Certificate] = {}
        self._named: dict[str, Identity] = {}
        self._unseen: dict[str, Signed] = {}
        self._sessions = 0
        for held in (phone.memory.ctl, phone.memory.itl):
            if held is not None:
                with suppress(BadTrustFile):  # a list of another cluster that only its meaning is kept of
                    self._learn(held.data)

    async def boot(self, rules: BootRules) -> Booted:
        """Boot by the rules."""
        talk = boot(self._phone, rules)
        answer: Answer = None
        ask = next(talk)
        try:
            while True:
                answer = await self._answer(ask)
                ask = talk.send(answer)
        except StopIteration as end:
            booted: Booted = end.value
        return msgspec.structs.replace(booted, fetched=self._with_fingerprints(booted))

    async def _answer(self, ask: Ask) -> Answer:
        try:
            match ask:
                case GetList():
                    return await self._list(ask)
                case GetConfig():
                    return await self._config(ask)
                case AskTvs():
                    return await self._vouching(ask)
                case Register():
                    return await self._welcome(ask)
                case AskCapf():
                    return await self._enrolling(ask)
                case Pause():
                    await self._wait(ask.seconds)
                    return None
        except (OSError, BadTrustFile, BadConfig, KeyError):
            return UNREACHABLE

    async def _list(self, ask: GetList) -> TrustFile | None:
        data = await self._fetch(ask.node, f"{ask.kind.upper()}{self._phone.name}.tlv")
        if data is None:
            return None
        file = read_list(data)
        if file.kind != ask.kind:
            raise BadTrustFile(f"a {file.kind} came where a {ask.kind} was asked for")
        self._learn(data)
        return file

    async def _config(self, ask: GetConfig) -> Served | None:
        name = f"{self._phone.name}.cnf.xml"
        data = await self._fetch(ask.node, f"{name}.sgn" if ask.signed else name)
        if data is None:
            return None
        if not ask.signed:
            return Served(self._understood(data), None)
        file = read_signed(data)
        certificate = self._seen.get(file.signer)
        if certificate is None:
            issuer, serial = file.signer
            self._unseen[f"{issuer}#{serial.hex()}"] = file
            return Served(self._understood(file.payload), f"{issuer}#{serial.hex()}")
        if not file.signed_by(certificate):
            raise BadTrustFile("the signature is not the signer's")
        return Served(self._understood(file.payload), _sha256(certificate))

    async def _vouching(self, ask: AskTvs) -> Vouching:
        file = self._unseen.get(ask.leaf)
        question = self._question(self._seen[self._named[ask.leaf]]) if file is None else self._question_by(file)
        presented, said = await ask_tvs(self._network.reach(ask.node, TVS), question, ask.held)
        if said is None or not said.certificate_der:
            return Vouching(presented)
        certificate = x509.load_der_x509_certificate(said.certificate_der)
        named = _sha256(certificate) == ask.leaf if file is None else file.signed_by(certificate)
        if not named:
            return Vouching(presented)
        self._see(certificate)
        return Vouching(presented, frozenset(said.roles))

    def _question(self, certificate: x509.Certificate) -> Query:
        return self._query(
            tlv.distinguished_name(certificate.subject),
            tlv.distinguished_name(certificate.issuer),
            certificate.serial_number,
        )

    def _question_by(self, file: Signed) -> Query:
        issuer, serial = file.signer
        return self._query(file.part(tlv.SIGNER_NAME).text, issuer, int.from_bytes(serial, "big"))

    def _query(self, subject: str, issuer: str, serial: int) -> Query:
        self._sessions += 1
        return Query(session=self._sessions, device=self._device, subject=subject, issuer=issuer, serial=serial)

    async def _welcome(self, ask: Register) -> Answer:
        if not ask.secure:
            return self._admits(ask)
        certificate = x509.load_der_x509_certificate(await shown_leaf(self._network.reach(ask.node, self._tls_port)))
        self._see(certificate)
        said = self._admits(ask)
        return Welcome(_sha256(certificate), admitted=said.admitted) if isinstance(said, Welcome) else said

    async def _enrolling(self, ask: AskCapf) -> Answer:
        certificate = x509.load_der_x509_certificate(await shown_leaf(self._network.reach(ask.node, CAPF)))
        self._see(certificate)
        said = self._admits(ask)
        return Enrolling(_sha256(certificate), granted=said.granted) if isinstance(said, Enrolling) else said

    async def _fetch(self, node: str, name: str) -> bytes | None:
        reach = self._network.reach
        return await fetch_file(reach(node, TFTP_HTTP), reach(node, TFTP_DATAGRAMS), name)

    def _understood(self, data: bytes) -> Config:
        settings = read_config(data)
        group = tuple(self._network.host_of(server.name) for server in settings.group)
        return Config(
            group=group,
            secure=settings.secure,
            page=settings.page,
            operation=settings.operation,
            mode=settings.mode,
            capf=self._network.host_of(settings.capf) if settings.capf else "",
        )

    def _learn(self, data: bytes) -> None:
        """Note every certificate of a trust list."""
        for record in parse_list(data).records:
            if record.certificate_der:
                self._see(x509.load_der_x509_certificate(record.certificate_der))

    def _see(self, certificate: x509.Certificate) -> None:
        identity = tlv.distinguished_name(certificate.issuer), tlv.magnitude(certificate.serial_number)
        self._seen[identity] = certificate
        self._named[_sha256(certificate)] = identity

    def _with_fingerprints(self, booted: Booted) -> Fetched:
        """What TVS has vouched for, by fingerprint also where the signer went by issuer and serial."""
        shown = {name: self._seen.get(file.signer) for name, file in self._unseen.items()}
        names = {name: _sha256(certificate) for name, certificate in shown.items() if certificate is not None}
        return msgspec.structs.replace(
            booted.fetched,
            learned=tuple(
                msgspec.structs.replace(vouched, leaf=names.get(vouched.leaf, vouched.leaf))
                for vouched in booted.fetched.learned
            ),
        )


def _sha256(certificate: x509.Certificate) -> str:
    return hashlib.sha256(certificate.public_bytes(Encoding.DER)).hexdigest()
