"""The TLS contexts we use, built by ourselves so that every Python behaves alike.

Old nodes are the ones we come to renew: OpenSSL's level 1 still talks to RSA keys of 1024 bits, which the usual level
2 refuses in the handshake. Whom to believe is decided by anchors and pins, never by the level.
VERIFY_X509_STRICT is cleared because Python 3.13 sets it and then refuses CAs without a key usage (spikes.md 4).
"""

import ssl

CIPHERS = "DEFAULT:@SECLEVEL=1"
RSA_FIRST = "aRSA:DEFAULT:@SECLEVEL=0"


def verifying(anchors: tuple[bytes, ...]) -> ssl.SSLContext:
    """Believes a chain to one of `anchors` (DER) for the host name asked for. An anchor need not be a root."""
    context = _bare(CIPHERS)
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    context.load_verify_locations(cadata=b"".join(anchors))
    return context


def unverified() -> ssl.SSLContext:
    """Believes nobody and asks nobody: the caller judges the leaf before it sends anything."""
    return _trusting_nobody(CIPHERS)


def looking(*, newest: bool) -> ssl.SSLContext:
    """For evidence only: prefers the RSA certificate of a port that holds an ECDSA one beside it.

    TLS 1.3 lets a client name no preference, so it is offered only when `newest`.
    """
    context = _trusting_nobody(RSA_FIRST)
    if not newest:
        context.maximum_version = ssl.TLSVersion.TLSv1_2
    return context


def _trusting_nobody(ciphers: str) -> ssl.SSLContext:
    context = _bare(ciphers)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _bare(ciphers: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    context.set_ciphers(ciphers)
    return context
