"""Promise: a node keeps its SSH host key for life, and no two nodes share one."""

from pathlib import Path

from ucmlab.serve.host_keys import host_key, key_fingerprint


def test_a_host_key_is_made_once(tmp_path: Path) -> None:
    first, again = host_key(tmp_path, "a"), host_key(tmp_path, "a")

    assert key_fingerprint(first) == key_fingerprint(again)
    assert key_fingerprint(first).startswith("SHA256:")
    assert 0o600 == (tmp_path / "ssh" / "a.key").stat().st_mode & 0o777


def test_nodes_have_keys_of_their_own(tmp_path: Path) -> None:
    assert key_fingerprint(host_key(tmp_path, "a")) != key_fingerprint(host_key(tmp_path, "b"))
