"""The exit codes of every command (design.md 8)."""

DONE = 0
FAILED = 1
USAGE = 2
FINDINGS = 3
WAITING = 4
HELD = 5
INTERRUPTED = 130
