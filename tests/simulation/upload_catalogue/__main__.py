"""Writes docs/upload-catalogue.md: plays every case and puts down what came of it."""

import sys
from pathlib import Path

from simulation.upload_catalogue.catalogue import ERRORS, cases_of
from simulation.upload_catalogue.page import page, section
from simulation.upload_catalogue.playing import play
from simulation.upload_catalogue.stricter_cases import CASES, STRICTER

NAME = "upload-catalogue.md"

if __name__ == "__main__":
    sections = [section(error, map(play, cases_of(error))) for error in ERRORS]
    sections.append(section(STRICTER, map(play, CASES)))
    (Path(sys.argv[1]) / NAME).write_text(page(sections), "utf-8")
