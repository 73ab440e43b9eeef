"""What a new CSR asks a node for."""

from typing import Literal

import msgspec


class CsrSpec(msgspec.Struct, frozen=True, kw_only=True):
    """`common_name` is the CN, `key_length` in bits. CUCM itself puts its names into the SAN, beside `alt_names`.

    `multi_server` asks for one CSR with the names of all nodes, on the publisher only (procedure.md 2.3).
    The command line of a node knows no such settings: it takes those the node is set to (interfaces-cli.md 2.3).
    """

    common_name: str
    key_type: Literal["rsa", "ec"] = "rsa"
    key_length: int = 2048
    hash_algorithm: str = "sha256"
    multi_server: bool = False
    alt_names: tuple[str, ...] = ()
