"""What a node says after it made a new trust list or a new self-signed certificate: is it the sentence of success?

Source: interfaces-cli.md 2.5, 4.5 to 4.7. Every check raises ValueError for all other words.
"""

import re

from ucmcert.ucm.platform_cli.parsers.text import lines_of, quoted

UPDATED = re.compile(r"\bCTL file (?:Updated|Reset)\b", re.IGNORECASE)
TFTP_SERVERS = re.compile(r"\s*Number of Active TFTP servers in the cluster\s*:\s*(\d{1,4})\s*", re.IGNORECASE)
TRANSFERRED = re.compile(r"\s*Successfully transferred reset ITL to node (\S+?)\.?\s*", re.IGNORECASE)


def check_ctl_written(text: str | bytes) -> None:
    """Raises ValueError unless the node says that it wrote the CTL."""
    if not UPDATED.search("\n".join(lines_of(text))):
        raise ValueError("without the sentence CTL file Updated")


def check_itl_reset(text: str | bytes) -> None:
    """Raises ValueError unless the reset ITL went to as many nodes as run TFTP."""
    lines = lines_of(text)
    counts = [int(found.group(1)) for line in lines if (found := TFTP_SERVERS.fullmatch(line))]
    reached = {found.group(1).lower() for line in lines if (found := TRANSFERRED.fullmatch(line))}
    if len(counts) != 1:
        raise ValueError("without the number of active TFTP servers")
    if not counts[0] or len(reached) != counts[0]:
        raise ValueError(f"the reset ITL went to {len(reached)} of {counts[0]} TFTP servers")


def check_regenerated(text: str | bytes, purpose: str) -> None:
    """Raises ValueError unless the node says that it made a new certificate for `purpose`."""
    done = re.compile(
        rf"\s*Successfully\s+Regenerated\s+Certificate\s+for\s+{re.escape(purpose)}\s*\.?\s*", re.IGNORECASE
    )
    lines = lines_of(text)
    if not any(done.fullmatch(line) for line in lines):
        raise ValueError(f"without the sentence of success: {quoted(lines[-1] if lines else '')}")
