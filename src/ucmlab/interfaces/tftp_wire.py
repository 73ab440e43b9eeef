"""TFTP on the wire: requests, blocks, acknowledgements, errors; reading only, with the options blksize, tsize, timeout.

Bytes in, bytes out; who waits and repeats is the listener's affair. Source: RFC 1350, 2347, 2348, 2349.
"""

import msgspec

READ, WRITE, DATA, ACK, ERROR, OPTIONS = 1, 2, 3, 4, 5, 6
BLOCK_BYTES = 512
BLOCK_BYTES_MIN, BLOCK_BYTES_MAX = 8, 65464
TIMEOUT_S_MIN, TIMEOUT_S_MAX = 1, 255
UNDEFINED, NOT_FOUND, ACCESS_VIOLATION, ILLEGAL, UNKNOWN_SENDER, BAD_OPTION = 0, 1, 2, 4, 5, 8
MODES = ("octet", "netascii")


class ReadRequest(msgspec.Struct, frozen=True, kw_only=True):
    """RRQ. `options` by lower-case name, as the far end wrote them."""

    filename: str
    mode: str = "octet"
    options: dict[str, str] = {}


class Block(msgspec.Struct, frozen=True):
    """DATA: blocks are counted from 1 and wrap to 0 after 65,535."""

    number: int
    data: bytes


class Acknowledgement(msgspec.Struct, frozen=True):
    """ACK of a block; 0 acknowledges the options."""

    number: int


class Agreed(msgspec.Struct, frozen=True):
    """OACK: the options that the server takes."""

    options: dict[str, str]


class Failure(msgspec.Struct, frozen=True):
    """ERROR: ends a transfer."""

    code: int
    words: str


Packet = ReadRequest | Block | Acknowledgement | Agreed | Failure


class NotTftp(ValueError):
    """Bytes that are no packet of a read transfer. `code` is the error to answer with."""

    def __init__(self, words: str, code: int = ILLEGAL) -> None:
        super().__init__(words)
        self.code = code
        self.words = words


def encode(packet: Packet) -> bytes:
    """A packet as it goes into a datagram."""
    match packet:
        case ReadRequest():
            words = [packet.filename, packet.mode, *(word for pair in packet.options.items() for word in pair)]
            return _number(READ) + _strings(words)
        case Block():
            return _number(DATA) + _number(packet.number) + packet.data
        case Acknowledgement():
            return _number(ACK) + _number(packet.number)
        case Agreed():
            return _number(OPTIONS) + _strings([word for pair in packet.options.items() for word in pair])
        case Failure():
            return _number(ERROR) + _number(packet.code) + _strings([packet.words])


def decode(datagram: bytes) -> Packet:
    """The packet in a datagram. Raises NotTftp; a write request is an access violation."""
    code = int.from_bytes(datagram[:2], "big") if len(datagram) >= 2 else 0
    if code == WRITE:
        raise NotTftp("Access violation", ACCESS_VIOLATION)
    if code not in (READ, DATA, ACK, ERROR, OPTIONS) or len(datagram) < 4:
        raise NotTftp("Illegal TFTP operation")
    number, rest = int.from_bytes(datagram[2:4], "big"), datagram[4:]
    if code == DATA:
        return Block(number, rest)
    if code == ACK:
        return Acknowledgement(number)
    if code == ERROR:
        return Failure(number, rest.split(b"\0")[0].decode("utf-8", "replace"))
    words = _words(datagram[2:])
    if code == OPTIONS:
        return Agreed(_pairs(words))
    if len(words) < 2 or not words[0]:
        raise NotTftp("Illegal TFTP operation")
    if words[1].lower() not in MODES:
        raise NotTftp(f"Transfer mode {words[1]} is not supported")
    return ReadRequest(filename=words[0], mode=words[1].lower(), options=_pairs(words[2:]))


class Sending:
    """The server's side of one transfer: what goes out first, and what follows on each acknowledgement.

    `mode` is not looked at: phones ask for octets, and the files are sent as they are.
    """

    def __init__(self, request: ReadRequest, data: bytes) -> None:
        self.timeout_s: float | None = None
        self.done = False
        self._data = data
        self._block_bytes = BLOCK_BYTES
        self._sent = 0  # blocks sent, counted without wrapping
        self._options = self._agree(request.options)
        self._last = b""

    def first(self) -> bytes:
        """The first datagram: the options taken, if any were asked for, else block 1."""
        self._last = encode(Agreed(self._options)) if self._options else self._next_block()
        return self._last

    def again(self) -> bytes:
        """The last datagram once more, for a far end that stays silent."""
        return self._last

    def received(self, datagram: bytes) -> bytes | None:
        """What to answer; None for an acknowledgement that came late or twice, and when the transfer is `done`.

        A far end that reports an error ends the transfer.
        """
        try:
            packet = decode(datagram)
        except NotTftp as error:
            self.done = True
            return encode(Failure(error.code, error.words))
        if isinstance(packet, Failure):
            self.done = True
            return None
        if not isinstance(packet, Acknowledgement) or packet.number != self._sent % 65536:
            return None
        if self._sent and len(self._data) < self._sent * self._block_bytes:  # that was the short block
            self.done = True
            return None
        self._last = self._next_block()
        return self._last

    def _next_block(self) -> bytes:
        begin = self._sent * self._block_bytes
        self._sent += 1
        return encode(Block(self._sent % 65536, self._data[begin : begin + self._block_bytes]))

    def _agree(self, asked: dict[str, str]) -> dict[str, str]:
        taken: dict[str, str] = {}
        size, patience = _natural(asked.get("blksize")), _natural(asked.get("timeout"))
        if size is not None and size >= BLOCK_BYTES_MIN:
            self._block_bytes = min(size, BLOCK_BYTES_MAX)
            taken["blksize"] = str(self._block_bytes)
        if "tsize" in asked:
            taken["tsize"] = str(len(self._data))
        if patience is not None and TIMEOUT_S_MIN <= patience <= TIMEOUT_S_MAX:
            self.timeout_s = float(patience)
            taken["timeout"] = str(patience)
        return taken


class Receiving:
    """The far end's side of one transfer: every datagram received has an answer until `done`. Raises NotTftp."""

    def __init__(self, filename: str, *, block_bytes: int = BLOCK_BYTES) -> None:
        options = {"tsize": "0"} if block_bytes == BLOCK_BYTES else {"blksize": str(block_bytes), "tsize": "0"}
        self.request = encode(ReadRequest(filename=filename, options=options))
        self.failure: Failure | None = None
        self.done = False
        self._block_bytes = BLOCK_BYTES
        self._blocks: list[bytes] = []

    @property
    def data(self) -> bytes:
        """What has come so far."""
        return b"".join(self._blocks)

    def received(self, datagram: bytes) -> bytes | None:
        """The acknowledgement to send; None when there is nothing to say."""
        packet = decode(datagram)
        if isinstance(packet, Failure):
            self.failure, self.done = packet, True
            return None
        if isinstance(packet, Agreed):
            self._block_bytes = int(packet.options.get("blksize", self._block_bytes))
            return encode(Acknowledgement(0))
        if not isinstance(packet, Block):
            return None
        if packet.number == (len(self._blocks) + 1) % 65536:
            self._blocks.append(packet.data)
            self.done = len(packet.data) < self._block_bytes
        return encode(Acknowledgement(packet.number))


def _natural(text: str | None) -> int | None:
    return int(text) if text is not None and text.isascii() and text.isdecimal() and len(text) < 10 else None


def _number(value: int) -> bytes:
    return value.to_bytes(2, "big")


def _strings(words: list[str]) -> bytes:
    return b"".join(word.encode() + b"\0" for word in words)


def _words(data: bytes) -> list[str]:
    if not data.endswith(b"\0"):
        raise NotTftp("Illegal TFTP operation")
    return [word.decode("utf-8", "replace") for word in data[:-1].split(b"\0")]


def _pairs(words: list[str]) -> dict[str, str]:
    if len(words) % 2:
        raise NotTftp("Illegal TFTP operation")
    return {name.lower(): value for name, value in zip(words[::2], words[1::2], strict=True)}
