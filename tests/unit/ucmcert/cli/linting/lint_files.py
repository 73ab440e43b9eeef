"""Files for the tests of lint: answers of two CAs to several nodes, valid today, each key used once."""

import io
import zipfile
from pathlib import Path
from typing import Any

from factory.certificates import DAY, Requested, TwoTier, request, sign, two_tier
from ucmcert.cli.ports import SystemClock
from ucmcert.model.certificate import Certificate

TODAY = int(SystemClock().now())
CA = two_tier("Lint", key="ec")
OTHER_CA = two_tier("Foreign", key="ec")
NODES = tuple(request(f"lint{number}.lab.example", key="ec") for number in range(6))


def answer(asked: Requested, by: TwoTier = CA, **changes: Any) -> Certificate:
    """What the CA makes of it, valid today."""
    return sign(asked, by.intermediate, **{"not_before": TODAY - DAY, "not_after": TODAY + 300 * DAY, **changes})


def written(folder: Path, **contents: bytes) -> Path:
    """`folder` with these files; `__` in a name stands for a dot."""
    for name, content in contents.items():
        (folder / name.replace("__", ".")).write_bytes(content)
    return folder


def zipped(contents: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip with these members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return out.getvalue()
