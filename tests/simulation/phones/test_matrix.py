"""Promise: on every release and in every mode everything is renewed, and whatever the unknowns are, no phone is locked.

`make test` runs a covering sample; `make matrix` runs the whole product and prints it as a table.
"""

from pathlib import Path

import pytest

from simulation.phones.cells import Cell, covering_sample, other_values, whole_matrix
from simulation.phones.runs import renew_cell
from ucmcert.run.outcome import Outcome

SAMPLE = covering_sample()


@pytest.mark.parametrize("cell", SAMPLE, ids=[cell.name for cell in SAMPLE])
def test_everything_is_renewed_and_no_phone_is_lost(cell: Cell, tmp_path: Path) -> None:
    seen = renew_cell(cell, tmp_path)
    assert (Outcome.DONE, 0) == (seen.outcome, seen.open_certificates), seen.reason
    assert (0, 0) == (seen.locked, seen.unregistered)
    assert seen.with_lists == seen.trusted


def test_the_sample_meets_every_pair_and_every_value() -> None:
    assert set(other_values()) <= {cell.switch for cell in SAMPLE}
    assert {cell.name for cell in SAMPLE} <= {cell.name for cell in whole_matrix()}
