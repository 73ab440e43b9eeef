"""What can be wrong with the configuration, said with the file, the item, what was expected and the nearest known key.

Room rule: no sentence made here repeats a value of the file, since any value may be a password in the wrong place.
"""

import difflib
import re
from pathlib import Path
from typing import get_args

import msgspec

from ucmcert.errors import UsageError

STEP = re.compile(r"\.(\w+)|\[(\d+|\.\.\.)\]")
UNKNOWN = re.compile(r"unknown field `(?P<key>.+)`$")
MISSING = re.compile(r"missing required field `(?P<key>.+)`$")


def no_file(file: Path, error: Exception) -> UsageError:
    """UCM-CONFIG-001: the file cannot be read."""
    reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
    return UsageError(
        "UCM-CONFIG-001",
        "the configuration file cannot be read",
        where=str(file),
        why=reason or type(error).__name__,
        next="give the right path with --config, or write one with `ucmcert init PUBLISHER`",
    )


def not_toml(file: Path, reason: str) -> UsageError:
    """UCM-CONFIG-002: the text is not TOML; `reason` is the parser's, with line and column."""
    return UsageError(
        "UCM-CONFIG-002",
        "the configuration file is not valid TOML",
        where=str(file),
        why=reason,
        next="mend that line: texts stand in double quotes, tables in [brackets]",
    )


def wrong_shape(file: Path, shape: type, raw: object, message: str) -> UsageError:
    """UCM-CONFIG-003, -004 or -005, from what msgspec says of `raw` (`Expected ... - at `$.nodes[1]``)."""
    problem, _, path = message.partition(" - at `$")
    steps = STEP.findall(path.rstrip("`"))
    item = _spoken(steps, raw)
    if unknown := UNKNOWN.search(problem):
        return _unknown_key(file, item, unknown["key"], _keys(shape, steps))
    if missing := MISSING.search(problem):
        return UsageError(
            "UCM-CONFIG-004",
            f"the key `{missing['key']}` is missing",
            where=f"{file}, {item}",
            why="it has no default: nothing safe can be assumed for it",
            next=f"add `{missing['key']} = ...` there",
        )
    return bad_value(file, item, problem[:1].lower() + problem[1:])


def bad_value(file: Path, item: str, why: str, *, next_step: str = "") -> UsageError:
    """UCM-CONFIG-005: a value is not what it must be; `why` says what was expected and must not repeat the value."""
    return UsageError(
        "UCM-CONFIG-005",
        "a value in the configuration is not what it must be",
        where=f"{file}, {item}",
        why=_plain(why),
        next=next_step or "correct the value and run the same command again",
    )


def _unknown_key(file: Path, item: str, key: str, known: tuple[str, ...]) -> UsageError:
    near = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
    return UsageError(
        "UCM-CONFIG-003",
        f"unknown key `{key}`",
        where=f"{file}, {item}",
        why=f"known here: {', '.join(known)}",
        next=f"did you mean `{near[0]}`? write it so" if near else "remove the key, or use one of the known ones",
    )


def _plain(problem: str) -> str:
    """msgspec names types and values in back quotes; a wrong value of a choice is cut out."""
    return re.sub(r"^invalid enum value .*", "expected one of the known words", problem)


def _spoken(steps: list[tuple[str, str]], raw: object) -> str:
    """`nodes, number 2 (cucm-sub1.lab.example), ports` for `.nodes[1].ports`."""
    said: list[str] = []
    for key, index in steps:
        if key:
            said.append(key)
            raw = raw.get(key) if isinstance(raw, dict) else None
        elif index.isdigit():
            raw = raw[int(index)] if isinstance(raw, list) and int(index) < len(raw) else None
            name = raw.get("name") if isinstance(raw, dict) else None
            said.append(f"number {int(index) + 1}" + (f" ({name})" if isinstance(name, str) else ""))
    return ", ".join(said) or "top of the file"


def _keys(shape: object, steps: list[tuple[str, str]]) -> tuple[str, ...]:
    """The keys that the table at `steps` below `shape` may have."""
    for key, index in steps:
        kind = _struct_in(shape)
        if key and kind is not None:
            fields = {field.encode_name: field.type for field in msgspec.structs.fields(kind)}
            shape = fields.get(key, object)
        elif index:
            shape = get_args(shape)[0] if get_args(shape) else shape
    kind = _struct_in(shape)
    return tuple(field.encode_name for field in msgspec.structs.fields(kind)) if kind else ()


def _struct_in(shape: object) -> type[msgspec.Struct] | None:
    """The table behind `Table`, `Table | None` or `Annotated[Table, ...]`."""
    for one in (shape, *get_args(shape)):
        if isinstance(one, type) and issubclass(one, msgspec.Struct):
            return one
    return None
