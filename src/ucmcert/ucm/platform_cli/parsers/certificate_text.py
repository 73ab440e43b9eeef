"""`show cert`, `show csr` and the sentences of success. Only the PEM is read. Source: interfaces-cli.md 2.2 to 2.4."""

import re

from ucmcert.model.certificate import Certificate, CertificateRequest, read_certificates_pem, read_request
from ucmcert.ucm.platform_cli.parsers.text import lines_of

CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----\s+([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----")
REQUEST = re.compile(r"-----BEGIN ((?:NEW )?CERTIFICATE (?:SIGN )?REQUEST)-----\s+([A-Za-z0-9+/=\s]+)-----END \1-----")
BEGIN = "-----BEGIN "
SERIAL = re.compile(r"\s*Serial Number:\s*([0-9A-Fa-f]+)")
IMPORTED = r"\bSuccessfully imported certificate for\s+{unit}(?![\w-])"
GENERATED = r"\bSuccessfully Generated CSR\s+for\s+{unit}(?![\w-])"


def parse_certificate(text: str | bytes) -> Certificate:
    """The one certificate of `show cert`. Raises ValueError when its PEM is cut, doubled, or of another serial."""
    whole = _single(text, CERTIFICATE, "certificate")
    certificate = read_certificates_pem(whole[0].encode())[0]
    serials = {found.group(1) for line in lines_of(text) if (found := SERIAL.fullmatch(line))}
    if any(int(serial, 16) != int(certificate.serial, 16) for serial in serials):
        raise ValueError("the serial number printed above the certificate is another one")
    return certificate


def parse_request(text: str | bytes) -> CertificateRequest:
    """The one request of `show csr`, whatever its header. Raises ValueError when it is cut, doubled or not signed."""
    return read_request(_single(text, REQUEST, "certificate request")[0].encode())


def check_imported(text: str | bytes, purpose: str, *, trust: bool) -> None:
    """Raises ValueError unless the sentence stands there that the certificate of `purpose` was imported.

    How the sentence names a trust store is not published: with `trust` both `tomcat` and `tomcat-trust` will do.
    """
    _check(text, IMPORTED, purpose, "(?:-trust)?" if trust else "")


def check_generated(text: str | bytes, purpose: str) -> None:
    """Raises ValueError unless the sentence stands there that a CSR for `purpose` was made."""
    _check(text, GENERATED, purpose)


def _single(text: str | bytes, block: re.Pattern[str], what: str) -> re.Match[str]:
    whole = "\n".join(lines_of(text))
    found = list(block.finditer(whole))
    if len(found) != 1 or whole.count(BEGIN) != 1:
        raise ValueError(f"not one whole {what}, but {len(found)} of {whole.count(BEGIN)} begun")
    return found[0]


def _check(text: str | bytes, sentence: str, purpose: str, suffix: str = "") -> None:
    whole = " ".join(" ".join(lines_of(text)).split())
    if not re.search(sentence.format(unit=re.escape(purpose) + suffix), whole, re.IGNORECASE):
        raise ValueError(f"the sentence of success for {purpose} is missing")
