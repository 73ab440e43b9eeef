"""`make fuzz`: hands damaged files to everything that reads files, and stops at the first one that makes it stumble.

Real files (PEM, DER, PKCS#7, zip, CSR, trust lists) are cut, doubled, joined and bent with a seeded chance, so that one
number repeats a run: `make fuzz SEED=7`. A parser may say no with a finding or a ValueError; anything else is a bug,
and so is an answer that takes longer than SLOW_S. The bytes of a bug are saved beside its seed.
"""

import os
import random
import sys
import tempfile
import time
import traceback
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from benchmarks.fuzz_corpus import armoured_among, corpus, joined, mutated
from ucmcert.authority.archive import ZIP_MAGIC
from ucmcert.authority.recognise import recognise
from ucmcert.authority.returned_file import ReturnedFile
from ucmcert.cli.linting.judging import judge_files
from ucmcert.cli.linting.reading import read_all
from ucmcert.model.certificate import read_certificate, read_certificates_pem, read_request
from ucmcert.report.lint_shape import lint_shape
from ucmcert.report.sarif import sarif
from ucmcert.trust_list import decode, decode_signed, facts_of, verify

SLOW_S = 5.0
NOW = 1_790_000_000
ROUNDS_PER_WORD = 200


class Bug(Exception):
    """A parser answered with something else than a finding or a ValueError, or not in time."""


def ask_everybody(data: bytes, folder: Path) -> None:
    """Hand `data` to every parser, and to lint as a file. Raises Bug."""
    began = time.monotonic()
    for reader in (read_certificate, read_certificates_pem, read_request, decode, decode_signed, _verified):
        try:
            reader(data)
        except ValueError:
            pass
        except BaseException as error:
            raise Bug(f"{reader.__name__}: {type(error).__name__}: {error}") from error
    try:
        facts_of("node", "itl", data, "fuzz")
        if not data.startswith(ZIP_MAGIC):
            recognise(ReturnedFile(name="x", content=data))
        _linted(data, folder)
    except BaseException as error:
        raise Bug(f"{type(error).__name__}: {error}") from error
    took = time.monotonic() - began
    if took > SLOW_S:
        raise Bug(f"it took {took:.1f} s")


def _verified(data: bytes) -> None:
    verify(decode(data))


def _linted(data: bytes, folder: Path) -> None:
    """As the command does; a file is always worth at least one finding."""
    path = folder / "given"
    path.write_bytes(data)
    judged = judge_files(read_all((path,)), None, now=NOW)
    if not judged.findings:
        raise AssertionError("lint said nothing")
    crashed = [one.values.get("trouble") for one in judged.findings if one.code == "UCM-LINT-000"]
    if crashed:
        raise AssertionError(f"a rule crashed: {crashed[0]}")
    lint_shape(judged, "tomcat")
    sarif(judged.said, "fr")


def fuzz(seed: int, minutes: float) -> int:
    """Run for `minutes`; 0 when nothing stumbled, 1 with the seed and the file of the first that did."""
    seeds = corpus()
    chance = random.Random(seed)
    ends = time.monotonic() + minutes * 60
    rounds = 0
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        whole = list(seeds)
        while time.monotonic() < ends:
            data = whole.pop() if whole else _bent(seeds, chance)
            try:
                ask_everybody(data, folder)
            except Bug as bug:
                saved = Path(f"fuzz-{seed}-{rounds}.bin")
                saved.write_bytes(data)
                traceback.print_exc()
                print(f"seed {seed}, round {rounds}, {len(data)} bytes saved as {saved}: {bug}")
                return 1
            rounds += 1
            if rounds % ROUNDS_PER_WORD == 0 and sys.stdout.isatty():
                print(f"seed {seed}: {rounds} files", end="\r", flush=True)
    print(f"seed {seed}: {rounds} files made of {len(seeds)}, nothing stumbled in {minutes:g} minutes")
    return 0


def _bent(seeds: tuple[bytes, ...], chance: random.Random) -> bytes:
    """A damaged file; often the damage is inside a certificate among whole ones, for the rules to see."""
    data = chance.choice(seeds)
    if chance.random() < 0.1:
        data = joined(data, chance.choice(seeds), chance)
    for _ in range(chance.choice((1, 1, 1, 2, 3, 8))):
        data = mutated(data, chance)
    return armoured_among(data, seeds, chance) if data[:1] == b"\x30" and chance.random() < 0.5 else data


if __name__ == "__main__":
    sys.exit(fuzz(int(os.environ.get("SEED") or time.time()), float(os.environ.get("MINUTES") or 10)))
