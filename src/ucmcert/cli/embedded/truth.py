"""What the lab itself knows of its phones: the ground truth no real cluster has, asked as a user asks it."""

import asyncio
import json
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec

from ucmcert.cli.embedded.lab import LabTrouble, lab_program

ASK_S = 60.0
SOFT, HARD = "SOFT-LOCKED", "HARD-LOCKED"


class Truth(msgspec.Struct, frozen=True, kw_only=True):
    """The phones of a lab at one moment: how many there are, how many are registered, and how many by trust state."""

    total: int
    registered: int
    states: dict[str, int]

    @property
    def soft(self) -> int:
        """Phones that another key of the cluster could still reach."""
        return self.states.get(SOFT, 0)

    @property
    def hard(self) -> int:
        """Phones that only a person at the phone can mend."""
        return self.states.get(HARD, 0)

    @property
    def locked(self) -> int:
        """Phones that lost their trust for good."""
        return self.soft + self.hard


async def lab_truth(state: Path) -> Truth:
    """What `ucmlab phones --json` says of the lab in `state`. Raises LabTrouble UCM-DEMO-005 when it says nothing."""
    words = (lab_program(), "phones", "--state", str(state), "--json")
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*words, stdin=asyncio.subprocess.DEVNULL, stdout=pipe, stderr=pipe)
    try:
        out, err = await asyncio.wait_for(process.communicate(), ASK_S)
    except TimeoutError:
        raise _silent(state, f"no answer within {ASK_S:g} s") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        raise _silent(state, err.decode("utf-8", "replace").strip() or f"exit code {process.returncode}")
    try:
        return counted(json.loads(out))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _silent(state, f"its answer cannot be read: {error}") from error


def counted(phones: list[dict[str, Any]]) -> Truth:
    """The figures of the array that `ucmlab phones --json` prints. Raises KeyError, TypeError for anything else."""
    states = Counter(str(one["trust_state"]) for one in phones)
    registered = sum(bool(one["registered_on"]) for one in phones)
    return Truth(total=len(phones), registered=registered, states=dict(sorted(states.items())))


def _silent(state: Path, why: str) -> LabTrouble:
    return LabTrouble(
        "UCM-DEMO-005",
        "the lab does not tell the state of its phones",
        where=str(state),
        why=why,
        next="look into lab.log there; a busy machine may need a second try",
    )
