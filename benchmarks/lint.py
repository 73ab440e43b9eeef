"""How long it takes to foresee CUCM's answer to one certificate, everything read anew from its bytes."""

import time

from benchmarks.table import Figure
from factory.certificates import NOW, request, sign, two_tier
from ucmcert.lint import chain, opened
from ucmcert.lint.upload import lint_answer
from ucmcert.model.certificate import read_certificate, read_request

ANSWERS = 400
WANTED_A_MINUTE = 10_000


def linting() -> list[Figure]:
    """A leaf, its CSR and a two-tier chain, from DER to findings, with every cache emptied before each."""
    ca = two_tier()
    asked = [request(f"cucm-sub{number}.lab.example") for number in range(ANSWERS)]
    bytes_of = [(one.der, sign(one, ca.intermediate).der, *(issuer.der for issuer in ca.chain)) for one in asked]
    took = 0.0
    for csr, leaf, *issuers in bytes_of:
        for forget in (read_certificate, opened.opened, opened.request_fields, chain.verifies):
            forget.cache_clear()
        began = time.perf_counter()
        came = tuple(read_certificate(one) for one in issuers)
        found = lint_answer(read_request(csr), read_certificate(leaf), came, purpose="tomcat", now=NOW)
        took += time.perf_counter() - began
        assert not found
    each = took / ANSWERS
    return [
        Figure(
            what="lint of one answer, nothing cached",
            measured=f"{each * 1000:.1f} ms",
            bound=f"{60 / each:,.0f} a minute on one core; {WANTED_A_MINUTE:,} are wanted",
        )
    ]
