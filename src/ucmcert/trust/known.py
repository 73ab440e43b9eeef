"""What is known of certificates from outside the nodes: earlier generations, renewals on their way, our own anchors."""

import msgspec

from ucmcert.model.certificate import Certificate


class Former(msgspec.Struct, frozen=True, kw_only=True):
    """A certificate that was the identity of `purpose` on `node`, as the ledger's `run` tells.

    `certificate` is None where the ledger kept its fingerprint only.
    """

    sha256: str
    purpose: str
    node: str
    run: str
    certificate: Certificate | None = None


class Incoming(msgspec.Struct, frozen=True, kw_only=True):
    """A certificate that a renewal of `purpose` brings: its leaf, or one of its issuers, which go to its `stores`.

    `stores` is () for a leaf. `told_by` says who tells: a run of the ledger, or the CA of the configuration.
    """

    certificate: Certificate
    purpose: str
    stores: tuple[str, ...]
    told_by: str


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """Everything of that kind. `anchors` are fingerprints of the configuration's [trust] anchors, `unfinished` runs.

    `secure_phones` is how many phones have a secure profile, and so an LSC as far as anybody can tell; None: not told.
    """

    former: tuple[Former, ...] = ()
    incoming: tuple[Incoming, ...] = ()
    anchors: frozenset[str] = frozenset()
    unfinished: tuple[str, ...] = ()
    secure_phones: int | None = None
