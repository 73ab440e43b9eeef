# Promise: `run sql` prints Informix's table, its nulls and its sentences.
import pytest

from ucmlab.interfaces.platform_cli.commands.sql import table_lines
from unit.ucmlab.interfaces.platform_cli.cli_bench import FarEnd, at_prompt, output
from unit.ucmlab.lab_bench import scenario

MODE = """paramname           paramvalue
=================== ==========
ClusterSecurityMode 0         
"""  # noqa: W291 - literal
NODES = """name                  nodeid tknodeusage fklbmhubgroup
===================== ====== =========== =============
EnterpriseWideData    1      1           NULL         
cucm-pub.lab.example  2      0           NULL         
cucm-sub1.lab.example 3      1           NULL         
"""  # noqa: W291 - literal


def test_the_security_mode() -> None:
    line = "run sql select paramname,paramvalue from processconfig where paramname='ClusterSecurityMode'"
    assert MODE == output(line)


def test_nodes_with_their_nulls() -> None:
    line = "run sql select name,nodeid,tknodeusage,fklbmhubgroup from processnode"
    assert NODES == output(line, of=scenario("pair"))


def test_columns_are_as_wide_as_their_widest_cell() -> None:
    assert ["a  bb", "== ==", "xx   ", "   y "] == table_lines(("a", "bb"), [("xx", ""), ("", "y")])


@pytest.mark.parametrize(("how", "said"), [("header", "name\n====\n"), ("norecords", "No records found\n")])
def test_no_rows(how: str, said: str) -> None:
    assert said == output("run sql select name from processnode where name = 'nobody'", sql_empty=how)


@pytest.mark.parametrize("words", ["A syntax error has occurred.", "Wrong"])
@pytest.mark.parametrize("statement", ["selec", "select", "drop table device", "select 1; select 2", "select -- '"])
def test_a_syntax_error_has_the_words_of_the_switch(words: str, statement: str) -> None:
    assert f"{words}\n" == output(f"run sql {statement}", sql_error=words)


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("select * from phonebook", "The specified table (phonebook) is not in the database."),
        ("update processnode set name = 'x'", "No UPDATE permission for table/view (processnode)."),
    ],
)
def test_other_errors_have_their_own_words_and_no_rule(statement: str, words: str) -> None:
    async def ask(end: FarEnd) -> tuple[str, list[tuple[str, str, str]]]:
        return await end.run(f"run sql {statement}"), end.operations()[1:]

    assert (f"{words}\n", [("sql", "", f"refused: {words}")]) == at_prompt(ask, sql_error="Wrong")


def test_blanks_inside_a_statement_are_kept() -> None:
    assert "w    \n=====\na   b\n" == output("run sql select 'a   b' as w from systables where tabname='device'")
