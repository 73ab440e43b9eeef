"""What CUCM answers to an upload it refuses, in its own words, and which lint codes foresee it."""

import msgspec


class UploadError(msgspec.Struct, frozen=True, kw_only=True):
    """One refusal. `texts` are the literals seen, () when none is published; `codes` are the rules that foresee it."""

    id: str
    texts: tuple[str, ...]
    codes: tuple[str, ...]
    source: str


UPLOAD_ERRORS: tuple[UploadError, ...] = (
    UploadError(
        id="E1",
        texts=("CA Certificate is Not Available in the Trust-Store",),
        codes=("UCM-TRUST-001", "UCM-CHAIN-001", "UCM-CHAIN-002"),
        source="procedure.md 5 E1 [S D1, HCMF]",
    ),
    UploadError(
        id="E2",
        texts=(".csr Does Not Exist",),
        codes=("UCM-REQ-001", "UCM-RULE-008"),
        source="procedure.md 5 E2 [S D1]; the path before it varies with the purpose",
    ),
    UploadError(
        id="E3",
        texts=(
            "CSR Public Key and Certificate Public Key Do Not Match",
            "CSR public key and Certificate public key doesn't match",
        ),
        codes=("UCM-KEY-001", "UCM-RULE-008"),
        source="procedure.md 5 E3 [S D1, HCMF]",
    ),
    UploadError(
        id="E2/E3",
        texts=("could not be uploaded", "n'a pas pu être chargé"),
        codes=("UCM-KEY-001", "UCM-REQ-001", "UCM-RULE-008"),
        source="procedure.md 5 E2/E3 [S D1, English and French]",
    ),
    UploadError(
        id="E4",
        texts=(
            "CSR SAN and Certificate SAN does not match",
            "CSR Subject Alternate Name (SAN) and Certificate SAN Does Not Match",
        ),
        codes=("UCM-SAN-001",),
        source="procedure.md 5 E4 [S D1, D8, D9]",
    ),
    UploadError(
        id="E5",
        texts=(),
        codes=("UCM-TIME-001", "UCM-TIME-003", "UCM-TRUST-005"),
        source="procedure.md 5 E5 [S D1], U-P15: its words are not printed",
    ),
    UploadError(
        id="E6",
        texts=(),
        codes=("UCM-TRUST-002", "UCM-TRUST-003"),
        source="procedure.md 5 E6, 6.2: no error, the older certificate is silently not taken",
    ),
    UploadError(
        id="E7",
        texts=(
            "Error in CA certificate",
            "Error occurred while reading the certificate",
            "Certificate is not in PEM format",
            "Invalid certificate file provided",
            "Invalid certificate type found",
            "Certificate Upload failed",
        ),
        codes=(
            *("UCM-CHAIN-004", "UCM-CHAIN-005", "UCM-CHAIN-006", "UCM-CHAIN-008", "UCM-CHAIN-011", "UCM-CHAIN-012"),
            *("UCM-FILE-001", "UCM-FILE-003", "UCM-FILE-004", "UCM-FILE-005", "UCM-FILE-006", "UCM-FILE-007"),
            "UCM-TIME-003",
        ),
        source="procedure.md 5 E7 [S HCMF]",
    ),
    UploadError(
        id="E8",
        texts=("Unable to generate CSR for the given certificate type",),
        codes=("UCM-SEL-001",),
        source="procedure.md 5 E8 [S HCMF]",
    ),
    UploadError(id="E9", texts=(), codes=("UCM-SAN-002",), source="procedure.md 5 E9, U-P15"),
    UploadError(
        id="E10",
        texts=(),
        codes=("UCM-KEY-002", "UCM-KEY-003", "UCM-KEY-004", "UCM-KEY-009"),
        source="procedure.md 5 E10, 2.3, U-P15",
    ),
    UploadError(id="E11", texts=(), codes=("UCM-UP-001",), source="procedure.md 5 E11, U-P15"),
    UploadError(id="E12", texts=(), codes=("UCM-UP-002",), source="procedure.md 5 E12, U-P15"),
)


def recognise(answer: str) -> UploadError | None:
    """The refusal that `answer` contains, whatever its case and final dots; None for words nobody has published."""
    plain = answer.lower()
    for row in UPLOAD_ERRORS:
        if any(text.lower() in plain for text in row.texts):
            return row
    return None
