# Promise: a file of the lab is replaced all at once, with the permissions it needs.
import stat

import pytest

from ucmlab.atomic_file import write_atomically


def test_the_content_is_replaced_and_private(tmp_path) -> None:
    path = tmp_path / "deep" / "state.json"
    for content in (b"old", b"new"):
        write_atomically(path, content)
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == ["state.json"]


def test_a_failed_write_leaves_the_old_content(tmp_path) -> None:
    path = tmp_path / "state.json"
    write_atomically(path, b"old")
    with pytest.raises(TypeError):
        write_atomically(path, "no bytes")
    assert path.read_bytes() == b"old"
