"""Reads a template of Microsoft AD CS: the text that certutil prints of it, or its directory attributes as JSON.

Attribute names, flags and bits: MS-CRTD, the sections of each attribute, 2.28 (msPKI-Certificate-Name-Flag) and 3
(`certutil -v -dstemplate NAME`); what the CA makes of them: MS-WCCE 3.2.2.6.2.1.4.5 and, for names, its .9.
`certutil -v -template NAME` prints the same as TemplateProp lines, numbers in hexadecimal.
"""

import re

from ucmcert.lint.authority_profile.fields import Fields
from ucmcert.lint.authority_profile.profile import SAN_KINDS, Bits, CaProfile, fixed_extended, fixed_usage

SUBJECT_FROM_REQUEST = 0x00000001
ADDS_REQUESTER = 0x00400000 | 0x00800000 | 0x01000000 | 0x02000000 | 0x04000000 | 0x08000000
IS_CA = 0x00000080
FIRST_BYTE = (
    (0x80, "digital_signature"),
    (0x40, "content_commitment"),
    (0x20, "key_encipherment"),
    (0x10, "data_encipherment"),
    (0x08, "key_agreement"),
    (0x04, "key_cert_sign"),
    (0x02, "crl_sign"),
)
OF_CERTUTIL = {  # TemplateProp name -> directory attribute
    "TemplatePropCommonName": "cn",
    "TemplatePropEKUs": "pKIExtendedKeyUsage",
    "TemplatePropSubjectNameFlags": "msPKI-Certificate-Name-Flag",
    "TemplatePropGeneralFlags": "flags",
    "TemplatePropMinimumKeySize": "msPKI-Minimal-Key-Size",
    "TemplatePropValidityPeriod": "pKIExpirationPeriod",
    "TemplatePropExtensions": "extensions",
}
KNOWN = (*OF_CERTUTIL.values(), "pKIKeyUsage", "pKIMaxIssuingDepth")
LINE = re.compile(r"^\s*(TemplateProp\w+|[a-z][\w-]*) = ?(.*)$")
OID = re.compile(r"\b\d+(?:\.\d+){3,}\b")
KEY_USAGE_OID = "2.5.29.15"
DAYS = {"y": 365, "a": 365, "j": 365, "m": 30, "w": 7, "s": 7, "d": 1, "t": 1}
HOUR = re.compile(r"(?i)^(h|st)")
GERMAN_DAY = re.compile(r"(?i)^(jou?rs?|tag)")
TICKS_PER_DAY = 864_000_000_000


def fields_of_text(text: str) -> dict[str, object]:
    """The attributes of `certutil -v -template NAME` or `-v -dstemplate NAME`, each with the lines that follow it."""
    found: dict[str, object] = {}
    name = ""
    for row in text.splitlines():
        match = LINE.match(row)
        if match:
            name = match.group(1)
            prefix = "hex:" if name.startswith("TemplateProp") else ""
            found[OF_CERTUTIL.get(name, name)] = prefix + match.group(2)
        elif name:
            found[OF_CERTUTIL.get(name, name)] = f"{found[OF_CERTUTIL.get(name, name)]}\n{row}"
    return {key: value for key, value in found.items() if key in KNOWN}


def read_adcs(fields: Fields) -> CaProfile:
    """The traits of one template. What it does not hold stays unknown; what it holds wrongly is told in `fields`."""
    flag = _number(fields, "msPKI-Certificate-Name-Flag")
    general = _number(fields, "flags")
    supplied = bool(flag & SUBJECT_FROM_REQUEST) if flag is not None else None
    authority = bool(general & IS_CA) if general is not None else None
    return CaProfile(
        kind="adcs",
        name=_plain(fields.values.get("cn")),
        keeps_sans=SAN_KINDS if supplied else (),
        drops_sans=SAN_KINDS if supplied is False else (),
        adds_common_name=False if supplied is not None else None,
        adds_www=False,
        adds_names=_adds(flag, supplied),
        common_name=None if supplied is None else "kept" if supplied else "replaced",
        subject=None if supplied is None else "kept" if supplied else "changed",
        usage=_usage(fields),
        extended=_extended(fields),
        issues_ca=authority,
        ca_unasked=authority,
        lifetime_days=_lifetime(fields),
        signs_keys=("RSA",) if _number(fields, "msPKI-Minimal-Key-Size") is not None else (),
        least_bits=_number(fields, "msPKI-Minimal-Key-Size"),
        public=False,
    )


def _adds(flag: int | None, supplied: bool | None) -> tuple[str, ...] | None:
    """Names of the requester, whom the directory knows: only a template that does not take names from the request."""
    if flag is None:
        return None
    return ("requester",) if not supplied and flag & ADDS_REQUESTER else ()


def _number(fields: Fields, name: str) -> int | None:
    """`1`, `"66106" 0x1023a` and, from TemplateProp lines, hexadecimal `8000000 (134217728)`; unsigned."""
    value = fields.values.get(name)
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        return value & 0xFFFFFFFF
    first = f"{value}".partition("\n")[0].strip()
    if isinstance(value, str) and (match := re.fullmatch(r"hex:\s*([0-9A-Fa-f]{1,8})\b.*", first)):
        return int(match.group(1), 16)
    if isinstance(value, str) and (match := re.match(r'"?(-?\d{1,11})\b', first)):
        return int(match.group(1)) & 0xFFFFFFFF
    fields.unreadable(name, value)
    return None


def _usage(fields: Fields) -> Bits:
    """From pKIKeyUsage, or the Key Usage extension of certutil's text: its bytes stand in brackets, `(a0)`."""
    value = fields.values.get("pKIKeyUsage")
    if isinstance(value, list) and value and all(type(one) is int and one in range(256) for one in value):
        return _bits(value[0])
    if value is not None:
        match = re.match(r'"?\s*([0-9A-Fa-f]{2})\b', value) if isinstance(value, str) else None
        if match:
            return _bits(int(match.group(1), 16))
        fields.unreadable("pKIKeyUsage", value)
        return Bits()
    extensions = fields.values.get("extensions")
    if not isinstance(extensions, str) or KEY_USAGE_OID not in extensions:
        return Bits()
    shown = re.search(r"\(([0-9A-Fa-f]{2})(?: [0-9A-Fa-f]{2})*\)", extensions.partition(KEY_USAGE_OID)[2])
    if shown is None:
        fields.unreadable("TemplatePropExtensions", KEY_USAGE_OID)
        return Bits()
    return _bits(int(shown.group(1), 16))


def _bits(first: int) -> Bits:
    return fixed_usage(tuple(bit for mask, bit in FIRST_BYTE if first & mask))


def _extended(fields: Fields) -> Bits:
    value = fields.values.get("pKIExtendedKeyUsage")
    if value is None:
        return Bits()
    whole = "\n".join(value) if isinstance(value, list) and all(isinstance(one, str) for one in value) else value
    if not isinstance(whole, str):
        fields.unreadable("pKIExtendedKeyUsage", value)
        return Bits()
    return fixed_extended(tuple(dict.fromkeys(OID.findall(whole))))


def _lifetime(fields: Fields) -> int | None:
    """Days of pKIExpirationPeriod: `2 Years` in the server's language, or the 8 bytes of the directory."""
    value = fields.values.get("pKIExpirationPeriod")
    if value is None:
        return None
    if isinstance(value, list) and len(value) == 8 and all(type(one) is int and one in range(256) for one in value):
        return -int.from_bytes(bytes(value), "little", signed=True) // TICKS_PER_DAY
    match = re.match(r'(?:hex:)?\s*"?(\d{1,4})\s+(\w+)', value) if isinstance(value, str) else None
    if match is None:
        fields.unreadable("pKIExpirationPeriod", value)
        return None
    count, unit = int(match.group(1)), match.group(2)
    if HOUR.match(unit):
        return count // 24
    return count * (1 if GERMAN_DAY.match(unit) else DAYS.get(unit[0].lower(), 0)) or None


def _plain(value: object) -> str:
    """The first line of a name, without the marks of certutil."""
    return f"{value or ''}".removeprefix("hex:").partition("\n")[0].strip().strip('"')
