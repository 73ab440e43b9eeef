"""Promise: the house stays one a newcomer can hold in the head: short rooms, no forbidden doors, no dead links."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]
MODULES = sorted((TOP / "src").rglob("*.py"))
PYTHON = [*MODULES, *sorted((TOP / "tests").rglob("*.py")), *sorted((TOP / "benchmarks").rglob("*.py"))]
PAGES = [path for path in [*TOP.glob("*.md"), *(TOP / "docs").rglob("*.md")] if path.is_file()]
MODULE_LINES_MAX = 300
FUNCTION_LINES_MAX = 60
BANNED_NAMES = {"utils", "util", "helpers", "helper", "manager", "misc", "common", "stuff"}
MARKS = re.compile(r"\b(TODO|FIXME|XXX|HACK|WIP)\b")
PORT_MODULES = {"ucmcert/cli/ports.py", "ucmlab/clock.py"}
FORBIDDEN_CALLS = {
    "time.time", "time.sleep", "time.monotonic", "datetime.now", "datetime.utcnow", "date.today", "uuid.uuid4", "uuid4",
    "random.random", "random.randint", "random.choice", "secrets.token_hex", "secrets.randbelow", "os.urandom",
    "asyncio.sleep", "os.getenv",
}  # fmt: skip
ENVIRONMENT_MODULES = {"ucmcert/cli/session.py"}
PRINTING_MODULES = ("ucmcert/cli/", "ucmlab/cli")


def name_of(path: Path) -> str:
    return str(path.relative_to(TOP / "src")) if path.is_relative_to(TOP / "src") else str(path.relative_to(TOP))


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_is_short_and_says_what_it_is_for(path: Path) -> None:
    text = path.read_text("utf-8")
    if path.name == "__init__.py" and not text:
        return
    assert len(text.splitlines()) <= MODULE_LINES_MAX
    assert ast.get_docstring(tree(path)), "the first line of a module says what the room is for"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_function_fits_on_a_screen(path: Path) -> None:
    long = {one.name: (one.end_lineno or 0) - one.lineno + 1 for one in functions(path)}
    assert {} == {name: lines for name, lines in long.items() if lines > FUNCTION_LINES_MAX}


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_public_function_has_a_docstring(path: Path) -> None:
    body = tree(path).body
    public = [one for one in body if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)]
    assert [] == [one.name for one in public if not one.name.startswith("_") and not ast.get_docstring(one)]


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_time_and_chance_come_in_through_the_ports(path: Path) -> None:
    called = {dotted(node.func) for node in ast.walk(tree(path)) if isinstance(node, ast.Call)}
    if name_of(path) not in PORT_MODULES:
        assert set() == called & FORBIDDEN_CALLS
    if name_of(path) not in ENVIRONMENT_MODULES:
        assert "os.environ" not in {dotted(node) for node in ast.walk(tree(path)) if isinstance(node, ast.Attribute)}


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_only_a_command_line_prints(path: Path) -> None:
    if not name_of(path).startswith(PRINTING_MODULES):
        assert "print" not in {dotted(node.func) for node in ast.walk(tree(path)) if isinstance(node, ast.Call)}


@pytest.mark.parametrize("path", PYTHON, ids=name_of)
def test_nothing_is_left_half_done(path: Path) -> None:
    if path == Path(__file__):
        return
    text = path.read_text("utf-8")
    assert not MARKS.search(text)
    assert "NotImplementedError" not in text.replace("RuntimeError, NotImplementedError", "")


@pytest.mark.parametrize("path", PYTHON, ids=name_of)
def test_a_room_has_a_name_of_its_own(path: Path) -> None:
    assert set() == BANNED_NAMES & {part.lower() for part in (*path.relative_to(TOP).parts[:-1], path.stem)}


def test_test_files_have_unique_names() -> None:
    names = [path.name for path in (TOP / "tests").rglob("test_*.py")]
    assert [] == sorted({name for name in names if names.count(name) > 1})


def test_every_room_has_its_tests() -> None:
    rooms = {path.parent.relative_to(TOP / "src") for path in MODULES if path.name != "__init__.py"}
    tested = {path.parent.relative_to(TOP / "tests/unit") for path in (TOP / "tests/unit").rglob("test_*.py")}
    covered = {
        room for room in rooms if any(room == one or room in one.parents or one in room.parents for one in tested)
    }
    assert [] == sorted(map(str, rooms - covered))


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_links_in_the_docs_lead_somewhere(path: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", path.read_text("utf-8"))
    local = [link for link in links if "://" not in link and not link.startswith("mailto:")]
    assert [] == [link for link in local if not (path.parent / link).exists()]
