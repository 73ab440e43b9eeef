"""What a CSR may ask for at all: lengths of keys, hashes, names and subjects, with their sources.

Source: procedure.md 1.1, 2.3, 5 E4, E9, E10; interfaces-http.md 1.5.
"""

RSA_BITS = (2048, 3072, 4096)  # 1024 is for old self-signed ones only
CURVES = {256: "secp256r1", 384: "secp384r1", 521: "secp521r1"}
HASHES = ("sha256", "sha384", "sha512")  # weakest first
WEAKEST_HASH = {256: "sha256", 384: "sha384", 521: "sha384"}
VOICE_RSA_HASHES = ("sha256",)  # procedure.md 2.3 [S CUC15]: SHA1 or SHA256, and nobody asks for SHA1 any more
RSA_BITS_EVERY_PHONE = 2048  # CallManager above it: some models fail to register (procedure.md 2.3 [S SG14])
COMMON_NAME_MOST = 64  # procedure.md 4.1 P15 [I]
SUBJECT_MOST = {"organisation": 64, "unit": 64, "locality": 128, "state": 128, "country": 2}  # X.520 [I]
SUBJECT_ATTRIBUTES = {"organisation": "O", "unit": "OU", "locality": "L", "state": "ST", "country": "C"}


def hashes_for(product: str, ec_bits: int | None) -> tuple[str, ...]:
    """The hashes a CSR may name on `product`, weakest first; `ec_bits` None means an RSA key."""
    if ec_bits is None:
        return VOICE_RSA_HASHES if product == "unity-connection" else HASHES
    weakest = "sha384" if product == "unity-connection" else WEAKEST_HASH[ec_bits]
    return HASHES[HASHES.index(weakest) :]
