"""Promise: asking for help is quick, since nothing heavy is loaded for it."""

import subprocess
import sys

HEAVY = ("asyncssh", "cryptography", "h11", "lxml", "ssl")


def test_help_loads_no_heavy_library() -> None:
    script = (
        "import sys; from ucmlab.cli import main; main(['--help'], standalone_mode=False); "
        f"print('loaded', [name for name in {HEAVY!r} if name in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert "loaded []" in result.stdout
    assert "up " in result.stdout
