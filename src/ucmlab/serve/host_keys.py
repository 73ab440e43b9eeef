"""The SSH host key of each node: made at the lab's first start, kept in the state folder, the same ever after."""

from pathlib import Path

import asyncssh

from ucmlab.atomic_file import write_atomically
from ucmlab.cluster.certificates.keys import KeySource, key_pem


def host_key(folder: Path, node: str) -> asyncssh.SSHKey:
    """The RSA host key of a node, as CUCM offers one. Source: interfaces-cli.md 1.1."""
    path = folder / "ssh" / f"{node}.key"
    if not path.exists():
        fresh = KeySource(seed=0, policy="fresh").for_installation("rsa", 2048)
        write_atomically(path, key_pem(fresh).encode(), mode=0o600)
    return asyncssh.import_private_key(path.read_bytes())


def key_fingerprint(key: asyncssh.SSHKey) -> str:
    """`SHA256:...` as OpenSSH prints it."""
    return key.get_fingerprint("sha256")
